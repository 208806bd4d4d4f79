"""`flask doctor` finds every place, queue, room and diary that is not as it must be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from cpd.booking.models import Booking, SettleRequest
from cpd.booking.rules import Status
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.diary.models import DiaryEntry
from cpd.requirements.language import Completed
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue
from tests.cast import LONG_AGO, london, saved
from tests.commands.conftest import CHECKS, ask, change, without_constraints

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


@pytest.fixture
def room(organisation):
    venue = saved(Venue(organisation_id=organisation.id, code="hall", name="Hall", other_names=[]))
    return saved(Room(venue_id=venue.id, code="one", name="One", other_names=[]))


def of_session(number):
    return SessionDay.training_session_id == number


def test_it_says_how_much_was_looked_at_where_all_is_well(both, full, flask):
    code, lines = flask("doctor")

    migrations = len(list(MIGRATIONS.glob("0*.py")))
    looked_at = {
        f"migrations: {migrations} migrations",
        "places: 1 sessions",
        "bookings: 2 bookings",
        "diary entries: 1 entries",
    }
    assert looked_at < set(lines)
    assert (code, len(lines), lines[-1]) == (0, CHECKS + 1, f"{CHECKS} checks; nothing wrong")


def test_more_places_taken_than_there_are(both, full, bob, finds):
    change(update(Booking).values(status=Status.CONFIRMED, confirmed_at=LONG_AGO))

    finds(
        "places: session 1 has 2 of 1 places taken",
        "places: session 1 counts 1 places taken, and 2 bookings hold one",
        f"diaries: session day 1 (15 January 2019 09:30) stands 0 times in the diary of person {bob.id}",
        f"messages: person {bob.id} was not told of her place (booking 2)",
    )


def test_a_wrong_count_of_places(both, full, finds):
    change(update(TrainingSession).values(places_taken=0, capacity=0))

    finds(
        "places: session 1 has 1 of 0 places taken",
        "places: session 1 counts 0 places taken, and 1 bookings hold one",
    )


def test_a_wait_beside_a_place_that_it_would_not_replace(both, full, bob, make_session, finds, finds_nothing):
    other = make_session(db.session.get(Module, full.module_id), london(2019, 1, 22, 9, 30))
    place_id = ask(bob, other)
    change(update(Booking).where(Booking.id == 2).values(status=Status.WAITING, ended_at=None))

    finds(f"waits beside a place: booking 2 waits beside the place of booking {place_id}, and would not replace it")

    change(update(Booking).where(Booking.id == 2).values(replaces_id=place_id))
    finds_nothing()


def test_a_number_that_would_be_given_twice(both, full, finds):
    change(update(TrainingSession).values(next_number=2))

    finds("queues: booking 2 has number 2, which session 1 is still to give")


def test_two_at_one_position(app, full, alice, finds):
    without_constraints("booking")
    told = OutboxMessage.kind == "booked"
    change(
        update(Booking).values(request_number=2),
        update(OutboxMessage).where(told).values(dedupe_key=f"booked:booking:1:2::{alice.id}"),
    )

    finds("queues: session 1 gave number 2 to 2 bookings")


@pytest.mark.parametrize(
    ("number", "values", "fault"),
    [
        (1, {"confirmed_at": None}, "is confirmed, but not since when"),
        (2, {"ended_at": LONG_AGO}, "is live, and has ended"),
        (2, {"status": Status.CANCELLED}, "has ended, but not when"),
    ],
    ids=["never confirmed", "live and ended", "ended at no time"],
)
def test_a_booking_whose_moments_do_not_fit(both, full, finds, number, values, fault):
    change(update(Booking).where(Booking.id == number).values(**values))

    finds(f"bookings: booking {number} {fault}")


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"asks": None}, "is requested, but not why, until when or for which place"),
        ({"agreed_by_id": 1}, "is agreed to, and still requested"),
        ({"answer_by": LONG_AGO}, "should have been answered a day ago"),
    ],
    ids=["without words", "agreed", "long overdue"],
)
def test_a_request_that_falls_through(both, alice, make_module, make_session, finds, finds_nothing, values, fault):
    session = make_session(make_module(approval_needed=True), london(2019, 1, 15, 9, 30))
    ask(alice, session, asks="I need it")
    finds_nothing()

    change(update(Booking).values(**values))

    finds(f"bookings: booking 1 {fault}")


def test_a_booking_to_be_answered_that_keeps_no_place(both, full, finds):
    change(update(Booking).where(Booking.id == 2).values(answer_by=LONG_AGO))

    finds("bookings: booking 2 is to be answered, and keeps no place")


def test_live_bookings_of_a_cancelled_session(both, full, alice, finds):
    change(update(TrainingSession).values(status="cancelled"))

    finds(
        "bookings: booking 1 is live, and its session is not published",
        "bookings: booking 2 is live, and its session is not published",
        f"diary entries: entry 1 of person {alice.id} rests on no place on session 1 at that time",
    )


def test_two_live_bookings_of_one_person_on_one_session(app, full, bob, finds):
    twin = dict(db.session.execute(Booking.__table__.select().where(Booking.id == 2)).mappings().one())
    change(
        "DROP INDEX uq_booking_live",
        insert(Booking).values(**twin | {"id": 3, "request_number": 3}),
        update(TrainingSession).values(next_number=4),
    )

    finds(f"one booking per session: person {bob.id} has 2 live bookings on session 1")


def test_two_places_on_one_module_unless_somebody_wanted_it_so(
    both, alice, make_module, make_session, finds, finds_nothing
):
    module = make_module()
    ask(alice, make_session(module, london(2019, 1, 15, 9)))
    ask(alice, make_session(module, london(2019, 1, 16, 9)), override_reason="She trains others")
    finds_nothing()

    change(update(Booking).values(override_reason=None))

    finds(f"one place per module: person {alice.id} has 2 places on module {module.id}")


def test_a_free_place_that_somebody_is_owed_and_gives_nothing_itself(both, full, bob, finds):
    change(update(TrainingSession).values(capacity=2))

    for _ in range(2):
        finds(f"places owed: session 1 owes a place to person {bob.id} (booking 2)")

    assert db.session.get_one(Booking, 2).status == Status.WAITING


def test_a_free_place_may_be_left_that_nobody_on_the_list_can_take(both, full, bob, make_session, finds_nothing):
    ask(bob, make_session(starts_at=london(2019, 1, 15, 10)), override_reason="An hour of it is enough")
    change(update(TrainingSession).where(TrainingSession.id == 1).values(capacity=2))

    finds_nothing()


def test_a_session_that_is_to_be_settled_may_wait_for_ten_minutes(both, full, finds, finds_nothing):
    since = clock.real_now()
    change(
        update(TrainingSession).values(capacity=2),
        insert(SettleRequest).values(training_session_id=1, requested_at=since),
    )
    finds_nothing()

    since -= timedelta(minutes=11)
    change(update(SettleRequest).values(requested_at=since))

    finds(f"settling: session 1 has waited to be settled since {since:%d %B %Y %H:%M} UTC")


def test_a_session_that_begins_apart_from_its_days_or_has_none(both, make_session, finds):
    for day in (15, 16):
        make_session(starts_at=london(2019, 1, day, 9, 30))
    change(
        update(TrainingSession).where(TrainingSession.id == 1).values(starts_at=london(2019, 1, 15, 9)),
        delete(SessionDay).where(of_session(2)),
    )

    finds("days: session 1 begins or ends apart from its days", "days: session 2 has no day")


def test_a_room_that_is_used_twice_at_a_time(app, room, make_session, finds):
    for hour in (9, 10, 13):
        make_session(starts_at=london(2019, 1, 15, hour))
    change(update(SessionDay).values(room_id=room.id))

    finds(f"rooms: room {room.id} is used by session days 1 and 2 at one time")


def test_rooms_may_be_used_again_that_were_given_back(both, room, make_session, finds_nothing):
    for _ in range(2):
        make_session(starts_at=london(2019, 1, 15, 9), hours=3)
    change(
        update(SessionDay).where(of_session(1)).values(holds_room=False),
        update(SessionDay).values(room_id=room.id),
    )

    finds_nothing()


def test_a_diary_at_another_time_than_the_session(both, full, alice, finds):
    change(update(DiaryEntry).values(ends_at=london(2019, 1, 15, 18)))

    finds(
        f"diaries: session day 1 (15 January 2019 09:30) stands 0 times in the diary of person {alice.id}",
        f"diary entries: entry 1 of person {alice.id} rests on no place on session 1 at that time",
    )


def test_a_day_that_stands_in_a_diary_twice(both, full, alice, finds):
    twin = dict(db.session.execute(DiaryEntry.__table__.select()).mappings().one())
    change(insert(DiaryEntry).values(**twin | {"id": 2, "uid": "another"}))

    finds(f"diaries: session day 1 (15 January 2019 09:30) stands 2 times in the diary of person {alice.id}")


def test_a_diary_of_somebody_who_only_waits(both, full, bob, finds):
    twin = dict(db.session.execute(DiaryEntry.__table__.select()).mappings().one())
    change(insert(DiaryEntry).values(**twin | {"id": 2, "uid": "another", "person_id": bob.id}))

    finds(f"diary entries: entry 2 of person {bob.id} rests on no place on session 1 at that time")


def test_what_is_over_is_as_well_as_what_is_ahead(both, full, clock_at, finds_nothing):
    clock_at(2019, 6, 1, 9)

    finds_nothing()


def test_a_lost_basis_that_nobody_was_told_of(both, alice, make_module, make_session, finds):
    three = make_module("M3", needs=Completed("M2"))
    session = make_session(three, london(2019, 1, 15, 13, 30))
    booked = book_places(alice.id, [session.id], by=alice.id, override_reason="Did it in York")[0].booking_id
    change(update(Booking).where(Booking.id == booked).values(override_reason=None))

    finds(f"conditions: booking {booked} lacks its basis, and nobody was told")


def test_a_basis_that_came_back_unseen(both, alice, make_session, finds):
    session = make_session()
    booked = book_places(alice.id, [session.id], by=alice.id)[0].booking_id
    change(update(Booking).where(Booking.id == booked).values(lacks_basis_since=LONG_AGO))

    finds(f"conditions: booking {booked} has its basis, and is said to lack it")
