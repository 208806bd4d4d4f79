"""The bank holidays of England and Wales, from the dated copy that the library carries: no network is asked (B8).

`make lock` brings a newer copy. A year that the copy does not hold yet has none.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> dict[date, str]:
    """Return the bank holidays of a year with their names."""
    from govuk_bank_holidays.bank_holidays import BankHolidays  # slow to load: it could ask a network

    holidays = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES, year=year)
    return {each["date"]: _name(each) for each in holidays}


def _name(holiday: dict[str, str]) -> str:
    """Give a holiday's name, and that it stands in for a day at the weekend where it does."""
    return f"{holiday['title']} ({holiday['notes'].lower()})" if holiday["notes"] else holiday["title"]
