"""What closed registers come to: completions, conditions that fail or hold, and who is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.attendance.rules import AttendanceStatus, DayMark, Outcome, outcome_of
from cpd.attendance.service import add_drop_in, close_register, mark, mark_everyone, reopen_register
from cpd.booking.facts import standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.messages.words import words_of
from cpd.record.service import records_of
from cpd.requirements.language import Completed
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.attendance.conftest import completions, days_of
from tests.cast import london

ATTENDED, PART, ABSENT, EXCUSED, UNMARKED = AttendanceStatus
DAY = 420


def day(status=None, minutes=None, *, closed=True):
    return DayMark(DAY, closed, status, minutes)


@pytest.mark.parametrize(
    ("days", "needed", "expected"),
    [
        ([day(ATTENDED), day(ATTENDED)], None, Outcome.COMPLETED),
        ([day(ATTENDED), day(ABSENT)], None, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day(EXCUSED)], None, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day(PART, DAY - 1)], None, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day()], None, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day(ATTENDED, closed=False)], None, Outcome.OPEN),
        ([day(ABSENT), day(closed=False)], None, Outcome.NOT_COMPLETED),
        ([day(ABSENT, closed=False), day(closed=False)], None, Outcome.OPEN),
        ([day(ATTENDED), day(PART, 180)], 600, Outcome.COMPLETED),
        ([day(ATTENDED), day(PART, 179)], 600, Outcome.NOT_COMPLETED),
        ([day(ABSENT), day(closed=False)], 400, Outcome.OPEN),
        ([day(ABSENT), day(closed=False)], 421, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day(ATTENDED)], 9999, Outcome.COMPLETED),
        ([], None, Outcome.OPEN),
    ],
    ids=[
        "every day (AMB-27)",
        "one of two days is not complete",
        "to be excused is not to attend",
        "leaving early is not to attend",
        "no mark in a closed register",
        "a register that is open says nothing yet",
        "the second day can no longer make up for the first",
        "a mark in an open register fails nothing",
        "so many minutes as the module asks",
        "one minute fewer",
        "minutes that can still be made up",
        "minutes that cannot",
        "never more than the session has",
        "no days",
    ],
)
def test_registers_come_to_this(days, needed, expected):
    assert outcome_of(days, needed) is expected


def told(person, kind=None):
    """What somebody was told of registers: kind and facts."""
    db.session.rollback()
    kinds = [kind] if kind else ["not_complete", "complete_after_all"]
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id, OutboxMessage.kind.in_(kinds))
    return [(each.kind, each.facts) for each in db.session.scalars(wanted.order_by(OutboxMessage.id))]


def attended(person, training_session):
    db.session.rollback()
    wanted = select(Booking.attended).where(
        Booking.person_id == person.id, Booking.training_session_id == training_session.id
    )
    return db.session.scalar(wanted)


@pytest.fixture
def two_days(make_held, alice, bob):
    """Module 6 on 15 and 16 January, with Alice and Bob on it."""
    training_session = make_held("M6", days=2)
    for person in (alice, bob):
        book_places(person.id, [training_session.id], by=person.id)
    return training_session


def test_one_of_two_days_is_not_complete_and_she_is_told_with_the_ways_on(both, two_days, alice, bob, keeper, clock_at):
    first, second = days_of(two_days)
    clock_at(2019, 1, 15, 12, 40)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    assert (completions(), attended(alice, two_days)) == ([], None)
    clock_at(2019, 1, 16, 12, 40)
    mark([second], alice.id, EXCUSED, by=keeper)
    mark([second], bob.id, ATTENDED, by=keeper)
    close_register(second, by=keeper)

    assert completions() == [(bob.id, "M6", "2019-01-16", "registers of 15 January 2019 and 16 January 2019")]
    assert (attended(alice, two_days), attended(bob, two_days)) == (False, True)
    assert told(bob) == []
    [(kind, facts)] = told(alice)
    words = words_of(kind, facts, name="Alice Learner", link_shown=True)
    assert words.subject == "Module M6 is not complete yet"
    assert "You attended 1 of 2 days of Module M6." in words.body
    assert "Attended: Tuesday 15 January" in words.body
    assert "Missed: Wednesday 16 January" in words.body
    assert "/modules/M6" in words.body


def test_the_registers_of_two_days_may_close_in_any_order(app, two_days, alice, bob, keeper, clock_at):
    first, second = days_of(two_days)
    clock_at(2019, 1, 16, 12, 40)
    mark_everyone([first, second], by=keeper)
    close_register(second, by=keeper)
    assert completions() == []
    close_register(first, by=keeper)
    assert [person_id for person_id, *_ in completions()] == [alice.id, bob.id]


def test_missing_the_first_day_is_known_before_the_second(app, two_days, alice, bob, keeper, clock_at):
    first, _ = days_of(two_days)
    clock_at(2019, 1, 15, 12, 40)
    mark([first], bob.id, ATTENDED, by=keeper)
    close_register(first, by=keeper, absent_rest=True)

    assert (attended(alice, two_days), attended(bob, two_days)) == (False, None)
    assert [kind for kind, _ in told(alice)] == ["not_complete"]


def test_a_fact_says_when_it_was_completed_and_by_which_register(app, held, alice, keeper, clock_at):
    [first] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)

    [fact] = records_of([alice.id], clock.today())[alice.id].facts
    assert (fact.kind, fact.subject, fact.happened_at) == (FactKind.COMPLETED, "M2", london(2019, 1, 15, 12, 30))


def test_whoever_just_comes_to_a_drop_in_has_completed_it(app, make_held, make_module, make_person, keeper, clock_at):
    session = make_held(module=make_module("M1", booking_mode="drop_in"), places=None)
    wanda = make_person("Wanda Walkin")
    [first] = days_of(session)
    clock_at(2019, 1, 15, 12, 40)
    add_drop_in([first], wanda.id, by=keeper)
    close_register(first, by=keeper)

    assert [row[:2] for row in completions()] == [(wanda.id, "M1")]


def test_a_drop_in_in_the_diary_that_is_missed_is_held_against_nobody(
    app, make_held, make_module, alice, keeper, clock_at
):
    session = make_held(module=make_module("M1", booking_mode="drop_in"), places=None)
    book_places(alice.id, [session.id], by=alice.id)
    [first] = days_of(session)
    clock_at(2019, 1, 15, 12, 40)
    close_register(first, by=keeper, absent_rest=True)

    assert attended(alice, session) is False
    assert told(alice) == []


@pytest.fixture
def afternoon(make_held, make_module, held, alice, bob):
    """Module 3 in the afternoon needs Module 2, which Alice and Bob have booked for the morning."""
    module = make_module("M3", needs=Completed("M2"))
    session = make_held(module=module, starts_at=london(2019, 1, 29, 13, 30))
    for person in (alice, bob):
        book_places(person.id, [session.id], by=person.id)
    return session


def standing(person, training_session):
    """How somebody stands to a session's prerequisites now."""
    db.session.rollback()
    terms = terms_for([person.organisation_id])
    module = terms.modules[training_session.module_id]
    on = standpoints_of([person.id], terms)[person.id]
    return str(on.standing(module, training_session.starts_at, clock.today()).state)


def lacks_basis(person, training_session):
    wanted = select(Booking.lacks_basis_since).where(
        Booking.person_id == person.id, Booking.training_session_id == training_session.id
    )
    return db.session.scalar(wanted) is not None


def test_a_mark_fails_nothing_and_a_closed_register_fails_what_rests_on_it(
    both, held, afternoon, alice, bob, keeper, clock_at
):
    [first] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    mark([first], bob.id, ATTENDED, by=keeper)
    mark([first], alice.id, ABSENT, by=keeper)
    assert (standing(alice, afternoon), standing(bob, afternoon)) == ("in_hand", "in_hand")
    close_register(first, by=keeper)

    assert (standing(alice, afternoon), standing(bob, afternoon)) == ("outstanding", "met")
    assert (lacks_basis(alice, afternoon), lacks_basis(bob, afternoon)) == (True, False)
    reopen_register(first, by=keeper, reason="Alice was there after all")
    mark([first], alice.id, ATTENDED, by=keeper)
    close_register(first, by=keeper)
    assert standing(alice, afternoon) == "met"
    assert not lacks_basis(alice, afternoon)
    assert [kind for kind, _ in told(alice)] == ["not_complete", "complete_after_all"]


def test_a_completion_that_was_wrong_is_withdrawn_and_what_rests_on_it_fails(
    app, held, afternoon, alice, bob, keeper, clock_at
):
    [first] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    reopen_register(first, by=keeper, reason="Bob was at court")
    mark([first], bob.id, EXCUSED, by=keeper)
    assert (standing(bob, afternoon), told(bob)) == ("met", [])
    close_register(first, by=keeper)

    assert [row[0] for row in completions()] == [alice.id]
    assert standing(bob, afternoon) == "outstanding"
    assert lacks_basis(bob, afternoon)
    [(kind, facts)] = told(bob)
    assert "The register was corrected: Bob was at court" in words_of(kind, facts, name="Bob", link_shown=True).body


def test_whoever_missed_it_can_book_another_date_at_once(app, two_days, make_held, alice, bob, keeper, clock_at):
    from cpd.catalogue.models import Module

    first, _ = days_of(two_days)
    again = make_held(module=db.session.get_one(Module, two_days.module_id), starts_at=london(2019, 2, 6, 9, 30))
    clock_at(2019, 1, 15, 18, 0)
    mark([first], bob.id, ATTENDED, by=keeper)
    close_register(first, by=keeper, absent_rest=True)

    [booked] = book_places(alice.id, [again.id], by=alice.id)
    assert str(booked.status) == "confirmed"


def test_a_module_may_ask_for_minutes_instead_of_every_day(app, make_held, make_module, alice, keeper, clock_at):
    session = make_held(module=make_module("LONG", completion_minutes=150))
    book_places(alice.id, [session.id], by=alice.id)
    [first] = days_of(session)
    clock_at(2019, 1, 15, 12, 40)
    mark([first], alice.id, PART, 150, by=keeper)
    close_register(first, by=keeper)

    assert [row[:2] for row in completions()] == [(alice.id, "LONG")]
