"""Months of the calendar, and time served in several spells.

A month without the day in question ends on its last day: one year after 29 February 2016 is
28 February 2017, one month after 31 January is the end of February.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """A stretch of days, from `start` up to but not including `end` (`date.max`: no end in sight)."""

    start: date
    end: date


def months_after(day: date, months: int) -> date:
    """Return the day so many months later (or earlier, when negative)."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Return how many whole months have passed; the day before the month is full does not complete it."""
    months = (end.year - start.year) * MONTHS_IN_A_YEAR + end.month - start.month
    return months - 1 if months_after(start, months) > end else months


def merged(spells: Iterable[Spell]) -> list[Spell]:
    """Join spells that overlap or touch, so that no day is counted twice."""
    merged_spells: list[Spell] = []
    for spell in sorted(spell for spell in spells if spell.start < spell.end):
        if merged_spells and spell.start <= merged_spells[-1].end:
            last = merged_spells.pop()
            merged_spells.append(Spell(last.start, max(last.end, spell.end)))
        else:
            merged_spells.append(spell)
    return merged_spells


def spells_apart_from(breaks: Iterable[Spell], start: date) -> list[Spell]:
    """Return the time since `start` without the breaks (AMB-40)."""
    spells = []
    for away in merged(breaks):
        if start < away.start:
            spells.append(Spell(start, away.start))
        start = max(start, away.end)
    if start < date.max:
        spells.append(Spell(start, date.max))
    return spells


def day_reached(spells: Sequence[Spell], months: int) -> date | None:
    """Return the day on which the spells, added up, come to so many months; None if they never do.

    The days of earlier spells are put directly before the next one, and the months counted from there.
    The spells must be merged.
    """
    served = timedelta()
    for spell in spells:
        reached = max(spell.start, months_after(spell.start - served, months))
        if reached <= spell.end:
            return reached
        served += spell.end - spell.start
    return None


def months_served(spells: Sequence[Spell], on: date) -> int:
    """Return how many whole months the spells, added up as in `day_reached`, come to by a day."""
    past = [Spell(spell.start, min(spell.end, on)) for spell in spells if spell.start < on]
    if not past:
        return 0
    served = sum((spell.end - spell.start for spell in past), timedelta())
    return months_between(past[-1].end - served, past[-1].end)
