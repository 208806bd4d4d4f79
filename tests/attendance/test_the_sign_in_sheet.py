"""The sheet on which people sign with a pen."""

from __future__ import annotations

import pytest

from cpd.attendance import sign_in_sheet
from cpd.catalogue import service as catalogue
from cpd.timetable import service as timetable
from tests.attendance.conftest import days_of


@pytest.fixture
def printed(monkeypatch):
    """What was handed over to be set, instead of a PDF."""
    kept = []

    def keep(_paper, values):
        kept.append(values)
        return b"%PDF-"

    monkeypatch.setattr(sign_in_sheet, "pdf_of", keep)
    return kept


def test_it_is_a_tagged_pdf_for_those_who_keep_the_register(app, held, alice, fay, officer, sign_in):
    path = f"/sessions/{held.id}/sign-in-sheet.pdf"
    for person in (fay, officer):
        answer = sign_in(person).get(path)
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        assert all(sign in answer.data for sign in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid"))

    assert sign_in(alice).get(path).status_code == 404


def test_it_says_when_and_where_who_is_expected_and_where_the_code_is_entered(app, held, printed, fay, sign_in):
    sign_in(fay).get(f"/sessions/{held.id}/sign-in-sheet.pdf")

    [values] = printed
    assert values["title"] == "Sign-in sheet: Module M2"
    assert values["lines"][0] == "Tuesday 15 January 2019, 9:30am to 12:30pm"
    assert any("/attend and enter the code on the screen" in line for line in values["lines"])
    assert [row[1:] for row in values["rows"][:2]] == [
        ["Alice Learner", "Assessment Team 1"],
        ["Bob Colleague", "Assessment Team 1"],
    ]
    assert [row[1:] for row in values["rows"][2:]] == [["", ""]] * sign_in_sheet.BLANK


def test_each_day_has_its_own(app, make_held, printed, fay, sign_in):
    training_session = make_held("M6", days=2)
    for day in days_of(training_session):
        sign_in(fay).get(f"/sessions/{training_session.id}/sign-in-sheet.pdf?day={day}")

    assert [values["lines"][0] for values in printed] == [
        "Tuesday 15 January 2019, 9:30am to 12:30pm (day 1 of 2)",
        "Wednesday 16 January 2019, 9:30am to 12:30pm (day 2 of 2)",
    ]


def test_a_drop_in_has_many_empty_rows(app, make_held, make_module, printed, fay, sign_in):
    training_session = make_held(module=make_module("M1", booking_mode="drop_in"), places=None)
    sign_in(fay).get(f"/sessions/{training_session.id}/sign-in-sheet.pdf")

    assert len(printed[0]["rows"]) == sign_in_sheet.BLANK_FOR_DROP_INS


def test_the_day_of_another_session_is_not_found(app, held, make_held, fay, sign_in):
    [other] = days_of(make_held("M9"))

    for wrong in (other, "x"):
        assert sign_in(fay).get(f"/sessions/{held.id}/sign-in-sheet.pdf?day={wrong}").status_code == 404


def test_no_name_is_taken_for_markup(app, held, make_person, sign_in, fay):
    from cpd.booking.service import book_places

    odd = make_person("#panic() *Bold* Łukasz")
    book_places(odd.id, [held.id], by=odd.id)
    [session] = timetable.sessions_by_id([held.id])
    module = catalogue.modules_by_id([session.module_id])[session.module_id]

    assert sign_in_sheet.sheet_pdf(session, session.days[0], module, "A council", "https://x.example")[:4] == b"%PDF"
