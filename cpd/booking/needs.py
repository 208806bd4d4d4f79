"""What people need on the day (access, diet): kept for a while, taken along when they move, and erased (B8)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cpd.booking.facts import Terms
from cpd.booking.models import AccessNeed, Booking
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.facts import SessionFacts

LONGEST_NEEDS = 500


def keep_needs(booking: Booking, needs: str, session: SessionFacts, terms: Terms) -> None:
    """Keep what she needs on the day until some days after it (B8)."""
    days = terms.settings[session.organisation_id].access_needs_kept_days
    db.session.add(
        AccessNeed(
            booking_id=booking.id, needs=needs[:LONGEST_NEEDS], erase_after=session.ends_at + timedelta(days=days)
        )
    )


def move_needs(old: Booking, new: Booking, session: SessionFacts, terms: Terms) -> None:
    """Take along to the new session what she needs on the day."""
    if kept := db.session.get(AccessNeed, old.id):
        keep_needs(new, kept.needs, session, terms)
        db.session.delete(kept)


@one_transaction
def erase_access_needs() -> int:
    """Erase what people said about access and diet once its time is over; returns how many (B8)."""
    due = db.session.scalars(select(AccessNeed).where(AccessNeed.erase_after <= clock.now())).all()
    for need in due:
        db.session.delete(need)
    return len(due)
