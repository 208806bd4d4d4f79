"""A timetable as plain text, the way a Word appendix gives it.

    Module 6 - Practical Simulation
    University of Northumbria, Coach Lane Campus
    31st January & 1st February - 9.30am to 4.30pm (UNN, Coach Lane Campus)

A module's heading, perhaps a line with its usual venue, then a line per session. A line that speaks
of a date or a time must be understood whole; any other line below a heading and above its first
session must be the venue, or the venue of all of them would be guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cpd.shared.reading import LONGEST_TEXT, Findings, Unreadable, clean, is_unsettled, quoted
from cpd.timetable.reading.drafts import Draft, When
from cpd.timetable.reading.lines import read_line, speaks_of_a_date, speaks_of_a_time
from cpd.timetable.reading.modules import Modules
from cpd.timetable.reading.places import Place, Places
from cpd.timetable.reading.values import Known, KnownModule
from cpd.timetable.reading.years import YearHeading, read_heading

_BULLET = re.compile(r"^(?:[•·▪●◦‣*o]\s+|-\s+)")
_LABEL = re.compile(r"^(?:dates?|times?|venue|location|dates? and times?)\s*:?$", re.IGNORECASE)


def read_lines(text: str, known: Known, findings: Findings) -> list[Draft]:
    """Read the lines of a pasted timetable, each as a draft or noted with what is wrong with it."""
    reader = _LineReader(Modules(known.modules), Places(known.venues), findings)
    return [draft for row, line in enumerate(text.splitlines(), start=1) if (draft := reader.read(row, line))]


@dataclass(slots=True)
class _LineReader:
    """Reads one line after another and keeps what the lines above said."""

    modules: Modules
    places: Places
    findings: Findings
    module: KnownModule | None = None
    venue: str | None = None
    heading: YearHeading | None = None
    below_heading: bool = False  # of a module whose first session is still to come
    lost: bool = False  # below a module's heading that was refused
    venue_open: bool = False  # the venue is still to be confirmed

    def read(self, row: int, raw: str) -> Draft | None:
        """Read a line; what it says besides a session is remembered for the lines below."""
        line = _BULLET.sub("", clean(raw))
        if not line or _LABEL.match(line):
            return None
        try:
            return self._read(row, line, raw)
        except Unreadable as unreadable:
            self.findings.refuse(row, unreadable.field or "line", unreadable.reason)
            return None

    def _read(self, row: int, line: str, raw: str) -> Draft | None:
        if len(line) > LONGEST_TEXT:
            raise Unreadable(f"a line of more than {LONGEST_TEXT} characters is not part of a timetable")
        dated = speaks_of_a_date(line) or speaks_of_a_time(line)
        if self.modules.is_heading(line) and not (dated and self.modules.find(line) is None):
            self._enter(row, line)
        elif is_unsettled(line) and (self.module or self.lost):
            self._wait(row, line, dated)
        elif not dated and (heading := read_heading(row, line)):
            self.heading = heading
        elif dated:
            return self._session(row, line, raw)
        elif not self._take_as_venue(line):
            self.findings.warn(row, "line", f"{quoted(line)} was not read")
        return None

    def _wait(self, row: int, line: str, dated: bool) -> None:
        """Hold a line back; one that stands where the venue does leaves open where all below it are held."""
        self.findings.hold_back(row, "line", f"{quoted(line)} is not settled yet, so it is held back")
        if self.below_heading and not dated:
            self.venue, self.venue_open = None, True

    def _enter(self, row: int, line: str) -> None:
        """Begin a module; its venue is its usual one until a line says otherwise."""
        self.module, self.venue, self.venue_open = None, None, False
        self.below_heading, self.lost = True, True
        try:
            self.module = self.modules.get(line)
        except Unreadable as unreadable:
            raise Unreadable(unreadable.reason, field="module") from unreadable
        self.venue, self.lost = self.module.default_venue, False
        if not self.modules.is_certain(line):
            self.findings.warn(row, "module", f"{quoted(line)} is read as {self.module.code}")

    def _take_as_venue(self, line: str) -> bool:
        if not (self.module and self.below_heading):
            return False
        venue = self.places.read_line(line)
        if venue is None and line.endswith("."):
            return False
        if venue is None:
            raise Unreadable(f"{quoted(line)} is not a known venue; {self.places.say_known()}", field="venue")
        self.venue = venue
        return True

    def _session(self, row: int, line: str, raw: str) -> Draft | None:
        if self.module is None and not self.lost:
            if not speaks_of_a_time(line):
                self.findings.warn(row, "line", f"{quoted(line)} was not read")
                return None
            raise Unreadable("no module's heading stands above this line", field="module")
        self.below_heading = False
        runs, span, written = read_line(line)
        if self.module is None:
            return None  # the heading is refused already; the line was read for its own mistakes
        place = self._place(row, written)
        if place is None:
            return None
        when = When(runs, span)
        return Draft(
            row, self.module.code, when, place, heading=self.heading, place_as_written=written, raw=raw.strip()
        )

    def _place(self, row: int, written: str) -> Place | None:
        try:
            place = self.places.read("", written, self.venue)
        except Unreadable as unreadable:
            if not (self.venue_open and unreadable.field == "venue"):
                raise
            self.findings.hold_back(row, "venue", "the venue above is not settled yet, so the line is held back")
            return None
        for remark in place.remarks:
            self.findings.warn(row, "room", remark)
        return place
