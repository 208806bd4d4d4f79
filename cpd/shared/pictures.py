"""Pictures that the server draws: the route of a programme, and a bar of progress.

They are SVG with classes only (no style attributes: the Content Security Policy forbids them). Colour is never
alone: the route says each state in words beside a sign, the bar stands under its figure in words. Whoever shows
a route also gives the same facts as a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from cpd.shared.route_drawing import APART_WORDS, PAGE, Across, Downwards, Drawing
from cpd.shared.routes import Edge, lay_out
from cpd.shared.steps import RouteState, StepBox

__all__ = ["RouteNode", "RouteState", "progress_bar", "route_picture"]

MOST_SEPARATE_PARTS = 20
BAR_GAP = 1  # per cent


STATE_WORDS = {
    RouteState.DONE: "Done",
    RouteState.RECOGNISED: "Recognised",
    RouteState.BOOKED: "Booked",
    RouteState.WAITING: "Waiting",
    RouteState.OPEN: "You can book",
    RouteState.BLOCKED: "Not yet",
}


@dataclass(frozen=True, slots=True)
class RouteNode:
    """One step of a route: its key for the edges, what it is called, and how the person stands to it.

    `note` says the state in words ("Booked: 15 January"); without it the usual words for the state are used.
    """

    key: str
    label: str
    state: RouteState
    title: str = ""
    note: str = ""


def route_picture(
    nodes: Sequence[RouteNode], edges: Sequence[Edge], title: str, description: str, apart: str = APART_WORDS
) -> Markup:
    """Draw a route twice, across for a wide page and downwards for a narrow one; the style sheet shows one.

    A route of so many ranks that it is wider than a page is drawn downwards alone: nothing of it may be out of sight.

    An edge (a, b) says that b needs a. `title` names the picture and `description` sums it up for those who
    cannot see it; `apart` stands over the steps that no edge ties to the others.

    Raises:
        graphlib.CycleError: steps need each other in a circle.
    """
    boxes = {
        node.key: StepBox(node.label, node.title, node.note or STATE_WORDS[node.state], node.state) for node in nodes
    }
    layout = lay_out(list(boxes), edges)
    across = Across(layout, boxes, apart).drawing()
    tall = _svg(Downwards(layout, boxes, apart).drawing(), title, description, "tall")
    if across.width > PAGE:
        return Markup('<div class="app-route">{}</div>').format(tall)
    wide = _svg(across, title, description, "wide")
    return Markup(
        '<div class="app-route">'
        '<div class="app-route__wide app-scroll" tabindex="0" role="region" aria-label="{title}">{wide}</div>'
        '<div class="app-route__tall">{tall}</div>'
        "</div>"
    ).format(title=title, wide=wide, tall=tall)


def progress_bar(done: int, ahead: int, total: int) -> Markup:
    """Draw how much is done, how much is booked ahead and how much is left; its figure stands in words beside it.

    Up to twenty parts stand apart, so that they can be counted.
    """
    done = min(done, total)
    ahead = min(ahead, total - done)
    parts = [("done", done), ("ahead", ahead), ("left", total - done - ahead)]
    if total <= MOST_SEPARATE_PARTS:
        parts = [(kind, 1) for kind, count in parts for _ in range(count)]
    parts = [(kind, count) for kind, count in parts if count > 0]
    room = 100 - BAR_GAP * (len(parts) - 1)
    rect = Markup('<rect class="app-bar__part app-bar__part--{}" x="{:.2f}%" y="1" width="{:.2f}%" height="14"/>')
    at = 0.0
    rects = []
    for kind, count in parts:
        width = room * count / total
        rects.append(rect.format(kind, at, width))
        at += width + BAR_GAP
    bar = Markup('<svg class="app-bar" width="100%" height="16" aria-hidden="true" focusable="false">{}</svg>')
    return bar.format(Markup("").join(rects))


def _svg(drawing: Drawing, title: str, description: str, shape: str) -> Markup:
    """Wrap a drawing as one image with a name and a description."""
    name = "route-" + hashlib.sha256(f"{shape}{title}{description}".encode()).hexdigest()[:8]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
        ' viewBox="0 0 {width} {height}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{body}</svg>'
    ).format(
        name=name,
        width=drawing.width,
        height=drawing.height,
        title=escape(title),
        description=description,
        body=drawing.body,
    )
