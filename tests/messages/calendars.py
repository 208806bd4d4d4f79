"""What the tests of invitations share: somebody's own calendar program, what it should show, and acts on sessions.

Her calendar knows nothing but the mails that a real mail server took.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

from sqlalchemy import select

from cpd.booking.service import book_places
from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry
from cpd.messages.invitations import write_invitations
from cpd.shared.database import db
from cpd.timetable.editing import change_session, wanted_of
from tests.messages.conftest import by_icalendar, calendars_in, send


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
