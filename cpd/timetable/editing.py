"""Making and changing one session: its days in their rooms or online, who facilitates, and to whom it is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import delete, select

from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service
from cpd.timetable.models import SessionDay, SessionFacilitator, SessionOpening, TrainingSession
from cpd.timetable.rules import RoomTime, clashes
from cpd.timetable.there import rooms_held


@dataclass(frozen=True, slots=True)
class DayWanted:
    """One day as it is to be: aware moments, a building or none, a room in it or none, online or not."""

    starts_at: datetime
    ends_at: datetime
    venue_id: int | None
    room_id: int | None
    is_online: bool


@dataclass(frozen=True, slots=True)
class SessionWanted:
    """A session as it is to be. `open_to` are other organisations whose people may come (W-18, S-4)."""

    module_id: int
    days: tuple[DayWanted, ...]
    online_link: str = ""
    note: str = ""
    facilitator_names: str = ""
    facilitator_ids: frozenset[int] = frozenset()
    booking_opens_on: date | None = None
    booking_closes_on: date | None = None
    open_to: frozenset[int] = frozenset()


class SessionRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A session cannot be so: each reason is a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@one_transaction
def make_session(organisation_id: int, wanted: SessionWanted, *, capacity: int | None, by: int) -> int:
    """Make a draft of a session; returns its id. Raises SessionRefused."""
    _check(wanted, None)
    days = sorted(wanted.days, key=lambda day: day.starts_at)
    training_session = TrainingSession(
        organisation_id=organisation_id,
        module_id=wanted.module_id,
        status="draft",
        capacity=capacity,
        starts_at=days[0].starts_at,
        ends_at=days[-1].ends_at,
        created_at=clock.now(),
    )
    db.session.add(training_session)
    db.session.flush()
    _write(training_session, wanted)
    service.note_change(training_session, "made", by=by, after=_remembered(wanted))
    return training_session.id


@one_transaction
def change_session(training_session_id: int, wanted: SessionWanted, *, by: int) -> None:
    """Change a session in place: a day keeps its row, so that calendars move its event.

    Raises:
        SessionRefused: it is over or cancelled, or cannot be so.
        LookupError: there is no such session.
    """
    training_session = service.lock_sessions([training_session_id])[training_session_id]
    if training_session.status == "cancelled" or training_session.ends_at <= clock.now():
        raise SessionRefused("This session is over or cancelled. It stays as it is")
    _check(wanted, training_session_id)
    before = {"starts_at": training_session.starts_at.isoformat(), "ends_at": training_session.ends_at.isoformat()}
    _write(training_session, wanted)
    service.note_change(training_session, "changed", by=by, before=before, after=_remembered(wanted))


def wanted_of(training_session_id: int) -> SessionWanted:
    """Return a session as it is, to be shown in a form. Raises LookupError."""
    row = db.session.get(TrainingSession, training_session_id)
    if row is None:
        raise LookupError(f"There is no session {training_session_id}")
    return SessionWanted(
        row.module_id,
        tuple(
            DayWanted(day.starts_at, day.ends_at, day.venue_id, day.room_id, day.is_online)
            for day in row.days
            if not day.is_removed
        ),
        row.online_link,
        row.note,
        row.facilitator_names,
        frozenset(_ids(SessionFacilitator.person_id, training_session_id, SessionFacilitator)),
        row.booking_opens_on,
        row.booking_closes_on,
        frozenset(_ids(SessionOpening.organisation_id, training_session_id, SessionOpening)),
    )


def _check(wanted: SessionWanted, training_session_id: int | None) -> None:
    """Refuse days that overlap one another, lie in the past, or use a room that somebody has."""
    reasons = []
    days = sorted(wanted.days, key=lambda day: day.starts_at)
    if days[0].starts_at <= clock.now():
        reasons.append("The first day must begin in the future")
    if any(one.ends_at > other.starts_at for one, other in pairwise(days)):
        reasons.append("Two of the days overlap. Give each its own time")
    if any(day.is_online for day in days) and not wanted.online_link:
        reasons.append("Enter the link for joining online")
    rooms = [
        RoomTime(day.room_id, day.starts_at, day.ends_at, number) for number, day in enumerate(days) if day.room_id
    ]
    held = rooms_held(rooms, [training_session_id] if training_session_id else [])
    reasons += [f"{other.who}. Choose another room or time" for _, other in clashes(rooms, held)]
    if reasons:
        raise SessionRefused(*dict.fromkeys(reasons))


def _write(training_session: TrainingSession, wanted: SessionWanted) -> None:
    """Write everything but the number of places, which the floor above gives out."""
    for name in ("module_id", "online_link", "note", "facilitator_names", "booking_opens_on", "booking_closes_on"):
        setattr(training_session, name, getattr(wanted, name))
    days = sorted(wanted.days, key=lambda day: day.starts_at)
    training_session.starts_at, training_session.ends_at = days[0].starts_at, days[-1].ends_at
    rows = [day for day in training_session.days if not day.is_removed]
    for row in rows:  # let go of the rooms first: two days may exchange theirs
        row.holds_room = False
    db.session.flush()
    for number, day in enumerate(days):
        row = rows[number] if number < len(rows) else SessionDay()
        row.starts_at, row.ends_at, row.is_online = day.starts_at, day.ends_at, day.is_online
        row.venue_id, row.room_id, row.holds_room = day.venue_id, day.room_id, True
        if number >= len(rows):
            training_session.days.append(row)
    for row in rows[len(days) :]:
        row.is_removed = True
    _replace(SessionFacilitator, "person_id", training_session.id, wanted.facilitator_ids)
    _replace(SessionOpening, "organisation_id", training_session.id, wanted.open_to)
    db.session.flush()


def _replace(
    table: type[SessionFacilitator | SessionOpening], column: str, training_session_id: int, ids: Iterable[int]
) -> None:
    """Make these ids all that a session has in a table."""
    db.session.execute(delete(table).where(table.training_session_id == training_session_id))
    for each in sorted(ids):
        db.session.add(table(training_session_id=training_session_id, **{column: each}))


def _ids(column: object, training_session_id: int, table: type[SessionFacilitator | SessionOpening]) -> list[int]:
    """Read the ids that a session has in a table."""
    wanted = select(column).where(table.training_session_id == training_session_id)  # type: ignore[call-overload]
    return list(db.session.scalars(wanted))


def _remembered(wanted: SessionWanted) -> dict[str, object]:
    """Keep in the history what a session became; ids only, no names."""
    return {
        "days": [[day.starts_at.isoformat(), day.ends_at.isoformat(), day.room_id] for day in wanted.days],
        "facilitators": sorted(wanted.facilitator_ids),
        "open_to": sorted(wanted.open_to),
    }
