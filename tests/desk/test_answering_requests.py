"""Workforce Development sees what people ask for, and says yes or no."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.requests import answer_request, ask_for_place
from cpd.booking.rules import Status
from cpd.booking.service import book_places, cancel_booking
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.timetable.models import SessionFacilitator
from tests.cast import london, saved

FIRST = london(2019, 1, 15, 9, 30)


@pytest.fixture
def module(make_module):
    return make_module("M9", title="Module 9", approval_needed=True)


@pytest.fixture
def session(module, make_session):
    return make_session(module, FIRST, places=1)


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


def ask(person, session, words="I supervise students"):
    return ask_for_place(person.id, session.id, words, by=person.id).booking_id


def status_of(booking_id):
    db.session.rollback()
    return db.session.scalars(select(Booking.status).where(Booking.id == booking_id)).one()


def main_of(answer) -> str:
    """The words of a page, without what stands around them."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main>")[0]).split())


def test_the_desk_counts_and_lists_what_is_asked(app, alice, bob, desk, session):
    assert "Nobody waits for an answer" in main_of(desk.get("/workforce/requests"))
    ask(bob, session, "Me too")
    ask(alice, session)

    assert "2 people ask for a place" in main_of(desk.get("/workforce"))
    words = main_of(desk.get("/workforce/requests"))
    assert re.search(r"Bob Colleague: Module 9 .* Why Me too Answer by Wednesday 9 January, 9am", words)
    assert re.search(r"Alice Learner: Module 9 .* Assessment Team 1 Why I supervise students Answer by No date", words)
    assert words.index("Bob") < words.index("Alice")
    assert "Places left 0 of 1" in words


def test_yes_gives_the_place(app, alice, desk, session):
    booking_id = ask(alice, session)

    answer = desk.post(f"/workforce/requests/{booking_id}/yes")

    assert (answer.status_code, answer.location) == (303, "/workforce/requests")
    page = main_of(desk.get(answer.location))
    assert "You have agreed. Alice Learner is told." in page
    assert "Nobody waits for an answer" in page
    assert status_of(booking_id) == Status.CONFIRMED


def test_no_needs_a_reason_beside_the_person_it_is_about(app, alice, bob, desk, session):
    hers, his = ask(alice, session), ask(bob, session)

    refused = desk.post(f"/workforce/requests/{hers}/no", data={"reason": " "})
    assert refused.status_code == 422
    assert f'href="#reason-{hers}"' in refused.text
    assert refused.text.count("Error:") == 2  # in the title and beside her box alone
    assert f'for="reason-{his}"' in refused.text
    assert status_of(hers) == Status.REQUESTED

    assert desk.post(f"/workforce/requests/{hers}/no", data={"reason": "It is for students"}).status_code == 303
    assert (status_of(hers), status_of(his)) == (Status.DECLINED, Status.REQUESTED)


def test_a_second_answer_is_refused_in_a_sentence(app, alice, desk, officer, session):
    booking_id = ask(alice, session)
    answer_request(booking_id, agreed=True, by=officer.id)

    again = desk.post(f"/workforce/requests/{booking_id}/no", data={"reason": "Too late"})

    assert again.status_code == 409
    assert "Somebody else has answered Alice Learner. Nothing was changed." in main_of(again)
    assert status_of(booking_id) == Status.CONFIRMED


def test_what_was_withdrawn_cannot_be_answered(app, alice, desk, session):
    booking_id = ask(alice, session)
    cancel_booking(booking_id, by=alice.id)

    answer = desk.post(f"/workforce/requests/{booking_id}/yes")

    assert answer.status_code == 409
    assert "has withdrawn it, or the session has begun" in main_of(answer)


def test_what_stands_against_a_yes_is_named(app, alice, desk, session, make_module, make_session):
    booking_id = ask(alice, session)
    other = make_session(make_module(title="Genograms"), london(2019, 1, 15, 10))
    book_places(alice.id, [other.id], by=alice.id)

    answer = desk.post(f"/workforce/requests/{booking_id}/yes")

    assert answer.status_code == 409
    assert "It clashes with Genograms on Tuesday 15 January at 10am." in main_of(answer)


def test_only_workforce_development_answers_and_only_its_own(
    app, alice, bob, desk, session, sign_in, make_person, make_organisation
):
    booking_id = ask(alice, session)
    elsewhere = sign_in(make_person("Oona", Role.WORKFORCE_DEVELOPMENT, employer=make_organisation("slough", "Slough")))

    for act in ("yes", "no"):
        address = f"/workforce/requests/{booking_id}/{act}"
        assert sign_in(alice).post(address, data={"reason": "x"}).status_code == 403
        assert elsewhere.post(address, data={"reason": "x"}).status_code == 404
        assert desk.post(f"/workforce/requests/999/{act}", data={"reason": "x"}).status_code == 404
    assert sign_in(bob).get("/workforce/requests").status_code == 403
    assert status_of(booking_id) == Status.REQUESTED


def test_a_booking_for_which_nobody_asked_is_not_there(app, alice, desk, make_session):
    (booked,) = book_places(alice.id, [make_session().id], by=alice.id)

    assert desk.post(f"/workforce/requests/{booked.booking_id}/yes").status_code == 404


def test_the_list_of_a_session_says_who_asked_and_who_no_longer_comes_and_why(
    app, alice, bob, desk, session, officer, make_session, sign_in, clock_at
):
    ask(alice, session)
    page = main_of(desk.get(f"/sessions/{session.id}/list"))
    assert "Alice Learner Assessment Team 1 Asked for Answer Alice Learner" in page
    declined = ask(bob, session)
    answer_request(declined, agreed=False, by=officer.id, reason="Not this term")
    assert "Not this term (asked for a place, and did not get it)" in main_of(desk.get(f"/sessions/{session.id}/list"))

    other = make_session(starts_at=FIRST.replace(day=16))
    for person, reason in ((alice, "unwell"), (bob, "other: The car broke down"), (officer, "")):
        (booked,) = book_places(person.id, [other.id], by=person.id)
        clock_at(2019, 1, 15, 12)
        cancel_booking(booked.booking_id, by=person.id, reason=reason)
        clock_at(2019, 1, 2, 9)
    page = main_of(desk.get(f"/sessions/{other.id}/list"))
    assert "Alice Learner 15 January 2019 Unwell Late" in page
    assert "Bob Colleague 15 January 2019 The car broke down Late" in page
    assert "Olive Officer 15 January 2019 No reason given Late" in page


def test_why_people_do_not_come_is_not_for_facilitators(app, alice, sign_in, make_session, make_person):
    facilitator = make_person("Fay Facilitator", Role.FACILITATOR)
    session = make_session()
    saved(SessionFacilitator(training_session_id=session.id, person_id=facilitator.id))
    (booked,) = book_places(alice.id, [session.id], by=alice.id)
    cancel_booking(booked.booking_id, by=alice.id, reason="unwell")

    page = sign_in(facilitator).get(f"/sessions/{session.id}/list")

    assert page.status_code == 200
    assert "Unwell" not in page.text


def test_the_list_asks_the_database_as_often_for_many(app, desk, make_person, make_session, module, counted_queries):
    session = make_session(module, FIRST, places=3)
    for number in range(3):
        ask(make_person(f"Few {number}"), session)
    with counted_queries() as few:
        desk.get("/workforce/requests")
    for number in range(9):
        ask(make_person(f"Many {number}"), session)
    with counted_queries() as many:
        page = desk.get("/workforce/requests")

    assert page.text.count("data-booking=") == 12
    assert len(many) == len(few)
