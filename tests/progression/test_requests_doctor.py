"""The doctor finds a change without a decision, a decision without its person, and a letter that was altered."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, update

from cpd.commands.checks import decided, requests
from cpd.people.models import Post, RoleGrant
from cpd.people.posts import change_career_level
from cpd.progression.requests import service
from cpd.progression.requests.models import (
    Approval,
    DecisionLetter,
    Enactment,
    ProgressionRequest,
    ProgressionStep,
)
from cpd.record.models import RecordFact
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import observed
from tests.progression.requesting import adopt, approve, ask, enact, request_ids

CHECKS = (*requests.CHECKS, *decided.CHECKS)


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def wise(app_in_use, make_person):
    return make_person("Wendy Wise", career_level="wise")


@pytest.fixture
def made(careers, wise, director, operations):
    """Wendy is a lead social worker since today, by decision."""
    request_id = ask(wise, "wise-lead")
    approve(request_id, director)
    enact(request_id, operations)
    return request_id


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def alter(statement):
    db.session.execute(statement)
    db.session.commit()


def test_nothing_is_wrong_with_what_was_decided_properly(made, wise, director, operations, officer, abel):
    observed(abel)
    ask(abel, "able-wise")  # before a panel
    assert faults() == []
    back = service.ask_for_reversal(made, reasons="Why", by=officer.id)
    approve(back, director)
    enact(back, operations)
    assert faults() == []
    assert [check.count() for check in CHECKS] == [3, 8, 2, 2, 8, 3, 2, 4]


def test_a_level_by_decision_that_nobody_made_is_found(careers, abel, operations):
    change_career_level(abel.id, career_level="wise", grade="L", from_day=clock.today(), by=operations.id, reason="-")
    (fault,) = faults()
    assert "but nobody made it" in fault


def test_a_change_dated_before_its_decision_is_found(made):
    alter(update(Post).where(Post.source == "progression").values(starts_on=date(2018, 6, 1)))
    assert "but nobody made it" in faults()[0]


def test_steps_that_do_not_fit_are_found(made, wise):
    alter(update(ProgressionStep).where(ProgressionStep.place == 1).values(status="against"))
    assert faults() == [f"progression request {made} is enacted, and its steps are not"]


def test_an_enacted_request_without_its_change_is_found(made, wise):
    alter(delete(Enactment))
    assert f"progression request {made} is enacted, and its steps are not" in faults()


def test_a_step_that_went_on_without_approval_is_found(made):
    alter(delete(Approval))
    assert any("went on, and nobody approved it" in fault for fault in faults())


def test_an_approver_and_an_enactor_without_the_role_are_found(made):
    alter(delete(RoleGrant))
    found = faults()
    assert any(fault.startswith("approval 1 is by person") for fault in found)
    assert any(fault.startswith("enactment 1 is by person") for fault in found)


def test_an_approval_that_is_no_fact_is_found(made):
    alter(update(RecordFact).where(RecordFact.kind == "approval").values(superseded_at=clock.real_now()))
    assert faults() == ["approval 1 and the person's record do not say the same"]


def test_a_missing_and_an_altered_letter_are_found(made):
    alter(update(DecisionLetter).values(facts={"heading": "Another"}))
    assert faults() == ["decision letter 1 is not what it was: its fingerprint does not fit"]
    alter(delete(DecisionLetter))
    assert faults() == [f"progression request {made} was decided, and there is no letter of it"]


def test_a_panel_step_without_its_case_is_found(careers, abel):
    observed(abel)
    ask(abel, "able-wise")
    alter(update(ProgressionStep).values(case_id=None))
    assert faults() == ["step 1 of a request has no case of its own before its panel"]


def test_a_request_at_another_organisation_is_found(made, wise, make_organisation):
    other = make_organisation("slough", "Slough Borough Council")
    alter(update(ProgressionRequest).values(organisation_id=other.id))
    assert f"progression request {made} is at another organisation than its person" in faults()
    assert request_ids(wise) == [made]
