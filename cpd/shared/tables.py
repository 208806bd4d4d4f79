"""A table that somebody sends us, as a CSV file or a workbook, read as rows of plain text.

Every importer reads through here, so that each of them takes the same files and refuses the same
ones in the same words. Nothing is interpreted: a cell is text, also one that begins with `=`.

A workbook is opened by a process of its own with bounded memory and time (this file, run as a
script): a few kilobytes can ask for any amount of either, and the process that serves pages must
outlive them.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import PurePath
from typing import TypedDict

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CHARACTERS = 20_000_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
WORKBOOK_MEMORY = 512 * 1024 * 1024
WORKBOOK_SECONDS = 20

WORKBOOKS = (".xlsx", ".xls", ".ods")
WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
BINARY_MAGIC = (*WORKBOOK_MAGIC, b"MZ", b"\x7fELF", b"%PDF", b"\x1f\x8b")
DELIMITERS = ",;\t"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Answer(TypedDict, total=False):
    """What the process apart writes: either `refused`, or both others."""

    refused: str
    rows: list[list[str]]
    remarks: list[str]


class TableRefused(ValueError):  # noqa: N818 - a refusal, as everywhere in this project
    """The file as a whole cannot be read; `reason` is a sentence that can be shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text cells, without blanks around them.

    `number` is the row as a spreadsheet shows it, from 1. In a CSV file it is the record, blank ones
    counted: a record whose cell holds a line break is still one row, as it is in a spreadsheet.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in the file: the header, the rows below it and the title lines above it.

    The header is the first row with two or more filled cells (or the first filled one, where no row
    has two). Blank rows are left out. `remarks` say what was not read: the other sheets.
    """

    header: Row
    rows: tuple[Row, ...]
    titles: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds which of our fields."""

    positions: Mapping[str, int]
    headings: Mapping[str, str]
    unknown: tuple[str, ...] = ()

    def cell(self, row: Row, field: str) -> str:
        """Return the row's text for a field; empty where the table has no such column."""
        position = self.positions.get(field)
        return "" if position is None or position >= len(row.cells) else row.cells[position]

    def heading(self, field: str) -> str:
        """Return the heading as the file words it, on one line, or our own name where it has no such column."""
        return self.headings.get(field, field)


def read_table(filename: str, content: bytes) -> Table:
    """Read a .csv, .xlsx, .xls or .ods file; raises `TableRefused` where that cannot be done."""
    check_size(content)
    kind = PurePath(filename).suffix.lower()
    if kind == ".csv":
        return _table(_csv_rows(decode(content)), ())
    if kind not in WORKBOOKS:
        raise TableRefused("Only .csv, .xlsx, .xls and .ods files can be read as a table.")
    if not content.startswith(WORKBOOK_MAGIC):
        raise TableRefused(f"The file is called {kind} but is no workbook. Save it from the spreadsheet again.")
    answer = _read_apart(content)
    if "refused" in answer:
        raise TableRefused(answer["refused"])
    return _table(answer["rows"], tuple(answer["remarks"]))


def check_size(content: bytes) -> None:
    """Raise `TableRefused` for an empty file and for one that is too large to be read."""
    if not content:
        raise TableRefused("The file is empty.")
    if len(content) > MAX_BYTES:
        size, most = len(content) / 1024 / 1024, MAX_BYTES // 1024 // 1024
        raise TableRefused(f"The file has {size:.1f} MB; at most {most} MB can be read. Divide it into smaller files.")


def decode(content: bytes) -> str:
    """Turn the bytes of a text file into text: UTF-8, or else Windows-1252 as Excel writes it."""
    if content.startswith(BINARY_MAGIC):
        raise TableRefused("The file is not plain text, whatever its name says.")
    if b"\0" in content:
        raise TableRefused("The file holds NUL characters. Save it again as CSV UTF-8 (or as plain text).")
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise TableRefused("The file's characters are neither UTF-8 nor Windows-1252. Save it again as CSV UTF-8.")


def match_columns(
    header: Sequence[str],
    wanted: Mapping[str, tuple[str, ...]],
    *,
    required: Collection[str] = (),
    saved: Mapping[str, str] | None = None,
) -> Columns:
    """Find the column of each wanted field, in any order, case and wording.

    `wanted` gives each field's other wordings, the likeliest first: a field's own name goes before
    them all, and of two columns that fit, the earlier wording wins and the other is unknown.
    `saved` (heading to field, or to "" for a column to leave out) goes before both. Raises
    `TableRefused` for a required field without a column and for two columns of the same wording.
    """
    claims = _claims(header, wanted, saved or {})
    found = {field: _best(field, claims, header) for field in wanted}
    positions = {field: at for field, at in found.items() if at is not None}
    if missing := [field for field in required if field not in positions]:
        raise TableRefused(f"There is no column for {', '.join(missing)}. The columns are: {list_headings(header)}.")
    taken = set(positions.values()) | {at for at, (claimed, _) in claims.items() if not claimed}
    unknown = tuple(_shown(heading) for at, heading in enumerate(header) if heading and at not in taken)
    return Columns(positions, {field: _shown(header[at]) for field, at in positions.items()}, unknown)


def list_headings(header: Sequence[str]) -> str:
    """List the headings that a table has, for somebody whose table lacks one."""
    return ", ".join(_shown(heading) for heading in header if heading)


def safe_cell(text: str) -> str:
    """Write a cell for a CSV export so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _claims(
    header: Sequence[str], wanted: Mapping[str, tuple[str, ...]], saved: Mapping[str, str]
) -> dict[int, tuple[str, int]]:
    """For each recognised column: the field that it claims, and how good the claim is (0 is best)."""
    if strange := sorted({field for field in saved.values() if field and field not in wanted}):
        raise TableRefused(f"The saved mapping names fields that do not exist: {', '.join(strange)}.")
    ranks: dict[str, tuple[str, int]] = {}
    for field, wordings in wanted.items():
        for rank, wording in enumerate((field, *wordings), start=1):
            ranks.setdefault(_plain(wording), (field, rank))
    ranks |= {_plain(heading): (field, 0) for heading, field in saved.items()}
    plain = (_plain(heading) for heading in header)
    return {at: ranks[heading] for at, heading in enumerate(plain) if heading in ranks}


def _plain(heading: str) -> str:
    """Reduce a heading to what it says: `Start_Date *` and `start-date` are one, and so are `Date(s)` and `dates`."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("(s)", "s")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _best(field: str, claims: Mapping[int, tuple[str, int]], header: Sequence[str]) -> int | None:
    """Choose the column with the best claim to a field, or None; two equally good ones are refused."""
    found = sorted((rank, at) for at, (claimed, rank) in claims.items() if claimed == field)
    if len(found) > 1 and found[0][0] == found[1][0]:
        pair = " and ".join(f'"{_shown(header[at])}"' for _, at in found[:2])
        raise TableRefused(f"Two columns could both be {field}: {pair}. Rename or remove one of them.")
    return found[0][1] if found else None


def _shown(text: str) -> str:
    """Show a heading or a name, shortened and on one line: headings are often broken into two."""
    line = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return f"{line[:40]}…" if len(line) > 40 else line  # noqa: PLR2004 - enough to find it


def _table(rows: Iterable[Sequence[str]], remarks: tuple[str, ...]) -> Table:
    filled = []
    for number, cells in enumerate(rows, start=1):
        row = Row(number, tuple(cell.strip() for cell in cells))
        if any(row.cells):
            filled.append(row)
        if any("\0" in cell for cell in row.cells):
            raise TableRefused(f"Row {number} holds a NUL character. Remove it and save the file again.")
    if not filled:
        raise TableRefused("The file has no rows.")
    top = next((at for at, row in enumerate(filled) if sum(map(bool, row.cells)) > 1), 0)
    header, body = filled[top], tuple(filled[top + 1 :])
    if len(body) > MAX_ROWS:
        raise TableRefused(f"The file has {len(body):,} rows; at most {MAX_ROWS:,} can be read. Divide it.")
    if len(header.cells) > MAX_COLUMNS:
        raise TableRefused(f"The file has {len(header.cells)} columns; at most {MAX_COLUMNS} can be read.")
    if wide := [str(row.number) for row in body if any(row.cells[len(header.cells) :])]:
        named = ", ".join(wide[:5]) + (" and others" if len(wide) > 5 else "")  # noqa: PLR2004 - enough to find them
        raise TableRefused(
            f"There are more cells than headings in row {named}. Put quotation marks round a cell that holds a comma."
        )
    return Table(header, body, tuple(filled[:top]), remarks)


def _csv_rows(text: str) -> list[list[str]]:
    delimiter = max(DELIMITERS, key=lambda candidate: _usual_width(text, candidate))
    reader = _reader(text, delimiter)
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, 2 * MAX_ROWS + 1))
    except csv.Error as error:
        raise TableRefused(f"Row {len(rows) + 1} is not well-formed CSV: {error}.") from error
    if len(rows) > 2 * MAX_ROWS:
        raise TableRefused(
            f"The file goes on beyond row {2 * MAX_ROWS:,}; at most {MAX_ROWS:,} can be read. Divide it."
        )
    return rows


def _usual_width(text: str, delimiter: str) -> int:
    """How many cells most of the first rows have, if this is what stands between them."""
    widths: Counter[int] = Counter()
    with suppress(csv.Error):
        for cells in islice(_reader(text, delimiter), 20):
            widths[len(cells)] += bool(cells)
    return widths.most_common(1)[0][0] if widths else 0


def _reader(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _read_apart(content: bytes) -> _Answer:
    """Have the workbook read by a process of its own: `rows` and `remarks`, or `refused`."""
    command = [sys.executable, "-I", __file__]
    with suppress(subprocess.TimeoutExpired, ValueError):
        done = subprocess.run(command, input=content, capture_output=True, timeout=WORKBOOK_SECONDS, check=False)  # noqa: S603 - our own file
        if done.returncode == 0:
            answer: _Answer = json.loads(done.stdout)
            return answer
    raise TableRefused("The workbook cannot be read: it is damaged, or far larger than it seems. Save it as CSV.")


def _answer() -> None:
    """Be the process apart: a workbook on standard input, its first filled sheet on standard output."""
    import resource

    with suppress(ValueError, OSError):  # a system that knows no such limit still has the time limit
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (WORKBOOK_MEMORY, WORKBOOK_MEMORY))
    try:
        rows, remarks = _first_filled_sheet(sys.stdin.buffer.read())
        sys.stdout.write(json.dumps({"rows": rows, "remarks": remarks}))
    except TableRefused as refused:
        sys.stdout.write(json.dumps({"refused": refused.reason}))


def _first_filled_sheet(content: bytes) -> tuple[list[list[str]], list[str]]:
    import python_calamine as calamine

    _check_unpacked_size(content)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise TableRefused("The workbook is protected by a password. Save it without one.") from error
    visible = calamine.SheetVisibleEnum.Visible
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == visible]
    filled = [(sheet, sheet.end) for sheet in map(workbook.get_sheet_by_name, names) if sheet.end]
    if not filled:
        raise TableRefused("The workbook has no visible sheet with anything on it.")
    others = [f'The sheet "{_shown(sheet.name)}" was not read.' for sheet, _ in filled[1:]]
    sheet, (last_row, last_column) = filled[0]
    if last_row > 2 * MAX_ROWS or last_column > MAX_COLUMNS:
        raise TableRefused(
            f"The sheet reaches to row {last_row + 1:,} and column {last_column + 1:,}; at most {MAX_ROWS:,} rows "
            f"and {MAX_COLUMNS} columns can be read. Delete what stands below and beside the table."
        )
    rows = [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _fill_merged(rows, sheet.merged_cell_ranges or [])
    if sum(len(cell) for row in rows for cell in row) > MAX_CHARACTERS:
        raise TableRefused(f"The sheet holds more than {MAX_CHARACTERS:,} characters. Divide it.")
    return rows, others


def _check_unpacked_size(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        most = MAX_UNPACKED_BYTES // 1024 // 1024
        raise TableRefused(f"The workbook unpacks to more than {most} MB. Save only the table, as CSV.")


def _fill_merged(rows: list[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give a cell merged downwards (one module beside its six dates) to each of its rows."""
    for (top, left), (bottom, right) in merged:
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _cell_text(cell: object) -> str:
    """Write a cell as text: 20.0 as 20, a date as 2019-01-31, a time of day as 09:30, both with a space between.

    Excel keeps a time as a fraction of a day, so it is rounded to the second that was meant.
    """
    write = next((write for kind, write in _WRITERS if isinstance(cell, kind)), str)
    return write(cell)


def _moment_text(moment: datetime) -> str:
    moment += timedelta(milliseconds=500)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def _time_text(at: time) -> str:
    return _moment_text(datetime.combine(date(2000, 1, 1), at)).split()[1]


def _duration_text(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


# A moment is a date and a truth value is a number, so they come first. Calamine gives whole numbers as floats.
_WRITERS: tuple[tuple[type, Callable[..., str]], ...] = (
    (bool, lambda cell: "TRUE" if cell else "FALSE"),
    (datetime, _moment_text),
    (date, date.isoformat),
    (time, _time_text),
    (timedelta, _duration_text),
    (float, _number_text),
)

if __name__ == "__main__":
    _answer()
