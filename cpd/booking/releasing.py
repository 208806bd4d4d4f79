"""Releasing places whose basis did not come back in time, and keeping one all the same (AMB-23).

A due job, one session a transaction. It looks again first; where the session has begun meanwhile nothing is
released any more, and Workforce Development and the facilitators are told. Nothing ends silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import select

from cpd.booking import telling
from cpd.booking.cascade import (
    Verdict,
    judge,
    look_again,
    note_basis,
    restore,
    tell_the_desk,
    ways_back,
    ways_for_words,
)
from cpd.booking.models import Booking
from cpd.booking.places import Crowd, end_booking, gather, settle
from cpd.booking.rules import Status
from cpd.people import service as people
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable

RELEASED = "released"
"""Why a place ended, as its booking says it."""


class KeepingRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A place is not one that lacks its basis: it has it again, or has ended."""


def release_due() -> int:
    """Release the places whose time is over; returns how many that were."""
    due = select(Booking.training_session_id).where(
        Booking.release_at <= clock.now(), Booking.status == Status.CONFIRMED
    )
    return sum(release_places(each) for each in sorted(set(db.session.scalars(due))))


@one_transaction
def release_places(training_session_id: int) -> int:
    """Release what is due on one session, and give the free places to whoever waits; returns how many were released."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    crowd = gather([training_session], [booking.person_id for booking in _due_on(training_session_id)], frees=True)
    look_again(crowd.standpoints.keys())
    due = _due_on(training_session_id)
    if crowd.terms.now >= training_session.starts_at:
        for booking in due:
            note_basis(booking, "release_missed", booking.lacks_basis_since, None)
        tell_the_desk(judge(due))
        return 0
    lost = judge(due)
    _release(lost, crowd)
    if lost:
        settle(training_session, crowd)
    return len(lost)


@one_transaction
def keep_all_the_same(booking_id: int, *, by: int, reason: str) -> None:
    """Let somebody keep a place that has lost what it rests on, for a reason; she is told.

    Raises:
        KeepingRefused: it does not lack its basis.
        LookupError: there is no such booking.
        ValueError: there is no reason.
    """
    if not reason.strip():
        raise ValueError("Setting a rule aside needs a reason")
    owner = select(Booking.person_id).where(Booking.id == booking_id)
    person_id = db.session.scalar(owner) if 0 < booking_id <= LARGEST_ID else None
    if person_id is None:
        raise LookupError(f"There is no booking {booking_id}")
    people.lock_persons([person_id])
    booking = db.session.get_one(Booking, booking_id, populate_existing=True)
    if booking.status != Status.CONFIRMED or booking.lacks_basis_since is None:
        raise KeepingRefused
    [verdict] = judge([booking])
    booking.override_reason = reason.strip()
    history.note(
        "kept", "booking", booking.id, actor_id=by, organisation_id=booking.organisation_id, reason=reason.strip()
    )
    restore(verdict, kept=True)


def _due_on(training_session_id: int) -> list[Booking]:
    """Read the places on a session whose time is over, afresh; the first of the list comes first."""
    db.session.flush()
    wanted = select(Booking).where(
        Booking.training_session_id == training_session_id,
        Booking.status == Status.CONFIRMED,
        Booking.release_at <= clock.now(),
    )
    return list(db.session.scalars(wanted.order_by(Booking.request_number).execution_options(populate_existing=True)))


def _release(lost: Sequence[Verdict], crowd: Crowd) -> None:
    """End these places, and tell each person why and what she can do now."""
    ways = ways_back(lost, crowd.terms, in_time=False)
    for each in lost:
        end_booking(each.booking, crowd, by=None, reason=RELEASED)
        telling.tell(
            "released",
            each.booking,
            each.session,
            each.module,
            each.standpoint,
            act=token_hex(8),
            missing=list(each.missing),
            ways=ways_for_words(ways[each.booking.id]),
        )
