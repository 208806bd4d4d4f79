"""Development plans and learning agreements: aims, agreement by both, reviews, and what is overdue (W-14, S-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from cpd.people.models import Post
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.study.plans import reading, service
from cpd.study.plans.models import DevelopmentPlan, LearningAgreement, PlanAim, PlanReview
from cpd.study.plans.rules import Aim, Fault, Party, PlanState, Progress
from cpd.study.plans.service import PlanRefused

SAFETY = Aim(0, "Write safety plans with families", date(2019, 9, 30), "WA-NVR", "pg-certificate", ("6", "7"))
COURT = Aim(0, "Give evidence in court", date(2019, 6, 30))


def plan_of(person):
    return reading.plans_of([person.id]).get(person.id)


def refused(act) -> list[Fault]:
    with pytest.raises(PlanRefused) as found:
        act()
    return found.value.faults


def told(person) -> list[tuple[str, str]]:
    wanted = select(OutboxMessage.kind, OutboxMessage.facts).where(OutboxMessage.person_id == person.id)
    rows = db.session.execute(wanted.where(OutboxMessage.kind.startswith("plan_")).order_by(OutboxMessage.id))
    return [(kind, facts["path"]) for kind, facts in rows]


@pytest.fixture
def agreed(ward, county_manager):
    """A plan with one aim, to which both have agreed."""
    service.set_aim(ward.id, SAFETY)
    service.agree(ward.id, 1, by=ward.id)
    service.agree(ward.id, 1, by=county_manager.id)
    return plan_of(ward)


def test_both_agree_to_the_same_version(app, ward, county_manager):
    assert service.summary_of(ward.id).state is PlanState.NONE
    service.set_aim(ward.id, SAFETY)
    assert plan_of(ward).waits_for == [Party.WORKER, Party.MANAGER]

    service.agree(ward.id, 1, by=ward.id)
    assert (plan_of(ward).waits_for, service.summary_of(ward.id).state) == ([Party.MANAGER], PlanState.TO_AGREE)
    service.agree(ward.id, 1, by=county_manager.id)

    assert plan_of(ward).is_agreed
    assert (service.summary_of(ward.id).state, service.summary_of(ward.id).due_on) == (
        PlanState.CURRENT,
        date(2020, 1, 2),
    )
    assert told(county_manager) == [("plan_to_agree", f"/people/{ward.id}/plan")]
    assert told(ward) == [("plan_agreed", "/my/plan")]


def test_the_manager_may_agree_first(app, ward, county_manager):
    service.set_aim(ward.id, SAFETY)
    service.agree(ward.id, 1, by=county_manager.id)
    service.agree(ward.id, 1, by=ward.id)

    assert plan_of(ward).is_agreed
    assert (told(ward), told(county_manager)) == (
        [("plan_to_agree", "/my/plan")],
        [("plan_agreed", f"/people/{ward.id}/plan")],
    )


def test_a_change_needs_agreement_again_and_what_was_agreed_stays_known(app, ward, agreed):
    service.write(ward.id, "I hurry in court", "Two hours a week")

    plan = plan_of(ward)
    assert (plan.version, plan.waits_for) == (2, [Party.WORKER, Party.MANAGER])
    assert [aim.aim for aim in plan.aims] == ["Write safety plans with families"]
    assert plan.first_agreed_on == date(2019, 1, 2)
    assert service.summary_of(ward.id).state is PlanState.TO_AGREE


def test_nobody_agrees_to_what_has_changed_since_she_read_it_nor_twice(app, ward, county_manager, agreed):
    assert refused(lambda: service.agree(ward.id, 1, by=ward.id)) == [Fault.AGREED_ALREADY]
    service.set_aim(ward.id, COURT)

    assert refused(lambda: service.agree(ward.id, 1, by=county_manager.id)) == [Fault.CHANGED]


def test_there_is_nothing_to_agree_to_without_an_aim(app, ward):
    assert refused(lambda: service.agree(ward.id, 1, by=ward.id)) == [Fault.NO_PLAN]
    service.write(ward.id, "Court", "")

    assert refused(lambda: service.agree(ward.id, 1, by=ward.id)) == [Fault.NO_AIMS]


def test_only_she_and_her_manager_act_on_it(app, ward, wanda, county_officer, stranger, agreed):
    for somebody in (wanda, county_officer, stranger):
        with pytest.raises(LookupError):
            service.agree(ward.id, 1, by=somebody.id)
        with pytest.raises(LookupError):
            service.review(ward.id, date(2019, 1, 2), "On we go", by=somebody.id)


def test_saving_the_same_again_is_no_new_version(app, ward, agreed):
    (aim,) = agreed.aims
    service.set_aim(ward.id, aim)
    service.write(ward.id, "", "")

    assert plan_of(ward) == agreed


def test_an_aim_is_changed_and_taken_out_and_its_number_is_not_given_again(app, ward):
    first, second = service.set_aim(ward.id, SAFETY), service.set_aim(ward.id, COURT)
    service.set_aim(ward.id, replace(COURT, number=second, pcf_domains=("9",)))
    service.drop_aim(ward.id, second)
    third = service.set_aim(ward.id, COURT)

    assert [(aim.number, aim.pcf_domains) for aim in plan_of(ward).aims] == [(first, ("6", "7")), (third, ())]
    assert third == second + 1
    with pytest.raises(LookupError):
        service.drop_aim(ward.id, second)
    versions = db.session.execute(
        select(DevelopmentPlan.version, DevelopmentPlan.supersede_reason).order_by(DevelopmentPlan.version)
    ).all()
    assert versions == [(1, "changed"), (2, "changed"), (3, "changed"), (4, "changed"), (5, None)]


def test_how_an_aim_stands_needs_nobodys_agreement(app, ward, agreed):
    number = agreed.aims[0].number
    service.say_progress(ward.id, number, Progress.BEGUN, "Shadowed one")
    service.say_progress(ward.id, number, Progress.REACHED, "")

    assert plan_of(ward).is_agreed
    said = reading.page_of(ward.id).progress[number]
    assert (said.progress, said.said_on) == (Progress.REACHED, date(2019, 1, 2))
    with pytest.raises(LookupError):
        service.say_progress(ward.id, 99, Progress.BEGUN, "")


def test_a_review_by_either_moves_the_next_one_on_and_the_other_is_told(app, ward, county_manager, agreed, clock_at):
    clock_at(2020, 1, 3, 9)
    assert service.summary_of(ward.id).state is PlanState.OVERDUE

    service.review(ward.id, date(2020, 1, 3), "Reached one of two", by=county_manager.id)

    assert service.summary_of(ward.id).due_on == date(2021, 1, 3)
    assert ("plan_reviewed", "/my/plan") in told(ward)
    (review,) = plan_of(ward).reviews
    assert (review.version, review.notes, review.by_id) == (1, "Reached one of two", county_manager.id)


def test_a_review_was_held_by_today_of_a_plan_that_both_had_agreed_to(app, ward, agreed):
    assert refused(lambda: service.review(ward.id, date(2019, 1, 3), "Soon", by=ward.id)) == [Fault.REVIEW_AHEAD]
    assert refused(lambda: service.review(ward.id, date(2019, 1, 1), "Was", by=ward.id)) == [Fault.REVIEW_TOO_EARLY]


def test_there_is_no_review_of_what_was_never_agreed(app, wanda):
    assert refused(lambda: service.review(wanda.id, date(2019, 1, 2), "Hm", by=wanda.id)) == [Fault.NO_PLAN]
    service.set_aim(wanda.id, COURT)

    assert refused(lambda: service.review(wanda.id, date(2019, 1, 2), "Hm", by=wanda.id)) == [Fault.NOT_AGREED]


def test_the_manager_sees_what_is_overdue_first(
    app, ward, wanda, county_manager, agreed, make_person, county, clock_at
):
    newer = make_person("Nora Newer", employer=county, manager=county_manager)
    clock_at(2020, 1, 3, 9)
    service.set_aim(newer.id, COURT)
    here = county_manager.organisation_id

    found = [(each.person.name, each.standing.state) for each in reading.team_plans(county_manager.id, here)]
    assert found == [
        ("Ward Worker", PlanState.OVERDUE),
        ("Wanda Worker", PlanState.NONE),
        ("Nora Newer", PlanState.TO_AGREE),
    ]
    assert reading.team_plans(ward.id, here) == []


def test_a_manager_who_has_changed_has_no_say_any_more(app, ward, wanda, county_manager, agreed):
    db.session.execute(update(Post).where(Post.person_id == ward.id).values(manager_id=wanda.id))
    db.session.commit()

    with pytest.raises(LookupError):
        service.review(ward.id, date(2019, 1, 2), "On we go", by=county_manager.id)
    service.review(ward.id, date(2019, 1, 2), "On we go", by=wanda.id)


def test_where_the_scheme_asks_for_no_plan_one_can_be_kept_and_is_never_overdue(app, alice, manager, clock_at):
    service.set_aim(alice.id, replace(COURT))
    service.agree(alice.id, 1, by=alice.id)
    service.agree(alice.id, 1, by=manager.id)
    clock_at(2025, 1, 2, 9)

    assert (service.summary_of(alice.id).state, service.summary_of(alice.id).due_on) == (PlanState.CURRENT, None)


def test_what_was_agreed_and_reviewed_cannot_be_edited(both, ward, county_manager, agreed):
    service.review(ward.id, date(2019, 1, 2), "On we go", by=ward.id)
    for table in (PlanAim, LearningAgreement, PlanReview):
        for act in (delete(table), update(table).values(id=table.id)):
            with pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(act)
            db.session.rollback()


def test_the_history_says_who_agreed_to_which_version(app, ward, county_manager, agreed):
    found = db.session.execute(
        select(AuditEvent.actor_id, AuditEvent.after).where(AuditEvent.verb == "agreed").order_by(AuditEvent.id)
    ).all()
    assert found == [
        (ward.id, {"version": 1, "party": "worker"}),
        (county_manager.id, {"version": 1, "party": "manager"}),
    ]
