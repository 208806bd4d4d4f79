"""What is refused with row, column and reason, and what is held back until somebody has decided."""

import io

import pytest
import xlsxwriter

from cpd.timetable.reading import Known, KnownModule, TableRefused, read_pasted, read_timetable

HEADER = "Module,Date,Time,Venue,Room,Places,Trainer"
GOOD = "M4,18/1/19,9.30am-12.30pm,Dryden,Room 3,20,A. Trainer"


def notes(found):
    return [str(note) for note in found]


@pytest.mark.parametrize(
    "words", ["TBC", "tba", "t.b.c.", "T.B.A", "TBD", "to be confirmed", "To be arranged", "to follow"]
)
def test_what_is_to_be_confirmed_is_held_back_not_guessed(read_csv, words):
    timetable = read_csv(HEADER, f"M4,{words},9.30am-12.30pm,Dryden,Room 3,20,", GOOD)

    assert notes(timetable.held_back) == [f'row 2, column Date: "{words}" is not settled yet, so the row is held back']
    assert [session.row for session in timetable.sessions] == [3]
    assert not timetable.refused


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("TBC,18/1/19,9.30am-12.30pm,Dryden,Room 3,20,", "Module"),
        ("M4,18/1/19 (TBC),9.30am-12.30pm,Dryden,Room 3,20,", "Date"),
        ("M4,18/1/19,9.30am to TBC,Dryden,Room 3,20,", "Time"),
        ("M4,18/1/19,9.30am-12.30pm,TBC,Room 3,20,", "Venue"),
        ("M4,18/1/19,9.30am-12.30pm,Dryden,Room TBC,20,", "Room"),
        ("M4,18/1/19,9.30am-12.30pm,Dryden,Room 3,tbc,", "Places"),  # blank would mean without limit
    ],
)
def test_a_row_waits_for_whatever_decides_what_people_book(read_csv, row, column):
    timetable = read_csv(HEADER, row)

    assert [(note.row, note.column) for note in timetable.held_back] == [(2, column)]
    assert (timetable.sessions, timetable.refused) == ((), ())


def test_a_row_does_not_wait_for_its_trainer(read_csv):
    timetable = read_csv(HEADER, "M4,18/1/19,9.30am-12.30pm,Dryden,Room 3,20,TBC")

    assert timetable.sessions[0].facilitator is None
    assert notes(timetable.warnings) == ['row 2, column Trainer: "TBC" is taken as not given']


def test_pasted_lines_are_held_back_too(read_lines):
    timetable = read_lines(
        *("Module 4", "18th January - 9.30am to 12.30pm (Room TBC)", "Further dates to be confirmed"),
        *(
            "Module 5",
            "Venue: TBC",
            "18th January - 1.30pm to 4.30pm",
            "24th January - 1.30pm to 4.30pm (Room 2, Dryden)",
        ),
    )

    assert [note.row for note in timetable.held_back] == [2, 3, 5, 6]
    assert [session.row for session in timetable.sessions] == [7]
    assert not timetable.refused


def test_every_reason_of_a_row_is_given_at_once(read_csv):
    timetable = read_csv(HEADER, "Module 33,30 Feb,half nine,Town Hall,,-1,")

    assert [(note.row, note.column) for note in timetable.refused] == [
        (2, "Module"),
        (2, "Date"),
        (2, "Time"),
        (2, "Venue"),
        (2, "Places"),
    ]


def test_a_note_prints_row_column_and_reason(read_csv):
    timetable = read_csv(HEADER, "M4,30 Feb,9.30am-12.30pm,Dryden,Room 3,20,")

    assert notes(timetable.refused) == ["row 2, column Date: 30 February is not a date"]


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ("-1", "a session has from 1 to 1000 places, not -1"),
        ("0", "a session has from 1 to 1000 places, not 0"),
        ("99999", "a session has from 1 to 1000 places, not 99999"),
        ("20.5", '"20.5" is not a number of places'),
        ("=1+1", '"=1+1" is not a number of places'),
        ("plenty", '"plenty" is not a number of places'),
        ("9" * 40, f'"{"9" * 40}" is not a number of places'),
    ],
)
def test_a_capacity_that_cannot_be_is_refused(read_csv, places, reason):
    timetable = read_csv(HEADER, f"M4,18/1/19,9.30am-12.30pm,Dryden,Room 3,{places},")

    assert notes(timetable.refused) == [f"row 2, column Places: {reason}"]


def test_a_formula_is_text(read_csv):
    timetable = read_csv(HEADER, "M4,18/1/19,9.30am-12.30pm,Dryden,=1+1,20,@SUM(A1)")

    assert timetable.sessions[0].days[0].room == "=1+1"
    assert timetable.sessions[0].facilitator == "@SUM(A1)"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Module 9", '"Module 9" is not a known module; the nearest is "Module 7"'),
        ("Genogrammes", '"Genogrammes" is not a known module; the nearest is "Genograms"'),
        ("xyzzy", '"xyzzy" is not a known module; the known ones are M1, M2, M3, M4, M5, M6, M7, W1'),
        ("", "no module is given"),
        ("Module 2 - Genograms", '"Module 2 - Genograms" names two modules: M1 and M2'),
    ],
)
def test_a_module_that_is_not_known_is_refused_with_the_nearest(read_csv, written, reason):
    timetable = read_csv(HEADER, f"{written},18/1/19,9.30am-12.30pm,Dryden,Room 3,20,")

    assert notes(timetable.refused) == [f"row 2, column Module: {reason}"]


def test_a_name_of_two_modules_is_refused():
    twins = Known((KnownModule("A1", "1", "Genograms"), KnownModule("B1", "1", "Neglect")), ())

    timetable = read_pasted("Module 1\n18/1/19 9am-10am", twins)

    assert timetable.refused[0].reason == '"Module 1" could be A1 or B1: write the code'


def test_a_title_of_another_module_is_refused(read_csv):
    timetable = read_csv("module,title,date,time", "M4,Genograms,18/1/19,9am-10am", "M4,Questions,19/2/19,9am-10am")

    assert notes(timetable.refused) == ['row 2, column title: "Genograms" is M1, but the row is of M4']
    assert notes(timetable.warnings) == ['row 3, column title: "Questions" is not among the names of M4: read as M4']


def test_a_wrong_heading_is_refused_once_and_its_lines_are_still_read_for_mistakes(read_lines):
    timetable = read_lines("Module 9", "18 January 9am-10am", "30 February 9am-10am", "Module 4", "18 January 9am-10am")

    assert [(note.row, note.column) for note in timetable.refused] == [(1, "module"), (3, "start_date")]
    assert [session.row for session in timetable.sessions] == [5]


def test_a_session_above_all_headings_is_refused(read_lines):
    assert notes(read_lines("18 January 9am-10am").refused) == [
        "row 1, column module: no module's heading stands above this line"
    ]


def test_prose_is_reported_as_not_read(read_lines):
    timetable = read_lines("Appendix 2", "Module 4", "18 January 9am-10am", "Refreshments will be provided.")

    assert notes(timetable.warnings) == [
        'row 1, column line: "Appendix 2" was not read',
        'row 4, column line: "Refreshments will be provided." was not read',
    ]
    assert len(timetable.sessions) == 1


def test_the_end_may_not_lie_before_the_start(read_csv):
    header = "module,start_date,start_time,end_date,end_time"
    timetable = read_csv(header, "M4,18/1/19,12.30pm,18/1/19,9.30am", "M4,18/1/19,9.30am,17/1/19,12.30pm")

    assert notes(timetable.refused) == [
        'row 2, column end_time: "12.30pm" to "9.30am" ends before it starts, or at once',
        "row 3, column end_date: it ends on 17 January 2019, before it starts on 18 January 2019",
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("M4,,9am,,10am", "start_date", "no date is given"),
        ("M4,18/1/19,,,10am", "start_time", "no start time is given"),
        ("M4,18/1/19,9am,,", "end_time", "no end time is given"),
        ("M4,18/1/19,9am-10am,,11am", "end_time", '"9am-10am" ends at another time'),
        ("M4,17/1/19 & 18/1/19,9am,19/1/19,10am", "end_date", '"19/1/19" is not the last of the dates given'),
        ("M4,18/1/19,9am,18/1/19 & 19/1/19,10am", "end_date", '"18/1/19 & 19/1/19" is more than one date'),
        ("M4,18/01/2019 11:00,9am,,10am", "start_date", '"18/01/2019 11:00" gives a time too, beside "9am"'),
        (
            "M4,43483,9am,,10am",
            "start_date",
            '"43483" is how a spreadsheet stores a date: give the column the format of a date',
        ),
    ],
)
def test_dates_and_times_that_lack_or_contradict_are_refused(read_csv, row, column, reason):
    timetable = read_csv("module,start_date,start_time,end_date,end_time", row)

    assert notes(timetable.refused) == [f"row 2, column {column}: {reason}"]


def test_the_column_of_weekdays_is_checked(read_csv):
    timetable = read_csv("Module,Day,Date,Time", "M4,Thursday,18/1/19,9am-10am", "M4,Fri,25/1/19,9am-10am")

    assert notes(timetable.refused) == ["row 2, column Day: 18 January 2019 is a Friday, not a Thursday"]
    assert [session.row for session in timetable.sessions] == [3]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (
            "10/1/19",
            "9/1/19",
            "column booking_closes: booking closes on 9 January 2019, before it opens on 10 January 2019",
        ),
        ("1/2/19", "", "column booking_opens: booking opens on 1 February 2019, after the session on 18 January 2019"),
        ("soon", "", 'column booking_opens: "soon" is not a date'),
        ("", "Mon 11/1/19", "column booking_closes: 11 January 2019 is a Friday, not a Monday"),
    ],
)
def test_booking_dates_that_cannot_be_are_refused(read_csv, opens, closes, expected):
    timetable = read_csv("module,date,time,booking_opens,booking_closes", f"M4,18/1/19,9am-10am,{opens},{closes}")

    (note,) = timetable.refused
    assert str(note).startswith(f"row 2, {expected}")


def test_the_same_session_twice_is_refused_with_both_rows(read_csv):
    timetable = read_csv(HEADER, GOOD, "Module 4,18 January 2019,0930-1230,Dryden,Room 2,,")

    assert [session.row for session in timetable.sessions] == [2]
    assert notes(timetable.refused) == [
        "row 3, column Date: rows 2 and 3 are the same session: M4 on 18 January 2019, 09:30 to 12:30"
    ]


def test_references_tell_sessions_at_one_time_apart(read_csv):
    header = "module,date,time,room,session_ref"
    timetable = read_csv(
        header,
        "M4,18/1/19,9am-10am,Room 2,A",
        "M4,18/1/19,9am-10am,Room 3,B",
        "M4,19/2/19,9am-10am,Room 3,B",
    )

    assert [session.session_ref for session in timetable.sessions] == ["A", "B"]
    assert notes(timetable.refused) == ["row 4, column session_ref: rows 3 and 4 have the same reference, B"]


def test_one_room_wanted_twice_at_one_time_is_refused_with_both_rows(read_csv):
    timetable = read_csv(
        HEADER,
        "M4,18/1/19,9.30am-12.30pm,Dryden,Room 3,,",
        "M5,18/1/19,12pm-12.30pm,Dryden Road,ROOM 3,,",
        "M3,18/1/19,12.30pm-1pm,Dryden,Room 3,,",  # may start when the other ends
        "M2,18/1/19,12pm-1pm,Dryden,,,",  # in no room
    )

    assert [session.row for session in timetable.sessions] == [2, 4, 5]
    assert notes(timetable.refused) == [
        "row 3, column Room: rows 2 and 3 both want Room 3 on 18 January 2019, 12:00 to 12:30"
    ]


def test_the_later_row_is_refused_whichever_starts_first(read_csv):
    timetable = read_csv(HEADER, "M4,18/1/19,11am-1pm,Dryden,Room 3,,", "M5,18/1/19,9am-12pm,Dryden,Room 3,,")

    assert [note.row for note in timetable.refused] == [3]


@pytest.mark.parametrize(
    ("filename", "content", "reason"),
    [
        ("t.csv", b"", "The file is empty."),
        ("t.txt", b"", "The file is empty."),
        ("t.txt", b" \n ", "There is no text."),
        ("t.txt", b"Module 1\0", "The file holds NUL characters. Save it again as CSV UTF-8 (or as plain text)."),
        ("t.txt", b"MZ\x90\x00", "The file is not plain text, whatever its name says."),
        (
            "t.txt",
            b"x" * (10 * 1024 * 1024),
            "The file has 10.0 MB; at most 5 MB can be read. Divide it into smaller files.",
        ),
        ("t.docx", b"PK\x03\x04", "Only .csv, .xlsx, .xls and .ods files can be read as a table."),
    ],
)
def test_a_file_that_is_no_timetable_is_refused_as_a_whole(known, filename, content, reason):
    with pytest.raises(TableRefused) as refused:
        read_timetable(filename, content, known, year=2019)

    assert refused.value.reason == reason


def test_a_reason_fits_on_one_line_and_cannot_play_with_the_terminal(read_csv):
    timetable = read_csv(HEADER, f'M4,"30\x1b[31m\nFeb {"x" * 100}",9am-10am,Dryden,Room 3,20,')

    (note,) = timetable.refused
    assert str(note).isprintable()
    assert len(note.reason) < 200


def test_a_windows_file_is_read(known):
    content = "Module 4 \u2013\r\n18th January \u2013 9.30am\u201312.30pm (Caf\u00e9, Dryden)\r\n".encode("cp1252")

    timetable = read_timetable("t.txt", content, known, year=2019)

    assert timetable.sessions[0].days[0].room == "Caf\u00e9"


def test_a_line_of_prose_between_heading_and_sessions_is_not_taken_for_the_venue(read_lines):
    timetable = read_lines("Module 4", "This module looks at circular questions.", "18 January 9am-10am")

    assert notes(timetable.warnings) == ['row 2, column line: "This module looks at circular questions." was not read']
    assert timetable.sessions[0].days[0].venue == "dryden"


def test_a_heading_with_a_title_that_is_not_known_is_pointed_out(read_lines):
    timetable = read_lines("Module 4: Circular questions", "18 January 9am-10am")

    assert timetable.sessions[0].module == "M4"
    assert notes(timetable.warnings) == ['row 1, column module: "Module 4: Circular questions" is read as M4']


def test_a_heading_with_a_date_on_its_line_is_refused(read_lines):
    assert [note.row for note in read_lines("Module 4 - 18 January 9am-10am").refused] == [1]


@pytest.mark.parametrize(
    ("field", "written"),
    [("facilitator", "x" * 201), ("session_ref", "x" * 201), ("date", "1 " * 600), ("room", "x" * 201)],
)
def test_a_text_that_is_too_long_is_refused_in_its_column(read_csv, field, written):
    row = {"module": "M4", "date": "18/1/19", "time": "9am-10am", "room": "", "facilitator": "", "session_ref": ""}
    timetable = read_csv(",".join(row), ",".join((row | {field: written}).values()))

    assert [note.column for note in timetable.refused] == [field]


def test_a_line_that_is_too_long_is_refused(read_lines):
    assert [note.column for note in read_lines("Module 4", "18 January 9am-10am " * 60).refused] == ["line"]


def test_a_booking_date_on_29_february_of_a_common_year_is_refused(read_csv):
    timetable = read_csv("module,date,time,booking_closes", "M4,18/3/19,9am-10am,29/2/19", "M5,18/3/19,9am-10am,29 Feb")

    reason = "column booking_closes: 29 February 2019 is not a date"
    assert notes(timetable.refused) == [f"row 2, {reason}", f"row 3, {reason}"]


def test_booking_that_closes_after_the_start_is_taken_and_pointed_out(read_csv):
    timetable = read_csv("module,date,time,booking_closes", "M4,18/1/19,9am-10am,19/1/19")

    assert [note.reason for note in timetable.warnings] == [
        "booking closes on 19 January 2019, after the session has started"
    ]


def test_a_column_of_days_that_are_no_weekdays_is_reported(read_csv):
    timetable = read_csv("Module,Day,Date,Time", "M4,Day 1,18/1/19,9am-10am")

    assert notes(timetable.warnings) == ['row 2, column Day: "Day 1" is not a weekday and was not read']


def test_sheets_that_were_not_read_are_reported(known):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    for name in ("Spring", "Autumn"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Module", "Date", "Time"])
        sheet.write_row(1, 0, ["M4", "18/1/19", "9am-10am"])
    book.close()

    timetable = read_timetable("t.xlsx", content.getvalue(), known)

    assert len(timetable.sessions) == 1
    assert notes(timetable.warnings) == ['row 1, column sheet: The sheet "Autumn" was not read.']


def test_pasted_text_that_is_no_timetable_is_refused_as_a_whole(known):
    for text, reason in (("Module 1\0", "NUL characters"), ("x\n" * 20_001, "at most 20,000 lines")):
        with pytest.raises(TableRefused, match=reason):
            read_pasted(text, known)
