"""The rows of a table, each read as a draft of a session or noted with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cpd.shared.dates import weekdays_in
from cpd.shared.reading import LONGEST_TEXT, Findings, Unreadable, is_blank, is_unsettled, quoted
from cpd.shared.tables import Columns, Row, Table
from cpd.timetable.reading import cells as cell
from cpd.timetable.reading.columns import FIELDS, columns_of, heading_of
from cpd.timetable.reading.drafts import Details, Draft, When
from cpd.timetable.reading.lines import speaks_of_a_date
from cpd.timetable.reading.modules import Modules
from cpd.timetable.reading.places import Places
from cpd.timetable.reading.values import Known, KnownModule
from cpd.timetable.reading.years import YearHeading, read_heading

DOES_NOT_DECIDE = ("title", "facilitator", "weekday")  # may be open without holding the row back
_T = TypeVar("_T")


def read_rows(table: Table, known: Known, saved: Mapping[str, str] | None, findings: Findings) -> list[Draft]:
    """Read the rows of a table; raises `TableRefused` where its columns do not make a timetable."""
    columns = columns_of(table.header, saved)
    for unknown in columns.unknown:
        findings.warn(table.header.number, unknown, "this column is not known and was not read")
    for remark in table.remarks:
        findings.warn(table.header.number, "sheet", remark)
    heading = _year_in_titles(table, findings)
    reader = _RowReader(columns, Modules(known.modules), Places(known.venues), findings, heading)
    return [draft for row in table.rows if (draft := reader.read(row))]


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads the rows of one table, one after another."""

    columns: Columns
    modules: Modules
    places: Places
    findings: Findings
    heading: YearHeading | None

    def read(self, row: Row) -> Draft | None:
        """Read a row; or note every reason why it cannot be read or must wait, and return None."""
        texts = {field: "" if is_blank(text := self.columns.cell(row, field)) else text for field in FIELDS}
        if not any(texts.values()) or self._waits(row, texts):
            return None
        before = len(self.findings.refused)
        module = self._attempt(row, "module", lambda: self._module(row, texts))
        when = self._when(row, texts)
        usual = module.default_venue if module else None
        written = texts["venue"], texts["room"] or (when.place if when else "")
        place = None
        if module or written[0]:
            place = self._attempt(row, "room", lambda: self.places.read(*written, usual))
        details = self._details(row, texts)
        if module is None or when is None or place is None or len(self.findings.refused) > before:
            return None
        for remark in place.remarks:
            self.findings.warn(row.number, self._heading("room"), remark)
        as_written, raw = " | ".join(filter(None, written)), " | ".join(filter(None, row.cells))
        headings = self.columns.headings
        return Draft(row.number, module.code, when, place, details, self.heading, headings, as_written, raw)

    def _waits(self, row: Row, texts: Mapping[str, str]) -> bool:
        """Hold the row back if something that decides what people book is still to be confirmed."""
        for field, text in texts.items():
            if field not in DOES_NOT_DECIDE and is_unsettled(text):
                reason = f"{quoted(text)} is not settled yet, so the row is held back"
                self.findings.hold_back(row.number, self._heading(field), reason)
                return True
        return False

    def _module(self, row: Row, texts: Mapping[str, str]) -> KnownModule:
        name, title = texts["module"], texts["title"]
        if not name and not title:
            raise Unreadable("no module is given")
        try:
            module = self.modules.get(name or title)
            belongs = is_unsettled(title) or not name or not title or self.modules.title_belongs(title, module)
        except Unreadable as unreadable:
            raise Unreadable(
                unreadable.reason, field=unreadable.field or ("module" if name else "title")
            ) from unreadable
        if not belongs:
            reason = f"{quoted(title)} is not among the names of {module.code}: read as {module.code}"
            self.findings.warn(row.number, self._heading("title"), reason)
        if not self.modules.is_certain(name or title):
            reason = f"{quoted(name or title)} is read as {module.code}"
            self.findings.warn(row.number, self._heading("module" if name else "title"), reason)
        return module

    def _when(self, row: Row, texts: Mapping[str, str]) -> When | None:
        written = self._attempt(row, "start_date", lambda: cell.written_when(texts))
        if written is None:
            return None
        if written.is_one_line:
            return self._attempt(row, "start_date", lambda: cell.read_when(written))
        runs = self._attempt(row, "start_date", lambda: cell.read_runs(written))
        span = self._attempt(row, "start_time", lambda: cell.read_times(written))
        return When(runs, span) if runs and span else None

    def _details(self, row: Row, texts: Mapping[str, str]) -> Details:
        return Details(
            self._attempt(row, "session_ref", lambda: cell.read_name(texts["session_ref"])),
            self._attempt(row, "capacity", lambda: cell.read_capacity(texts["capacity"])),
            self._attempt(row, "booking_opens", lambda: cell.read_one_date(texts["booking_opens"])),
            self._attempt(row, "booking_closes", lambda: cell.read_one_date(texts["booking_closes"])),
            self._attempt(row, "facilitator", lambda: self._facilitator(row, texts["facilitator"])),
            self._weekdays(row, texts["weekday"]),
        )

    def _facilitator(self, row: Row, text: str) -> str | None:
        if is_unsettled(text):
            reason = f"{quoted(text)} is taken as not given"
            self.findings.warn(row.number, self._heading("facilitator"), reason)
            return None
        return cell.read_name(text)

    def _weekdays(self, row: Row, text: str) -> frozenset[int]:
        try:
            return weekdays_in(text) if text else frozenset()
        except Unreadable as unreadable:
            reason = f"{unreadable.reason} and was not read"
            self.findings.warn(row.number, self._heading("weekday"), reason)
            return frozenset()

    def _heading(self, field: str) -> str:
        return heading_of(self.columns.headings, field)

    def _attempt(self, row: Row, field: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except Unreadable as unreadable:
            self.findings.refuse(row.number, self._heading(unreadable.field or field), unreadable.reason)
            return None


def _year_in_titles(table: Table, findings: Findings) -> YearHeading | None:
    """Find the year that the lines above the header say."""
    heading = None
    for row in table.titles:
        text = " ".join(filter(None, row.cells))
        try:
            if not speaks_of_a_date(text[:LONGEST_TEXT]):
                heading = read_heading(row.number, text) or heading
        except Unreadable as unreadable:
            findings.refuse(row.number, "heading", unreadable.reason)
    return heading
