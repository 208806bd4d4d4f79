"""A place is given to whoever asks first, and a refusal gives every reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.booking.capacity import CapacityRefused, change_capacity
from cpd.booking.models import Booking, SettleRequest
from cpd.booking.offers import view_of
from cpd.booking.places import positions_of
from cpd.booking.rules import Reason, State, Status
from cpd.booking.service import (
    BookingRefused,
    CancellingRefused,
    book_places,
    cancel_booking,
    move_booking,
)
from cpd.diary.models import DiaryEntry
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.language import AllOf, Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable import service as timetable
from cpd.timetable.models import TrainingSession
from tests.cast import london


def ask(person, *sessions, **more):
    return book_places(person.id, [each.id for each in sessions], by=person.id, **more)


def status_of(booked):
    db.session.expire_all()
    return db.session.get(Booking, booked.booking_id).status


def reasons(refused, session):
    return [each.reason for each in refused.value.objections[session.id]]


def taken(session):
    db.session.expire_all()
    return db.session.get(TrainingSession, session.id).places_taken


def offer_of(person, session):
    (facts,) = timetable.sessions_by_id([session.id])
    return view_of(person.id, [facts]).offers[0]


def test_the_last_place_goes_to_whoever_asks_first(both, alice, bob, make_session):
    session = make_session(places=1)

    assert ask(alice, session)[0].status is Status.CONFIRMED
    assert ask(bob, session)[0].status is Status.WAITING
    assert taken(session) == 1


def test_a_place_that_is_given_back_goes_to_the_first_who_waits(both, alice, bob, make_person, make_session):
    carol, session = make_person("Carol"), make_session(places=1)
    hers, bobs, carols = (ask(each, session)[0] for each in (alice, bob, carol))
    assert positions_of([bobs.booking_id, carols.booking_id]) == {bobs.booking_id: 1, carols.booking_id: 2}

    cancel_booking(hers.booking_id, by=alice.id)

    assert status_of(bobs) == Status.CONFIRMED
    assert status_of(carols) == Status.WAITING
    assert positions_of([carols.booking_id]) == {carols.booking_id: 1}
    kinds = set(db.session.scalars(select(OutboxMessage.kind).where(OutboxMessage.person_id == bob.id)))
    assert kinds == {"waiting", "promoted"}


def test_nobody_can_have_two_places_on_one_session(app, alice, make_session):
    session = make_session()
    ask(alice, session)

    with pytest.raises(BookingRefused) as refused:
        ask(alice, session)

    assert Reason.ALREADY_BOOKED in reasons(refused, session)
    assert taken(session) == 1


def test_one_place_per_module_is_enough_and_it_can_be_moved(app, alice, make_module, make_session):
    module = make_module("M2")
    first = make_session(module, london(2019, 1, 15, 9, 30))
    second = make_session(module, london(2019, 1, 21, 9, 30))
    (booked,) = ask(alice, first)

    with pytest.raises(BookingRefused) as refused:
        ask(alice, second)
    assert reasons(refused, second) == [Reason.BOOKED_ON_ANOTHER]

    move_booking(booked.booking_id, second.id, by=alice.id)
    assert (taken(first), taken(second)) == (0, 1)


def test_the_old_place_is_kept_when_the_new_session_is_full(app, alice, bob, make_module, make_session):
    module = make_module()
    first = make_session(module, london(2019, 1, 15, 9, 30))
    second = make_session(module, london(2019, 1, 21, 9, 30), places=1)
    (booked,) = ask(alice, first)
    ask(bob, second)

    with pytest.raises(BookingRefused) as refused:
        move_booking(booked.booking_id, second.id, by=alice.id)

    assert reasons(refused, second) == [Reason.FULL]
    assert status_of(booked) == Status.CONFIRMED


def test_two_trainings_at_one_time_clash(app, alice, make_session):
    morning = make_session(starts_at=london(2019, 1, 16, 9), hours=2)
    ask(alice, morning)
    overlapping = make_session(starts_at=london(2019, 1, 16, 10), hours=2)
    touching = make_session(starts_at=london(2019, 1, 16, 11), hours=2)

    with pytest.raises(BookingRefused) as refused:
        ask(alice, overlapping)

    assert reasons(refused, overlapping) == [Reason.CLASH]
    assert ask(alice, touching)[0].status is Status.CONFIRMED


@pytest.fixture
def two_modules(make_module, make_session):
    """Module 2 in the morning and Module 3, which needs it, in the afternoon."""
    second = make_module("M2", number_label="Module 2")
    third = make_module("M3", number_label="Module 3", needs=AllOf((Completed("M2"),)))
    return make_session(second, london(2019, 1, 15, 9, 30)), make_session(third, london(2019, 1, 15, 13, 30))


def test_a_module_that_needs_another_is_refused_with_the_one_missing(app, alice, two_modules):
    _, afternoon = two_modules

    with pytest.raises(BookingRefused) as refused:
        ask(alice, afternoon)

    (objection,) = refused.value.objections[afternoon.id]
    assert (objection.reason, objection.title) == (Reason.PREREQUISITE, "Module 2")


def test_a_morning_booked_opens_the_afternoon_on_condition(app, alice, two_modules):
    morning, afternoon = two_modules
    ask(alice, morning)

    assert offer_of(alice, afternoon).state is State.CONDITIONAL
    ask(alice, afternoon)
    assert offer_of(alice, afternoon).rests_on == (morning.id,)


def test_both_can_be_booked_in_one_go(both, alice, two_modules):
    morning, afternoon = two_modules

    booked = ask(alice, afternoon, morning)

    assert [each.status for each in booked] == [Status.CONFIRMED, Status.CONFIRMED]
    assert [each.training_session_id for each in booked] == [morning.id, afternoon.id]


def test_when_one_of_two_is_refused_neither_is_booked(app, alice, two_modules, make_session):
    morning, _ = two_modules
    cancelled = make_session(status="cancelled")

    with pytest.raises(BookingRefused):
        ask(alice, morning, cancelled)

    assert taken(morning) == 0
    assert db.session.scalars(select(Booking)).all() == []
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_a_lost_basis_is_shown_and_nothing_is_released(app, alice, two_modules):
    morning, afternoon = two_modules
    first, second = ask(alice, morning, afternoon)

    cancel_booking(first.booking_id, by=alice.id)

    offer = offer_of(alice, afternoon)
    assert offer.state is State.BOOKED
    assert [each.title for each in offer.lacks] == ["Module 2"]
    assert status_of(second) == Status.CONFIRMED


def test_a_waiting_place_never_counts_as_in_hand(app, alice, bob, two_modules):
    morning, afternoon = two_modules
    change_capacity(morning.id, 1, by=bob.id)
    ask(bob, morning)

    with pytest.raises(BookingRefused) as refused:
        ask(alice, morning, afternoon)

    assert reasons(refused, afternoon) == [Reason.PREREQUISITE]
    assert db.session.scalars(select(Booking).where(Booking.person_id == alice.id)).all() == []


def test_whoever_is_busy_is_passed_over_and_keeps_her_position(app, alice, bob, make_person, make_session):
    carol = make_person("Carol")
    session = make_session(starts_at=london(2019, 1, 16, 9), places=1)
    held, bobs, carols = (ask(each, session)[0] for each in (alice, bob, carol))
    ask(bob, make_session(starts_at=london(2019, 1, 16, 9)))

    cancel_booking(held.booking_id, by=alice.id)

    assert status_of(carols) == Status.CONFIRMED
    assert status_of(bobs) == Status.WAITING
    assert db.session.get(Booking, bobs.booking_id).passed_over_reason == Reason.CLASH


def test_whoever_becomes_free_gets_the_place_that_she_was_passed_over_for(both, alice, bob, make_session):
    session = make_session(starts_at=london(2019, 1, 16, 9), places=1)
    held, bobs = ask(alice, session)[0], ask(bob, session)[0]
    other = ask(bob, make_session(starts_at=london(2019, 1, 16, 9)))[0]
    cancel_booking(held.booking_id, by=alice.id)
    assert status_of(bobs) == Status.WAITING

    cancel_booking(other.booking_id, by=bob.id)

    assert status_of(bobs) == Status.CONFIRMED
    assert db.session.scalars(select(SettleRequest)).all() == []


def test_more_places_go_to_those_who_wait(both, alice, bob, make_session):
    session = make_session(places=0)
    hers, bobs = ask(alice, session)[0], ask(bob, session)[0]

    change_capacity(session.id, 1, by=alice.id)

    assert (status_of(hers), status_of(bobs)) == (Status.CONFIRMED, Status.WAITING)


def test_a_cut_below_the_places_taken_is_refused_until_it_is_said_who_goes_back(both, alice, bob, make_session):
    session = make_session(places=2)
    hers, bobs = ask(alice, session)[0], ask(bob, session)[0]

    with pytest.raises(CapacityRefused):
        change_capacity(session.id, 1, by=alice.id)
    assert taken(session) == 2

    assert change_capacity(session.id, 1, by=alice.id, send_back=()) == [bobs.booking_id]
    assert (status_of(hers), status_of(bobs)) == (Status.CONFIRMED, Status.WAITING)
    assert positions_of([bobs.booking_id]) == {bobs.booking_id: 1}


def test_drop_ins_take_no_place_and_count_as_in_hand(app, alice, make_module, make_session):
    genograms = make_module("M1", booking_mode="drop_in")
    next_one = make_module("M3", needs=Completed("M1"))
    drop_in = make_session(genograms, london(2019, 1, 10, 12), hours=2, places=None)
    later = make_session(next_one, london(2019, 1, 15, 13, 30))

    assert offer_of(alice, drop_in).state is State.DROP_IN
    ask(alice, drop_in)

    assert taken(drop_in) == 0
    assert offer_of(alice, drop_in).state is State.BOOKED
    assert offer_of(alice, later).state is State.CONDITIONAL


def test_what_is_done_need_not_be_done_again(app, alice, make_module, make_session):
    module = make_module("M2")
    session = make_session(module)
    add_fact(
        FactSaid(
            person_id=alice.id,
            kind=FactKind.COMPLETED,
            subject="M2",
            happened_on=london(2018, 11, 5).date(),
            source_kind="import",
            source="register",
        ),
        by=alice.id,
    )

    assert offer_of(alice, session).state is State.DONE
    with pytest.raises(BookingRefused) as refused:
        ask(alice, session)
    assert reasons(refused, session) == [Reason.ALREADY_DONE]


def test_giving_a_place_back_works_until_the_start_and_late_is_marked(app, alice, bob, clock_at, make_session):
    session = make_session(starts_at=london(2019, 1, 16, 9))
    hers, bobs = ask(alice, session)[0], ask(bob, session)[0]
    clock_at(2019, 1, 15, 9)

    cancel_booking(hers.booking_id, by=alice.id)
    assert db.session.get(Booking, hers.booking_id).cancelled_late

    clock_at(2019, 1, 16, 9)
    with pytest.raises(CancellingRefused):
        cancel_booking(bobs.booking_id, by=bob.id)
    assert status_of(bobs) == Status.CONFIRMED


def test_nobody_is_moved_up_on_the_last_day(app, alice, bob, clock_at, make_session):
    session = make_session(starts_at=london(2019, 1, 16, 9), places=1)
    hers, bobs = ask(alice, session)[0], ask(bob, session)[0]
    clock_at(2019, 1, 15, 10)

    cancel_booking(hers.booking_id, by=alice.id)

    assert status_of(bobs) == Status.WAITING
    assert db.session.get(Booking, bobs.booking_id).passed_over_reason == Reason.TOO_LATE_TO_PROMOTE


def test_an_officer_sets_reasons_aside_and_says_why(app, alice, officer, two_modules):
    _, afternoon = two_modules

    booked = book_places(alice.id, [afternoon.id], by=officer.id, override_reason="Did Module 2 in York")

    assert booked[0].status is Status.CONFIRMED
    assert offer_of(alice, afternoon).lacks == ()


def test_a_place_stands_in_the_diary_until_it_is_given_back(app, alice, make_session):
    session = make_session()
    (booked,) = ask(alice, session)
    entry = db.session.scalars(select(DiaryEntry).where(DiaryEntry.person_id == alice.id)).one()
    assert entry.cancelled_at is None

    cancel_booking(booked.booking_id, by=alice.id)

    db.session.expire_all()
    assert entry.cancelled_at is not None
    assert entry.sequence == 1


def test_a_stranger_cannot_book_what_was_not_opened_to_her_council(app, stranger, make_session):
    with pytest.raises(LookupError):
        ask(stranger, make_session())


def test_a_new_post_opens_the_place_that_somebody_was_passed_over_for(app, alice, bob, make_module, make_session):
    from cpd.people.models import Post
    from cpd.shared.unit_of_work import publish, unit_of_work

    practitioners = {"staff_types": [], "career_levels": ["experienced"], "words": "Experienced practitioners"}
    session = make_session(make_module(audience=practitioners), places=1)
    held, bobs = ask(alice, session)[0], ask(bob, session)[0]
    post = db.session.scalars(select(Post).where(Post.person_id == bob.id)).one()
    post.career_level = "newly_qualified"
    db.session.commit()
    cancel_booking(held.booking_id, by=alice.id)
    assert db.session.get(Booking, bobs.booking_id).passed_over_reason == Reason.NOT_IN_AUDIENCE

    with unit_of_work():
        db.session.get(Post, post.id).career_level = "experienced"
        publish("people.changed", bob.id)

    assert status_of(bobs) == Status.CONFIRMED


def test_somebody_for_whom_a_module_is_not_meant_is_refused(app, alice, make_module, make_session):
    partners = {"staff_types": ["partner"], "career_levels": [], "words": "Partners"}
    session = make_session(make_module(audience=partners))

    with pytest.raises(BookingRefused) as refused:
        ask(alice, session)

    assert reasons(refused, session) == [Reason.NOT_IN_AUDIENCE]


def test_the_line_manager_is_informed_of_a_place(app, alice, manager, make_session):
    ask(alice, make_session())

    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.person_id == manager.id)).one()

    assert (told.kind, told.facts["person"]) == ("manager_informed", "Alice Learner")
