"""Asking Workforce Development on a session's page, and saying with one tap why a place is given back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.requests import answer_request
from cpd.booking.rules import Status
from cpd.booking.service import book_places
from cpd.shared.database import db
from tests.cast import EVERYBODY, london
from tests.home.test_my_pages import attributes

STUDENTS = EVERYBODY | {"staff_types": ["student"], "words": "Students"}
FIRST = london(2019, 1, 15, 9, 30)


@pytest.fixture
def session(make_module, make_session):
    return make_session(make_module("M2", title="Module 2", audience=STUDENTS), FIRST, places=1)


@pytest.fixture
def open_session(make_module, make_session):
    return make_session(make_module("M1", title="Module 1"), FIRST)


@pytest.fixture
def hers(alice, sign_in):
    return sign_in(alice)


def booking() -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking).execution_options(populate_existing=True)).one()


def main_of(answer) -> str:
    """The words of a page, without what stands around them."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main>")[0]).split())


def test_whoever_is_not_meant_can_ask_and_sees_until_when_she_is_answered(app, hers, session):
    page = hers.get(f"/sessions/{session.id}")
    assert attributes(page, session)["state"] == "refused"
    assert "Why do you need it?" in page.text

    answer = hers.post(f"/sessions/{session.id}/ask", data={"asks": "I supervise students"})

    assert (answer.status_code, answer.location) == (303, f"/sessions/{session.id}")
    for path in (answer.location, "/my/bookings", "/timetable"):
        row = attributes(hers.get(path), session)
        assert (row["state"], row["booking"], row["places-left"]) == ("booked", str(booking().id), "0")
        assert "Asked for, Workforce Development answers by Wed 9 Jan" in main_of(hers.get(path))
    page = main_of(hers.get(f"/sessions/{session.id}"))
    assert "until Workforce Development has answered, at the latest on Wednesday 9 January at 9am." in page
    assert "Add to my calendar" not in page
    start = main_of(hers.get("/"))
    assert "Nothing is booked" in start
    assert "Asked for" in start


def test_nothing_can_be_asked_without_a_word(app, hers, session):
    for words in ("", "  ", "x" * 501):
        refused = hers.post(f"/sessions/{session.id}/ask", data={"asks": words})
        assert refused.status_code == 422
        assert "There is a problem" in refused.text
    assert "Say why you need it" in hers.post(f"/sessions/{session.id}/ask").text


def test_what_cannot_be_asked_for_is_refused_with_every_reason(app, hers, session):
    hers.post(f"/sessions/{session.id}/ask", data={"asks": "I need it"})

    again = hers.post(f"/sessions/{session.id}/ask", data={"asks": "I need it"})

    assert again.status_code == 409
    assert 'data-reason="already_booked"' in again.text
    assert hers.post("/sessions/999/ask", data={"asks": "I need it"}).status_code == 404


def test_with_a_refusal_one_can_ask_at_once(app, hers, session):
    refused = hers.post(f"/sessions/{session.id}/book")

    assert refused.status_code == 409
    assert f'action="/sessions/{session.id}/ask"' in refused.text


def test_a_session_that_i_can_book_offers_no_asking(app, hers, open_session):
    assert "/ask" not in hers.get(f"/sessions/{open_session.id}").text


def test_whoever_waits_sees_that_nobody_has_answered_yet(app, bob, hers, sign_in, session):
    sign_in(bob).post(f"/sessions/{session.id}/ask", data={"asks": "Me too"})
    assert "You wait your turn while they decide." in main_of(hers.get(f"/sessions/{session.id}"))

    hers.post(f"/sessions/{session.id}/ask", data={"asks": "I need it"})

    page = hers.get(f"/sessions/{session.id}")
    assert attributes(page, session)["state"] == "waiting"
    assert "must also agree, and has not answered yet" in main_of(page)


def test_what_was_asked_for_can_be_withdrawn(app, hers, session):
    hers.post(f"/sessions/{session.id}/ask", data={"asks": "I need it"})
    path = f"/bookings/{booking().id}/cancel"

    question = main_of(hers.get(path))
    assert "Withdraw your request?" in question
    assert "Why can you not come?" not in question
    assert hers.post(path).status_code == 303
    assert booking().status == Status.CANCELLED


def test_where_a_place_is_online_the_link_is_for_those_who_have_one(app, alice, officer, hers, session):
    session.online_link = "https://meet.example/1"
    db.session.commit()
    hers.post(f"/sessions/{session.id}/ask", data={"asks": "I need it"})
    assert "https://meet.example/1" not in hers.get(f"/sessions/{session.id}").text

    answer_request(booking().id, agreed=True, by=officer.id)

    assert "https://meet.example/1" in hers.get(f"/sessions/{session.id}").text


@pytest.fixture
def cancel(hers, alice, open_session):
    """The address at which Alice gives her place back."""
    (booked,) = book_places(alice.id, [open_session.id], by=alice.id)
    return f"/bookings/{booked.booking_id}/cancel"


def test_in_time_no_reason_is_needed(app, hers, cancel):
    assert "Why can you not come? (optional)" in main_of(hers.get(cancel))

    assert hers.post(cancel).status_code == 303
    assert (booking().cancel_reason, booking().cancelled_late) == (None, False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"reason": "court"}, "court"),
        ({"reason": "unwell", "words": "Ill"}, "unwell"),
        ({"reason": "other"}, "other"),
        ({"reason": "other", "words": "The car broke down"}, "other: The car broke down"),
        ({"words": "The car broke down"}, "other: The car broke down"),
    ],
    ids=["court", "unwell, and words that nobody needs", "other", "other in words", "words alone"],
)
def test_a_reason_is_kept_as_its_code_and_the_words_of_another(app, hers, cancel, sent, kept):
    assert hers.post(cancel, data=sent).status_code == 303

    assert booking().cancel_reason == kept


def test_after_the_cut_off_a_reason_is_asked_for_with_one_tap(app, hers, cancel, clock_at):
    clock_at(2019, 1, 14, 9)
    page = main_of(hers.get(cancel))
    assert "Why can you not come? It is late to give a place back" in page

    refused = hers.post(cancel)
    assert refused.status_code == 422
    assert refused.text.count("Choose why you cannot come") == 2  # in the summary and beside the box
    assert booking().status == Status.CONFIRMED

    assert hers.post(cancel, data={"reason": "emergency"}).status_code == 303
    assert (booking().cancel_reason, booking().cancelled_late) == ("emergency", True)


def test_what_is_no_reason_is_refused(app, hers, cancel):
    for reason in ("ill", "COURT", "\x00"):
        assert hers.post(cancel, data={"reason": reason}).status_code == 422
    assert booking().status == Status.CONFIRMED


def test_an_officer_says_in_words_why_she_cancels_for_somebody(app, officer, sign_in, cancel, clock_at):
    clock_at(2019, 1, 14, 9)
    desk = sign_in(officer)
    assert "Why is it cancelled? (optional)" in main_of(desk.get(cancel))

    assert desk.post(cancel, data={"reason": "She has left"}).status_code == 303
    assert (booking().cancel_reason, booking().cancelled_late) == ("She has left", True)
