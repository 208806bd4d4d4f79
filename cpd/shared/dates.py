"""Dates as people write them: `6 th and 7 th February`, `31.01.2019`, `31/1/19`, `Thu 31 Jan 2019`, ISO.

In figures the day stands before the month, always; a month in letters may stand first. A date may
lack its year: whoever reads it says which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date

from cpd.shared.reading import Unreadable, clean, quoted

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
YEARS = range(2000, 2100)
LEAP_YEAR = 2000

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
_BEFORE = rf"(?:(?P<before>{WEEKDAY})\.?\s*)?(?:the\s+)?"
_AFTER = rf"(?:\s*\(?(?P<after>{WEEKDAY})\)?)?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_FORMS = tuple(
    re.compile(_BEFORE + form + _AFTER, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?:\s*(?:of\s+)?(?P<month>{MONTH})\.?(?:\s*'?{_YEAR})?)?",
        rf"(?P<month_first>{MONTH})\.?\s*{_DAY}(?:\s+{_YEAR})?",
        rf"(?P<day>[0-9]{{1,2}})(?P<mark>[./])(?P<number>[0-9]{{1,2}})(?:(?P=mark){_YEAR})?",
        rf"(?P<day>[0-9]{{1,2}})-(?P<number>[0-9]{{1,2}})-{_YEAR}",
        r"(?P<year>[0-9]{4})-(?P<number>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
    )
)
_LABEL = re.compile(r"^(?:dates?|when)\s*:\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[;,&+|]|\band\b)\s*", re.IGNORECASE)
_UNTIL = re.compile(r"\s*(?:-|\bto\b|\buntil\b)\s*", re.IGNORECASE)
_TWO_DAYS = re.compile(rf"([0-9]{{1,2}})\s*/\s*([0-9]{{1,2}})(?=(?:\s?(?:st|nd|rd|th))?\s*{MONTH})", re.IGNORECASE)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_LONE_YEAR = re.compile(r"[0-9]{4}")
_LONE_WEEKDAY = re.compile(WEEKDAY, re.IGNORECASE)
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?$")
_FOUR_FIGURES = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_BARE = rf"(?:{WEEKDAY}\.?,?\s*)?(?:the\s+)?[0-9]{{1,2}}(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
_IN_LETTERS = (
    rf"{_BARE}\s*(?:of\s+)?{MONTH}\.?(?:,?\s*'?(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9./:])(?!\s*[ap]\.?m\b))?"
    rf"|(?:{WEEKDAY}\.?,?\s*)?{MONTH}\.?\s*[0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9.:])(?:,?\s+[0-9]{{4}})?"
)
_IN_FIGURES = (
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.|-[0-9]{1,2}-)(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}[./][0-9]{1,2}"
)
_WITHIN = re.compile(
    rf"(?<![0-9A-Za-z./:-])(?:{_BARE}\s*(?:[,&+/-]|\band\b|\bto\b)\s*)*"
    rf"(?:{_IN_LETTERS}|(?:{WEEKDAY}\.?,?\s*)?(?:{_IN_FIGURES}))(?![0-9])(?:\s*\({WEEKDAY}\))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """One date as written; `month` 0 and `year` None are not said. `month_first` as in `February 6`."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    month_first: bool = False

    def on(self, year: int | None = None) -> date:
        """Give the calendar date in its own year, or else in this one, and check the weekday written with it.

        Raises `Unreadable` where the weekday is another: one of the two is a slip, and nobody can say which.
        """
        day = self.in_year(self.year or year or 0)
        if self.weekday is not None and self.weekday != day.weekday():
            raise Unreadable(f"{say(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[self.weekday]}")
        return day

    def in_year(self, year: int) -> date:
        """Give the calendar date in a year; raises `Unreadable` on 29 February of a common year."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            raise Unreadable(f"{self.day} {MONTHS[self.month - 1]} {year} is not a date") from None


@dataclass(frozen=True, slots=True)
class Run:
    """One date, or all dates from `first` to `last`."""

    first: WrittenDate
    last: WrittenDate | None = None


def read_day(text: str, years: Container[int] = YEARS) -> date:
    """Read a cell that holds one whole date, its year with four figures; raises `Unreadable` for anything else.

    A spreadsheet may have written midnight after it.
    """
    written = _MIDNIGHT.sub("", text.strip())
    runs = read_dates(written, years)
    day = runs[0].first
    if len(runs) > 1 or runs[0].last:
        raise Unreadable(f"{quoted(text)} is more than one date")
    if day.year is None or not _FOUR_FIGURES.search(written):
        raise Unreadable(f"{quoted(text)} does not give the year with four figures: write it like 31/01/2019")
    return day.on()


def read_dates(text: str, years: Container[int] = YEARS) -> tuple[Run, ...]:
    """Read one date, several, or from one to another; raises `Unreadable` unless all of the text is understood."""
    line = _TWO_DAYS.sub(r"\1 & \2", _LABEL.sub("", clean(text.strip().replace("\n", "; "))))
    if not line:
        raise Unreadable("no date is given")
    if _SERIAL.fullmatch(line):
        raise Unreadable(f"{quoted(text)} is how a spreadsheet stores a date: give the column the format of a date")
    runs = _with_months([_read_run(part, text) for part in _parts(line)], text)
    for one in (one for run in runs for one in (run.first, run.last) if one and one.year is not None):
        if one.year not in years:
            raise Unreadable(f"the year {one.year} cannot be right")
    return runs


def dates_in(line: str) -> Iterator[tuple[int, int]]:
    """Find where in a cleaned line of prose something is written like a date, or like several of a month."""
    for found in _WITHIN.finditer(line):
        yield found.start(), found.end()


def weekdays_in(text: str) -> frozenset[int]:
    """Read the weekdays named in a cell that names nothing else (Monday is 0)."""
    parts = [part for part in _BETWEEN.split(clean(text)) if part]
    if not parts or not all(_LONE_WEEKDAY.fullmatch(part.rstrip(".")) for part in parts):
        raise Unreadable(f"{quoted(text)} is not a weekday")
    return frozenset(_weekday(part) for part in parts)


def say(day: date) -> str:
    """Write a date for people: 31 January 2019."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_number(name: str) -> int:
    """Give the number of a month named in letters."""
    return next(number for number, month in enumerate(MONTHS, start=1) if month[:3].lower() == name[:3].lower())


def _parts(line: str) -> list[str]:
    """Divide a list of dates; `Thursday, 31 January, 2019` stays one."""
    parts: list[str] = []
    weekday = ""
    pieces = _BETWEEN.split(line)
    for piece in pieces:
        if _LONE_WEEKDAY.fullmatch(piece) and not weekday:
            weekday = f"{piece} "
        elif _LONE_YEAR.fullmatch(piece) and parts and not weekday:
            parts[-1] += f" {piece}"
        else:
            parts.append(weekday + piece)
            weekday = ""
    return [*parts, weekday] if weekday else parts


def _read_run(part: str, text: str) -> Run:
    if one := _read_one(part):
        return Run(one)
    for until in _UNTIL.finditer(part):
        first, last = _read_one(part[: until.start()]), _read_one(part[until.end() :])
        if first and last:
            return Run(first, last)
    raise Unreadable(f"{quoted(text)} is not a date: write it like 31 January 2019, and several with commas between")


def _read_one(part: str) -> WrittenDate | None:
    found = next(filter(None, (form.fullmatch(part.strip()) for form in _FORMS)), None)
    if found is None:
        return None
    groups = found.groupdict()
    named = groups.get("month") or groups.get("month_first")
    month = month_number(named) if named else int(groups.get("number") or 0)
    if groups.get("number") and not 1 <= month <= len(MONTHS):
        raise Unreadable(f"{quoted(part)} is not a date: the day stands first, then the month")
    weekdays = {_weekday(name) for name in (groups["before"], groups["after"]) if name}
    if len(weekdays) > 1:
        raise Unreadable(f"{quoted(part)} names two weekdays")
    weekday = next(iter(weekdays), None)
    return WrittenDate(int(groups["day"]), month, _year(groups.get("year")), weekday, bool(groups.get("month_first")))


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written) + (2000 if len(written) == 2 else 0)  # noqa: PLR2004 - two figures


def _weekday(name: str) -> int:
    return next(number for number, day in enumerate(WEEKDAYS) if day[:3].lower() == name[:3].lower())


def _with_months(runs: list[Run], text: str) -> tuple[Run, ...]:
    """Give `6th` in `6th and 7th February` its month: that of the next date which names one, or of a month in front."""
    written = [one for run in runs for one in (run.first, run.last) if one]
    for at in reversed(range(len(written) - 1)):
        if not written[at].month and not written[at + 1].month_first:
            written[at] = replace(written[at], month=written[at + 1].month)
    for at in range(1, len(written)):
        if not written[at].month and written[at - 1].month_first:
            written[at] = replace(written[at], month=written[at - 1].month, month_first=True)
    for one in written:
        if not one.month:
            raise Unreadable(f"{quoted(text)} does not say which month")
        try:
            one.in_year(LEAP_YEAR)
        except Unreadable:
            raise Unreadable(f"{one.day} {MONTHS[one.month - 1]} is not a date") from None
    complete = iter(written)
    return tuple(Run(next(complete), next(complete) if run.last else None) for run in runs)
