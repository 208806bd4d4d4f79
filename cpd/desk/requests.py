"""The places that people ask Workforce Development for, as its desk shows them."""

from __future__ import annotations

from dataclasses import dataclass

from cpd.booking import requests
from cpd.booking.models import Booking
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that is still to be answered: who asks for which session, and why.

    `booking.answer_by` is until when the place is kept, None while she waits for one with her request.
    """

    booking: Booking
    person: PersonFacts
    team: str
    session: SessionFacts
    module: ModuleFacts


def asked_of(organisation_id: int) -> list[Asked]:
    """List what an organisation has still to answer, the most pressing first: a fixed number of queries."""
    bookings = requests.open_requests(organisation_id)
    person_ids = {each.person_id for each in bookings}
    known, posts = people.persons_by_id(person_ids), people.posts_on(person_ids, clock.today())
    sessions = {each.id: each for each in timetable.sessions_by_id({each.training_session_id for each in bookings})}
    modules = catalogue.modules_by_id({each.module_id for each in sessions.values()})
    return [
        Asked(
            each,
            known[each.person_id],
            posts[each.person_id].team_name if each.person_id in posts else "",
            sessions[each.training_session_id],
            modules[sessions[each.training_session_id].module_id],
        )
        for each in bookings
    ]


def asked_for(organisation_id: int, booking_id: int) -> Booking | None:
    """Return what somebody once asked of this organisation, answered or not, or None."""
    found = db.session.get(Booking, booking_id) if 0 < booking_id <= LARGEST_ID else None
    return found if found and found.organisation_id == organisation_id and found.asks is not None else None
