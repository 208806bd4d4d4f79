"""Booking, waiting, cancelling and moving: each act is one transaction, or a refusal with every reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from cpd.booking.asking import (
    Booked,
    BookingRefused,
    CancellingRefused,
    ask,
    fresh,
    give_back,
    may_be_asked,
    objections_against,
)
from cpd.booking.models import Booking
from cpd.booking.moving import move_booking, rearrange
from cpd.booking.needs import keep_needs
from cpd.booking.places import ask_to_settle_for, gather, settle
from cpd.booking.rules import HOLDING, LIVE, Objection, Status
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import TrainingSession

__all__ = [
    "Booked",
    "BookingRefused",
    "CancellingRefused",
    "book_places",
    "book_what_can",
    "cancel_booking",
    "live_session_ids",
    "move_booking",
    "owner_of",
    "rearrange",
    "wait_for_dates",
]


@one_transaction
def book_places(
    person_id: int,
    training_session_ids: Sequence[int],
    *,
    by: int,
    override_reason: str = "",
    access_needs: str = "",
    requested_at: datetime | None = None,
    asks: str = "",
) -> list[Booked]:
    """Ask for places on one or more sessions in one act: all of them, or none and every reason why not.

    The sessions are taken in the order in which they begin, so that an earlier one can open a later one
    (AMB-23, G-12). Where a session is full she waits. `override_reason` lets Workforce Development set
    reasons aside, except that there is nothing to book. `requested_at` is for show only. `asks` is why she
    needs what only Workforce Development can agree to: the place is then kept until it has answered.

    Raises:
        BookingRefused: nothing was booked.
        LookupError: there is no such session that her organisation may see.
    """
    booked, objections = _ask_for_all(
        person_id,
        training_session_ids,
        by,
        override_reason,
        access_needs=access_needs,
        requested_at=requested_at,
        asks=asks,
    )
    if objections:
        raise BookingRefused(objections)
    return booked


@one_transaction
def book_what_can(
    person_id: int, training_session_ids: Sequence[int], *, by: int, requested_at: datetime | None = None
) -> tuple[list[Booked], dict[int, list[Objection]]]:
    """Ask for places on several sessions in one act: those that can be had, and for the others every reason why not.

    `requested_at` is for show only: when her e-mail came in, say.

    Raises:
        LookupError: there is no such session that her organisation may see.
    """
    return _ask_for_all(person_id, training_session_ids, by, requested_at=requested_at)


@one_transaction
def cancel_booking(booking_id: int, *, by: int, reason: str = "") -> Booked:
    """Give a place or a position back. It always works until the session begins; late is marked, never refused.

    Raises:
        CancellingRefused: the booking had ended already, or its session has begun.
        LookupError: there is no such booking.
    """
    training_session_id, person_id = _whose(booking_id)
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    crowd = gather([training_session], [person_id], frees=True)
    booking = fresh(booking_id)
    if booking.status not in LIVE:
        raise CancellingRefused("ended")
    if crowd.terms.now >= training_session.starts_at:
        raise CancellingRefused("begun")
    session = timetable.facts_of(training_session)
    give_back(booking, session, crowd, by=by, reason=reason)
    settle(training_session, crowd)
    ask_to_settle_for([person_id], besides=[training_session_id])
    return Booked(booking.id, training_session_id, Status.CANCELLED)


@one_transaction
def wait_for_dates(
    person_id: int, training_session_ids: Collection[int], *, by: int
) -> tuple[list[Booked], dict[int, list[Objection]]]:
    """Wait for other dates of a module, or for any; the place that she has on it is kept until one of them is hers.

    Then the two are exchanged in one step and the other waits end. The earliest date with a free place is hers
    at once. For the dates that she cannot have, every reason why not.

    Raises:
        LookupError: there is no such session that her organisation may see.
        ValueError: the sessions are not all of one module.
    """
    kept = _place_beside(person_id, training_session_ids)
    locked = timetable.lock_sessions(
        {*training_session_ids, *([kept.training_session_id] if kept else ())},
        people.get_person(person_id).organisation_id,
    )
    crowd = gather(locked.values(), [person_id], frees=kept is not None)
    place = kept and fresh(kept.id)
    place = place if place and place.status in HOLDING else None
    facts = sorted(
        (timetable.facts_of(locked[each]) for each in set(training_session_ids)), key=lambda each: each.starts_at
    )
    if len({each.module_id for each in facts}) > 1:
        raise ValueError("Those are dates of several modules")
    booked, objections = [], {}
    for session in facts:
        if against := objections_against(crowd, person_id, session, place, overridden=False):
            objections[session.id] = against
            continue
        booking = ask(locked[session.id], session, crowd, person_id, by, replaces=place)
        booked.append(Booked(booking.id, session.id, Status(booking.status)))
        if booking.status in HOLDING:
            break
    ask_to_settle_for([person_id], besides=locked.keys())
    return booked, objections


def owner_of(booking_id: int) -> int | None:
    """Return whose booking this is, or None where there is none."""
    if not 0 < booking_id <= LARGEST_ID:
        return None
    return db.session.scalar(select(Booking.person_id).where(Booking.id == booking_id))


def live_session_ids(person_id: int) -> list[int]:
    """List the sessions on which somebody has a place or waits."""
    wanted = select(Booking.training_session_id).where(Booking.person_id == person_id, Booking.status.in_(LIVE))
    return list(db.session.scalars(wanted))


def _ask_for_all(
    person_id: int,
    training_session_ids: Collection[int],
    by: int,
    override_reason: str = "",
    *,
    access_needs: str = "",
    requested_at: datetime | None = None,
    asks: str = "",
) -> tuple[list[Booked], dict[int, list[Objection]]]:
    """Ask for each session in the order in which they begin, so that an earlier one can open a later one."""
    locked = timetable.lock_sessions(set(training_session_ids), people.get_person(person_id).organisation_id)
    crowd = gather(locked.values(), [person_id])
    facts = sorted((timetable.facts_of(each) for each in locked.values()), key=lambda each: each.starts_at)
    objections: dict[int, list[Objection]] = {}
    booked = []
    for session in facts:
        against = objections_against(crowd, person_id, session, overridden=bool(override_reason))
        asked = asks if may_be_asked(against, session, crowd) else ""
        if against and not asked:
            objections[session.id] = against
            continue
        booking = ask(
            locked[session.id],
            session,
            crowd,
            person_id,
            by,
            override_reason=override_reason,
            requested_at=requested_at,
            asks=asked,
        )
        if access_needs:
            keep_needs(booking, access_needs, session, crowd.terms)
        booked.append(Booked(booking.id, session.id, Status(booking.status)))
    ask_to_settle_for([person_id], besides=locked.keys())
    return booked, objections


def _place_beside(person_id: int, training_session_ids: Collection[int]) -> Booking | None:
    """Find the place that she has on another session of the module of these, on one that has not begun."""
    modules = select(TrainingSession.module_id).where(TrainingSession.id.in_(training_session_ids))
    wanted = (
        select(Booking)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(
            Booking.person_id == person_id,
            Booking.status.in_(HOLDING),
            Booking.takes_place,
            TrainingSession.module_id.in_(modules),
            TrainingSession.id.not_in(training_session_ids),
            TrainingSession.starts_at > clock.now(),
        )
    )
    return db.session.scalars(wanted.order_by(Booking.id).limit(1)).first()


def _whose(booking_id: int) -> tuple[int, int]:
    """Return session and person of a booking. Raises LookupError where there is none."""
    wanted = select(Booking.training_session_id, Booking.person_id).where(Booking.id == booking_id)
    found = db.session.execute(wanted).one_or_none() if 0 < booking_id <= LARGEST_ID else None
    if found is None:
        raise LookupError(f"There is no booking {booking_id}")
    return found[0], found[1]
