"""Reading HR's file of people: typed rows, and what is wrong with a cell by row, column and reason.

Plain values in and out. What a single file can tell is looked at here; what depends on who is known
already (managers, addresses in use, organisations) is looked at by `importing`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from email_validator import EmailNotValidError, validate_email

from cpd.shared.dates import read_day
from cpd.shared.reading import Note, Unreadable
from cpd.shared.roles import Role
from cpd.shared.tables import Columns, Row, Table, match_columns, read_table

STAFF_TYPES = ("employee", "agency", "student", "apprentice", "partner")
YEARS = range(1900, 2200)
LONGEST = 200
DECIMALS = 3

WORDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "organisation": ("organisation code", "employer", "council"),
        "employee_number": ("employee no", "employee id", "staff number", "payroll number", "personnel number"),
        "email": ("e-mail", "email address", "e-mail address", "work email"),
        "name": ("full name", "employee name"),
        "team": ("team name",),
        "manager_employee_number": ("manager number", "manager", "line manager number", "line manager"),
        "roles": ("role",),
        "career_level": ("level",),
        "staff_type": ("type", "employment type"),
        "fte": ("full time equivalent", "whole time equivalent", "wte"),
        "qualified_on": ("qualified", "qualification date"),
        "registered_on": ("registered", "registration date"),
        "starts_on": ("start date", "starts", "post start date"),
        "leaves_on": ("leaving date", "leaves", "leaver date", "end date"),
    }
)
REQUIRED = ("organisation", "employee_number", "email", "name")

_FTE = re.compile(r"[0-9]*[.,]?[0-9]+")


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """One row as it was read; an empty cell is the empty value of its kind. `leaves_on` is her last day."""

    row: int
    organisation: str
    employee_number: str
    email: str
    name: str
    team: str
    manager_employee_number: str
    roles: frozenset[Role]
    career_level: str
    staff_type: str
    fte: Decimal
    qualified_on: date | None
    registered_on: date | None
    starts_on: date | None
    leaves_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes this person herself: her organisation's code and her employee number."""
        return self.organisation, self.employee_number


@dataclass(frozen=True, slots=True)
class ReadPeople:
    """What a file says. `rows_of` gives the row of each person it names, those that were refused included.

    A column that the file does not have says nothing about anybody.
    """

    people: tuple[ReadPerson, ...]
    refused: tuple[Note, ...]
    columns: Columns
    rows_of: Mapping[tuple[str, str], int]

    def says(self, field: str) -> bool:
        """Say whether the file has a column for this."""
        return field in self.columns.positions


def read_people(filename: str, content: bytes) -> ReadPeople:
    """Read people from a .csv, .xlsx, .xls or .ods file. Raises `TableRefused` where it cannot be read as a whole."""
    return people_in(read_table(filename, content))


def people_in(table: Table) -> ReadPeople:
    """Read each row of a table. Raises `TableRefused` where a column that must be there is missing."""
    columns = match_columns(table.header.cells, WORDINGS, required=REQUIRED)
    read = [_row(row, columns) for row in table.rows]
    notes = [note for _, row_notes in read for note in row_notes]
    notes += _twice(read, columns, "employee_number", ("organisation", "employee_number"))
    notes += _twice(read, columns, "email", ("email",))
    refused_rows = {note.row for note in notes}
    people = [ReadPerson(**values) for values, _ in read if values["row"] not in refused_rows]
    rows_of = {
        (values["organisation"], values["employee_number"]): values["row"]
        for values, _ in read
        if values.keys() >= {"organisation", "employee_number"}
    }
    return ReadPeople(tuple(people), tuple(sorted(notes, key=lambda note: note.row)), columns, rows_of)


def _row(row: Row, columns: Columns) -> tuple[dict[str, Any], list[Note]]:
    """Read what can be read of a row, and note the rest."""
    values: dict[str, Any] = {"row": row.number}
    notes = []
    for field, read in READERS.items():
        try:
            values[field] = _cell(columns.cell(row, field), field, read)
        except Unreadable as unreadable:
            notes.append(Note(row.number, columns.heading(field), unreadable.reason))
    starts_on, leaves_on = values.get("starts_on"), values.get("leaves_on")
    if starts_on and leaves_on and leaves_on < starts_on:
        notes.append(Note(row.number, columns.heading("leaves_on"), "she would leave before she starts"))
    return values, notes


def _cell(text: str, field: str, read: Callable[[str], Any]) -> Any:
    """Read one cell, once it is sure to be plain text of a bounded length."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text and field in REQUIRED:
        raise Unreadable("this cell must be filled in")
    if len(text) > LONGEST:
        raise Unreadable(f"at most {LONGEST} characters can be kept")
    if not text.isprintable():
        raise Unreadable("it holds a character that cannot be printed; type it again")
    if text.startswith(("=", "+", "@")):
        raise Unreadable("this is a formula; write the value that it gives")
    return read(text)


def _twice(
    read: list[tuple[dict[str, Any], list[Note]]], columns: Columns, field: str, parts: tuple[str, ...]
) -> list[Note]:
    """Note each row whose value another row has too: which of them is right cannot be told from here."""
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for values, _ in read:
        if values.keys() >= set(parts):
            rows[tuple(values[part] for part in parts)].append(values["row"])
    heading = columns.heading(field)
    return [
        Note(row, heading, f"row {same[0] if row != same[0] else same[1]} says the same; each must be somebody else's")
        for same in rows.values()
        if len(same) > 1
        for row in same
    ]


def _code(text: str) -> str:
    return text.casefold()


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as wrong:
        raise Unreadable("this is not an e-mail address; write it like name@example.com") from wrong


def _roles(text: str) -> frozenset[Role]:
    named = [re.sub(r"[\s-]+", "_", part.strip()).casefold() for part in re.split(r"[;,]", text)]
    known = {role.value: role for role in Role}
    if strange := sorted({name for name in named if name and name not in known}):
        raise Unreadable(f"there is no role {', '.join(strange)}; the roles are {', '.join(known)}")
    return frozenset(known[name] for name in named if name)


def _staff_type(text: str) -> str:
    kind = text.casefold() or STAFF_TYPES[0]
    if kind not in STAFF_TYPES:
        raise Unreadable(f"it must be one of {', '.join(STAFF_TYPES)}")
    return kind


def _fte(text: str) -> Decimal:
    """Read a share of full time exactly (AMB-39); an empty cell is full time."""
    if not text:
        return Decimal(1)
    if not _FTE.fullmatch(text):
        raise Unreadable("it must be a number between 0 and 1, such as 0.6")
    share = Decimal(text.replace(",", "."))
    if not 0 <= share <= 1:
        raise Unreadable("it must be between 0 and 1: full time is 1, three days of five are 0.6")
    if share != round(share, DECIMALS):
        raise Unreadable(f"write it with at most {DECIMALS} decimals, such as {round(share, DECIMALS)}")
    return share


def _date(text: str) -> date | None:
    return read_day(text, YEARS) if text else None


READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "organisation": _code,
        "employee_number": str,
        "email": _email,
        "name": str,
        "team": str,
        "manager_employee_number": str,
        "roles": _roles,
        "career_level": str,
        "staff_type": _staff_type,
        "fte": _fte,
        "qualified_on": _date,
        "registered_on": _date,
        "starts_on": _date,
        "leaves_on": _date,
    }
)
