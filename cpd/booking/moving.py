"""Moving places, and booking and moving at once: all of it in one act, or nothing and every reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from cpd.booking.asking import Booked, BookingRefused, CancellingRefused, ask, fresh, is_late, objections_against
from cpd.booking.models import Booking
from cpd.booking.needs import move_needs
from cpd.booking.places import Crowd, ask_to_settle_for, end_booking, gather
from cpd.booking.rules import LIVE, Objection, Reason, Status
from cpd.people import service as people
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


@one_transaction
def move_booking(booking_id: int, to: int, *, by: int) -> Booked:
    """Change a booking for another session in one step; raises as `rearrange` does."""
    owner = select(Booking.person_id).where(Booking.id == booking_id)
    person_id = db.session.scalar(owner) if 0 < booking_id <= LARGEST_ID else None
    if person_id is None:
        raise LookupError(f"There is no booking {booking_id}")
    return rearrange(person_id, {to: booking_id}, by=by)[0]


@one_transaction
def rearrange(person_id: int, wanted: Mapping[int, int | None], *, by: int) -> list[Booked]:
    """Book sessions and move places to others in one act: each session with the booking that it replaces, or None.

    They are taken in the order in which they begin, and judged as if every place that is to be moved were given
    back; each is given up only when the new one is held.

    Raises:
        BookingRefused: nothing was changed; a full session stands as the reason `full`.
        CancellingRefused: one of the bookings had ended already, or its session has begun.
        LookupError: there is no such session, or a booking is not hers.
    """
    held = _sessions_of(person_id, [each for each in wanted.values() if each])
    locked = timetable.lock_sessions({*wanted, *held.values()}, people.get_person(person_id).organisation_id)
    crowd = gather(locked.values(), [person_id], frees=True)
    facts = {each.id: timetable.facts_of(each) for each in locked.values()}
    replaced = {to: fresh(number) for to, number in wanted.items() if number}
    for to, booking in replaced.items():
        if booking.status not in LIVE:
            raise CancellingRefused("ended")
        if crowd.terms.now >= facts[booking.training_session_id].starts_at:
            raise CancellingRefused("begun")
        if booking.training_session_id != to:
            crowd.standpoints[person_id] = crowd.standpoints[person_id].without(booking.id)
    ordered = sorted((facts[each] for each in wanted), key=lambda each: each.starts_at)
    done = [_take(locked[each.id], each, crowd, person_id, by, replaced.get(each.id)) for each in ordered]
    ask_to_settle_for([person_id], besides=locked.keys())
    return done


def _take(
    training_session: TrainingSession,
    session: SessionFacts,
    crowd: Crowd,
    person_id: int,
    by: int,
    replaced: Booking | None,
) -> Booked:
    """Give her one session, in exchange for a place or as a new one; raises BookingRefused."""
    old = timetable.facts_of(crowd.sessions[replaced.training_session_id]) if replaced else None
    reason = replaced.override_reason if replaced else None
    against = objections_against(crowd, person_id, session, replaced, overridden=bool(reason))
    if old and old.module_id != session.module_id:
        against = [Objection(Reason.BOOKED_ON_ANOTHER, session_id=old.id), *against]
    if against:
        raise BookingRefused({session.id: against})
    late = replaced and old and is_late(replaced, old, crowd)
    booking = ask(training_session, session, crowd, person_id, by, override_reason=reason, replaces=replaced)
    if booking.status == Status.WAITING:
        raise BookingRefused({session.id: [Objection(Reason.FULL)]})
    if replaced:
        replaced.cancelled_late = bool(late)
        if replaced.status in LIVE:  # a drop-in, which replaces nothing
            end_booking(replaced, crowd, by=by, reason="moved")
        move_needs(replaced, booking, session, crowd.terms)
    return Booked(booking.id, session.id, Status(booking.status))


def _sessions_of(person_id: int, booking_ids: Sequence[int]) -> dict[int, int]:
    """Return the sessions of somebody's bookings. Raises LookupError where one of them is not hers."""
    wanted = select(Booking.id, Booking.training_session_id)
    mine = wanted.where(
        Booking.person_id == person_id, Booking.id.in_([each for each in booking_ids if each <= LARGEST_ID])
    )
    found = {row[0]: row[1] for row in db.session.execute(mine)}
    if missing := set(booking_ids) - found.keys():
        raise LookupError(f"There is no booking {min(missing)} of hers")
    return found
