"""Reading a table of completions: what each row says, or why it cannot be taken. Plain Python, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from cpd.shared.dates import read_day
from cpd.shared.reading import Note, Suggestions, Unreadable, is_unsettled
from cpd.shared.tables import Columns, Row, Table, match_columns

ValueT = TypeVar("ValueT")

WORDINGS = {
    "email": ("e-mail", "email address", "e-mail address"),
    "module": ("module code", "course", "course code", "training"),
    "completed_on": ("completed", "completion date", "date completed", "date"),
    "source": ("where from", "evidence", "note"),
}
NOT_KNOWN = frozenset({"not known", "unknown"})
YEARS = range(1950, 2100)
LONGEST_SOURCE = 500


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
        self._suggestions = Suggestions()

    def person(self, text: str) -> tuple[int, int]:
        """Find a person's id and organisation by e-mail address."""
        if not text:
            raise Unreadable("is empty: an e-mail address is needed")
        if found := self.people.get(text.lower()):
            return found
        raise Unreadable(f"nobody has the e-mail address {text}{self._suggestion(text.lower(), self.people)}")

    def module(self, text: str, organisation_id: int | None) -> str:
        """Find a module's code by code or, among those of the person's organisation, by a name."""
        if not text:
            raise Unreadable("is empty: a module is needed")
        wanted = " ".join(text.casefold().split())
        if code := self._codes.get(wanted):
            return code
        named = self._names.get((organisation_id or 0, wanted), set())
        if len(named) == 1:
            return min(named)
        if named:
            raise Unreadable(f"{text} is the name of {' and of '.join(sorted(named))}: give the code")
        names = [name for owner, name in self._names if owner == organisation_id]
        raise Unreadable(f"there is no module {text}{self._suggestion(wanted, [*self._codes, *names])}")

    def day(self, text: str) -> date:
        """Read a day that is not in the future; one that is still to be confirmed holds its row back."""
        if is_unsettled(text) or text.casefold().strip(" .?") in NOT_KNOWN:
            raise _NotYetKnown("the day is still to be confirmed")
        on = read_day(text, YEARS)
        if on > self.today:
            raise Unreadable(f"{text} is in the future")
        return on

    def _suggestion(self, wrong: str, known: Iterable[str]) -> str:
        """Offer the nearest known word, if one is near."""
        nearest = self._suggestions.nearest(wrong, known)
        return f"; did you mean {self._as_written.get(nearest, nearest)}?" if nearest else ""


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
    except Unreadable as unreadable:
        read.refuse(row.number, column, unreadable.reason)
    except _NotYetKnown as not_yet:
        read.hold_back(row.number, column, str(not_yet))
    return None


def _source(text: str) -> str:
    """Take the words on where a completion is known from."""
    if len(text) > LONGEST_SOURCE:
        raise Unreadable(f"has {len(text)} characters; at most {LONGEST_SOURCE} can be kept")
    return text
