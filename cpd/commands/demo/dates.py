"""Moving a printed programme to next week: by whole weeks, so that weekdays and hours stay as printed. Plain Python."""

from __future__ import annotations

import re
from datetime import date, timedelta

FIRST_SESSION = date(2019, 1, 10)
"""The first date of the programme as it was printed."""

SOON = timedelta(days=7)
ANY_DATE = re.compile(r"()(\d{4}-\d{2}-\d{2})")
WINDOW = re.compile(r"(valid_(?:from|to): )(\d{4}-\d{2}-\d{2})")
"""The dates of a pack's equivalences, which move with the programme (G-5); the report's own date does not."""


def weeks_until(today: date) -> int:
    """Return by how many weeks the programme is moved, so that it begins 7 to 13 days from today."""
    return -((FIRST_SESSION - today - SOON).days // 7)


def shift_dates(text: str, weeks: int, which: re.Pattern[str] = ANY_DATE) -> str:
    """Move the dates in a text by whole weeks; hours are on the wall clock and stay, whatever the season."""

    def moved(found: re.Match[str]) -> str:
        return found[1] + (date.fromisoformat(found[2]) + timedelta(weeks=weeks)).isoformat()

    return which.sub(moved, text)
