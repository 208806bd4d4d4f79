"""What the demonstration offers: Gateshead's programme as printed, moved to next week, and invented dates elsewhere."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from cpd.catalogue.models import Module
from cpd.commands.demo.dates import FIRST_SESSION
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import SessionDay, SessionFacilitator, TrainingSession

PLACES = {"M2": 16, "M3": 16, "M4": 14, "M5": 14, "M6": 12}
"""Invented: the report prints none (AMB-27). Modules 1 and 7 need no booking and have no limit (AMB-21)."""

FEWER_PLACES = {("M2", 0): 6, ("M2", 1): 8, ("M4", 0): 8}
"""Smaller rooms on some dates, so that there is a waiting list to look at."""

FACILITATED = (("M2", 0), ("M2", 1), ("M3", 0), ("M3", 1), ("M4", 0))
WORKSHOPS = tuple(f"ASYE-{number}" for number in range(1, 9))
FIRST_WORKSHOP = FIRST_SESSION + timedelta(days=13)
WORKSHOP_HOURS = time(9, 30), time(16, 30)
WORKSHOP_PLACES = 16
WORKSHOP_NOTE = "The date, the hours and the number of places are invented for this demonstration."


def sessions_by_module() -> dict[str, list[int]]:
    """List the sessions of each module in the order in which they begin."""
    wanted = select(Module.code, TrainingSession.id).join(Module, Module.id == TrainingSession.module_id)
    found: dict[str, list[int]] = defaultdict(list)
    for code, number in db.session.execute(wanted.order_by(TrainingSession.starts_at, TrainingSession.id)):
        found[code].append(number)
    return found


@one_transaction
def open_programme(officer: Person, facilitator: Person) -> None:
    """Open the sessions once, each with its invented number of places, and some with a facilitator."""
    sessions = sessions_by_module()
    ids = [number for code in ("M1", *PLACES, "M7") for number in sessions[code]]
    locked = timetable.lock_sessions(ids)
    if not timetable.publish_sessions(ids, by=officer.id):
        return
    for code, places in PLACES.items():
        for place, number in enumerate(sessions[code]):
            locked[number].capacity = FEWER_PLACES.get((code, place), places)
            locked[number].capacity_invented = True
    for code, place in FACILITATED:
        number = sessions[code][place]
        locked[number].facilitator_names = facilitator.name
        db.session.add(SessionFacilitator(training_session_id=number, person_id=facilitator.id))


@one_transaction
def open_workshops(officer: Person, weeks: int) -> None:
    """Give Warwickshire's eight workshop days dates, a fortnight apart, and open them; each says it is invented."""
    if WORKSHOPS[0] in sessions_by_module():
        return
    wanted = select(Module).where(Module.code.in_(WORKSHOPS)).order_by(Module.code)
    workshops = [
        _workshop(module, FIRST_WORKSHOP + timedelta(weeks=weeks + 2 * place))
        for place, module in enumerate(db.session.scalars(wanted))
    ]
    db.session.add_all(workshops)
    db.session.flush()
    timetable.publish_sessions([each.id for each in workshops], by=officer.id)


def _workshop(module: Module, on: date) -> TrainingSession:
    """Make the draft of one workshop day, held online."""
    starts_at, ends_at = (datetime.combine(on, hour, LONDON) for hour in WORKSHOP_HOURS)
    return TrainingSession(
        organisation_id=module.organisation_id,
        module_id=module.id,
        capacity=WORKSHOP_PLACES,
        capacity_invented=True,
        starts_at=starts_at,
        ends_at=ends_at,
        online_link=f"https://meeting.example/{module.code.lower()}",
        note=WORKSHOP_NOTE,
        created_at=clock.now(),
        days=[SessionDay(starts_at=starts_at, ends_at=ends_at, is_online=True)],
    )
