"""Marks, one after the other, closing on purpose and opening again for a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cpd.attendance.models import Mark
from cpd.attendance.registers import Keeper, marks_of
from cpd.attendance.rules import AttendanceStatus, Refusal
from cpd.attendance.service import (
    RegisterRefused,
    add_drop_in,
    close_register,
    mark,
    mark_everyone,
    reopen_register,
)
from cpd.booking.service import book_places
from cpd.shared.database import db
from tests.attendance.conftest import FIRST, completions, days_of
from tests.cast import london

ATTENDED, PART, ABSENT, EXCUSED, UNMARKED = AttendanceStatus


def in_force(day):
    """How people are marked on a day."""
    db.session.rollback()
    return {person_id: (str(each.status), each.minutes) for (_, person_id), each in marks_of([day]).items()}


def test_the_last_mark_counts_and_the_earlier_ones_stay(both, held, alice, fay, officer, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    mark([day], alice.id, ABSENT, by=Keeper(fay.id))
    clock_at(2019, 1, 15, 9, 50)
    mark([day], alice.id, ATTENDED, by=Keeper(officer.id, officer=True))

    assert in_force(day) == {alice.id: ("attended", None)}
    assert marks_of([day])[day, alice.id].by == "Olive Officer"
    assert marks_of([day])[day, alice.id].marked_at == london(2019, 1, 15, 9, 50)
    assert db.session.scalars(select(Mark.attendance_status).order_by(Mark.id)).all() == ["absent", "attended"]


def test_the_same_mark_twice_changes_nothing(app, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    for _ in range(2):
        mark([day], alice.id, PART, 90, by=keeper)

    assert len(db.session.scalars(select(Mark)).all()) == 1


def test_a_tap_that_comes_twice_does_not_undo_what_somebody_else_said_meanwhile(app, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    mark([day], alice.id, ATTENDED, by=keeper, tap="a")
    mark([day], alice.id, EXCUSED, by=keeper, tap="b")
    mark([day], alice.id, ATTENDED, by=keeper, tap="a")

    assert in_force(day) == {alice.id: ("excused", None)}


def test_a_mark_is_taken_back_and_made_again(app, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    mark([day], alice.id, ABSENT, by=keeper)
    mark([day], alice.id, UNMARKED, by=keeper)
    assert in_force(day) == {}
    mark([day], alice.id, ABSENT, by=keeper)
    assert in_force(day) == {alice.id: ("absent", None)}


def test_a_mark_cannot_be_changed_or_deleted_in_the_database(both, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    mark([day], alice.id, ABSENT, by=keeper)

    for statement in ("UPDATE mark SET attendance_status = 'attended'", "DELETE FROM mark"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


@pytest.mark.parametrize(
    ("at", "status", "minutes", "reason"),
    [
        ((2019, 1, 14, 23, 59), ATTENDED, None, Refusal.NOT_BEGUN),
        ((2019, 1, 15, 0, 0), ATTENDED, None, None),
        ((2019, 1, 15, 9, 35), PART, None, Refusal.MINUTES),
        ((2019, 1, 15, 9, 35), PART, 0, Refusal.MINUTES),
        ((2019, 1, 15, 9, 35), PART, 180, Refusal.MINUTES),
        ((2019, 1, 15, 9, 35), PART, 179, None),
    ],
    ids=["the day before", "as the day begins", "no minutes", "none", "the whole day", "nearly the whole day"],
)
def test_a_mark_is_taken_on_its_day_and_with_minutes_that_fit(
    app, held, alice, keeper, clock_at, at, status, minutes, reason
):
    [day] = days_of(held)
    clock_at(*at)
    if reason is None:
        mark([day], alice.id, status, minutes, by=keeper)
        assert in_force(day) == {alice.id: (str(status), minutes)}
        return
    with pytest.raises(RegisterRefused) as refused:
        mark([day], alice.id, status, minutes, by=keeper)
    assert refused.value.reasons == (reason,)
    assert in_force(day) == {}


def test_whoever_is_not_booked_is_not_marked_but_can_be_added(app, held, make_person, stranger, keeper, clock_at):
    [day] = days_of(held)
    wanda = make_person("Wanda Walkin")
    clock_at(2019, 1, 15, 9, 35)
    with pytest.raises(RegisterRefused) as refused:
        mark([day], wanda.id, ATTENDED, by=keeper)
    assert refused.value.reasons == (Refusal.NOT_ON_IT,)

    add_drop_in([day], wanda.id, by=keeper)
    assert in_force(day) == {wanda.id: ("attended", None)}
    mark([day], wanda.id, ABSENT, by=keeper)
    assert in_force(day) == {wanda.id: ("absent", None)}
    for nobody_of_ours in (stranger.id, 2**40):
        with pytest.raises(RegisterRefused) as refused:
            add_drop_in([day], nobody_of_ours, by=keeper)
        assert refused.value.reasons == (Refusal.MAY_NOT_COME,)


def test_everyone_attended_leaves_the_marks_that_are_there(app, held, alice, bob, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 35)
    mark([day], bob.id, EXCUSED, by=keeper)

    assert mark_everyone([day], by=keeper) == 1
    assert in_force(day) == {alice.id: ("attended", None), bob.id: ("excused", None)}
    assert mark_everyone([day], by=keeper) == 0


def test_morning_and_afternoon_are_marked_as_one(app, held, make_held, alice, bob, keeper, clock_at):
    afternoon = make_held("M3", starts_at=london(2019, 1, 15, 13, 30))
    book_places(alice.id, [afternoon.id], by=alice.id)
    [am], [pm] = days_of(held), days_of(afternoon)
    clock_at(2019, 1, 15, 9, 35)
    mark([am, pm], alice.id, ATTENDED, by=keeper)
    mark([am, pm], bob.id, ABSENT, by=keeper)

    assert in_force(am) == {alice.id: ("attended", None), bob.id: ("absent", None)}
    assert in_force(pm) == {alice.id: ("attended", None)}


def test_a_register_closes_when_everybody_has_a_mark_and_the_session_is_over(app, held, alice, bob, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 12, 29)
    mark_everyone([day], by=keeper)
    with pytest.raises(RegisterRefused) as refused:
        close_register(day, by=keeper)
    assert refused.value.reasons == (Refusal.STILL_ON,)
    assert completions() == []

    clock_at(2019, 1, 15, 12, 30)
    close_register(day, by=keeper)
    assert completions() == [(person.id, "M2", "2019-01-15", "register of 15 January 2019") for person in (alice, bob)]
    for act in (lambda: mark([day], alice.id, ABSENT, by=keeper), lambda: close_register(day, by=keeper)):
        with pytest.raises(RegisterRefused) as refused:
            act()
        assert refused.value.reasons == (Refusal.CLOSED,)


def test_a_register_with_somebody_unmarked_asks_before_it_closes(app, held, alice, bob, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    mark([day], bob.id, ATTENDED, by=keeper)
    with pytest.raises(RegisterRefused) as refused:
        close_register(day, by=keeper)
    assert (refused.value.reasons, refused.value.names) == ((Refusal.UNMARKED,), ["Alice Learner"])

    close_register(day, by=keeper, absent_rest=True)
    assert in_force(day) == {alice.id: ("absent", None), bob.id: ("attended", None)}


def test_a_register_opens_again_only_for_a_reason(app, held, alice, bob, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    with pytest.raises(RegisterRefused) as refused:
        reopen_register(day, by=keeper, reason="Just so")
    assert refused.value.reasons == (Refusal.NOT_CLOSED,)
    mark_everyone([day], by=keeper)
    close_register(day, by=keeper)
    with pytest.raises(RegisterRefused) as refused:
        reopen_register(day, by=keeper, reason=" ")
    assert refused.value.reasons == (Refusal.NO_REASON,)

    reopen_register(day, by=keeper, reason="Bob left at ten")
    assert len(completions()) == 2  # it stands until the register is closed again
    mark([day], bob.id, PART, 30, by=keeper)
    close_register(day, by=keeper)
    assert [person_id for person_id, *_ in completions()] == [alice.id]


def test_a_draft_has_no_register(app, make_held, alice, keeper, clock_at):
    training_session = make_held(status="draft")
    [day] = days_of(training_session)
    clock_at(2019, 1, 15, 12, 40)
    with pytest.raises(RegisterRefused) as refused:
        add_drop_in([day], alice.id, by=keeper)
    assert refused.value.reasons == (Refusal.NOT_HELD,)


def test_a_day_that_is_not_there_is_not_found(app, keeper, alice):
    for day in (0, 999, 2**40):
        with pytest.raises(LookupError):
            mark([day], alice.id, ATTENDED, by=keeper)
    assert FIRST.year == 2019
