"""Giving places: `settle` is the only code that does, under the lock of the session.

A free place goes to the first on the list who still qualifies and is free that day. Whoever is passed
over keeps her position, and the reason is written down. A newcomer is put at the end of the list
first, so she can never take a place that somebody before her is owed (G-6).

Whoever gets a place leaves the other lists of that module. A waiting booking may replace the place that
she has on another session of it: the two are exchanged in one step, so that she always has one of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from cpd.booking import telling
from cpd.booking.deadlines import answered_by, last_call
from cpd.booking.facts import Standpoint, Terms, place_request, standpoints_of, terms_for
from cpd.booking.models import Booking, SettleRequest
from cpd.booking.rules import ASKABLE, HOLDING, Reason, Status, objections_to
from cpd.diary import service as diary
from cpd.people import service as people
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, publish, run_afterwards
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

BROUGHT_IN = "brought_in"
"""What the history calls a place that was promised before this system was used: nobody is told of it."""

BOOKING_HOURS = frozenset({Reason.NOT_YET_OPEN, Reason.CLOSED})
"""These bind whoever asks anew, not somebody who has been waiting."""


@dataclass(slots=True)
class Crowd:
    """The people of one act, each loaded and locked once; `newcomers` are the bookings that it makes.

    `sessions` are those that the act has locked, by id. `promised` are bookings brought in from elsewhere whose
    places were given before: they get them in their order, nobody judges them anew, and nobody is told.
    """

    terms: Terms
    sessions: dict[int, TrainingSession] = field(default_factory=dict)
    standpoints: dict[int, Standpoint] = field(default_factory=dict)
    newcomers: set[int] = field(default_factory=set)
    promised: set[int] = field(default_factory=set)

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
    sessions = {each.id: each for each in training_sessions}
    crowd = Crowd(terms_for({each.organisation_id for each in training_sessions}), sessions)
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
    replaced = _replaced_by(waiting, crowd.terms.now)
    given = []
    for booking in waiting:
        if not _has_place(training_session):
            break
        old = replaced.get(booking.replaces_id)
        if old and old.training_session_id not in crowd.sessions:
            ask_to_settle([training_session.id])  # again, with that session locked too; nobody overtakes her meanwhile
            break
        if reason := _reason_to_pass_over(booking, old, session, crowd):
            _pass_over(booking, reason)
            continue
        training_session.places_taken += 1
        before = _give_up(old, crowd) if old else None
        if booking.asks and booking.agreed_by_id is None:
            _keep_until_answered(booking, session, crowd)
        else:
            _confirm(booking, before, session, crowd)
        given.append(booking)
    confirmed = [booking for booking in given if booking.status == Status.CONFIRMED]
    telling.enter_in_diaries(confirmed, session, crowd.terms.modules[session.module_id])
    if elsewhere := [booking.person_id for booking in given if crowd.standpoints[booking.person_id].waits]:
        ask_to_settle_for(elsewhere, besides=[training_session.id])  # what they have now may open what they wait for
    return given


def confirm_agreed(booking: Booking, session: SessionFacts, crowd: Crowd) -> None:
    """Make hers the place that was kept for her, now that somebody has agreed to it."""
    _confirm(booking, None, session, crowd, kind="request_agreed")
    telling.enter_in_diaries([booking], session, crowd.terms.modules[session.module_id])


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
    ask_to_settle(db.session.scalars(wanted).all())


def ask_to_settle(training_session_ids: Collection[int]) -> None:
    """Note down sessions that are to be settled in transactions of their own, right after this one."""
    for training_session_id in training_session_ids:
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
    """Lock one session, and those whose places are exchanged for one on it, and give its free places."""
    locked = timetable.lock_sessions({training_session_id, *_sessions_replaced(training_session_id)})
    for request in db.session.scalars(
        select(SettleRequest).where(SettleRequest.training_session_id == training_session_id)
    ):
        db.session.delete(request)
    settle(locked[training_session_id], gather(locked.values()))


def end_booking(
    booking: Booking, crowd: Crowd, *, by: int | None, reason: str, status: Status = Status.CANCELLED
) -> Standpoint:
    """End a live booking of a locked session: its place is free again, and the diary says so.

    Returns where she stood before. Nobody is told, and nobody moves up: that is the caller's.
    """
    training_session = crowd.sessions[booking.training_session_id]
    if booking.status in HOLDING and booking.takes_place:
        training_session.places_taken -= 1
    booking.status = status
    booking.ended_at = crowd.terms.now
    booking.cancel_reason = reason or None
    booking.lacks_basis_since = booking.release_at = booking.answer_by = None
    standpoint = crowd.standpoints[booking.person_id]
    crowd.standpoints[booking.person_id] = standpoint.without(booking.id)
    diary.withdraw([booking.person_id], "session", [training_session.id])
    remember(booking, "cancelled", by=by, reason=reason or None)
    return standpoint


def remember(booking: Booking, verb: str, *, by: int | None, reason: str | None = None) -> None:
    """Write the history of a booking; what else its person has may rest on it."""
    if booking.status != Status.WAITING or verb == "sent_back":
        publish("standing.changed", booking.person_id)
    history.note(
        verb,
        "booking",
        booking.id,
        actor_id=by,
        organisation_id=booking.organisation_id,
        reason=reason,
        after={
            "status": str(booking.status),
            "training_session_id": booking.training_session_id,
            "request_number": booking.request_number,
        },
        happened_at=booking.requested_at if verb in ("asked", BROUGHT_IN) else None,
    )


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


def _sessions_replaced(training_session_id: int) -> list[int]:
    """List the sessions on which people who wait for this one have the place that they would exchange."""
    replaced = aliased(Booking)
    wanted = (
        select(replaced.training_session_id)
        .join(Booking, Booking.replaces_id == replaced.id)
        .where(
            Booking.training_session_id == training_session_id,
            Booking.status == Status.WAITING,
            replaced.status.in_(HOLDING),
        )
    )
    return list(db.session.scalars(wanted.distinct()))


def _replaced_by(waiting: Collection[Booking], now: datetime) -> dict[int | None, Booking]:
    """Read the places that these waiting bookings would replace, by id: those still held on sessions not yet begun."""
    ids = [booking.replaces_id for booking in waiting if booking.replaces_id]
    if not ids:
        return {}
    wanted = (
        select(Booking)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(Booking.id.in_(ids), Booking.status.in_(HOLDING), TrainingSession.starts_at > now)
        .execution_options(populate_existing=True)
    )
    return {booking.id: booking for booking in db.session.scalars(wanted)}


def _give_up(old: Booking, crowd: Crowd) -> SessionFacts:
    """End the place that another now replaces; whoever waits for it comes next. Returns its session."""
    end_booking(old, crowd, by=None, reason="moved")
    if _waiting_persons([old.training_session_id]):
        ask_to_settle([old.training_session_id])
    return timetable.facts_of(crowd.sessions[old.training_session_id])


def _leave_other_lists(person_id: int, session: SessionFacts, crowd: Crowd) -> None:
    """End what else she waits for of a module now that she has a place on it; nobody else loses by that."""
    standpoint = crowd.standpoints[person_id]
    ids = [
        held.id for held in standpoint.bookings if held.status is Status.WAITING and held.module_id == session.module_id
    ]
    for other in db.session.scalars(select(Booking).where(Booking.id.in_(ids))) if ids else ():
        other.status = Status.CANCELLED
        other.ended_at = crowd.terms.now
        other.cancel_reason = "place elsewhere"
        standpoint = standpoint.without(other.id)
        remember(other, "cancelled", by=None, reason=other.cancel_reason)
    crowd.standpoints[person_id] = standpoint


def _reason_to_pass_over(booking: Booking, old: Booking | None, session: SessionFacts, crowd: Crowd) -> Reason | None:
    """Say why somebody on the list cannot have the free place now, or None when it is hers.

    It is judged as if she had given back the place that it replaces (`old`).
    """
    terms = crowd.terms
    settings = terms.settings[session.organisation_id]
    if booking.id in crowd.promised:
        return None
    is_moving_up = booking.id not in crowd.newcomers
    if is_moving_up and booking.requested_at < last_call(session.starts_at, settings) <= terms.now:
        return Reason.TOO_LATE_TO_PROMOTE
    if booking.override_reason:
        return None
    standpoint = crowd.standpoints[booking.person_id].without(booking.id)
    standpoint = standpoint.without(old.id) if old else standpoint
    objections = objections_to(place_request(standpoint, session, terms), terms.now, terms.today)
    aside = BOOKING_HOURS | ASKABLE if booking.asks else BOOKING_HOURS
    return next((each.reason for each in objections if each.reason not in aside), None)


def _pass_over(booking: Booking, reason: Reason) -> None:
    """Write down why she was passed over; she keeps her position."""
    if booking.passed_over_reason != reason:
        booking.passed_over_reason = reason
        booking.passed_over_at = clock.now()


def _keep_until_answered(booking: Booking, session: SessionFacts, crowd: Crowd) -> None:
    """Keep a place for somebody who asked for it: it is hers once Workforce Development agrees (AMB-34)."""
    terms, module = crowd.terms, crowd.terms.modules[session.module_id]
    booking.status = Status.REQUESTED
    booking.answer_by = answered_by(terms.now, session.starts_at, terms.settings[session.organisation_id])
    booking.passed_over_reason = None
    booking.passed_over_at = None
    days = [(day.starts_at, day.ends_at) for day in session.days]
    standpoint = crowd.standpoints[booking.person_id].without(booking.id)
    crowd.standpoints[booking.person_id] = standpoint.having(telling.held(booking, session), days, module)
    remember(booking, "requested", by=None)
    telling.tell("place_requested", booking, session, module, standpoint, answer_by=booking.answer_by.isoformat())


def _confirm(
    booking: Booking, before: SessionFacts | None, session: SessionFacts, crowd: Crowd, *, kind: str = ""
) -> None:
    """Make a waiting or requested booking a place; `before` is the session of the place that it replaces.

    `kind` is what she is told, where it is not what follows from how she came to it.
    """
    booking.status = Status.CONFIRMED
    booking.answer_by = None
    booking.confirmed_at = crowd.terms.now
    booking.passed_over_reason = None
    booking.passed_over_at = None
    module = crowd.terms.modules[session.module_id]
    held = telling.held(booking, session)
    days = [(day.starts_at, day.ends_at) for day in session.days]
    standpoint = crowd.standpoints[booking.person_id].without(booking.id)
    rests_on = place_request(standpoint, session, crowd.terms).standing.rests_on()
    crowd.standpoints[booking.person_id] = standpoint.having(held, days, module)
    _leave_other_lists(booking.person_id, session, crowd)
    remember(booking, "confirmed", by=None)
    standpoint = crowd.standpoints[booking.person_id]
    if booking.id in crowd.promised:
        return
    if before:
        was = telling.days_of(before)
        telling.tell("moved", booking, session, module, standpoint, rests_on=rests_on, days_before=was)
        return
    if not kind:
        kind = "promoted" if booking.id not in crowd.newcomers else "booked_on_condition" if rests_on else "booked"
    telling.tell(kind, booking, session, module, standpoint, rests_on=rests_on)


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
