"""Invitations: what people's own calendars must still be told of their diaries, one message per session day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from cpd.diary.models import DiaryEntry, FeedKey
from cpd.diary.rules import CANCELLED_SHOWN
from cpd.messages.models import Invitation
from cpd.messages.rules import InDiary, Method, still_to_tell
from cpd.people import service as people
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction


def write_invitations() -> int:
    """Write to everybody who wants invitations, or has had some, what has changed since; returns how many.

    What is to be told is found by comparing diaries with what was told, so that nothing can be forgotten; each
    person is locked meanwhile, so that nothing is told twice.
    """
    people_ids = {row.person_id for row, _ in _to_tell(clock.now())}
    return sum(_write_to(person_id) for person_id in sorted(people_ids))


@one_transaction
def _write_to(person_id: int) -> int:
    """Write one person's invitations."""
    people.lock_persons([person_id])
    now = clock.now()
    found = _to_tell(now, DiaryEntry.person_id == person_id)
    for row, method in found:
        message = outbox.tell(
            row.organisation_id,
            person_id,
            "invitation",
            f"{row.id}:{row.sequence}",
            _facts(row, method, now),
            mail=f"invitation-{row.id}-{row.sequence}",
        )
        db.session.flush()
        told = Invitation(diary_entry_id=row.id, method=method, sequence=row.sequence, outbox_message_id=message.id)
        db.session.merge(told)
    return len(found)


def _to_tell(now: datetime, whose: ColumnElement[bool] | None = None) -> Sequence[tuple[Any, Method]]:
    """Find the diary entries of which calendars must be told, and what. One query.

    An entry's sequence rises with all that a calendar should learn; what is long over is left in peace.
    """
    wanted = (
        select(
            *DiaryEntry.__table__.columns,
            func.coalesce(FeedKey.invitations, False).label("invitations"),
            Invitation.method,
            Invitation.sequence.label("told_sequence"),
        )
        .outerjoin(FeedKey, FeedKey.person_id == DiaryEntry.person_id)
        .outerjoin(Invitation, Invitation.diary_entry_id == DiaryEntry.id)
        .where(
            DiaryEntry.ends_at > now - CANCELLED_SHOWN,
            or_(
                DiaryEntry.sequence > Invitation.sequence,
                and_(Invitation.method.is_(None), FeedKey.invitations, DiaryEntry.cancelled_at.is_(None)),
            ),
            true() if whose is None else whose,
        )
        .order_by(DiaryEntry.starts_at, DiaryEntry.id)
    )
    rows = db.session.execute(wanted).all()
    found = [(row, still_to_tell(_in_diary(row), now)) for row in rows]
    return [(row, method) for row, method in found if method is not None]


def _in_diary(row: Any) -> InDiary:
    """Show a row as the value that the rule takes."""
    told = Method(row.method) if row.method else None
    cancelled = row.cancelled_at is not None
    return InDiary(row.invitations, cancelled, row.starts_at, row.ends_at, row.sequence, told, row.told_sequence or 0)


def _facts(row: Any, method: Method, now: datetime) -> dict[str, Any]:
    """Keep in the message what the diary said when it was written: each try sends the same."""
    return {
        "method": str(method),
        "uid": row.uid,
        "sequence": row.sequence,
        "module": row.title,
        "days": [[row.starts_at.isoformat(), row.ends_at.isoformat(), row.location]],
        "description": row.description,
        "path": row.path,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "stamped_at": now.isoformat(),
    }
