"""Which year a date is in that does not say it."""

import pytest

from cpd.timetable.reading import TableRefused, read_pasted


@pytest.fixture(scope="module")
def starts_of(known):
    def read(*lines, year=None):
        timetable = read_pasted("\n".join(lines), known, year=year)
        assert not timetable.refused
        return [f"{session.days[0].starts_at:%Y-%m-%d}" for session in timetable.sessions]

    return read


@pytest.fixture(scope="module")
def refusals_of(known):
    def read(*lines, year=None):
        return [(note.row, note.reason) for note in read_pasted("\n".join(lines), known, year=year).refused]

    return read


def test_the_year_may_be_given_for_the_whole_file(starts_of):
    assert starts_of("Module 4", "10 January 9am-10am", year=2019) == ["2019-01-10"]


@pytest.mark.parametrize(
    "heading",
    ["Timetable January - March 2019", "January to March 2019", "Spring term 2019", "Training programme 2019"],
)
def test_the_year_may_stand_in_a_heading(starts_of, heading):
    assert starts_of(heading, "Module 4", "10 January 9am-10am", "6 March 9am-10am") == ["2019-01-10", "2019-03-06"]


def test_a_heading_goes_before_the_year_given_and_says_so(known):
    timetable = read_pasted("Spring term 2019\nModule 4\n10 January 9am-10am", known, year=2020)

    assert timetable.sessions[0].days[0].starts_at.year == 2019
    assert [str(note) for note in timetable.warnings] == [
        "row 1, column heading: the heading says 2019, so the year 2020 was not used"
    ]


def test_each_heading_holds_for_the_lines_below_it(starts_of):
    text = ("Autumn 2018", "Module 4", "10 October 9am-10am", "Spring 2019", "Module 5", "10 January 9am-10am")

    assert starts_of(*text) == ["2018-10-10", "2019-01-10"]


def test_one_row_may_give_the_year_for_all_and_that_is_pointed_out(known, starts_of):
    text = ("Module 4", "10 January 2019 9am-10am", "16 January 9am-10am")

    assert starts_of(*text) == ["2019-01-10", "2019-01-16"]
    assert [str(note) for note in read_pasted("\n".join(text), known).warnings] == [
        "row 3, column start_date: a date without a year is taken from the other rows' year"
    ]


def test_a_rows_own_year_goes_before_all_others(starts_of):
    assert starts_of("Spring 2019", "Module 4", "10 January 2020 9am-10am", year=2018) == ["2020-01-10"]


def test_january_after_december_is_the_next_years(starts_of):
    assert starts_of("Module 4", "10 December 9am-10am", "14 January 9am-10am", year=2018) == [
        "2018-12-10",
        "2019-01-14",
    ]


def test_the_next_year_is_pointed_out_where_it_was_concluded(known):
    timetable = read_pasted("Module 4\n10 December 9am-10am\n14 January 9am-10am", known, year=2018)

    assert [str(note) for note in timetable.warnings] == [
        "row 3, column start_date: January is taken as 2019: the timetable begins in 2018"
    ]


def test_the_new_year_holds_for_every_module_of_the_timetable(starts_of):
    text = (
        *("Module 4", "10 October 9am-10am", "10 December 9am-10am", "14 January 9am-10am"),
        *("Module 5", "7 January 9am-10am", "9 March 9am-10am"),  # has no December of its own
        *("Module 2", "6 November 9am-10am"),
    )

    assert starts_of(*text, year=2018) == [
        *("2018-10-10", "2018-12-10", "2019-01-14"),
        *("2019-01-07", "2019-03-09"),
        "2018-11-06",
    ]


def test_a_school_year_of_ten_months_turns_where_its_pause_is(starts_of):
    months = ["September", "November", "December", "January", "March", "May", "June"]
    lines = [f"11 {month} 9am-10am" for month in months]

    assert [day[:7] for day in starts_of("Module 4", *lines, year=2018)] == [
        *("2018-09", "2018-11", "2018-12"),
        *("2019-01", "2019-03", "2019-05", "2019-06"),
    ]


def test_dates_out_of_order_stay_in_one_year(starts_of):
    text = ("Module 4", "6 March 9am-10am", "10 January 9am-10am", "6 February 9am-10am")

    assert starts_of(*text, year=2019) == ["2019-03-06", "2019-01-10", "2019-02-06"]


def test_one_session_may_cross_the_new_year(days_of):
    assert [day for day, _, _ in days_of("31 December & 2 January 9am-10am", year=2018)] == ["2018-12-31", "2019-01-02"]


@pytest.mark.parametrize("written", ["31 December & 2 January 2019", "31 December 2018 & 2 January"])
def test_the_year_beside_one_date_tells_the_other(days_of, written):
    assert [day for day, _, _ in days_of(f"{written} 9am-10am", year=None)] == ["2018-12-31", "2019-01-02"]


@pytest.mark.parametrize(
    "heading", ["Timetable October 2018 - March 2019", "Training programme 2018/19", "Dates 2018-2019"]
)
def test_a_heading_may_name_both_years(starts_of, heading):
    text = (heading, "Module 4", "10 October 9am-10am", "14 January 9am-10am")

    assert starts_of(*text) == ["2018-10-10", "2019-01-14"]


def test_a_heading_that_leaves_it_open_is_refused(refusals_of):
    refusals = refusals_of("Timetable December - February 2019", "Module 4", "10 December 9am-10am")

    assert refusals[0] == (1, '"Timetable December - February 2019" does not say which year its months are in')


def test_a_heading_of_years_that_do_not_follow_is_refused(refusals_of):
    refusals = refusals_of("Training programme 2017 and 2019", "Module 4", "10 December 9am-10am")

    assert refusals[0] == (1, '"Training programme 2017 and 2019" names more than one year')


def test_a_month_that_the_heading_does_not_speak_of_is_refused(refusals_of):
    assert refusals_of("Timetable January - March 2019", "Module 4", "10 July 9am-10am") == [
        (3, "the year is not given, and the heading speaks of January to March 2019 only")
    ]


def test_months_that_could_be_of_one_year_or_two_are_refused(refusals_of):
    refusals = refusals_of("Module 4", "10 October 9am-10am", "14 April 9am-10am", year=2019)

    assert [row for row, _ in refusals] == [2, 3]
    assert "October and April could be of one year or of two" in refusals[0][1]


def test_rows_of_different_years_do_not_lend_theirs(refusals_of):
    text = ("Module 4", "10 January 2018 9am-10am", "10 January 2019 9am-10am", "16 January 9am-10am")

    assert refusals_of(*text) == [(4, "the year is not given, and other rows name 2018 and 2019")]


def test_a_year_in_prose_is_no_heading(known):
    timetable = read_pasted("Since 2015 the council has trained its staff.\nModule 4\n10 January 9am-10am", known)

    assert [note.row for note in timetable.refused] == [3]


def test_a_year_that_cannot_be_right_is_refused(known):
    with pytest.raises(TableRefused, match=r"The year 19 cannot be right\."):
        read_pasted("Module 4\n10 January 9am-10am", known, year=19)
