"""Giving places: `settle` is the only code that does, under the lock of the session.

A free place goes to the first on the list who still qualifies and is free that day. Whoever is passed
over keeps her position, and the reason is written down. A newcomer is put at the end of the list
first, so she can never take a place that somebody before her is owed (G-6).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from cpd.booking import telling
from cpd.booking.facts import Standpoint, Terms, place_request, standpoints_of, terms_for
from cpd.booking.models import Booking, SettleRequest
from cpd.booking.rules import Reason, Status, objections_to
from cpd.people import service as people
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, run_afterwards
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

BOOKING_HOURS = frozenset({Reason.NOT_YET_OPEN, Reason.CLOSED})
"""These bind whoever asks anew, not somebody who has been waiting."""


@dataclass(slots=True)
class Crowd:
    """The people of one act, each loaded and locked once; `newcomers` are the bookings that it makes."""

    terms: Terms
    standpoints: dict[int, Standpoint] = field(default_factory=dict)
    newcomers: set[int] = field(default_factory=set)

    def load(self, person_ids: Collection[int]) -> None:
        """Load whoever is not known yet."""
        if missing := [each for each in person_ids if each not in self.standpoints]:
            self.standpoints.update(standpoints_of(missing, self.terms))


def gather(
    training_sessions: Collection[TrainingSession], person_ids: Collection[int] = (), *, frees: bool = False
) -> Crowd:
    """Lock everybody whom an act on these locked sessions may touch: those named and those who may move up.

    `frees` says that the act itself may free a place. All are locked at once, lowest id first.
    """
    with_places = [each.id for each in training_sessions if frees or _has_place(each)]
    waiting = _waiting_persons(with_places) if with_places else []
    people.lock_persons({*person_ids, *waiting})
    crowd = Crowd(terms_for({each.organisation_id for each in training_sessions}))
    crowd.load(person_ids)
    return crowd


def settle(training_session: TrainingSession, crowd: Crowd) -> list[Booking]:
    """Give the free places of a locked session to whoever is owed them; returns who got one."""
    if not _has_place(training_session) or training_session.status != "published":
        return []
    waiting = _queue(training_session.id)
    if not waiting or crowd.terms.now >= training_session.starts_at:
        return []
    crowd.load([booking.person_id for booking in waiting])
    session = timetable.facts_of(training_session)
    given = []
    for booking in waiting:
        if not _has_place(training_session):
            break
        if reason := _reason_to_pass_over(booking, session, crowd):
            _pass_over(booking, reason)
            continue
        training_session.places_taken += 1
        _confirm(booking, session, crowd)
        given.append(booking)
    telling.enter_in_diaries(given, session, crowd.terms.modules[session.module_id])
    return given


def ask_to_settle_for(person_ids: Collection[int], besides: Collection[int] = ()) -> None:
    """Note down the other sessions with a free place for which these people wait: they may be able to come now."""
    wanted = (
        select(Booking.training_session_id)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(
            Booking.person_id.in_(person_ids),
            Booking.status == Status.WAITING,
            Booking.training_session_id.not_in(besides),
            TrainingSession.starts_at > clock.now(),
            (TrainingSession.capacity.is_(None)) | (TrainingSession.places_taken < TrainingSession.capacity),
        )
        .distinct()
    )
    for training_session_id in db.session.scalars(wanted).all():
        db.session.add(SettleRequest(training_session_id=training_session_id, requested_at=clock.real_now()))
        run_afterwards(settle_what_was_asked)


def settle_what_was_asked() -> int:
    """Settle each session noted down, one transaction each; returns how many there were."""
    asked = sorted(set(db.session.scalars(select(SettleRequest.training_session_id))))
    for training_session_id in asked:
        settle_session(training_session_id)
    return len(asked)


@one_transaction
def settle_session(training_session_id: int) -> None:
    """Lock one session and give its free places."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    for request in db.session.scalars(
        select(SettleRequest).where(SettleRequest.training_session_id == training_session_id)
    ):
        db.session.delete(request)
    settle(training_session, gather([training_session]))


def _has_place(training_session: TrainingSession) -> bool:
    """Say whether a place is free."""
    return training_session.capacity is None or training_session.places_taken < training_session.capacity


def _waiting_persons(training_session_ids: Collection[int]) -> list[int]:
    """List who waits for these sessions."""
    wanted = select(Booking.person_id).where(
        Booking.training_session_id.in_(training_session_ids), Booking.status == Status.WAITING
    )
    return list(db.session.scalars(wanted.distinct()))


def _queue(training_session_id: int) -> list[Booking]:
    """Read the waiting list in its order, fresh under the locks."""
    db.session.flush()
    wanted = (
        select(Booking)
        .where(Booking.training_session_id == training_session_id, Booking.status == Status.WAITING)
        .order_by(Booking.request_number)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(wanted))


def _reason_to_pass_over(booking: Booking, session: SessionFacts, crowd: Crowd) -> Reason | None:
    """Say why somebody on the list cannot have the free place now, or None when it is hers."""
    terms = crowd.terms
    settings = terms.settings[session.organisation_id]
    last_call = session.starts_at - timedelta(hours=settings.no_promotion_hours_before)
    if booking.requested_at < last_call <= terms.now:
        return Reason.TOO_LATE_TO_PROMOTE
    if booking.override_reason:
        return None
    standpoint = crowd.standpoints[booking.person_id].without(booking.id)
    objections = objections_to(place_request(standpoint, session, terms), terms.now, terms.today)
    return next((each.reason for each in objections if each.reason not in BOOKING_HOURS), None)


def _pass_over(booking: Booking, reason: Reason) -> None:
    """Write down why she was passed over; she keeps her position."""
    if booking.passed_over_reason != reason:
        booking.passed_over_reason = reason
        booking.passed_over_at = clock.now()


def _confirm(booking: Booking, session: SessionFacts, crowd: Crowd) -> None:
    """Make a waiting booking a place."""
    booking.status = Status.CONFIRMED
    booking.confirmed_at = crowd.terms.now
    booking.passed_over_reason = None
    booking.passed_over_at = None
    module = crowd.terms.modules[session.module_id]
    held = telling.held(booking, session)
    days = [(day.starts_at, day.ends_at) for day in session.days]
    standpoint = crowd.standpoints[booking.person_id].without(booking.id)
    rests_on = place_request(standpoint, session, crowd.terms).standing.rests_on()
    crowd.standpoints[booking.person_id] = standpoint.having(held, days, module)
    kind = "promoted" if booking.id not in crowd.newcomers else "booked_on_condition" if rests_on else "booked"
    telling.tell(kind, booking, session, module, crowd.standpoints[booking.person_id], rests_on=rests_on)
    history.note(
        "confirmed",
        "booking",
        booking.id,
        actor_id=None,
        organisation_id=booking.organisation_id,
        after={"training_session_id": session.id, "request_number": booking.request_number},
    )


def next_number(training_session: TrainingSession) -> int:
    """Give the next number in the order of requests, under the session's lock."""
    number = training_session.next_number
    training_session.next_number += 1
    return number


def head_number(training_session_id: int) -> int:
    """Give a number before everybody: for somebody who is sent back to the head of the list."""
    lowest = db.session.scalar(
        select(func.min(Booking.request_number)).where(Booking.training_session_id == training_session_id)
    )
    return (1 if lowest is None else min(lowest, 1)) - 1


def positions_of(booking_ids: Collection[int]) -> dict[int, int]:
    """Count each waiting booking's position, from 1: one query."""
    rows = db.session.execute(_POSITIONS, {"booking_ids": list(booking_ids)})
    return {row[0]: row[1] for row in rows}


_BEFORE = aliased(Booking)
_POSITIONS = (
    select(Booking.id, func.count(_BEFORE.id))
    .join(_BEFORE, _BEFORE.training_session_id == Booking.training_session_id)
    .where(
        Booking.id.in_(bindparam("booking_ids", expanding=True)),
        _BEFORE.status == Status.WAITING,
        _BEFORE.request_number <= Booking.request_number,
    )
    .group_by(Booking.id)
)
"""Put together once, since every booking and every page asks it."""


def waiting_counts(training_session_ids: Collection[int]) -> dict[int, int]:
    """Count who waits for each of these sessions: one query."""
    wanted = (
        select(Booking.training_session_id, func.count())
        .where(Booking.training_session_id.in_(training_session_ids), Booking.status == Status.WAITING)
        .group_by(Booking.training_session_id)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}
