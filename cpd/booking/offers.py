"""How sessions stand to a person: what the timetable, a session's page and her bookings show of each.

Reads only, in a fixed number of queries whatever the number of sessions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cpd.booking.deadlines import can_be_asked
from cpd.booking.facts import Standpoint, Terms, named, place_request, standpoints_of, terms_for
from cpd.booking.route import Journey, NoRoute, Stop, best_route
from cpd.booking.rules import Objection, Reason, State, Status, objections_to, state_of
from cpd.catalogue.service import ModuleFacts
from cpd.requirements.standing import Standing
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


class Offer(NamedTuple):
    """One session as it stands to one person; made 500 times for one page.

    `rests_on` are the sessions that she must attend first; `lacks` says what is missing where a booking
    she holds has lost what it rests on. `position` is hers on the waiting list. `may_ask` says that
    Workforce Development can be asked for a place, `is_unanswered` that it was; until `answer_by` the place is kept.
    `release_at` is when a place that lacks its basis goes to the next person; None where it is too late for that.
    """

    session: SessionFacts
    module: ModuleFacts
    state: State
    objections: tuple[Objection, ...]
    rests_on: tuple[int, ...]
    lacks: tuple[Objection, ...]
    booking_id: int | None
    position: int | None
    may_ask: bool = False
    is_unanswered: bool = False
    answer_by: datetime | None = None
    release_at: datetime | None = None

    @property
    def places_left(self) -> int | None:
        """How many places are free; None where there is no limit or no booking."""
        return self.session.free_places


@dataclass(frozen=True, slots=True)
class View:
    """What one person sees: her offers, and her standpoint and terms behind them."""

    offers: tuple[Offer, ...]
    standpoint: Standpoint
    terms: Terms


def view_of(
    person_id: int,
    sessions: Sequence[SessionFacts],
    organisation_ids: Collection[int] = (),
    terms: Terms | None = None,
    standpoint: Standpoint | None = None,
) -> View:
    """Tell how each session stands to a person, in the order given; terms and standpoint are loaded unless given."""
    organisations = {*(each.organisation_id for each in sessions), *organisation_ids}
    if terms is None or not organisations <= terms.settings.keys():
        terms = terms_for(organisations)
    standpoint = standpoint or standpoints_of([person_id], terms, with_positions=True)[person_id]
    return View(tuple(offers_to(standpoint, sessions, terms)), standpoint, terms)


def view_ahead(person_id: int, organisation_id: int, module_ids: Collection[int] = ()) -> View:
    """Look at everything ahead of a person, the earliest first: her own sessions, and the dates of some modules."""
    terms = terms_for([organisation_id])
    standpoint = standpoints_of([person_id], terms, with_positions=True)[person_id]
    own = {held.training_session_id for held in standpoint.bookings}
    sessions = timetable.sessions_ahead(own, module_ids, organisation_id, terms.now)
    return view_of(person_id, sessions, [organisation_id], terms, standpoint)


def offers_to(standpoint: Standpoint, sessions: Iterable[SessionFacts], terms: Terms) -> list[Offer]:
    """Tell how sessions stand to a person whose standpoint is known already, with her positions where that has them."""
    return [_offer(each, standpoint, terms) for each in sessions]


@dataclass(frozen=True, slots=True)
class Ways:
    """What would open a session that is not open yet: per module still to do, the sessions that end in time.

    `together` is the earliest choice of one of each that can be booked in one go with it; empty if none can.
    """

    offers: dict[str, list[Offer]]
    together: dict[str, int]


def ways_on(offer: Offer, view: View, organisation_id: int) -> Ways:
    """Find what would open a session: a Module 2 that ends before this Module 3 starts, say (G-12, AMB-23).

    A session that itself waits only for others of the modules still to do counts too.
    """
    codes = {each.module for each in offer.objections if each.reason is Reason.PREREQUISITE and each.module}
    if not codes:
        return Ways({}, {})
    modules = {module.code: module for module in view.terms.modules.values() if module.code in codes}
    sessions = timetable.sessions_of_modules([each.id for each in modules.values()], organisation_id, view.terms.now)
    in_time = [each for each in sessions if each.ends_at <= offer.session.starts_at]
    found = offers_to(view.standpoint, in_time, view.terms)
    offers = {
        code: [each for each in found if each.module.code == code and _opens_with(each, codes)]
        for code in sorted(codes)
    }
    others = [each for each in offer.objections if each.reason is not Reason.PREREQUISITE]
    return Ways(offers, {} if others else _together(offer, offers, view))


def _opens_with(way: Offer, codes: Collection[str]) -> bool:
    """Say whether she can book a session, alone or with others of the modules still to do, and need not wait."""
    waits_only = all(each.reason is Reason.PREREQUISITE and each.module in codes for each in way.objections)
    return waits_only and way.places_left != 0


def _together(offer: Offer, offers: dict[str, list[Offer]], view: View) -> dict[str, int]:
    """Choose one session of each module so that all, and then this one, can be booked in one go."""
    modules = {each.module.code: each.module for ways in offers.values() for each in ways}
    if len(modules) < len(offers):
        return {}
    needs = {code: module.requirement for code, module in modules.items()} | {
        offer.module.code: offer.module.requirement
    }
    stops = [_stop(each) for ways in offers.values() for each in ways] + [_stop(offer)]
    busy = [(each.starts_at, each.ends_at) for each in view.standpoint.busy]
    found = best_route(Journey(needs, stops, view.standpoint.times(view.terms.today), busy))
    if isinstance(found, NoRoute):
        return {}
    return {stop.module: stop.session_id for stop in found.stops if stop.session_id != offer.session.id}


def _stop(offer: Offer) -> Stop:
    """Show a session as a possible step of a route."""
    days = tuple((day.starts_at, day.ends_at) for day in offer.session.days)
    return Stop(offer.session.id, offer.module.code, days)


def _offer(session: SessionFacts, standpoint: Standpoint, terms: Terms) -> Offer:
    """Judge one session for one person."""
    request = place_request(standpoint, session, terms)
    objections = tuple(named(objections_to(request, terms.now, terms.today), terms))
    module, own = terms.modules[session.module_id], request.own
    rests = (
        own is not None
        and own.status not in (Status.WAITING, Status.REQUESTED)
        and own.takes_place
        and not own.overridden
    )
    return Offer(
        session,
        module,
        state_of(request, objections, session.free_places),
        objections,
        () if own and own.overridden else _sessions_under(request.standing),
        tuple(each for each in objections if each.reason is Reason.PREREQUISITE) if rests else (),
        own.id if own else None,
        own.position if own else None,
        can_be_asked(objections, session, module, terms.settings[session.organisation_id], terms.now),
        own is not None and own.is_unanswered,
        own.answer_by if own else None,
        own.release_at if own else None,
    )


def _sessions_under(standing: Standing) -> tuple[int, ...]:
    """List the sessions that a place rests on (derived, never stored)."""
    rests_on = standing.rests_on()
    return tuple(sorted({fact.session_id for fact in rests_on if fact.session_id is not None})) if rests_on else ()
