"""A link in a mail gives a place back: without signing in, after one confirmation, until the session begins."""

from __future__ import annotations

import re

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.requests import ask_for_place
from cpd.booking.rules import Status
from cpd.booking.service import book_places, cancel_booking
from cpd.messages import giving_back
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.cast import london
from tests.messages.conftest import messages_of, send, words_in


@pytest.fixture
def session(app_in_use, make_module, make_session):
    return make_session(make_module("M2", title="Module 2"), london(2019, 1, 15, 9, 30), places=1)


@pytest.fixture
def client(app_in_use):
    return app_in_use.test_client()


def book(person, session) -> int:
    (booked,) = book_places(person.id, [session.id], by=person.id)
    return booked.booking_id


def path_for(booking_id: int) -> str:
    return giving_back.address_of(booking_id).removeprefix("http://127.0.0.1:5000")


def status_of(booking_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Booking, booking_id, populate_existing=True).status


def test_the_link_in_the_mail_leads_there(both, alice, session, mailbox, client):
    booking_id = book(alice, session)
    send()
    link = re.search(r"^http://127\.0\.0\.1:5000(/cancel/\S+)$", words_in(mailbox.to(alice)[0]), re.MULTILINE)

    assert link[1] == path_for(booking_id)
    page = client.get(link[1])
    assert page.status_code == 200
    assert "Give your place back?" in page.text
    assert "Module 2" in page.text
    assert "Alice" not in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_merely_opens_it_changes_nothing(app, alice, session, client, method):
    path = path_for(book(alice, session))
    for _ in range(3):
        assert client.open(path, method=method).status_code == 200

    assert status_of(1) == Status.CONFIRMED


def test_one_button_gives_the_place_to_the_next_and_says_so(both, alice, bob, session, client):
    booking_id, next_one = book(alice, session), book(bob, session)
    answer = client.post(path_for(booking_id))

    assert (answer.status_code, answer.location) == (303, path_for(booking_id))
    assert "You are not coming" in client.get(answer.location).text
    assert [status_of(booking_id), status_of(next_one)] == [Status.CANCELLED, Status.CONFIRMED]
    assert [message.kind for message in messages_of(alice)] == ["booked", "cancelled"]
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "cancelled")).one()
    assert (noted.actor_id, noted.subject_id) == (alice.id, booking_id)


def test_it_offers_the_same_reasons_and_after_the_cut_off_asks_for_one(app, alice, session, client, clock_at):
    path = path_for(book(alice, session))
    assert "Why can you not come? (optional)" in client.get(path).text
    clock_at(2019, 1, 14, 9)

    refused = client.post(path)
    assert refused.status_code == 422
    assert refused.text.count("Choose why you cannot come") == 2  # in the summary and beside the box
    assert status_of(1) == Status.CONFIRMED

    assert client.post(path, data={"reason": "unwell"}).status_code == 303
    db.session.rollback()
    given_back = db.session.get_one(Booking, 1, populate_existing=True)
    assert (given_back.status, given_back.cancel_reason, given_back.cancelled_late) == ("cancelled", "unwell", True)
    facts = messages_of(alice)[-1].facts
    assert facts["reason"] == "Unwell"


def test_whoever_only_asked_withdraws_it_without_a_reason(app, alice, make_module, make_session, client, clock_at):
    session = make_session(make_module(approval_needed=True), london(2019, 1, 15, 9, 30))
    asked = ask_for_place(alice.id, session.id, "I need it", by=alice.id)
    clock_at(2019, 1, 14, 9)

    page = client.get(path_for(asked.booking_id)).text
    assert "Withdraw your request?" in page
    assert "Why can you not come?" not in page
    assert client.post(path_for(asked.booking_id)).status_code == 303
    assert status_of(asked.booking_id) == Status.CANCELLED


def test_it_cannot_be_given_back_twice(app, alice, session, client):
    path = path_for(book(alice, session))
    client.post(path)
    again = client.post(path)

    assert again.status_code == 409
    assert "You are not coming" in again.text
    assert "<button" not in again.text.partition("<main")[2].partition("</main>")[0]


def test_whoever_waits_leaves_the_list(app, alice, bob, session, client):
    book(alice, session)
    booking_id = book(bob, session)

    assert "Leave the waiting list?" in client.get(path_for(booking_id)).text
    assert client.post(path_for(booking_id)).status_code == 303
    assert status_of(booking_id) == Status.CANCELLED


def test_once_the_session_has_begun_it_is_of_no_use(app, alice, session, client, clock_at):
    path = path_for(book(alice, session))
    clock_at(2019, 1, 15, 9, 29)
    assert "Give your place back?" in client.get(path).text
    clock_at(2019, 1, 15, 9, 30)

    page = client.get(path)
    assert "This session has begun" in page.text
    assert "Give my place back" not in page.text
    assert client.post(path).status_code == 409
    assert status_of(1) == Status.CONFIRMED


def test_it_gives_back_that_booking_and_no_later_one(app, alice, session, client):
    first = book(alice, session)
    cancel_booking(first, by=alice.id)
    second = book(alice, session)

    assert client.post(path_for(first)).status_code == 409
    assert status_of(second) == Status.CONFIRMED


def test_addresses_that_were_never_given_out_lead_nowhere(app, alice, session, client):
    token = path_for(book(alice, session)).rpartition("/")[2]
    payload, _, signature = token.partition(".")
    foreign = URLSafeSerializer(app.config["SECRET_KEY"], salt="something else").dumps(1)
    unknown = path_for(999).rpartition("/")[2]

    for wrong in (
        "x",
        ".",
        payload,
        f"{payload}.",
        f".{signature}",
        token[:-1],
        f"{token}x",
        foreign,
        unknown,
        "ŵ",
        "x" * 5000,
    ):
        assert client.get(f"/cancel/{wrong}").status_code == 404, wrong
        assert client.post(f"/cancel/{wrong}").status_code == 404, wrong
    assert status_of(1) == Status.CONFIRMED


def test_another_site_cannot_press_the_button(app, alice, session, client):
    path = path_for(book(alice, session))
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post(path).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]
        assert client.post(path, data={"csrf_token": token}).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
