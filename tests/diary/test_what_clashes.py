"""Nobody can be at two sessions at one time; one may follow directly upon the other."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.diary.rules import clashes, overlap
from cpd.shared.clock import LONDON
from tests.cast import london

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"


class Day(NamedTuple):
    module: str
    starts_at: datetime
    ends_at: datetime


def day(module: str, month: int, day_: int, start: tuple[int, int], end: tuple[int, int]) -> Day:
    return Day(module, london(2019, month, day_, *start), london(2019, month, day_, *end))


SIMULATION = [
    day("M6", month, day_, (9, 30), (16, 30))
    for month, day_ in [(1, 31), (2, 1), (2, 6), (2, 7), (2, 20), (2, 21), (3, 18), (3, 19)]
]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (day("M1", 2, 6, (9, 0), (11, 0)), [SIMULATION[2]]),
        (day("M1", 2, 20, (9, 0), (11, 0)), [SIMULATION[4]]),
        (day("M2", 2, 21, (9, 30), (12, 30)), [SIMULATION[5]]),
        (day("M3", 2, 21, (13, 30), (16, 30)), [SIMULATION[5]]),
        (day("M1", 1, 29, (9, 0), (11, 0)), []),
        (day("M7", 2, 6, (8, 0), (9, 30)), []),
        (day("M7", 2, 6, (16, 30), (18, 0)), []),
        (day("M7", 2, 6, (16, 29), (18, 0)), [SIMULATION[2]]),
        (day("M7", 2, 6, (12, 0), (12, 30)), [SIMULATION[2]]),
        (day("M7", 2, 6, (8, 0), (18, 0)), [SIMULATION[2]]),
    ],
    ids=[
        "Module 1 on 6 February (G-11)",
        "Module 1 on 20 February (G-11)",
        "Module 2 on 21 February (G-11)",
        "Module 3 on 21 February (G-11)",
        "another day",
        "ends as it starts",
        "starts as it ends",
        "starts a minute before it ends",
        "lies within it",
        "lies around it",
    ],
)
def test_what_stands_in_the_way_of_a_session_beside_the_simulation(wanted, expected):
    assert clashes([wanted], SIMULATION) == expected


def test_every_day_of_a_session_is_looked_at_and_each_clash_named_once():
    whole_session = SIMULATION[4:6]
    booked = [
        day("M1", 2, 20, (9, 0), (11, 0)),
        day("M2", 2, 21, (9, 30), (12, 30)),
        day("M4", 2, 28, (9, 30), (12, 30)),
    ]
    around_both = Day("leave", london(2019, 2, 19, 9, 0), london(2019, 2, 22, 17, 0))

    assert clashes(whole_session, [*booked, around_both]) == [*booked[:2], around_both]


def test_the_overlaps_of_the_whole_programme_are_those_four():
    with TIMETABLE.open(encoding="utf-8") as file:
        days = [each for row in csv.DictReader(file) for each in _days(row)]
    assert len(days) == 42

    overlapping = {
        (*sorted((one.module, other.module)), one.starts_at.date())
        for one, other in combinations(days, 2)
        if overlap(one, other)
    }
    assert overlapping == {
        ("M1", "M6", date(2019, 2, 6)),
        ("M1", "M6", date(2019, 2, 20)),
        ("M2", "M6", date(2019, 2, 21)),
        ("M3", "M6", date(2019, 2, 21)),
    }


def _days(row):
    first, last = date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"])
    for number in range((last - first).days + 1):
        times = (f"{first + timedelta(days=number)}T{row[time]}" for time in ("start_time", "end_time"))
        yield Day(row["module"], *(datetime.fromisoformat(time).replace(tzinfo=LONDON) for time in times))


spans = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(
    lambda hours: Day("M", *(london(2019, 1, 7) + timedelta(hours=hour) for hour in (hours[0], sum(hours))))
)


@settings(derandomize=True, deadline=None)
@given(one=spans, other=spans)
def test_two_spans_overlap_exactly_when_they_share_an_hour(one, other):
    def hours(span):
        return {
            span.starts_at + timedelta(hours=hour)
            for hour in range((span.ends_at - span.starts_at) // timedelta(hours=1))
        }

    assert overlap(one, other) == overlap(other, one) == bool(hours(one) & hours(other))
