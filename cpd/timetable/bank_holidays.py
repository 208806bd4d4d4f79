"""The bank holidays of England and Wales: by rule, and as they were moved or added by proclamation."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

MONDAY, SATURDAY = 0, 5

MOVED = {
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
"""Holidays that were held on another day: for three jubilees, and for VE Day's 75th anniversary."""

ADDED = {
    date(2002, 6, 3): "Golden Jubilee",
    date(2011, 4, 29): "Royal wedding",
    date(2012, 6, 5): "Diamond Jubilee",
    date(2022, 6, 3): "Platinum Jubilee",
    date(2022, 9, 19): "State funeral",
    date(2023, 5, 8): "Coronation",
}


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> dict[date, str]:
    """Return the bank holidays of a year with their names; one that falls on a weekend is on the next free weekday."""
    easter = _easter(year)
    fixed = {
        date(year, 1, 1): "New Year's Day",
        date(year, 12, 25): "Christmas Day",
        date(year, 12, 26): "Boxing Day",
    }
    found = {
        easter - timedelta(days=2): "Good Friday",
        easter + timedelta(days=1): "Easter Monday",
        _monday_from(date(year, 5, 1)): "Early May",
        _monday_from(date(year, 5, 25)): "Spring",
        _monday_from(date(year, 8, 25)): "Summer",
    }
    found = {MOVED.get(on, on): name for on, name in found.items()}
    weekends = [(on, name) for on, name in fixed.items() if on.weekday() >= SATURDAY]
    found |= {on: name for on, name in fixed.items() if on.weekday() < SATURDAY}
    for on, name in weekends:
        found[_next_free_weekday(on, found)] = f"{name} (substitute day)"
    return found | {on: name for on, name in ADDED.items() if on.year == year}


def _next_free_weekday(on: date, taken: dict[date, str]) -> date:
    """Find the first weekday after a weekend that is no holiday itself."""
    while on.weekday() >= SATURDAY or on in taken:
        on += timedelta(days=1)
    return on


def _monday_from(on: date) -> date:
    """Return the first Monday on or after a day."""
    return on + timedelta(days=(MONDAY - on.weekday()) % 7)


def _easter(year: int) -> date:
    """Work out Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * moon) // 433
    month = (h + moon - 7 * m + 90) // 25
    return date(year, month, (h + moon - 7 * m + 33 * month + 19) % 32)
