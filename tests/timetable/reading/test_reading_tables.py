"""A timetable as a table: columns in any order and wording, and what a row may say."""

import io
from datetime import UTC, date, datetime, time

import pytest
import xlsxwriter

from cpd.timetable.reading import TableRefused, read_timetable

USUAL = ("M4", "2019-01-18T09:30", "2019-01-18T12:30", "dryden", "Room 3")


def what_is_said(timetable):
    assert not timetable.refused
    return [
        (session.module, f"{day.starts_at:%Y-%m-%dT%H:%M}", f"{day.ends_at:%Y-%m-%dT%H:%M}", day.venue, day.room)
        for session in timetable.sessions
        for day in session.days
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "module,start_date,start_time,end_date,end_time,venue,room",
            "M4,2019-01-18,09:30,2019-01-18,12:30,Dryden,Room 3",
        ),
        ("Room,Venue,End_Time,Start-Time,START DATE,Module", "Room 3,Dryden,12.30pm,9.30am,18/1/19,Module 4"),
        ("Course,Date,Time,Location", '4,18 January 2019,9.30am - 12.30pm,"Room 3, Dryden"'),
        ("Course title,Date(s),Times,Place,Room", "Module 4,18.01.2019,0930-1230,Dryden,Room 3"),
        ("Module,Date,From,To,Room", "M4,18/1/19,9.30am,12.30pm,Room 3"),
        ("Module,From,To,Time,Room", "M4,18/1/19,18/1/19,9.30am-12.30pm,Room 3"),
        ("Module,Start,End,Room", "M4,18/01/2019 09:30,18/01/2019 12:30,Room 3"),
        ("Module,Day,Date,Start,Finish,Room", "M4,Friday,18/1/19,9.30am,12.30pm,Room 3"),
        ("Module,Day,Time,Room", "M4,Fri 18 Jan 2019,9.30am to 12.30pm,Room 3"),
        ("Module,When", "M4,18th January 2019 - 9.30am to 12.30pm (Room 3)"),
        ("Module,Date and time,Room", "M4,Friday 18 January 2019 9.30am-12.30pm,Room 3"),
    ],
)
def test_columns_come_in_any_order_and_wording(read_csv, header, row):
    assert what_is_said(read_csv(header, row)) == [USUAL]


def test_a_saved_mapping_reads_columns_that_nobody_could_guess(read_csv):
    saved = {"Kurs": "module", "TAG": "start_date", "Uhrzeit": "start_time", "Date": ""}

    assert what_is_said(
        read_csv("kurs,Tag,Uhrzeit,Date,Ort", "M4,18/1/19,9.30am-12.30pm,printed 1/1/19,Gateshead", mapping=saved)
    ) == [(*USUAL[:4], None)]


def test_a_mapping_to_a_field_that_does_not_exist_is_refused(read_csv):
    with pytest.raises(TableRefused, match="fields that do not exist: day_of_course"):
        read_csv("Kurs", "M4", mapping={"Kurs": "day_of_course"})


def test_a_column_that_is_not_known_is_reported_and_not_read(read_csv):
    timetable = read_csv("Module,Date,Time,Colour", "M4,18/1/19,9.30am-12.30pm,red")

    assert [str(note) for note in timetable.warnings] == [
        "row 1, column Colour: this column is not known and was not read"
    ]


def test_a_table_without_modules_or_dates_is_refused_with_its_columns(read_csv):
    with pytest.raises(TableRefused) as refused:
        read_csv("Kurs,Tag,Uhrzeit", "M4,18/1/19,9.30am-12.30pm")

    assert refused.value.reason == (
        "There is no column for module and start_date. The columns are: Kurs, Tag, Uhrzeit."
    )


def test_a_row_over_several_dates_means_those_times_on_each(read_csv):
    header = "module,start_date,start_time,end_date,end_time"

    assert what_is_said(read_csv(header, "M6,2019-01-31,09:30,2019-02-01,16:30")) == [
        ("M6", "2019-01-31T09:30", "2019-01-31T16:30", "coach-lane", None),
        ("M6", "2019-02-01T09:30", "2019-02-01T16:30", "coach-lane", None),
    ]


@pytest.mark.parametrize("separator", [", ", "; ", " & ", " and ", "\n"])
def test_one_cell_may_hold_several_dates(read_csv, separator):
    timetable = read_csv("module,dates,time", f'M6,"31/1/19{separator}1/2/19{separator}8/2/19",9.30am to 4.30pm')

    assert [line[1] for line in what_is_said(timetable)] == ["2019-01-31T09:30", "2019-02-01T09:30", "2019-02-08T09:30"]


def test_title_lines_above_the_header_may_give_the_year(known):
    content = b"Timetable January - March 2019\n\nModule,Date,Time,Room\nM4,18 January,9.30am-12.30pm,Room 3\n"

    timetable = read_timetable("t.csv", content, known)

    assert what_is_said(timetable) == [USUAL]
    assert timetable.sessions[0].row == 4


def test_a_workbook_gives_what_the_same_csv_gives(known):
    timetable = read_timetable("t.xlsx", workbook(), known)

    assert what_is_said(timetable) == [USUAL, ("M4", "2019-01-24T09:30", "2019-01-24T12:30", "dryden", "Room 2")]
    assert [session.capacity for session in timetable.sessions] == [20, 15]
    assert [session.row for session in timetable.sessions] == [4, 5]


def workbook():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Timetable")
    day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
    sheet.merge_range(0, 0, 0, 5, "Spring timetable 2019")
    sheet.write_row(2, 0, ["Module", "Date", "Start time", "Finish", "Places", "Room"])
    sheet.merge_range(3, 0, 4, 0, "Module 4")
    sheet.write_datetime(3, 1, datetime(2019, 1, 18), day)
    sheet.write_datetime(3, 2, time(9, 30), clock)
    sheet.write_datetime(3, 3, time(12, 30), clock)
    sheet.write_row(3, 4, [20, "Room 3"])
    sheet.write_row(4, 1, ["24th January", 9.5 / 24, "12.30pm", "15 places", "Room 2"])
    book.close()
    return content.getvalue()


def test_everything_else_that_a_row_may_say(read_csv):
    timetable = read_csv(
        "module,date,time,session_ref,capacity,booking_opens,booking_closes,facilitator",
        "M4,18/1/19,9.30am-12.30pm,SYS-17,max 20,1 December,11 January,A. Trainer",
    )

    (session,) = timetable.sessions
    assert (session.session_ref, session.capacity, session.facilitator) == ("SYS-17", 20, "A. Trainer")
    assert (session.booking_opens, session.booking_closes) == (date(2018, 12, 1), date(2019, 1, 11))


def test_what_was_written_is_kept_beside_what_was_read(read_csv):
    (session,) = read_csv("Module,Date,Time,Room", "Module 4,18th Jan,9.30 to 12.30pm,room 3").sessions

    assert session.days[0].room == "Room 3"
    assert session.place_as_written == "room 3"
    assert session.raw == "Module 4 | 18th Jan | 9.30 to 12.30pm | room 3"
    assert session.days[0].starts_at == datetime(2019, 1, 18, 9, 30, tzinfo=UTC)


def test_a_blank_cell_says_nothing(read_csv):
    timetable = read_csv(
        "module,date,time,session_ref,capacity,booking_opens,booking_closes,facilitator",
        "M4,18/1/19,9.30am-12.30pm,,-,n/a,,",
    )

    (session,) = timetable.sessions
    assert (session.session_ref, session.capacity, session.booking_opens, session.facilitator) == (None,) * 4


@pytest.mark.parametrize(
    "written", ["M7", "Module 7", "7", "NVR", "non violent resistance", "Module 7 \u2013 Non-Violent Resistance (NVR)"]
)
def test_a_module_has_many_names(read_csv, known, written):
    assert what_is_said(read_csv("module,date,time", f"{written},25/1/19,9am-10.30am"))[0][0] == "M7"


def test_a_number_with_a_title_that_is_not_known_is_taken_and_pointed_out(read_csv):
    timetable = read_csv("module,date,time", "Module 4 - Circular questions,18/1/19,9am-10am")

    assert timetable.sessions[0].module == "M4"
    assert [note.reason for note in timetable.warnings] == ['"Module 4 - Circular questions" is read as M4']
