"""The moments that count in working days: when giving a place back is late, and until when a request is answered.

Weekends and the bank holidays of England and Wales are left out; how many days is a setting (AMB-35).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import (
    Objection,
    Status,
    is_late,
    needs_agreement_only,
    working_days_after,
    working_days_before,
)
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.schemes.shape import Settings
from cpd.shared import clock
from cpd.shared.clock import LONDON, in_london
from cpd.shared.database import db
from cpd.timetable.bank_holidays import bank_holidays
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


def late_from(starts_at: datetime, settings: Settings) -> datetime:
    """Return the moment from which giving a place back is late (AMB-35)."""
    start = in_london(starts_at)
    holidays = _holidays(start.year - 1, start.year)
    on = working_days_before(start.date(), settings.late_cancellation_working_days, holidays)
    return datetime.combine(on, start.time(), LONDON)


def answered_by(now: datetime, starts_at: datetime, settings: Settings) -> datetime:
    """Return until when a request made now is answered: early enough that somebody else can still have the place."""
    asked = in_london(now)
    holidays = _holidays(asked.year, asked.year + 1, asked.year + 2)
    on = working_days_after(asked.date(), settings.requests_answered_within_working_days, holidays)
    return min(datetime.combine(on, asked.time(), LONDON), last_call(starts_at, settings))


def can_be_asked(
    objections: Sequence[Objection], session: SessionFacts, module: ModuleFacts, settings: Settings, now: datetime
) -> bool:
    """Say whether Workforce Development can be asked for a place, and in time; a drop-in has none to ask for."""
    if module.is_drop_in or not needs_agreement_only(objections):
        return False
    return now < answered_by(now, session.starts_at, settings)


def last_call(starts_at: datetime, settings: Settings) -> datetime:
    """Return the moment from which nobody is moved up to a place any more."""
    return starts_at - timedelta(hours=settings.no_promotion_hours_before)


def is_given_back_late(
    status: str, starts_at: datetime, settings: Settings, now: datetime, *, takes_place: bool
) -> bool:
    """Say whether giving back now is late (AMB-35): a position, a request or a drop-in never is."""
    is_place = takes_place and status in (Status.CONFIRMED, Status.OFFERED)
    return is_place and is_late(now, starts_at, late_from(starts_at, settings))


def would_be_late(booking_id: int) -> bool:
    """Say whether to give this booking back now would be marked late. Raises LookupError where there is none."""
    wanted = (
        select(Booking.status, Booking.takes_place, TrainingSession.starts_at, TrainingSession.organisation_id)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(Booking.id == booking_id)
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise LookupError(f"There is no booking {booking_id}")
    status, takes_place, starts_at, organisation_id = found
    settings = catalogue.settings_of(organisation_id)
    return is_given_back_late(status, starts_at, settings, clock.now(), takes_place=takes_place)


def _holidays(*years: int) -> frozenset[date]:
    """Return the bank holidays of these years."""
    return frozenset(day for year in years for day in bank_holidays(year))
