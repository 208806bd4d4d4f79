"""Which counts may be published so that nobody is told by them, and texts in which nobody is named. Plain Python.

A count below `FEWEST` is never shown (L-7, C-4). So that nobody can work one out from a sum, every sum is made of what
is shown: where a count is hidden, it is given as the range that anybody could work out, and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpd.people.rules import folded

FEWEST = 5
"""From so many people on a count is shown."""

ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")
WORD = re.compile(r"\w+")
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is between two others, both possible."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """Whether it is known."""
        return self.least == self.most

    def __add__(self, other: Span) -> Span:
        return Span(self.least + other.least, self.most + other.most)


FEW = Span(1, FEWEST - 1)
NONE_OR_FEW = Span(0, FEWEST - 1)


@dataclass(frozen=True, slots=True)
class Published:
    """A table of counts as it may be shown: rows of cells, the sum of each row and of each column, and of all."""

    rows: tuple[tuple[Span, ...], ...]
    row_sums: tuple[Span, ...]
    column_sums: tuple[Span, ...]
    total: Span


def published(counts: Sequence[Sequence[int]]) -> Published:
    """Hide what is too small in a table of counts, whose rows are of the same length and count different people.

    A row of fewer than five people in all is hidden whole, with its noughts: else the one outcome that is not nought
    would say how it went for each of them. In any other row each count from one to four is hidden.
    """
    rows = tuple(_row(each) for each in counts)
    row_sums = tuple(_sum_of_row(shown, each) for shown, each in zip(rows, counts, strict=True))
    columns = tuple(_sum(column) for column in zip(*rows, strict=True))
    return Published(rows, row_sums, columns, _sum(row_sums))


def _row(counts: Sequence[int]) -> tuple[Span, ...]:
    """Hide counts of one row."""
    if 0 < sum(counts) < FEWEST:
        return tuple(NONE_OR_FEW for _ in counts)
    return tuple(FEW if 0 < count < FEWEST else Span(count, count) for count in counts)


def _sum_of_row(shown: Sequence[Span], counts: Sequence[int]) -> Span:
    """Add up what is shown of a row; that it was hidden whole, or was not, says that it is below five or is not."""
    if 0 < sum(counts) < FEWEST:
        return FEW
    added = _sum(shown)
    return added if added.is_exact else Span(max(added.least, FEWEST), added.most)


def _sum(spans: Sequence[Span]) -> Span:
    return sum(spans, Span(0, 0))


def without_names(text: str, people: Mapping[str, str]) -> str:
    """Put people's parts in the place of their names: whole names first, then each single name, however it is written.

    `people` says by name what to write instead (`the person`). Addresses of e-mail are taken out as well. Who is
    named and is not among them stays: whoever reads it is told that nobody has looked it through.
    """
    parts: dict[tuple[str, ...], str] = {}
    for name, part in people.items():
        parts.setdefault(_words(name), part)
    for name, part in people.items():
        for word in _words(name):
            if len(word) >= SHORTEST_NAME:
                parts.setdefault((word,), part)
    longest = max((len(each) for each in parts), default=0)
    text = ADDRESS.sub("[an address]", text)
    found = list(WORD.finditer(text))
    words = [folded(each[0]) for each in found]
    said, end, place = [], 0, 0
    while place < len(found):
        for length in range(min(longest, len(found) - place), 0, -1):
            instead = parts.get(tuple(words[place : place + length]))
            if instead is not None:
                said += [text[end : found[place].start()], f"[{instead}]"]
                place += length
                end = found[place - 1].end()
                break
        else:
            place += 1
    return "".join([*said, text[end:]])


def _words(name: str) -> tuple[str, ...]:
    """Take a name apart into words without accents, in small letters."""
    return tuple(folded(each[0]) for each in WORD.finditer(name))
