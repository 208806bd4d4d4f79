"""Changing one session at the desk: what can be chosen, and what a change would mean for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import LIVE
from cpd.catalogue import service as catalogue
from cpd.desk.service import lost_bases
from cpd.diary.models import DiaryEntry
from cpd.people.models import Organisation, Person
from cpd.shared.database import db
from cpd.shared.unit_of_work import only_tried
from cpd.timetable import service as timetable
from cpd.timetable.editing import SessionRefused, SessionWanted, change_session, make_session, wanted_of
from cpd.timetable.models import Room, Venue

__all__ = ["SessionRefused", "change_session", "make_session"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a session's form offers, as (value, words): modules, rooms as `venue-room`, other organisations."""

    modules: list[tuple[str, str]]
    places: list[tuple[str, str]]
    organisations: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AsItIs:
    """A session as it is now."""

    wanted: SessionWanted
    capacity: int | None
    facilitator_emails: list[str]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change would mean: how many people it moves, who is busy then, and whose other place loses its basis."""

    moved: int
    busy: Sequence[str]
    losing: Sequence[str]

    @property
    def touches_anybody(self) -> bool:
        """Whether somebody should look before it is done."""
        return bool(self.moved)


def choices_for(organisation_id: int) -> Choices:
    """Read what a session's form offers."""
    modules = sorted(catalogue.modules_of([organisation_id]).values(), key=lambda each: each.code)
    rooms = (
        select(Venue.id, Venue.name, Room.id, Room.name)
        .outerjoin(Room, Room.venue_id == Venue.id)
        .where(Venue.organisation_id == organisation_id)
        .order_by(Venue.name, Room.name)
    )
    places = [
        (f"{venue_id}-{room_id or 0}", f"{venue}: {room}" if room else venue)
        for venue_id, venue, room_id, room in db.session.execute(rooms)
    ]
    others = select(Organisation.id, Organisation.name).where(Organisation.id != organisation_id)
    return Choices(
        [
            (str(each.id), f"{each.full_title}" if each.number_label else f"{each.full_title} ({each.code})")
            for each in modules
        ],
        places,
        [(str(number), name) for number, name in db.session.execute(others.order_by(Organisation.name))],
    )


def session_as_it_is(organisation_id: int, training_session_id: int) -> AsItIs | None:
    """Return a session that this organisation holds, or None."""
    session = timetable.find_session(training_session_id, organisation_id)
    if session is None or session.organisation_id != organisation_id:
        return None
    wanted = wanted_of(training_session_id)
    emails = select(Person.email).where(Person.id.in_(wanted.facilitator_ids)).order_by(Person.email)
    return AsItIs(wanted, session.capacity, list(db.session.scalars(emails)))


def find_facilitators(organisation_id: int, typed: str) -> tuple[frozenset[int], list[str]]:
    """Find people by e-mail addresses with commas between them; returns who was found, and which were not."""
    emails = [each.strip().lower() for each in typed.replace(";", ",").split(",") if each.strip()]
    wanted = select(Person.email, Person.id).where(Person.organisation_id == organisation_id, Person.email.in_(emails))
    found = {row[0]: row[1] for row in db.session.execute(wanted)}
    return frozenset(found.values()), [each for each in emails if each not in found]


def consequences_of(training_session_id: int, wanted: SessionWanted, *, by: int) -> Consequences:
    """Try a change, look at what it does to people, and undo it. Raises SessionRefused."""
    with only_tried():
        organisation_id = timetable.lock_sessions([training_session_id])[training_session_id].organisation_id
        before = {each.listed.booking_id for each in lost_bases(organisation_id)}
        change_session(training_session_id, wanted, by=by)
        db.session.flush()
        losing = [each for each in lost_bases(organisation_id) if each.listed.booking_id not in before]
        return Consequences(
            _live_bookings(training_session_id),
            _busy_then(training_session_id, wanted),
            [f"{each.listed.name}: {each.module.full_title}" for each in losing],
        )


def _live_bookings(training_session_id: int) -> int:
    """Count who has a place or waits."""
    wanted = select(Booking.id).where(Booking.training_session_id == training_session_id, Booking.status.in_(LIVE))
    return len(db.session.scalars(wanted).all())


def _busy_then(training_session_id: int, wanted: SessionWanted) -> list[str]:
    """Name who has a place and something else in her diary at the new time."""
    begins, ends = min(day.starts_at for day in wanted.days), max(day.ends_at for day in wanted.days)
    rows = db.session.execute(
        select(Person.name, DiaryEntry.title, DiaryEntry.starts_at, DiaryEntry.ends_at)
        .join(Booking, Booking.person_id == Person.id)
        .join(DiaryEntry, DiaryEntry.person_id == Person.id)
        .where(
            Booking.training_session_id == training_session_id,
            Booking.status == "confirmed",
            DiaryEntry.cancelled_at.is_(None),
            DiaryEntry.starts_at < ends,
            DiaryEntry.ends_at > begins,
            (DiaryEntry.source != "session") | (DiaryEntry.source_id != training_session_id),
        )
        .order_by(Person.name)
    )
    return [
        f"{name}: {title}"
        for name, title, starts_at, ends_at in rows
        if any(starts_at < day.ends_at and day.starts_at < ends_at for day in wanted.days)
    ]
