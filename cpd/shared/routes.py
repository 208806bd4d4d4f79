"""How the picture of a programme's route is laid out: which step stands where. Plain Python, no drawing.

Steps stand in ranks: a step's rank is the longest path of needs that leads to it. Steps that need exactly the
same others form one *bundle*, so that "Modules 3, 4 and 5 each need 1 and 2" is one bracket, not six lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise

Edge = tuple[str, str]
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Bundle:
    """Steps (`to`, all of one rank) that need exactly the same other steps (`needs`)."""

    needs: tuple[str, ...]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bypass:
    """The way of a bundle's line past a rank between the step it comes from and the steps it leads to."""

    bundle: int
    step: str
    rank: int


Place = str | Bypass


@dataclass(frozen=True, slots=True)
class Layout:
    """The ranks from first to last, each in order; the bundles; and the steps that nothing ties to the others."""

    ranks: tuple[tuple[Place, ...], ...]
    bundles: tuple[Bundle, ...]
    apart: tuple[str, ...]

    def way(self, bundle: int, step: str) -> tuple[Place, ...]:
        """Return the places through which a bundle's line runs from a step that it needs, the step first."""
        past = [place for rank in self.ranks for place in rank if isinstance(place, Bypass)]
        return (step, *(place for place in past if (place.bundle, place.step) == (bundle, step)))


def lay_out(steps: Sequence[str], edges: Iterable[Edge]) -> Layout:
    """Give each step its place; an edge (a, b) says that b needs a.

    Edges to or from unknown steps are left out, and so is a need that another need brings with it (6 needs 3,
    3 needs 1: no line from 1 to 6). The order of `steps` decides between equals, so the picture is always the same.

    Raises:
        graphlib.CycleError: steps need each other in a circle.
    """
    needs = _direct_needs(steps, edges)
    tied = {step for step in steps if needs[step]} | {need for step in steps for need in needs[step]}
    ranks = _ranks([step for step in steps if step in tied], needs)
    bundles = _bundles(steps, needs)
    places = _with_bypasses(ranks, bundles)
    return Layout(_in_order(places, bundles), bundles, tuple(step for step in steps if step not in tied))


def _direct_needs(steps: Sequence[str], edges: Iterable[Edge]) -> dict[str, tuple[str, ...]]:
    """Return what each step needs at first hand, in the order of `steps`."""
    needs: dict[str, set[str]] = {step: set() for step in steps}
    for first, then in edges:
        if first in needs and then in needs:
            needs[then].add(first)
    behind: dict[str, set[str]] = {}
    for step in TopologicalSorter(needs).static_order():
        behind[step] = set().union(*(behind[need] | {need} for need in needs[step]))
    return {
        step: tuple(
            need for need in steps if need in needs[step] and not any(need in behind[other] for other in needs[step])
        )
        for step in steps
    }


def _ranks(steps: Sequence[str], needs: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the steps by the longest path of needs that leads to each."""
    rank: dict[str, int] = {}
    for step in TopologicalSorter({step: needs[step] for step in steps}).static_order():
        rank[step] = max((rank[need] + 1 for need in needs[step]), default=0)
    return [[step for step in steps if rank[step] == number] for number in range(max(rank.values(), default=-1) + 1)]


def _bundles(steps: Sequence[str], needs: Mapping[str, tuple[str, ...]]) -> tuple[Bundle, ...]:
    """Return the steps grouped by what they need."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for step in steps:
        if needs[step]:
            alike[needs[step]].append(step)
    return tuple(Bundle(needed, tuple(to)) for needed, to in alike.items())


def _with_bypasses(ranks: Sequence[Sequence[str]], bundles: Sequence[Bundle]) -> list[list[Place]]:
    """Add the ways past ranks in between, so that no line runs behind a step."""
    rank_of = {step: number for number, rank in enumerate(ranks) for step in rank}
    places: list[list[Place]] = [list(rank) for rank in ranks]
    for number, bundle in enumerate(bundles):
        for step in bundle.needs:
            for between in range(rank_of[step] + 1, rank_of[bundle.to[0]]):
                places[between].append(Bypass(number, step, between))
    return places


def _in_order(places: list[list[Place]], bundles: Sequence[Bundle]) -> tuple[tuple[Place, ...], ...]:
    """Order each rank by where its neighbours stand (the barycentre), so that few lines cross."""
    neighbours = _neighbours(places, bundles)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        for rank in places[1:] if forwards else places[-2::-1]:
            height = {place: _height(index, ranked) for ranked in places for index, place in enumerate(ranked)}
            rank.sort(key=lambda place: _mean([height[other] for other in neighbours[place]], height[place]))
    return tuple(tuple(rank) for rank in places)


def _neighbours(places: Sequence[Sequence[Place]], bundles: Sequence[Bundle]) -> dict[Place, list[Place]]:
    """Return which places a line joins, one rank to the next."""
    bypasses = [place for rank in places for place in rank if isinstance(place, Bypass)]
    joined: dict[Place, list[Place]] = defaultdict(list)
    for number, bundle in enumerate(bundles):
        for step in bundle.needs:
            way: list[Place] = [step, *(place for place in bypasses if (place.bundle, place.step) == (number, step))]
            for left, right in [*pairwise(way), *((way[-1], to) for to in bundle.to)]:
                joined[left].append(right)
                joined[right].append(left)
    return joined


def _height(index: int, rank: Sequence[Place]) -> float:
    """Return how far down a place stands, counted from the middle of its rank."""
    return index - (len(rank) - 1) / 2


def _mean(heights: Sequence[float], otherwise: float) -> float:
    return sum(heights) / len(heights) if heights else otherwise
