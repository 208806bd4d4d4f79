"""The earliest way through modules that build on each other: exact, and explained when there is none.

Plain Python. Modules are taken in an order in which each comes after what it needs; for each, its
sessions from the earliest; and a branch is left as soon as even the best that could follow, clashes
aside, is no better than what was found (branch and bound).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cpd.requirements.language import AnyOf, AtLeast, Branch, Completed, Requirement
from cpd.requirements.structure import needed_first

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When something was done that was done before the search begins."""

Times = Mapping[str, datetime]
Days = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One session that could be a step of a route: its module, and the spans of its days."""

    session_id: int
    module: str
    days: tuple[tuple[datetime, datetime], ...]

    @property
    def starts_at(self) -> datetime:
        """When its first day begins."""
        return self.days[0][0]

    @property
    def ends_at(self) -> datetime:
        """When its last day is over."""
        return self.days[-1][1]


@dataclass(frozen=True, slots=True)
class Route:
    """One session per module, in the order in which they begin; `finishes_at` is when the last is over."""

    stops: tuple[Stop, ...]

    @property
    def finishes_at(self) -> datetime:
        """When everything is done."""
        return max(stop.ends_at for stop in self.stops)


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Why there is no route: the first module that cannot be done, and whether dates exist but clash."""

    module: str
    clashing: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """What a route is looked for in.

    `needs` are the modules to do with what each needs; `stops` every session that may be taken; `done`
    says when modules outside were or will be done, and `busy` what is in the diary already.
    """

    needs: Mapping[str, Requirement]
    stops: Sequence[Stop]
    done: Times
    busy: Days = ()


def best_route(journey: Journey) -> Route | NoRoute:
    """Find the route that finishes first; among those, the one whose sessions lie earliest altogether."""
    order = needed_first(journey.needs)
    choices = {module: _choices(module, journey) for module in order}
    search = _Search(journey, order, choices)
    search.go_on(0, dict(journey.done), ())
    if search.best is not None:
        return Route(tuple(sorted(search.best, key=lambda stop: (stop.starts_at, stop.session_id))))
    return _explained(journey, order, choices)


def met_at(requirement: Requirement, times: Times) -> datetime | None:
    """Say when a requirement is met if modules are done at these times, or None.

    What is asked besides modules must have been looked at before: it counts as met.
    """
    if isinstance(requirement, Completed):
        return times.get(requirement.module)
    if not isinstance(requirement, Branch):
        return LONG_AGO
    wanted = len(requirement.lines)
    if isinstance(requirement, AnyOf):
        wanted = 1
    elif isinstance(requirement, AtLeast):
        wanted = requirement.count
    met = sorted(at for line in requirement.lines if (at := met_at(line, times)) is not None)
    if len(met) < wanted:
        return None
    return met[wanted - 1] if wanted else LONG_AGO


class _Search:
    """One search: where it has come, and the best found so far."""

    def __init__(self, journey: Journey, order: Sequence[str], choices: Mapping[str, Sequence[Stop]]) -> None:
        self.journey = journey
        self.order = order
        self.choices = choices
        self.best: tuple[Stop, ...] | None = None
        self.best_cost = (float("inf"), float("inf"))

    def go_on(self, depth: int, times: dict[str, datetime], taken: tuple[Stop, ...]) -> None:
        """Choose a session for the next module in every way that can still be better."""
        cost = self._least_cost(depth, times, taken)
        if cost is None or cost >= self.best_cost:
            return
        if depth == len(self.order):
            self.best, self.best_cost = taken, cost
            return
        module = self.order[depth]
        ready_at = met_at(self.journey.needs[module], times)
        for stop in self.choices[module]:
            if ready_at is not None and ready_at <= stop.starts_at and not any(_clash(stop, each) for each in taken):
                self.go_on(depth + 1, {**times, module: stop.ends_at}, (*taken, stop))

    def _least_cost(
        self, depth: int, times: dict[str, datetime], taken: tuple[Stop, ...]
    ) -> tuple[float, float] | None:
        """Tell the least finish and sum of ends that could still come of it, clashes aside; None: nothing can."""
        ends = [stop.ends_at.timestamp() for stop in taken]
        relaxed = _relaxed(self.order[depth:], self.journey, self.choices, times)
        if any(at is None for at in relaxed.values()):
            return None
        ends += [at.timestamp() for at in relaxed.values() if at is not None]
        return max(ends, default=0.0), sum(ends)


def _relaxed(
    modules: Sequence[str], journey: Journey, choices: Mapping[str, Sequence[Stop]], times: Times
) -> dict[str, datetime | None]:
    """Tell the earliest end of each module if no two sessions ever clashed; None where even then there is none."""
    known = dict(times)
    earliest: dict[str, datetime | None] = {}
    for module in modules:
        ready_at = met_at(journey.needs[module], known)
        fitting = (stop.ends_at for stop in choices[module] if ready_at is not None and ready_at <= stop.starts_at)
        earliest[module] = next(fitting, None)
        if (at := earliest[module]) is not None:
            known[module] = at
    return earliest


def _choices(module: str, journey: Journey) -> list[Stop]:
    """List the sessions of a module that the diary leaves free, the earliest end first."""
    fitting = [
        stop
        for stop in journey.stops
        if stop.module == module
        and not any(starts < end and start < ends for starts, ends in stop.days for start, end in journey.busy)
    ]
    return sorted(fitting, key=lambda stop: (stop.ends_at, stop.starts_at, stop.session_id))


def _clash(one: Stop, other: Stop) -> bool:
    """Say whether nobody can be at both (G-11)."""
    if one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
        return False
    return any(a < d and c < b for a, b in one.days for c, d in other.days)


def _explained(journey: Journey, order: Sequence[str], choices: Mapping[str, Sequence[Stop]]) -> NoRoute:
    """Name the first module that stops it; if each alone could be done, it is the clashes."""
    relaxed = _relaxed(order, journey, choices, journey.done)
    stopping = next((module for module in order if relaxed[module] is None), None)
    return NoRoute(stopping, clashing=False) if stopping else NoRoute(order[-1], clashing=True)
