"""Reading timetables as councils really write them: tables in any wording, and text from a Word appendix.

Plain values in and out; nothing is guessed in silence (AMB-28). What cannot be understood is refused
with its row, column and reason, what is still to be confirmed is held back, and what was concluded
rather than written is reported as a warning.
"""

from __future__ import annotations

from collections.abc import Mapping

from cpd.shared.reading import Findings, Note, Unreadable
from cpd.shared.tables import MAX_BYTES, MAX_ROWS, TableRefused, check_size, decode, read_table
from cpd.timetable.reading.pasted import read_lines
from cpd.timetable.reading.rows import read_rows
from cpd.timetable.reading.sessions import finish
from cpd.timetable.reading.values import (
    Known,
    KnownModule,
    KnownRoom,
    KnownVenue,
    ReadDay,
    ReadSession,
    ReadTimetable,
)
from cpd.timetable.reading.years import check_year

__all__ = [
    "Known",
    "KnownModule",
    "KnownRoom",
    "KnownVenue",
    "Note",
    "ReadDay",
    "ReadSession",
    "ReadTimetable",
    "TableRefused",
    "read_pasted",
    "read_timetable",
]


def read_timetable(
    filename: str,
    content: bytes,
    known: Known,
    *,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
) -> ReadTimetable:
    """Read a timetable from a .csv, .xlsx, .xls, .ods or .txt file.

    `year` is for dates whose year neither their row nor a heading says; `mapping` (column heading to
    field, or to "" for a column to leave out) is what was saved about this council's columns. Raises
    `TableRefused` where the file as a whole cannot be read.
    """
    if filename.lower().endswith(".txt"):
        check_size(content)
        return read_pasted(decode(content), known, year=year)
    _check_year(year)
    findings = Findings()
    return finish(read_rows(read_table(filename, content), known, mapping, findings), year, findings)


def read_pasted(text: str, known: Known, *, year: int | None = None) -> ReadTimetable:
    """Read a timetable pasted as plain text; a note's row is its line. Raises `TableRefused`."""
    _check_year(year)
    if "\0" in text:
        raise TableRefused("The text holds NUL characters. Copy it again.")
    if not text.strip():
        raise TableRefused("There is no text.")
    if len(text) > MAX_BYTES or len(text.splitlines()) > MAX_ROWS:
        raise TableRefused(f"The text is too long: at most {MAX_ROWS:,} lines can be read.")
    findings = Findings()
    return finish(read_lines(text, known, findings), year, findings)


def _check_year(year: int | None) -> None:
    try:
        check_year(year)
    except Unreadable as unreadable:
        raise TableRefused(f"{unreadable.reason.capitalize()}.") from unreadable
