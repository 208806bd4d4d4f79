"""What is there before a timetable is taken: sessions and their days, rooms and who has them; each in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import or_, select

from cpd.catalogue import service as catalogue
from cpd.shared.database import db
from cpd.shared.reading import key
from cpd.shared.wording import span_words
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue
from cpd.timetable.rules import DayThere, RoomTime, SessionKey


@dataclass(frozen=True, slots=True)
class SessionThere:
    """What a file could change of a session that is there."""

    id: int
    session_ref: str | None
    status: str
    capacity: int | None
    places_taken: int
    booking_opens_on: date | None
    booking_closes_on: date | None
    facilitator_names: str


@dataclass(frozen=True, slots=True)
class Places:
    """An organisation's venues by code, and their rooms by name."""

    venues: Mapping[str, int]
    rooms: Mapping[tuple[int, str], int]

    def find_room(self, venue_id: int, name: str | None) -> int | None:
        """Return the room of this name in a venue, or None."""
        return self.rooms.get((venue_id, key(name))) if name else None


def session_keys(organisation_id: int, module_ids: Collection[int], references: Collection[str]) -> list[SessionKey]:
    """Read by what the sessions of modules are known again, and whose references these are, the earliest first."""
    session = TrainingSession
    wanted = select(session.id, session.module_id, session.session_ref, session.status, session.starts_at).where(
        session.organisation_id == organisation_id,
        or_(session.module_id.in_(module_ids), session.session_ref.in_(references)),
    )
    return [SessionKey(*row) for row in db.session.execute(wanted.order_by(session.starts_at, session.id))]


def sessions_there(session_ids: Collection[int]) -> dict[int, SessionThere]:
    """Read what a file could change of sessions, by id."""
    wanted = select(*(getattr(TrainingSession, part.name) for part in fields(SessionThere)))
    rows = db.session.execute(wanted.where(TrainingSession.id.in_(session_ids)))
    return {row.id: SessionThere(*row) for row in rows}


def days_there(session_ids: Collection[int]) -> dict[int, list[DayThere]]:
    """Read the days of sessions, by session, in order of time."""
    day = SessionDay
    wanted = (
        select(day.training_session_id, day.id, day.starts_at, day.ends_at, day.venue_id, day.room_id)
        .add_columns(Room.name.label("room"), Venue.name.label("venue"))
        .outerjoin(Venue, Venue.id == day.venue_id)
        .outerjoin(Room, Room.id == day.room_id)
        .where(day.training_session_id.in_(session_ids), day.is_removed.is_(False))
        .order_by(day.starts_at)
    )
    days: defaultdict[int, list[DayThere]] = defaultdict(list)
    for row in db.session.execute(wanted):
        place = ", ".join(filter(None, (row.room, row.venue)))
        there = DayThere(row.id, row.starts_at, row.ends_at, row.venue_id, row.room_id, place)
        days[row.training_session_id].append(there)
    return days


def places_of(organisation_id: int) -> Places:
    """Read an organisation's venues and rooms (two queries)."""
    of_it = Venue.organisation_id == organisation_id
    venues = {row.code: row.id for row in db.session.execute(select(Venue.code, Venue.id).where(of_it))}
    wanted = select(Room.venue_id, Room.name, Room.id).join(Venue, Venue.id == Room.venue_id).where(of_it)
    rooms: dict[tuple[int, str], int] = {}
    for venue_id, name, room_id in db.session.execute(wanted.order_by(Room.id)):
        rooms.setdefault((venue_id, key(name)), room_id)
    return Places(venues, rooms)


def rooms_held(wanted: Sequence[RoomTime], besides: Collection[int]) -> list[RoomTime]:
    """Read when the rooms that are wanted are held by sessions besides these, with words for whose they are."""
    if not wanted:
        return []
    day = SessionDay
    held = (
        select(day.room_id, day.starts_at, day.ends_at, TrainingSession.module_id)
        .add_columns(Room.name.label("room"), Venue.name.label("venue"))
        .join(TrainingSession, TrainingSession.id == day.training_session_id)
        .join(Room, Room.id == day.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(
            day.holds_room,
            day.room_id.in_({each.room_id for each in wanted}),
            day.starts_at < max(each.ends_at for each in wanted),
            day.ends_at > min(each.starts_at for each in wanted),
            day.training_session_id.not_in(besides),
        )
        .order_by(day.starts_at)
    )
    rows = db.session.execute(held).all()
    modules = catalogue.modules_by_id({row.module_id for row in rows}) if rows else {}
    return [
        RoomTime(
            row.room_id,
            row.starts_at,
            row.ends_at,
            f"{modules[row.module_id].full_title} has {row.room}, {row.venue} "
            f"from {span_words(row.starts_at, row.ends_at)}",
        )
        for row in rows
    ]
