"""The whole programme of January to March 2019 (G-M1 to G-M7), as a table and as it was printed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import pytest

from cpd.timetable.reading import read_timetable


@pytest.fixture(scope="module")
def table(data, known):
    return read_timetable("g.csv", (data / "gateshead-systemic-2019.csv").read_bytes(), known)


@pytest.fixture(scope="module")
def printed(data, known):
    return read_timetable("g.txt", (data / "gateshead-systemic-2019.txt").read_bytes(), known, year=2019)


def what_is_said(timetable):
    return [replace(session, row=0, raw="", place_as_written="") for session in timetable.sessions]


@pytest.mark.parametrize("name", ["table", "printed"])
def test_both_give_38_sessions_and_42_session_days_and_nothing_else(name, request):
    timetable = request.getfixturevalue(name)

    assert (len(timetable.sessions), timetable.session_days) == (38, 42)
    assert (timetable.held_back, timetable.refused, timetable.warnings) == ((), (), ())


def test_the_table_and_the_printed_page_say_the_same(table, printed):
    assert what_is_said(table) == what_is_said(printed)


def test_each_module_has_the_sessions_that_the_report_lists(table):
    counts = Counter(session.module for session in table.sessions)

    assert counts == {"M1": 6, "M2": 6, "M3": 6, "M4": 6, "M5": 6, "M6": 4, "M7": 4}


def test_no_room_is_wanted_twice_at_one_time(table):
    days = [day for session in table.sessions for day in session.days if day.room]

    assert len(days) == 34
    assert not [
        (one, other)
        for one, other in combinations(days, 2)
        if (one.venue, one.room) == (other.venue, other.room)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    ]


def test_the_day_of_module_4_in_the_civic_centre_overrides_the_usual_venue(printed):
    (session,) = (
        session
        for session in printed.sessions
        if session.module == "M4" and session.days[0].starts_at == datetime(2019, 2, 28, 9, 30, tzinfo=UTC)
    )

    assert (session.days[0].venue, session.days[0].room) == ("civic-centre", "Lamesley Room")
    assert session.place_as_written == "Lamesley Room, Civic Centre"
    assert session.raw == "28th February - 9.30am to 12.30pm (Lamesley Room, Civic Centre)"
    assert session.row == 33


def test_without_a_year_every_printed_line_is_refused(data, known):
    timetable = read_timetable("g.txt", (data / "gateshead-systemic-2019.txt").read_bytes(), known)

    assert timetable.sessions == ()
    assert len(timetable.refused) == 38
    assert str(timetable.refused[0]) == (
        "row 3, column start_date: the year is not given: "
        "write it with the date, in a heading, or give it for the whole file"
    )


def test_a_heading_with_the_year_is_enough(data, known, printed):
    text = b"Timetable January - March 2019\n\n" + (data / "gateshead-systemic-2019.txt").read_bytes()

    assert what_is_said(read_timetable("g.txt", text, known)) == what_is_said(printed)
