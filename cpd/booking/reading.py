"""Reading a file of bookings that were given before: what each row says, or why it cannot be taken (G-6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TypeVar

from cpd.booking.meant import Offering, Wish, day_to_come, session_meant
from cpd.booking.rules import Status
from cpd.shared.dates import Run
from cpd.shared.reading import LONGEST_TEXT, Findings, Suggestions, Unreadable, is_unsettled, quoted
from cpd.shared.tables import Columns, Row, Table, match_columns
from cpd.timetable.facts import SessionFacts
from cpd.timetable.reading.moments import read_day_and_time, read_moment
from cpd.timetable.reading.values import LONDON

_T = TypeVar("_T")

COLUMNS = ("email", "module", "start_date", "status", "received_at")
WORDINGS = {
    "email": ("e-mail", "email address", "e-mail address"),
    "module": ("module code", "module title", "course", "course code", "training"),
    "start_date": ("date", "session date", "session", "date and time", "when", "starts", "starts at"),
    "status": ("booking status", "state", "booking"),
    "received_at": (
        "received", "received on", "date received", "requested", "requested at", "requested on", "date of request",
        "booked on", "booked at",
    ),
}  # fmt: skip
STATUSES = {
    Status.CONFIRMED: ("confirmed", "booked", "place", "has a place"),
    Status.WAITING: (
        "waiting", "waiting list", "on waiting list", "on the waiting list", "wait list", "waitlist", "waitlisted",
        "reserve", "reserve list",
    ),
}  # fmt: skip
_BY_WORD = {word: status for status, words in STATUSES.items() for word in words}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whom a row may name."""

    id: int
    organisation_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may speak of: people by e-mail address in lower case, and what each organisation's may book."""

    people: Mapping[str, KnownPerson]
    offerings: Mapping[int, Offering]
    now: datetime


@dataclass(frozen=True, slots=True)
class ReadBooking:
    """What a row says: this person has a place on this session, or waits for it, since her request was received."""

    row: int
    person: KnownPerson
    session: SessionFacts
    status: Status
    received_at: datetime


@dataclass(slots=True)
class ReadBookings:
    """Everything that a file says; `bookings` stand in the order in which the requests were received."""

    columns: Columns
    bookings: list[ReadBooking] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Note what is wrong with a row."""
        self.findings.refuse(row, self.columns.heading(column), reason)

    def hold_back(self, row: int, column: str, reason: str) -> None:
        """Note that a row is not taken, and stops no other."""
        self.findings.hold_back(row, self.columns.heading(column), reason)


def columns_of(table: Table) -> Columns:
    """Find the columns in any order and wording. Raises `TableRefused` where a needed one is missing."""
    return match_columns(table.header.cells, WORDINGS, required=COLUMNS)


def read_bookings(table: Table, known: Known) -> ReadBookings:
    """Read every row; those received at one moment stay in the order of the file.

    Raises:
        TableRefused: a column is missing.
    """
    reader = _Reader(ReadBookings(columns_of(table)), known, Suggestions())
    rows = [booking for row in table.rows if (booking := reader.read(row))]
    reader.bookings.bookings = sorted(rows, key=lambda each: (each.received_at, each.row))
    return reader.bookings


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one row after another."""

    bookings: ReadBookings
    known: Known
    suggestions: Suggestions

    def read(self, row: Row) -> ReadBooking | None:
        """Read a row; or note everything that is wrong with it, and return None."""
        person = self._cell(row, "email", self._person)
        module = self._cell(row, "module", lambda text: self._module(text, person)) if person else None
        when = self._cell(row, "start_date", read_day_and_time)
        status = self._cell(row, "status", _status)
        received_at = self._cell(row, "received_at", self._moment)
        if person is None or module is None or when is None or status is None or received_at is None:
            return None
        session = self._cell(row, "start_date", lambda _: self._session(person, module, *when))
        return ReadBooking(row.number, person, session, status, received_at) if session else None

    def _cell(self, row: Row, column: str, understand: Callable[[str], _T]) -> _T | None:
        """Understand one cell, or note why not; one that is not settled yet holds its row back."""
        text = self.bookings.columns.cell(row, column)
        if is_unsettled(text[:LONGEST_TEXT]):
            self.bookings.hold_back(row.number, column, f"{quoted(text)} is not settled yet, so the row is held back")
            return None
        if not text:
            self.bookings.refuse(row.number, column, "this cell must be filled in")
            return None
        try:
            return understand(text)
        except Unreadable as unreadable:
            self.bookings.refuse(row.number, column, unreadable.reason)
            return None

    def _person(self, text: str) -> KnownPerson:
        wanted = text.lower()
        if found := self.known.people.get(wanted):
            return found
        near = self.suggestions.nearest(wanted[:LONGEST_TEXT], self.known.people)
        raise Unreadable(f"nobody has the e-mail address {quoted(text)}" + (f"; did you mean {near}?" if near else ""))

    def _module(self, text: str, person: KnownPerson) -> str:
        return self.known.offerings[person.organisation_id].modules.get(text[:LONGEST_TEXT]).code

    def _moment(self, text: str) -> datetime:
        moment = read_moment(text)
        if moment > self.known.now:
            raise Unreadable(f"{quoted(text)} is in the future")
        return moment

    def _session(
        self, person: KnownPerson, module: str, runs: tuple[Run, ...], starts: frozenset[time]
    ) -> SessionFacts:
        today = self.known.now.astimezone(LONDON).date()
        days = [day_to_come(one, today) for run in runs for one in (run.first, run.last) if one]
        offered = self.known.offerings[person.organisation_id]
        found = [session_meant(Wish(module, day, starts if day == days[0] else frozenset()), offered) for day in days]
        if len({each.id for each in found}) > 1:
            raise Unreadable("these are dates of several sessions: write a row for each")
        return found[0]


def _status(text: str) -> Status:
    if found := _BY_WORD.get(" ".join(text.casefold().split())):
        return found
    raise Unreadable(
        f"{quoted(text)} is neither confirmed nor waiting: write one of these, or leave out a booking that has ended"
    )
