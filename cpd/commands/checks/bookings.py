"""Places, queues and bookings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from cpd.booking.cascade import bound_bookings, judge
from cpd.booking.models import Booking, SettleRequest
from cpd.booking.places import gather, settle
from cpd.booking.rules import HOLDING, LIVE, Status
from cpd.commands.checks.check import Check, rows_in
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import TrainingSession

LONGEST_WAIT = timedelta(minutes=10)
AT_A_TIME = 1000
LONGEST_OVERDUE = timedelta(days=1)


class _TakenBack(Exception):  # noqa: N818 - how a trial ends
    """A trial is over: its transaction must leave nothing behind."""


def wrong_counts() -> Iterator[str]:
    """Find sessions whose places taken are not their bookings that hold one, or are more than there are."""
    held = (
        select(Booking.training_session_id, func.count().label("bookings"))
        .where(Booking.status.in_(HOLDING), Booking.takes_place)
        .group_by(Booking.training_session_id)
        .subquery()
    )
    bookings = func.coalesce(held.c.bookings, 0)
    rows = db.session.execute(
        select(TrainingSession.id, TrainingSession.places_taken, TrainingSession.capacity, bookings)
        .outerjoin(held, held.c.training_session_id == TrainingSession.id)
        .where(or_(TrainingSession.places_taken != bookings, bookings > TrainingSession.capacity))
        .order_by(TrainingSession.id)
    )
    for session_id, taken, capacity, holding in rows:
        if capacity is not None and holding > capacity:
            yield f"session {session_id} has {holding} of {capacity} places taken"
        if taken != holding:
            yield f"session {session_id} counts {taken} places taken, and {holding} bookings hold one"


def broken_queues() -> Iterator[str]:
    """Find queues in which two have one number, or the next number was given already: positions would be wrong."""
    rows = db.session.execute(
        select(Booking.training_session_id, Booking.request_number, func.count())
        .group_by(Booking.training_session_id, Booking.request_number)
        .having(func.count() > 1)
    )
    for session_id, number, count in rows:
        yield f"session {session_id} gave number {number} to {count} bookings"
    ahead = db.session.execute(
        select(Booking.id, Booking.request_number, TrainingSession.id)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(Booking.request_number >= TrainingSession.next_number)
    )
    for booking_id, number, session_id in ahead:
        yield f"booking {booking_id} has number {number}, which session {session_id} is still to give"


def inconsistent_bookings() -> Iterator[str]:
    """Find bookings whose moments do not fit their status, and live ones of sessions that are not published."""
    ended = Booking.status.not_in(LIVE)
    requested = Booking.status == Status.REQUESTED
    not_asked = or_(Booking.asks.is_(None), Booking.answer_by.is_(None), ~Booking.takes_place)
    faults = (
        (and_(requested, not_asked), "is requested, but not why, until when or for which place"),
        (and_(requested, Booking.agreed_by_id.is_not(None)), "is agreed to, and still requested"),
        (and_(requested, Booking.answer_by < clock.now() - LONGEST_OVERDUE), "should have been answered a day ago"),
        (and_(~requested, Booking.answer_by.is_not(None)), "is to be answered, and keeps no place"),
        (and_(Booking.status == Status.CONFIRMED, Booking.confirmed_at.is_(None)), "is confirmed, but not since when"),
        (and_(ended, Booking.ended_at.is_(None)), "has ended, but not when"),
        (and_(~ended, Booking.ended_at.is_not(None)), "is live, and has ended"),
        (and_(~ended, TrainingSession.status != "published"), "is live, and its session is not published"),
    )
    for holds, words in faults:
        found = select(Booking.id).join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        for booking_id in db.session.scalars(found.where(holds).order_by(Booking.id)):
            yield f"booking {booking_id} {words}"


def doubled_bookings() -> Iterator[str]:
    """Find people with more than one live booking on a session."""
    rows = db.session.execute(
        select(Booking.person_id, Booking.training_session_id, func.count())
        .where(Booking.status.in_(LIVE))
        .group_by(Booking.person_id, Booking.training_session_id)
        .having(func.count() > 1)
    )
    for person_id, session_id, count in rows:
        yield f"person {person_id} has {count} live bookings on session {session_id}"


def doubled_modules() -> Iterator[str]:
    """Find people with more than one place on a module's sessions that are not over; overrides are exempt."""
    rows = db.session.execute(
        select(Booking.person_id, TrainingSession.module_id, func.count())
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(
            Booking.status.in_(HOLDING),
            Booking.takes_place,
            Booking.override_reason.is_(None),
            TrainingSession.status == "published",
            TrainingSession.ends_at > clock.now(),
        )
        .group_by(Booking.person_id, TrainingSession.module_id)
        .having(func.count() > 1)
    )
    for person_id, module_id, count in rows:
        yield f"person {person_id} has {count} places on module {module_id}"


def needless_waits() -> Iterator[str]:
    """Find people who wait for a module on which they have a place, where the wait would not replace that place."""
    here, there = aliased(TrainingSession), aliased(TrainingSession)
    place = aliased(Booking)
    rows = db.session.execute(
        select(Booking.id, place.id)
        .join(here, here.id == Booking.training_session_id)
        .join(place, place.person_id == Booking.person_id)
        .join(there, and_(there.id == place.training_session_id, there.module_id == here.module_id))
        .where(
            Booking.status == Status.WAITING,
            Booking.override_reason.is_(None),
            place.status.in_(HOLDING),
            place.takes_place,
            place.override_reason.is_(None),
            there.starts_at > clock.now(),
            or_(Booking.replaces_id.is_(None), Booking.replaces_id != place.id),
        )
        .order_by(Booking.id)
    )
    for waiting_id, place_id in rows:
        yield f"booking {waiting_id} waits beside the place of booking {place_id}, and would not replace it"


def untold_losses() -> Iterator[str]:
    """Find places of which it is not written that they lack their basis, or have it again (AMB-23)."""
    numbers = db.session.scalars(bound_bookings().with_only_columns(Booking.id)).all()
    for first in range(0, len(numbers), AT_A_TIME):
        wanted = select(Booking).where(Booking.id.in_(numbers[first : first + AT_A_TIME])).order_by(Booking.id)
        for verdict in judge(db.session.scalars(wanted).all()):
            written = verdict.booking.lacks_basis_since is not None
            if verdict.lacks_basis != written:
                words = "has its basis, and is said to lack it" if written else "lacks its basis, and nobody was told"
                yield f"booking {verdict.booking.id} {words}"
        db.session.expunge_all()


def owed_places() -> Iterator[str]:
    """Find free places that somebody on the list could have now.

    Each such session is settled as an act would settle it, and everything is taken back.
    """
    for session_id in db.session.scalars(_worth_a_trial()).all():
        given: list[tuple[int, int]] = []
        with suppress(_TakenBack):
            _try_to_settle(session_id, given)
        for booking_id, person_id in given:
            yield f"session {session_id} owes a place to person {person_id} (booking {booking_id})"


def old_settle_requests() -> Iterator[str]:
    """Find sessions that somebody asked to settle more than ten minutes ago."""
    asked = func.min(SettleRequest.requested_at)
    rows = db.session.execute(
        select(SettleRequest.training_session_id, asked).group_by(SettleRequest.training_session_id)
    )
    for session_id, since in rows:
        if since < clock.real_now() - LONGEST_WAIT:
            yield f"session {session_id} has waited to be settled since {since:%d %B %Y %H:%M} UTC"


def _worth_a_trial() -> Select[int]:
    """Choose the sessions ahead with a free place and a waiting list, unless they are to be settled anyway."""
    waits = exists().where(Booking.training_session_id == TrainingSession.id, Booking.status == Status.WAITING)
    asked = exists().where(SettleRequest.training_session_id == TrainingSession.id)
    return (
        select(TrainingSession.id)
        .where(
            TrainingSession.status == "published",
            TrainingSession.starts_at > clock.now(),
            or_(TrainingSession.capacity.is_(None), TrainingSession.places_taken < TrainingSession.capacity),
            waits,
            ~asked,
        )
        .order_by(TrainingSession.id)
    )


@one_transaction
def _try_to_settle(training_session_id: int, given: list[tuple[int, int]]) -> None:
    """Fill in who would get a place now. Always raises `_TakenBack`, so that nothing stays changed."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    given[:] = [(booking.id, booking.person_id) for booking in settle(training_session, gather([training_session]))]
    raise _TakenBack


CHECKS = (
    Check("places", wrong_counts, rows_in(TrainingSession), "sessions"),
    Check("queues", broken_queues, rows_in(TrainingSession), "sessions"),
    Check("bookings", inconsistent_bookings, rows_in(Booking), "bookings"),
    Check("one booking per session", doubled_bookings, rows_in(Booking), "bookings"),
    Check("one place per module", doubled_modules, rows_in(Booking), "bookings"),
    Check("waits beside a place", needless_waits, rows_in(Booking), "bookings"),
    Check("conditions", untold_losses, rows_in(Booking), "bookings"),
    Check("places owed", owed_places, rows_in(TrainingSession), "sessions"),
    Check("settling", old_settle_requests, rows_in(SettleRequest), "requests"),
)
