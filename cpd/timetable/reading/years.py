"""Which year a date is in that does not say it.

A row's own year goes first, then a heading (`Timetable January - March 2019`), then the year given
for the whole file, then the one year that other rows name. Within a timetable that begins late in
the year, the early months are the next year's: December, then January (AMB-28).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cpd.shared.dates import MONTH, MONTHS, YEARS, Run, WrittenDate, month_number, say
from cpd.shared.reading import Unreadable, clean, quoted

LONGEST_RUN_DAYS = 31
HALF_A_YEAR = timedelta(days=183)
MONTHS_IN_YEAR = 12
LONGEST_HEADING = 120

_YEAR = re.compile(r"\b(20[0-9]{2})(?:\s*[/-]\s*((?:20)?[0-9]{2})\b)?")
_MONTH = re.compile(rf"\b(?!may\b)((?i:{MONTH}))")  # you may book, but not "in may"
_ABOUT = re.compile(
    r"\b(?:timetable|programme|schedule|calendar|dates|sessions|training|terms?|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YearHeading:
    """A heading that says the year of what stands below it; `months`, the first and the last, where it says them."""

    row: int
    year: int
    months: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rule that gives each month its year: months before `first_month` are the next year's."""

    year: int
    first_month: int = 1
    last_month: int | None = None

    def year_of(self, month: int) -> int:
        """Give the year of a month; raises `Unreadable` for one that the heading does not speak of."""
        last = (self.first_month - 2) % MONTHS_IN_YEAR + 1 if self.last_month is None else self.last_month
        if (month - self.first_month) % MONTHS_IN_YEAR > (last - self.first_month) % MONTHS_IN_YEAR:
            named = f"{MONTHS[self.first_month - 1]} to {MONTHS[last - 1]}"
            raise Unreadable(f"the year is not given, and the heading speaks of {named} {self.year} only")
        return self.year + (month < self.first_month)


def read_heading(row: int, text: str) -> YearHeading | None:
    """Read the year from a heading line, or None where the line is none or says no year.

    A heading is short, has no full stop, and names a month or speaks of a timetable; that it has no
    date in it is for the caller to see. Raises `Unreadable` where it does not say which of its months
    the year goes with.
    """
    line = clean(text)
    years = _years_in(line)
    months = [month_number(name) for name in _MONTH.findall(line)]
    if len(line) > LONGEST_HEADING or line.endswith(".") or not years:
        return None
    if not months and not _ABOUT.search(line):
        return None
    turns = bool(months) and months[0] > months[-1]
    if turns != (len(years) > 1) and months:
        raise Unreadable(f"{quoted(text)} does not say which year its months are in")
    if years != list(range(years[0], years[0] + len(years))) or len(years) > 2:  # noqa: PLR2004 - this year and the next
        raise Unreadable(f"{quoted(text)} names more than one year")
    return YearHeading(row, years[0], (months[0], months[-1]) if len(months) > 1 else None)


def calendar_for(written: Sequence[WrittenDate], heading: YearHeading | None, year: int | None) -> Calendar:
    """Find the rule for a timetable's dates, which come in the order of its rows.

    Raises `Unreadable` where no year is said anywhere, or nothing says where the new year begins.
    """
    if heading and heading.months:
        return Calendar(heading.year, *heading.months)
    first_month = _first_month([one.month for one in written])
    if heading:
        return Calendar(heading.year, first_month)
    if year is not None:
        return Calendar(year, first_month)
    said = sorted({one.year - (one.month < first_month) for one in written if one.year is not None})
    if not said:
        raise Unreadable("the year is not given: write it with the date, in a heading, or give it for the whole file")
    if len(said) > 1:
        raise Unreadable(f"the year is not given, and other rows name {' and '.join(map(str, said))}")
    return Calendar(said[0], first_month)


def dates_of(runs: Sequence[Run], calendar: Calendar | Unreadable) -> tuple[date, ...]:
    """Give the calendar dates that a row's dates mean, in order; raises `Unreadable` with the reason."""
    written = [one for run in runs for one in (run.first, run.last) if one]
    settled = iter([one.on(_settle(at, written, calendar).year) for at, one in enumerate(written)])
    days: list[date] = []
    for run in runs:
        first = next(settled)
        days += _from_to(first, next(settled)) if run.last else [first]
    if len(set(days)) < len(days):
        raise Unreadable("the same date is written twice")
    return tuple(sorted(days))


def date_near(one: WrittenDate, day: date) -> date:
    """Give a date in its own year, or else in that in which its month is nearest to another day."""
    if one.year is not None:
        return one.in_year(one.year)
    years = (day.year - 1, day.year, day.year + 1)
    return one.in_year(min(years, key=lambda year: abs(date(year, one.month, 1) - day)))


def _years_in(line: str) -> list[int]:
    years = []
    for first, second in _YEAR.findall(line):
        years += [int(first)] + ([int(first[: 4 - len(second)] + second)] if second else [])
    return sorted(set(years))


def _first_month(months: Sequence[int]) -> int:
    """Find where a timetable's year begins: January, unless it starts late and its longest pause says otherwise."""
    used = sorted(set(months))
    if not used or months[0] == used[0]:
        return 1
    pauses = sorted(
        ((following - month) % MONTHS_IN_YEAR, following)
        for month, following in zip(used, [*used[1:], used[0]], strict=True)
    )
    if pauses[-1][0] == pauses[-2][0]:
        named = f"{MONTHS[months[0] - 1]} and {MONTHS[used[0] - 1]}"
        raise Unreadable(f"the year is not given, and {named} could be of one year or of two: write it with the date")
    first = pauses[-1][1]
    return first if months[0] >= first else 1


def _settle(at: int, written: Sequence[WrittenDate], calendar: Calendar | Unreadable) -> date:
    """Give one of a row's dates its year: its own, that of a neighbour in the row, or the timetable's."""
    one = written[at]
    if one.year is not None:
        return one.in_year(one.year)
    later = next((other for other in written[at + 1 :] if other.year is not None), None)
    earlier = next((other for other in reversed(written[:at]) if other.year is not None), None)
    neighbour = later or earlier
    if neighbour is None or neighbour.year is None:
        if isinstance(calendar, Unreadable):
            raise calendar
        return one.in_year(calendar.year_of(one.month))
    fixed = neighbour.in_year(neighbour.year)
    found = one.in_year(fixed.year)
    if later and found - fixed > HALF_A_YEAR:
        return one.in_year(fixed.year - 1)
    if not later and fixed - found > HALF_A_YEAR:
        return one.in_year(fixed.year + 1)
    return found


def _from_to(first: date, last: date) -> list[date]:
    if last < first:
        raise Unreadable(f"it ends on {say(last)}, before it starts on {say(first)}", field="end_date")
    days = (last - first).days + 1
    if days > LONGEST_RUN_DAYS:
        reason = f"{say(first)} to {say(last)} are {days} days: more than {LONGEST_RUN_DAYS} cannot be right"
        raise Unreadable(reason, field="end_date")
    return [first + timedelta(days=passed) for passed in range(days)]


def check_year(year: int | None) -> None:
    """Raise `Unreadable` for a year given for the whole file that cannot be right."""
    if year is not None and year not in YEARS:
        raise Unreadable(f"the year {year} cannot be right")
