"""Workforce Development sends a file of bookings that were kept elsewhere, looks at it, and takes it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cpd.booking.models import Booking
from cpd.desk.models import PendingImport
from cpd.requirements.language import AllOf, Completed
from cpd.shared.database import db
from tests.cast import london
from tests.desk.conftest import errors_on, rows_on

PAGE = "/workforce/import/bookings"
HEADER = "email,module,start_date,status,received_at"


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def second(make_module, make_session):
    """Module 2 on 15 January, with one place."""
    return make_session(make_module("M2", number_label="Module 2"), london(2019, 1, 15, 9, 30), places=1)


@pytest.fixture
def preview(desk, send):
    """Send rows of bookings, and give the preview's address and page."""

    def shown(*rows, header=HEADER):
        answer = send(desk, "bookings", "bookings.csv", "\n".join([header, *rows]).encode())
        assert answer.status_code == 303, errors_on(answer)
        return answer.location, desk.get(answer.location)

    return shown


def row(person, status="confirmed", module="M2", on="15/01/2019"):
    return f"{person.email},{module},{on},{status},2018-12-03"


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count(Booking.id)))


def test_bookings_are_shown_first_and_then_taken(both, desk, preview, alice, bob, second):
    address, page = preview(row(alice), row(bob, "waiting"))
    assert rows_on(page, "What was understood") == {
        2: "Row 2 Alice Learner Module 2 Tuesday 15 January, 9:30am Place",
        3: "Row 3 Bob Colleague Module 2 Tuesday 15 January, 9:30am Waiting list",
    }
    assert "Take 2 bookings" in page.text
    assert count() == 0

    taken = desk.post(address)

    assert (taken.status_code, taken.location) == (303, "/workforce")
    assert "2 bookings taken, 0 there already, 0 held back." in desk.get("/workforce").text
    assert count() == 2
    assert db.session.scalar(select(func.count(PendingImport.id))) == 0


def test_the_same_file_again_leaves_nothing_to_take(app, desk, preview, alice, second):
    desk.post(preview(row(alice))[0])

    _, page = preview(row(alice))

    assert "Nothing in it is new" in page.text
    assert rows_on(page, "What was understood")[2].endswith("There already")


def test_a_refused_row_stops_all(app, desk, preview, alice, bob, second):
    address, page = preview(row(alice), row(bob))
    assert "the session has 1 places" in rows_on(page, "Refused or held back")[3]
    assert "Take " not in page.text

    assert (desk.post(address).status_code, count()) == (409, 0)


def test_whoever_waits_and_finds_a_free_place_is_shown(app, preview, bob, second):
    assert rows_on(preview(row(bob, "waiting"))[1], "What was understood")[2].endswith("A place is free")


def test_a_place_that_lacks_something_is_pointed_out_before_anybody_is_told(
    app, preview, alice, second, make_module, make_session
):
    make_session(make_module("M3", needs=AllOf((Completed("M2"),))), london(2019, 2, 15, 9, 30))

    _, page = preview(row(alice, module="M3", on="15/02/2019"))

    assert "1 place lacks something that the module needs" in page.text


def test_a_file_without_a_column_that_it_needs_says_which(app, preview):
    _, page = preview(header=HEADER.replace("received_at", "remarks"))

    assert "There is no column for received_at" in page.text


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("bookings.csv", b"", "The file is empty."),
        ("bookings.csv", b"email\0", "The file holds NUL characters"),
        ("bookings.xlsx", b"MZ" * 100, "The file is called .xlsx but is no workbook"),
        ("", b"", "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(app, desk, send, name, content, error):
    answer = send(desk, "bookings", name, content)

    assert answer.status_code == 422
    (said,) = errors_on(answer)
    assert said.startswith(error)


def test_a_file_sent_twice_is_taken_once(app, desk, preview, alice, second):
    address, _ = preview(row(alice))

    assert [desk.post(address).status_code for _ in range(2)] == [303, 404]


def test_only_workforce_development_brings_in_bookings(app, sign_in, alice):
    assert sign_in(alice).get(PAGE).status_code == 403
