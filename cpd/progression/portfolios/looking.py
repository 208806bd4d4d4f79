"""Looking through what was written at a council: what may tell who somebody is, apart from the names of those here."""

from __future__ import annotations

from collections.abc import Mapping

from cpd.people import service as people
from cpd.progression.portfolios.identifiers import Found, IdentifierKind, looked_through
from cpd.progression.portfolios.names import names_within

MOST_ASKED = 1000
"""So many names are looked for among those here; what comes after them counts as nobody's."""


def looked_through_at(organisation_id: int, texts: Mapping[str, str]) -> tuple[Found, ...]:
    """List what may tell who a child or family is, as `looked_through`; a colleague's whole name does not (B8).

    One query, and none where nothing looks like a name.
    """
    found = looked_through(texts)
    names = dict.fromkeys(name for each in found for name in _names(each))
    here = people.named_here(organisation_id, list(names)[:MOST_ASKED]) if names else set[str]()
    return tuple(each for each in found if here.isdisjoint(_names(each)))


def _names(found: Found) -> set[str]:
    """Return the ways in which what was found may be somebody's name."""
    return names_within(found.excerpt) if found.kind is IdentifierKind.NAME else set()
