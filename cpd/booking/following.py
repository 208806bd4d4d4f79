"""What bookings do when the floors below change: keep diaries true, tell people, and look again at who can come.

Whose places may have lost what they rest on is published as `standing.changed` and looked at once, at the end of
the act (`cpd.booking.cascade`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.booking import telling
from cpd.booking.cascade import bound_bookings
from cpd.booking.deadlines import last_call
from cpd.booking.facts import standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.places import ask_to_settle_for
from cpd.booking.rules import LIVE, Status
from cpd.diary import service as diary
from cpd.people import service as people
from cpd.shared import history
from cpd.shared.unit_of_work import publish
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


def follow_records(_session: Session, person_ids: list[int]) -> None:
    """Somebody's record changed: she may now be able to take a place that she waits for."""
    ask_to_settle_for(set(person_ids))
    _look_again(person_ids)


def follow_people(_session: Session, person_ids: list[int]) -> None:
    """Somebody's post changed: she may now be meant for what she waits for."""
    ask_to_settle_for(set(person_ids))
    _look_again(person_ids)


def follow_schemes(session: Session, adopted: list[tuple[int, Any]]) -> None:
    """A new version of a scheme is in force: whoever waits for a session under it may be able to come now."""
    organisations = {organisation_id for organisation_id, _ in adopted}
    waiting = select(Booking.person_id).where(
        Booking.organisation_id.in_(organisations), Booking.status == Status.WAITING
    )
    ask_to_settle_for(set(session.scalars(waiting)))
    placed = bound_bookings().where(Booking.organisation_id.in_(organisations))
    _look_again({booking.person_id for booking in session.scalars(placed)})


def follow_timetable(session: Session, training_session_ids: list[int]) -> None:
    """Sessions changed: whoever has a booking finds the change in her diary and is told of it."""
    wanted = select(Booking).where(Booking.training_session_id.in_(set(training_session_ids)), Booking.status.in_(LIVE))
    bookings: defaultdict[int, list[Booking]] = defaultdict(list)
    for booking in session.scalars(wanted.order_by(Booking.id)):
        bookings[booking.training_session_id].append(booking)
    people.lock_persons({booking.person_id for each in bookings.values() for booking in each})
    for changed in timetable.sessions_by_id(bookings.keys()):
        follow = _end_all if changed.status == "cancelled" else _keep_diaries
        follow(bookings[changed.id], changed)


def _keep_diaries(bookings: list[Booking], changed: SessionFacts) -> None:
    """Bring the diaries of those who have a place up to date; tell those for whom something changed."""
    terms = terms_for([changed.organisation_id])
    module = terms.modules[changed.module_id]
    for booking in bookings:
        if booking.answer_by:  # a request must still be answered before the session
            before = last_call(changed.starts_at, terms.settings[changed.organisation_id])
            booking.answer_by = min(booking.answer_by, before)
    placed = [booking for booking in bookings if booking.status == Status.CONFIRMED]
    affected = telling.enter_in_diaries(placed, changed, module)
    standpoints = standpoints_of(affected, terms)
    _look_again(affected)
    for booking in placed:
        if booking.person_id in affected:
            standpoint = standpoints[booking.person_id]
            telling.tell("session_changed", booking, changed, module, standpoint, act=token_hex(8))


def _look_again(person_ids: Collection[int]) -> None:
    """Have it looked at, at the end of the act, whether these people's places still have what they rest on."""
    for person_id in person_ids:
        publish("standing.changed", person_id)


def _end_all(bookings: list[Booking], cancelled: SessionFacts) -> None:
    """End every booking of a cancelled session."""
    terms = terms_for([cancelled.organisation_id])
    module: Any = terms.modules[cancelled.module_id]
    person_ids = [booking.person_id for booking in bookings]
    standpoints = standpoints_of(person_ids, terms)
    diary.withdraw(person_ids, "session", [cancelled.id])
    _look_again(person_ids)
    timetable.lock_sessions([cancelled.id])[cancelled.id].places_taken = 0
    for booking in bookings:
        booking.status = Status.CANCELLED
        booking.ended_at = terms.now
        booking.cancel_reason = "session cancelled"
        booking.lacks_basis_since = booking.release_at = None
        history.note("cancelled", "booking", booking.id, actor_id=None, organisation_id=booking.organisation_id)
        telling.tell("session_cancelled", booking, cancelled, module, standpoints[booking.person_id])
