"""How sessions stand to a person: what the timetable, a session's page and her bookings show of each.

Reads only, in a fixed number of queries whatever the number of sessions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cpd.booking.facts import Standpoint, Terms, named, place_request, standpoints_of, terms_for
from cpd.booking.places import positions_of
from cpd.booking.rules import Objection, Reason, State, Status, objections_to, state_of
from cpd.catalogue.service import ModuleFacts
from cpd.requirements.standing import Standing
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class Offer:
    """One session as it stands to one person.

    `rests_on` are the sessions that she must attend first; `lacks` says what is missing where a booking
    she holds has lost what it rests on. `position` is hers on the waiting list.
    """

    session: SessionFacts
    module: ModuleFacts
    state: State
    objections: tuple[Objection, ...]
    rests_on: tuple[int, ...]
    lacks: tuple[Objection, ...]
    booking_id: int | None
    position: int | None

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


def view_of(person_id: int, sessions: Sequence[SessionFacts], organisation_ids: Collection[int] = ()) -> View:
    """Tell how each session stands to a person, in the order given."""
    terms = terms_for({*(each.organisation_id for each in sessions), *organisation_ids})
    standpoint = standpoints_of([person_id], terms)[person_id]
    waiting = [held.id for held in standpoint.bookings if held.status is Status.WAITING]
    positions = positions_of(waiting) if waiting else {}
    return View(tuple(_offer(each, standpoint, terms, positions) for each in sessions), standpoint, terms)


def ways_on(offer: Offer, view: View, organisation_id: int) -> dict[str, list[Offer]]:
    """List, per module still to do, the sessions that would end in time and that she can book, earliest first.

    Sessions that she could book together with this one count too: Module 2 for Module 3 (G-12).
    """
    codes = {each.module for each in offer.objections if each.reason is Reason.PREREQUISITE and each.module}
    if not codes:
        return {}
    ids = [module.id for module in view.terms.modules.values() if module.code in codes]
    sessions = timetable.sessions_of_modules(ids, organisation_id, view.terms.now)
    in_time = [each for each in sessions if each.ends_at <= offer.session.starts_at]
    ways: dict[str, list[Offer]] = defaultdict(list)
    for session in in_time:
        way = _offer(session, view.standpoint, view.terms, {})
        if way.state in (State.OPEN, State.CONDITIONAL, State.DROP_IN):
            ways[way.module.code].append(way)
    return {code: ways.get(code, []) for code in sorted(codes)}


def _offer(session: SessionFacts, standpoint: Standpoint, terms: Terms, positions: dict[int, int]) -> Offer:
    """Judge one session for one person."""
    request = place_request(standpoint, session, terms)
    objections = named(objections_to(request, terms.now, terms.today), terms)
    own = request.own
    rests = own is not None and own.status is not Status.WAITING and own.takes_place and not own.overridden
    lost = [each for each in objections if each.reason is Reason.PREREQUISITE] if rests else []
    return Offer(
        session,
        terms.modules[session.module_id],
        state_of(request, objections, session.free_places),
        tuple(objections),
        () if own and own.overridden else _sessions_under(request.standing),
        tuple(lost),
        own.id if own else None,
        positions.get(own.id) if own else None,
    )


def _sessions_under(standing: Standing) -> tuple[int, ...]:
    """List the sessions that a place rests on (derived, never stored)."""
    return tuple(sorted({fact.session_id for fact in standing.rests_on() if fact.session_id is not None}))
