"""Reading registers in a fixed number of queries: who is expected, on what condition, and what has been marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from cpd.attendance.models import Mark, Register, RegisterLink
from cpd.attendance.rules import AttendanceStatus, Source, length_of, opens_at
from cpd.booking.facts import Standpoint, Terms, place_request, standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue.models import Module
from cpd.catalogue.service import ModuleFacts
from cpd.people.models import Person
from cpd.requirements.language import Completed
from cpd.requirements.standing import Standing
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.models import SessionDay, SessionFacilitator, TrainingSession


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps registers: a person (an officer all those of her organisation), or somebody from outside by a link."""

    person_id: int | None = None
    link_id: int | None = None
    officer: bool = False


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """The register of one day; None for its id where nothing was ever marked."""

    id: int | None
    session_day_id: int
    closed_at: datetime | None = None
    closed_by: str = ""
    reopened_at: datetime | None = None
    reopen_reason: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more marks."""
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """The mark that is in force for one person in one register, who made it, and when."""

    id: int
    session_day_id: int
    person_id: int
    status: AttendanceStatus
    minutes: int | None
    marked_at: datetime
    source: Source
    by: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who has a place, has put a drop-in into her diary, or came without a booking (`booking_id` None)."""

    person_id: int
    name: str
    email: str
    organisation_id: int
    booking_id: int | None = None
    takes_place: bool = False
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the page of a register; `rests_on` and `lacks` name modules (AMB-23)."""

    who: Expected
    team: str
    rests_on: tuple[str, ...]
    lacks: tuple[str, ...]
    mark: MarkFacts | None

    @property
    def status(self) -> str:
        """How she is marked, empty where she is not."""
        return str(self.mark.status) if self.mark else ""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another register of the same day with the same people."""

    session_day_id: int
    title: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A register as its keeper sees it. `twins` can be marked together with it, and `together` are."""

    session: SessionFacts
    module: ModuleFacts
    day: DayFacts
    registers: dict[int, RegisterFacts]
    rows: Sequence[Row]
    twins: Sequence[Twin]
    together: Sequence[int]
    now: datetime

    @property
    def register(self) -> RegisterFacts:
        """The register of this day."""
        return self.registers[self.day.id]

    @property
    def has_begun(self) -> bool:
        """Whether its day has begun, so that it can be marked."""
        return self.now >= opens_at(self.day.starts_at)

    @property
    def is_today(self) -> bool:
        """Whether its day is today, so that people can sign in by its code."""
        return opens_at(self.now) == opens_at(self.day.starts_at)

    @property
    def is_over(self) -> bool:
        """Whether its day is over, so that it can be closed."""
        return self.now >= self.day.ends_at

    @property
    def length(self) -> int:
        """How many minutes the day is long."""
        return length_of(self.day.starts_at, self.day.ends_at)

    @property
    def asks_evaluation(self) -> bool:
        """Whether it counts for each only once they have evaluated it (S-7)."""
        return self.module.asks_evaluation_of(self.session.ends_at)

    @property
    def counts(self) -> Counter[str]:
        """How many are marked how; those without a mark stand under the empty text."""
        return Counter(row.status for row in self.rows)

    @property
    def unmarked(self) -> list[Expected]:
        """Who has no mark yet."""
        return [row.who for row in self.rows if not row.mark]

    @property
    def not_marked_from(self) -> datetime:
        """When the register opens."""
        return opens_at(self.day.starts_at)


def day_to_show(session: SessionFacts, day_id: int | None, now: datetime) -> DayFacts | None:
    """Choose the day that was asked for; else today's, else the next, else the last. None: it is no day of this."""
    if day_id is not None:
        return next((day for day in session.days if day.id == day_id), None)
    today = in_london(now).date()
    not_over = [day for day in session.days if day.ends_at > now]
    todays = [day for day in session.days if in_london(day.ends_at).date() == today]
    still_today = [day for day in todays if day in not_over]
    return next(iter((*still_today, *todays[-1:], *not_over, *session.days[-1:])), None)


def register_page(
    session: SessionFacts, day: DayFacts, keeper: Keeper, now: datetime, together: Collection[int] = ()
) -> RegisterPage:
    """Put together the register of one day."""
    registers = registers_of([each.id for each in session.days])
    marks = {person_id: mark for (_, person_id), mark in marks_of([day.id]).items()}
    expected = expected_on([session.id]).get(session.id, {})
    people = [*expected.values(), *_came_without(session, expected.keys())]
    terms = terms_for([session.organisation_id])
    standpoints = standpoints_of([each.person_id for each in people], terms)
    rows = [_row(each, standpoints[each.person_id], session, terms, marks.get(each.person_id)) for each in people]
    rows.sort(key=lambda row: (row.who.name.casefold(), row.who.person_id))
    twins = _twins(session, day, set(expected), keeper)
    known = {twin.session_day_id for twin in twins}
    asked = [each for each in dict.fromkeys(together) if each in known]
    return RegisterPage(session, terms.modules[session.module_id], day, registers, rows, twins, asked, now)


def days_together(session: SessionFacts, day: DayFacts, keeper: Keeper, together: Collection[int]) -> list[int]:
    """Return those of these days that can be marked together with a day; nothing is asked where there are none."""
    if not together:
        return []
    booked = set(expected_on([session.id]).get(session.id, ()))
    known = {twin.session_day_id for twin in _twins(session, day, booked, keeper)}
    return [each for each in dict.fromkeys(together) if each in known]


def registers_of(session_day_ids: Collection[int]) -> dict[int, RegisterFacts]:
    """Read the registers of days, also of those that have none yet: one query."""
    wanted = (
        select(Register, Person.name)
        .outerjoin(Person, Person.id == Register.closed_by_id)
        .where(Register.session_day_id.in_(session_day_ids))
        .execution_options(populate_existing=True)
    )
    found = {
        each.session_day_id: RegisterFacts(
            each.id, each.session_day_id, each.closed_at, name or "", each.reopened_at, each.reopen_reason or ""
        )
        for each, name in db.session.execute(wanted)
    }
    return {day_id: found.get(day_id, RegisterFacts(None, day_id)) for day_id in session_day_ids}


def marks_of(session_day_ids: Collection[int]) -> dict[tuple[int, int], MarkFacts]:
    """Read the marks in force by day and person; one that was taken back is none. One query."""
    later = aliased(Mark)
    wanted = (
        select(
            Mark.id,
            Register.session_day_id,
            Mark.person_id,
            Mark.attendance_status,
            Mark.minutes,
            Mark.marked_at,
            Mark.source,
            Person.name,
            RegisterLink.name,
        )
        .join(Register, Register.id == Mark.register_id)
        .outerjoin(Person, Person.id == Mark.marked_by_id)
        .outerjoin(RegisterLink, RegisterLink.id == Mark.register_link_id)
        .where(
            Register.session_day_id.in_(session_day_ids),
            Mark.attendance_status != AttendanceStatus.UNMARKED,
            ~exists().where(later.supersedes_id == Mark.id),
        )
        .order_by(Mark.id)
    )
    return {
        (day_id, person_id): MarkFacts(
            number, day_id, person_id, AttendanceStatus(status), minutes, at, Source(source), by or link or ""
        )
        for number, day_id, person_id, status, minutes, at, source, by, link in db.session.execute(wanted)
    }


def expected_on(training_session_ids: Collection[int]) -> dict[int, dict[int, Expected]]:
    """Read who is expected on sessions, by session and person: one query."""
    wanted = (
        select(Booking, Person.name, Person.email, Person.organisation_id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.training_session_id.in_(training_session_ids), Booking.status == Status.CONFIRMED)
        .order_by(Booking.id)
    )
    found: dict[int, dict[int, Expected]] = defaultdict(dict)
    for booking, name, email, organisation_id in db.session.execute(wanted):
        found[booking.training_session_id][booking.person_id] = Expected(
            booking.person_id,
            name,
            email,
            organisation_id,
            booking.id,
            booking.takes_place,
            booking.override_reason is not None,
        )
    return found


def _came_without(session: SessionFacts, booked: Collection[int]) -> list[Expected]:
    """Read who came to any day of a session without a booking, so that she is asked for on the next day too."""
    later = aliased(Mark)
    wanted = (
        select(Person.id, Person.name, Person.email, Person.organisation_id)
        .join(Mark, Mark.person_id == Person.id)
        .join(Register, Register.id == Mark.register_id)
        .where(
            Register.session_day_id.in_([day.id for day in session.days]),
            Mark.attendance_status != AttendanceStatus.UNMARKED,
            ~exists().where(later.supersedes_id == Mark.id),
            Person.id.not_in(booked),
        )
        .distinct()
    )
    return [Expected(*row) for row in db.session.execute(wanted)]


def _row(who: Expected, standpoint: Standpoint, session: SessionFacts, terms: Terms, mark: MarkFacts | None) -> Row:
    """Put one person's row together: on what her place rests, and what it lacks (AMB-23)."""
    team = standpoint.post.team_name if standpoint.post else ""
    if who.booking_id is None or not who.takes_place or who.overridden:
        return Row(who, team, (), (), mark)
    standing = place_request(standpoint.without(who.booking_id), session, terms).standing
    rests_on = tuple(dict.fromkeys(terms.titles.get(fact.subject, fact.subject) for fact in standing.rests_on()))
    return Row(who, team, rests_on, _missing(standing, terms), mark)


def _missing(standing: Standing, terms: Terms) -> tuple[str, ...]:
    """Name the modules that are still to do."""
    asked = [leaf.requirement for leaf in standing.outstanding_leaves()]
    return tuple(
        dict.fromkeys(terms.titles.get(each.module, each.module) for each in asked if isinstance(each, Completed))
    )


def _twins(session: SessionFacts, day: DayFacts, booked: set[int], keeper: Keeper) -> list[Twin]:
    """Find the other registers of this day that have the same people and the same keeper: one query."""
    rows = _same_date(session, day, keeper)
    people: dict[int, set[int | None]] = defaultdict(set)
    twins: dict[int, Twin] = {}
    for day_id, starts_at, label, title, code, person_id in rows:
        people[day_id].add(person_id)
        twins[day_id] = Twin(day_id, ": ".join(part for part in (label, title) if part) or code, starts_at)
    return [twin for day_id, twin in twins.items() if booked and people[day_id] == booked]


def _same_date(session: SessionFacts, day: DayFacts, keeper: Keeper) -> Sequence[Any]:
    """Read the other days on the same date that the keeper may mark, each with everybody who is expected on it."""
    begins = opens_at(day.starts_at)
    wanted = (
        select(SessionDay.id, SessionDay.starts_at, Module.number_label, Module.title, Module.code, Booking.person_id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .join(Booking, Booking.training_session_id == TrainingSession.id)
        .outerjoin(Register, Register.session_day_id == SessionDay.id)
        .where(
            Register.closed_at.is_(None),
            TrainingSession.organisation_id == session.organisation_id,
            TrainingSession.status == "published",
            Booking.status == Status.CONFIRMED,
            SessionDay.id != day.id,
            SessionDay.is_removed.is_(False),
            SessionDay.starts_at >= begins,
            SessionDay.starts_at < opens_at(begins + timedelta(hours=36)),
        )
        .order_by(SessionDay.starts_at, SessionDay.id)
    )
    if not keeper.officer:
        mine = exists().where(
            SessionFacilitator.training_session_id == TrainingSession.id,
            SessionFacilitator.person_id == (keeper.person_id or 0),
        )
        wanted = wanted.where((TrainingSession.id == session.id) | mine)
    return db.session.execute(wanted).all()
