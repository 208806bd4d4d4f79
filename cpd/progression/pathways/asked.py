"""What somebody has asked for and is under way, so that her progress leads there and she does not ask again.

Requests are a part above this one: it adds the function that knows (`add_asked`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Addresses = Mapping[str, str]


def under_way(person_id: int) -> dict[str, str]:
    """Return the pages of what somebody has asked for and nobody has decided on yet, by the transition's code."""
    return {code: href for source in _SOURCES for code, href in source(person_id).items()}


_SOURCES: list[Callable[[int], Addresses]] = []


def add_asked(source: Callable[[int], Addresses]) -> Callable[[int], Addresses]:
    """Ask one more part of progression what somebody has asked for; for a decorator."""
    _SOURCES.append(source)
    return source
