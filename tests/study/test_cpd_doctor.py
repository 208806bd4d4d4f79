"""`flask doctor` finds every CPD record and every development plan that is not as it must be."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, update

from cpd.shared import clock
from cpd.study.plans import service as plans
from cpd.study.plans.models import DevelopmentPlan, LearningAgreement, PlanReview
from cpd.study.plans.rules import Aim, Progress
from cpd.study.regulator import service as cpd
from cpd.study.regulator.models import CpdRecord, CpdSharing
from cpd.study.regulator.rules import PeerTalk, PieceSaid
from tests.commands.conftest import change, finds, finds_nothing, flask, without_constraints

__all__ = ["finds", "finds_nothing", "flask"]

SAID = PieceSaid("Reading or research", "A guide", date(2019, 1, 2), "To ask", "I ask")
TALK = PeerTalk("My line manager or supervisor", date(2019, 1, 2), "To ask sooner")
TODAY = date(2019, 1, 2)


@pytest.fixture
def kept(ward, county_manager) -> int:
    """A piece with all that can hang on it, and a plan that was agreed, changed and reviewed."""
    number = cpd.write_piece(ward.id, SAID)
    cpd.reflect(ward.id, number, TALK)
    cpd.share(ward.id, number)
    plans.set_aim(ward.id, Aim(0, "Give evidence", date(2019, 6, 30)))
    plans.agree(ward.id, 1, by=ward.id)
    plans.agree(ward.id, 1, by=county_manager.id)
    plans.say_progress(ward.id, 1, Progress.BEGUN, "")
    plans.review(ward.id, TODAY, "On we go", by=ward.id)
    plans.write(ward.id, "Court", "Time")
    return number


def another_plan(person, **more):
    parts = {"organisation_id": person.organisation_id, "person_id": person.id, "needs": "", "support": ""}
    return insert(DevelopmentPlan).values(parts | {"written_on": TODAY, "recorded_at": person.created_at} | more)


def test_what_was_kept_properly_is_as_it_must_be(both, ward, kept, finds_nothing):
    cpd.unshare(ward.id, kept)
    cpd.remove_piece(ward.id, kept)

    finds_nothing()


def test_a_piece_in_force_twice(app, ward, kept, finds):
    without_constraints("cpd_record")
    parts = {"organisation_id": ward.organisation_id, "person_id": ward.id, "number": kept, "cpd_type": ""}
    parts |= {
        "description": "",
        "happened_on": TODAY,
        "learnt": "",
        "impact": "",
        "fingerprint": "",
        "recorded_at": clock.real_now(),
    }
    change(insert(CpdRecord).values(id=9, **parts))

    finds(f"CPD versions: cpd_record of piece {kept} of person {ward.id} is in force 2 times")


def test_a_reflection_and_a_sharing_of_a_piece_that_is_gone(both, ward, kept, finds):
    gone = {"superseded_at": clock.real_now(), "superseded_by_id": ward.id, "supersede_reason": "removed"}
    change(update(CpdRecord).values(gone))

    finds(
        "CPD loose ends: peer_reflection 1 is about piece 1, which is not there",
        "CPD loose ends: cpd_sharing 1 is about piece 1, which is not there",
    )


def test_a_piece_of_tomorrow_and_one_that_another_council_reads(both, ward, kept, stranger, finds):
    change(
        update(CpdRecord).values(happened_on=date(2019, 1, 3)), update(CpdSharing).values(shared_with_id=stranger.id)
    )

    finds(
        "CPD pieces: cpd_record 1 is of 2019-01-03, which is still to come",
        f"CPD pieces: cpd_sharing 1 is with person {stranger.id}, who works for another organisation",
    )


def test_a_piece_counted_by_other_words_than_it_has(both, ward, kept, finds):
    change(update(CpdRecord).values(learnt="Something else"))

    finds("CPD fingerprints: cpd_record 1 is counted by other words than it has")


def test_a_plan_of_another_organisation(both, ward, kept, stranger, finds):
    change(update(DevelopmentPlan).where(DevelopmentPlan.version == 2).values(organisation_id=stranger.organisation_id))

    finds("CPD and plans by organisation: development_plan 2 is another organisation's than its person")


def test_versions_out_of_order(both, wanda, ward, kept, finds):
    change(another_plan(wanda, version=2))

    finds(f"plan versions: the versions of the plan of person {wanda.id} are out of order")


def test_an_agreement_by_the_wrong_one(both, ward, wanda, kept, finds):
    parts = {"organisation_id": ward.organisation_id, "development_plan_id": 2, "agreed_on": TODAY}
    parts |= {"recorded_at": clock.real_now()}
    change(
        insert(LearningAgreement).values(party="worker", agreed_by_id=wanda.id, **parts),
        insert(LearningAgreement).values(party="manager", agreed_by_id=ward.id, **parts),
    )

    finds(
        "learning agreements: learning_agreement 3 as the worker is not by the worker",
        "learning agreements: learning_agreement 4 as the manager is not by the manager",
    )


def test_a_review_before_anything_was_agreed(both, ward, wanda, kept, finds):
    change(another_plan(wanda, version=1))
    parts = {"organisation_id": ward.organisation_id, "notes": "Hm", "recorded_at": clock.real_now()}
    parts |= {"recorded_by_id": ward.id}
    change(
        insert(PlanReview).values(development_plan_id=3, held_on=TODAY, **parts),
        insert(PlanReview).values(development_plan_id=2, held_on=date(2019, 1, 1), **parts),
    )

    finds(
        "plan reviews: plan_review 2 of 2019-01-02 was held before both had agreed to a plan",
        "plan reviews: plan_review 3 of 2019-01-01 was held before both had agreed to a plan",
    )
