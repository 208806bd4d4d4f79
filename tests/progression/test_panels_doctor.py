"""The doctor finds everything that is wrong with panels, each broken behind the rules' back."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, update

from cpd.commands.checks.panels import CHECKS
from cpd.diary.models import DiaryEntry
from cpd.people.models import Post
from cpd.progression.panels import service
from cpd.progression.panels.models import PanelCase, PanelDecision, PanelInterest, PanelJudge
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.cast import LONG_AGO
from tests.progression.judging import adopt_panels, case_for, meet, said, sit


@pytest.fixture
def decided(app, organisation, abel, make_person, officer, clock_at):
    """Abel was interviewed by two, and has passed."""
    version = adopt_panels()
    psw, head = make_person("Percy"), make_person("Sage")
    sit("interview", psw, role="principal_social_worker")
    sit("interview", head, role="service_manager")
    meeting_id = meet("interview", psw, head, by=officer)
    case_id = case_for(abel, "interview", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    service.decide(case_id, said("pass", psw, head), by=officer.id)
    return abel, psw, head


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def alter(statement):
    db.session.execute(statement)
    db.session.commit()


def test_nothing_is_wrong_with_a_decision_made_by_the_rules(decided):
    assert faults() == []
    assert [check.count() for check in CHECKS] == [1, 1, 1, 1, 1]


def test_a_case_decided_without_a_decision_is_found(decided):
    alter(update(PanelDecision).values(superseded_at=LONG_AGO))

    assert "panel case 1 is decided and has no decision in force" in faults()


def test_an_open_case_with_a_decision_is_found(decided):
    alter(update(PanelCase).values(status="open"))

    assert faults() == ["panel case 1 is open and has a decision in force"]


def test_a_record_that_says_otherwise_is_found(decided):
    alter(update(RecordFact).where(RecordFact.kind == "outcome").values(value="fail"))

    assert any("does not say so" in each for each in faults())


def test_an_outcome_without_a_decision_is_found(decided):
    alter(update(PanelCase).values(status="open"))
    alter(update(PanelDecision).values(superseded_at=LONG_AGO))

    assert any("has decided nothing of the kind" in each for each in faults())


def test_a_judge_who_manages_her_is_found(decided):
    abel, psw, _ = decided
    alter(update(Post).where(Post.person_id == abel.id).values(manager_id=psw.id))

    assert faults() == [f"panel decision 1 was judged by person {psw.id} in conflict: line_manager"]


def test_a_judge_with_an_interest_declared_before_is_found(decided):
    _, _, head = decided
    row = {"case_id": 1, "person_id": head.id, "words": "A friend", "recorded_at": LONG_AGO}
    alter(insert(PanelInterest).values(**row))

    assert faults() == [f"panel decision 1 was judged by person {head.id} in conflict: interest"]


def test_one_person_for_two_roles_is_found(decided):
    _, _, head = decided
    alter(update(PanelJudge).where(PanelJudge.person_id == head.id).values(role=Role.PRINCIPAL_SOCIAL_WORKER))

    assert faults() == ["panel decision 1 was judged by too few, or by one person for two roles"]


def test_too_few_are_found(decided):
    _, _, head = decided
    alter(delete(PanelJudge).where(PanelJudge.person_id == head.id))

    assert faults() == ["panel decision 1 was judged by too few, or by one person for two roles"]


def test_a_meeting_that_is_missing_from_a_diary_is_found(decided):
    _, psw, _ = decided
    alter(update(DiaryEntry).where(DiaryEntry.person_id == psw.id).values(cancelled_at=LONG_AGO))

    assert faults() == [f"panel meeting 1 does not stand so in the diary of person {psw.id}"]


def test_a_meeting_in_the_diary_of_somebody_who_does_not_come_is_found(decided, alice):
    _, psw, _ = decided
    alter(update(DiaryEntry).where(DiaryEntry.person_id == psw.id).values(person_id=alice.id))

    assert f"panel meeting 1 stands in the diary of person {alice.id}, who does not come" in faults()
