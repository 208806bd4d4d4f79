"""Changing how many places a session has: with more the list moves up, with fewer it is said who goes back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cpd.booking import telling
from cpd.booking.models import Booking
from cpd.booking.places import Crowd, ask_to_settle_for, gather, head_number, positions_of, remember, settle
from cpd.booking.rules import HOLDING, Status
from cpd.diary import service as diary
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


class CapacityRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A cut below the places taken: `too_many` people have a place and somebody must say who goes back."""

    def __init__(self, places_taken: int, capacity: int) -> None:
        super().__init__(f"{places_taken} places are taken, {capacity} wanted")
        self.places_taken = places_taken
        self.capacity = capacity


@one_transaction
def change_capacity(
    training_session_id: int, capacity: int | None, *, by: int | None, send_back: Collection[int] | None = None
) -> list[int]:
    """Change how many places a session has; None means no limit. Returns the bookings sent back to the list.

    A cut below the places taken needs `send_back`: the bookings whose places end, or an empty
    collection for the last ones booked. They go to the head of the waiting list in their order.

    Raises:
        CapacityRefused: the cut goes below the places taken and nobody was named, or too few.
        ValueError: a capacity below nought.
    """
    if capacity is not None and not 0 <= capacity <= LARGEST_ID:
        raise ValueError("A session has nought places or more")
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    before = training_session.capacity
    back: list[Booking] = []
    if capacity is not None and capacity < training_session.places_taken:
        back = _who_goes_back(training_session, training_session.places_taken - capacity, send_back)
    crowd = gather([training_session], [booking.person_id for booking in back], frees=True)
    session = timetable.facts_of(training_session)
    for booking in back:
        _send_back(booking, training_session, session, crowd)
    training_session.capacity = capacity
    db.session.flush()
    timetable.note_change(
        training_session, "capacity_changed", by=by, before={"capacity": before}, after={"capacity": capacity}
    )
    settle(training_session, crowd)
    ask_to_settle_for([booking.person_id for booking in back], besides=[training_session_id])
    return [booking.id for booking in back]


def _send_back(booking: Booking, training_session: TrainingSession, session: SessionFacts, crowd: Crowd) -> None:
    """Turn a place back into the first position on the waiting list."""
    training_session.places_taken -= 1
    booking.status = Status.WAITING
    booking.confirmed_at = booking.answer_by = None
    booking.request_number = head_number(training_session.id)
    db.session.flush()
    diary.withdraw([booking.person_id], "session", [session.id])
    remember(booking, "sent_back", by=None, reason="fewer places")
    standpoint = crowd.standpoints[booking.person_id]
    module = crowd.terms.modules[session.module_id]
    position = positions_of([booking.id])[booking.id]
    telling.tell("sent_back", booking, session, module, standpoint, position=position)


def _who_goes_back(
    training_session: TrainingSession, too_many: int, send_back: Collection[int] | None
) -> list[Booking]:
    """Choose whose places end: those named, else the last ones booked; the last first, so order is kept."""
    wanted = (
        select(Booking)
        .where(
            Booking.training_session_id == training_session.id,
            Booking.status.in_(HOLDING),
            Booking.takes_place,
        )
        .order_by(Booking.request_number.desc())
        .execution_options(populate_existing=True)
    )
    if send_back:
        wanted = wanted.where(Booking.id.in_(send_back))
    chosen = list(db.session.scalars(wanted))[: too_many if not send_back else None]
    if send_back is None or len(chosen) < too_many:
        raise CapacityRefused(training_session.places_taken, training_session.places_taken - too_many)
    return chosen
