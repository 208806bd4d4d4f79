"""Lists of registers: what a facilitator has to mark, and what Workforce Development still waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from cpd.attendance.models import Register
from cpd.attendance.registers import RegisterFacts, registers_of
from cpd.attendance.rules import ListedAs, listed_as
from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.shared.database import db
from cpd.timetable import service as timetable
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.models import SessionDay, TrainingSession

ASKED_WITHIN = timedelta(days=14)
"""A register that is older was kept somewhere else: nobody is asked about it."""

SHOWN_FOR = timedelta(days=28)
"""For so long a facilitator finds a register that is done with, in case somebody says that it is wrong."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The register of one day in a list: of what, how many are expected, and where it belongs."""

    session: SessionFacts
    module: ModuleFacts
    day: DayFacts
    register: RegisterFacts
    expected: int
    listed_as: ListedAs

    @property
    def path(self) -> str:
        """Where it is marked."""
        return f"/sessions/{self.session.id}/register?day={self.day.id}"


@dataclass(frozen=True, slots=True)
class MyRegisters:
    """A facilitator's registers: today's, what is still open from earlier days, what comes, and what is done with."""

    today: Sequence[Listed]
    left_open: Sequence[Listed]
    coming: Sequence[Listed]
    done_with: Sequence[Listed]


def my_registers(person_id: int, now: datetime) -> MyRegisters:
    """List the registers of the sessions that somebody facilitates: four queries whatever their number."""
    listed = list(_listed(timetable.sessions_facilitated(person_id, now - SHOWN_FOR), now))
    parts = {each: [one for one in listed if one.listed_as is each] for each in ListedAs}
    return MyRegisters(
        parts[ListedAs.TODAY],
        parts[ListedAs.LEFT_OPEN],
        parts[ListedAs.COMING],
        [each for each in reversed(parts[ListedAs.DONE_WITH]) if each.day.ends_at > now - SHOWN_FOR],
    )


def registers_left_open(organisation_id: int, now: datetime) -> list[Listed]:
    """List an organisation's registers that nobody has closed although their day is over: five queries."""
    wanted = _days_left_open(organisation_id, now).with_only_columns(SessionDay.id, SessionDay.training_session_id)
    days = {row[0]: row[1] for row in db.session.execute(wanted)}
    sessions = timetable.sessions_by_id(set(days.values()))
    return sorted((each for each in _listed(sessions, now) if each.day.id in days), key=lambda each: each.day.starts_at)


def count_left_open(organisation_id: int, now: datetime) -> int:
    """Say how many of an organisation's registers are still open although their day is over: one query."""
    return db.session.scalar(_days_left_open(organisation_id, now).with_only_columns(func.count())) or 0


def left_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Choose the days of the last two weeks to which somebody was to come, or did, and whose registers are open.

    Conditions on `SessionDay`, `TrainingSession` and, joined from outside, `Register`.
    """
    booked = exists().where(Booking.training_session_id == TrainingSession.id, Booking.status == Status.CONFIRMED)
    return (
        SessionDay.is_removed.is_(False),
        SessionDay.ends_at <= now,
        SessionDay.ends_at > now - ASKED_WITHIN,
        TrainingSession.status == "published",
        Register.closed_at.is_(None),
        or_(Register.id.is_not(None), booked),
    )


def _days_left_open(organisation_id: int, now: datetime) -> Select[int]:
    return (
        select(SessionDay.id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .outerjoin(Register, Register.session_day_id == SessionDay.id)
        .where(TrainingSession.organisation_id == organisation_id, *left_open(now))
    )


def _listed(sessions: Sequence[SessionFacts], now: datetime) -> Iterator[Listed]:
    """Give the register of each day of these sessions, in the order of time: three queries."""
    days = [(day, each) for each in sessions for day in each.days]
    registers = registers_of([day.id for day, _ in days])
    expected = _expected([each.id for each in sessions])
    modules = catalogue.modules_by_id({each.module_id for each in sessions})
    for day, session in sorted(days, key=lambda pair: (pair[0].starts_at, pair[0].id)):
        register, count = registers[day.id], expected.get(session.id, 0)
        belongs = listed_as(
            day.starts_at, day.ends_at, now, is_closed=register.is_closed, is_awaited=bool(count or register.id)
        )
        yield Listed(session, modules[session.module_id], day, register, count, belongs)


def _expected(training_session_ids: Sequence[int]) -> dict[int, int]:
    """Count who is expected on each of these sessions: one query."""
    wanted = (
        select(Booking.training_session_id, func.count())
        .where(Booking.training_session_id.in_(training_session_ids), Booking.status == Status.CONFIRMED)
        .group_by(Booking.training_session_id)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}
