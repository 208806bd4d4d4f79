"""Signing in on the day: whoever is there enters the code that is shown, and is marked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from cpd.attendance.marking import Held, RegisterRefused, hold_open, write
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import (
    AttendanceStatus,
    CodeRefusal,
    Refusal,
    Source,
    code_ends_at,
    code_of,
    day_of_code,
    opens_at,
)
from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue.models import Module
from cpd.people import attempts
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import SessionDay, TrainingSession

IN_WORDS = (
    TrainingSession.id,
    Module.number_label,
    Module.title,
    Module.code,
    SessionDay.starts_at,
    SessionDay.ends_at,
)
THERE = (AttendanceStatus.ATTENDED, AttendanceStatus.PART_ATTENDED)


class CodeRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Somebody cannot sign in by a code: why, whose code it is, and the session on which she has a place instead."""

    def __init__(self, reason: CodeRefusal, code_of: Attended | None = None, booked_on: Attended | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code_of = code_of
        self.booked_on = booked_on


@dataclass(frozen=True, slots=True)
class Attended:
    """A session day in words: which session, of what, and when."""

    training_session_id: int
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code that a facilitator shows, what time it is by the business clock, and when the next one comes up."""

    code: str
    at: datetime
    ends_at: datetime


def code_shown(session_day_id: int) -> CodeShown:
    """Return the code of a day as it is now."""
    now = clock.now()
    return CodeShown(code_of(_secret(), session_day_id, now), now, code_ends_at(now))


def sign_in(person_id: int, code: str, address: str) -> Attended:
    """Mark somebody as attended on the day whose code she has entered; to do so twice changes nothing.

    Raises:
        TooManyAttempts: too many codes that are none, by this person or from this address.
        CodeRefused: the code is none of today's, or she has no place there.
    """
    attempts.begin(attempts.ENTERING_CODES, str(person_id), address)
    day_id = day_of_code(_secret(), code, _days_today(people.get_person(person_id).organisation_id), clock.now())
    if day_id is None:
        raise CodeRefused(CodeRefusal.NOT_VALID)
    attempts.forget(attempts.ENTERING_CODES, str(person_id))
    return _mark(person_id, day_id)


@one_transaction
def _mark(person_id: int, day_id: int) -> Attended:
    """Mark her under the session's lock, or say why not."""
    wanted = (
        select(*IN_WORDS)
        .join(SessionDay, SessionDay.training_session_id == TrainingSession.id)
        .join(Module, Module.id == TrainingSession.module_id)
    )
    this = _in_words(db.session.execute(wanted.where(SessionDay.id == day_id)).one())
    try:
        held = hold_open([day_id])[0]
    except RegisterRefused as refused:
        reason = CodeRefusal.CLOSED if Refusal.CLOSED in refused.reasons else CodeRefusal.NOT_VALID
        raise CodeRefused(reason, this) from refused
    if held.marked_as(person_id) in THERE:
        return this
    if not held.marked_as(person_id):
        _check_place(person_id, held, this)
    write(held, [person_id], AttendanceStatus.ATTENDED, by=Keeper(person_id), source=Source.CODE)
    return this


def _check_place(person_id: int, held: Held, this: Attended) -> None:
    """Refuse whoever has no place there, with the reason that helps her most. Drop-ins are let in (AMB-21)."""
    module_id = held.training_session.module_id
    wanted = (
        select(*IN_WORDS, Booking.status, Module.id)
        .join(SessionDay, SessionDay.training_session_id == TrainingSession.id)
        .join(Module, Module.id == TrainingSession.module_id)
        .join(Booking, Booking.training_session_id == TrainingSession.id)
        .where(Booking.person_id == person_id, SessionDay.is_removed.is_(False))
        .order_by(SessionDay.starts_at, Booking.id)
    )
    rows = db.session.execute(wanted).all()
    here = [row[6] for row in rows if row[0] == this.training_session_id]
    if Status.CONFIRMED in here or _is_drop_in(module_id):
        return
    placed = [row for row in rows if row[6] == Status.CONFIRMED and row[5] > clock.now() - timedelta(days=1)]
    today = [row for row in placed if opens_at(row[4]) == opens_at(this.starts_at)]
    other_day = [row for row in placed if row[7] == module_id]
    if today or other_day:
        reason = CodeRefusal.ANOTHER_SESSION if today else CodeRefusal.ANOTHER_DAY
        raise CodeRefused(reason, this, _in_words((today or other_day)[0][:6]))
    if any(status in (Status.WAITING, Status.REQUESTED, Status.OFFERED) for status in here):
        raise CodeRefused(CodeRefusal.WAITING, this)
    raise CodeRefused(CodeRefusal.PLACE_CANCELLED if here else CodeRefusal.NO_BOOKING, this)


def _is_drop_in(module_id: int) -> bool:
    """Say whether one just comes to a module."""
    return db.session.scalar(select(Module.booking_mode).where(Module.id == module_id)) == "drop_in"


def _in_words(row: tuple[int, str, str, str, datetime, datetime]) -> Attended:
    """Put a day in words."""
    number, label, title, code, starts_at, ends_at = row
    return Attended(number, ": ".join(part for part in (label, title) if part) or code, starts_at, ends_at)


def _days_today(organisation_id: int) -> list[int]:
    """List the days of today's sessions that an organisation's people may see."""
    begins = opens_at(clock.now())
    wanted = (
        select(SessionDay.id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .where(
            SessionDay.starts_at >= begins,
            SessionDay.starts_at < opens_at(begins + timedelta(hours=36)),
            SessionDay.is_removed.is_(False),
            timetable.visible_to(organisation_id),
        )
        .order_by(SessionDay.id)
    )
    return list(db.session.scalars(wanted))


def _secret() -> str:
    return f"{current_app.config['SECRET_KEY']} the code of the day"
