"""Places that have lost what they rest on, and those released for it: the cascade as Workforce Development sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cpd.booking.cascade import bound_bookings, judge
from cpd.booking.models import Booking
from cpd.booking.releasing import RELEASED
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

SHOWN_AFTERWARDS = timedelta(days=14)
"""How long a released place stays on the list."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A place that lacks its basis: whose, on which session, what is missing since when, and when it is released.

    `release_at` is None where it is too late for that.
    """

    booking_id: int
    person: PersonFacts
    session: SessionFacts
    module: ModuleFacts
    missing: Sequence[str]
    since: datetime
    release_at: datetime | None


@dataclass(frozen=True, slots=True)
class Released:
    """A place that went to the next person because its basis did not come back."""

    person: PersonFacts
    session: SessionFacts
    module: ModuleFacts
    at: datetime


@dataclass(frozen=True, slots=True)
class ConditionsPage:
    """The places that lack their basis, the most pressing first, and those released of late."""

    lacking: Sequence[Lacking]
    released: Sequence[Released]


def lacking_count(organisation_id: int) -> int:
    """Count the places on an organisation's sessions ahead that lack their basis. One query."""
    wanted = bound_bookings().where(Booking.organisation_id == organisation_id, Booking.lacks_basis_since.is_not(None))
    return db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0


def is_ours(organisation_id: int, booking_id: int) -> bool:
    """Say whether a booking is one on an organisation's own sessions."""
    wanted = select(Booking.id).where(
        Booking.id == min(booking_id, LARGEST_ID), Booking.organisation_id == organisation_id
    )
    return db.session.scalar(wanted) is not None


def conditions_page(organisation_id: int) -> ConditionsPage:
    """Show the places that lack their basis and those released of late: a fixed number of queries."""
    wanted = bound_bookings().where(Booking.organisation_id == organisation_id, Booking.lacks_basis_since.is_not(None))
    verdicts = judge(db.session.scalars(wanted).all())
    ended = _released(organisation_id)
    sessions = {each.id: each for each in timetable.sessions_by_id({row.training_session_id for row in ended})}
    modules = catalogue.modules_by_id({each.module_id for each in sessions.values()})
    known = people.persons_by_id({each.booking.person_id for each in verdicts} | {row.person_id for row in ended})
    lacking = [
        Lacking(
            each.booking.id,
            known[each.booking.person_id],
            each.session,
            each.module,
            each.missing,
            each.booking.lacks_basis_since or clock.now(),
            each.booking.release_at,
        )
        for each in verdicts
    ]
    lacking.sort(key=lambda each: (each.release_at or each.session.starts_at, each.booking_id))
    released = [
        Released(known[row.person_id], session, modules[session.module_id], row.ended_at)
        for row in ended
        if row.ended_at and (session := sessions[row.training_session_id])
    ]
    return ConditionsPage(lacking, released)


def _released(organisation_id: int) -> Sequence[Booking]:
    """Read the bookings that were released of late, the latest first."""
    wanted = select(Booking).where(
        Booking.organisation_id == organisation_id,
        Booking.cancel_reason == RELEASED,
        Booking.ended_at > clock.now() - SHOWN_AFTERWARDS,
    )
    return db.session.scalars(wanted.order_by(Booking.ended_at.desc(), Booking.id)).all()
