"""A row of a timetable that has been understood, but for the years of its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from cpd.shared.dates import Run, WrittenDate
from cpd.timetable.reading.columns import heading_of
from cpd.timetable.reading.places import Place
from cpd.timetable.reading.years import YearHeading


@dataclass(frozen=True, slots=True)
class When:
    """The dates and the times on each of them; `place` is what stood on the same line, if anything."""

    runs: tuple[Run, ...]
    span: tuple[time, time]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a row may say besides: all of it optional. `weekdays` are those of a column of weekdays."""

    session_ref: str | None = None
    capacity: int | None = None
    booking_opens: WrittenDate | None = None
    booking_closes: WrittenDate | None = None
    facilitator: str | None = None
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """What one row or line says. `columns` gives, for each field, the heading to name in a note."""

    row: int
    module: str
    when: When
    place: Place
    details: Details = Details()
    heading: YearHeading | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    place_as_written: str = ""
    raw: str = ""

    def column(self, name: str) -> str:
        """Give the heading of a field's column, as the person who wrote the file knows it."""
        return heading_of(self.columns, name)
