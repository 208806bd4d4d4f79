"""Workforce Development sends a timetable, looks at what was understood, and takes it whole or not at all."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cpd.booking.service import book_places
from cpd.desk import uploads
from cpd.desk.models import PendingImport
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable.models import ColumnMapping, TrainingSession
from tests.desk.conftest import errors_on, rows_on
from tests.timetable.conftest import AFTERNOON, CSV, DATA, HEADER, MORNING, TXT, filled, session_of, sessions

PAGE = "/workforce/import/timetable"
ABROAD = b"Kurs;Datum;Uhrzeit;Ort\nM2;2019-01-15;9.30am to 12.30pm;Room 2, Dryden\n"


def table(*rows, header=HEADER):
    return "\n".join([header, *map(filled, rows)]).encode()


def uploads_kept():
    db.session.rollback()
    return db.session.scalar(select(func.count(PendingImport.id)))


@pytest.fixture
def desk(systemic, officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def preview(desk, send):
    """Send a table's rows, and give the preview's address and page."""

    def shown(*rows, **more):
        answer = send(desk, "timetable", "t.csv", table(*rows), programme="systemic", **more)
        assert answer.status_code == 303, errors_on(answer)
        return answer.location, desk.get(answer.location)

    return shown


@pytest.mark.parametrize(("name", "year"), [(CSV, ""), (TXT, "2019")])
def test_a_real_file_is_shown_first_and_then_taken(both, desk, send, name, year):
    sent = send(desk, "timetable", name, (DATA / name).read_bytes(), programme="systemic", year=year)
    page = desk.get(sent.location)
    assert "38 new sessions with 42 days" in page.text
    assert len(rows_on(page, "What was understood")) == 38
    assert sessions() == []

    taken = desk.post(sent.location)

    assert (taken.status_code, taken.location) == (303, "/workforce")
    assert "38 sessions with 42 days taken as drafts" in desk.get("/workforce").text
    assert {each.status for each in sessions()} == {"draft"}
    assert uploads_kept() == 0


def test_text_can_be_pasted_instead(app, desk):
    data = {"text": (DATA / TXT).read_text(), "programme": "systemic", "year": "2019"}

    sent = desk.post(PAGE, data=data)
    desk.post(sent.location, data={"publish": "y"})

    assert len(sessions()) == 38
    assert {each.status for each in sessions()} == {"published"}


def test_a_row_shows_what_is_written_beside_what_was_understood(app, preview):
    _, page = preview(f"{MORNING},A7,12,Fay Facilitator")

    (row,) = rows_on(page, "What was understood").values()
    assert "M2 | 2019-01-15 | 09:30 | 2019-01-15 | 12:30 | Dryden Road PDC | Room 2" in row
    assert "Module 2 Tuesday 15 January 2019, 9:30am to 12:30pm Room 2, Dryden Road PDC" in row
    assert "Reference A7 12 places Facilitator: Fay Facilitator (a name without an account) New" in row


def test_refused_rows_come_first_and_nothing_can_be_taken(app, desk, preview):
    address, page = preview(MORNING, "M3,,TBC,13:30,,16:30,Dryden,Room 2", AFTERNOON.replace("13:30", "11:30"))

    assert rows_on(page, "Refused").keys() == {4}
    assert "rows 2 and 4 both want Room 2" in rows_on(page, "Refused")[4]
    assert rows_on(page, "Held back").keys() == {3}
    assert page.text.index("Refused") < page.text.index("Held back") < page.text.index("What was understood")
    assert f'action="{address}"' not in page.text

    assert desk.post(address).status_code == 409
    assert sessions() == []


def test_held_back_rows_do_not_stop_the_others(app, desk, preview):
    address, page = preview(MORNING, "M3,,TBC,13:30,,16:30,Dryden,Room 2")
    assert "Take 1 session as drafts" in page.text

    desk.post(address)

    assert len(sessions()) == 1


def test_a_change_is_shown_with_what_is_there_now(app, desk, preview, alice):
    desk.post(preview(MORNING)[0], data={"publish": "y"})
    book_places(alice.id, [session_of("M2").id], by=alice.id)

    address, page = preview(MORNING.replace("12:30", "13:00").replace("Room 2", "Room 3"), AFTERNOON)

    changed, new = rows_on(page, "What was understood").values()
    assert changed.endswith(
        "Changes: time and place Now: Tuesday 15 January, 9:30am to 12:30pm, Room 2, Dryden Road PDC"
    )
    assert new.endswith("New")
    assert "1 session with 1 day taken as drafts, 1 changed" in desk.post(address, follow_redirects=True).text


def test_the_same_again_leaves_nothing_to_take(app, desk, preview):
    desk.post(preview(MORNING)[0], data={"publish": "y"})

    _, page = preview(MORNING)

    assert "Nothing in it is new" in page.text
    assert "There already" in rows_on(page, "What was understood")[2]


def test_drafts_that_are_there_can_still_be_published_by_their_file(app, desk, preview):
    desk.post(preview(MORNING)[0])

    address, page = preview(MORNING)

    assert "Take and publish" in page.text
    desk.post(address, data={"publish": "y"})
    assert session_of("M2").status == "published"


def test_sessions_that_the_file_does_not_name_are_listed_and_stay(app, desk, preview):
    desk.post(preview(MORNING, AFTERNOON)[0])

    address, page = preview(MORNING)
    desk.post(address)

    assert "Module 3, 15 January 2019, 13:30" in page.text
    assert len(sessions()) == 2


def test_what_stands_against_it_since_the_preview_is_said(app, desk, preview, alice, bob):
    desk.post(preview(f"{MORNING},A7,2")[0], data={"publish": "y"})
    address, _ = preview(f"{MORNING},A7,1")
    for person in (alice, bob):
        book_places(person.id, [session_of("M2").id], by=person.id)

    answer = desk.post(address)

    assert answer.status_code == 409
    assert "2 people have a place: 1 places are too few" in rows_on(answer, "Refused")[2]
    assert session_of("M2").capacity == 2


def test_columns_in_other_words_are_chosen_once_and_known_from_then_on(both, desk, send):
    sent = send(desk, "timetable", "t.csv", ABROAD, programme="systemic")
    page = desk.get(sent.location)
    assert "There is no column for module and start_date. The columns are: Kurs, Datum, Uhrzeit, Ort." in page.text

    chosen = {"column_0": "module", "column_1": "start_date", "column_2": "start_time", "column_3": "room"}
    desk.post(f"{sent.location}/columns", data=chosen)
    page = desk.get(sent.location)

    assert "Room 2, Dryden Road PDC" in rows_on(page, "What was understood")[2]
    assert db.session.scalar(select(func.count(ColumnMapping.id))) == 0  # a preview writes nothing
    desk.post(sent.location)
    again = send(desk, "timetable", "t.csv", ABROAD.replace(b"Room 2", b"Room 3"), programme="systemic")
    assert "Changes: place" in rows_on(desk.get(again.location), "What was understood")[2]


def test_two_columns_cannot_be_the_same_thing(app, desk, send):
    sent = send(desk, "timetable", "t.csv", ABROAD, programme="systemic")

    answer = desk.post(f"{sent.location}/columns", data={"column_0": "module", "column_1": "module"})

    assert answer.status_code == 422
    assert errors_on(answer) == ["The column Kurs is that already: choose something else for one of them"]


def test_a_column_can_be_left_out(app, desk, send):
    content = table(f"{MORNING},,1")
    sent = send(desk, "timetable", "t.csv", content, programme="systemic")
    chosen = {f"column_{number}": field for number, field in enumerate(HEADER.split(",")) if field != "capacity"}

    desk.post(f"{sent.location}/columns", data=chosen)
    desk.post(sent.location)

    assert session_of("M2").capacity is None


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("t.csv", b"", "The file is empty."),
        ("t.csv", b"module,start_date\nM2,\x00", "The file holds NUL characters"),
        ("t.txt", b"\x00", "The file holds NUL characters"),
        ("t.xlsx", b"MZ\x90\x00" * 50, "The file is called .xlsx but is no workbook"),
        ("t.exe", b"MZ", "The file must be .csv or .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(app, desk, send, name, content, error):
    answer = send(desk, "timetable", name, content, programme="systemic")

    assert answer.status_code == 422
    (said,) = errors_on(answer)
    assert said.startswith(error)
    assert uploads_kept() == 0


@pytest.mark.parametrize(
    ("megabytes", "status", "words"),
    [
        (5.5, 422, "The file must be smaller than 5 MB"),
        (10, 413, "At most 5 MB can be taken at once. Nothing was changed."),
    ],
)
def test_a_file_that_is_too_large_is_refused(app, desk, megabytes, status, words):
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n'
    body = part + b"M" * int(megabytes * 1024 * 1024) + b"\r\n--x--\r\n"

    answer = desk.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == status
    assert words in answer.text
    assert uploads_kept() == 0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "Choose a file or paste the timetable as text"),
        ({"text": "Module 2", "file": True}, "Choose a file or paste text, not both"),
        ({"text": "Module 2\x00"}, "Or paste the timetable as text contains a character that cannot be used"),
        ({"text": "Module 2", "programme": ""}, "Choose the programme"),
        ({"text": "Module 2", "programme": "asye"}, "Choose the programme"),
        ({"text": "Module 2", "year": "19"}, "Year (optional) must be between"),
        ({"text": "Module 2", "year": "next"}, "Year (optional) must be a whole number"),
    ],
)
def test_a_form_that_is_not_right_says_what_to_do(app, desk, data, error):
    sent = {"programme": "systemic", **data}
    if sent.pop("file", None):
        sent["file"] = (io.BytesIO(table(MORNING)), "t.csv")

    answer = desk.post(PAGE, data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    (said,) = errors_on(answer)
    assert said.startswith(error)


def test_formulas_and_markup_are_shown_as_text(app, preview):
    _, page = preview("=HYPERLINK(1),<script>alert(1)</script>,2019-01-15,09:30,,12:30,Dryden,")

    assert "=HYPERLINK(1)" in rows_on(page, "Refused")[2]
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_file_sent_twice_is_taken_once(app, desk, preview):
    address, _ = preview(MORNING)

    first, second = (desk.post(address) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 404)
    assert "That file is not here any more" in second.text
    assert len(sessions()) == 1


def test_nobody_sees_a_file_that_somebody_else_has_sent(app, preview, make_person, sign_in, officer):
    address, _ = preview(MORNING)
    db.session.rollback()
    colleague = make_person("Otto Officer", *officer.roles)

    other = sign_in(colleague)

    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert other.post(f"{address}/columns").status_code == 404
    assert sessions() == []


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/1", "/workforce/import/people", "/workforce/import/people/1"])
def test_it_is_not_for_everybody(app, sign_in, alice, path):
    desk = sign_in(alice)

    assert desk.get(path).status_code == 403
    assert desk.post(path).status_code == 403


def test_an_organisation_without_programmes_is_told_so(app, officer, sign_in):
    page = sign_in(officer).get(PAGE)

    assert page.status_code == 200
    assert "There is no programme yet" in page.text
    assert sign_in(officer).post(PAGE, data={"text": "x", "programme": "systemic"}).status_code == 422


def test_a_file_that_nobody_takes_is_erased_after_a_day(both, desk, preview, officer):
    address, _ = preview(MORNING)
    db.session.rollback()
    db.session.execute(
        PendingImport.__table__.update().values(created_at=clock.real_now() - timedelta(days=1, minutes=1))
    )
    db.session.commit()

    assert desk.get(address).status_code == 404
    assert uploads.erase_old_uploads() == 1
    assert uploads_kept() == 0


def test_only_the_last_few_files_of_a_person_are_kept(app, preview):
    for _ in range(uploads.MOST_KEPT + 2):
        preview(MORNING)

    assert uploads_kept() == uploads.MOST_KEPT


def test_the_preview_takes_as_many_queries_for_many_rows_as_for_few(app, desk, send, preview, counted_queries):
    def queries(count):
        rows = [
            MORNING.replace("2019-01-15", f"2019-{month:02}-{day:02}") for month in range(1, 13) for day in range(1, 29)
        ]
        address, _ = preview(*rows[:count])
        with counted_queries() as sent:
            desk.get(address)
        return len(sent)

    few = queries(3)
    assert queries(300) == few
    assert few <= 16


def test_nothing_of_a_preview_is_written(both, preview):
    preview(MORNING, MORNING.replace("Room 2", "A new room"))
    db.session.rollback()

    assert db.session.scalar(select(func.count(TrainingSession.id))) == 0
