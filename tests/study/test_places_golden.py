"""The tables of golden/award_places.md, which anybody can read, against the rules (S-5, AMB-41)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cpd.schemes.award_places_shape import AwardPlaces, PlaceYear
from cpd.study.places.rules import AwardYear, Waiting, against_applying, owed, year_of, years_shown

TABLES = (Path(__file__).with_name("golden") / "award_places.md").read_text().split("\n## ")
YEAR = AwardYear(date(2018, 4, 1), date(2019, 3, 31))


def cases(heading: str, *columns: str):
    """Read the table under a heading, one test for each row."""
    text = next(part for part in TABLES if part.startswith(heading))
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == ["case", *columns]
    return [pytest.param(*row[1:], id=row[0]) for row in rows[1:]]


@pytest.mark.parametrize(
    ("year", "day", "first_day", "last_day"),
    cases("Which year a day belongs to", "year", "day", "first day", "last day"),
)
def test_a_day_belongs_to_this_year(year, day, first_day, last_day):
    assert year_of(PlaceYear(year), date.fromisoformat(day)) == AwardYear(
        date.fromisoformat(first_day), date.fromisoformat(last_day)
    )


@pytest.mark.parametrize(
    ("opens", "closes", "day", "staff", "has_applied", "refused"),
    cases("Who may apply", "opens", "closes", "day", "staff", "has applied", "refused because"),
)
def test_whoever_applies_is_told_every_reason_against_it(opens, closes, day, staff, has_applied, refused):
    terms = AwardPlaces(
        award="a",
        title="A",
        places=3,
        opens_days_before=int(opens),
        closes_days_after=int(closes) if closes else None,
    )

    faults = against_applying(
        terms, YEAR, date.fromisoformat(day), staff or None, "Why", has_applied=has_applied == "yes"
    )

    assert ", ".join(faults) == refused


@pytest.mark.parametrize(("waiting", "free", "following"), cases("Whose turn it is", "waiting list", "free", "next"))
def test_a_free_place_goes_to_the_first_who_may_have_it(waiting, free, following):
    names = waiting.split(", ") if waiting else []
    listed = [Waiting(number, 10 + number, not name.startswith("(")) for number, name in enumerate(names)]

    turn = owed(listed[::-1], int(free))  # their numbers make the order, not the order in which they are read

    assert ", ".join(names[number] for number in turn) == following


@pytest.mark.parametrize(
    ("opens", "today", "first_days"),
    [
        (0, date(2019, 3, 31), [date(2018, 4, 1)]),
        (0, date(2019, 4, 1), [date(2019, 4, 1)]),
        (60, date(2019, 1, 30), [date(2018, 4, 1)]),
        (60, date(2019, 1, 31), [date(2018, 4, 1), date(2019, 4, 1)]),
    ],
    ids=["the last day", "the next year", "the day before the next one opens", "the day on which it opens"],
)
def test_the_next_year_is_shown_once_it_takes_applications(opens, today, first_days):
    terms = AwardPlaces(award="a", title="A", places=3, opens_days_before=opens)

    assert [each.first_day for each in years_shown(terms, today)] == first_days
