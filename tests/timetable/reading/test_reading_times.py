"""Times of day in the wordings that councils use (AMB-28)."""

import pytest


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("12.00 to 2.00pm", "12:00", "14:00"),  # two hours from noon, not fourteen from midnight
        ("9.00 to 11.00am", "09:00", "11:00"),
        ("9.30 to 4.30pm", "09:30", "16:30"),  # an evening's start would end before it starts
        ("1.30 to 4.30pm", "13:30", "16:30"),
        ("11 to 1pm", "11:00", "13:00"),
        ("9 - 11pm", "21:00", "23:00"),  # the shortest span
        ("9am to 5", "09:00", "17:00"),  # the half of the day may be missing from the end too
        ("10am - 11.30", "10:00", "11:30"),
    ],
)
def test_a_time_without_am_or_pm_takes_the_half_that_makes_the_shortest_positive_span(days_of, written, start, end):
    assert days_of(f"10th January - {written}") == [("2019-01-10", start, end)]


def test_9_00am_hyphen_11_00am(days_of):
    assert days_of("16th January - 9.00am - 11.00am") == [("2019-01-16", "09:00", "11:00")]


@pytest.mark.parametrize("dash", ["-", "\u2013", "\u2014", "\u2212", " \u2013 ", " \u2014 ", "\u00a0\u2013\u00a0"])
def test_every_dash_is_a_dash(days_of, dash):
    assert days_of(f"16th January {dash} 9.00am{dash}11.00am") == [("2019-01-16", "09:00", "11:00")]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("0930-1230", "09:30", "12:30"),
        ("0930hrs to 1630hrs", "09:30", "16:30"),
        ("09:30-12:30", "09:30", "12:30"),
        ("09:30:00 to 12:30:00", "09:30", "12:30"),
        ("9.30-12.30", "09:30", "12:30"),
        ("9.30 - 16.30", "09:30", "16:30"),
        ("13.30pm - 16.30pm", "13:30", "16:30"),
    ],
)
def test_the_24_hour_clock(days_of, written, start, end):
    assert days_of(f"10th January - {written}") == [("2019-01-10", start, end)]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("noon to 2pm", "12:00", "14:00"),
        ("12 noon - 1.30pm", "12:00", "13:30"),
        ("12.00 noon - 1.30pm", "12:00", "13:30"),
        ("10am to midday", "10:00", "12:00"),
        ("9.30 until noon", "09:30", "12:00"),
    ],
)
def test_noon_and_midday(days_of, written, start, end):
    assert days_of(f"10th January - {written}") == [("2019-01-10", start, end)]


@pytest.mark.parametrize(
    "written", ["9.30 a.m. to 12.30 p.m.", "9.30AM-12.30PM", "9.30 am until 12.30 pm", "930am-1230pm"]
)
def test_am_and_pm_in_any_dress(days_of, written):
    assert days_of(f"10th January - {written}") == [("2019-01-10", "09:30", "12:30")]


def test_a_time_in_summer_is_londons_own(session_of):
    (day,) = session_of("10th July - 9.30am to 12.30pm").days

    assert (day.starts_at.isoformat(), day.ends_at.isoformat()) == (
        "2019-07-10T08:30:00+00:00",
        "2019-07-10T11:30:00+00:00",
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1.30 to 4.30", '"1.30" does not say am or pm'),  # night or afternoon?
        ("9.30 to 4.30", '"4.30" does not say am or pm'),
        ("2.00pm to 9.00am", "ends before it starts"),
        ("9.00am to 9.00am", "ends before it starts, or at once"),
        ("12 to 12pm", "could mean more than one thing"),
        ("half nine to eleven", "does not give a start and an end"),
        ("half nine to 11am", "does not give a start and an end"),
        ("9.30am", "does not give a start and an end"),
        ("9.75am to 11am", "is not a time"),
        ("25:00 to 26:00", "is not a time"),
        ("14.00am to 15.00", "is not a time"),
        ("9.30am to 12.30pm and 1.30pm to 4.30pm", "gives more than one start and end"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(refusal_of, written, reason):
    note = refusal_of(f"10th January - {written}")

    assert note.column == "start_time"
    assert reason in note.reason


@pytest.mark.parametrize("written", ["half nine", "9.3", "nine", "9.30ish", "24:00", "0:30am"])
def test_a_cell_that_is_no_time_is_refused_in_its_column(read_csv, written):
    timetable = read_csv("Module,Date,Start time,Finish", f"M4,10/1/19,{written},12.30pm")

    assert [(note.row, note.column) for note in timetable.refused] == [(2, "Start time")]
    assert timetable.refused[0].reason == f'"{written}" is not a time: write it like 9.30am or 13:30'


def test_what_could_be_a_year_is_no_time(refusal_of):
    assert refusal_of("10 January 2019-2020").column == "start_time"


def test_a_start_that_the_clocks_leave_out_is_refused(refusal_of):
    note = refusal_of("31 March 2019 - 01:30 to 03:00")

    assert note.reason == "01:30 on 31 March 2019 does not exist: the clocks go forward"


def test_a_start_that_comes_twice_is_refused(refusal_of):
    assert (
        refusal_of("27 October 2019 - 01:30 to 04:00").reason
        == "01:30 on 27 October 2019 comes twice: the clocks go back"
    )


def test_an_end_that_comes_twice_is_refused_too(refusal_of):
    assert refusal_of("27 October 2019 - 00:30 to 01:30").column == "end_time"


def test_a_session_in_the_night_is_taken_and_pointed_out(read_lines):
    timetable = read_lines("Module 4", "10th January - 01:30 to 04:30")

    assert [str(note) for note in timetable.warnings] == ["row 2, column start_time: it starts at 01:30, in the night"]
    assert len(timetable.sessions) == 1


@pytest.mark.parametrize(("written", "start"), [("0.395833333", "09:30"), ("0.5", "12:00"), ("0.375", "09:00")])
def test_a_fraction_of_a_day_is_a_time_that_lost_its_format(read_csv, written, start):
    timetable = read_csv("module,date,start_time,end_time", f"M4,10/1/19,{written},12.30pm")

    assert f"{timetable.sessions[0].days[0].starts_at:%H:%M}" == start


def test_a_fraction_that_is_no_whole_minute_is_refused(read_csv):
    timetable = read_csv("module,date,start_time,end_time", "M4,10/1/19,0.123456,12.30pm")

    assert timetable.refused[0].column == "start_time"
