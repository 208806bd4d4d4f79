"""She keeps the place that she has and waits for a better date, or waits for any: the exchange is one step."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import Reason, Status
from cpd.booking.service import BookingRefused, book_places, cancel_booking, move_booking, wait_for_dates
from cpd.diary.models import DiaryEntry
from cpd.requirements.language import Completed
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import TrainingSession
from tests.cast import london


@pytest.fixture
def carol(make_person):
    return make_person("Carol")


@pytest.fixture
def early(both, make_session, module):
    return make_session(module, london(2019, 1, 15, 9, 30), places=1)


@pytest.fixture
def late(early, make_session, module):
    return make_session(module, london(2019, 1, 22, 9, 30), places=1)


@pytest.fixture
def module(make_module):
    return make_module("M2")


def ask(person, *sessions):
    return book_places(person.id, [each.id for each in sessions], by=person.id)[0]


def wait(person, *sessions):
    return wait_for_dates(person.id, [each.id for each in sessions], by=person.id)


def standing(person):
    """What somebody has and waits for: the status by session."""
    wanted = select(Booking.training_session_id, Booking.status).where(
        Booking.person_id == person.id, Booking.status.in_(("confirmed", "waiting"))
    )
    db.session.rollback()
    return dict(db.session.execute(wanted).all())


def taken(session):
    db.session.rollback()
    return db.session.scalar(select(TrainingSession.places_taken).where(TrainingSession.id == session.id))


def told(person):
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return db.session.scalars(wanted).all()


def diary_of(person):
    wanted = select(DiaryEntry.source_id).where(DiaryEntry.person_id == person.id, DiaryEntry.cancelled_at.is_(None))
    return db.session.scalars(wanted).all()


def test_who_waits_for_an_earlier_date_keeps_her_place_until_it_is_exchanged(early, late, alice, bob, carol):
    bobs = ask(bob, early)
    ask(alice, late)
    ask(carol, late)
    booked, refused = wait(alice, early)
    assert ([each.status for each in booked], refused) == ([Status.WAITING], {})
    assert standing(alice) == {early.id: "waiting", late.id: "confirmed"}

    cancel_booking(bobs.booking_id, by=bob.id)

    assert standing(alice) == {early.id: "confirmed"}
    assert standing(carol) == {late.id: "confirmed"}
    assert (taken(early), taken(late)) == (1, 1)
    assert diary_of(alice) == [early.id]
    assert told(alice) == ["booked", "waiting", "moved"]
    assert told(carol) == ["waiting", "promoted"]


def test_nobody_overtakes_whoever_exchanges(early, late, alice, bob, carol):
    bobs = ask(bob, early)
    ask(alice, late)
    wait(alice, early)
    ask(carol, early)

    cancel_booking(bobs.booking_id, by=bob.id)

    assert standing(alice) == {early.id: "confirmed"}
    assert standing(carol) == {early.id: "waiting"}


def test_who_waits_for_any_date_gets_the_first_that_is_free_and_leaves_the_other_lists(early, late, alice, bob, carol):
    ask(bob, early)
    carols = ask(carol, late)
    wait(alice, early, late)
    assert standing(alice) == {early.id: "waiting", late.id: "waiting"}

    cancel_booking(carols.booking_id, by=carol.id)

    assert standing(alice) == {late.id: "confirmed"}
    assert told(alice) == ["waiting", "waiting", "promoted"]


def test_a_date_that_is_free_is_hers_at_once(early, late, alice, bob):
    ask(bob, early)

    booked, _ = wait(alice, early, late)

    assert [(each.training_session_id, each.status) for each in booked] == [
        (early.id, Status.WAITING),
        (late.id, Status.CONFIRMED),
    ]
    assert standing(alice) == {late.id: "confirmed"}


def test_who_gives_her_place_back_meanwhile_still_waits(early, late, alice, bob):
    bobs = ask(bob, early)
    alices = ask(alice, late)
    wait(alice, early)
    cancel_booking(alices.booking_id, by=alice.id)

    cancel_booking(bobs.booking_id, by=bob.id)

    assert standing(alice) == {early.id: "confirmed"}
    assert taken(late) == 0
    assert told(alice)[-1] == "promoted"


def test_a_place_on_a_session_that_has_begun_is_not_exchanged(early, late, alice, bob, clock_at):
    bobs = ask(bob, late)
    ask(alice, early)
    wait(alice, late)

    clock_at(2019, 1, 15, 10)
    cancel_booking(bobs.booking_id, by=bob.id)

    assert standing(alice) == {early.id: "confirmed", late.id: "waiting"}
    waits = db.session.scalars(
        select(Booking).where(Booking.training_session_id == late.id, Booking.person_id == alice.id)
    )
    assert waits.one().passed_over_reason == Reason.BOOKED_ON_ANOTHER


def test_dates_that_she_cannot_have_are_refused_each_with_its_reason(
    early, late, alice, bob, make_session, make_module
):
    ask(bob, early)
    other = make_session(make_module("OTHER"), london(2019, 1, 22, 9, 30), places=9)
    ask(alice, other)

    booked, refused = wait(alice, early, late)

    assert [each.training_session_id for each in booked] == [early.id]
    assert {each: [one.reason for one in all_] for each, all_ in refused.items()} == {late.id: [Reason.CLASH]}


def test_dates_of_several_modules_cannot_be_waited_for_together(early, alice, make_session, make_module):
    other = make_session(make_module("OTHER"))

    with pytest.raises(ValueError, match="several modules"):
        wait(alice, early, other)

    assert standing(alice) == {}


def test_moving_says_from_where_to_where(early, late, alice):
    booked = ask(alice, late)

    move_booking(booked.booking_id, early.id, by=alice.id)

    assert told(alice) == ["booked", "moved"]
    said = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "moved")).one().facts
    assert [said["days_before"][0][0][:10], said["days"][0][0][:10]] == ["2019-01-22", "2019-01-15"]


def test_nobody_moves_past_those_who_wait(early, late, alice, bob, carol, both):
    bobs = ask(bob, early)
    ask(carol, early)
    alices = ask(alice, late)

    with pytest.raises(BookingRefused) as refused:
        move_booking(alices.booking_id, early.id, by=alice.id)

    assert [each.reason for each in refused.value.objections[early.id]] == [Reason.FULL]
    cancel_booking(bobs.booking_id, by=bob.id)
    assert standing(carol) == {early.id: "confirmed"}
    assert standing(alice) == {late.id: "confirmed"}


def test_what_somebody_gets_may_open_what_else_she_waits_for(both, alice, bob, carol, make_session, make_module):
    first = make_session(make_module("FIRST"), london(2019, 1, 15, 9, 30), places=2)
    second = make_session(make_module("SECOND", needs=Completed("FIRST")), london(2019, 1, 22, 9, 30), places=1)
    ask(bob, first)
    alices, bobs = ask(alice, first), ask(bob, second)
    ask(alice, second)
    cancel_booking(alices.booking_id, by=alice.id)
    carols = ask(carol, first)
    ask(alice, first)
    cancel_booking(bobs.booking_id, by=bob.id)
    assert standing(alice) == {first.id: "waiting", second.id: "waiting"}

    cancel_booking(carols.booking_id, by=carol.id)

    assert standing(alice) == {first.id: "confirmed", second.id: "confirmed"}
