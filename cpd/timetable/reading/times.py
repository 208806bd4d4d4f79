"""Times of day as people write them: `12.00 to 2.00pm`, `9.00am - 11.00am`, `0930-1230`, noon.

A time that has no am or pm takes the half of the day that makes the shortest positive span with the
other one (AMB-28: `12.00 to 2.00pm` is two hours from noon). Where neither has one, both are read by
the 24-hour clock, unless that would have to be guessed: `1.30 to 4.30` is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from cpd.shared.reading import Unreadable, clean, quoted

TOO_LONG_TO_INFER_MINUTES = 12 * 60
NOON = 12
DAY_HOURS = 24
MORNING_HOURS = range(8, 13)  # without am or pm, only these hours can be nothing but a morning's

_HALF = r"[ap]\.?\s?m\b\.?"
_MIDDAY = r"(?:12(?:[.:]00)?\s*)?(?:noon|midday)"
_TIME = rf"(?:{_MIDDAY}|[0-9]{{1,2}}(?:[.:]?[0-9]{{2}}(?::00)?)?(?:\s*(?:{_HALF}|hrs?|hours|h))?)"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z./:])", r"(?![0-9A-Za-z])(?![./:][0-9])"
_TO = r"\s*(?:-|\bto\b|\buntil\b|\btill?\b)\s*"
_SPAN = re.compile(rf"{_BEFORE}({_TIME}){_AFTER}{_TO}({_TIME}){_AFTER}", re.IGNORECASE)
_PARTS = re.compile(
    rf"(?P<hour>[0-9]{{1,2}})(?:(?P<mark>[.:])?(?P<minute>[0-9]{{2}})(?::00)?)?\s*(?:(?P<half>{_HALF})|(?P<hours>hrs?|hours|h))?",
    re.IGNORECASE,
)
_NOON = re.compile(_MIDDAY, re.IGNORECASE)
_LABEL = re.compile(r"^(?:from|times?:?)\s+", re.IGNORECASE)
_FRACTION = re.compile(r"0\.(?:[0-9]{3,}|5)")
_YEAR = re.compile(r"20[0-9]{2}")
_HOW = "write it like 9.30am or 13:30"


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """One time as written; `half` is am, pm or empty, `by_24_hours` that it can be read in one way only."""

    hour: int
    minute: int
    half: str
    by_24_hours: bool
    text: str

    def readings(self, other: WrittenTime) -> list[int]:
        """Give the minutes after midnight that this may mean beside the other time."""
        if self.half:
            return [(self.hour % NOON + (NOON if self.half == "pm" else 0)) * 60 + self.minute]
        if not 1 <= self.hour <= NOON:
            return [self.hour * 60 + self.minute]
        if other.half:
            return [self.hour % NOON * 60 + self.minute, (self.hour % NOON + NOON) * 60 + self.minute]
        if self.by_24_hours:
            return [self.hour * 60 + self.minute]
        raise Unreadable(f"{quoted(self.text)} does not say am or pm: {_HOW}")


def read_time(text: str) -> WrittenTime:
    """Read one time of day; raises `Unreadable` for `half nine`, `25:00` and the like."""
    line = clean(text)
    if _NOON.fullmatch(line):
        return WrittenTime(NOON, 0, "pm", by_24_hours=True, text=line)
    if _FRACTION.fullmatch(line):
        return _from_fraction(line)
    parts = _PARTS.fullmatch(line)
    if parts is None:
        raise Unreadable(f"{quoted(text)} is not a time: {_HOW}")
    half = (parts["half"] or "").replace(".", "").replace(" ", "").lower()
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    if hour >= DAY_HOURS or minute >= 60 or (half and hour == 0) or (half == "am" and hour > NOON):  # noqa: PLR2004
        raise Unreadable(f"{quoted(text)} is not a time: {_HOW}")
    if hour > NOON:
        half = ""  # 13.30pm
    four_digits = parts["minute"] is not None and parts["mark"] is None and len(parts["hour"]) > 1
    certain = bool(parts["hours"]) or four_digits or (parts["minute"] is not None and _is_certain(parts["hour"]))
    return WrittenTime(hour, minute, half, certain, line)


def read_span(text: str) -> tuple[WrittenTime, WrittenTime]:
    """Read a start and an end written together; `settle` gives the times that they mean."""
    span = _SPAN.fullmatch(_LABEL.sub("", clean(text)))
    if span is None:
        raise Unreadable(f"{quoted(text)} does not give a start and an end: write it like 9.30am to 12.30pm")
    return read_time(span[1]), read_time(span[2])


def is_span(text: str) -> bool:
    """Say whether a text is written as a start and an end."""
    return _SPAN.fullmatch(_LABEL.sub("", clean(text))) is not None


def settle(first: WrittenTime, last: WrittenTime) -> tuple[time, time]:
    """Decide which start and end two written times mean together (AMB-28)."""
    starts, ends = first.readings(last), last.readings(first)
    spans = sorted((end - start, start, end) for start in starts for end in ends if end > start)
    both = f"{quoted(first.text)} to {quoted(last.text)}"
    if not spans:
        raise Unreadable(f"{both} ends before it starts, or at once")
    length, start, end = spans[0]
    if length >= TOO_LONG_TO_INFER_MINUTES and len(starts) + len(ends) > 2:  # noqa: PLR2004 - one reading each
        raise Unreadable(f"{both} could mean more than one thing: write am or pm with both")
    return time(*divmod(start, 60)), time(*divmod(end, 60))


def spans_in(line: str) -> Iterator[tuple[int, int, tuple[time, time] | Unreadable]]:
    """Find every place in a cleaned line that is written as a span: where it begins and ends, and its times.

    Instead of times that make no span comes the reason. Two bare numbers are never times here
    (`6-7 February`), and no span begins with what could be a year (`2019 - 2030`).
    """
    at = 0
    while span := _SPAN.search(line, at):
        at = span.start() + 1
        first, last = span[1], span[2]
        bare = len(first) < 3 and first.isdigit()  # noqa: PLR2004 - no minutes
        if _YEAR.fullmatch(first) or (bare and last.isdigit()):
            continue
        try:
            yield span.start(), span.end(), settle(read_time(first), read_time(last))
        except Unreadable as unreadable:
            yield span.start(), span.end(), unreadable


def _is_certain(hour: str) -> bool:
    return hour.startswith("0") or int(hour) in MORNING_HOURS


def _from_fraction(text: str) -> WrittenTime:
    """Read the fraction of a day that a spreadsheet shows for a time in a column without a format."""
    minutes = float(text) * DAY_HOURS * 60
    if abs(minutes - round(minutes)) > 0.01 or round(minutes) >= DAY_HOURS * 60:  # noqa: PLR2004 - under a second
        raise Unreadable(f"{quoted(text)} is not a time: {_HOW}")
    return WrittenTime(*divmod(round(minutes), 60), half="", by_24_hours=True, text=text)
