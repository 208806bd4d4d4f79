"""The timetable as a month."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cpd.home import service
from cpd.home.words import label
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.pages import CalendarEntry, MonthDay, month_weeks
from cpd.shared.wording import MONTHS, time_words

DECEMBER = 12
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month of the timetable, and the months beside it as `2019-02`."""

    title: str
    weeks: list[list[MonthDay]]
    before: str
    after: str
    total: int
    programme_choices: list[tuple[str, str]]
    module_choices: list[tuple[str, str]]
    venue_choices: list[tuple[str, str]]
    rows: tuple[()] = ()
    pages: int = 1


def month_of(text: str, today: date) -> tuple[int, int]:
    """Read `2019-02`; anything else is this month."""
    year, _, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and int(year) in YEARS and 1 <= int(month) <= DECEMBER:
        return int(year), int(month)
    return today.year, today.month


def month_page(
    person_id: int, organisation_id: int, asked: service.Filter, year_and_month: tuple[int, int], *, drafts: bool
) -> MonthPage:
    """Show the sessions of one month, each day of a session on its date."""
    year, month = year_and_month
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    found = service.offers_asked(person_id, organisation_id, replace(asked, since=first, until=last), drafts=drafts)
    entries: dict[date, list[CalendarEntry]] = defaultdict(list)
    for offer in found.offers:
        words, tone = label(offer)
        for day in offer.session.days:
            entry = CalendarEntry(
                time_words(day.starts_at),
                offer.module.number_label or offer.module.full_title,
                f"/sessions/{offer.session.id}",
                tone,
                words,
            )
            entries[in_london(day.starts_at).date()].append(entry)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return MonthPage(
        f"{MONTHS[month - 1]} {year}",
        month_weeks(year, month, entries, clock.today()),
        f"{before:%Y-%m}",
        f"{after:%Y-%m}",
        found.total,
        found.programme_choices,
        found.module_choices,
        found.venue_choices,
    )
