"""Invented sessions of earlier weeks: one with a register to mark, and some that are over and were evaluated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select

from cpd.attendance.evaluation.asking import ask_for_evaluations
from cpd.attendance.evaluation.service import Answer, give_evaluation
from cpd.attendance.presence import who_evaluated
from cpd.attendance.registers import Keeper, registers_of
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import close_register, mark
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.commands.demo.dates import FIRST_SESSION
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import SessionDay, SessionFacilitator, TrainingSession

HOURS = time(13, 30), time(16, 30)
PLACES = 12
BOOKED_BEFORE = timedelta(weeks=1)
CLOSED_AFTER = timedelta(minutes=15)
EVALUATED_AFTER = timedelta(hours=20)
NOTE = "This session, its date and its number of places are invented for this demonstration."


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented session, so many weeks from the programme's first: who had places, who came, and what they thought.

    Where nobody came its register is open, for a facilitator to mark, or it is still to come.
    """

    module: str
    weeks: int
    booked: Sequence[str] = ()
    came: Collection[str] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def starts_at(self, weeks: int) -> datetime:
        """Return when it begins where the programme is moved by so many weeks."""
        return datetime.combine(FIRST_SESSION + timedelta(weeks=weeks + self.weeks), HOURS[0], LONDON)

    def ends_at(self, weeks: int) -> datetime:
        """Return when it ends."""
        return datetime.combine(self.starts_at(weeks).date(), HOURS[1], LONDON)


TO_MARK = Invented("PS-PARENTING", -2, booked=("bay", "dee", "eli", "gil"))
"""The programme begins 7 to 13 days from today: two weeks before that is over, and at most a week ago."""

REFRESHER = Invented("MT-SAFEGUARDING", 3)
"""A date for those whose training runs out."""

EVALUATED = (
    Invented(
        "PS-ACES",
        -5,
        booked=("bay", "cam", "dee", "eli", "gil", "hana", "otis"),
        came=("bay", "dee", "eli", "gil", "hana", "otis"),
        answers={
            "bay": Answer(2, 4, 5, "Ask what happened, not what is wrong"),
            "dee": Answer(3, 4, 4, "Bring it up in group supervision"),
            "eli": Answer(1, 3, 4),
            "gil": Answer(4, 4, 3),
            "hana": Answer(2, 5, 5, "Look at the whole household before the next visit"),
        },
    ),
    Invented(
        "PS-RESILIENCE",
        -4,
        booked=("bay", "dee", "lee"),
        came=("bay", "dee", "lee"),
        answers={"bay": Answer(3, 3, 2), "lee": Answer(2, 4, 4)},
    ),
    Invented(
        "MT-SAFEGUARDING",
        -3,
        booked=("cam", "hana"),
        came=("cam", "hana"),
        answers={"hana": Answer(3, 4, 5)},
    ),
)
"""One with enough answers to be shown, one with too few, and one that counts only once it is evaluated."""


def load_invented_sessions(people: Mapping[str, Person], weeks: int) -> None:
    """Let each be held at its time, step by step; what was done already is left out."""
    for each in (TO_MARK, *EVALUATED, REFRESHER):
        starts_at, ends_at = each.starts_at(weeks), each.ends_at(weeks)
        with clock.set_back_to(min(starts_at - BOOKED_BEFORE, clock.now())):
            number = _open_session(each.module, starts_at, ends_at, people)
            _book(number, [people[who].id for who in each.booked])
        if each.came:
            with clock.set_back_to(ends_at + CLOSED_AFTER):
                _keep_register(number, [people[who].id for who in each.came], people["facilitator"].id)
            with clock.set_back_to(ends_at + EVALUATED_AFTER):
                _evaluate(number, {people[who]: answer for who, answer in each.answers.items()})


@one_transaction
def _open_session(code: str, starts_at: datetime, ends_at: datetime, people: Mapping[str, Person]) -> int:
    """Make and publish it, once; returns its id."""
    module = db.session.scalars(select(Module).where(Module.code == code)).one()
    there = select(TrainingSession.id).where(TrainingSession.module_id == module.id)
    if number := db.session.scalar(there.where(TrainingSession.starts_at == starts_at)):
        return number
    facilitator = people["facilitator"]
    session = TrainingSession(
        organisation_id=module.organisation_id,
        module_id=module.id,
        capacity=PLACES,
        capacity_invented=True,
        starts_at=starts_at,
        ends_at=ends_at,
        online_link=f"https://meeting.example/{code.lower()}",
        facilitator_names=facilitator.name,
        note=NOTE,
        created_at=clock.now(),
        days=[SessionDay(starts_at=starts_at, ends_at=ends_at, is_online=True)],
    )
    db.session.add(session)
    db.session.flush()
    db.session.add(SessionFacilitator(training_session_id=session.id, person_id=facilitator.id))
    timetable.publish_sessions([session.id], by=people["workforce"].id)
    return session.id


def _book(training_session_id: int, person_ids: Sequence[int]) -> None:
    """Let people book it themselves."""
    wanted = select(Booking.person_id).where(Booking.training_session_id == training_session_id)
    booked = set(db.session.scalars(wanted))
    for person_id in person_ids:
        if person_id not in booked:
            book_places(person_id, [training_session_id], by=person_id)


def _keep_register(training_session_id: int, person_ids: Sequence[int], facilitator_id: int) -> None:
    """Mark who came, close the register, and ask them what they think."""
    [session] = timetable.sessions_by_id([training_session_id])
    [(day_id, register)] = registers_of([session.days[0].id]).items()
    if not register.is_closed:
        keeper = Keeper(facilitator_id)
        for person_id in person_ids:
            mark([day_id], person_id, AttendanceStatus.ATTENDED, by=keeper)
        close_register(day_id, by=keeper, absent_rest=True)
    ask_for_evaluations()


def _evaluate(training_session_id: int, answers: Mapping[Person, Answer]) -> None:
    """Let those who answer say what they think."""
    evaluated = who_evaluated(training_session_id)
    for person, answer in answers.items():
        if person.id not in evaluated:
            give_evaluation(person.id, person.organisation_id, training_session_id, answer)
