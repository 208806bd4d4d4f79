"""A session of an earlier week whose register is still open, so that a facilitator has something to mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from cpd.attendance.chasing import chase_open_registers
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.commands.demo.dates import FIRST_SESSION
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import SessionDay, SessionFacilitator, TrainingSession

MODULE = "PS-PARENTING"
WEEKS_BEFORE = 2
"""The programme begins 7 to 13 days from today: two weeks before that is over, and at most a week ago."""

HOURS = time(13, 30), time(16, 30)
PLACES = 12
BOOKED_BEFORE = timedelta(weeks=1)
NOTE = "This session, its date and its number of places are invented for this demonstration."


def load_earlier_session(officer: Person, facilitator: Person, learners: Sequence[Person], weeks: int) -> None:
    """Open the session and let people book it, at a time when they still could; ask about its register as usual."""
    on = FIRST_SESSION + timedelta(weeks=weeks - WEEKS_BEFORE)
    starts_at, ends_at = (datetime.combine(on, hour, LONDON) for hour in HOURS)
    with clock.set_back_to(starts_at - BOOKED_BEFORE):
        number = _open_session(officer, facilitator, starts_at, ends_at)
        wanted = select(Booking.person_id).where(Booking.training_session_id == number)
        booked = set(db.session.scalars(wanted))
        for person_id in [each.id for each in learners if each.id not in booked]:
            book_places(person_id, [number], by=person_id)
    chase_open_registers()


@one_transaction
def _open_session(officer: Person, facilitator: Person, starts_at: datetime, ends_at: datetime) -> int:
    """Make and publish it, once; returns its id."""
    module = db.session.scalars(select(Module).where(Module.code == MODULE)).one()
    there = select(TrainingSession.id).where(TrainingSession.module_id == module.id)
    if number := db.session.scalar(there):
        return number
    session = TrainingSession(
        organisation_id=module.organisation_id,
        module_id=module.id,
        capacity=PLACES,
        capacity_invented=True,
        starts_at=starts_at,
        ends_at=ends_at,
        online_link="https://meeting.example/parenting",
        facilitator_names=facilitator.name,
        note=NOTE,
        created_at=clock.now(),
        days=[SessionDay(starts_at=starts_at, ends_at=ends_at, is_online=True)],
    )
    db.session.add(session)
    db.session.flush()
    db.session.add(SessionFacilitator(training_session_id=session.id, person_id=facilitator.id))
    timetable.publish_sessions([session.id], by=officer.id)
    return session.id
