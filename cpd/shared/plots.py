"""Plots that the server draws: how often each value was given, and how much there was of what there could be.

As `pictures.py`: SVG with classes only, each count written above its column, and the same facts given as a table by
whoever shows it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 288  # a screen of 320 less its margins
TALLEST = 110
TOP, BOTTOM = 18, 22
BETWEEN_VALUES, BETWEEN_COLUMNS = 14, 3
LABEL_ROOM = 60  # a label such as `14 Jan`, with space around it
COLUMN = Markup(
    '<rect class="app-plot__column app-plot__column--{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
)


@dataclass(frozen=True, slots=True)
class Series:
    """How often each value was given; `kind` is `before` or `after` and says how its columns look."""

    kind: str
    counts: Sequence[int]


def columns_picture(title: str, description: str, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Draw a column for each label and series, side by side. `description` sums it up for those who cannot see it."""
    most = max((count for each in series for count in each.counts), default=0) or 1
    room = (WIDTH + BETWEEN_VALUES) / len(labels)
    width = (room - BETWEEN_VALUES - BETWEEN_COLUMNS * (len(series) - 1)) / len(series)
    parts = []
    for place, label in enumerate(labels):
        left = place * room
        parts.append(_words(left + (room - BETWEEN_VALUES) / 2, TOP + TALLEST + BOTTOM - 5, label))
        for number, each in enumerate(series):
            at = left + number * (width + BETWEEN_COLUMNS)
            parts.append(_column(each.kind, at, width, TALLEST * each.counts[place] / most, each.counts[place]))
    return _svg(title, description, Markup("").join(parts))


@dataclass(frozen=True, slots=True)
class Share:
    """One column of which a part is filled; `mark` stands above it."""

    label: str
    whole: int
    part: int
    mark: str = ""


def shares_picture(title: str, description: str, shares: Sequence[Share]) -> Markup:
    """Draw a column for each whole with its part filled; only so many labels as there is room for."""
    most = max((each.whole for each in shares), default=0) or 1
    room = WIDTH / max(len(shares), 1)
    every = math.ceil(LABEL_ROOM / room)
    parts = []
    for place, each in enumerate(shares):
        left, width = place * room + BETWEEN_COLUMNS, room - 2 * BETWEEN_COLUMNS
        middle = left + width / 2
        for kind, amount in (("before", each.whole), ("after", each.part)):
            height = TALLEST * amount / most
            parts.append(COLUMN.format(kind, left, TOP + TALLEST - height, width, height) if amount else Markup(""))
        parts.append(_words(middle, TOP + TALLEST - TALLEST * each.whole / most - 5, each.mark))
        if (len(shares) - 1 - place) % every == 0:
            middle = min(max(middle, LABEL_ROOM * 0.4), WIDTH - LABEL_ROOM * 0.4)
            parts.append(_words(middle, TOP + TALLEST + BOTTOM - 5, each.label))
    return _svg(title, description, Markup("").join(parts))


def _column(kind: str, left: float, width: float, height: float, count: int) -> Markup:
    """Draw one column with its count above it."""
    top = TOP + TALLEST - height
    return COLUMN.format(kind, left, top, width, height) + _words(left + width / 2, top - 5, str(count))


def _words(middle: float, baseline: float, words: str) -> Markup:
    """Write something centred."""
    return Markup('<text class="app-plot__words" x="{:.1f}" y="{:.1f}">{}</text>').format(middle, baseline, words)


def _svg(title: str, description: str, body: Markup) -> Markup:
    """Wrap a plot as one image with a name and a description."""
    name = "plot-" + hashlib.sha256(f"{title}{description}".encode()).hexdigest()[:8]
    height = TOP + TALLEST + BOTTOM
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="app-plot" role="img" width="{width}" height="{height}"'
        ' viewBox="0 0 {width} {height}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
        '<line class="app-plot__ground" x1="0" x2="{width}" y1="{ground}" y2="{ground}"/>{body}</svg>'
    ).format(
        name=name, width=WIDTH, height=height, ground=TOP + TALLEST, title=title, description=description, body=body
    )
