"""The earliest way through modules that build on each other: exact, and explained when there is none.

Plain Python. Each module is given its earliest session that what it needs allows. If no two of these
clash, nothing can be earlier. If some do, one of them is either kept, and all that clash with it give way,
or given up: both cases are looked into, and left as soon as even their best is no better than what was
found (branch and bound).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cpd.requirements.language import Branch, Completed, Requirement, lines_needed
from cpd.requirements.structure import needed_first

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When something was done that was done before the search begins."""

Times = Mapping[str, datetime]
Days = Sequence[tuple[datetime, datetime]]
Cost = tuple[float, float]
"""When the last session is over, and the sum of all ends: a route keeps both as low as can be, the first first."""

NEVER = float("inf")


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

    @property
    def cost(self) -> Cost:
        """What makes one route better than another."""
        ends = [stop.ends_at.timestamp() for stop in self.stops]
        return max(ends, default=0.0), sum(ends)


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Why there is no route: the first module that cannot be done, and whether its dates only clash with others."""

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
    return Planner(journey).best()


def met_at(requirement: Requirement, times: Times) -> datetime | None:
    """Say when a requirement is met if modules are done at these times, or None.

    What is asked besides modules must have been looked at before: it counts as met.
    """
    if isinstance(requirement, Completed):
        return times.get(requirement.module)
    if not isinstance(requirement, Branch):
        return LONG_AGO
    wanted = lines_needed(requirement)
    met = sorted(at for line in requirement.lines if (at := met_at(line, times)) is not None)
    if len(met) < wanted:
        return None
    return met[wanted - 1] if wanted > 0 else LONG_AGO


class Planner:
    """Looks for routes through one journey; what every search needs is prepared once.

    The sessions are numbered by their ends, and a set of them is one whole number with a bit for each: its
    lowest bit is the session that is over first.
    """

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.order = needed_first(journey.needs)
        usable = [each for each in journey.stops if each.module in journey.needs and not _is_taken(each, journey.busy)]
        self.stops = sorted(usable, key=lambda each: (each.ends_at, each.starts_at, each.session_id))
        self.ends = [each.ends_at.timestamp() for each in self.stops]
        self.of_module = dict.fromkeys(self.order, 0)
        for number, stop in enumerate(self.stops):
            self.of_module[stop.module] |= 1 << number
        self.clashing = _clashes(self.stops)
        by_start = sorted(range(len(self.stops)), key=lambda number: self.stops[number].starts_at)
        self._starts = [self.stops[number].starts_at for number in by_start]
        self._from_start = [0]
        for number in reversed(by_start):
            self._from_start.insert(0, self._from_start[0] | 1 << number)

    def best(self, pinned: Collection[int] = (), avoided: Collection[int] = ()) -> Route | NoRoute:
        """Find the best route; modules of `pinned` sessions keep to these, and `avoided` sessions are left out."""
        bound = {each.module for each in self.journey.stops if each.session_id in pinned}
        left = self.those(lambda each: each.session_id in pinned or each.module not in bound)
        left &= self.those(lambda each: each.session_id not in avoided)
        found = _Search(self, self.order).through(left)
        if found is None:
            return self._explained(left)
        stops = [self.stops[number] for number in found]
        return Route(tuple(sorted(stops, key=lambda stop: (stop.starts_at, stop.session_id))))

    def earliest(self, order: Sequence[str], left: int) -> list[int] | None:
        """Give each module the first session left that what it needs allows, clashes aside; None where one has none."""
        times, chosen = dict(self.journey.done), []
        for module in order:
            ready_at = met_at(self.journey.needs[module], times)
            if ready_at is None:
                return None
            fitting = left & self.of_module[module] & self._from_start[bisect_left(self._starts, ready_at)]
            if not fitting:
                return None
            chosen.append(_first(fitting))
            times[module] = self.stops[chosen[-1]].ends_at
        return chosen

    def over_by(self, end: float) -> int:
        """Return the set of sessions that are over by then."""
        return (1 << bisect_right(self.ends, end)) - 1

    def those(self, wanted: Callable[[Stop], bool]) -> int:
        """Return the set of sessions for which something holds."""
        return sum(1 << number for number, stop in enumerate(self.stops) if wanted(stop))

    def _explained(self, left: int) -> NoRoute:
        """Name the first module that cannot be done after all before it; where it has dates, they clash."""
        tried = [self.order[: number + 1] for number in range(len(self.order))]
        stopped = next(order for order in tried if _Search(self, order).through(left) is None)
        return NoRoute(stopped[-1], clashing=self.earliest(stopped, left) is not None)


class _Search:
    """One search: which modules it is about, and the best found so far."""

    def __init__(self, planner: Planner, order: Sequence[str]) -> None:
        self.planner = planner
        self.order = order
        self.best: list[int] | None = None
        self.best_cost: Cost = (NEVER, NEVER)

    def through(self, left: int) -> list[int] | None:
        """Choose one of the sessions left for each module, or None where there is no way."""
        self._look(left)
        return self.best

    def _look(self, left: int) -> None:
        """Look for something better than the best so far among the sessions left."""
        chosen = self.planner.earliest(self.order, left)
        if chosen is None:
            return
        ends = [self.planner.ends[number] for number in chosen]
        cost = max(ends, default=0.0), sum(ends)
        if cost >= self.best_cost:
            return
        together = sum(1 << number for number in chosen)
        clashing = [number for number in chosen if self.planner.clashing[number] & together]
        if not clashing:
            self.best, self.best_cost = chosen, cost
            return
        left &= self.planner.over_by(self.best_cost[0])
        dearest = max(clashing, key=lambda number: self._wait(number, left))
        own = self._of_its_module(dearest)
        self._look(left & ~self.planner.clashing[dearest] & ~own | 1 << dearest)
        self._look(left & ~(1 << dearest))

    def _wait(self, number: int, left: int) -> float:
        """Tell how much longer it takes until the next session of its module is over."""
        later = left & self._of_its_module(number) & ~((2 << number) - 1)
        return self.planner.ends[_first(later)] - self.planner.ends[number] if later else NEVER

    def _of_its_module(self, number: int) -> int:
        return self.planner.of_module[self.planner.stops[number].module]


def _first(sessions: int) -> int:
    """Return the number of the session in a set that is over first."""
    return (sessions & -sessions).bit_length() - 1


def _is_taken(stop: Stop, busy: Days) -> bool:
    """Say whether the diary is taken at the time of a session."""
    return any(starts < end and start < ends for starts, ends in stop.days for start, end in busy)


def _clashes(stops: Sequence[Stop]) -> list[int]:
    """Give for each session the set of those that nobody can be at too (G-11), going through all days as they begin."""
    clashing = [0] * len(stops)
    going_on: list[tuple[datetime, int]] = []
    for starts_at, ends_at, number in sorted((*day, number) for number, stop in enumerate(stops) for day in stop.days):
        going_on = [(end, other) for end, other in going_on if end > starts_at]
        for other in {other for _, other in going_on} - {number}:
            clashing[number] |= 1 << other
            clashing[other] |= 1 << number
        going_on.append((ends_at, number))
    return clashing
