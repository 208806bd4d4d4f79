"""One step of a route's picture: how large its box is, how its words break, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

PADDING = 14
LABEL_SIZE, LABEL_LINE = 17, 22
TEXT_SIZE, TEXT_LINE = 14, 19
SIGN_WIDTH = 28
BEFORE_NOTE = 8
MOST_LINES = 3
NARROW = frozenset("fijlrtI.,:;'|!()[]- ")
BROAD = frozenset("mwMWOQGDHN%@&\N{EN DASH}\N{EM DASH}")
BOLD = 1.12


class RouteState(StrEnum):
    """How a person stands to one step of a route."""

    DONE = "done"
    RECOGNISED = "recognised"
    BOOKED = "booked"
    WAITING = "waiting"
    OPEN = "open"
    BLOCKED = "blocked"


DISC = '<circle class="app-step__disc" r="9"/>'
SIGNS = {
    RouteState.DONE: DISC + '<path class="app-step__sign" d="M-4 0l3 3.2 5.2-6.4"/>',
    RouteState.RECOGNISED: DISC + '<path class="app-step__sign" d="M-4-2.4h8M-4 2.4h8"/>',
    RouteState.BOOKED: '<path class="app-step__sign" d="M-8-6.5h16v14h-16zM-8-1.8h16M-4-9v4M4-9v4"/>',
    RouteState.WAITING: DISC + '<path class="app-step__sign" d="M0-5v5.4l3.4 2"/>',
    RouteState.OPEN: DISC + '<path class="app-step__sign" d="M0-4.4v8.8M-4.4 0h8.8"/>',
    RouteState.BLOCKED: '<path class="app-step__sign" d="M-6.5-1h13v9h-13zM-4-1v-3a4 4 0 0 1 8 0v3"/>',
}


@dataclass(frozen=True, slots=True)
class StepBox:
    """A step as it is written: its name, its title if it has one, and its state in words and as a kind."""

    label: str
    title: str
    note: str
    state: RouteState

    @property
    def is_met(self) -> bool:
        """Whether whatever needs this step may rest on it."""
        return self.state in (RouteState.DONE, RouteState.RECOGNISED)

    def height(self, width: int) -> int:
        """Return how tall a box of this width must be to hold the words."""
        label, title, note = self._lines(width)
        return 2 * PADDING + LABEL_LINE * len(label) + TEXT_LINE * (len(title) + len(note)) + BEFORE_NOTE

    def drawn(self, x: int, y: int, width: int, height: int) -> Markup:
        """Return the box with its words and its sign, its top left corner at x and y."""
        label, title, note = self._lines(width)
        left = x + PADDING
        title_at = y + PADDING + LABEL_LINE * len(label)
        note_at = y + height - PADDING - TEXT_LINE * len(note)
        return Markup(
            '<g class="app-step app-step--{state}">'
            '<rect class="app-step__box" x="{x}" y="{y}" width="{width}" height="{height}" rx="5"/>{words}'
            '<g transform="translate({sign_x} {sign_y})">{sign}</g></g>'
        ).format(
            state=self.state.value,
            x=x,
            y=y,
            width=width,
            height=height,
            words=_text("label", label, left, y + PADDING, LABEL_LINE)
            + _text("title", title, left, title_at, TEXT_LINE)
            + _text("note", note, left + SIGN_WIDTH, note_at, TEXT_LINE),
            sign_x=left + 9,
            sign_y=note_at + TEXT_LINE // 2,
            sign=Markup(SIGNS[self.state]),  # noqa: S704 - one of ours
        )

    def _lines(self, width: int) -> tuple[list[str], list[str], list[str]]:
        room = width - 2 * PADDING
        return (
            broken(self.label, room, LABEL_SIZE * BOLD),
            broken(self.title, room, TEXT_SIZE),
            broken(self.note, room - SIGN_WIDTH, TEXT_SIZE * BOLD),
        )


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in the widest of the fonts in which it may appear."""
    return size * sum(0.42 if c in NARROW else 0.86 if c in BROAD else 0.7 if c.isupper() else 0.63 for c in text)


def broken(text: str, room: float, size: float) -> list[str]:
    """Break a text into at most three lines that fit; what is left over ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [" ".join(lines[MOST_LINES - 1 :])]
    return [_cut(line, room, size) for line in lines]


def _cut(line: str, room: float, size: float) -> str:
    if width_of(line, size) <= room:
        return line
    while line and width_of(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _text(kind: str, lines: Sequence[str], x: int, top: int, line_height: int) -> Markup:
    """Return the lines as one text whose first line begins at `top`."""
    if not lines:
        return Markup("")
    tspan = Markup('<tspan x="{x}" y="{y}">{line}</tspan>')
    baseline = top + round(line_height * 0.75)
    spans = [tspan.format(x=x, y=baseline + number * line_height, line=line) for number, line in enumerate(lines)]
    return Markup('<text class="app-step__{}">{}</text>').format(kind, Markup(" ").join(spans))
