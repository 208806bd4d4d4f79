"""HR's file: each change in exactly one, taken again as it was, ticked off once; formulas stay text."""

from __future__ import annotations

import csv
import io
import threading
from datetime import date
from decimal import Decimal

import pytest
import python_calamine as calamine
from sqlalchemy import insert, select, update

from cpd.people.models import Person, Post
from cpd.progression.exports import reading, service
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.exports.rules import HEADINGS, Change, ChangeKind, ExportFault
from cpd.progression.exports.service import ExportRefused
from cpd.progression.requests import service as requests
from cpd.progression.requests.models import Enactment, ProgressionRequest
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from tests.cast import LONG_AGO
from tests.home.test_query_counts import added, asks_as_often
from tests.progression.requesting import adopt, approve, ask, enact, facts

__all__ = ["asks_as_often"]


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def hr(app_in_use, make_person):
    return make_person("Harriet Resources", Role.HR)


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def lead(careers, make_person, director, operations):
    """Make lead social workers by approval: `lead("Wendy")` returns her request."""

    def make(name, on=date(2019, 3, 1)):
        person = make_person(name, career_level="wise")
        db.session.execute(update(Post).where(Post.person_id == person.id).values(grade="L"))
        db.session.commit()
        number = ask(person, "wise-lead")
        approve(number, director)
        enact(number, operations, on)
        return number

    return make


def take(organisation, hr, last_id=LARGEST_ID):
    return service.take_file(organisation.id, last_id=last_id, by=hr.id)


def waiting(organisation):
    db.session.rollback()
    return reading.waiting_changes(organisation.id)


def test_a_line_says_who_from_what_to_what_from_when_and_by_whose_approval(app, organisation, lead, hr, make_person):
    number = lead("Wendy Wise")
    person = db.session.get(Person, facts(number).person_id)
    (each,) = waiting(organisation)

    assert each.change == Change(
        person.employee_number,
        "Wendy Wise",
        ChangeKind.PROGRESSION,
        "Experienced social worker",
        "L",
        "Lead social worker",
        "M",
        date(2019, 3, 1),
        Decimal(1),
        f"{number}-1",
        "Assistant Director",
        "Operations manager",
        date(2019, 1, 2),
    )


def test_hr_is_told_of_each_change_in_the_act_that_makes_it(app, lead, hr):
    lead("Wendy Wise")

    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == hr.id)
    assert list(db.session.scalars(wanted)) == ["change_to_enter"]


def test_where_nobody_is_of_hr_workforce_development_is_told(app, lead, officer):
    lead("Wendy Wise")

    wanted = select(OutboxMessage).where(OutboxMessage.person_id == officer.id, OutboxMessage.kind == "change_to_enter")
    assert db.session.scalars(wanted).one().facts["is_hr"] is False


def test_each_change_stands_in_exactly_one_file(both, organisation, lead, hr):
    lead("Ann")
    lead("Ben")
    first = take(organisation, hr)
    lead("Cyd")
    second = take(organisation, hr)

    assert [line[1] for line in reading.lines_of(first)] == ["Ann", "Ben"]
    assert [line[1] for line in reading.lines_of(second)] == ["Cyd"]
    assert waiting(organisation) == []
    assert [each.number for each in reading.page_of_exports(organisation.id, 1).exports] == [2, 1]
    with pytest.raises(ExportRefused) as refused:
        take(organisation, hr)
    assert refused.value.fault is ExportFault.NOTHING_WAITS


def test_a_change_made_after_the_page_was_looked_at_waits_for_the_next_file(app, organisation, lead, hr):
    lead("Ann")
    last = waiting(organisation)[-1].enactment_id
    lead("Ben")

    number = take(organisation, hr, last)

    assert [line[1] for line in reading.lines_of(number)] == ["Ann"]
    assert [each.change.name for each in waiting(organisation)] == ["Ben"]


def test_a_reversal_is_a_line_of_its_own(app, organisation, lead, hr, director, operations):
    number = lead("Wendy Wise", date(2019, 1, 2))
    take(organisation, hr)
    back = requests.ask_for_reversal(number, reasons="It was somebody else", by=operations.id)
    approve(back, director)
    enact(back, operations, date(2019, 1, 3))

    (each,) = waiting(organisation)

    assert (each.change.kind, each.change.from_level, each.change.to_level) == (
        ChangeKind.REVERSAL,
        "Lead social worker",
        "Experienced social worker",
    )
    assert (each.change.from_grade, each.change.to_grade) == ("M", "L")
    assert each.change.decision_reference == f"{back}-1"


def test_a_file_stays_what_it_was_whatever_happens_afterwards(app, organisation, lead, hr):
    number = lead("Wendy Wise")
    file_id = take(organisation, hr)
    before = reading.lines_of(file_id)
    person = db.session.get(Person, facts(number).person_id)
    person.name, person.employee_number = "Wendy Married", "E999999"
    db.session.commit()

    assert reading.lines_of(file_id) == before


def test_the_file_can_be_downloaded_as_csv_and_workbook_and_ticked_off_once(app, organisation, lead, hr, sign_in):
    lead("Wendy Wise")
    browser = sign_in(hr)
    page = browser.get("/progression/hr-export").text
    assert "To be entered, not yet exported: 1" in page
    assert "Change made by: Operations manager, " in page
    last = waiting(organisation)[-1].enactment_id

    answer = browser.post("/progression/hr-export", data={"last": str(last)})

    assert answer.status_code == 303
    got = browser.get(f"{answer.location}/changes.csv")
    assert got.headers["Content-Disposition"] == 'attachment; filename="changes-0001.csv"'
    rows = list(csv.reader(io.StringIO(got.data.decode("utf-8-sig"))))
    assert rows[0] == list(HEADINGS)
    assert rows[1][1:9] == [
        "Wendy Wise",
        "progression",
        "Experienced social worker",
        "L",
        "Lead social worker",
        "M",
        "2019-03-01",
        "1",
    ]
    book = browser.get(f"{answer.location}/changes.xlsx")
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert sheet[0] == list(HEADINGS)
    assert (sheet[1][1], sheet[1][7], sheet[1][8]) == ("Wendy Wise", date(2019, 3, 1), 1.0)
    assert browser.get(f"{answer.location}/changes.csv").data == got.data  # again
    assert browser.post(f"{answer.location}/entered").status_code == 303
    assert "Entered in HR&#39;s system" in browser.get("/progression/hr-export").text
    again = browser.post(f"{answer.location}/entered")
    assert again.status_code == 409
    assert "This file is ticked as entered already." in again.text
    late = browser.post("/progression/hr-export", data={"last": str(last)})
    assert late.status_code == 409
    assert "somebody has just taken the file" in late.text


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_begins_like_a_formula_stays_text(app, organisation, lead, hr, sign_in, start):
    lead(f'{start}HYPERLINK("https://example.com")')
    number = take(organisation, hr)
    browser = sign_in(hr)

    text = browser.get(f"/progression/hr-export/{number}/changes.csv").data.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text.splitlines()[1])))[1].startswith(f"'{start}HYPERLINK")
    book = browser.get(f"/progression/hr-export/{number}/changes.xlsx").data
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sheet[1][1] == f'{start}HYPERLINK("https://example.com")'


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "²", "9" * 40])
def test_nonsense_takes_nothing(app, lead, hr, sign_in, typed):
    lead("Wendy Wise")

    assert sign_in(hr).post("/progression/hr-export", data={"last": typed}).status_code == 422
    assert db.session.query(ChangeExport).count() == 0


def test_only_hr_of_the_council_takes_its_files(
    app, organisation, lead, hr, officer, operations, stranger, make_person, sign_in
):
    lead("Wendy Wise")
    elsewhere = make_person("Hugo Resources", Role.HR, employer=stranger.organisation)
    for person in (officer, operations):
        assert sign_in(person).get("/progression/hr-export").status_code == 403
        with pytest.raises(ExportRefused):
            take(organisation, person)
    assert "Wendy Wise" not in sign_in(elsewhere).get("/progression/hr-export").text
    number = take(organisation, hr)
    for path in ("", "/changes.csv", "/changes.xlsx"):
        assert sign_in(elsewhere).get(f"/progression/hr-export/{number}{path}").status_code == 404
    assert sign_in(elsewhere).post(f"/progression/hr-export/{number}/entered").status_code == 404


def test_of_ten_who_take_the_file_at_once_one_gets_the_changes(both, organisation, lead, hr):
    for name in ("Ann", "Ben"):
        lead(name)
    ours, by, came_to, ready = organisation.id, hr.id, [], threading.Barrier(10)

    def run():
        with both.app_context():
            ready.wait()
            try:
                came_to.append(service.take_file(ours, last_id=LARGEST_ID, by=by))
            except ExportRefused as refused:
                came_to.append(refused.fault)
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert came_to.count(ExportFault.NOTHING_WAITS) == 9
    db.session.rollback()
    assert db.session.query(ExportedChange).count() == 2
    assert db.session.query(ChangeExport).count() == 1


@pytest.fixture
def many_changes(lead, organisation, operations):
    """So many changes that wait."""
    number = lead("Wendy Wise")
    request = db.session.get(ProgressionRequest, number)
    made = db.session.query(Enactment).filter_by(request_id=number).one()

    def make(numbers):
        owner = {"organisation_id": organisation.id}
        for each in numbers:
            about = {"employee_number": f"Q{each}", "email": f"q{each}@demo.example", "name": f"Q {each}"}
            (person_id,) = added(Person, [{**owner, **about, "created_at": LONG_AGO}])
            post = {"career_level": "lead", "starts_on": date(2018, 1, 1), "recorded_at": LONG_AGO}
            (post_id,) = added(Post, [{**owner, "person_id": person_id, **post}])
            kept = {column.name: getattr(request, column.name) for column in ProgressionRequest.__table__.columns}
            (request_id,) = added(ProgressionRequest, [{**kept, "id": None, "person_id": person_id}])
            row = {
                column.name: getattr(made, column.name) for column in Enactment.__table__.columns if column.name != "id"
            }
            own = {"person_id": person_id, "request_id": request_id, "post_id": post_id}
            db.session.execute(insert(Enactment).values(**{**row, **own}))
        db.session.commit()

    return make


def test_more_changes_take_no_more_queries(app, many_changes, hr, asks_as_often):
    asks_as_often(hr, "/progression/hr-export", many_changes)
