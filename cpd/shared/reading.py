"""The small habits of written text: dashes, blanks, spellings of one name, and what is not settled yet.

Every importer reads cells with these, and says in the same way what is wrong with one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

LONGEST_TEXT = 1000
MOST_SUGGESTIONS = 20
"""How many wrong cells get a suggestion: finding the nearest of thousands takes its time."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_UNSETTLED = re.compile(
    r"\bt\.?b\.?[acd]\b"
    r"|\bto be (?:confirmed|announced|arranged|agreed|advised|decided|determined)\b"
    r"|\b(?:to follow|awaiting confirmation|(?:not yet|un)confirmed|provisional)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[-\s]*|n/?a", re.IGNORECASE)


class Unreadable(ValueError):  # noqa: N818 - a refusal, as everywhere in this project
    """A text that cannot be understood; `reason` says why and what to write instead.

    `field` names the column at fault where that is not the one being read.
    """

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be told about one cell, or about one line of plain text."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Print it as every importer prints its notes."""
        return f"row {self.row}, column {self.column}: {self.reason}"


@dataclass
class Findings:
    """The notes made while a file is read. Rows held back do not stop the others; one refusal stops all."""

    held_back: list[Note] = field(default_factory=list)
    refused: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    _warned: set[tuple[str, str]] = field(default_factory=set)

    def hold_back(self, row: int, column: str, reason: str) -> None:
        """Note that a row waits for somebody's decision."""
        self.held_back.append(Note(row, column, reason))

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Note that a row cannot be taken."""
        self.refused.append(Note(row, column, reason))

    def warn(self, row: int, column: str, reason: str) -> None:
        """Note what a person should look at, once: at the first row that it holds for."""
        if (column, reason) not in self._warned:
            self._warned.add((column, reason))
            self.warnings.append(Note(row, column, reason))


def clean(text: str) -> str:
    """Make one line of plain text: every dash a hyphen, every blank one space, `ᵗʰ` as `th`."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(_DASHES.sub("-", text).replace("\u2019", "'").split())


def key(name: str) -> str:
    """Reduce a name to what makes it that name: `Non-Violent Resistance` and `non violent resistance` are one."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", "and")
    return "".join(letter for letter in plain if letter.isalnum())


def is_blank(text: str) -> bool:
    """Say whether a cell says nothing: empty, a dash, `n/a`."""
    return _BLANK.fullmatch(clean(text)) is not None


def is_unsettled(text: str) -> bool:
    """Say whether a text leaves something open: TBC, tba, to be confirmed. It is held back, never guessed."""
    return _UNSETTLED.search(clean(text)) is not None


def quoted(text: str) -> str:
    """Show what was written, shortened and safe to print on one line."""
    line = "".join(letter for letter in clean(text) if letter.isprintable())
    return f'"{line[:60]}…"' if len(line) > 60 else f'"{line}"'  # noqa: PLR2004 - enough to find the cell


@dataclass
class Suggestions:
    """What was probably meant where somebody wrote a word that is not known."""

    left: int = MOST_SUGGESTIONS

    def nearest(self, wrong: str, known: Iterable[str]) -> str:
        """Return the nearest known word, or an empty text where none is near."""
        self.left -= 1
        return next(iter(get_close_matches(wrong, known, n=1, cutoff=0.75)), "") if self.left >= 0 else ""
