"""Whoever must close a register is asked once: the facilitator on the next working day, the desk on the day after."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select

from cpd.attendance.chasing import chase_open_registers
from cpd.attendance.rules import chased_at, working_day_after
from cpd.attendance.service import close_register, mark_everyone, reopen_register
from cpd.messages.words import words_of
from cpd.people.models import Person
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import SessionFacilitator
from tests.attendance.conftest import days_of
from tests.cast import london


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        (date(2019, 1, 15), 1, date(2019, 1, 16)),
        (date(2019, 1, 18), 1, date(2019, 1, 21)),
        (date(2019, 1, 18), 2, date(2019, 1, 22)),
        (date(2019, 4, 18), 1, date(2019, 4, 23)),
    ],
    ids=["tomorrow", "after the weekend", "and a day", "after Easter"],
)
def test_working_days_leave_out_weekends_and_holidays(on, count, expected):
    assert working_day_after(on, count, {date(2019, 4, 19), date(2019, 4, 22)}) == expected


def test_a_register_is_chased_at_nine_in_the_morning():
    assert chased_at(london(2019, 1, 15, 13, 30), 1) == london(2019, 1, 16, 9)


def asked():
    """Who was asked about registers, and how."""
    db.session.rollback()
    wanted = select(Person.name, OutboxMessage.kind).join(Person, Person.id == OutboxMessage.person_id)
    wanted = wanted.where(OutboxMessage.kind.in_(["register_open", "register_still_open"]))
    return [tuple(row) for row in db.session.execute(wanted.order_by(OutboxMessage.id))]


def test_the_facilitator_is_asked_first_and_then_the_desk_each_once(both, held, officer, clock_at):
    for moment in ((2019, 1, 15, 18, 0), (2019, 1, 16, 8, 59)):
        clock_at(*moment)
        assert chase_open_registers() == 0
    clock_at(2019, 1, 16, 9, 0)
    assert [chase_open_registers() for _ in range(2)] == [1, 0]
    assert asked() == [("Fay Facilitator", "register_open")]
    clock_at(2019, 1, 17, 9, 0)
    assert [chase_open_registers() for _ in range(2)] == [1, 0]
    assert asked()[1:] == [("Olive Officer", "register_still_open")]


def test_without_a_facilitator_who_has_an_account_the_desk_is_asked_at_once(app, held, officer, clock_at):
    db.session.execute(delete(SessionFacilitator))
    db.session.commit()
    clock_at(2019, 1, 16, 9, 0)
    assert chase_open_registers() == 1
    assert asked() == [("Olive Officer", "register_open")]
    clock_at(2019, 1, 17, 9, 0)
    assert chase_open_registers() == 0


def test_nobody_is_asked_about_a_register_that_is_closed_until_it_is_opened_again(app, held, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    mark_everyone([day], by=keeper)
    close_register(day, by=keeper)
    clock_at(2019, 1, 16, 10, 0)
    assert chase_open_registers() == 0
    reopen_register(day, by=keeper, reason="A name was wrong")
    assert chase_open_registers() == 0
    clock_at(2019, 1, 17, 9, 0)
    assert chase_open_registers() == 1


def test_nobody_is_asked_about_a_session_to_which_nobody_was_to_come_nor_about_an_old_one(
    app, held, make_held, clock_at
):
    make_held("M9")
    clock_at(2019, 1, 29, 12, 31)
    assert chase_open_registers() == 0
    clock_at(2019, 1, 29, 12, 29)
    assert chase_open_registers() == 1


def test_the_message_leads_to_the_register(app, held, officer, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 17, 9, 0)
    chase_open_registers()
    messages = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind.startswith("register")))
    for each in messages.all():
        words = words_of(each.kind, each.facts, name="Fay", link_shown=True)
        assert "Tuesday 15 January 2019" in words.subject
        assert f"/sessions/{held.id}/register?day={day}" in words.body
