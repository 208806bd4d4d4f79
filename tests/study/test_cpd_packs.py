"""What a pack and a framework may say of the CPD record and of plans, and what the demonstration shows of them."""

from __future__ import annotations

import json

import pytest

from cpd.commands.demo.study_cpd import LATE, LATE_MANAGER, MANAGER, WORKER, load_cpd, load_plans
from cpd.people.models import Post
from cpd.schemes.framework import Framework, frameworks
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.study.plans import reading as plans
from cpd.study.plans.rules import PlanState
from cpd.study.regulator import reading
from cpd.study.regulator.rules import standing_in

PACK = (PACKS / "warwickshire.yaml").read_text()


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("since_year: 2021-12-01", "since_year: 2021-12-02", "is no first day of a registration year"),
        ("since_year: 2021-12-01", "since_year: 2018-12-01", "in the order of their years"),
        ("pieces: 2, with", "pieces: 0, with", "pieces"),
        (
            "pieces: 1, with_peer_reflection: 0",
            "pieces: 1, with_peer_reflection: 2",
            "more peer reflections than pieces",
        ),
        ('year_begins: "12-01"\n  window', 'year_begins: "02-30"\n  window', "must be a day of every year"),
        ("remind_days_before: [60, 30, 7]", "remind_days_before: [60, 60]", "reminds twice on the same day"),
        ("remind_days_before: [60, 30, 7]", "remind_days_before: [366]", "remind_days_before"),
        ("- Something else", "- Reading  OR research", "a type or a kind of peer twice"),
        ("{field: happened_on, label: Date}", "{field: learnt, label: Date}", "must ask each of these once"),
        ("{field: happened_on, label: Date}", "{field: hours, label: Hours}", "field"),
        ("  cites: [B1]\n", "  cites: [B9]\n", "cites B9"),
        ("development_plan: {months: 12", "development_plan: {months: 0", "months"),
    ],
)
def test_a_wrong_rule_set_is_refused_with_its_reason(right, wrong, reason):
    assert PACK.count(right) == 1
    with pytest.raises(PackRefused) as refused:
        read_pack(PACK.replace(right, wrong))

    assert any(reason in str(problem) for problem in refused.value.problems), refused.value.problems


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"statements": [{"code": "1", "title": "A"}, {"code": "1", "title": "B"}]}, "twice"),
        ({"statements": []}, "statements"),
        ({"valid_to": "2017-12-31"}, "ends before it begins"),
    ],
)
def test_a_wrong_framework_is_refused(changed, reason):
    (pcf,) = (each for each in frameworks() if each.code == "PCF")
    with pytest.raises(ValueError, match=reason):
        Framework.model_validate_json(json.dumps(pcf.model_dump(mode="json") | changed))


def test_the_demonstration_shows_a_record_half_done_and_a_plan_overdue_once(
    app, registered, county_manager, slough_manager, slough_worker, clock_at
):
    clock_at(2026, 10, 1, 9)
    late = slough_worker("Lena Late")
    db.session.query(Post).filter(Post.person_id == late.id).update({"manager_id": slough_manager.id})
    db.session.commit()
    people = {WORKER: registered, MANAGER: county_manager, LATE: late, LATE_MANAGER: slough_manager}
    for _ in range(2):
        load_cpd(people)
        load_plans(people)

    (year,) = reading.my_cpd(registered.id).years
    assert (year.counted, year.reflected, len(year.pieces)) == (1, 1, 2)
    assert standing_in(year.year, year.duty, year.pieces).pieces_left == 1
    assert len(reading.shared_with(county_manager.id, county_manager.organisation_id)) == 1
    assert plans.standing_of(registered.id).state is PlanState.CURRENT
    assert plans.standing_of(late.id).state is PlanState.OVERDUE
    assert plans.plans_of([registered.id])[registered.id].version == 3
