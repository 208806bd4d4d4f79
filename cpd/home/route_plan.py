"""A person's outlook on a programme, put into what the page shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from cpd.booking.offers import Offer
from cpd.booking.planning import AT_ONCE, Alternative, Asked, How, Outlook, Step, days_of, is_full
from cpd.booking.prospects import Prospects
from cpd.booking.route import NoRoute, Route
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.home.catalogue_words import short_name
from cpd.home.route_words import (
    date_label,
    effect_words,
    explained,
    how_words,
    last_words,
    note_words,
    plain_day,
    when_words,
    why_words,
)
from cpd.home.service import Row, row_of
from cpd.requirements.evaluator import modules_in
from cpd.requirements.record import FactKind
from cpd.shared.pictures import RouteNode, RouteState
from cpd.shared.wording import date_words, day_words

STATES = {How.KEPT: RouteState.BOOKED, How.WAIT: RouteState.WAITING, How.WAITING: RouteState.WAITING}


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    """Another session for a module: when and where, what choosing it does to the finish, and where to choose it."""

    when: str
    effect: str
    href: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a plan in ready words, and what can be changed about it; `not_then` plans without its days."""

    row: Row
    name: str
    choices: Sequence[ChoiceShown]
    not_then: Link | None


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan: when it finishes and why then, its steps as a list and as a picture, and what else there is."""

    finish: str
    is_booked: bool
    explanation: Sequence[str]
    lines: Sequence[Line]
    nodes: Sequence[RouteNode]
    edges: Sequence[tuple[str, str]]
    description: str
    book: Link | None
    alternatives: Sequence[Link]
    last_chances: Sequence[str]


@dataclass(frozen=True, slots=True)
class StopShown:
    """Why there is no plan: the module that stops it, its dates and why none will do, and what can be done."""

    module: ModuleFacts
    name: str
    sentences: Sequence[str]
    rows: Sequence[Row]
    ways: Sequence[Link]


def address_of(code: str, asked: Asked) -> str:
    """Return the address of a programme's plan as it is asked for."""
    query = [("not_on", day.isoformat()) for day in sorted(asked.not_on)]
    query += [("pin", str(each)) for each in sorted(asked.pinned)]
    query += [("waiting", "y")] if asked.waiting else []
    return f"/my/route/{quote(code)}" + (f"?{urlencode(query)}" if query else "")


class Showing:
    """Shows one person's outlook on one programme as she asks for it."""

    def __init__(self, programme: ProgrammeFacts, prospects: Prospects, outlook: Outlook, asked: Asked) -> None:
        self.programme = programme
        self.prospects = prospects
        self.outlook = outlook
        self.asked = asked
        self.modules = {module.code: module for module in prospects.terms.modules.values()}

    def address(self, **changes: Any) -> str:
        """Return the address of the plan with something else asked of it."""
        return address_of(self.programme.code, replace(self.asked, **changes))

    def plan(self, route: Route) -> PlanShown:
        """Show a plan."""
        steps = self.outlook.steps(route)
        ids = [step.stop.session_id for step in steps if step.how in AT_ONCE]
        return PlanShown(
            date_words(route.finishes_at),
            all(step.how is How.KEPT for step in steps),
            self._explanation(route, steps),
            [self._line(step, route) for step in steps],
            *self._picture(steps),
            self._book(ids),
            [self._alternative(each, route) for each in self.outlook.alternatives(route, self.asked)],
            [
                f"{short_name(offer.module)} by {plain_day(offer.session.starts_at)}"
                for offer in self.outlook.last_chances(self.asked).values()
            ],
        )

    def stop(self, found: NoRoute) -> StopShown:
        """Show why there is no plan, and what can be done."""
        module = self.modules[found.module]
        name = short_name(module)
        now = self.prospects.terms.now
        all_offers = self.outlook.offers.values()
        offers = [each for each in all_offers if each.module.id == module.id and each.session.starts_at > now]
        usable = {each.session.id for each in self.outlook.open_dates(module.code, self.asked)}
        struck = sum(self.outlook.is_struck(each.session.id, self.asked) for each in offers)
        sentences = [
            self._last(module),
            why_words(name, offers, len(usable), struck, clashing=found.clashing),
            *(self._last(each) for each in self._others_without_dates(module)),
        ]
        rows = [self._refused_row(each, usable, clashing=found.clashing) for each in offers]
        return StopShown(module, name, [each for each in sentences if each], rows, self._ways_out())

    def struck(self) -> list[Link]:
        """List the days struck out, each leading to the plan that has it again."""
        asked = self.asked.not_on
        return [Link(day_words(day, year=True), self.address(not_on=asked - {day})) for day in sorted(asked)]

    def chosen(self) -> list[Link]:
        """List the sessions chosen, each leading to the plan without that choice."""
        offers = [self.outlook.offers[each] for each in sorted(self.outlook.chosen(self.asked))]
        return [
            Link(
                f"{short_name(each.module)} on {day_words(each.session.starts_at)}",
                self.address(pinned=self.asked.pinned - {each.session.id}),
            )
            for each in offers
        ]

    def waiting(self) -> Link | None:
        """Lead to the plan with full sessions, or back to the one without."""
        if self.asked.waiting:
            return Link("Leave full sessions out", self.address(waiting=False))
        if self.outlook.full:
            return Link("Plan full sessions too, and wait for a place", self.address(waiting=True))
        return None

    def _last(self, module: ModuleFacts) -> str:
        """Say when a module was, or is, held for the last time."""
        held = self.prospects.sessions_of(module)
        last = held[-1] if held else None
        return last_words(short_name(module), last, is_over=last is None or last.starts_at <= self.prospects.terms.now)

    def _others_without_dates(self, stopping: ModuleFacts) -> list[ModuleFacts]:
        """List the other modules of which nothing is to come either."""
        ahead = {each.module_id for each in self.prospects.sessions if each.starts_at > self.prospects.terms.now}
        others = [self.modules[code] for code in self.outlook.open_modules if code != stopping.code]
        return [module for module in others if module.id not in ahead]

    def _explanation(self, route: Route, steps: Sequence[Step]) -> list[str]:
        """Say why the plan finishes when it does."""
        last = max(steps, key=lambda step: (step.stop.ends_at, step.stop.session_id))
        dates = self.outlook.open_dates(last.stop.module, self.asked)
        return explained(route, last, [each.session for each in dates], self.modules[last.stop.module])

    def _line(self, step: Step, route: Route) -> Line:
        """Show a step, and for one that is not booked yet every other choice."""
        module = self.modules[step.stop.module]
        text, tone = how_words(step, is_over=step.stop.ends_at <= self.prospects.terms.now)
        row = row_of(step.offer)._replace(text=text, tone=tone)
        if step.how is How.KEPT:
            return Line(row, short_name(module), (), None)
        choices = self.outlook.choices(module.code, self.asked)
        own = {each.offer.session.id for each in choices}
        shown = [
            ChoiceShown(
                when_words(each.offer.session),
                effect_words(each.found, route) + (", full: you would wait" if is_full(each.offer) else ""),
                self.address(pinned=(self.asked.pinned - own) | {each.offer.session.id}),
                each.offer.session.id == step.stop.session_id,
            )
            for each in choices
        ]
        days = days_of(step.stop)
        words = "I cannot come that day" if len(days) == 1 else "I cannot come on those days"
        return Line(row, short_name(module), shown, Link(words, self.address(not_on=self.asked.not_on.union(days))))

    def _picture(self, steps: Sequence[Step]) -> tuple[list[RouteNode], list[tuple[str, str]], str]:
        """Give the parts of the picture: what is done, and each step with its day."""
        by_code = {step.stop.module: step for step in steps}
        shown = [code for code in self.modules if code in by_code or code in self.outlook.done]
        nodes = [self._node(code, by_code.get(code)) for code in shown]
        edges = [(need, code) for code in shown for need in modules_in(self.modules[code].requirement)]
        return nodes, edges, " ".join(f"{node.label}: {node.note}." for node in nodes)

    def _node(self, code: str, step: Step | None) -> RouteNode:
        """Show one module in the picture."""
        module = self.modules[code]
        title = (module.title or module.covers) if module.number_label else ""
        if step is not None:
            state = STATES.get(step.how, RouteState.OPEN)
            return RouteNode(code, short_name(module), state, title, note_words(step))
        fact = self.outlook.done[code]
        recognised = fact.kind is FactKind.RECOGNISED
        state = RouteState.RECOGNISED if recognised else RouteState.DONE
        note = f"{'Recognised' if recognised else 'Done'}: {date_words(fact.happened_on)}"
        return RouteNode(code, short_name(module), state, title, note)

    def _book(self, ids: Sequence[int]) -> Link | None:
        """Lead to booking all that can be booked at once."""
        if not ids:
            return None
        words = f"Book these {len(ids)}" if len(ids) > 1 else "Book this one"
        query = urlencode([("together", str(each)) for each in ids])
        return Link(words, f"/my/route/{self.programme.code}/book?{query}")

    def _alternative(self, other: Alternative, route: Route) -> Link:
        """Lead to the plan without one of its days."""
        effect = effect_words(other.route, route)
        words = f"Without {day_words(other.without)}: {effect}, {date_words(other.route.finishes_at)}"
        return Link(words, self.address(not_on=self.asked.not_on | {other.without}))

    def _refused_row(self, offer: Offer, usable: Collection[int], *, clashing: bool) -> Row:
        """Show a date of the module that stops the plan, and why it will not do."""
        text, tone = date_label(
            offer,
            usable=offer.session.id in usable,
            struck=self.outlook.is_struck(offer.session.id, self.asked),
            clashing=clashing,
        )
        return row_of(offer)._replace(text=text, tone=tone)

    def _ways_out(self) -> list[Link]:
        """Lead to what would make a plan possible after all."""
        tries: list[tuple[str, dict[str, Any]]] = [
            ("Without the days that you struck out, you finish on", {"not_on": frozenset()}),
            ("Without the sessions that you chose, you finish on", {"pinned": frozenset()}),
            ("If you also wait for places in full sessions, you could finish on", {"waiting": True}),
        ]
        links = []
        for words, changes in tries:
            other = replace(self.asked, **changes)
            found = self.outlook.best(other) if other != self.asked else None
            if isinstance(found, Route):
                links.append(Link(f"{words} {date_words(found.finishes_at)}", self.address(**changes)))
        return links
