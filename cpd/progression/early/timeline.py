"""A programme as a picture: a line of months with what is done, due and late on it, drawn by the server.

As `cpd/shared/plots.py`: SVG with classes only, nothing said by colour alone, and the same facts stand as a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from markupsafe import Markup

from cpd.progression.early.course import Pause, Point, State
from cpd.requirements.months import months_after
from cpd.shared.steps import SIGNS, RouteState
from cpd.shared.wording import MONTHS, counted

NARROW, WIDE, MARGIN = 288, 720, 14
"""A screen of 320 less its margins, and one beside which there is room."""

LINE, ROW, BETWEEN = 34, 22, 19
LABELS = 6
DRAWN = {
    State.DONE: RouteState.DONE,
    State.LATE: RouteState.OPEN,
    State.DUE: RouteState.BOOKED,
    State.AHEAD: RouteState.WAITING,
    State.PAUSED: RouteState.WAITING,
}
MARKS = {
    State.DONE: Markup(SIGNS[RouteState.DONE]),  # noqa: S704 - drawn here
    State.LATE: Markup('<path class="app-step__sign" d="M0-8.5l9 16h-18zM0-2.5v4.6M0 4.6v.2"/>'),
    State.DUE: Markup(SIGNS[RouteState.BOOKED]),  # noqa: S704 - drawn here
    State.AHEAD: Markup('<circle class="app-step__disc" r="7"/>'),
    State.PAUSED: Markup(
        '<circle class="app-step__disc" r="7"/><path class="app-step__sign" d="M-2-2.6v5.2M2-2.6v5.2"/>'
    ),
}
"""A tick, a triangle, a leaf of a calendar, an empty ring, a ring with two bars."""


def timeline_picture(
    title: str, starts_on: date, ends_on: date, points: Sequence[Point], pauses: Sequence[Pause], today: date
) -> Markup:
    """Draw the time from the start to the end twice, for a wide page and a narrow one; the style sheet shows one.

    Each point stands above the others where they are close together.
    """
    shown = [each for each in points if each.state in MARKS]
    first = min([starts_on, *(each.due_on for each in shown)])
    last = max([ends_on, *(each.due_on for each in shown)])
    description = describe(points)
    wide, tall = (
        _drawn(title, description, _Scale(first, last, width), shown, pauses, today) for width in (WIDE, NARROW)
    )
    return Markup(
        '<div class="app-route"><div class="app-route__wide">{}</div><div class="app-route__tall">{}</div></div>'
    ).format(wide, tall)


def _drawn(
    title: str, description: str, scale: _Scale, shown: Sequence[Point], pauses: Sequence[Pause], today: date
) -> Markup:
    """Draw it in one width."""
    rows = _rows([scale.at(each.held_on or each.due_on) for each in shown])
    height = LINE + BETWEEN * (max(rows, default=0) + 1) + 26
    ground = height - 30
    parts = [_pause(scale, each, ground, today) for each in pauses]
    parts.append(
        Markup('<line class="app-plot__ground" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            MARGIN, scale.width - MARGIN, ground, ground
        )
    )
    parts += _months(scale, ground)
    if scale.first <= today <= scale.last:
        at = scale.at(today)
        parts.append(
            Markup('<line class="app-route__line" x1="{:.1f}" x2="{:.1f}" y1="16" y2="{}"/>').format(at, at, ground)
        )
        parts.append(_text(min(max(at, 22), scale.width - 22), 12, "Today"))
    for point, row in zip(shown, rows, strict=True):
        at, up = scale.at(point.held_on or point.due_on), ground - 14 - BETWEEN * row
        mark = Markup('<g class="app-step--{}" transform="translate({:.1f} {})"><title>{}</title>{}</g>')
        parts.append(mark.format(DRAWN[point.state], at, up, point.title, MARKS[point.state]))
    return _svg(title, description, Markup("").join(parts), scale.width, height)


def describe(points: Sequence[Point]) -> str:
    """Sum the picture up: how much is done, late, due and ahead."""
    states = [each.state for each in points]
    said = (
        (State.DONE, "done"),
        (State.LATE, "late"),
        (State.DUE, "due now"),
        (State.AHEAD, "ahead"),
        (State.PAUSED, "paused"),
    )
    parts = [f"{states.count(state)} {words}" for state, words in said if state in states]
    return f"{counted(len(points), 'point')}: {', '.join(parts) or 'none to do'}. The list says each with its day."


class _Scale:
    """Where a day stands between the margins."""

    def __init__(self, first: date, last: date, width: int) -> None:
        self.first, self.last, self.width = first, last, width
        self.days = max((last - first).days, 1)

    def at(self, day: date) -> float:
        """Return how far from the left."""
        passed = min(max((day - self.first).days, 0), self.days)
        return MARGIN + (self.width - 2 * MARGIN) * passed / self.days


def _rows(places: Sequence[float]) -> list[int]:
    """Put each mark on the lowest row on which it touches no other."""
    ends: list[float] = []
    rows = []
    for place in places:
        row = next((number for number, end in enumerate(ends) if end <= place), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = place + ROW
        rows.append(row)
    return rows


def _months(scale: _Scale, ground: int) -> list[Markup]:
    """Write a few months below the line."""
    months = [months_after(scale.first.replace(day=1), number) for number in range(1, 61)]
    inside = [each for each in months if each <= scale.last]
    every = max(1, -(-len(inside) // (LABELS * scale.width // NARROW)))
    shown = [each for number, each in enumerate(inside) if number % every == 0]
    parts = [
        Markup('<line class="app-plot__ground" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(
            scale.at(each), ground, ground + 4
        )
        for each in shown
    ]
    kept = [scale.at(each) for each in shown]
    close = any(other - one < ROW * 1.4 for one, other in pairwise(kept))
    for number, each in enumerate(shown):
        if not (close and number % 2):
            parts.append(_text(min(max(scale.at(each), 16), scale.width - 16), ground + 20, MONTHS[each.month - 1][:3]))
    return parts


def _pause(scale: _Scale, pause: Pause, ground: int, today: date) -> Markup:
    """Draw a pause as a band on the line."""
    left = scale.at(pause.first_day)
    width = max(scale.at(pause.back_on or max(today, pause.first_day)) - left, 2)
    band = Markup(
        '<rect class="app-plot__column app-plot__column--before" x="{:.1f}" y="{}" width="{:.1f}" height="8"/>'
    )
    return band.format(left, ground - 4, width)


def _text(middle: float, baseline: float, words: str) -> Markup:
    return Markup('<text class="app-plot__words" x="{:.1f}" y="{:.1f}">{}</text>').format(middle, baseline, words)


def _svg(title: str, description: str, body: Markup, width: int, height: int) -> Markup:
    name = f"timeline-{width}-" + hashlib.sha256(f"{title}{description}".encode()).hexdigest()[:8]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="app-plot" role="img" width="{width}" height="{height}"'
        ' viewBox="0 0 {width} {height}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{body}</svg>'
    ).format(name=name, width=width, height=height, title=title, description=description, body=body)
