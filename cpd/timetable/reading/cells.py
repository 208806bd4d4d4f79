"""What the cells of one row say together: when, for how many, and until when it can be booked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from cpd.shared.dates import Run, WrittenDate, read_dates
from cpd.shared.reading import LONGEST_TEXT, Unreadable, clean, quoted
from cpd.timetable.reading.drafts import When
from cpd.timetable.reading.lines import read_line
from cpd.timetable.reading.times import is_span, read_span, read_time, settle, spans_in

LARGEST_CAPACITY = 1000
LONGEST_NAME = 200

_CAPACITY = re.compile(
    r"(?:max(?:imum)?\.?\s*)?(-?[0-9]{1,9})(?:\s*(?:places|people|learners|delegates|seats))?", re.IGNORECASE
)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4})[ T]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
)
_MIDNIGHT = re.compile(r"0?0:00(?::00)?")


@dataclass(frozen=True, slots=True)
class WrittenWhen:
    """The texts that say when; empty where a cell is blank."""

    start_date: str
    start_time: str
    end_date: str
    end_time: str

    @property
    def is_one_line(self) -> bool:
        """Whether only the date's cell can say the times."""
        return not self.start_time and not self.end_time and any(True for _ in spans_in(clean(self.start_date)))


def written_when(texts: Mapping[str, str]) -> WrittenWhen:
    """Take the texts that say when from a row; a date's cell may hold the time too, as a spreadsheet's moment."""
    start_date, start_time = _date_and_time(texts, "start_date", "start_time")
    end_date, end_time = _date_and_time(texts, "end_date", "end_time")
    return WrittenWhen(start_date, start_time, end_date, end_time)


def read_when(when: WrittenWhen) -> When:
    """Read dates and times that stand together in the date's cell."""
    runs, span, place = read_line(when.start_date)
    return When(_until(runs, when.end_date), span, place)


def read_runs(when: WrittenWhen) -> tuple[Run, ...]:
    """Read the dates of a row; raises `Unreadable`, with the field at fault."""
    if not when.start_date:
        raise Unreadable("no date is given", field="start_date")
    return _until(read_dates(when.start_date), when.end_date)


def read_times(when: WrittenWhen) -> tuple[time, time]:
    """Read the start and the end of each day; raises `Unreadable`, with the field at fault."""
    if is_span(when.start_time):
        first, last = read_span(when.start_time)
        span = settle(first, last)
        if when.end_time and settle(first, read_time(when.end_time)) != span:
            raise Unreadable(f"{quoted(when.start_time)} ends at another time", field="end_time")
        return span
    if not when.start_time:
        raise Unreadable("no start time is given", field="start_time")
    first = read_time(when.start_time)
    if not when.end_time:
        raise Unreadable("no end time is given", field="end_time")
    try:
        return settle(first, read_time(when.end_time))
    except Unreadable as unreadable:
        raise Unreadable(unreadable.reason, field="end_time") from unreadable


def read_one_date(text: str) -> WrittenDate | None:
    """Read a cell that holds one date, or None from a blank one."""
    moment = _MOMENT.fullmatch(clean(text))
    runs = read_dates(moment[1] if moment and _MIDNIGHT.fullmatch(moment[2]) else text) if text else ()
    if len(runs) > 1 or any(run.last for run in runs):
        raise Unreadable(f"{quoted(text)} is more than one date")
    return runs[0].first if runs else None


def read_capacity(text: str) -> int | None:
    """Read the number of places, or None from a blank cell (AMB-27: unlimited)."""
    if not text:
        return None
    found = _CAPACITY.fullmatch(clean(text))
    if found is None:
        raise Unreadable(f"{quoted(text)} is not a number of places")
    if not 1 <= int(found[1]) <= LARGEST_CAPACITY:
        raise Unreadable(f"a session has from 1 to {LARGEST_CAPACITY} places, not {int(found[1])}")
    return int(found[1])


def read_name(text: str) -> str | None:
    """Read a name or a reference as it is written, or None from a blank cell."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise Unreadable(f"{quoted(text)} is longer than {LONGEST_NAME} characters")
    return name or None


def _date_and_time(texts: Mapping[str, str], date_field: str, time_field: str) -> tuple[str, str]:
    """Take a date's and a time's text; a date cell may hold a moment, as a spreadsheet writes one."""
    written, at = texts[date_field], texts[time_field]
    if len(written) > LONGEST_TEXT or len(at) > LONGEST_TEXT:
        raise Unreadable(f"more than {LONGEST_TEXT} characters are not a date or a time", field=date_field)
    moment = _MOMENT.fullmatch(clean(written))
    if moment is None:
        return written, at
    if at and not _MIDNIGHT.fullmatch(moment[2]):
        raise Unreadable(f"{quoted(written)} gives a time too, beside {quoted(at)}", field=date_field)
    return moment[1], at or ("" if _MIDNIGHT.fullmatch(moment[2]) else moment[2])


def _until(runs: tuple[Run, ...], end_date: str) -> tuple[Run, ...]:
    """Carry one date on to the end date; several dates must end on it already."""
    try:
        end = read_one_date(end_date)
    except Unreadable as unreadable:
        raise Unreadable(unreadable.reason, field="end_date") from unreadable
    if end is None:
        return runs
    last = runs[-1].last or runs[-1].first
    if len(runs) == 1 and not runs[0].last:
        return (Run(runs[0].first, end),)
    if (last.day, last.month) != (end.day, end.month):
        raise Unreadable(f"{quoted(end_date)} is not the last of the dates given", field="end_date")
    return runs
