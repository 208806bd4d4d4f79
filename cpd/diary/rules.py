"""Which dated things a person cannot both attend, and how long her calendar goes on showing what is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

PAST_SHOWN = timedelta(days=396)
"""A subscribed calendar shows what ended in the last thirteen months: a whole registration year and a little more."""

CANCELLED_SHOWN = timedelta(days=30)
"""A cancelled event stays, marked as such, long enough for every subscribed calendar to have learned of it."""


class Span(Protocol):
    """Something with a start and an end, both aware moments."""

    @property
    def starts_at(self) -> datetime:
        """When it starts."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""


SomeSpan = TypeVar("SomeSpan", bound=Span)


def overlap(one: Span, other: Span) -> bool:
    """Say whether nobody can be at both: each starts before the other ends (G-11).

    One that starts as the other ends does not overlap it: a morning and its afternoon may follow directly (G-12).
    """
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def clashes(wanted: Iterable[Span], busy: Iterable[SomeSpan]) -> list[SomeSpan]:
    """List what is in the diary already and overlaps any of the spans wanted, in the order of the diary."""
    spans = list(wanted)
    return [entry for entry in busy if any(overlap(entry, span) for span in spans)]
