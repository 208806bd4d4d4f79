"""Booking, waiting, cancelling and moving: each act is one transaction, or a refusal with every reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cpd.booking import telling
from cpd.booking.deadlines import can_be_asked, is_given_back_late
from cpd.booking.facts import named, place_request
from cpd.booking.models import Booking
from cpd.booking.needs import keep_needs, move_needs
from cpd.booking.places import (
    Crowd,
    ask_to_settle_for,
    end_booking,
    gather,
    next_number,
    positions_of,
    remember,
    settle,
)
from cpd.booking.rules import (
    HOLDING,
    LIVE,
    NEVER_OVERRIDDEN,
    Objection,
    Reason,
    Status,
    objections_to,
)
from cpd.booking.wording import say_reason
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


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
    booking = _fresh(booking_id)
    if booking.status not in LIVE:
        raise CancellingRefused("ended")
    if crowd.terms.now >= training_session.starts_at:
        raise CancellingRefused("begun")
    session = timetable.facts_of(training_session)
    _end(booking, session, crowd, by=by, reason=reason)
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
    against = [] if old.module_id == new.module_id else [Objection(Reason.BOOKED_ON_ANOTHER, session_id=old.id)]
    if against := against + _objections(crowd, person_id, new, booking, overridden=bool(booking.override_reason)):
        raise BookingRefused({to: against})
    late = _is_late(booking, old, crowd)
    moved = _ask(locked[to], new, crowd, person_id, by, override_reason=booking.override_reason, replaces=booking)
    if moved.status == Status.WAITING:
        raise BookingRefused({to: [Objection(Reason.FULL)]})
    booking.cancelled_late = late
    if booking.status in LIVE:  # a drop-in, which replaces nothing
        end_booking(booking, crowd, by=by, reason="moved")
    move_needs(booking, moved, new, crowd.terms)
    ask_to_settle_for([person_id], besides=locked.keys())
    return Booked(moved.id, to, Status(moved.status))


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
    place = kept and _fresh(kept.id)
    place = place if place and place.status in HOLDING else None
    facts = sorted(
        (timetable.facts_of(locked[each]) for each in set(training_session_ids)), key=lambda each: each.starts_at
    )
    if len({each.module_id for each in facts}) > 1:
        raise ValueError("Those are dates of several modules")
    booked, objections = [], {}
    for session in facts:
        if against := _objections(crowd, person_id, session, place, overridden=False):
            objections[session.id] = against
            continue
        booking = _ask(locked[session.id], session, crowd, person_id, by, replaces=place)
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
        against = _objections(crowd, person_id, session, overridden=bool(override_reason))
        asked = asks if _can_be_asked(against, session, crowd) else ""
        if against and not asked:
            objections[session.id] = against
            continue
        booking = _ask(
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


def _objections(
    crowd: Crowd, person_id: int, session: SessionFacts, replaced: Booking | None = None, *, overridden: bool
) -> list[Objection]:
    """List what stands against her place, less what Workforce Development has set aside.

    It is judged as if the place that this one is to replace had been given back; what was asked for that
    place is asked for this one too.
    """
    standpoint = crowd.standpoints[person_id]
    if replaced and replaced.training_session_id != session.id:
        standpoint = standpoint.without(replaced.id)
    request = place_request(standpoint, session, crowd.terms)
    against = named(objections_to(request, crowd.terms.now, crowd.terms.today), crowd.terms)
    if replaced and replaced.asks and _can_be_asked(against, session, crowd):
        return []
    return [each for each in against if each.reason in NEVER_OVERRIDDEN] if overridden else against


def _can_be_asked(against: Sequence[Objection], session: SessionFacts, crowd: Crowd) -> bool:
    """Say whether Workforce Development can be asked to set these reasons aside, and in time."""
    terms = crowd.terms
    module, settings = terms.modules[session.module_id], terms.settings[session.organisation_id]
    return can_be_asked(against, session, module, settings, terms.now)


def _ask(
    training_session: TrainingSession,
    session: SessionFacts,
    crowd: Crowd,
    person_id: int,
    by: int,
    *,
    override_reason: str | None = None,
    requested_at: datetime | None = None,
    replaces: Booking | None = None,
    asks: str = "",
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
        replaces_id=replaces.id if replaces else None,
        asks=asks or (replaces.asks if replaces else None),
        agreed_by_id=replaces.agreed_by_id if replaces else None,
    )
    db.session.add(booking)
    db.session.flush()
    remember(booking, "asked", by=by, reason=override_reason or None)
    crowd.newcomers.add(booking.id)
    standpoint = crowd.standpoints[person_id]
    days = [(day.starts_at, day.ends_at) for day in session.days]
    crowd.standpoints[person_id] = standpoint.having(telling.held(booking, session), days, module)
    if drop_in:
        telling.enter_in_diaries([booking], session, module)
        return booking
    settle(training_session, crowd)
    if booking.status == Status.WAITING:
        position = positions_of([booking.id])[booking.id]
        asked, keeps = _is_unanswered(booking), replaces is not None
        telling.tell("waiting", booking, session, module, standpoint, position=position, asked=asked, keeps=keeps)
    return booking


def _is_unanswered(booking: Booking) -> bool:
    """Say whether she asked for it and nobody has answered."""
    return booking.asks is not None and booking.agreed_by_id is None


def _end(booking: Booking, session: SessionFacts, crowd: Crowd, *, by: int, reason: str) -> None:
    """End a live booking that somebody gives back, late or in time, and tell her."""
    booking.cancelled_late = _is_late(booking, session, crowd)
    standpoint = end_booking(booking, crowd, by=by, reason=reason)
    telling.tell(
        "cancelled", booking, session, crowd.terms.modules[session.module_id], standpoint, reason=say_reason(reason)
    )


def _is_late(booking: Booking, session: SessionFacts, crowd: Crowd) -> bool:
    """Say whether giving a booking back now is late (AMB-35): a position or a drop-in never is."""
    settings = crowd.terms.settings[session.organisation_id]
    return is_given_back_late(
        booking.status, session.starts_at, settings, crowd.terms.now, takes_place=booking.takes_place
    )


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


def _fresh(booking_id: int) -> Booking:
    """Read a booking again under the locks."""
    return db.session.get_one(Booking, booking_id, populate_existing=True)
