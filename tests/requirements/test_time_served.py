"""Years since qualifying (C-1, AMB-14, AMB-40) and time in a career level (W-2, W-3)."""

import pytest

from cpd.requirements.evaluator import State, Unit, standing_of
from cpd.requirements.language import TimeInCareerLevel, YearsQualified
from cpd.requirements.months import months_after, months_between
from tests.requirements.making import away, day, in_level, named, qualified, record, registered

THREE_YEARS = YearsQualified(3)
WITHOUT_BREAKS = YearsQualified(3, deduct_breaks=True)


def ask(requirement, on, *facts):
    return standing_of(requirement, record(*facts), day(on))


@pytest.mark.parametrize(
    ("qualified_on", "on", "expected"),
    **named(
        ("the day before three years", "2016-03-16", "2019-03-15", State.OUTSTANDING),
        ("the day of three years", "2016-03-16", "2019-03-16", State.MET),
        ("qualified on 29 February: on 27 February", "2016-02-29", "2019-02-27", State.OUTSTANDING),
        ("qualified on 29 February: on the last of that month", "2016-02-29", "2019-02-28", State.MET),
        ("three years end in a leap year: on 27 February", "2017-02-28", "2020-02-27", State.OUTSTANDING),
        ("three years end in a leap year: on 28 February", "2017-02-28", "2020-02-28", State.MET),
        ("qualified only next year", "2020-01-01", "2019-03-16", State.OUTSTANDING),
    ),
)
def test_coventry_s_three_years_are_three_whole_years(qualified_on, on, expected):
    assert ask(THREE_YEARS, on, qualified(qualified_on)).state is expected


def test_somebody_not_qualified_has_no_years():
    standing = ask(THREE_YEARS, "2019-03-16")

    assert standing.state is State.OUTSTANDING
    assert standing.shortfall.reached_on is None
    assert standing.shortfall.missing == 36


def test_the_page_can_say_how_long_it_still_takes_and_until_when():
    standing = ask(THREE_YEARS, "2019-01-02", qualified("2016-03-16"))

    assert standing.shortfall.unit is Unit.MONTHS
    assert (standing.shortfall.needed, standing.shortfall.done, standing.shortfall.missing) == (36, 33, 3)
    assert standing.shortfall.reached_on == day("2019-03-16")


def test_a_met_line_says_since_when_and_by_which_date_it_was_counted():
    """AMB-14: the date used is shown."""
    standing = ask(THREE_YEARS, "2022-01-01", qualified("2016-03-16"))

    assert standing.met_on == day("2019-03-16")
    assert standing.by == (qualified("2016-03-16"),)


def test_the_council_chooses_whether_qualification_or_registration_counts():
    """AMB-14."""
    facts = [qualified("2015-07-01"), registered("2016-12-01")]

    assert ask(YearsQualified(3), "2019-06-30", *facts).is_met
    assert not ask(YearsQualified(3, counted_from="registered"), "2019-06-30", *facts).is_met
    assert ask(YearsQualified(3, counted_from="registered"), "2019-12-01", *facts).is_met


def test_the_first_registration_counts_but_only_while_one_is_in_force():
    lapsed = registered("2012-12-01", ends_on=day("2015-12-01"))
    restored = registered("2018-12-01")

    assert not ask(YearsQualified(3, "registered"), "2019-01-01", lapsed).is_met
    assert ask(YearsQualified(3, "registered"), "2019-01-01", lapsed, restored).is_met
    assert ask(YearsQualified(3, "registered"), "2019-01-01", lapsed, restored).by == (lapsed, restored)


@pytest.mark.parametrize(
    ("requirement", "breaks", "reached_on"),
    **named(
        (
            "breaks are not deducted unless the pack says so",
            THREE_YEARS,
            [away("2017-01-01", "2018-01-01")],
            "2019-03-16",
        ),
        ("a year away is a year later", WITHOUT_BREAKS, [away("2017-01-01", "2018-01-01")], "2020-03-16"),
        (
            "overlapping breaks are deducted once",
            WITHOUT_BREAKS,
            [away("2017-01-01", "2017-09-01"), away("2017-06-01", "2018-01-01")],
            "2020-03-16",
        ),
        (
            "a break before qualifying is nobody's concern",
            WITHOUT_BREAKS,
            [away("2010-01-01", "2012-01-01")],
            "2019-03-16",
        ),
        ("a break after three years comes too late", WITHOUT_BREAKS, [away("2019-03-16", "2020-01-01")], "2019-03-16"),
        ("away since, with no end known", WITHOUT_BREAKS, [away("2017-01-01")], None),
    ),
)
def test_career_breaks_are_deducted_where_the_council_says_so(requirement, breaks, reached_on):
    """AMB-40."""
    facts = [qualified("2016-03-16"), *breaks]

    asked_early = ask(requirement, "2016-06-01", *facts)
    assert asked_early.shortfall.reached_on == (day(reached_on) if reached_on else None)
    asked_late = ask(requirement, "2030-01-01", *facts)
    assert asked_late.met_on == (day(reached_on) if reached_on else None)


@pytest.mark.parametrize(
    ("spells", "on", "expected"),
    **named(
        ("the day before twelve months", [in_level("3a", "2018-01-15")], "2019-01-14", State.OUTSTANDING),
        ("the day of twelve months", [in_level("3a", "2018-01-15")], "2019-01-15", State.MET),
        ("left after exactly twelve months", [in_level("3a", "2016-01-15", "2017-01-15")], "2019-01-01", State.MET),
        ("left a day before that", [in_level("3a", "2016-01-15", "2017-01-14")], "2019-01-01", State.OUTSTANDING),
        ("another level does not count", [in_level("3b", "2010-01-01")], "2019-01-01", State.OUTSTANDING),
        (
            "two spells of six months add up",
            [in_level("3a", "2016-01-01", "2016-07-01"), in_level("3a", "2018-01-01", "2018-07-03")],
            "2018-07-03",
            State.MET,
        ),
        (
            "two spells that overlap count each day once",
            [in_level("3a", "2018-01-01", "2018-08-01"), in_level("3a", "2018-03-01", "2018-11-01")],
            "2018-12-31",
            State.OUTSTANDING,
        ),
        (
            "a spell within another adds nothing and takes nothing away",
            [in_level("3a", "2017-12-01", "2018-12-01"), in_level("3a", "2018-03-01", "2018-04-01")],
            "2018-12-01",
            State.MET,
        ),
        ("never in the level at all", [], "2019-01-01", State.OUTSTANDING),
    ),
)
def test_time_in_a_career_level_is_added_up(spells, on, expected):
    assert ask(TimeInCareerLevel("3a", 12), on, *spells).state is expected


def test_who_has_left_the_level_will_not_reach_the_time_by_waiting():
    standing = ask(TimeInCareerLevel("3a", 12), "2019-01-01", in_level("3a", "2017-01-01", "2017-07-01"))

    assert (standing.shortfall.done, standing.shortfall.missing, standing.shortfall.reached_on) == (6, 6, None)


def test_a_return_to_the_level_goes_on_where_the_first_spell_ended():
    """S-3: a returner joins again; 181 days are behind her when she comes back on 1 January."""
    spells = [in_level("3a", "2017-01-01", "2017-07-01"), in_level("3a", "2019-01-01")]

    standing = ask(TimeInCareerLevel("3a", 12), "2019-02-04", *spells)

    assert standing.shortfall.done == 7
    assert standing.shortfall.reached_on == day("2019-07-04")
    assert ask(TimeInCareerLevel("3a", 12), "2019-07-03", *spells).state is State.OUTSTANDING
    assert ask(TimeInCareerLevel("3a", 12), "2019-07-04", *spells).met_on == day("2019-07-04")


def test_time_is_never_reached_between_two_spells():
    """Thirty days are no month in January, but would be one before 15 March: she must be back for that."""
    spells = [in_level("3a", "2019-01-01", "2019-01-31"), in_level("3a", "2019-03-15")]

    assert ask(TimeInCareerLevel("3a", 1), "2019-03-14", *spells).shortfall.reached_on == day("2019-03-15")
    assert ask(TimeInCareerLevel("3a", 1), "2019-03-15", *spells).met_on == day("2019-03-15")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    **named(
        ("an ordinary month", "2019-01-10", 1, "2019-02-10"),
        ("over the new year", "2018-12-31", 2, "2019-02-28"),
        ("into a leap year", "2019-12-31", 2, "2020-02-29"),
        ("backwards over the new year", "2019-01-31", -2, "2018-11-30"),
        ("backwards a year", "2019-12-15", -12, "2018-12-15"),
    ),
)
def test_a_month_without_the_day_ends_on_its_last(start, months, end):
    assert months_after(day(start), months) == day(end)


def test_months_between_counts_only_whole_ones():
    assert months_between(day("2019-01-31"), day("2019-02-27")) == 0
    assert months_between(day("2019-01-31"), day("2019-02-28")) == 1
    assert months_between(day("2018-11-15"), day("2019-02-14")) == 2
