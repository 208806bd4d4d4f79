"""What may tell who somebody is: found in what people write about their practice, so that they look again (B8).

Only what has a shape is found: numbers, addresses, a title with a surname, two words that look like a name. A first
name that stands alone is not, so the reminder at each field stays the main thing. Plain Python; it takes time in
proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cpd.progression.portfolios.names import may_be_a_name, names_in

LONGEST_EXCERPT = 40
NHS_DIGITS = 10
CHECKED_BY = 11


class IdentifierKind(StrEnum):
    """What sort of thing was found."""

    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    NATIONAL_INSURANCE = "national_insurance"
    PHONE = "phone"
    POSTCODE = "postcode"
    DATE_OF_BIRTH = "date_of_birth"
    CASE_NUMBER = "case_number"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may tell who somebody is: what, where (the name of the field or file), and as it stands there."""

    kind: IdentifierKind
    where: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Span:
    """The same within one text: from the first letter to the one after the last."""

    kind: IdentifierKind
    start: int
    end: int


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? ?[-./ ] ?(?:\d{{1,2}}|{_MONTH}),? ?[-./ ] ?\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})"
_SURNAME = r"(?:(?:O'|Mc|Mac|D'|St )?[^\W\d_a-z][^\W\d_]+|van |de |der |al-)"
_STREETS = r"(?:Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews|Walk|Rise)"
_HOUSES = r"(?:Court|House|Place|Way|Hill|Square|Row|Green|Park|View|Flats)"
_PLACE = r"(?:[^\W\d_a-z][^\W\d_]+(?:'s)? ){1,3}"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?"

_PATTERNS: Mapping[IdentifierKind, re.Pattern[str]] = {
    IdentifierKind.EMAIL: re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    IdentifierKind.NHS_NUMBER: re.compile(r"(?<![\d+])(?:\d{3}([ -]?)\d{3}\1\d{4})(?!\d)"),
    IdentifierKind.NATIONAL_INSURANCE: re.compile(
        r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
    ),
    IdentifierKind.PHONE: re.compile(r"(?<![\d+])(?:\+44 ?(?:\(0\))? ?|\(?0)\d(?:[ ()-]?\d){8,9}(?!\d)"),
    IdentifierKind.POSTCODE: re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE),
    IdentifierKind.DATE_OF_BIRTH: re.compile(
        rf"\b(?:d\.? ?o\.? ?b\b\.?|dates? of birth|birth ?days?|birth ?date|born)[^\n\d]{{0,25}}{_DATE}", re.IGNORECASE
    ),
    IdentifierKind.CASE_NUMBER: re.compile(
        r"\b(?:case|client|file|reference|ref|person|child|family|record|system|mosaic|lcs|ics|liquidlogic|carefirst)"
        r"(?: (?:id|number|no|ref|reference))?[.:#]{0,2} {0,2}"
        r"(?!(?:19|20)\d\d(?:-\d\d){0,2}(?![\w/-]))(?=[A-Z/-]{0,6}\d)[A-Z\d/-]{4,20}\b"  # a year is none
        r"|(?<![\w£/.-])\d{6,9}(?![\w/-]|\.\d)",
        re.IGNORECASE,
    ),
    IdentifierKind.ADDRESS: re.compile(
        rf"(?:\b\d{{1,4}}[a-z]?,? )?\b{_PLACE}{_STREETS}\b|\b\d{{1,4}}[a-z]?,? {_PLACE}{_HOUSES}\b"
    ),
    IdentifierKind.NAME: re.compile(
        rf"\b{_TITLE}(?:(?: and | & ){_TITLE})? ?(?:[^\W\d_a-z]\.? )?{_SURNAME}(?:[ -]{_SURNAME})?"
    ),
}
"""How each kind looks, in the order in which they are tried: what one has taken is no other's."""

_AS_ONE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | {"\u2019": "'", "\u00a0": " ", "\u202f": " "}
)


def looked_through(texts: Mapping[str, str]) -> tuple[Found, ...]:
    """List what may tell who somebody is in some texts, by the name of each; the same found twice stands once."""
    found = (
        Found(span.kind, where, _excerpt(text, span)) for where, text in texts.items() for span in spans_in(plain(text))
    )
    return tuple(dict.fromkeys(found))


def plain(text: str) -> str:
    """Write a text in the one way in which it is looked through, letter for letter: hyphens, blanks, figures."""
    text = text.translate(_AS_ONE)
    return "".join(str(figure) if (figure := unicodedata.decimal(each, None)) is not None else each for each in text)


def spans_in(text: str) -> list[Span]:
    """Find what may tell who somebody is in one text, in the order in which it stands there."""
    found: list[Span] = []
    taken = bytearray(len(text))  # which letters belong to something already: what one kind has taken is no other's
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = match.span()
            if _IS_ONE.get(kind, _always)(match[0]) and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Span(kind, start, end))
    for start, end in names_in(text):
        if not any(taken[start:end]):
            found.append(Span(IdentifierKind.NAME, start, end))
    return sorted(found, key=lambda each: each.start)


def is_nhs_number(text: str) -> bool:
    """Say whether ten figures are an NHS number: the last is the check on the others (modulus 11)."""
    figures = [int(each) for each in text if each.isdecimal()]
    if len(figures) != NHS_DIGITS or len(set(figures)) == 1:
        return False
    check = (
        -sum(figure * weight for figure, weight in zip(figures, range(NHS_DIGITS, 1, -1), strict=False)) % CHECKED_BY
    )
    return check == figures[-1]


def _always(_text: str) -> bool:
    return True


def _names_a_place(address: str) -> bool:
    """Say whether a street or house has a name of its own: `12 Hillfields Road`, not `2 Family Court`."""
    return any(may_be_a_name(each) for each in address.split()[:-1] if each[0].isalpha())


_IS_ONE: Mapping[IdentifierKind, Callable[[str], bool]] = {
    IdentifierKind.NHS_NUMBER: is_nhs_number,
    IdentifierKind.ADDRESS: _names_a_place,
}
"""What has to hold besides the look of it."""


def _excerpt(text: str, span: Span) -> str:
    """Give what was found as it stands, on one line and not too long."""
    words = " ".join(text[span.start : span.end].split())
    return words if len(words) <= LONGEST_EXCERPT else f"{words[: LONGEST_EXCERPT - 1]}…"
