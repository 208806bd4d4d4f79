"""Invitations: whoever wants them finds in her own calendar exactly one true event for each session day.

Her calendar knows nothing but the mails that a real mail server took. Two programs read them, one of them
ical.js, which is what Thunderbird runs.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from icalendar import Calendar

from cpd.booking.service import cancel_booking
from cpd.messages.invitations import write_invitations
from cpd.shared.database import db
from cpd.timetable.editing import change_session, wanted_of
from cpd.timetable.models import SessionDay
from tests.cast import london
from tests.messages.calendars import book, calendar_of, diary_of, invitations_to, invite, shift, work
from tests.messages.conftest import by_icalendar, calendars_in, let_leases_end, messages_of, send, words_in


@pytest.fixture
def module(app_in_use, make_module):
    return make_module(
        "M6", title="Module 6; “simulation”, in practice", what_to_bring="A pen, and paper;\nnothing else"
    )


@pytest.fixture
def session(module, make_session):
    """A session on two days, one before and one after the clocks change."""
    session = make_session(module, london(2019, 3, 29, 9, 30))
    session.days.append(SessionDay(starts_at=london(2019, 4, 1, 9, 30), ends_at=london(2019, 4, 1, 12, 30)))
    session.ends_at = london(2019, 4, 1, 12, 30)
    db.session.commit()
    return session


def test_an_invitation_has_the_form_that_calendar_programs_expect(app, alice, session, mailbox):
    invite(alice)
    book(alice, session)
    work()
    first, second = invitations_to(alice, mailbox)

    assert [part.get_content_type() for part in first.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    (shown,) = [part for part in first.walk() if part.get_content_type() == "text/calendar"]
    assert (shown.get_param("method"), shown.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendars_in(first)[0] == calendars_in(first)[1]
    assert first["Message-ID"] != second["Message-ID"]
    assert words_in(first).startswith("Hello Alice Learner,\n\nThis puts it into your calendar")
    assert first["Subject"] == "Invitation: Module 6; “simulation”, in practice (day 1 of 2), Friday 29 March"


def test_a_calendar_message_says_who_invites_whom_and_when_it_was_written(app, alice, session, mailbox, clock_at):
    book(alice, session)
    clock_at(2019, 1, 3, 10, 0)
    invite(alice)
    clock_at(2019, 1, 4, 11, 0)
    work()
    calendar = Calendar.from_ical(calendars_in(invitations_to(alice, mailbox)[0])[0])
    (event,) = calendar.walk("VEVENT")

    assert calendar["METHOD"] == "REQUEST"
    assert str(event["ORGANIZER"]) == "mailto:no-reply@127.0.0.1"
    assert str(event["ATTENDEE"]) == f"mailto:{alice.email}"
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Alice Learner",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }
    assert [event[name].dt for name in ("CREATED", "LAST-MODIFIED", "DTSTAMP")] == [
        london(2019, 1, 2, 9, 0),
        london(2019, 1, 3, 10, 0),
        london(2019, 1, 4, 11, 0),
    ]
    assert calendars_in(invitations_to(alice, mailbox)[0])[0].count(b"\r\n ") > 0  # long lines are folded


def test_names_with_quotation_marks_and_line_breaks_stay_names(app, make_person, session, mailbox, by_ical_js):
    eve = make_person('Eve "The Eve"\r\nATTENDEE:mailto:all@demo.example;')
    invite(eve)
    book(eve, session)
    work()
    calendar = calendars_in(invitations_to(eve, mailbox)[0])[0]

    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert str(event["ATTENDEE"]) == f"mailto:{eve.email}"
    assert by_ical_js(calendar) == by_icalendar(calendar)


def test_she_gets_none_unless_she_wants_them(app, alice, bob, session, mailbox):
    book(alice, session)
    invite(bob)
    work()

    assert invitations_to(alice, mailbox) == []


def test_what_she_booked_before_is_sent_once_she_wants_invitations(both, alice, session, mailbox):
    book(alice, session)
    work()
    invite(alice)
    work()

    assert len(invitations_to(alice, mailbox)) == 2
    assert calendar_of(alice, mailbox) == diary_of(alice)


def test_when_she_wants_no_more_they_leave_her_calendar_and_come_back_when_she_does(both, alice, session, mailbox):
    invite(alice)
    book(alice, session)
    work()
    invite(alice, wanted=False)
    work()
    assert calendar_of(alice, mailbox) == {}
    invite(alice)
    work()

    assert calendar_of(alice, mailbox) == diary_of(alice)
    assert len(diary_of(alice)) == 2


def test_to_choose_what_is_chosen_already_changes_nothing(app, alice, session, mailbox):
    invite(alice)
    book(alice, session)
    work()
    invite(alice)
    work()

    assert len(invitations_to(alice, mailbox)) == 2


def test_a_changed_day_is_moved_and_the_other_one_left_in_peace(both, alice, session, officer, mailbox):
    invite(alice)
    book(alice, session)
    work()
    wanted = wanted_of(session.id)
    moved = replace(wanted.days[0], starts_at=london(2019, 3, 28, 13, 30), ends_at=london(2019, 3, 28, 16, 30))
    change_session(session.id, replace(wanted, days=(moved, wanted.days[1])), by=officer.id)
    work()

    assert len(invitations_to(alice, mailbox)) == 3
    assert calendar_of(alice, mailbox) == diary_of(alice)


def test_a_day_taken_out_leaves_her_calendar(both, alice, session, officer, mailbox):
    invite(alice)
    book(alice, session)
    work()
    wanted = wanted_of(session.id)
    change_session(session.id, replace(wanted, days=wanted.days[:1]), by=officer.id)
    work()

    assert by_icalendar(calendars_in(mailbox.to(alice)[-1])[0])[0] == "CANCEL"
    assert calendar_of(alice, mailbox) == diary_of(alice)
    assert len(diary_of(alice)) == 1


def test_nothing_is_sent_about_a_place_that_came_and_went_between_two_rounds(app, alice, session, mailbox):
    invite(alice)
    cancel_booking(book(alice, session), by=alice.id)
    work()

    assert invitations_to(alice, mailbox) == []


def test_a_change_that_comes_while_the_server_is_away_overtakes_the_earlier_one(
    both, alice, session, officer, mailbox, real_clock
):
    invite(alice)
    book(alice, session)
    mailbox.answers[alice.email] = "451 Later"
    work()
    mailbox.answers.clear()
    shift(session, officer, hours=2)
    work()

    assert len(invitations_to(alice, mailbox)) == 2
    real_clock(hours=1)
    work()
    assert len(invitations_to(alice, mailbox)) == 2
    assert calendar_of(alice, mailbox) == diary_of(alice)
    overtaken = [each for each in messages_of(alice) if each.last_error]
    assert {each.last_error for each in overtaken} == {"A later change of the same session day overtook it"}


def test_what_failed_and_was_overtaken_is_on_no_list_any_more(app, alice, session, mailbox):
    from cpd.messages.service import failed_count

    invite(alice)
    booking_id = book(alice, session)
    mailbox.answers[alice.email] = "550 Never"
    work()
    assert failed_count(alice.organisation_id) > 0
    mailbox.answers.clear()
    cancel_booking(booking_id, by=alice.id)
    work()

    db.session.rollback()
    assert [each.kind for each in messages_of(alice) if each.failed_at and not each.done_at] == ["booked"]
    assert calendar_of(alice, mailbox) == {}


def test_a_change_never_arrives_before_what_another_worker_is_sending(both, alice, session, officer, mailbox):
    """The first worker hangs in the middle of an invitation while the session changes and a second one works."""
    seen = []

    def change_meanwhile(mail) -> None:
        if calendars_in(mail) and not seen:
            seen.append(mail)
            with both.app_context():
                shift(session, officer_, hours=1)
                work()
                seen.append(len(invitations_to(alice_, mailbox)))

    invite(alice)
    book(alice, session)
    alice_, officer_ = alice, officer
    for person in (alice, officer):
        db.session.refresh(person)
        db.session.expunge(person)
    mailbox.on_taken = change_meanwhile
    db.session.rollback()
    write_invitations()
    send()

    assert seen[1] == 1, "nothing came in between"
    let_leases_end()
    work()
    assert calendar_of(alice, mailbox) == diary_of(alice)


def test_looking_for_what_is_to_be_told_is_one_query_and_changes_nothing(app, alice, bob, session, mailbox, queries):
    for person in (alice, bob):
        invite(person)
        book(person, session)
    work()
    db.session.rollback()
    with queries() as sent:
        assert write_invitations() == 0

    assert len(sent) == 1
