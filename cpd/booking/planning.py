"""What one person can still do about some modules: the earliest way from where she stands, and other ways.

A plan keeps what she has done and booked. It counts on a session only if the same rules that give places
(`cpd.booking.rules`) would let her book it now or together with the rest; so a plan is never a promise that
booking breaks. Reads nothing: it is handed her standpoint and the sessions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from cpd.booking.facts import Standpoint, Terms
from cpd.booking.offers import Offer, offers_to
from cpd.booking.route import Journey, NoRoute, Planner, Route, Stop, best_route, met_at
from cpd.booking.rules import HOLDING, HeldBooking, Reason, Status
from cpd.catalogue.service import ModuleFacts
from cpd.requirements.language import NOTHING, Branch, Completed, Requirement, lines_needed
from cpd.requirements.record import Fact
from cpd.shared.clock import in_london
from cpd.timetable.facts import SessionFacts

MOST_ALTERNATIVES = 3


class How(StrEnum):
    """How a step of a plan is taken."""

    KEPT = "kept"  # she has it
    BOOK = "book"
    JUST_COME = "just_come"  # a drop-in: it only goes into her diary (AMB-21)
    WAIT = "wait"  # full: she would join the waiting list
    WAITING = "waiting"  # she is on its waiting list
    LATER = "later"  # booking has not opened yet
    ASK = "ask"  # somebody must agree to it first
    MOVE = "move"  # her place on another session of the module has to be moved here
    THEN = "then"  # can be booked once what it rests on is hers


AT_ONCE = frozenset({How.BOOK, How.JUST_COME, How.WAIT})
"""What booking the whole plan asks for; the rest she has, or has to do in another way."""

PASSING = frozenset({Reason.NOT_YET_OPEN, Reason.NEEDS_APPROVAL, Reason.ALREADY_WAITING})
"""What a plan may count on although it cannot be booked at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a plan: days on which she cannot come, sessions she chose, and whether she would wait."""

    not_on: frozenset[date] = frozenset()
    pinned: frozenset[int] = frozenset()
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One session of a plan, and how it is taken."""

    stop: Stop
    how: How
    offer: Offer


@dataclass(frozen=True, slots=True)
class Choice:
    """A session that she may choose for a module, and the best route with it."""

    offer: Offer
    found: Route | NoRoute


@dataclass(frozen=True, slots=True)
class Alternative:
    """The best route without one of the days of another."""

    without: date
    route: Route


class Outlook:
    """One person's ways through some modules. Those that are done are left out; those that she has booked are kept."""

    def __init__(
        self, standpoint: Standpoint, sessions: Sequence[SessionFacts], terms: Terms, wanted: Collection[str]
    ) -> None:
        """Put the ways together.

        Args:
            standpoint: where she stands.
            sessions: published sessions still to come, and hers, whenever they are.
            terms: the rules of the organisations that hold them.
            wanted: codes of the modules to do; what these cannot do without is added.
        """
        self.standpoint, self.sessions, self.terms = standpoint, sessions, terms
        self.done, self.todo = self._sorted(wanted)
        self.held = self._held()
        self.moving: Mapping[str, HeldBooking] = {}
        ids = {module.id for module in self.todo.values()}
        offers = offers_to(standpoint, [each for each in sessions if each.module_id in ids], terms)
        self.offers = {offer.session.id: offer for offer in offers}
        open_stops = [_stop(offer) for offer in offers if self._can_be_planned(offer)]
        ahead = standpoint.times(terms.today)
        self.journey = Journey(
            {code: self._requirement(code) for code in self.todo},
            [*map(self._kept, self.held), *open_stops],
            {code: at for code, at in ahead.items() if code not in self.todo},
        )
        self.planner = Planner(self.journey)
        self._found: dict[Asked, Route | NoRoute] = {}
        self.full = {each.session_id for each in open_stops if self._how(each) in (How.WAIT, How.WAITING)}
        self._on: defaultdict[date, set[int]] = defaultdict(set)
        for each in open_stops:
            for day in days_of(each):
                self._on[day].add(each.session_id)

    @property
    def open_modules(self) -> list[str]:
        """The modules for which a session is still to be found, each after what it needs."""
        return [code for code in self.planner.order if code not in self.held]

    def best(self, asked: Asked) -> Route | NoRoute:
        """Find the best route; what was asked before is remembered."""
        if asked not in self._found:
            self._found[asked] = self.planner.best(self.chosen(asked), self._avoided(asked))
        return self._found[asked]

    def chosen(self, asked: Asked) -> frozenset[int]:
        """Tell which of the chosen sessions can still be chosen."""
        open_ids = {each.session_id for each in self.planner.stops if each.module not in self.held}
        return asked.pinned & (open_ids - self._avoided(asked))

    def choices(self, code: str, asked: Asked) -> list[Choice]:
        """Tell for each session of a module what choosing it does; what is chosen for other modules stays."""
        others = asked.pinned - {each.session_id for each in self.planner.stops if each.module == code}
        return [
            Choice(offer, self.best(replace(asked, pinned=others | {offer.session.id})))
            for offer in self.open_dates(code, asked)
        ]

    def open_dates(self, code: str, asked: Asked) -> list[Offer]:
        """List the sessions of a module that a plan may count on, the earliest first; none where she has a place."""
        if code in self.held:
            return []
        avoided = self._avoided(asked)
        ids = [each.session_id for each in self.planner.stops if each.module == code and each.session_id not in avoided]
        return sorted((self.offers[each] for each in ids), key=lambda offer: offer.session.starts_at)

    def is_struck(self, session_id: int, asked: Asked) -> bool:
        """Say whether a session is on a day on which she cannot come."""
        return session_id in self._struck(asked)

    def last_chances(self, asked: Asked) -> dict[str, Offer]:
        """Name for each module the last session with which everything can still be done."""
        last: dict[str, Offer] = {}
        for code in self.open_modules:
            choices = self.choices(code, replace(asked, pinned=frozenset()))
            fitting = [each.offer for each in choices if isinstance(each.found, Route)]
            if fitting:
                last[code] = fitting[-1]
        return last

    def alternatives(self, route: Route, asked: Asked) -> list[Alternative]:
        """Find the next-best routes: for each day that is free to be another, the best route without that day."""
        fixed = asked.pinned | {each.training_session_id for each in self.held.values()}
        free = {day for stop in route.stops if stop.session_id not in fixed for day in days_of(stop)}
        kept = {day for stop in route.stops if stop.session_id in fixed for day in days_of(stop)}
        different: dict[tuple[Stop, ...], Alternative] = {}
        for day in sorted(free - kept):
            other = self.best(replace(asked, not_on=asked.not_on | {day}))
            if isinstance(other, Route):
                different.setdefault(other.stops, Alternative(day, other))
        return sorted(different.values(), key=lambda each: each.route.cost)[:MOST_ALTERNATIVES]

    def steps(self, route: Route) -> list[Step]:
        """Say how each step of a route is taken, in the order in which they begin."""
        in_hand, steps = dict(self.journey.done), []
        for stop in route.stops:
            how = self._how(stop)
            ready_at = met_at(self.journey.needs[stop.module], in_hand)
            if how in AT_ONCE and (ready_at is None or ready_at > stop.starts_at):
                how = How.THEN
            if how in (How.BOOK, How.JUST_COME) or (how is How.KEPT and self._is_confirmed(stop)):
                in_hand[stop.module] = stop.ends_at
            steps.append(Step(stop, how, self.offers[stop.session_id]))
        return steps

    def with_one_more(self, code: str, stops: Sequence[Stop]) -> bool:
        """Say whether everything could be done if one of these sessions of a module were held besides."""
        more = [replace(each, module=code) for each in stops]
        found = best_route(replace(self.journey, stops=[*self.journey.stops, *more]))
        return isinstance(found, Route)

    def without_lost_places(self) -> Outlook | None:
        """Look again as if places that have lost what they rest on were to be moved; None if there are none."""
        lost = {code: held for code, held in self.held.items() if self._is_lost(code)}
        if not lost:
            return None
        standpoint = self.standpoint
        for held in lost.values():
            standpoint = standpoint.without(held.id)
        again = Outlook(standpoint, self.sessions, self.terms, [*self.todo, *self.done])
        again.moving = lost
        return again

    def _sorted(self, wanted: Collection[str]) -> tuple[dict[str, Fact], dict[str, ModuleFacts]]:
        """Part what is wanted, and what that cannot do without, into what is done and what is to do."""
        modules = {module.code: module for module in self.terms.modules.values()}
        facts = {code: fact for code in modules if (fact := self.standpoint.done(code, self.terms.today))}
        needed = needed_for(wanted, modules, facts)
        done = {code: facts[code] for code in needed if code in facts}
        return done, {code: modules[code] for code in needed if code not in facts}

    def _held(self) -> dict[str, HeldBooking]:
        """Find her place for each module still to do; a waiting place never counts as in hand."""
        codes = {module.id: code for code, module in self.todo.items()}
        held: dict[str, HeldBooking] = {}
        for booking in self.standpoint.bookings:
            if booking.status in HOLDING and booking.session_live and booking.module_id in codes:
                held.setdefault(codes[booking.module_id], booking)
        return held

    def _requirement(self, code: str) -> Requirement:
        """Tell what binds her for a module: nothing for a drop-in (AMB-21), nor where it was set aside for her."""
        is_free = self.todo[code].is_drop_in or (code in self.held and self.held[code].overridden)
        return NOTHING if is_free else self.todo[code].requirement

    def _kept(self, code: str) -> Stop:
        """Show her place as the only step that the module can be."""
        return _stop(self.offers[self.held[code].training_session_id])

    def _can_be_planned(self, offer: Offer) -> bool:
        """Say whether a plan may count on a session: nothing stands against it but what the plan itself puts right."""
        if offer.module.code in self.held:
            return False
        return all(
            each.module in self.todo if each.reason is Reason.PREREQUISITE else each.reason in PASSING
            for each in offer.objections
        )

    def _avoided(self, asked: Asked) -> set[int]:
        """List the sessions that she does not want: on days struck out, and full ones unless she would wait.

        What she has booked already is kept whatever the day.
        """
        struck = self._struck(asked)
        return struck if asked.waiting else struck | self.full

    def _struck(self, asked: Asked) -> set[int]:
        return set[int]().union(*(self._on.get(day, ()) for day in asked.not_on))

    def _how(self, stop: Stop) -> How:
        """Say how a session is taken by itself."""
        if stop.module in self.held:
            return How.KEPT
        offer = self.offers[stop.session_id]
        reasons = {each.reason for each in offer.objections}
        if Reason.ALREADY_WAITING in reasons:
            return How.WAITING
        if Reason.NOT_YET_OPEN in reasons:
            return How.LATER
        if Reason.NEEDS_APPROVAL in reasons:
            return How.ASK
        if offer.module.is_drop_in:
            return How.JUST_COME
        if is_full(offer):
            return How.WAIT
        return How.MOVE if stop.module in self.moving else How.BOOK

    def _is_confirmed(self, stop: Stop) -> bool:
        return self.held[stop.module].status is Status.CONFIRMED

    def _is_lost(self, code: str) -> bool:
        """Say whether her place lacks what it rests on."""
        held, module = self.held[code], self.todo[code]
        if held.overridden or module.is_drop_in:
            return False
        return bool(self.standpoint.standing(module, held.starts_at, self.terms.today).outstanding_leaves())


def outlook_of(
    standpoint: Standpoint, sessions: Sequence[SessionFacts], terms: Terms, wanted: Collection[str]
) -> Outlook:
    """Put somebody's ways together; where there is none, places that have lost their basis are up for moving."""
    outlook = Outlook(standpoint, sessions, terms, wanted)
    if isinstance(outlook.best(Asked()), Route):
        return outlook
    return outlook.without_lost_places() or outlook


def route_of_a_timetable(modules: Iterable[ModuleFacts], sessions: Iterable[SessionFacts]) -> Route | NoRoute:
    """Find the earliest route through modules for anybody who begins: what a timetable makes possible (G-10).

    Places and dates of booking are left aside.
    """
    by_id = {module.id: module for module in modules}
    needs = {each.code: NOTHING if each.is_drop_in else each.requirement for each in by_id.values()}
    stops = [Stop(each.id, by_id[each.module_id].code, _spans(each)) for each in sessions if each.module_id in by_id]
    return best_route(Journey(needs, stops, {}))


def needed_for(wanted: Iterable[str], modules: Mapping[str, ModuleFacts], done: Container[str] = ()) -> list[str]:
    """List these modules and all that they cannot do without; what is done needs nothing more."""
    found: list[str] = []
    ahead = list(wanted)
    while ahead:
        code = ahead.pop(0)
        if code in found or code not in modules:
            continue
        found.append(code)
        if code not in done and not modules[code].is_drop_in:
            ahead += _surely_needed(modules[code].requirement)
    return found


def is_full(offer: Offer) -> bool:
    """Say whether nobody can have a place now."""
    return not offer.module.is_drop_in and offer.places_left is not None and offer.places_left <= 0


def days_of(stop: Stop) -> list[date]:
    """List the days on which a session is held."""
    return [in_london(starts_at).date() for starts_at, _ in stop.days]


def _surely_needed(requirement: Requirement) -> Iterator[str]:
    """Go through the modules without which a requirement can never be met; of a choice, none is sure."""
    if isinstance(requirement, Completed):
        yield requirement.module
    elif isinstance(requirement, Branch) and lines_needed(requirement) == len(requirement.lines):
        for line in requirement.lines:
            yield from _surely_needed(line)


def _stop(offer: Offer) -> Stop:
    return Stop(offer.session.id, offer.module.code, _spans(offer.session))


def _spans(session: SessionFacts) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((day.starts_at, day.ends_at) for day in session.days)
