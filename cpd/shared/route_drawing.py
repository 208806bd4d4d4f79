"""The lines and boxes of a route's picture, across for a wide page and downwards for a narrow one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from markupsafe import Markup

from cpd.shared.routes import Bundle, Bypass, Layout, Place
from cpd.shared.steps import StepBox

EDGE = 3  # room for the thickest border
TURN = 8  # radius of a line's corner
ARROW = 9
BETWEEN_STEPS = 20
HEADING_HEIGHT = 48
HEADING_BASELINE = 34
APART_WORDS = "At any time, on its own"

PAGE = 960
NARROWEST, WIDEST = 150, 264  # five ranks fit a page
FEW_RANKS = 3
BETWEEN_FEW_RANKS, BETWEEN_MANY_RANKS = 64, 44
PER_FURTHER_BUNDLE = 14
BYPASS_HEIGHT = 12
PORTS_APART = 12
CROWDED_ENTRY = 9

PHONE = 288  # a screen of 320 less its margins
BETWEEN_GROUPS = 30
FIRST_LANE = 26
LANE = 11
PORT = 10
SIDES = (-1, 1)  # the left and the right of the steps


@dataclass(frozen=True, slots=True)
class Drawing:
    """The inside of a picture and its size."""

    width: int
    height: int
    body: Markup


class Across:
    """The ranks from left to right, and under them, in rows, the steps that nothing ties to the others."""

    def __init__(self, layout: Layout, boxes: Mapping[str, StepBox], apart: str = APART_WORDS) -> None:
        self.layout = layout
        self.boxes = boxes
        self.apart = apart
        ranks = len(layout.ranks)
        self.between_ranks = BETWEEN_FEW_RANKS if 0 < ranks <= FEW_RANKS else BETWEEN_MANY_RANKS
        columns = max(ranks, FEW_RANKS) if ranks else FEW_RANKS + 1
        fitting = (PAGE - 2 * EDGE - self.between_ranks * (columns - 1)) // columns
        self.width = max(NARROWEST, min(WIDEST, fitting))
        self.height = max((box.height(self.width) for box in boxes.values()), default=0)
        self.per_row = (PAGE - 2 * EDGE + BETWEEN_STEPS) // (self.width + BETWEEN_STEPS)

    def drawing(self) -> Drawing:
        """Return the whole picture."""
        lines = [self._bundle(number) for number in range(len(self.layout.bundles))]
        places = self.places_of_steps()
        steps = [self.boxes[step].drawn(x, y, self.width, self.height) for step, (x, y) in places.items()]
        heading = [_heading(self.apart, EDGE, self.bottom)] if self.layout.apart and self.layout.ranks else []
        right = max((x for x, _ in places.values()), default=0) + self.width
        bottom = max((y for _, y in places.values()), default=0) + self.height
        body = Markup("").join([*_styled(self.layout, self.boxes, lines), *heading, *steps])
        return Drawing(right + EDGE, max(bottom, self.bottom) + EDGE, body)

    def places_of_steps(self) -> dict[str, tuple[int, int]]:
        """Return the top left corner of each step's box."""
        places = {
            place: (left, self.middles[place] - self.height // 2)
            for rank, left in zip(self.layout.ranks, self.lefts, strict=True)
            for place in rank
            if isinstance(place, str)
        }
        top = self.bottom + HEADING_HEIGHT if self.layout.ranks else EDGE
        for index, step in enumerate(self.layout.apart):
            row, column = divmod(index, self.per_row)
            places[step] = EDGE + column * (self.width + BETWEEN_STEPS), top + row * (self.height + BETWEEN_STEPS)
        return places

    @cached_property
    def lefts(self) -> list[int]:
        """Where each rank begins; ranks between which several bundles run stand further apart."""
        lefts = [EDGE] if self.layout.ranks else []
        for rank in self.layout.ranks[1:]:
            further = max(sum(bundle.to[0] in rank for bundle in self.layout.bundles) - 1, 0)
            lefts.append(lefts[-1] + self.width + self.between_ranks + further * PER_FURTHER_BUNDLE)
        return lefts

    @cached_property
    def middles(self) -> dict[Place, int]:
        """The middle of each place, every rank standing around the middle of the tallest."""
        heights = [[self._height(place) for place in rank] for rank in self.layout.ranks]
        whole = [sum(rank) + BETWEEN_STEPS * (len(rank) - 1) for rank in heights]
        middles: dict[Place, int] = {}
        for rank, each, total in zip(self.layout.ranks, heights, whole, strict=True):
            y = EDGE + (max(whole) - total) // 2
            for place, tall in zip(rank, each, strict=True):
                middles[place] = y + tall // 2
                y += tall + BETWEEN_STEPS
        return middles

    @cached_property
    def bottom(self) -> int:
        """Where the ranks end."""
        return max((middle + self._height(place) // 2 for place, middle in self.middles.items()), default=0)

    def _height(self, place: Place) -> int:
        return BYPASS_HEIGHT if isinstance(place, Bypass) else self.height

    def _bundle(self, number: int) -> tuple[str, str]:
        """Return a bundle's lines, from each step needed to one upright and on to those that need it; and arrows."""
        bundle = self.layout.bundles[number]
        rank = self._rank(bundle.to[0])
        beside = [other for other in self.layout.bundles if other.to[0] in self.layout.ranks[rank]]
        start, end = self.lefts[rank - 1] + self.width, self.lefts[rank]
        upright = start + (end - ARROW - start) * (beside.index(bundle) + 1) // (len(beside) + 1)
        into = [self.middles[step] + (CROWDED_ENTRY if len(beside) > 1 else 0) for step in bundle.to]
        ways = [self.layout.way(number, step) for step in bundle.needs]
        out_of = [self._port(number, way[-1]) for way in ways]
        hub = (
            into[0]
            if len(into) == 1
            else out_of[0]
            if len(out_of) == 1
            else (min(into + out_of) + max(into + out_of)) // 2
        )
        lines = [self._past(number, way) for way in ways]
        lines += [f"M{start} {y}{_sideways_first(start, y, upright, hub)}" for y in out_of]
        lines += [f"M{upright} {hub}{_upright_first(upright, hub, end - ARROW + 1, y)}" for y in into]
        return "".join(lines), "".join(_arrow(end - ARROW, end, y) for y in into)

    def _rank(self, place: Place) -> int:
        return next(number for number, rank in enumerate(self.layout.ranks) if place in rank)

    def _port(self, number: int, place: Place) -> int:
        """Return the height at which a bundle's line leaves a place; a step needed by several bundles has several."""
        bundles = self.layout.bundles
        leaving = [index for index, bundle in enumerate(bundles) if place in bundle.needs]
        if isinstance(place, Bypass) or len(leaving) == 1:
            return self.middles[place]
        leaving.sort(key=lambda index: self.middles[[*self.layout.way(index, place), bundles[index].to[0]][1]])
        return self.middles[place] + PORTS_APART * leaving.index(number) - PORTS_APART // 2 * (len(leaving) - 1)

    def _past(self, number: int, way: Sequence[Place]) -> str:
        """Return the part of a line that runs past ranks in between."""
        lines = []
        for rank, (place, following) in enumerate(pairwise(way), start=self._rank(way[0])):
            x, y = self.lefts[rank] + self.width, self._port(number, place)
            to_x, to_y = self.lefts[rank + 1], self.middles[following]
            bend = (x + to_x) // 2
            lines.append(f"M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}H{to_x + self.width}")
        return "".join(lines)


class Downwards:
    """All steps under each other, rank after rank; each bundle's line runs in a lane beside them."""

    def __init__(self, layout: Layout, boxes: Mapping[str, StepBox], apart: str = APART_WORDS) -> None:
        self.layout = layout
        self.boxes = boxes
        self.apart = apart
        self.lanes = _lanes(layout)
        gutters = [self._gutter(side) for side in SIDES]
        self.left = gutters[0]
        self.width = PHONE - sum(gutters)

    def drawing(self) -> Drawing:
        """Return the whole picture."""
        y = EDGE
        drawn: list[Markup] = []
        middles: dict[str, int] = {}
        for group in self._groups():
            if drawn and group == self.layout.apart:
                drawn.append(_heading(self.apart, self.left, y - BETWEEN_GROUPS))
                y += HEADING_HEIGHT - BETWEEN_GROUPS
            for step in group:
                height = self.boxes[step].height(self.width)
                drawn.append(self.boxes[step].drawn(self.left, y, self.width, height))
                middles[step] = y + height // 2
                y += height + BETWEEN_STEPS
            y += BETWEEN_GROUPS - BETWEEN_STEPS
        lines = [
            self._bundle(bundle, *lane, middles) for bundle, lane in zip(self.layout.bundles, self.lanes, strict=True)
        ]
        body = Markup("").join([*_styled(self.layout, self.boxes, lines), *drawn])
        return Drawing(PHONE, y - BETWEEN_GROUPS + EDGE, body)

    def _groups(self) -> list[tuple[str, ...]]:
        """Return the steps by rank, and last those that nothing ties to the others."""
        ranks = [tuple(place for place in rank if isinstance(place, str)) for rank in self.layout.ranks]
        return [*ranks, self.layout.apart] if self.layout.apart else ranks

    def _gutter(self, side: int) -> int:
        """Return the room that the lanes of one side need."""
        used = [lane for on, lane in self.lanes if on == side]
        return FIRST_LANE + LANE * max(used) if used else EDGE

    def _bundle(self, bundle: Bundle, side: int, lane: int, middles: Mapping[str, int]) -> tuple[str, str]:
        """Return a bundle's lines, out of each step needed into a lane and on to those that need it; and arrows."""
        edge = self.left if side < 0 else self.left + self.width
        x = edge + side * (FIRST_LANE - EDGE - 4 + LANE * lane)
        out_of = [middles[step] + PORT for step in bundle.needs]
        into = [middles[step] - PORT for step in bundle.to]
        first, last = min(out_of) + TURN, max(into) - TURN
        lines = [f"M{edge} {y}{_sideways_first(edge, y, x, last)}" for y in out_of]
        lines += [f"M{x} {first}{_upright_first(x, first, edge + side * (ARROW - 1), y)}" for y in into]
        return "".join(lines), "".join(_arrow(edge + side * ARROW, edge, y) for y in into)


def _lanes(layout: Layout) -> list[tuple[int, int]]:
    """Give each bundle a side and a lane on it, counted from the steps, so that no two share a stretch."""
    order = [place for rank in layout.ranks for place in rank if isinstance(place, str)]
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    lanes = []
    for bundle in layout.bundles:
        start, end = min(map(order.index, bundle.needs)), max(map(order.index, bundle.to))
        lane = next(
            (side, lane)
            for lane in range(len(layout.bundles))
            for side in SIDES
            if all(start > other_end or end < other_start for other_start, other_end in taken.get((side, lane), []))
        )
        taken.setdefault(lane, []).append((start, end))
        lanes.append(lane)
    return lanes


def _styled(layout: Layout, boxes: Mapping[str, StepBox], lines: Sequence[tuple[str, str]]) -> list[Markup]:
    """Return the lines and arrows; those of needs that are all met are marked as such and drawn last."""
    shape = Markup('<path class="app-route__line{met}" d="{path}"/><path class="app-route__arrow{met}" d="{arrows}"/>')
    drawn = []
    for bundle, (path, arrows) in zip(layout.bundles, lines, strict=True):
        met = all(boxes[step].is_met for step in bundle.needs)
        drawn.append((met, shape.format(met=" app-route--met" if met else "", path=path, arrows=arrows)))
    return [markup for _, markup in sorted(drawn, key=lambda pair: pair[0])]


def _heading(words: str, x: int, top: int) -> Markup:
    """Return the words over the steps that nothing ties to the others, under what ends at `top`."""
    return Markup('<text class="app-route__heading" x="{}" y="{}">{}</text>').format(x, top + HEADING_BASELINE, words)


def _arrow(base: int, tip: int, y: int) -> str:
    return f"M{base} {y - 5}L{tip} {y}L{base} {y + 5}Z"


def _sideways_first(x: int, y: int, to_x: int, to_y: int) -> str:
    """Return a line sideways and then, round a corner, up or down."""
    if y == to_y:
        return f"H{to_x}"
    across, along = _corner(x, y, to_x, to_y)
    return f"H{to_x - across}Q{to_x} {y} {to_x} {y + along}V{to_y}"


def _upright_first(x: int, y: int, to_x: int, to_y: int) -> str:
    """Return a line up or down and then, round a corner, sideways."""
    if y == to_y:
        return f"H{to_x}"
    across, along = _corner(x, y, to_x, to_y)
    return f"V{to_y - along}Q{x} {to_y} {x + across} {to_y}H{to_x}"


def _corner(x: int, y: int, to_x: int, to_y: int) -> tuple[int, int]:
    """Return how far a corner reaches sideways and along, no further than the line itself."""
    radius = min(TURN, abs(to_y - y), abs(to_x - x))
    return (radius if to_x > x else -radius), (radius if to_y > y else -radius)
