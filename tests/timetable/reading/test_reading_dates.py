"""Dates in the wordings that councils use: the day first, always (AMB-28)."""

import pytest

AT = "9.30am to 4.30pm"


def on(*days):
    return [(day, "09:30", "16:30") for day in days]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("6th and 7th February", ["2019-02-06", "2019-02-07"]),
        ("6 th and 7 th February", ["2019-02-06", "2019-02-07"]),
        ("31st January & 1st February", ["2019-01-31", "2019-02-01"]),
        ("6th, 7th and 8th February", ["2019-02-06", "2019-02-07", "2019-02-08"]),
        ("6th, 13th and 20th February 2019", ["2019-02-06", "2019-02-13", "2019-02-20"]),
        ("6/7 February", ["2019-02-06", "2019-02-07"]),
        ("February 6 & 7", ["2019-02-06", "2019-02-07"]),
        ("31.01.2019; 01.02.2019", ["2019-01-31", "2019-02-01"]),
        ("31/1/19 + 1/2/19", ["2019-01-31", "2019-02-01"]),
        ("1 February & 31 January 2019", ["2019-01-31", "2019-02-01"]),  # days are put in order
    ],
)
def test_several_dates_are_the_days_of_one_session(days_of, written, days):
    assert days_of(f"{written} - {AT}") == on(*days)


@pytest.mark.parametrize(
    "written",
    [
        "6th to 8th February",
        "6-8 February",
        "6 \u2013 8 Feb 2019",
        "6 February until 8 February",
        "06/02/2019 - 08/02/2019",
    ],
)
def test_from_one_date_to_another_are_all_dates_between(days_of, written):
    assert days_of(f"{written}, {AT}") == on("2019-02-06", "2019-02-07", "2019-02-08")


@pytest.mark.parametrize(
    "written",
    [
        "31.01.2019",
        "31.01.19",
        "31.1.2019",
    ],
)
def test_dotted_dates(days_of, written):
    assert days_of(f"{written} {AT}") == on("2019-01-31")


@pytest.mark.parametrize("written", ["31/1/19", "31/01/2019", "31/1/2019", "31/01/19", "31-01-2019"])
def test_slashed_dates(days_of, written):
    assert days_of(f"{written} {AT}") == on("2019-01-31")


def test_the_day_stands_first_always(days_of):
    assert days_of(f"1/2/19 {AT}") == on("2019-02-01")


def test_a_month_that_stands_first_in_figures_is_refused(refusal_of):
    assert refusal_of(f"1/31/2019 {AT}").reason == '"1/31/2019" is not a date: the day stands first, then the month'


def test_iso_dates(days_of):
    assert days_of(f"2019-01-31 {AT}") == on("2019-01-31")


@pytest.mark.parametrize(
    "written",
    [
        "Thu 31 Jan 2019",
        "Thursday 31st January 2019",
        "Thursday, 31 January, 2019",
        "Thurs. 31st of January",
        "31 January 2019 (Thursday)",
        "Thu 31/1/19",
        "the 31st January",
        "January 31st",
        "Dates: 31 Jan '19",
    ],
)
def test_dates_in_words(days_of, written):
    assert days_of(f"{written} - {AT}") == on("2019-01-31")


def test_every_weekday_of_several_dates_is_checked(days_of):
    assert days_of(f"Thu 31 Jan & Fri 1 Feb - {AT}") == on("2019-01-31", "2019-02-01")


@pytest.mark.parametrize("written", ["Fri 31 Jan 2019", "Thu 31 Jan & Thu 1 Feb", "Wed 6 to Fri 9 February"])
def test_a_weekday_that_is_not_the_dates_own_is_refused(refusal_of, written):
    note = refusal_of(f"{written} - {AT}")

    assert note.column == "start_date"
    assert " is a " in note.reason
    assert ", not a " in note.reason


def test_the_reason_names_the_true_weekday(refusal_of):
    assert refusal_of(f"Fri 31 Jan 2019 - {AT}").reason == "31 January 2019 is a Thursday, not a Friday"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("30th February", "30 February is not a date"),
        ("30/02/2019", "30 February is not a date"),
        ("29 February", "29 February 2019 is not a date"),
        ("31st June", "31 June is not a date"),
        ("0 January", "0 January is not a date"),
        ("6th", '"6th" does not say which month'),
        ("10 January & 10 January", "the same date is written twice"),
        ("6-7 & 7 January", "the same date is written twice"),
        ("8 to 6 January", "it ends on 6 January 2019, before it starts on 8 January 2019"),
        ("1 January to 1 March", "1 January 2019 to 1 March 2019 are 60 days: more than 31 cannot be right"),
        ("31 January 1919", "the year 1919 cannot be right"),
        ("10 January 16 January", '"10 January 16 January" is not a date'),
        ("10 January &", '"10 January &" is not a date'),
        ("10 Janvier", "is not a date"),
        ("Mondays", "is not a date"),
        ("Thu 31 January (Fri)", '"Thu 31 January (Fri)" names two weekdays'),
        ("", "no date is given"),
    ],
)
def test_what_is_no_date_is_refused(refusal_of, written, reason):
    note = refusal_of(f"{written} {AT}")

    assert reason in note.reason


def test_dates_far_apart_are_one_session_and_pointed_out(read_lines):
    timetable = read_lines("Module 4", f"10 January & 14 March - {AT}")

    assert timetable.session_days == 2
    assert [note.reason for note in timetable.warnings] == [
        "2 dates from 10 January 2019 to 14 March 2019 are taken as one session"
    ]


def test_a_weekend_is_taken_and_pointed_out(read_lines):
    timetable = read_lines("Module 4", f"12 January - {AT}")

    assert [note.reason for note in timetable.warnings] == ["12 January 2019 is a Saturday"]
    assert len(timetable.sessions) == 1


@pytest.mark.parametrize(
    "written",
    ["10th January - 9.30am to 12.30pm", "• 10th January, 9.30am-12.30pm", "10th January\t9.30am\u201312.30pm\tRoom 2"],
)
def test_a_line_may_come_from_a_list_or_a_table_of_a_word_document(days_of, written):
    assert days_of(written) == [("2019-01-10", "09:30", "12:30")]
