"""Reminders: whoever has a place is told of it again some working days before, once for each set of days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.booking.telling import facts_for_words
from cpd.catalogue import service as catalogue
from cpd.messages.rules import reminder_at
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.bank_holidays import bank_holidays
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

KIND = "reminder"
MANY = 1000
"""So many keys are looked up in one query."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder to one person; `key` names her booking and the days of its session."""

    person_id: int
    organisation_id: int
    session: SessionFacts
    key: str


def write_reminders() -> int:
    """Remind whoever has a place on a session that is near; returns how many messages that were."""
    due = _due_reminders()
    return _write({each.session.id for each in due}) if due else 0


@one_transaction
def _write(training_session_ids: Collection[int]) -> int:
    """Write reminders under the locks of their sessions, and in one act, so that each person gets one mail."""
    timetable.lock_sessions(training_session_ids)
    due = [each for each in _due_reminders() if each.session.id in training_session_ids]
    modules = catalogue.modules_by_id({each.session.module_id for each in due})
    for each in due:
        facts = facts_for_words(each.session, modules[each.session.module_id])
        outbox.tell(each.organisation_id, each.person_id, "reminder", each.key, facts)
    return len(due)


def _due_reminders() -> list[Due]:
    """Find who is to be reminded now: a fixed number of queries."""
    near = _near_sessions(clock.now())
    due = {f"{KIND}:{each.key}:{each.person_id}": each for each in _reminders_for(near)}
    known = set(_known(list(due)))
    return [each for key, each in due.items() if key not in known]


def _near_sessions(now: datetime) -> dict[int, tuple[SessionFacts, datetime]]:
    """Read the sessions of which people are to be reminded by now, and since when."""
    ahead = (TrainingSession.status == "published", TrainingSession.starts_at > now)
    organisations = db.session.scalars(select(TrainingSession.organisation_id).where(*ahead).distinct()).all()
    days = {each: catalogue.settings_of(each).reminder_working_days for each in organisations}
    until = now + timedelta(days=2 * max(days.values(), default=0) + 14)  # weekends and the longest holidays too
    found = {}
    for session in timetable.sessions_where(*ahead, TrainingSession.starts_at < until):
        at = reminder_at(session.starts_at, days.get(session.organisation_id, 0), _holidays_before(session.starts_at))
        if at is not None and at <= now:
            found[session.id] = (session, at)
    return found


def _holidays_before(moment: datetime) -> frozenset[date]:
    """Return the bank holidays that may lie before a moment."""
    return frozenset(bank_holidays(moment.year)) | frozenset(bank_holidays(moment.year - 1))


def _reminders_for(near: Mapping[int, tuple[SessionFacts, datetime]]) -> Iterator[Due]:
    """List who has a place on these sessions; whoever got it since the reminder was due has just been told."""
    columns = (
        Booking.id,
        Booking.organisation_id,
        Booking.person_id,
        Booking.training_session_id,
        Booking.request_number,
        Booking.confirmed_at,
    )
    wanted = select(*columns).where(Booking.training_session_id.in_(near), Booking.status == Status.CONFIRMED)
    for row in db.session.execute(wanted.order_by(Booking.id)):
        session, reminded_at = near[row.training_session_id]
        if row.confirmed_at < reminded_at:
            days = " ".join(f"{day.starts_at.isoformat()}/{day.ends_at.isoformat()}" for day in session.days)
            digest = sha256(days.encode()).hexdigest()[:16]
            key = f"booking:{row.id}:{row.request_number}:{digest}"
            yield Due(row.person_id, row.organisation_id, session, key)


def _known(keys: Sequence[str]) -> Iterator[str]:
    """Find which of these messages were written already."""
    for first in range(0, len(keys), MANY):
        wanted = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(keys[first : first + MANY]))
        yield from db.session.scalars(wanted)
