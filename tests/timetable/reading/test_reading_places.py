"""Which venue and room a row means, however they are spread over its cells (AMB-28)."""

import pytest

from cpd.timetable.reading import Known, KnownModule, KnownVenue, read_pasted


@pytest.fixture(scope="module")
def place_of(read_csv):
    def read(venue, room, module="M4"):
        timetable = read_csv("module,date,time,venue,room", f'{module},10/1/19,9am-10am,"{venue}","{room}"')
        assert not timetable.refused
        (day,) = timetable.sessions[0].days
        return day.venue, day.room, day.room_code

    return read


@pytest.fixture(scope="module")
def place_refused(read_csv):
    def read(venue, room, module="M4"):
        timetable = read_csv("module,date,time,venue,room", f'{module},10/1/19,9am-10am,"{venue}","{room}"')
        (note,) = timetable.refused
        return note.column, note.reason

    return read


@pytest.mark.parametrize(
    ("venue", "room"),
    [
        ("Civic Centre", "Lamesley Room"),
        ("civic centre", "LAMESLEY  ROOM"),
        ("Civic Centre, Lamesley Room", ""),  # the venue's cell holds the room
        ("Lamesley Room, Civic Centre", ""),
        ("Lamesley Room", "Lamesley Room, Civic Centre"),
        ("", "Lamesley Room, Civic Centre"),  # the room's cell holds the venue
        ("", "Lamesley Room (Civic Centre)"),
        ("", "Lamesley Room at Civic Centre"),
        ("", "Civic Centre - Lamesley Room"),
        ("", "Lamesley Room Civic Centre"),
        ("n/a", "Civic Centre: Lamesley Room"),
        ("Civic Centre", "Lamesley Room, Civic Centre"),
    ],
)
def test_venue_and_room_are_found_wherever_they_stand(place_of, venue, room):
    assert place_of(venue, room) == ("civic-centre", "Lamesley Room", "lamesley")


@pytest.mark.parametrize(
    "venue",
    [
        "Northumbria University, Coach Lane Campus",
        "University of Northumbria, Coach Lane Campus",
        "UNN, Coach Lane Campus",
        "UNN",
        "Coach Lane Campus (University of Northumbria)",
    ],
)
@pytest.mark.parametrize("in_room_cell", [False, True])
def test_a_venue_of_many_names_is_one_venue_and_no_room(place_of, venue, in_room_cell):
    assert place_of(*(("", venue) if in_room_cell else (venue, ""))) == ("coach-lane", None, None)


def test_a_blank_venue_is_the_modules_usual_one(place_of):
    assert place_of("", "Room 2") == ("dryden", "Room 2", "room-2")
    assert place_of("", "") == ("dryden", None, None)
    assert place_of("-", "-") == ("dryden", None, None)


def test_a_venues_cell_may_hold_only_a_room_that_is_known(place_of):
    assert place_of("Bridges Room", "") == ("civic-centre", "Bridges Room", "bridges")


def test_a_venue_in_the_rooms_cell_overrides_the_venues_cell_and_is_pointed_out(read_csv):
    timetable = read_csv("module,date,time,venue,room", 'M4,10/1/19,9am-10am,Dryden,"Lamesley Room, Civic Centre"')

    assert timetable.sessions[0].days[0].venue == "civic-centre"
    assert timetable.sessions[0].place_as_written == "Dryden | Lamesley Room, Civic Centre"
    assert [str(note) for note in timetable.warnings] == [
        "row 2, column room: taken as Civic Centre, although the venue given is Dryden Road PDC"
    ]


def test_a_new_room_of_a_known_venue_is_taken_and_reported_once(read_csv):
    timetable = read_csv(
        "module,date,time,venue,room",
        "M4,10/1/19,9am-10am,Dryden,Blue Room",
        "M4,11/1/19,9am-10am,Dryden,BLUE ROOM",
    )

    assert [(day.room, day.room_code) for session in timetable.sessions for day in session.days] == [
        ("Blue Room", None),
        ("Blue Room", None),
    ]
    reason = '"Blue Room" is taken as a new room of Dryden Road PDC (known there: Room 2, Room 3, Emily Davis)'
    assert [str(note) for note in timetable.warnings] == [f"row 2, column room: {reason}"]


def test_a_venue_that_is_not_known_is_refused_with_those_that_are(place_refused):
    known = "the known venues are Civic Centre; Dryden Road PDC; Northumbria University, Coach Lane Campus"

    assert place_refused("Town Hall", "") == ("venue", f'"Town Hall" is not a known venue; {known}')
    assert place_refused("", "Blue Room, Town Hall") == (
        "room",
        f'"Blue Room, Town Hall" names no known venue; {known}',
    )


def test_a_room_of_another_venue_is_refused_where_the_venue_would_be_guessed(place_refused):
    assert place_refused("", "Lamesley Room") == (
        "room",
        '"Lamesley Room" is a room of Civic Centre, not of Dryden Road PDC',
    )


def test_two_venues_or_two_rooms_in_one_row_are_refused(place_refused):
    assert "names two venues" in place_refused("", "Room 2, Dryden, Civic Centre")[1]
    assert place_refused("Civic Centre, Bridges Room", "Bewicks B") == (
        "room",
        'the venue\'s cell names another room: "Bridges Room"',
    )


def test_a_module_without_a_usual_venue_needs_one(place_refused, place_of):
    assert place_refused("", "", "W1") == ("venue", "no venue is given, and the module has no usual one")
    assert place_of("", "Bridges Room", "W1") == ("civic-centre", "Bridges Room", "bridges")


def test_the_line_below_a_heading_is_the_venue_until_a_row_says_otherwise(read_lines):
    timetable = read_lines(
        "Module 4",
        "Civic Centre, unless otherwise stated (pre-registration required)",
        "10 January 9am-10am (Bridges Room)",
        "11 January 9am-10am (Room 3, Dryden)",
        "Module 5",
        "10 January 9am-10am",
    )

    assert [(day.venue, day.room) for session in timetable.sessions for day in session.days] == [
        ("civic-centre", "Bridges Room"),
        ("dryden", "Room 3"),
        ("dryden", None),
    ]


def test_a_line_where_the_venue_stands_must_be_a_known_venue(read_lines):
    timetable = read_lines("Module 4", "Town Hall (pre-registration required)", "10 January 9am-10am")

    assert [(note.row, note.column) for note in timetable.refused] == [(2, "venue")]


def test_a_name_of_two_venues_is_refused():
    twins = Known((KnownModule("A1"),), (KnownVenue("a", "Civic Centre"), KnownVenue("b", "CIVIC CENTRE")))

    timetable = read_pasted("A1\n10/1/19 9am-10am (Civic Centre)", twins)

    assert timetable.refused[0].reason == '"Civic Centre" could be CIVIC CENTRE or Civic Centre'
