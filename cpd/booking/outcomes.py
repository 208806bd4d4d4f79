"""What the registers say of the bookings that they close: a place that was not kept is no longer ahead."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.people import service as people
from cpd.shared.database import db
from cpd.shared.unit_of_work import publish


def note_outcomes(
    training_session_id: int, outcomes: Mapping[int, bool | None]
) -> dict[int, tuple[Booking, bool | None]]:
    """Write on the confirmed bookings of a locked session whether their persons completed it (None: not known yet).

    Returns the bookings for which that changed, and what stood there before, by person. What lies ahead of these
    people is another now, so their records have changed (AMB-23). Call it inside a unit of work.
    """
    people.lock_persons(outcomes.keys())
    wanted = (
        select(Booking)
        .where(
            Booking.training_session_id == training_session_id,
            Booking.person_id.in_(outcomes),
            Booking.status == Status.CONFIRMED,
        )
        .order_by(Booking.id)
        .execution_options(populate_existing=True)
    )
    changed = {
        each.person_id: (each, each.attended)
        for each in db.session.scalars(wanted)
        if each.attended is not outcomes[each.person_id]
    }
    for person_id, (booking, _) in changed.items():
        booking.attended = outcomes[person_id]
        publish("record.changed", person_id)
    db.session.flush()
    return changed
