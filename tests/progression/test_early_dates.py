"""When something is due: by the golden dates, under any pauses, and supervision set against its pattern."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.early.course import (
    Course,
    Pause,
    State,
    due_on,
    ends_on,
    latest_end,
    moved,
    next_point,
    periods_of,
    points_of,
    supervision_kept,
)
from cpd.progression.early.words import point_words
from cpd.requirements.months import months_after
from cpd.schemes.reading import read_pack
from tests.progression.early_years import PACK, day

ASYE, SECOND, _ECDP = read_pack(PACK).early_career_programmes
STARTS = day("2018-10-01")
MANAGER, GROUP = ASYE.supervision
TABLE = Path(__file__).parent / "golden" / "early_due_dates.md"


def rows():
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("row", rows(), ids=[row[0] for row in rows()])
@pytest.mark.parametrize("asked_on", ["2019-01-15", "2019-12-01", "2021-01-01"])
def test_this_is_when_it_is_due(row, asked_on):
    _, first, back, weeks, *expected = row
    pauses = (Pause(day(first), day(back)),) if first else ()
    course = Course(STARTS, pauses, 7 * int(weeks))
    due = {each.code: each.due_on.isoformat() for each in points_of(ASYE, course, {}, day(asked_on))}

    assert [due["three"], due["six"], due["final"]] == expected


def states(on, *pauses, held=(), ended=None):
    points = points_of(ASYE, Course(STARTS, pauses), dict(held), day(on), ended_on=ended)
    return {each.code: str(each.state) for each in points}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2018-12-03", "ahead"),
        ("2018-12-04", "due"),
        ("2019-01-01", "due"),
        ("2019-01-02", "late"),
    ],
    ids=["before its window", "its window opens", "its very day", "the day after"],
)
def test_a_review_is_late_from_the_day_after(on, expected):
    assert states(on)["three"] == expected


def test_what_is_optional_is_never_late():
    assert states("2019-07-01")["nine"] == "due"
    assert states("2019-07-02")["nine"] == "left_out"


def test_what_is_done_stays_done_whatever_moves():
    held = {"three": day("2019-01-01")}
    away = Pause(day("2018-12-01"), day("2019-06-01"))

    assert states("2019-06-02", away, held=held)["three"] == "done"


def test_while_somebody_pauses_nothing_is_late():
    assert set(states("2019-08-01", Pause(day("2018-12-01"))).values()) == {"paused"}


def test_an_open_pause_moves_what_is_due_by_its_days_so_far():
    course = Course(STARTS, (Pause(day("2018-12-01")),))

    assert due_on(course, 3, 0, at_end=False, today=day("2018-12-11")) == day("2019-01-11")
    assert due_on(course, 3, 0, at_end=False, today=day("2018-11-20")) == day("2019-01-01")


def test_a_programme_that_ended_asks_for_nothing_more():
    assert states("2019-12-01", held={"three": day("2019-01-01")}, ended=day("2019-03-01")) == {
        "agreement": "over",
        "self-start": "over",
        "three": "done",
        "six": "over",
        "nine": "over",
        "final": "over",
        "self-end": "over",
    }


def test_what_is_late_comes_first_and_what_is_optional_last():
    course = Course(STARTS)
    held = dict.fromkeys(("agreement", "self-start", "three", "six"), STARTS)

    assert next_point(points_of(ASYE, course, {}, day("2019-02-01"))).code == "agreement"
    assert next_point(points_of(ASYE, course, held, day("2019-04-15"))).code == "self-end"
    assert next_point(points_of(ASYE, course, held, day("2019-06-15"))).code == "nine"


def test_a_range_is_an_expectation_and_the_final_review_is_open_from_its_lower_end():
    course = Course(STARTS)
    final = points_of(SECOND, course, {}, day("2019-10-01"))[-1]

    assert (final.due_on, final.state) == (day("2020-04-01"), State.DUE)
    assert ends_on(SECOND, course, STARTS) == day("2020-04-01")
    assert latest_end(SECOND, course) is None


def test_two_years_in_all_are_not_moved_by_a_pause():
    away = Course(STARTS, (Pause(day("2019-01-01"), day("2020-01-01")),))

    assert latest_end(ASYE, away) == day("2020-10-01")


def test_supervision_is_weekly_then_fortnightly_then_monthly():
    periods = periods_of(MANAGER, ASYE, Course(STARTS), STARTS)
    firsts = [each.first_day for each in periods]

    assert firsts[:7] == [STARTS + timedelta(weeks=number) for number in range(7)]
    assert firsts[7] - firsts[6] == timedelta(weeks=2)
    assert [each.isoformat() for each in firsts[-6:]] == [
        "2019-04-01",
        "2019-05-01",
        "2019-06-01",
        "2019-07-01",
        "2019-08-01",
        "2019-09-01",
    ]
    assert [str(each.frequency) for each in periods].count("fortnightly") == 10
    assert periods[-1].ends_on == day("2019-10-01")


def test_what_is_left_of_a_fortnight_belongs_to_the_one_before():
    periods = periods_of(MANAGER, ASYE, Course(day("2018-09-01")), STARTS)
    last = [each for each in periods if each.frequency == "fortnightly"][-1]

    assert (last.ends_on, (last.ends_on - last.first_day).days) == (day("2019-03-01"), 27)


def test_a_period_without_supervision_is_missed_once_it_is_over():
    held = [day("2018-10-03"), day("2018-10-04"), day("2018-10-15")]
    kept = supervision_kept(MANAGER, ASYE, Course(STARTS), held, day("2018-10-24"))

    assert (len(kept.over), kept.kept) == (3, 2)
    assert [each.first_day.isoformat() for each in kept.missed] == ["2018-10-08"]
    assert kept.current.first_day.isoformat() == "2018-10-22"


def test_several_kinds_of_supervision_stand_side_by_side():
    held = [day("2018-10-20")]

    assert supervision_kept(GROUP, ASYE, Course(STARTS), held, day("2018-11-01")).kept == 1
    assert supervision_kept(MANAGER, ASYE, Course(STARTS), [], day("2018-11-01")).kept == 0


def test_nobody_has_missed_supervision_while_she_paused():
    course = Course(STARTS, (Pause(day("2018-10-10"), day("2018-12-10")),))
    kept = supervision_kept(MANAGER, ASYE, course, [day("2018-10-02"), day("2018-12-12")], day("2018-12-16"))

    assert (kept.kept, len(kept.missed)) == (2, 0)


DAYS = st.dates(date(2018, 10, 1), date(2020, 12, 31))


@st.composite
def some_pauses(draw):
    """Pauses that do not overlap, and may follow one another directly."""
    edges = sorted(draw(st.lists(DAYS, unique=True, max_size=8)))
    found = [Pause(one, other) for one, other in pairwise(edges)]
    return draw(st.permutations([each for each in found if draw(st.booleans())]))


@given(some_pauses(), DAYS, st.integers(0, 60))
def test_the_order_in_which_pauses_are_given_does_not_matter(pauses, today, weeks):
    course = Course(STARTS, tuple(pauses), 7 * weeks)
    other = replace(course, pauses=tuple(reversed(pauses)))

    assert points_of(ASYE, course, {}, today) == points_of(ASYE, other, {}, today)
    assert [*periods_of(MANAGER, ASYE, course, today)] == [*periods_of(MANAGER, ASYE, other, today)]


@given(some_pauses(), st.integers(0, 24), st.integers(0, 60))
def test_a_day_moves_by_exactly_the_days_of_the_pauses_that_had_begun_by_it(pauses, month, weeks):
    course = Course(STARTS, tuple(pauses), 7 * weeks)
    planned = months_after(STARTS, month) + timedelta(weeks=weeks)
    due = due_on(course, month, 0, at_end=True, today=STARTS)
    counted = [each for each in pauses if each.first_day <= due]

    assert due - planned == sum((each.back_on - each.first_day for each in counted), timedelta())
    assert not any(each.first_day <= due < each.back_on for each in pauses)  # nothing is due while she is away


@given(some_pauses(), DAYS, DAYS)
def test_what_comes_earlier_stays_earlier(pauses, one, other):
    first, second = sorted((one, other))

    assert moved(first, pauses, STARTS) <= moved(second, pauses, STARTS)


@given(some_pauses(), st.integers(0, 60))
def test_supervision_leaves_no_day_out_and_counts_none_twice(pauses, weeks):
    course = Course(STARTS, tuple(pauses), 7 * weeks)
    for pattern in ASYE.supervision:
        periods = periods_of(pattern, ASYE, course, STARTS)

        assert periods[0].first_day == STARTS
        assert all(one.ends_on == other.first_day for one, other in pairwise(periods))
        assert all(each.first_day < each.ends_on for each in periods)
        assert periods[-1].ends_on == ends_on(ASYE, course, STARTS)


def test_what_was_due_before_a_pause_rests_and_is_not_said_to_move():
    paused = Course(STARTS, (Pause(day("2019-02-01")),))
    resting = [each for each in points_of(ASYE, paused, {}, day("2019-02-10")) if each.rests]

    assert [each.code for each in resting] == ["agreement", "self-start", "three"]
    assert all("before the pause" in point_words(each) for each in resting)
