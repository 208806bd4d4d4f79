"""Reading a table of completions: what each row says, or why it cannot be taken. Plain Python, no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from cpd.shared.tables import Columns, Row, Table, match_columns
from cpd.shared.wording import MONTHS

ValueT = TypeVar("ValueT")

WORDINGS = {
    "email": ("e-mail", "email address", "e-mail address"),
    "module": ("module code", "course", "course code", "training"),
    "completed_on": ("completed", "completion date", "date completed", "date"),
    "source": ("where from", "evidence", "note"),
}
NOT_YET_KNOWN = frozenset({"tbc", "tba", "to be confirmed", "to be arranged", "not known", "unknown"})
EARLIEST_YEAR = 1950
LONGEST_SOURCE = 500
MOST_SUGGESTIONS = 20
"""How many wrong cells get a suggestion: finding the nearest of thousands takes its time."""

_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00)?", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})", re.ASCII),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]{3,9}),?[ -](?P<year>\d{4})", re.ASCII | re.IGNORECASE
    ),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be told about one cell."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class KnownModule:
    """A module as people may write it: by its code anywhere, by a name within its own organisation."""

    code: str
    organisation_id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """What a row says: this person completed this module on this day."""

    row: int
    person_id: int
    module: str
    completed_on: date
    source: str


@dataclass(slots=True)
class ReadCompletions:
    """Everything that a file says. Rows held back do not stop the others; one refusal stops all."""

    columns: Columns
    completions: list[Completion] = field(default_factory=list)
    held_back: list[Note] = field(default_factory=list)
    refused: list[Note] = field(default_factory=list)

    def hold_back(self, row: int, column: str, reason: str) -> None:
        """Note that a row is not taken for now."""
        self.held_back.append(Note(row, self.columns.heading(column), reason))

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Note what is wrong with a cell."""
        self.refused.append(Note(row, self.columns.heading(column), reason))


class _Unreadable(Exception):  # noqa: N818 - a reason, not a failure
    """What stands in a cell cannot be understood."""


class _NotYetKnown(Exception):  # noqa: N818 - a reason, not a failure
    """A cell says of itself that it is not known yet."""


class Known:
    """What rows may speak of, and what was probably meant where they speak of something else."""

    def __init__(self, people: Mapping[str, tuple[int, int]], modules: Iterable[KnownModule], today: date) -> None:
        """Take people by e-mail address in lower case (id and organisation), modules, and the present day."""
        self.people = people
        self.today = today
        self._codes: dict[str, str] = {}
        self._names: dict[tuple[int, str], set[str]] = {}
        self._as_written: dict[str, str] = {}
        for module in modules:
            self._codes[module.code.casefold()] = module.code
            for name in module.names:
                self._names.setdefault((module.organisation_id, name.casefold()), set()).add(module.code)
            self._as_written |= {name.casefold(): name for name in (*module.names, module.code)}
        self._suggestions_left = MOST_SUGGESTIONS

    def person(self, text: str) -> tuple[int, int]:
        """Find a person's id and organisation by e-mail address."""
        if not text:
            raise _Unreadable("is empty: an e-mail address is needed")
        if found := self.people.get(text.lower()):
            return found
        raise _Unreadable(f"nobody has the e-mail address {text}{self._suggestion(text.lower(), self.people)}")

    def module(self, text: str, organisation_id: int | None) -> str:
        """Find a module's code by code or, among those of the person's organisation, by a name."""
        if not text:
            raise _Unreadable("is empty: a module is needed")
        wanted = " ".join(text.casefold().split())
        if code := self._codes.get(wanted):
            return code
        named = self._names.get((organisation_id or 0, wanted), set())
        if len(named) == 1:
            return min(named)
        if named:
            raise _Unreadable(f"{text} is the name of {' and of '.join(sorted(named))}: give the code")
        names = [name for owner, name in self._names if owner == organisation_id]
        raise _Unreadable(f"there is no module {text}{self._suggestion(wanted, [*self._codes, *names])}")

    def day(self, text: str) -> date:
        """Read a day: 2018-11-30, 30/11/2018 (the day comes first) or 30 November 2018."""
        if text.casefold().strip(" .?") in NOT_YET_KNOWN:
            raise _NotYetKnown("the day is still to be confirmed")
        on = _day_of(text)
        if on is None:
            what = f"{text[:40]} is not a day" if text else "is empty: a day is needed"
            raise _Unreadable(f"{what}; write it like 2018-11-30 or 30/11/2018")
        if on > self.today:
            raise _Unreadable(f"{text} is in the future")
        return on

    def _suggestion(self, wrong: str, known: Iterable[str]) -> str:
        """Offer the nearest known word, if one is near."""
        self._suggestions_left -= 1
        nearest = get_close_matches(wrong, known, n=1, cutoff=0.75) if self._suggestions_left >= 0 else []
        return f"; did you mean {self._as_written.get(nearest[0], nearest[0])}?" if nearest else ""


def columns_of(table: Table) -> Columns:
    """Find the columns in any order and wording. Raises `TableRefused` where a needed one is missing."""
    return match_columns(table.header.cells, WORDINGS, required=("email", "module", "completed_on"))


def read_completions(table: Table, known: Known) -> ReadCompletions:
    """Read every row. Nothing is guessed: a day that the file itself leaves open holds its row back.

    Raises:
        TableRefused: a column is missing.
    """
    read = ReadCompletions(columns_of(table))
    first: dict[tuple[int, str, date], Completion] = {}
    for row in table.rows:
        if completion := _completion(row, read, known):
            key = (completion.person_id, completion.module, completion.completed_on)
            if first.setdefault(key, completion) is not completion:
                read.refuse(row.number, "email", f"the row says the same as row {first[key].row}: remove one of them")
    read.completions = list(first.values())
    return read


def _completion(row: Row, read: ReadCompletions, known: Known) -> Completion | None:
    """Read one row, or note everything that is wrong with it."""
    person = _cell(row, "email", read, known.person)
    module = _cell(row, "module", read, lambda text: known.module(text, person[1] if person else None))
    completed_on = _cell(row, "completed_on", read, known.day)
    source = _cell(row, "source", read, _source)
    if person is None or module is None or completed_on is None or source is None:
        return None
    return Completion(row.number, person[0], module, completed_on, source)


def _cell(row: Row, column: str, read: ReadCompletions, understand: Callable[[str], ValueT]) -> ValueT | None:
    """Understand one cell, or note why not."""
    try:
        return understand(read.columns.cell(row, column))
    except _Unreadable as unreadable:
        read.refuse(row.number, column, str(unreadable))
    except _NotYetKnown as not_yet:
        read.hold_back(row.number, column, str(not_yet))
    return None


def _source(text: str) -> str:
    """Take the words on where a completion is known from."""
    if len(text) > LONGEST_SOURCE:
        raise _Unreadable(f"has {len(text)} characters; at most {LONGEST_SOURCE} can be kept")
    return text


def _day_of(text: str) -> date | None:
    """Return the day that is written, or None where none is."""
    found = next((match for pattern in _DATES if (match := pattern.fullmatch(text))), None)
    if found is None:
        return None
    try:
        on = date(int(found["year"]), _month(found["month"]), int(found["day"]))
    except ValueError:  # such as the 30th of February
        return None
    return on if on.year >= EARLIEST_YEAR else None


def _month(text: str) -> int:
    """Return the month's number; 0 where there is no such month."""
    if text.isdecimal():
        return int(text)
    return next((number for number, name in enumerate(MONTHS, start=1) if name.lower().startswith(text.lower())), 0)
