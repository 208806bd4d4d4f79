"""Sessions' days, rooms, and what stands in people's diaries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.commands.checks.check import Check, rows_in
from cpd.diary.models import DiaryEntry
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession


def missing_entries() -> Iterator[str]:
    """Find days of confirmed bookings that do not stand in the diary exactly once, at their times."""
    times = (DiaryEntry.starts_at == SessionDay.starts_at, DiaryEntry.ends_at == SessionDay.ends_at)
    rows = db.session.execute(
        select(Booking.person_id, SessionDay.id, SessionDay.starts_at, func.count(DiaryEntry.id))
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .join(SessionDay, SessionDay.training_session_id == TrainingSession.id)
        .outerjoin(DiaryEntry, and_(_is_live(), _is_of_the_booking(), *times))
        .where(_has_a_place())
        .group_by(Booking.id, Booking.person_id, SessionDay.id, SessionDay.starts_at)
        .having(func.count(DiaryEntry.id) != 1)
        .order_by(Booking.person_id, SessionDay.id)
    )
    for person_id, day_id, starts_at, count in rows:
        yield (
            f"session day {day_id} ({in_london(starts_at):%d %B %Y %H:%M}) stands {count} times in the diary of "
            f"person {person_id}"
        )


def surplus_entries() -> Iterator[str]:
    """Find live diary entries that no confirmed booking on a published session stands behind."""
    rests_on = (
        select(SessionDay.id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .join(Booking, Booking.training_session_id == TrainingSession.id)
        .where(
            _has_a_place(),
            _is_of_the_booking(),
            DiaryEntry.starts_at == SessionDay.starts_at,
            DiaryEntry.ends_at == SessionDay.ends_at,
        )
        .exists()
    )
    rows = db.session.execute(
        select(DiaryEntry.id, DiaryEntry.person_id, DiaryEntry.source_id)
        .where(_is_live(), ~rests_on)
        .order_by(DiaryEntry.id)
    )
    for entry_id, person_id, session_id in rows:
        yield f"entry {entry_id} of person {person_id} rests on no place on session {session_id} at that time"


def doubled_rooms() -> Iterator[str]:
    """Find rooms that two days use at one time."""
    other = aliased(SessionDay)
    rows = db.session.execute(
        select(SessionDay.room_id, SessionDay.id, other.id)
        .join(
            other,
            and_(
                other.room_id == SessionDay.room_id,
                other.id > SessionDay.id,
                other.starts_at < SessionDay.ends_at,
                other.ends_at > SessionDay.starts_at,
            ),
        )
        .where(SessionDay.holds_room, other.holds_room, ~SessionDay.is_removed, ~other.is_removed)
        .order_by(SessionDay.room_id, SessionDay.id)
    )
    for room_id, one, two in rows:
        yield f"room {room_id} is used by session days {one} and {two} at one time"


def wrong_spans() -> Iterator[str]:
    """Find sessions that do not begin and end with their first and last day."""
    days = (
        select(
            SessionDay.training_session_id,
            func.min(SessionDay.starts_at).label("starts_at"),
            func.max(SessionDay.ends_at).label("ends_at"),
        )
        .where(~SessionDay.is_removed)
        .group_by(SessionDay.training_session_id)
        .subquery()
    )
    rows = db.session.execute(
        select(TrainingSession.id, days.c.starts_at)
        .outerjoin(days, days.c.training_session_id == TrainingSession.id)
        .where(
            or_(
                days.c.starts_at.is_(None),
                days.c.starts_at != TrainingSession.starts_at,
                days.c.ends_at != TrainingSession.ends_at,
            )
        )
        .order_by(TrainingSession.id)
    )
    for session_id, starts_at in rows:
        yield f"session {session_id} " + ("begins or ends apart from its days" if starts_at else "has no day")


def _has_a_place() -> ColumnElement[bool]:
    """Choose what must stand in diaries: days of published sessions for whoever is confirmed."""
    return and_(
        Booking.status == Status.CONFIRMED, TrainingSession.status == "published", SessionDay.is_removed.is_(False)
    )


def _is_live() -> ColumnElement[bool]:
    """Choose the entries that sessions have in diaries and that are not cancelled."""
    return and_(DiaryEntry.source == "session", DiaryEntry.cancelled_at.is_(None))


def _is_of_the_booking() -> ColumnElement[bool]:
    """Choose the entries of a booking's person about its session."""
    return and_(DiaryEntry.person_id == Booking.person_id, DiaryEntry.source_id == Booking.training_session_id)


CHECKS = (
    Check("days", wrong_spans, rows_in(TrainingSession), "sessions"),
    Check("rooms", doubled_rooms, rows_in(SessionDay), "session days"),
    Check("diaries", missing_entries, rows_in(Booking), "bookings"),
    Check("diary entries", surplus_entries, rows_in(DiaryEntry), "entries"),
)
