"""What becomes of a place on condition when what it rests on is lost, moved later, or comes back (AMB-23)."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cpd.booking.cascade import look_again
from cpd.booking.models import Booking
from cpd.booking.places import settle_what_was_asked
from cpd.booking.releasing import KeepingRefused, keep_all_the_same, release_due
from cpd.booking.service import book_places, cancel_booking, move_booking
from cpd.catalogue.models import Module
from cpd.desk.service import cancel_session
from cpd.record.service import FactSaid, add_fact, withdraw_fact
from cpd.requirements.language import AllOf, Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import unit_of_work
from cpd.timetable.editing import change_session, wanted_of
from cpd.timetable.models import SessionFacilitator
from tests.cast import london, saved
from tests.home.test_query_counts import queries

RELEASE = london(2019, 1, 13, 13, 30)
"""Two days before the afternoon's session, at the same time of day."""

MANY = int(os.environ.get("MANY", "45"))
"""How many are moved together: a moderate number in the usual tests."""


@pytest.fixture
def chain(app_in_use, make_module, make_session):
    """Module 2 in the morning, Module 3 in the afternoon, and Module 6, which needs both, later; a later Module 2."""
    two = make_module("M2", number_label="Module 2")
    three = make_module("M3", number_label="Module 3", needs=Completed("M2"))
    six = make_module("M6", number_label="Module 6", needs=AllOf((Completed("M2"), Completed("M3"))))
    return (
        make_session(two, london(2019, 1, 15, 9, 30), places=None),
        make_session(three, london(2019, 1, 15, 13, 30), places=None),
        make_session(six, london(2019, 1, 31, 9, 30)),
        make_session(two, london(2019, 1, 21, 9, 30)),
    )


def ask(person, *sessions):
    return book_places(person.id, [each.id for each in sessions], by=person.id)


def booking_on(person, session):
    """Her latest booking on a session, as it stands in the database now."""
    db.session.rollback()
    wanted = select(Booking).filter_by(person_id=person.id, training_session_id=session.id)
    return db.session.scalars(wanted.order_by(Booking.id.desc()).execution_options(populate_existing=True)).first()


def told(person, *kinds):
    """What she was told of the cascade, in order: the kind and the session."""
    db.session.rollback()
    rows = db.session.scalars(select(OutboxMessage).filter_by(person_id=person.id).order_by(OutboxMessage.id))
    wanted = kinds or ("basis_lost", "basis_lost_late", "basis_restored", "released")
    return [(row.kind, row.facts["session_id"]) for row in rows if row.kind in wanted]


def message(person, kind):
    """The last message of a kind."""
    rows = db.session.scalars(
        select(OutboxMessage).filter_by(person_id=person.id, kind=kind).order_by(OutboxMessage.id)
    )
    return list(rows)[-1]


def give_back(person, session):
    cancel_booking(booking_on(person, session).id, by=person.id)


def move_session(session, by, days):
    """Move a session by so many days."""
    wanted = wanted_of(session.id)
    moved = tuple(
        type(day)(day.starts_at + days, day.ends_at + days, day.venue_id, day.room_id, day.is_online)
        for day in wanted.days
    )
    change_session(session.id, type(wanted)(wanted.module_id, moved), by=by.id)


def completed(person, code, day):
    said = {"subject": code, "happened_on": day.date(), "source_kind": "import", "source": "register"}
    return add_fact(FactSaid(person_id=person.id, kind=FactKind.COMPLETED, **said), by=person.id)


def test_giving_back_what_a_place_rests_on_is_told_with_the_deadline_and_the_dates_still_in_time(both, alice, chain):
    morning, afternoon, six, later = chain
    ask(alice, morning, six, afternoon)

    give_back(alice, morning)

    lost = booking_on(alice, six)
    assert lost.status == "confirmed"
    assert lost.lacks_basis_since is not None
    assert lost.release_at == london(2019, 1, 29, 9, 30)
    facts = message(alice, "basis_lost").facts
    assert facts["missing"] == ["Module 2"]
    assert [(way[0], way[1][:10], way[4]) for way in message(alice, "basis_lost").facts["ways"]] == [
        ("Module 2", "2019-01-21", False)
    ]
    assert later.places_taken == 0


def test_everything_that_one_act_takes_the_basis_from_is_one_mail(both, alice, manager, chain):
    morning, afternoon, six, _ = chain
    ask(alice, morning, afternoon, six)

    give_back(alice, morning)

    assert told(alice) == [("basis_lost", afternoon.id), ("basis_lost", six.id)]
    assert message(alice, "basis_lost").mail_id == message(alice, "cancelled").mail_id
    informed = db.session.scalars(select(OutboxMessage).filter_by(person_id=manager.id, kind="manager_informed"))
    assert [row.facts["happened"] for row in informed].count("basis_lost") == 2


def test_the_history_says_when_a_basis_was_lost_and_came_back(app, alice, chain):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)
    ask(alice, morning)

    rows = select(AuditEvent).filter_by(subject="booking", subject_id=booking_on(alice, afternoon).id)
    verbs = [row.verb for row in db.session.scalars(rows.order_by(AuditEvent.id))]
    assert verbs[-2:] == ["basis_lost", "basis_restored"]


def test_she_is_told_once_for_one_loss(app, alice, chain, make_session):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)

    ask(alice, make_session(starts_at=london(2019, 3, 1, 9)))
    with unit_of_work():
        look_again([alice.id])

    assert told(alice) == [("basis_lost", afternoon.id)]


def test_booking_it_again_heals(both, alice, chain):
    morning, afternoon, six, later = chain
    ask(alice, morning, afternoon, six)
    give_back(alice, morning)

    ask(alice, later)

    assert booking_on(alice, six).lacks_basis_since is None
    assert booking_on(alice, six).release_at is None
    assert booking_on(alice, afternoon).release_at == RELEASE  # the later date is not in time for it
    assert told(alice)[2:] == [("basis_restored", six.id)]


def test_a_place_that_comes_from_the_waiting_list_heals(both, alice, bob, chain, make_session):
    morning, afternoon, *_ = chain
    early = make_session(_module_of(morning), london(2019, 1, 14, 9), places=1)
    ask(bob, early)
    ask(alice, morning, afternoon)
    give_back(alice, morning)
    ask(alice, early)
    assert booking_on(alice, early).status == "waiting"
    assert booking_on(alice, afternoon).lacks_basis_since is not None  # to wait is not to have

    give_back(bob, early)

    assert booking_on(alice, afternoon).lacks_basis_since is None


def _module_of(session):
    return db.session.get(Module, session.module_id)


def test_a_basis_that_moves_later_is_lost_and_one_that_moves_back_is_there_again(both, alice, officer, chain):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)

    move_session(morning, officer, timedelta(days=7))
    assert booking_on(alice, afternoon).release_at == RELEASE

    move_session(morning, officer, timedelta(days=-7))
    assert booking_on(alice, afternoon).lacks_basis_since is None
    assert told(alice) == [("basis_lost", afternoon.id), ("basis_restored", afternoon.id)]


def test_the_deadline_moves_with_the_session_that_lacks_its_basis(app, alice, officer, chain):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)

    move_session(afternoon, officer, timedelta(days=1))

    assert booking_on(alice, afternoon).release_at == RELEASE + timedelta(days=1)
    assert message(alice, "basis_lost").facts["release_at"].startswith("2019-01-14")


def test_a_cancelled_session_takes_the_basis_from_what_rests_on_it(both, alice, officer, chain):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)

    cancel_session(morning.id, by=officer.id, reason="The trainer is ill")

    assert booking_on(alice, afternoon).release_at == RELEASE
    assert message(alice, "basis_lost").mail_id == message(alice, "session_cancelled").mail_id


def test_a_withdrawn_completion_takes_the_basis_from_what_rests_on_it(both, alice, officer, chain):
    _, afternoon, *_ = chain
    fact = completed(alice, "M2", london(2018, 12, 3))
    ask(alice, afternoon)

    withdraw_fact(fact, by=officer.id, reason="It was somebody else")

    assert booking_on(alice, afternoon).release_at == RELEASE


def test_a_basis_whose_session_is_over_counts_until_its_register_says_otherwise(app, alice, chain, clock_at):
    morning, _, six, later = chain
    afternoon_later = chain[1]
    ask(alice, morning, afternoon_later, six)
    clock_at(2019, 1, 16, 9)

    with unit_of_work():
        look_again([alice.id])

    assert told(alice) == []
    assert later.places_taken == 0


def test_nothing_is_taken_where_a_rule_was_set_aside(app, alice, officer, chain):
    _, afternoon, _, _ = chain
    book_places(alice.id, [afternoon.id], by=officer.id, override_reason="Did Module 2 in York")

    with unit_of_work():
        look_again([alice.id])

    assert booking_on(alice, afternoon).lacks_basis_since is None
    assert told(alice) == []


def test_a_position_on_a_waiting_list_never_lacks_a_basis(app, alice, bob, chain):
    morning, afternoon, *_ = chain
    db.session.execute(update(type(afternoon)).where(type(afternoon).id == afternoon.id).values(capacity=1))
    db.session.commit()
    completed(bob, "M2", london(2018, 12, 3))
    ask(bob, afternoon)
    ask(alice, morning, afternoon)

    give_back(alice, morning)

    assert booking_on(alice, afternoon).status == "waiting"
    assert booking_on(alice, afternoon).lacks_basis_since is None
    assert told(alice) == []


def test_at_the_deadline_the_place_goes_to_the_next_person(both, alice, bob, manager, chain, clock_at):
    morning, afternoon, *_ = chain
    db.session.execute(update(type(afternoon)).where(type(afternoon).id == afternoon.id).values(capacity=1))
    db.session.commit()
    ask(alice, morning, afternoon)
    completed(bob, "M2", london(2018, 12, 3))
    ask(bob, afternoon)
    give_back(alice, morning)
    clock_at(2019, 1, 13, 13, 29)
    assert release_due() == 0
    clock_at(2019, 1, 13, 13, 30)

    assert release_due() == 1

    ended = booking_on(alice, afternoon)
    assert (ended.status, ended.cancel_reason, ended.cancelled_late) == ("cancelled", "released", False)
    assert (ended.lacks_basis_since, ended.release_at) == (None, None)
    assert booking_on(bob, afternoon).status == "confirmed"
    assert told(alice)[-1] == ("released", afternoon.id)
    assert message(manager, "manager_informed").facts["happened"] in ("released", "promoted")
    assert release_due() == 0


def test_what_came_back_unseen_is_not_released(app, alice, chain, clock_at):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    with_basis = booking_on(alice, afternoon)
    with_basis.lacks_basis_since, with_basis.release_at = london(2019, 1, 3, 9), RELEASE
    db.session.commit()
    clock_at(2019, 1, 14, 9)

    assert release_due() == 0

    assert booking_on(alice, afternoon).status == "confirmed"
    assert booking_on(alice, afternoon).release_at is None


def test_what_rests_on_a_released_place_lacks_its_basis_next(app, alice, make_module, make_session, clock_at):
    one = make_session(make_module("A"), london(2019, 1, 15, 9))
    two = make_session(make_module("B", needs=Completed("A")), london(2019, 1, 16, 9))
    three = make_session(make_module("C", needs=Completed("B")), london(2019, 1, 30, 9))
    ask(alice, one, two, three)
    give_back(alice, one)
    assert booking_on(alice, three).lacks_basis_since is None
    clock_at(2019, 1, 14, 9)

    release_due()

    assert told(alice) == [("basis_lost", two.id), ("released", two.id), ("basis_lost", three.id)]


def test_when_it_is_too_late_nothing_is_released_and_everybody_concerned_is_told(
    both, alice, officer, make_person, chain, clock_at
):
    morning, afternoon, *_ = chain
    facilitator = make_person("Fay Facilitator")
    saved(SessionFacilitator(training_session_id=afternoon.id, person_id=facilitator.id))
    ask(alice, morning, afternoon)
    clock_at(2019, 1, 14, 9)

    give_back(alice, morning)

    lost = booking_on(alice, afternoon)
    assert lost.lacks_basis_since is not None
    assert lost.release_at is None
    assert told(alice) == [("basis_lost", afternoon.id)]
    assert message(alice, "basis_lost").facts["release_at"] is None
    assert told(officer) == told(facilitator) == [("basis_lost_late", afternoon.id)]
    assert message(officer, "basis_lost_late").facts["people"] == ["Alice Learner"]
    clock_at(2019, 1, 15, 13)
    assert release_due() == 0
    assert booking_on(alice, afternoon).status == "confirmed"


def test_a_deadline_that_nobody_kept_before_the_start_releases_nothing(app, alice, officer, chain, clock_at):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)
    clock_at(2019, 1, 15, 13, 30)

    assert release_due() == 0

    assert booking_on(alice, afternoon).status == "confirmed"
    assert booking_on(alice, afternoon).release_at is None
    assert told(officer) == [("basis_lost_late", afternoon.id)]


def test_an_officer_lets_her_keep_the_place_all_the_same(both, alice, officer, chain, clock_at):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)

    keep_all_the_same(booking_on(alice, afternoon).id, by=officer.id, reason="Did it in York")

    kept = booking_on(alice, afternoon)
    assert (kept.override_reason, kept.lacks_basis_since, kept.release_at) == ("Did it in York", None, None)
    assert message(alice, "basis_restored").facts["kept"]
    clock_at(2019, 1, 14, 9)
    assert release_due() == 0
    with pytest.raises(KeepingRefused):
        keep_all_the_same(kept.id, by=officer.id, reason="Again")


def test_keeping_needs_a_reason_and_a_place_that_lacks_something(app, alice, officer, chain):
    morning, afternoon, *_ = chain
    ask(alice, morning, afternoon)
    number = booking_on(alice, afternoon).id

    with pytest.raises(KeepingRefused):
        keep_all_the_same(number, by=officer.id, reason="No need")
    with pytest.raises(ValueError, match="reason"):
        keep_all_the_same(number, by=officer.id, reason="  ")
    with pytest.raises(LookupError):
        keep_all_the_same(number + 1000, by=officer.id, reason="Nobody")


def test_moving_what_lacks_its_basis_behind_the_new_basis_heals(app, alice, chain, make_session):
    morning, afternoon, _, later = chain
    ask(alice, morning, afternoon)
    give_back(alice, morning)
    ask(alice, later)
    other = make_session(_module_of(afternoon), london(2019, 1, 21, 13, 30))

    move_booking(booking_on(alice, afternoon).id, other.id, by=alice.id)

    settle_what_was_asked()
    assert booking_on(alice, other).status == "confirmed"
    assert booking_on(alice, other).lacks_basis_since is None
    assert booking_on(alice, afternoon).release_at is None


def test_moving_a_session_asks_as_often_for_many_people_as_for_five(both, make_person, manager, officer, chain):
    morning, afternoon, *_ = chain
    asked = []
    for crowd in (range(5), range(MANY)):
        for person in [make_person(manager=manager) for _ in crowd]:
            ask(person, morning, afternoon)
        db.session.rollback()
        with queries() as statements:
            move_session(morning, officer, timedelta(days=1))
        asked.append([each for each in statements if not each.startswith(("INSERT", "UPDATE"))])
        move_session(morning, officer, timedelta(days=-1))

    assert len(asked[1]) == len(asked[0]), "\n".join(asked[1])
