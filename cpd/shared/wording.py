"""Dates and times as people say them, on the wall clock of the field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cpd.shared.clock import in_london

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(on: date | datetime, *, year: bool = False) -> str:
    """`Tuesday 15 January`, with the year where it matters."""
    on = _date(on)
    words = f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"
    return f"{words} {on.year}" if year else words


def date_words(on: date | datetime) -> str:
    """`15 January 2019`."""
    on = _date(on)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date | datetime) -> str:
    """`Tue 15 Jan`."""
    on = _date(on)
    return f"{DAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1][:3]}"


def time_words(at: datetime) -> str:
    """`9:30am`, `1pm`, `midday`, `midnight`, in the manner of GOV.UK."""
    at = in_london(at)
    if (at.hour, at.minute) in ((12, 0), (0, 0)):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'pm' if at.hour >= 12 else 'am'}"  # noqa: PLR2004 - noon


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """`9:30am to 12:30pm`."""
    return f"{time_words(starts_at)} to {time_words(ends_at)}"


def days_words(days: Iterable[tuple[datetime, datetime]]) -> str:
    """`Thursday 31 January and Friday 1 February, 9:30am to 4:30pm`; different times are given apart."""
    spans: dict[str, list[str]] = {}
    for starts_at, ends_at in days:
        spans.setdefault(span_words(starts_at, ends_at), []).append(day_words(starts_at))
    return "; ".join(f"{and_words(on)}, {span}" for span, on in spans.items())


def and_words(parts: Iterable[str], last: str = "and") -> str:
    """`Module 1, Module 2 and Module 3`."""
    *most, final = list(parts) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")  # noqa: PLR2004
    return f"{number}{ending}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 place`, `2 places`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _date(on: date | datetime) -> date:
    """Return the date in the United Kingdom."""
    return in_london(on).date() if isinstance(on, datetime) else on


FILTERS = {
    "day_words": day_words,
    "date_words": date_words,
    "short_day": short_day,
    "time_words": time_words,
    "and_words": and_words,
    "ordinal": ordinal,
}
