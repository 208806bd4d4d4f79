"""Which counts may be published so that nobody is told by them, and texts in which nobody is named. Plain Python.

Numbers are given in bands of five alone (L-7, C-4), nought too: else "not agreed: 5, everything else: 0" would say how
it went for each of them. What is below five in all is put together with others like it. A year is published when it is
over, and no sums are given, so that nobody can work a number out from another one or from that of the day before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cpd.people.rules import folded

FEWEST = 5
"""A row of fewer people is not shown by itself; and how wide a band is."""

ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")
WORD = re.compile(r"\w+")
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Band:
    """A number as it is published: somewhere between two others, both possible."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Published:
    """A table of counts as it may be shown: bands by row, and those of all the rows that are too small, if any are."""

    rows: Mapping[str, tuple[Band, ...]]
    small: tuple[Band, ...] | None


def band_of(count: int) -> Band:
    """`0 to 4`, `5 to 9`, `10 to 14`."""
    least = count // FEWEST * FEWEST
    return Band(least, least + FEWEST - 1)


def published(counts: Mapping[str, Sequence[int]]) -> Published:
    """Put a table of counts, whose rows are of the same length and count different people, into bands."""
    large = {code: each for code, each in counts.items() if sum(each) >= FEWEST}
    small = [each for code, each in counts.items() if code not in large]
    added = [sum(column) for column in zip(*small, strict=True)]
    return Published({code: _banded(each) for code, each in large.items()}, _banded(added) if small else None)


def _banded(counts: Iterable[int]) -> tuple[Band, ...]:
    return tuple(band_of(each) for each in counts)


def together(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Put sets that share anything together, until none do: steps that one panel judges are about the same people."""
    found: list[frozenset[str]] = []
    for each in sets:
        touching = [one for one in found if one & each]
        found = [one for one in found if one not in touching] + [each.union(*touching)]
    return found


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
