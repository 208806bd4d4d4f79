"""Booking, waiting, cancelling and moving: each act is one transaction, or a refusal with every reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cpd.booking import telling
from cpd.booking.facts import named, place_request
from cpd.booking.models import AccessNeed, Booking
from cpd.booking.places import (
    Crowd,
    ask_to_settle_for,
    gather,
    head_number,
    next_number,
    positions_of,
    settle,
)
from cpd.booking.rules import (
    HOLDING,
    LIVE,
    NEVER_OVERRIDDEN,
    Objection,
    Reason,
    Status,
    is_late,
    objections_to,
    working_days_before,
)
from cpd.diary import service as diary
from cpd.people import service as people
from cpd.shared import clock, history
from cpd.shared.clock import LONDON, in_london
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

LONGEST_NEEDS = 500


class BookingRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A place was refused: per session, every reason."""

    def __init__(self, objections: dict[int, list[Objection]]) -> None:
        super().__init__({each: [str(one.reason) for one in all_] for each, all_ in objections.items()})
        self.objections = objections


class CancellingRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A booking could not be cancelled: it has ended already (`ended`), or its session has begun (`begun`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CapacityRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A cut below the places taken: `too_many` people have a place and somebody must say who goes back."""

    def __init__(self, places_taken: int, capacity: int) -> None:
        super().__init__(f"{places_taken} places are taken, {capacity} wanted")
        self.places_taken = places_taken
        self.capacity = capacity


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of asking for one session."""

    booking_id: int
    training_session_id: int
    status: Status


@one_transaction
def book_places(
    person_id: int,
    training_session_ids: Sequence[int],
    *,
    by: int,
    override_reason: str = "",
    access_needs: str = "",
    requested_at: datetime | None = None,
) -> list[Booked]:
    """Ask for places on one or more sessions in one act: all of them, or none and every reason why not.

    The sessions are taken in the order in which they begin, so that an earlier one can open a later one
    (AMB-23, G-12). Where a session is full she waits. `override_reason` lets Workforce Development set
    reasons aside, except that there is nothing to book. `requested_at` is for show only.

    Raises:
        BookingRefused: nothing was booked.
        LookupError: there is no such session that her organisation may see.
    """
    booked, objections = _ask_for_all(
        person_id, training_session_ids, by, override_reason, access_needs=access_needs, requested_at=requested_at
    )
    if objections:
        raise BookingRefused(objections)
    return booked


@one_transaction
def book_what_can(
    person_id: int, training_session_ids: Sequence[int], *, by: int
) -> tuple[list[Booked], dict[int, list[Objection]]]:
    """Ask for places on several sessions in one act: those that can be had, and for the others every reason why not.

    Raises:
        LookupError: there is no such session that her organisation may see.
    """
    return _ask_for_all(person_id, training_session_ids, by)


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
    booking = _fresh(booking_id)
    if booking.status not in LIVE:
        raise CancellingRefused("ended")
    if crowd.terms.now >= training_session.starts_at:
        raise CancellingRefused("begun")
    session = timetable.facts_of(training_session)
    _end(booking, training_session, session, crowd, by=by, reason=reason)
    settle(training_session, crowd)
    ask_to_settle_for([person_id], besides=[training_session_id])
    return Booked(booking.id, training_session_id, Status.CANCELLED)


@one_transaction
def move_booking(booking_id: int, to: int, *, by: int) -> Booked:
    """Change a booking for another session in one step: the old place is given up only when the new one is held.

    Raises:
        BookingRefused: nothing was changed; a full session stands as the reason `full`.
        CancellingRefused: the booking had ended already, or its session has begun.
        LookupError: there is no such booking or session.
    """
    training_session_id, person_id = _whose(booking_id)
    locked = timetable.lock_sessions({training_session_id, to}, people.get_person(person_id).organisation_id)
    crowd = gather(locked.values(), [person_id], frees=True)
    booking = _fresh(booking_id)
    if booking.status not in LIVE:
        raise CancellingRefused("ended")
    old, new = timetable.facts_of(locked[training_session_id]), timetable.facts_of(locked[to])
    if crowd.terms.now >= old.starts_at:
        raise CancellingRefused("begun")
    crowd.standpoints[person_id] = crowd.standpoints[person_id].without(booking_id)
    against = [] if old.module_id == new.module_id else [Objection(Reason.BOOKED_ON_ANOTHER, session_id=old.id)]
    if against := against + _objections(crowd, person_id, new, overridden=bool(booking.override_reason)):
        raise BookingRefused({to: against})
    moved = _ask(locked[to], new, crowd, person_id, by, booking.override_reason or "", None)
    if moved.status == Status.WAITING:
        raise BookingRefused({to: [Objection(Reason.FULL)]})
    _move_needs(booking, moved, new, crowd)
    _end(booking, locked[training_session_id], old, crowd, by=by, reason="moved", silently=True)
    settle(locked[training_session_id], crowd)
    ask_to_settle_for([person_id], besides=locked.keys())
    return Booked(moved.id, to, Status(moved.status))


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
    return [booking.id for booking in back]


@one_transaction
def erase_access_needs() -> int:
    """Erase what people said about access and diet once its time is over; returns how many (B8)."""
    due = db.session.scalars(select(AccessNeed).where(AccessNeed.erase_after <= clock.now())).all()
    for need in due:
        db.session.delete(need)
    return len(due)


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
) -> tuple[list[Booked], dict[int, list[Objection]]]:
    """Ask for each session in the order in which they begin, so that an earlier one can open a later one."""
    locked = timetable.lock_sessions(set(training_session_ids), people.get_person(person_id).organisation_id)
    crowd = gather(locked.values(), [person_id])
    facts = sorted((timetable.facts_of(each) for each in locked.values()), key=lambda each: each.starts_at)
    objections: dict[int, list[Objection]] = {}
    booked = []
    for session in facts:
        if against := _objections(crowd, person_id, session, overridden=bool(override_reason)):
            objections[session.id] = against
            continue
        booking = _ask(locked[session.id], session, crowd, person_id, by, override_reason, requested_at)
        if access_needs:
            _keep_needs(booking, access_needs, session, crowd)
        booked.append(Booked(booking.id, session.id, Status(booking.status)))
    ask_to_settle_for([person_id], besides=locked.keys())
    return booked, objections


def _objections(crowd: Crowd, person_id: int, session: SessionFacts, *, overridden: bool) -> list[Objection]:
    """List what stands against her place, less what Workforce Development has set aside."""
    request = place_request(crowd.standpoints[person_id], session, crowd.terms)
    against = named(objections_to(request, crowd.terms.now, crowd.terms.today), crowd.terms)
    return [each for each in against if each.reason in NEVER_OVERRIDDEN] if overridden else against


def _ask(
    training_session: TrainingSession,
    session: SessionFacts,
    crowd: Crowd,
    person_id: int,
    by: int,
    override_reason: str,
    requested_at: datetime | None,
) -> Booking:
    """Put her at the end of the list, then settle: a free place is hers only if nobody before her is owed it."""
    module = crowd.terms.modules[session.module_id]
    drop_in = module.booking_mode == "drop_in"
    booking = Booking(
        organisation_id=training_session.organisation_id,
        person_id=person_id,
        training_session_id=training_session.id,
        status=Status.CONFIRMED if drop_in else Status.WAITING,
        takes_place=not drop_in,
        request_number=next_number(training_session),
        requested_at=requested_at or crowd.terms.now,
        confirmed_at=crowd.terms.now if drop_in else None,
        booked_by_id=by,
        override_reason=override_reason or None,
    )
    db.session.add(booking)
    db.session.flush()
    _remember(booking, "asked", by=by, reason=override_reason or None)
    crowd.newcomers.add(booking.id)
    standpoint = crowd.standpoints[person_id]
    days = [(day.starts_at, day.ends_at) for day in session.days]
    crowd.standpoints[person_id] = standpoint.having(telling.held(booking, session), days, module)
    if drop_in:
        telling.enter_in_diaries([booking], session, module)
        return booking
    settle(training_session, crowd)
    if booking.status == Status.WAITING:
        telling.tell("waiting", booking, session, module, standpoint, position=positions_of([booking.id])[booking.id])
    return booking


def _end(
    booking: Booking,
    training_session: TrainingSession,
    session: SessionFacts,
    crowd: Crowd,
    *,
    by: int | None,
    reason: str,
    silently: bool = False,
) -> None:
    """End a live booking: the place is free again, and the diary says so."""
    module = crowd.terms.modules[session.module_id]
    if booking.status in HOLDING and booking.takes_place:
        training_session.places_taken -= 1
        booking.cancelled_late = is_late(crowd.terms.now, session.starts_at, _cut_off(session, crowd))
    booking.status = Status.CANCELLED
    booking.ended_at = crowd.terms.now
    booking.cancel_reason = reason or None
    standpoint = crowd.standpoints[booking.person_id]
    crowd.standpoints[booking.person_id] = standpoint.without(booking.id)
    diary.withdraw([booking.person_id], "session", [session.id])
    _remember(booking, "cancelled", by=by, reason=reason or None)
    if not silently:
        telling.tell("cancelled", booking, session, module, standpoint, reason=reason)


def _send_back(booking: Booking, training_session: TrainingSession, session: SessionFacts, crowd: Crowd) -> None:
    """Turn a place back into the first position on the waiting list."""
    training_session.places_taken -= 1
    booking.status = Status.WAITING
    booking.confirmed_at = None
    booking.request_number = head_number(training_session.id)
    db.session.flush()
    diary.withdraw([booking.person_id], "session", [session.id])
    _remember(booking, "sent_back", by=None, reason="fewer places")
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


def _cut_off(session: SessionFacts, crowd: Crowd) -> datetime:
    """Return the moment from which giving a place back is late (AMB-35)."""
    days = crowd.terms.settings[session.organisation_id].late_cancellation_working_days
    start = in_london(session.starts_at)
    return datetime.combine(working_days_before(start.date(), days), start.time(), LONDON)


def _keep_needs(booking: Booking, needs: str, session: SessionFacts, crowd: Crowd) -> None:
    """Keep what she needs on the day until some days after it (B8)."""
    days = crowd.terms.settings[session.organisation_id].access_needs_kept_days
    db.session.add(
        AccessNeed(
            booking_id=booking.id, needs=needs[:LONGEST_NEEDS], erase_after=session.ends_at + timedelta(days=days)
        )
    )


def _move_needs(old: Booking, new: Booking, session: SessionFacts, crowd: Crowd) -> None:
    """Take along to the new session what she needs on the day."""
    if kept := db.session.get(AccessNeed, old.id):
        _keep_needs(new, kept.needs, session, crowd)
        db.session.delete(kept)


def _remember(booking: Booking, verb: str, *, by: int | None, reason: str | None) -> None:
    """Write the history of a booking."""
    history.note(
        verb,
        "booking",
        booking.id,
        actor_id=by,
        organisation_id=booking.organisation_id,
        reason=reason,
        after={"status": str(booking.status), "training_session_id": booking.training_session_id},
        happened_at=booking.requested_at if verb == "asked" else None,
    )


def _whose(booking_id: int) -> tuple[int, int]:
    """Return session and person of a booking. Raises LookupError where there is none."""
    wanted = select(Booking.training_session_id, Booking.person_id).where(Booking.id == booking_id)
    found = db.session.execute(wanted).one_or_none() if 0 < booking_id <= LARGEST_ID else None
    if found is None:
        raise LookupError(f"There is no booking {booking_id}")
    return found[0], found[1]


def _fresh(booking_id: int) -> Booking:
    """Read a booking again under the locks."""
    return db.session.get_one(Booking, booking_id, populate_existing=True)
