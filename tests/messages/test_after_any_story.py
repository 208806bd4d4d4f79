"""Whatever happens to bookings and sessions: after the worker's round, calendars show what the database says.

Two people's calendars know nothing but the mails that a real mail server took. Two programs read them, one of them
ical.js, which is what Thunderbird runs. The sessions lie on both sides of both changes of the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cpd.booking.capacity import change_capacity
from cpd.booking.models import Booking
from cpd.booking.rules import LIVE, Status
from cpd.booking.service import BookingRefused, cancel_booking, move_booking
from cpd.desk.service import cancel_session
from cpd.diary import service as diary
from cpd.shared.database import db
from cpd.timetable.editing import SessionRefused, change_session, wanted_of
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue
from tests.cast import london, saved
from tests.conftest import EVE_OF_TERM
from tests.databases import stricter_first
from tests.messages.calendars import OwnCalendar, book, diary_of, invitations_to, invite, shift, work
from tests.messages.conftest import by_icalendar, calendars_in, messages_of

OVER_BOTH_CLOCK_CHANGES = (
    (2019, 3, 29, 9, 30),
    (2019, 3, 31, 0, 30),
    (2019, 4, 1, 9, 30),
    (2019, 10, 26, 23, 30),
    (2019, 10, 27, 0, 30),
    (2019, 10, 28, 9, 30),
)
"""When the sessions start, each two hours long; two and two are of one module, and the second of each has one place."""

NUMBERS = count(1)
ALL = range(len(OVER_BOTH_CLOCK_CHANGES))
WHO = (0, 1)
STEPS = [
    *[("work",)] * 16,
    *[("book", who, number) for number in ALL for who in WHO] * 2,
    *[("cancel", who, number) for number in ALL for who in WHO],
    *[("move", who, number) for number in ALL for who in WHO],
    *[("places", number, places) for number in ALL for places in (0, 1, 2)],
    *[("shift", number, minutes) for number in ALL for minutes in (-60, 30, 24 * 60)],
    *[("change the room", number) for number in ALL],
    *[("add a day", number) for number in ALL],
    *[("take a day out", number) for number in ALL],
    *[("end", number) for number in ALL[:3]],
    *[("choose", who, wanted) for who in WHO for wanted in (True, False, True)],
    *[("trouble", there_is) for there_is in (True, False, True, False)],
]
PROMOTED = [("book", 0, 1), ("book", 1, 1), ("work",), ("cancel", 0, 1), ("work",)]
SENT_BACK = [("book", 0, 3), ("work",), ("places", 3, 0), ("work",), ("places", 3, 1), ("work",)]
MOVED = [("book", 0, 4), ("work",), ("move", 0, 5), ("work",), ("shift", 5, -60), ("change the room", 5), ("work",)]
CHANGED = [
    *(("book", 0, 4), ("add a day", 4), ("work",), ("shift", 4, 24 * 60), ("work",), ("shift", 4, -60), ("work",)),
    *(("take a day out", 4), ("change the room", 4), ("work",)),
]
ENDED = [("book", 0, 1), ("book", 1, 1), ("add a day", 1), ("work",), ("end", 1), ("work",)]
LATE = [
    *(("book", 0, 0), ("trouble", True), ("work",), ("shift", 0, 30), ("trouble", False), ("work",)),
    *(("cancel", 0, 0), ("book", 0, 0), ("work",)),
]


class AlreadyCancelled(Exception):  # noqa: N818 - an answer, not a failure
    """A session was cancelled before."""


@dataclass
class Reader:
    """One program that keeps each person's calendar, mail by mail."""

    read: Callable[[bytes], tuple[str, dict]]
    calendars: dict[int, OwnCalendar] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)

    def shown(self, person, mailbox) -> dict[str, dict]:
        """Take the mails that have come since, and say what her calendar shows."""
        calendar = self.calendars.setdefault(person.id, OwnCalendar())
        mails = invitations_to(person, mailbox)
        for mail in mails[self.taken.get(person.id, 0) :]:
            calendar.take(*self.read(calendars_in(mail)[0]))
        self.taken[person.id] = len(mails)
        return calendar.events


def places_of(person) -> set[tuple]:
    """On which days she has a place, from her bookings alone: when each begins and ends, and in which room."""
    wanted = (
        select(SessionDay.starts_at, SessionDay.ends_at, Room.name)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .join(Booking, Booking.training_session_id == TrainingSession.id)
        .join(Room, Room.id == SessionDay.room_id)
        .where(Booking.person_id == person.id, Booking.status == Status.CONFIRMED, SessionDay.is_removed.is_(False))
    )
    return {(start.astimezone(UTC), end.astimezone(UTC), room) for start, end, room in db.session.execute(wanted)}


def assert_calendars_are_true(person, mailbox, readers) -> None:
    """Both programs show her diary, and her diary what she has booked; nothing once she wants no invitations."""
    db.session.rollback()
    is_invited = diary.wants_invitations(person.id)
    in_diary = diary_of(person)
    shown = [(each["starts_at"], each["ends_at"], each["location"].partition(",")[0]) for each in in_diary.values()]

    assert sorted(shown) == sorted(places_of(person))
    for reader in readers:
        assert reader.shown(person, mailbox) == (in_diary if is_invited else {})


def live_bookings(person) -> dict[int, int]:
    """Her bookings, by session."""
    db.session.rollback()
    wanted = select(Booking.training_session_id, Booking.id).where(Booking.person_id == person.id)
    return dict(db.session.execute(wanted.where(Booking.status.in_(LIVE))).all())


def act(what: str, more: tuple, town: SimpleNamespace) -> None:
    """Do one thing to somebody's booking; what the rules refuse is no part of the story."""
    who, session = town.people[more[0]], town.sessions[more[-1]]
    live = live_bookings(who)
    if what == "book":
        book(who, session)
    elif what == "cancel" and session.id in live:
        cancel_booking(live[session.id], by=who.id)
    elif what == "move" and live and session.id not in live:
        module = {each.id: each.module_id for each in town.sessions}
        from_ = [each for each in live if module[each] == module[session.id]] or list(live)
        move_booking(live[from_[0]], session.id, by=who.id)


def change(what: str, more: tuple, town: SimpleNamespace) -> None:
    """Change one session, as Workforce Development does."""
    session, by = town.sessions[more[0]], town.officer.id
    wanted = wanted_of(session.id)
    if what == "places":
        change_capacity(session.id, more[1], by=by, send_back=())
    elif what == "shift":
        shift(session, town.officer, minutes=more[1])
    elif what == "change the room":
        (other,) = {*town.rooms[session.id]} - {wanted.days[0].room_id}
        change_session(
            session.id, replace(wanted, days=tuple(replace(day, room_id=other) for day in wanted.days)), by=by
        )
    elif what == "add a day":
        a_day = timedelta(days=1)
        last = wanted.days[-1]
        later = replace(last, starts_at=last.starts_at + a_day, ends_at=last.ends_at + a_day)
        change_session(session.id, replace(wanted, days=(*wanted.days, later)), by=by)
    elif what == "take a day out" and len(wanted.days) > 1:
        change_session(session.id, replace(wanted, days=wanted.days[1:]), by=by)
    elif what == "end":
        try:
            cancel_session(session.id, by=by, reason="Snow")
        except ValueError as refused:
            raise AlreadyCancelled from refused


def do(step: tuple, town: SimpleNamespace, mailbox, real_clock) -> None:
    """Do one step of a story."""
    what, *more = step
    db.session.rollback()
    if what == "work":
        work()
    elif what == "choose":
        invite(town.people[more[0]], wanted=more[1])
    elif what == "trouble":
        mailbox.answers = {each.email: "451 Later" for each in town.people if more[0]}
        real_clock(minutes=2)
    elif what in ("book", "cancel", "move"):
        act(what, tuple(more), town)
    else:
        change(what, tuple(more), town)


@pytest.fixture
def make_town(organisation, make_person, make_module, make_session, officer) -> Callable[[], SimpleNamespace]:
    """Make two people who want invitations, and six sessions, each with two rooms of its own to choose from."""

    def make() -> SimpleNamespace:
        name = f"Building {next(NUMBERS)}"
        venue = saved(Venue(organisation_id=organisation.id, code=name, name=name, other_names=[]))
        modules = [make_module(title=f"Module {number}; “and more”, long " + "x" * 40) for number in range(3)]
        town = SimpleNamespace(people=[make_person() for _ in WHO], officer=officer, sessions=[], rooms={})
        for number, starts_at in enumerate(OVER_BOTH_CLOCK_CHANGES):
            session = make_session(modules[number // 2], london(*starts_at), hours=2, places=1 if number % 2 else 20)
            rooms = [
                saved(Room(venue_id=venue.id, code=f"{number}{side}", name=f"Room {number}{side}", other_names=[]))
                for side in ("a", "b")
            ]
            session.days[0].venue_id, session.days[0].room_id = venue.id, rooms[0].id
            db.session.commit()
            town.sessions.append(session)
            town.rooms[session.id] = [room.id for room in rooms]
        for person in town.people:
            invite(person)
        return town

    return make


@pytest.fixture
def undisturbed(both, mailbox) -> Iterator[Callable[[], None]]:
    """Begin each story at the same time, with a mail server that has nothing yet and takes everything."""

    def begin() -> None:
        both.extensions["frozen_clock"] = EVE_OF_TERM
        mailbox.answers = {}
        mailbox.mails.clear()

    return begin


def is_anything_waiting(person) -> bool:
    """Say whether a mail to her was put off."""
    return any(each.done_at is None for each in messages_of(person))


@stricter_first
@pytest.mark.lengthy
@settings(
    derandomize=True,
    deadline=None,
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@example(story=PROMOTED + SENT_BACK)
@example(story=MOVED + CHANGED)
@example(story=ENDED + LATE)
@given(story=st.lists(st.sampled_from(STEPS), min_size=12, max_size=24))
def test_calendars_show_what_the_database_says(both, make_town, undisturbed, mailbox, by_ical_js, real_clock, story):
    undisturbed()
    town = make_town()
    readers = [Reader(by_icalendar), Reader(by_ical_js)]
    for step in story:
        with suppress(BookingRefused, SessionRefused, AlreadyCancelled):
            do(step, town, mailbox, real_clock)
        for person in town.people if step == ("work",) else ():
            if not is_anything_waiting(person):
                assert_calendars_are_true(person, mailbox, readers)
    mailbox.answers = {}
    for _ in range(3):
        real_clock(days=1)
        work()

    for person in town.people:
        assert_calendars_are_true(person, mailbox, readers)
        told: dict[str, list[int]] = {}
        for mail in invitations_to(person, mailbox):
            _, event = by_icalendar(calendars_in(mail)[0])
            told.setdefault(event["uid"], []).append(event["sequence"])
        assert all(sequences == sorted(set(sequences)) for sequences in told.values()), "each change is told once"


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        (PROMOTED, {"booked", "waiting", "cancelled", "promoted"}),
        (SENT_BACK, {"booked", "sent_back", "promoted"}),
        (CHANGED, {"booked", "session_changed"}),
        (ENDED, {"booked", "waiting", "session_cancelled"}),
    ],
    ids=["promoted", "sent back", "changed", "ended"],
)
def test_the_stories_told_are_what_they_say(both, make_town, undisturbed, mailbox, real_clock, story, kinds):
    undisturbed()
    town = make_town()
    for step in story:
        do(step, town, mailbox, real_clock)

    told = {message.kind for person in town.people for message in messages_of(person)}
    assert kinds <= told
