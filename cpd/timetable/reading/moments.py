"""Moments as people write them: `03/12/2018 14:05`, `3 December 2018 2.05pm`, `Mon, 3 Dec 2018 14:05:33 +0000`."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, time
from email.utils import parsedate_to_datetime

from cpd.shared.dates import Run, read_dates, read_day
from cpd.shared.reading import LONGEST_TEXT, Unreadable, clean, quoted
from cpd.timetable.reading.times import NOON, read_time
from cpd.timetable.reading.values import LONDON

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
_IN_A_HEADER = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})? [+-][0-9]{4}\b")
_OUR_ZONE = re.compile(r"\s+(?:GMT|BST)$")
_TIME_LAST = re.compile(
    r"(?P<date>.+?)(?:\s*,\s*|\s+)(?:at\s+|- ?)?"
    r"(?P<time>[0-9]{1,2}[.:][0-9]{2}(?P<seconds>:[0-9]{2})?(?:\s*[ap]\.?m\b\.?)?|[0-9]{1,2}\s*[ap]\.?m\b\.?|noon|midday)",
    re.IGNORECASE,
)


def read_moment(text: str) -> datetime:
    """Read a date with a time, or a date alone as the start of its day; without a zone it is London time.

    Raises `Unreadable`.
    """
    line = _OUR_ZONE.sub("", _bounded(text))
    if _ISO.match(line) or _IN_A_HEADER.search(line):
        read = datetime.fromisoformat if _ISO.match(line) else parsedate_to_datetime
        with suppress(ValueError):
            moment = read(line)
            return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
        raise Unreadable(f"{quoted(text)} is not a moment: write it like 03/12/2018 14:05")
    found = _TIME_LAST.fullmatch(line)
    if found is None:
        return datetime.combine(read_day(line), time(), LONDON)
    return datetime.combine(read_day(found["date"]), _time_of(found), LONDON)


def read_day_and_time(text: str) -> tuple[tuple[Run, ...], frozenset[time]]:
    """Read the dates of a cell and the times at which what is meant may begin; no times where none is said.

    A time without am or pm may be of either half of the day. Raises `Unreadable`.
    """
    line = _bounded(text)
    found = _TIME_LAST.fullmatch(line)
    return (read_dates(found["date"]), starts_at(found["time"])) if found else (read_dates(line), frozenset())


def starts_at(text: str) -> frozenset[time]:
    """Give the times that one written time may mean: two where it could be either half of the day."""
    written = read_time(re.sub(r"(:[0-9]{2}):[0-9]{2}$", r"\1", text.strip()))
    if written.half or written.by_24_hours or not 1 <= written.hour <= NOON:
        return frozenset(time(*divmod(minutes, 60)) for minutes in written.readings(written))
    return frozenset(time(written.hour % NOON + half, written.minute) for half in (0, NOON))


def _time_of(found: re.Match[str]) -> time:
    """Read the one time that ends a moment."""
    written = read_time(found["time"].removesuffix(found["seconds"] or ""))
    (minutes,) = written.readings(written)
    return time(*divmod(minutes, 60))


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"more than {LONGEST_TEXT} characters are not a date")
    return clean(text)
