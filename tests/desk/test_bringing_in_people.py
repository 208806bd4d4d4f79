"""HR or Workforce Development sends a file of people, looks at it, and takes it, or the rows of it that are right."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cpd.desk.models import PendingImport
from cpd.people.models import Person
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.desk.conftest import errors_on, rows_on

PAGE = "/workforce/import/people"
HEADER = "organisation,employee_number,email,name,team,staff_type"
NEW = "gateshead,N1,newcomer@demo.example,Nell Newcomer,Team 7,agency"
WRONG = "gateshead,N2,no address,Wim Wrong,,"


@pytest.fixture
def desk(make_person, sign_in):
    return sign_in(make_person("Hal Resources", Role.HR))


@pytest.fixture
def preview(desk, send):
    """Send rows of people, and give the preview's address and page."""

    def shown(*rows, header=HEADER):
        answer = send(desk, "people", "people.csv", "\n".join([header, *rows]).encode())
        assert answer.status_code == 303, errors_on(answer)
        return answer.location, desk.get(answer.location)

    return shown


def names():
    db.session.rollback()
    return set(db.session.scalars(select(Person.name)))


def test_people_are_shown_first_and_then_taken(both, desk, preview):
    address, page = preview(NEW)
    assert "1 person to be added or changed" in page.text
    assert rows_on(page, "What was understood")[2] == "Row 2 N1 Nell Newcomer newcomer@demo.example Team 7 –"
    assert "Nell Newcomer" not in names()

    taken = desk.post(address)

    assert (taken.status_code, taken.location) == (303, PAGE)
    assert "1 person added or changed, 0 as before, 0 refused." in desk.get(PAGE).text
    assert "Nell Newcomer" in names()
    assert db.session.scalar(select(func.count(PendingImport.id))) == 0


def test_the_same_file_again_leaves_nothing_to_take(app, desk, preview):
    desk.post(preview(NEW)[0])

    _, page = preview(NEW)

    assert "Nothing in it is new" in page.text


def test_a_refused_row_stops_all_unless_the_good_ones_are_asked_for(app, desk, preview):
    address, page = preview(NEW, WRONG)
    assert "email: this is not an e-mail address" in rows_on(page, "Refused")[3]
    assert "Wim Wrong" in rows_on(page, "Refused")[3]

    assert desk.post(address).status_code == 409
    assert "Nell Newcomer" not in names()

    desk.post(address, data={"good_rows": "y"})
    assert {"Nell Newcomer", "Wim Wrong"} & names() == {"Nell Newcomer"}


def test_somebody_at_the_desk_changes_her_own_organisations_people_only(app, desk, preview, make_organisation):
    make_organisation("slough", "Slough Borough Council")

    address, page = preview(NEW.replace("gateshead", "slough"))

    assert "you can only change the people of your own organisation" in rows_on(page, "Refused")[2]
    assert desk.post(address).status_code == 409


def test_a_file_without_a_column_that_it_needs_says_which(app, preview):
    _, page = preview(NEW, header=HEADER.replace("email", "post"))

    assert "There is no column for email" in page.text


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("people.csv", b"", "The file is empty."),
        ("people.xlsx", b"MZ" * 100, "The file is called .xlsx but is no workbook"),
        ("people.txt", b"x", "The file must be .csv"),
        ("", b"", "Choose a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(app, desk, send, name, content, error):
    answer = send(desk, "people", name, content)

    assert answer.status_code == 422
    (said,) = errors_on(answer)
    assert said.startswith(error)


def test_a_file_sent_twice_is_taken_once(app, desk, preview):
    address, _ = preview(NEW)

    assert [desk.post(address).status_code for _ in range(2)] == [303, 404]
