"""What a pack may say of protected time, and what the demonstration shows of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from cpd.commands.demo.study_protected import MANAGER, NEWLY_QUALIFIED, load_protected
from cpd.people.models import Organisation, Person, Post
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.study.protected.models import ProtectedTimeEntry
from cpd.study.protected.service import standing_of
from tests.packs import adopt_text, pack_text
from tests.study.conftest import PROTECTED_TIME

COUNCILS = ("coventry", "gateshead", "slough", "walsall", "warwickshire")


def test_only_slough_promises_protected_time_to_its_newly_qualified():
    packs = {council: read_pack(PACKS / f"{council}.yaml") for council in COUNCILS}

    assert [council for council in COUNCILS if packs[council].protected_time] == ["slough"]
    (allowance,) = packs["slough"].protected_time
    assert (allowance.career_levels, allowance.percent, allowance.full_time_hours) == (("nqsw",), 10, 37)
    assert (allowance.since, allowance.cites) == (date(2015, 3, 1), ("S-1", "AMB-18"))


def test_a_share_is_read_exactly():
    text = PROTECTED_TIME.replace("percent: 10", 'percent: "12.25"').replace("hours: 37", "hours: 37.5")

    (allowance,) = read_pack(text).protected_time

    assert (allowance.percent, allowance.full_time_hours) == (Decimal("12.25"), Decimal("37.5"))


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("[nqsw], percent", "[nsqw], percent", "there is no career level 'nsqw'; did you mean nqsw?"),
        ("[nqsw], percent", "[nqsw, nqsw], percent", "names the career level nqsw twice"),
        ("[nqsw], percent", "[], percent", "protected_time"),
        ("percent: 10", "percent: 101", "percent"),
        ("percent: 10", "percent: 0", "percent"),
        ("full_time_hours: 37", "full_time_hours: 169", "full_time_hours"),
        ("since: 2018-12-17", "since: soon", "since"),
        ("cites: [S-1]}\n$", "cites: [S-9]}\n$", "cites S-9"),
        (
            "$",
            "  - {career_levels: [nqsw], percent: 5, full_time_hours: 37}\n",
            "'nqsw' is given twice",
        ),
    ],
    ids=[
        "no such level",
        "a level twice",
        "no level",
        "more than all hours",
        "none",
        "more hours than a week has",
        "no day",
        "a rule that is not listed",
        "two shares for one level",
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(right, wrong, reason):
    text = (PROTECTED_TIME + "$").replace(right, wrong).replace("$", "")

    with pytest.raises(PackRefused) as refused:
        read_pack(text)

    assert any(reason in str(problem) and "protected_time" in str(problem) for problem in refused.value.problems)


@pytest.fixture
def borough(app) -> Organisation:
    version = adopt_text(pack_text("slough"))
    return db.session.get(Organisation, version.organisation_id)


def test_the_demonstration_shows_weeks_of_every_kind_and_adds_nothing_when_loaded_again(borough, make_person):
    manager = make_person("Mina Manager", employer=borough)
    nia = make_person("Nia Newstart", employer=borough, career_level="nqsw", manager=manager)
    post = db.session.scalars(select(Post).where(Post.person_id == nia.id)).one()
    post.starts_on = date(2018, 10, 1)
    db.session.commit()
    people: dict[str, Person] = {MANAGER: manager, NEWLY_QUALIFIED: nia}

    load_protected(people)
    standing = standing_of(nia.id)
    load_protected(people)

    assert standing_of(nia.id) == standing
    assert {line.said.answer if line.said else None for line in standing.lines} == {"had", "part", "no", None}
    assert any(line.week.days_away for line in standing.lines)
    assert standing.balance.weeks_not_said > 0
    assert db.session.scalars(select(ProtectedTimeEntry.superseded_at)).unique().all() == [None]
