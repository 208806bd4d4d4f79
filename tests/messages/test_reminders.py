"""Whoever has a place is reminded of it once, some working days before."""

from __future__ import annotations

import pytest

from cpd.booking.service import book_places, cancel_booking
from cpd.catalogue.models import OrganisationSetting
from cpd.messages.reminders import write_reminders
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from cpd.timetable import service as timetable
from tests.cast import london, saved
from tests.messages.conftest import messages_of, send, words_in
from tests.people.conftest import counted_queries


@pytest.fixture
def session(app_in_use, make_module, make_session):
    """A session on Tuesday: two working days before is the Friday."""
    return make_session(make_module("M2", title="Module 2"), london(2019, 1, 15, 9, 30), places=2)


def book(person, *sessions) -> list[int]:
    return [each.booking_id for each in book_places(person.id, [each.id for each in sessions], by=person.id)]


def reminders_of(person) -> list:
    return [message for message in messages_of(person) if message.kind == "reminder"]


def remind() -> int:
    db.session.rollback()
    return write_reminders()


def test_she_is_reminded_from_nine_on_the_second_working_day_before(both, alice, session, clock_at):
    book(alice, session)
    clock_at(2019, 1, 11, 8, 59)
    assert remind() == 0
    clock_at(2019, 1, 11, 9, 0)

    assert remind() == 1
    assert reminders_of(alice)[0].facts["days"] == [["2019-01-15T09:30:00+00:00", "2019-01-15T12:30:00+00:00", ""]]


def test_she_is_reminded_once(both, alice, session, clock_at):
    book(alice, session)
    for day in (11, 12, 14):
        clock_at(2019, 1, day, 12, 0)
        remind()

    assert len(reminders_of(alice)) == 1


def test_once_it_has_begun_nobody_is_reminded(both, alice, session, clock_at):
    book(alice, session)
    clock_at(2019, 1, 15, 9, 30)

    assert remind() == 0


def test_two_sessions_of_one_day_are_one_mail(both, alice, session, make_module, make_session, mailbox, clock_at):
    afternoon = make_session(make_module("M3", title="Module 3"), london(2019, 1, 15, 13, 30))
    book(alice, session, afternoon)
    send()
    clock_at(2019, 1, 11, 9, 0)

    assert remind() == 2
    assert send().mails == 1
    mail = mailbox.to(alice)[-1]
    assert mail["Subject"] == "Reminder: Module 2, Tuesday 15 January, and 1 more"
    assert words_in(mail).count("/cancel/") == 2


def test_only_those_who_have_a_place_are_reminded(both, alice, bob, manager, make_person, session, clock_at):
    third = make_person("Third")
    booking_id, *_ = book(alice, session)
    for person in (bob, third):
        book(person, session)
    cancel_booking(booking_id, by=alice.id)
    fourth = make_person("Fourth")
    book(fourth, session)
    clock_at(2019, 1, 11, 9, 0)

    assert remind() == 2
    assert [len(reminders_of(each)) for each in (alice, bob, third, fourth, manager)] == [0, 1, 1, 0, 0]


def test_whoever_books_later_than_that_has_just_been_told(both, alice, bob, session, clock_at):
    book(alice, session)
    clock_at(2019, 1, 11, 9, 0)
    book(bob, session)

    assert remind() == 1
    assert reminders_of(bob) == []


def test_when_the_days_change_she_is_reminded_of_the_new_ones(both, alice, session, clock_at):
    book(alice, session)
    clock_at(2019, 1, 11, 9, 0)
    remind()
    with unit_of_work():
        locked = timetable.lock_sessions([session.id])[session.id]
        day = locked.days[0]
        day.starts_at = locked.starts_at = london(2019, 1, 16, 9, 30)
        day.ends_at = locked.ends_at = london(2019, 1, 16, 12, 30)
        timetable.note_change(locked, "changed", by=None)
    assert remind() == 0
    clock_at(2019, 1, 14, 9, 0)

    assert remind() == 1
    assert [each.facts["days"][0][0] for each in reminders_of(alice)] == [
        "2019-01-15T09:30:00+00:00",
        "2019-01-16T09:30:00+00:00",
    ]


def test_nobody_is_reminded_of_what_will_not_take_place(both, alice, session, officer, clock_at):
    from cpd.desk.service import cancel_session

    book(alice, session)
    cancel_session(session.id, by=officer.id, reason="Snow")
    clock_at(2019, 1, 11, 9, 0)

    assert remind() == 0


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (1, 0), (5, 1)])
def test_an_organisation_sets_how_early(both, alice, session, organisation, clock_at, days, expected):
    saved(OrganisationSetting(organisation_id=organisation.id, name="reminder_working_days", value=days))
    book(alice, session)
    clock_at(2019, 1, 11, 12, 0)

    assert remind() == expected


def test_an_easter_lies_between(app, alice, make_session, clock_at):
    book(alice, make_session(starts_at=london(2019, 4, 23, 9, 30)))
    clock_at(2019, 4, 17, 8, 59)
    assert remind() == 0
    clock_at(2019, 4, 17, 9, 0)

    assert remind() == 1


def test_looking_takes_a_fixed_number_of_queries_however_many_have_a_place(app, make_person, make_session, clock_at):
    for _ in range(3):
        session = make_session(starts_at=london(2019, 1, 15, 9, 30))
        book(make_person(), session)
    clock_at(2019, 1, 11, 9, 0)
    remind()
    db.session.remove()
    with counted_queries() as sent:
        assert write_reminders() == 0

    assert len(sent) <= 6
