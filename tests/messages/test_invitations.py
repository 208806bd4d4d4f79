"""Invitations: whoever wants them finds in her own calendar exactly one true event for each session day.

Her calendar knows nothing but the mails that a real mail server took. Two programs read them, one of them
ical.js, which is what Thunderbird runs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from cpd.booking.rules import LIVE
from cpd.booking.service import BookingRefused, book_places, cancel_booking, move_booking
from cpd.desk.service import cancel_session
from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry
from cpd.messages.invitations import write_invitations
from cpd.shared.database import db
from cpd.timetable.editing import SessionRefused, change_session, wanted_of
from tests.cast import london
from tests.conftest import EVE_OF_TERM
from tests.messages.conftest import by_icalendar, calendars_in, let_leases_end, messages_of, send, words_in
from tests.pages import ICAL

from cpd.booking.models import Booking  # isort: skip
from cpd.timetable.models import SessionDay  # isort: skip

READ_BY_ICAL_JS = """
(text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const moment = (time) => new Date(time.toUnixTime() * 1000).toISOString();
  const [component] = calendar.getAllSubcomponents("vevent");
  const of = (name) => component.getFirstPropertyValue(name) ?? "";
  return [calendar.getFirstPropertyValue("method"), {
    uid: of("uid"), sequence: of("sequence"), title: of("summary"), location: of("location"),
    description: of("description"), url: of("url"), status: of("status"),
    starts_at: moment(of("dtstart")), ends_at: moment(of("dtend")),
  }];
}
"""


@dataclass
class OwnCalendar:
    """Somebody's calendar program: it takes what is newer, and forgets what it was told to take out."""

    events: dict[str, dict] = field(default_factory=dict)

    def take(self, method: str, event: dict) -> None:
        """Do what a message asks."""
        known = self.events.get(event["uid"])
        if known is not None and event["sequence"] < known["sequence"]:
            return
        if method == "REQUEST":
            self.events[event["uid"]] = event
        else:
            assert event["status"] == "CANCELLED"
            self.events.pop(event["uid"], None)


def invitations_to(person, mailbox) -> list:
    return [mail for mail in mailbox.to(person) if calendars_in(mail)]


def calendar_of(person, mailbox, read: Callable[[bytes], tuple[str, dict]] = by_icalendar) -> dict[str, dict]:
    """What her calendar shows after all mails so far, in the order in which they came."""
    calendar = OwnCalendar()
    for mail in invitations_to(person, mailbox):
        calendar.take(*read(calendars_in(mail)[0]))
    return calendar.events


def diary_of(person) -> dict[str, dict]:
    """What her calendar should show."""
    db.session.rollback()
    wanted = select(DiaryEntry).where(DiaryEntry.person_id == person.id, DiaryEntry.cancelled_at.is_(None))
    return {
        row.uid: {
            "uid": row.uid,
            "sequence": row.sequence,
            "title": row.title,
            "location": row.location,
            "description": row.description,
            "url": f"http://127.0.0.1:5000{row.path}",
            "status": "CONFIRMED",
            "starts_at": row.starts_at.astimezone(UTC),
            "ends_at": row.ends_at.astimezone(UTC),
        }
        for row in db.session.scalars(wanted.execution_options(populate_existing=True))
    }


def work() -> None:
    """Do what the worker does about invitations."""
    db.session.rollback()
    write_invitations()
    send()


def invite(person, *, wanted: bool = True) -> None:
    db.session.rollback()
    diary.choose_invitations(person.id, wanted=wanted)


def book(person, session) -> int:
    return book_places(person.id, [session.id], by=person.id)[0].booking_id


def shift(session, officer, **change) -> None:
    """Change every day of a session."""
    wanted = wanted_of(session.id)
    days = tuple(
        replace(day, starts_at=day.starts_at + timedelta(**change), ends_at=day.ends_at + timedelta(**change))
        for day in wanted.days
    )
    change_session(session.id, replace(wanted, days=days), by=officer.id)


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


@pytest.fixture
def by_ical_js(page) -> Callable[[bytes], tuple[str, dict]]:
    """Read a calendar message by ical.js, which takes the time zone from the message itself."""
    page.evaluate(ICAL.read_text())

    def read(calendar: bytes) -> tuple[str, dict]:
        method, event = page.evaluate(READ_BY_ICAL_JS, calendar.decode())
        return method, event | {name: datetime.fromisoformat(event[name]) for name in ("starts_at", "ends_at")}

    return read


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


OVER_BOTH_CLOCK_CHANGES = (
    (2019, 3, 29, 9, 30),
    (2019, 3, 31, 0, 30),
    (2019, 4, 1, 9, 30),
    (2019, 10, 26, 23, 30),
    (2019, 10, 27, 0, 30),
    (2019, 10, 28, 9, 30),
)
NUMBERS = count(1)
ALL = range(len(OVER_BOTH_CLOCK_CHANGES))
STEPS = [
    *[("work",)] * 12,
    *[("book", number) for number in ALL] * 3,
    *[("cancel", number) for number in ALL],
    *[("move", number) for number in ALL] * 2,
    *[("shift", number, minutes) for number in ALL for minutes in (-60, 30, 24 * 60)],
    *[("add a day", number) for number in ALL],
    *[("take a day out", number) for number in ALL],
    *[("end", number) for number in ALL[:3]],
    *[("choose", wanted) for wanted in (True, False, True, False)],
    *[("trouble", there_is) for there_is in (True, False, True, False)],
]


class AlreadyCancelled(Exception):  # noqa: N818 - an answer, not a failure
    """A session was cancelled before."""


def act(step, person, made, officer, mailbox, real_clock) -> None:
    """Do one thing; what the rules refuse is no part of the story."""
    what, *more = step
    db.session.rollback()
    live = dict(
        db.session.execute(
            select(Booking.training_session_id, Booking.id).where(
                Booking.person_id == person.id, Booking.status.in_(LIVE)
            )
        ).all()
    )
    session = made[more[0]] if what not in ("choose", "work", "trouble") else None
    if what == "book":
        book(person, session)
    elif what == "cancel" and session.id in live:
        cancel_booking(live[session.id], by=person.id)
    elif what == "move" and live and session.id not in live:
        move_booking(min(live.values()), session.id, by=person.id)
    elif what == "shift":
        shift(session, officer, minutes=more[1])
    elif what == "add a day":
        wanted = wanted_of(session.id)
        later = replace(
            wanted.days[-1],
            starts_at=wanted.days[-1].starts_at + timedelta(days=1),
            ends_at=wanted.days[-1].ends_at + timedelta(days=1),
        )
        change_session(session.id, replace(wanted, days=(*wanted.days, later)), by=officer.id)
    elif what == "take a day out" and len(wanted_of(session.id).days) > 1:
        wanted = wanted_of(session.id)
        change_session(session.id, replace(wanted, days=wanted.days[1:]), by=officer.id)
    elif what == "end":
        try:
            cancel_session(session.id, by=officer.id, reason="Snow")
        except ValueError as refused:
            raise AlreadyCancelled from refused
    elif what == "choose":
        invite(person, wanted=more[0])
    elif what == "work":
        work()
    elif what == "trouble":
        mailbox.answers = {person.email: "451 Later"} if more[0] else {}
        real_clock(minutes=2)


@settings(derandomize=True, deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(story=st.lists(st.sampled_from(STEPS), min_size=12, max_size=20))
def test_after_any_story_her_calendar_shows_her_diary(
    both, make_person, make_module, make_session, officer, mailbox, by_ical_js, real_clock, story
):
    both.extensions["frozen_clock"] = EVE_OF_TERM
    mailbox.answers = {}
    person = make_person(f"Person {next(NUMBERS)}")
    invite(person)
    wanted = [london(*parts) for parts in OVER_BOTH_CLOCK_CHANGES]
    made = [
        make_session(make_module(title=f"Module {number // 2}"), starts_at, hours=2)
        for number, starts_at in enumerate(wanted)
    ]
    for step in (("book", 0), ("book", 2), ("book", 4), ("work",), *story):
        with suppress(BookingRefused, SessionRefused, AlreadyCancelled):
            act(step, person, made, officer, mailbox, real_clock)
    mailbox.answers = {}
    for _ in range(3):
        real_clock(days=1)
        work()

    is_invited = diary.wants_invitations(person.id)
    shown = calendar_of(person, mailbox)
    assert shown == (diary_of(person) if is_invited else {})
    assert calendar_of(person, mailbox, by_ical_js) == shown
    told: dict[str, list[int]] = {}
    for mail in invitations_to(person, mailbox):
        _, event = by_icalendar(calendars_in(mail)[0])
        told.setdefault(event["uid"], []).append(event["sequence"])
    assert all(sequences == sorted(set(sequences)) for sequences in told.values()), "each change is told once"
