"""Asking Workforce Development for a place that is not meant for one, or needs its agreement (G-7, AMB-34).

A request holds a place until it is answered, or waits its turn like any other; nothing counts on it before.
Nobody falls through: whoever can answer is told at once and again a day before, and a request that nobody
answered in time ends with the place given on, and both sides told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from cpd.booking import service as booking_service
from cpd.booking import telling
from cpd.booking.facts import named, place_request, terms_for
from cpd.booking.models import Booking
from cpd.booking.places import (
    BOOKING_HOURS,
    Crowd,
    ask_to_settle_for,
    confirm_agreed,
    end_booking,
    gather,
    positions_of,
    remember,
    settle,
)
from cpd.booking.rules import ASKABLE, LIVE, LONGEST_ASKS, Objection, Status, objections_to
from cpd.booking.service import Booked
from cpd.people import service as people
from cpd.shared import clock, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

NOTICE = timedelta(days=1)
"""So long before a request must be answered, whoever can answer it is reminded."""

NOT_IN_TIME = "not answered in time"


class AnsweringRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A request could not be answered: it has been (`answered`), or has ended (`ended`).

    Or she cannot have the place now (`objections`): for what, besides that to which one can agree.
    """

    def __init__(self, reason: str, objections: Sequence[Objection] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.objections = objections


@one_transaction
def ask_for_place(person_id: int, training_session_id: int, words: str, *, by: int) -> Booked:
    """Ask for a place to which Workforce Development must agree, and say why it is needed.

    A free place is kept for her until it is answered; where there is none she waits with her request. Where
    nobody need agree, the place is simply booked.

    Raises:
        BookingRefused: something else stands against it, or it is too late to be answered.
        LookupError: there is no such session that her organisation may see.
    """
    (booked,) = booking_service.book_places(person_id, [training_session_id], by=by, asks=words[:LONGEST_ASKS])
    booking = db.session.get_one(Booking, booked.booking_id)
    if booking.asks:
        crowd = Crowd(terms_for([booking.organisation_id]))
        crowd.load([person_id])
        (session,) = timetable.sessions_by_id([training_session_id])
        _tell_officers("place_asked_for", [booking], session, crowd)
    return booked


@one_transaction
def answer_request(booking_id: int, *, agreed: bool, by: int, reason: str = "") -> Booked:
    """Answer a request: with yes the place is hers, or her turn will come; with no it goes to the next.

    Before a yes everything else is looked at anew, for a place that is kept is not in her diary yet.

    Raises:
        AnsweringRefused: it was answered already, has ended, or something else stands against a yes.
        LookupError: nobody asked anything with such a booking.
        ValueError: a no without a reason.
    """
    if not agreed and not reason:
        raise ValueError("Say why not: she is told")
    asked = db.session.get(Booking, booking_id) if 0 < booking_id <= LARGEST_ID else None
    if asked is None or asked.asks is None:
        raise LookupError(f"Nobody asked for anything with booking {booking_id}")
    training_session = timetable.lock_sessions([asked.training_session_id])[asked.training_session_id]
    crowd = gather([training_session], [asked.person_id], frees=True)
    booking = db.session.get_one(Booking, booking_id, populate_existing=True)
    if booking.agreed_by_id is not None or booking.status == Status.DECLINED:
        raise AnsweringRefused("answered")
    if booking.status not in LIVE or crowd.terms.now >= training_session.starts_at:
        raise AnsweringRefused("ended")
    session = timetable.facts_of(training_session)
    if agreed:
        _agree(booking, session, crowd, by=by)
    else:
        _decline(booking, session, crowd, by=by, reason=reason, kind="request_declined")
    settle(training_session, crowd)
    ask_to_settle_for([booking.person_id], besides=[session.id])
    return Booked(booking.id, session.id, Status(booking.status))


def expire_requests() -> int:
    """End the requests that nobody answered in time, one session a transaction; returns how many."""
    due = select(Booking.training_session_id).where(*_due(clock.now()))
    return sum(_expire(each) for each in sorted(set(db.session.scalars(due))))


def remind_of_requests() -> int:
    """Remind whoever can answer of requests that must be answered within a day, once; returns how many messages."""
    due = select(Booking.training_session_id).where(*_due(clock.now() + NOTICE))
    sessions = set(db.session.scalars(due))
    return _remind(sessions) if sessions else 0


def open_requests(organisation_id: int) -> list[Booking]:
    """List the requests that an organisation has still to answer: first those that must be answered first.

    Those who wait for a place with their request come last. One query.
    """
    wanted = select(Booking).where(
        Booking.organisation_id == organisation_id,
        Booking.status.in_((Status.REQUESTED, Status.WAITING)),
        Booking.asks.is_not(None),
        Booking.agreed_by_id.is_(None),
    )
    return list(db.session.scalars(wanted.order_by(Booking.answer_by.is_(None), Booking.answer_by, Booking.id)))


def _due(by: datetime) -> tuple[ColumnElement[bool], ...]:
    """Choose the requests that must be answered by a moment."""
    return (Booking.status == Status.REQUESTED, Booking.answer_by <= by)


def _due_on(training_session_ids: Collection[int], by: datetime) -> list[Booking]:
    """Read the requests on these sessions that must be answered by a moment, fresh under the locks."""
    wanted = select(Booking).where(Booking.training_session_id.in_(training_session_ids), *_due(by))
    return list(db.session.scalars(wanted.order_by(Booking.id).execution_options(populate_existing=True)))


def _agree(booking: Booking, session: SessionFacts, crowd: Crowd, *, by: int) -> None:
    """Say yes: to the place that is kept for her, or to her waiting for one."""
    terms, standpoint = crowd.terms, crowd.standpoints[booking.person_id].without(booking.id)
    request = place_request(standpoint, session, terms)
    against = named(objections_to(request, terms.now, terms.today), terms)
    against = [each for each in against if each.reason not in ASKABLE | BOOKING_HOURS]
    if against and booking.status == Status.REQUESTED:
        raise AnsweringRefused("objections", against)
    booking.agreed_by_id = by
    remember(booking, "agreed", by=by)
    if booking.status == Status.REQUESTED:
        confirm_agreed(booking, session, crowd)
        return
    position = positions_of([booking.id])[booking.id]
    module = terms.modules[session.module_id]
    telling.tell("request_agreed_waiting", booking, session, module, standpoint, position=position)


def _decline(booking: Booking, session: SessionFacts, crowd: Crowd, *, by: int | None, reason: str, kind: str) -> None:
    """Say no, and why; the place is free again. `kind` is what she is told."""
    standpoint = end_booking(booking, crowd, by=by, reason=reason, status=Status.DECLINED)
    telling.tell(kind, booking, session, crowd.terms.modules[session.module_id], standpoint, reason=reason)


@one_transaction
def _expire(training_session_id: int) -> int:
    """End what nobody answered in time on one session, and give the places on."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    late = _due_on([training_session_id], clock.now())
    person_ids = [booking.person_id for booking in late]
    crowd = gather([training_session], person_ids, frees=True)
    session = timetable.facts_of(training_session)
    _tell_officers("request_not_answered", late, session, crowd)
    for booking in late:
        _decline(booking, session, crowd, by=None, reason=NOT_IN_TIME, kind="request_expired")
    settle(training_session, crowd)
    ask_to_settle_for(person_ids, besides=[training_session_id])
    return len(late)


@one_transaction
def _remind(training_session_ids: Collection[int]) -> int:
    """Remind of what is due soon on these sessions; of what was asked within the notice, they were told just now."""
    timetable.lock_sessions(training_session_ids)
    soon = _due_on(training_session_ids, clock.now() + NOTICE)
    soon = [each for each in soon if each.answer_by and each.requested_at < each.answer_by - NOTICE]
    crowd = Crowd(terms_for({booking.organisation_id for booking in soon}))
    crowd.load([booking.person_id for booking in soon])
    sessions = {each.id: each for each in timetable.sessions_by_id({booking.training_session_id for booking in soon})}
    return sum(
        _tell_officers("request_due", [booking], sessions[booking.training_session_id], crowd) for booking in soon
    )


def _tell_officers(kind: str, bookings: Sequence[Booking], session: SessionFacts, crowd: Crowd) -> int:
    """Tell whoever can answer, once each of every happening; returns how many messages were written."""
    officers = people.holders_of(session.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    module = crowd.terms.modules[session.module_id]
    told = [
        (f"booking:{booking.id}:{booking.request_number}", officer.id, booking)
        for booking in bookings
        for officer in officers
    ]
    wanted = select(OutboxMessage.dedupe_key).where(
        OutboxMessage.dedupe_key.in_([f"{kind}:{key}:{officer_id}" for key, officer_id, _ in told])
    )
    known = set(db.session.scalars(wanted))
    new = [each for each in told if f"{kind}:{each[0]}:{each[1]}" not in known]
    for key, officer_id, booking in new:
        facts = telling.facts_for_words(session, module, **_asked_by(booking, crowd))
        outbox.tell(session.organisation_id, officer_id, kind, key, facts)
    return len(new)


def _asked_by(booking: Booking, crowd: Crowd) -> dict[str, str]:
    """Say who asks and why, and until when it must be answered; empty while she waits with it."""
    post = crowd.standpoints[booking.person_id].post
    return {
        "person": people.get_person(booking.person_id).name,
        "team": post.team_name if post else "",
        "asks": booking.asks or "",
        "answer_by": booking.answer_by.isoformat() if booking.answer_by else "",
    }
