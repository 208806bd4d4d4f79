"""Names as they stand in a text: two words with capitals, neither of them an ordinary word, and what a name follows.

A first name that stands alone is found only after `mother`, `called` and the like. Plain Python; it takes time in
proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

Extent = tuple[int, int]
"""From the first letter to the one after the last."""

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_CITED = re.compile(r" (?:et al|\(\d{4})")

RELATIONS = re.compile(
    r"aunt(?:ie)?|uncle|cousin|niece|nephew|husband|wife|partner|boy(?:friend)?|girl(?:friend)?|(?:step|grand)?mother|mum|"
    r"mummy|(?:step|grand)?father|dad|daddy|sister|brother|sibling|twin|daughter|son|child|baby|infant|toddler|teenager|"
    r"youngster|gran|grandma|nana?|grandad|called|named"
)
"""After these a single word with a capital is a name."""

HOUSEHOLDS = re.compile(r"(?:family|household)(?:'s)?|siblings|twins")
"""Before these a single word with a capital is a surname."""

ORIGINS = re.compile(
    r".*(?:ish|ian|ese|ani|can)|arab|asian|afghan|black|bangladeshi|christian|dutch|filipino|french|gypsy|greek|hindu|"
    r"iraqi|jewish|kurdish|kuwaiti|muslim|roma|sikh|somali|tamil|thai|traveller|white|yemeni|zimbabwean"
)
"""Not these: where a family comes from, or what it believes."""

ORDINARY = frozenset(Path(__file__).with_name("ordinary_words.txt").read_text(encoding="ascii").split())
"""Words that stand with a capital at the beginning of a sentence, in headings and in names of bodies and methods."""

_ENDINGS = re.compile(
    r".{3,}(?:tion|tions|sion|sions|[^l]ments?|ology|ism|ional|ative|ical|centred|centered|ively|ously)"
)
"""So end words that are no names."""


def names_in(text: str) -> Iterator[Extent]:
    """Find what looks like the names of people, in the order in which they stand in a text."""
    run: list[re.Match[str]] = []
    before: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        between = text[before.end() : word.start()] if before else ""
        goes_on = between == " "
        if run and not goes_on:
            yield from _name(run, text)
            run = []
        if run and HOUSEHOLDS.fullmatch(word[0].lower()) and not ORIGINS.fullmatch(run[-1][0].lower()):
            yield run[0].start(), word.end()
            run = []
        elif may_be_a_name(word[0]):
            if not run and before and between in (" ", ", ") and RELATIONS.fullmatch(before[0].lower()):
                run.append(before)
            run.append(word)
        else:
            yield from _name(run, text)
            run = []
        before = word
    yield from _name(run, text)


def may_be_a_name(word: str) -> bool:
    """Say whether a word begins with a capital, is no abbreviation, and is no ordinary word."""
    if not word[0].isupper() or word.isupper():
        return False
    plain = word.lower().removesuffix("'s")
    parts = (plain, *plain.split("-"))
    return not any(part in ORDINARY or _ENDINGS.fullmatch(part) for part in parts)


def names_within(words: str) -> set[str]:
    """List each way in which a found name may be somebody's: two words of it or more that follow each other."""
    parts = words.rstrip("…").removesuffix("'s").split()
    return {" ".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 2, len(parts) + 1)}


def _name(run: list[re.Match[str]], text: str) -> Iterator[Extent]:
    """Give what a run of such words is, where it is a name: two of them, unless it is who wrote what is cited."""
    if len(run) > 1 and not _CITED.match(text, run[-1].end()):
        yield run[0].start(), run[-1].end()
