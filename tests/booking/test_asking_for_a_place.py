"""Somebody for whom a module is not meant asks Workforce Development, and gets an answer in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from cpd.booking.capacity import change_capacity
from cpd.booking.models import Booking
from cpd.booking.offers import view_of
from cpd.booking.requests import (
    AnsweringRefused,
    answer_request,
    ask_for_place,
    expire_requests,
    open_requests,
    remind_of_requests,
)
from cpd.booking.rules import Reason, State, Status, working_days_after
from cpd.booking.service import BookingRefused, book_places, cancel_booking, move_booking
from cpd.diary.models import DiaryEntry
from cpd.requirements.language import Completed
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.timetable import service as timetable
from cpd.timetable.editing import change_session, wanted_of
from cpd.timetable.models import TrainingSession
from tests.cast import EVERYBODY, london

STUDENTS = EVERYBODY | {"staff_types": ["student"], "words": "Students"}
FIRST = london(2019, 1, 15, 9, 30)
WHY = "I supervise two students"


@pytest.fixture
def module(make_module):
    return make_module("M2", title="Module 2", audience=STUDENTS)


@pytest.fixture
def session(module, make_session):
    return make_session(module, FIRST, places=1)


def ask(person, session, words=WHY):
    return ask_for_place(person.id, session.id, words, by=person.id)


def booking_of(booked) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booked.booking_id, populate_existing=True)


def taken(session) -> int:
    db.session.rollback()
    return db.session.get_one(TrainingSession, session.id, populate_existing=True).places_taken


def told(person) -> list[str]:
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id)
    return list(db.session.scalars(wanted.order_by(OutboxMessage.id)))


def offer_of(person, session):
    (facts,) = timetable.sessions_by_id([session.id])
    return view_of(person.id, [facts]).offers[0]


def in_diary(person) -> bool:
    db.session.rollback()
    return bool(db.session.scalars(select(DiaryEntry).filter_by(person_id=person.id, cancelled_at=None)).all())


def test_a_free_place_is_kept_until_somebody_has_answered(both, alice, officer, manager, session):
    assert offer_of(alice, session).may_ask

    asked = ask(alice, session)

    booking = booking_of(asked)
    assert (booking.status, booking.asks) == (Status.REQUESTED, WHY)
    assert booking.answer_by == london(2019, 1, 9, 9)  # five working days from 2 January, nine in the morning
    assert taken(session) == 1
    assert not in_diary(alice)
    assert told(alice) == ["place_requested"]
    assert told(manager) == ["manager_informed"]
    assert told(officer) == ["place_asked_for"]
    facts = db.session.scalars(select(OutboxMessage.facts).where(OutboxMessage.person_id == officer.id)).one()
    assert (facts["person"], facts["team"], facts["asks"]) == ("Alice Learner", "Assessment Team 1", WHY)
    offer = offer_of(alice, session)
    assert (offer.state, offer.answer_by, offer.is_unanswered) == (State.BOOKED, booking.answer_by, True)


def test_with_a_yes_the_place_is_hers(both, alice, officer, session):
    asked = ask(alice, session)

    answered = answer_request(asked.booking_id, agreed=True, by=officer.id)

    assert answered.status is Status.CONFIRMED
    booking = booking_of(asked)
    assert (booking.agreed_by_id, booking.answer_by) == (officer.id, None)
    assert taken(session) == 1
    assert in_diary(alice)
    assert told(alice) == ["place_requested", "request_agreed"]
    noted = db.session.scalars(select(AuditEvent.actor_id).where(AuditEvent.verb == "agreed")).one()
    assert noted == officer.id


def test_with_a_no_the_place_goes_to_the_next_and_she_is_told_why(both, alice, bob, officer, session):
    asked = ask(alice, session)
    waits = ask(bob, session)
    assert booking_of(waits).status == Status.WAITING

    with pytest.raises(ValueError, match="why not"):
        answer_request(asked.booking_id, agreed=False, by=officer.id)
    answer_request(asked.booking_id, agreed=False, by=officer.id, reason="It is for students")

    declined = booking_of(asked)
    assert (declined.status, declined.cancel_reason, declined.cancelled_late) == (
        Status.DECLINED,
        "It is for students",
        False,
    )
    assert declined.ended_at is not None
    assert booking_of(waits).status == Status.REQUESTED
    assert taken(session) == 1
    assert told(alice) == ["place_requested", "request_declined"]
    assert told(bob) == ["waiting", "place_requested"]


def test_whoever_waits_can_be_answered_and_then_moves_up_like_anybody(both, alice, bob, officer, session):
    first, second = ask(alice, session), ask(bob, session)

    assert answer_request(second.booking_id, agreed=True, by=officer.id).status is Status.WAITING
    assert told(bob) == ["waiting", "request_agreed_waiting"]
    cancel_booking(first.booking_id, by=alice.id)

    assert booking_of(second).status == Status.CONFIRMED
    assert told(bob)[-1] == "promoted"


def test_a_no_to_somebody_who_waits_takes_her_off_the_list(app, alice, bob, officer, session):
    ask(alice, session)
    second = ask(bob, session)

    answer_request(second.booking_id, agreed=False, by=officer.id, reason="Not this term")

    assert booking_of(second).status == Status.DECLINED
    assert taken(session) == 1


@pytest.mark.parametrize("agreed", [True, False])
def test_a_request_is_answered_once(app, alice, officer, session, agreed):
    asked = ask(alice, session)
    answer_request(asked.booking_id, agreed=agreed, by=officer.id, reason="Full of students")

    for again in (True, False):
        with pytest.raises(AnsweringRefused) as refused:
            answer_request(asked.booking_id, agreed=again, by=officer.id, reason="Or not")
        assert refused.value.reason == "answered"


def test_a_request_that_was_withdrawn_cannot_be_answered(app, alice, officer, session):
    asked = ask(alice, session)
    cancel_booking(asked.booking_id, by=alice.id)

    with pytest.raises(AnsweringRefused) as refused:
        answer_request(asked.booking_id, agreed=True, by=officer.id)

    assert refused.value.reason == "ended"
    assert taken(session) == 0


def test_to_withdraw_a_request_is_never_late(app, alice, session, clock_at):
    clock_at(2019, 1, 14, 9)
    asked = ask(alice, session)
    clock_at(2019, 1, 14, 9, 15)
    cancel_booking(asked.booking_id, by=alice.id)

    assert not booking_of(asked).cancelled_late


def test_what_nobody_asked_for_cannot_be_answered(app, alice, officer, make_session):
    (booked,) = book_places(alice.id, [make_session().id], by=alice.id)

    for number in (booked.booking_id, 999, 0, 2**40):
        with pytest.raises(LookupError):
            answer_request(number, agreed=True, by=officer.id)


def test_before_a_yes_everything_else_is_looked_at_anew(app, alice, officer, session, make_session):
    asked = ask(alice, session)
    book_places(alice.id, [make_session(starts_at=london(2019, 1, 15, 10)).id], by=alice.id)

    with pytest.raises(AnsweringRefused) as refused:
        answer_request(asked.booking_id, agreed=True, by=officer.id)

    assert [each.reason for each in refused.value.objections] == [Reason.CLASH]
    booking = booking_of(asked)
    assert (booking.status, booking.agreed_by_id) == (Status.REQUESTED, None)


def test_what_somebody_only_asked_for_opens_no_module(app, alice, module, session, make_module, make_session):
    ask(alice, session)
    third = make_session(make_module("M3", needs=Completed("M2")), london(2019, 1, 16, 9))

    with pytest.raises(BookingRefused) as refused:
        book_places(alice.id, [third.id], by=alice.id)

    assert [each.reason for each in refused.value.objections[third.id]] == [Reason.PREREQUISITE]


def test_a_request_is_the_one_place_per_module(app, alice, module, session, make_session):
    ask(alice, session)
    other = make_session(module, london(2019, 1, 21, 9))

    assert not offer_of(alice, other).may_ask
    with pytest.raises(BookingRefused) as refused:
        ask(alice, other)
    assert Reason.BOOKED_ON_ANOTHER in [each.reason for each in refused.value.objections[other.id]]


def test_nothing_is_asked_where_something_else_stands_against_it(app, alice, make_module, make_session):
    session = make_session(make_module("M3", audience=STUDENTS, needs=Completed("M2")), FIRST)

    assert not offer_of(alice, session).may_ask
    with pytest.raises(BookingRefused) as refused:
        ask(alice, session)
    assert [each.reason for each in refused.value.objections[session.id]] == [
        Reason.NOT_IN_AUDIENCE,
        Reason.PREREQUISITE,
    ]


def test_where_nobody_need_agree_the_place_is_booked(app, alice, make_session):
    booked = ask(alice, make_session(starts_at=FIRST))

    assert booked.status is Status.CONFIRMED
    assert booking_of(booked).asks is None
    assert told(alice) == ["booked"]


def test_a_module_that_needs_approval_can_be_asked_for(app, alice, officer, make_module, make_session):
    session = make_session(make_module("M9", approval_needed=True), FIRST)

    asked = ask(alice, session)
    assert asked.status is Status.REQUESTED
    assert answer_request(asked.booking_id, agreed=True, by=officer.id).status is Status.CONFIRMED


def test_a_drop_in_has_no_place_to_ask_for(app, alice, make_module, make_session):
    session = make_session(make_module("M1", audience=STUDENTS, booking_mode="drop_in"), FIRST)

    assert not offer_of(alice, session).may_ask
    with pytest.raises(BookingRefused):
        ask(alice, session)


def test_on_the_last_day_it_is_too_late_to_ask(app, alice, session, clock_at):
    clock_at(2019, 1, 14, 9, 29)
    assert offer_of(alice, session).may_ask
    clock_at(2019, 1, 14, 9, 30)
    assert not offer_of(alice, session).may_ask
    with pytest.raises(BookingRefused) as refused:
        ask(alice, session)
    assert [each.reason for each in refused.value.objections[session.id]] == [Reason.NOT_IN_AUDIENCE]


def test_what_nobody_answers_in_time_ends_and_the_place_goes_on(both, alice, bob, officer, session, clock_at):
    asked, waits = ask(alice, session), ask(bob, session)
    clock_at(2019, 1, 9, 8, 59)
    assert expire_requests() == 0

    clock_at(2019, 1, 9, 9)
    assert expire_requests() == 1

    ended = booking_of(asked)
    assert (ended.status, ended.cancel_reason) == (Status.DECLINED, "not answered in time")
    assert booking_of(waits).status == Status.REQUESTED
    assert booking_of(waits).answer_by == london(2019, 1, 14, 9, 30)  # a day before the session
    assert taken(session) == 1
    assert told(alice)[-1] == "request_expired"
    assert told(officer).count("request_not_answered") == 1
    assert expire_requests() == 0


def test_whoever_can_answer_is_reminded_once_a_day_before(both, alice, officer, session, clock_at):
    ask(alice, session)
    clock_at(2019, 1, 8, 8, 59)
    assert remind_of_requests() == 0

    clock_at(2019, 1, 8, 9)
    assert [remind_of_requests(), remind_of_requests()] == [1, 0]
    assert told(officer) == ["place_asked_for", "request_due"]


def test_of_what_was_asked_just_now_nobody_is_reminded(app, alice, officer, session, clock_at):
    clock_at(2019, 1, 13, 12)
    ask(alice, session)

    assert remind_of_requests() == 0
    assert told(officer) == ["place_asked_for"]


def test_a_session_that_is_brought_forward_brings_the_answer_forward(app, alice, officer, session):
    asked = ask(alice, session)
    move_session_to(session, london(2019, 1, 8, 9, 30), officer)

    assert booking_of(asked).answer_by == london(2019, 1, 7, 9, 30)


def move_session_to(session, starts_at, officer):
    wanted = wanted_of(session.id)
    (day,) = wanted.days
    moved = replace(day, starts_at=starts_at, ends_at=starts_at + (day.ends_at - day.starts_at))
    change_session(session.id, replace(wanted, days=(moved,)), by=officer.id)


def test_a_request_that_is_sent_back_waits_without_a_date(app, alice, officer, session):
    asked = ask(alice, session)
    change_capacity(session.id, 0, by=officer.id, send_back=())

    booking = booking_of(asked)
    assert (booking.status, booking.answer_by) == (Status.WAITING, None)


def test_what_was_agreed_moves_along_to_another_date(app, alice, officer, module, session, make_session):
    asked = ask(alice, session)
    answer_request(asked.booking_id, agreed=True, by=officer.id)

    moved = move_booking(asked.booking_id, make_session(module, london(2019, 1, 21, 9)).id, by=alice.id)

    assert moved.status is Status.CONFIRMED
    assert booking_of(moved).agreed_by_id == officer.id


def test_what_is_asked_moves_along_too_and_is_still_to_be_answered(app, alice, module, session, make_session):
    asked = ask(alice, session)

    moved = move_booking(asked.booking_id, make_session(module, london(2019, 1, 21, 9)).id, by=alice.id)

    assert moved.status is Status.REQUESTED
    assert taken(session) == 0
    assert [booking.id for booking in open_requests(booking_of(moved).organisation_id)] == [moved.booking_id]


def test_those_who_must_be_answered_first_come_first(app, alice, bob, make_person, organisation, module, make_session):
    carol = make_person("Carol")
    later, sooner = (make_session(module, london(2019, 1, day, 9), places=1) for day in (28, 7))
    asked = [ask(alice, later), ask(bob, sooner), ask(carol, later)]

    ids = [each.booking_id for each in asked]
    assert [each.id for each in open_requests(organisation.id)] == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [(2, 9), (4, 11), (5, 11), (6, 11)],
    ids=["a Wednesday", "a Friday", "a Saturday", "a Sunday"],
)
def test_weekends_do_not_count(asked, answered):
    assert working_days_after(date(2019, 1, asked), 5) == date(2019, 1, answered)


def test_bank_holidays_do_not_count_either(app, alice, module, make_session, clock_at):
    clock_at(2019, 4, 17, 9)  # Good Friday and Easter Monday lie ahead
    asked = ask(alice, make_session(module, london(2019, 6, 4, 9)))

    assert booking_of(asked).answer_by == london(2019, 4, 26, 9)
