"""Marks, corrections, closings, re-openings and evaluations in any order: the record says what they say."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from cpd.attendance.accepting import accept_as_complete, withdraw_acceptance
from cpd.attendance.certificates.models import Certificate
from cpd.attendance.evaluation.models import Evaluation
from cpd.attendance.evaluation.service import Answer, EvaluationRefused, give_evaluation
from cpd.attendance.models import EvaluationRequest, Mark, Register
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import RegisterRefused, add_drop_in, close_register, mark, mark_everyone, reopen_register
from cpd.booking.models import Booking
from cpd.catalogue.models import Module
from cpd.commands.checks.afterwards import CHECKS as AFTERWARDS
from cpd.commands.checks.attendance import CHECKS
from cpd.people.models import Person
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.timetable.models import TrainingSession
from tests.attendance.conftest import FIRST, crowd_on, days_of
from tests.cast import LONG_AGO

LENGTH = 180
DAYS, PEOPLE = range(2), range(3)
"""The last of the people has no booking."""

ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("mark"),
            st.sampled_from(DAYS),
            st.sampled_from(PEOPLE),
            st.sampled_from(list(AttendanceStatus)),
            st.sampled_from([1, 90, 179]),
        ),
        st.tuples(st.just("add"), st.sampled_from(DAYS), st.just(2)),
        st.tuples(st.just("everyone"), st.sampled_from(DAYS)),
        st.tuples(st.just("close"), st.sampled_from(DAYS)),
        st.tuples(st.just("reopen"), st.sampled_from(DAYS)),
        st.tuples(st.sampled_from(["accept", "withdraw", "evaluate"]), st.just(0), st.sampled_from(PEOPLE)),
    ),
    max_size=14,
)


ALL_THERE = [("everyone", 0), ("everyone", 1), ("close", 0), ("close", 1)]
EVALUATED_THEN_CORRECTED = [
    *ALL_THERE,
    ("evaluate", 0, 0),
    ("reopen", 1),
    ("mark", 1, 0, AttendanceStatus.ABSENT, 1),
    ("close", 1),
    ("evaluate", 0, 1),
]
ACCEPTED_THEN_EVALUATED = [
    ("mark", 0, 0, AttendanceStatus.PART_ATTENDED, 90),
    *ALL_THERE,
    ("accept", 0, 0),
    ("reopen", 0),
    ("mark", 0, 0, AttendanceStatus.ATTENDED, 1),
    ("close", 0),
    ("evaluate", 0, 0),
]


class Model:
    """What somebody who reads the registers on paper would say."""

    def __init__(self, asks_evaluation):
        self.marks = [{}, {}]
        self.closed = [False, False]
        self.accepted = set()
        self.evaluated = set() if asks_evaluation else set(PEOPLE)

    def said(self):
        """Who has completed it, while both registers are closed: by the registers, or because somebody accepted it."""
        return self.completed() | self.accepted

    def completed(self):
        return self.attended_all() & self.evaluated

    def attended_all(self):
        return {
            person for person in PEOPLE if all(self.marks[day].get(person) == AttendanceStatus.ATTENDED for day in DAYS)
        }

    def was_there(self, person):
        there = (AttendanceStatus.ATTENDED, AttendanceStatus.PART_ATTENDED)
        return any(self.marks[day].get(person) in there for day in DAYS)

    def do(self, act, day, *rest):
        self.act(act, day, *rest)
        if all(self.closed):
            self.accepted -= self.completed()

    def act(self, act, day, *rest):
        if act == "withdraw":
            self.accepted.discard(rest[0])
        elif act == "accept":
            if all(self.closed) and self.was_there(rest[0]) and rest[0] not in self.attended_all():
                self.accepted.add(rest[0])
        elif act == "evaluate":
            if self.was_there(rest[0]):
                self.evaluated.add(rest[0])
        elif act == "reopen":
            self.closed[day] = False
        elif self.closed[day]:
            return
        elif act == "mark" and (rest[0] in (0, 1) or rest[0] in self.marks[day]):
            self.marks[day][rest[0]] = rest[1]
        elif act == "add" and self.marks[day].get(2) not in (AttendanceStatus.ATTENDED, AttendanceStatus.PART_ATTENDED):
            self.marks[day][2] = AttendanceStatus.ATTENDED
        elif act in ("everyone", "close"):
            status = AttendanceStatus.ATTENDED if act == "everyone" else AttendanceStatus.ABSENT
            for person in (0, 1):
                if self.marks[day].get(person, AttendanceStatus.UNMARKED) == AttendanceStatus.UNMARKED:
                    self.marks[day][person] = status
            self.closed[day] = act == "close"


def perform(session_id, act, day, by, person_ids, *rest):
    if act == "mark":
        status = rest[1]
        mark([day], person_ids[rest[0]], status, rest[2] if status == AttendanceStatus.PART_ATTENDED else None, by=by)
    elif act == "add":
        add_drop_in([day], person_ids[2], by=by)
    elif act == "everyone":
        mark_everyone([day], by=by)
    elif act == "accept":
        accept_as_complete(session_id, person_ids[rest[0]], by=by.person_id, reason="She read the papers")
    elif act == "withdraw":
        withdraw_acceptance(session_id, person_ids[rest[0]], by=by.person_id, reason="A mistake")
    elif act == "evaluate":
        asked = db.session.get_one(TrainingSession, session_id)
        give_evaluation(person_ids[rest[0]], asked.organisation_id, session_id, Answer(2, 4, 5))
    elif act == "close":
        close_register(day, by=by, absent_rest=True)
    else:
        reopen_register(day, by=by, reason="A name was wrong")


@pytest.fixture
def world(app, make_held, make_person, fay, clock_at):
    session = make_held("M6", days=2)
    person_ids = [*crowd_on(session, 2), make_person("Wanda Walkin").id]
    app.extensions["frozen_clock"] = FIRST + timedelta(days=2)
    return session.id, days_of(session), person_ids, Keeper(fay.id)


def clean(asks_evaluation):
    """Forget what the last example did, past the triggers, and say whether the module asks for evaluations."""
    db.session.rollback()
    db.session.execute(text("DROP TRIGGER IF EXISTS mark_no_delete"))
    for table in (Certificate, Evaluation, EvaluationRequest, Mark, Register, RecordFact):
        db.session.execute(delete(table))
    db.session.execute(update(Booking).values(attended=None))
    db.session.execute(update(Module).values(evaluation_asked_from=LONG_AGO if asks_evaluation else None))
    db.session.commit()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(acts=EVALUATED_THEN_CORRECTED, asks_evaluation=True)
@example(acts=ACCEPTED_THEN_EVALUATED, asks_evaluation=True)
@given(acts=ACTS, asks_evaluation=st.booleans())
def test_the_record_equals_a_plain_recomputation_from_the_marks(world, acts, asks_evaluation):
    clean(asks_evaluation)
    session_id, days, person_ids, keeper = world
    model = Model(asks_evaluation)
    for act, day, *rest in acts:
        with suppress(RegisterRefused, EvaluationRefused):
            perform(session_id, act, days[day], keeper, person_ids, *rest)
        model.do(act, day, *rest)
    for day in DAYS:
        if not model.closed[day]:
            perform(session_id, "close", days[day], keeper, person_ids)
            model.do("close", day)

    db.session.rollback()
    wanted = select(RecordFact.person_id).where(RecordFact.superseded_at.is_(None), RecordFact.subject == "M6")
    assert set(db.session.scalars(wanted)) == {person_ids[person] for person in model.said()}
    assert [fault for check in (*CHECKS, *AFTERWARDS) for fault in check.faults()] == []


def test_the_doctor_finds_a_completion_without_its_evidence_and_one_that_is_lost(world):
    session_id, days, person_ids, keeper = world
    for day in days:
        mark_everyone([day], by=keeper)
        close_register(day, by=keeper)
    assert [fault for check in CHECKS for fault in check.faults()] == []

    organisation_id = db.session.scalar(select(Person.organisation_id).where(Person.id == person_ids[2]))
    db.session.execute(delete(Certificate))
    db.session.execute(delete(RecordFact).where(RecordFact.person_id == person_ids[0]))
    invented = {
        "organisation_id": organisation_id,
        "person_id": person_ids[2],
        "kind": "completed",
        "subject": "M6",
        "happened_on": FIRST.date(),
        "source_kind": f"register:{session_id}",
        "recorded_at": LONG_AGO,
    }
    db.session.execute(insert(RecordFact), [invented, {**invented, "source_kind": "register:999"}])
    db.session.execute(update(Booking).where(Booking.person_id == person_ids[1]).values(attended=False))
    db.session.commit()

    faults = [fault for check in CHECKS for fault in check.faults()]
    assert len(faults) == 4
    assert f"person {person_ids[0]} completed session {session_id} by its registers, and the record lacks it" in faults
