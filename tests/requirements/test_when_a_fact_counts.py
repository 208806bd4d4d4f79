"""When a fact must have happened, and how long it holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import Bounds, Completed
from cpd.requirements.record import Fact, FactKind
from tests.requirements.making import at, booked, day, done, named, record

TODAY = day("2022-03-31")


def state_of(fact, *, on=TODAY, by=None, **bounds):
    return standing_of(Completed("safeguarding", Bounds(**bounds)), record(fact), on, before=by).state


@pytest.mark.parametrize(
    ("ends_on", "on", "expected"),
    **named(
        ("the last day of a certificate that runs out tomorrow", "2022-04-01", "2022-03-31", State.MET),
        ("the first day without it", "2022-04-01", "2022-04-01", State.OUTSTANDING),
        ("long after", "2022-04-01", "2025-01-01", State.OUTSTANDING),
        ("it never runs out", None, "2055-01-01", State.MET),
    ),
)
def test_a_certificate_counts_until_it_runs_out(ends_on, on, expected):
    certificate = done("safeguarding", "2019-04-01", ends_on=day(ends_on) if ends_on else None)

    assert state_of(certificate, on=day(on)) is expected


def test_a_renewed_certificate_counts_from_its_renewal():
    first = done("safeguarding", "2019-04-01", ends_on=day("2022-04-01"))
    renewed = done("safeguarding", "2022-03-01", ends_on=day("2025-03-01"))

    standing = standing_of(Completed("safeguarding"), record(first, renewed), day("2022-04-01"))

    assert standing.by == (renewed,)
    assert standing.met_on == day("2022-03-01")


@pytest.mark.parametrize(
    ("when", "bounds", "expected"),
    **named(
        ("the day since which it counts", "2018-11-01", {"since": day("2018-11-01")}, State.MET),
        ("the day before that", "2018-10-31", {"since": day("2018-11-01")}, State.OUTSTANDING),
        ("the last day on which it counts", "2018-12-31", {"before": day("2018-12-31")}, State.MET),
        ("the day after that", "2019-01-01", {"before": day("2018-12-31")}, State.OUTSTANDING),
        ("exactly three years ago", "2019-03-31", {"within_months": 36}, State.MET),
        ("three years and a day ago", "2019-03-30", {"within_months": 36}, State.OUTSTANDING),
        ("a month ago where that month is shorter", "2022-02-28", {"within_months": 1}, State.MET),
        ("a day before that", "2022-02-27", {"within_months": 1}, State.OUTSTANDING),
        (
            "within both bounds",
            "2018-12-01",
            {"since": day("2018-11-01"), "before": day("2018-12-31")},
            State.MET,
        ),
        (
            "late enough but too long ago",
            "2018-12-01",
            {"since": day("2018-11-01"), "within_months": 12},
            State.OUTSTANDING,
        ),
    ),
)
def test_a_fact_counts_only_within_its_bounds(when, bounds, expected):
    assert state_of(done("safeguarding", when), **bounds) is expected


def test_a_booking_is_bound_by_the_same_dates_as_what_is_done():
    booking = booked("safeguarding", "2022-05-10 12:00")

    assert state_of(booking, by=at("2022-05-10 13:00")) is State.IN_HAND
    assert state_of(booking, before=day("2022-05-09")) is State.OUTSTANDING


def test_a_booking_whose_register_is_not_closed_yet_is_still_in_hand():
    assert state_of(booked("safeguarding", "2022-03-30 12:00")) is State.IN_HAND


def test_midnight_is_london_s_also_in_summer_time():
    """A booking without a time is over when its day is, which in summer is 23:00 in UTC."""
    booking = booked("safeguarding", "2022-07-01")

    assert state_of(booking, by=datetime(2022, 7, 1, 22, 59, tzinfo=UTC)) is State.OUTSTANDING
    assert state_of(booking, by=datetime(2022, 7, 1, 23, 0, tzinfo=UTC)) is State.IN_HAND


def test_the_day_of_something_done_is_london_s_too():
    """Half past midnight on 1 July in London is still 30 June in UTC."""
    half_past_midnight = datetime(2022, 6, 30, 23, 30, tzinfo=UTC)

    assert state_of(done("safeguarding", "2022-07-01"), on=day("2022-07-01"), by=half_past_midnight) is State.MET
    assert (
        state_of(done("safeguarding", "2022-07-02"), on=day("2022-07-02"), by=half_past_midnight) is State.OUTSTANDING
    )


def test_something_done_later_that_day_than_the_moment_asked_for_does_not_count():
    afternoon = done("safeguarding", "2022-03-31 16:30")

    assert state_of(afternoon, by=at("2022-03-31 13:30")) is State.OUTSTANDING
    assert state_of(afternoon, by=at("2022-03-31 16:30")) is State.MET


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2019, 1, 15, 13, 30)

    with pytest.raises(ValueError, match="names no time zone"):
        standing_of(Completed("M1"), record(), TODAY, before=naive)
    with pytest.raises(ValueError, match="names no time zone"):
        Fact(FactKind.COMPLETED, "M1", TODAY, naive)
    with pytest.raises(ValueError, match="names no time zone"):
        replace(done("M1", "2019-01-15 12:30"), happened_at=naive)


def test_of_facts_of_one_day_always_the_same_is_named():
    one, other = (done("safeguarding", "2022-01-10", reference=f"fact:{number}") for number in (1, 2))

    for order in ((one, other), (other, one)):
        assert standing_of(Completed("safeguarding"), record(*order), TODAY).by == (one,)
