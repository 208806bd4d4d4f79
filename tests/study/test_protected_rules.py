"""What a week has of protected time, and how weeks add up: against a table to be read, and sums by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cpd.people.rules import Away, AwayKind, PostHeld
from cpd.study.protected.rules import (
    Allowance,
    Answer,
    Balance,
    Fault,
    Said,
    Week,
    WeekLine,
    balance_of,
    faults_of,
    rates_of,
    standing_on,
    week_from,
    weeks_until,
)
from cpd.timetable.bank_holidays import bank_holidays

SLOUGH = Allowance(frozenset({"nqsw"}), Decimal(10), Decimal(37), since=date(2015, 3, 1))
HOLIDAYS = frozenset(day for year in range(2015, 2026) for day in bank_holidays(year))
TABLE = Path(__file__).parent / "golden" / "protected_time.md"
MONDAY = date(2019, 1, 14)
FULL = Week(MONDAY, 222, 5)
HAD, PART, NO = Said(Answer.HAD), Said(Answer.PART), Said(Answer.NO)


def cases():
    rows = [line.strip("|\n ").split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    assert [cell.strip() for cell in rows[0]] == ["case", "posts", "away", "week of", "minutes", "reckoning"]
    for case, posts, away, week, minutes, _ in ([cell.strip() for cell in row] for row in rows[1:]):
        yield pytest.param(posts, away, date.fromisoformat(week), int(minutes), id=case)


def posts_in(text: str) -> list[PostHeld]:
    held = []
    for post in text.split("; "):
        level, fte, starts_on, *until = post.replace(" until", "").split()
        held.append(PostHeld(day(starts_on), day(*until) if until else None, level, Decimal(fte)))
    return held


def away_in(text: str) -> list[Away]:
    if not text:
        return []
    kind, first, *last = text.replace(" to", "").split()
    return [Away(AwayKind(kind), day(first), day(*last) if last else None)]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("posts", "away", "week", "minutes"), list(cases()))
def test_a_week_has_what_a_careful_colleague_reckons(posts, away, week, minutes):
    gone = away_in(away)
    rates = rates_of([SLOUGH], posts_in(posts), gone)

    assert week_from(week, rates, gone, HOLIDAYS).minutes == minutes


@pytest.mark.parametrize(
    ("posts", "away", "last"),
    [
        ("nqsw 1 2018-10-01", "", date(2019, 9, 30)),
        ("nqsw 1 2018-10-01", "pause 2019-01-01 to 2019-01-31", date(2019, 10, 31)),
        ("nqsw 1 2018-10-01", "career_break 2019-09-30 to 2019-09-30", date(2019, 10, 1)),
        ("nqsw 1 2018-10-01", "leave 2019-01-01 to 2019-01-31", date(2019, 9, 30)),
        ("nqsw 1 2018-10-01", "pause 2019-10-01 to 2019-10-31", date(2019, 9, 30)),
        ("nqsw 1 2018-10-01 until 2019-04-01; nqsw 0.6 2019-04-01", "", date(2019, 9, 30)),
        ("nqsw 1 2018-10-01 until 2019-06-01", "", date(2019, 5, 31)),
        ("nqsw 1 2016-02-29", "", date(2017, 2, 27)),
    ],
    ids=[
        "twelve months",
        "put off by a pause",
        "put off by a break on the last day",
        "not put off by leave",
        "a pause afterwards does nothing",
        "fewer hours are no new start",
        "over with the post",
        "from a leap day",
    ],
)
def test_a_year_of_it_is_put_off_by_pauses(posts, away, last):
    year = Allowance(frozenset({"nqsw"}), Decimal(10), Decimal(37), months=12)
    rates = rates_of([year], posts_in(posts), away_in(away))

    assert rates[-1].until == last + timedelta(days=1)


def test_a_pause_without_an_end_puts_it_off_for_good():
    year = Allowance(frozenset({"nqsw"}), Decimal(10), Decimal(37), months=12)

    assert rates_of([year], posts_in("nqsw 1 2018-10-01"), away_in("pause 2019-02-01"))[-1].until == date.max


def test_another_share_for_another_level():
    apprentices = Allowance(frozenset({"apprentice"}), Decimal(20), Decimal("37.5"))
    posts = posts_in("apprentice 1 2018-10-01 until 2019-01-16; nqsw 1 2019-01-16")
    rates = rates_of([SLOUGH, apprentices], posts, [])

    assert week_from(MONDAY, rates, [], HOLIDAYS).minutes == 313  # 2 x 90 + 3 x 44.4 = 313.2


def test_a_week_says_which_days_were_left_out():
    rates = rates_of([SLOUGH], posts_in("nqsw 1 2019-04-16"), [])
    week = week_from(date(2019, 4, 15), rates, away_in("leave 2019-04-17 to 2019-04-18"), HOLIDAYS)

    assert (week.working_days, week.holidays, week.days_away) == (1, 1, 2)


def test_weeks_run_from_the_first_with_any_to_this_one():
    rates = rates_of([SLOUGH], posts_in("nqsw 1 2018-12-26"), [])

    assert [week.first for week in weeks_until(date(2019, 1, 7), rates, [], HOLIDAYS)] == [
        date(2018, 12, 24),
        date(2018, 12, 31),
        date(2019, 1, 7),
    ]
    assert weeks_until(date(2018, 12, 23), rates, [], HOLIDAYS) == []


@pytest.mark.parametrize(
    ("said", "week", "had"),
    [
        (HAD, FULL, 222),
        (PART, FULL, 111),
        (PART, Week(MONDAY, 133, 3), 66),
        (NO, FULL, 0),
        (None, FULL, 0),
        (Said(Answer.PART, 200), FULL, 200),
        (Said(Answer.PART, 200), Week(MONDAY, 89, 2), 89),
        (HAD, Week(MONDAY, 89, 2), 89),
    ],
    ids=[
        "all",
        "half",
        "half, rounded down",
        "no",
        "not said",
        "so much",
        "so much, then days left out",
        "all of less",
    ],
)
def test_what_she_had_is_never_more_than_the_week_has(said, week, had):
    assert week.had(said) == had


def test_weeks_not_said_are_left_and_not_missed():
    weeks = [
        (Week(MONDAY - timedelta(weeks=number), 222, 5), said) for number, said in enumerate([None, None, NO, HAD])
    ]

    balance = balance_of(weeks, MONDAY)

    assert balance == Balance(due=666, had=222, not_said=222, weeks_not_said=1)  # this week does not count yet
    assert (balance.left, balance.missed) == (444, 222)


def test_this_week_counts_once_she_has_said_something():
    assert balance_of([(FULL, None)], MONDAY + timedelta(days=6)) == Balance()
    assert balance_of([(FULL, None)], MONDAY + timedelta(days=7)) == Balance(222, 0, 222, 1)
    assert balance_of([(FULL, PART)], MONDAY) == Balance(222, 111, 0, 0)


def test_a_week_without_anything_is_not_waited_for():
    assert balance_of([(Week(MONDAY, days_away=5), None)], MONDAY + timedelta(days=7)) == Balance()


@pytest.mark.parametrize(
    ("said", "week", "today", "expected"),
    [
        (HAD, FULL, MONDAY, []),
        (HAD, FULL, MONDAY - timedelta(days=1), [Fault.AHEAD]),
        (HAD, Week(MONDAY + timedelta(days=1), 222, 5), date(2019, 6, 1), [Fault.NOT_A_WEEK]),
        (NO, Week(MONDAY), MONDAY, [Fault.NOTHING_DUE]),
        (Said(Answer.PART, 222), FULL, MONDAY, []),
        (Said(Answer.PART, 223), FULL, MONDAY, [Fault.TOO_LONG]),
        (Said(Answer.PART, 0), FULL, MONDAY, [Fault.NO_TIME]),
    ],
    ids=[
        "on the Monday",
        "the Sunday before",
        "from a Tuesday",
        "nothing due",
        "all of it",
        "a minute more",
        "no time",
    ],
)
def test_an_answer_is_taken_or_refused(said, week, today, expected):
    assert faults_of(said, week, today) == expected


def test_it_is_over_once_no_week_has_it():
    rates = rates_of([SLOUGH], posts_in("nqsw 1 2018-10-01 until 2019-01-14"), [])

    assert standing_on(date(2019, 1, 13), rates, []).is_over is False
    assert standing_on(date(2019, 1, 14), rates, []).is_over is True
    assert standing_on(MONDAY, [], []).begins_on is None


ANSWERS = st.none() | st.sampled_from([HAD, PART, NO]) | st.builds(Said, st.just(Answer.PART), st.integers(1, 600))
WEEKS = st.lists(st.tuples(st.integers(0, 444), ANSWERS), max_size=30)


@settings(max_examples=60, phases=[Phase.explicit, Phase.generate])
@given(WEEKS, st.integers(0, 30))
def test_the_balance_is_the_plain_sum_however_weeks_are_divided(shapes, cut):
    weeks = [(Week(MONDAY + timedelta(weeks=at), minutes, 5), said) for at, (minutes, said) in enumerate(shapes)]
    today = MONDAY + timedelta(weeks=len(weeks))

    whole = balance_of(weeks, today)

    assert whole == balance_of(weeks[:cut], today) + balance_of(weeks[cut:], today)
    assert whole.due == sum(minutes for minutes, _ in shapes)
    assert whole.due == whole.had + whole.missed + whole.not_said
    assert 0 <= whole.had <= whole.due
    assert whole.missed >= 0


@settings(max_examples=60, phases=[Phase.explicit, Phase.generate])
@given(
    st.decimals("0.001", "1", places=3),
    st.integers(0, 400),
    st.integers(0, 30),
    st.sampled_from([AwayKind.LEAVE, AwayKind.PAUSE]),
)
def test_a_day_away_never_gives_more_and_a_year_drifts_by_less_than_half_a_minute_a_week(fte, begins, length, kind):
    post = [PostHeld(date(2018, 10, 1), None, "nqsw", fte)]
    first = date(2018, 10, 1) + timedelta(days=begins)
    away = [Away(kind, first, first + timedelta(days=length))]
    rates, today = rates_of([SLOUGH], post, []), date(2019, 12, 29)

    with_all = weeks_until(today, rates, [], HOLIDAYS)
    without = weeks_until(today, rates, away, HOLIDAYS)

    assert all(less.minutes <= full.minutes for less, full in zip(without, with_all, strict=True))
    days = sum(week.working_days for week in without)
    exact = days * SLOUGH.minutes_a_day(fte)
    assert abs(sum(week.minutes for week in without) - exact) <= Decimal(len(without)) / 2


def test_the_open_weeks_are_those_before_this_one():
    lines = [
        WeekLine(Week(MONDAY - timedelta(weeks=at), 222, 5), said) for at, said in ((2, None), (1, HAD), (0, None))
    ]
    rates = rates_of([SLOUGH], posts_in("nqsw 1 2018-12-31"), [])

    standing = standing_on(MONDAY, rates, lines)

    assert [line.week.first for line in standing.open_before] == [date(2018, 12, 31)]
    assert standing.current is lines[-1]
