"""What every act on bookings is made of: judging a place, asking for it, ending one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cpd.booking import telling
from cpd.booking.deadlines import can_be_asked, is_given_back_late
from cpd.booking.facts import named, place_request
from cpd.booking.models import Booking
from cpd.booking.places import Crowd, end_booking, next_number, positions_of, remember, settle
from cpd.booking.rules import NEVER_OVERRIDDEN, Objection, Status, objections_to
from cpd.booking.wording import say_reason
from cpd.shared.database import db
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


def objections_against(
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
    if replaced and replaced.asks and may_be_asked(against, session, crowd):
        return []
    return [each for each in against if each.reason in NEVER_OVERRIDDEN] if overridden else against


def may_be_asked(against: Sequence[Objection], session: SessionFacts, crowd: Crowd) -> bool:
    """Say whether Workforce Development can be asked to set these reasons aside, and in time."""
    terms = crowd.terms
    module, settings = terms.modules[session.module_id], terms.settings[session.organisation_id]
    return can_be_asked(against, session, module, settings, terms.now)


def ask(
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


def give_back(booking: Booking, session: SessionFacts, crowd: Crowd, *, by: int, reason: str) -> None:
    """End a live booking that somebody gives back, late or in time, and tell her."""
    booking.cancelled_late = is_late(booking, session, crowd)
    standpoint = end_booking(booking, crowd, by=by, reason=reason)
    telling.tell(
        "cancelled", booking, session, crowd.terms.modules[session.module_id], standpoint, reason=say_reason(reason)
    )


def is_late(booking: Booking, session: SessionFacts, crowd: Crowd) -> bool:
    """Say whether giving a booking back now is late (AMB-35): a position or a drop-in never is."""
    settings = crowd.terms.settings[session.organisation_id]
    return is_given_back_late(
        booking.status, session.starts_at, settings, crowd.terms.now, takes_place=booking.takes_place
    )


def fresh(booking_id: int) -> Booking:
    """Read a booking again under the locks."""
    return db.session.get_one(Booking, booking_id, populate_existing=True)
