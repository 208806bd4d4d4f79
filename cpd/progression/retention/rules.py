"""Who comes to the point at which people tend to leave (L-3); what is a step up and what a move (L-2). Plain Python.

Time with the council counts from the first day of unbroken employment, in whatever post. A step up is a change of
career level that one way or another leads upwards; a change of team at the same level is a move and no step up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from cpd.people.rules import PostInTime
from cpd.requirements.months import months_after, months_between
from cpd.schemes.pathway_shape import CareerPathway
from cpd.schemes.retention_shape import RetentionPoint

MONTHS_OF_A_PERIOD = 2
"""Steering groups look at two months at a time (L-5)."""


class Stage(StrEnum):
    """Where somebody stands to the point."""

    AT_IT = "at_it"
    COMING_UP = "coming_up"


class ChangeKind(StrEnum):
    """What a new post is beside the one before it."""

    ADVANCED = "advanced"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody advanced or moved on a day; `by_decision` where the step up was decided here, not told by HR's file."""

    kind: ChangeKind
    person_id: int
    person_name: str
    on: date
    before: str
    after: str
    by_decision: bool


@dataclass(frozen=True, slots=True)
class Period:
    """Two months, from `first` until the day before `end`, and how many advanced and moved in them."""

    first: date
    end: date
    advanced: int
    moved: int


def post_on(posts: Iterable[PostInTime], on: date) -> PostInTime | None:
    """Return the post that somebody holds on a day."""
    return next((each for each in posts if each.starts_on <= on and (each.ends_on is None or on < each.ends_on)), None)


def with_us_since(posts: Sequence[PostInTime], on: date) -> date | None:
    """Return the first day of the unbroken employment in which somebody is on a day, None where she is in none."""
    since = None
    for before, post in pairwise((None, *posts)):
        if post is None or post.starts_on > on:
            break
        unbroken = before is not None and (before.ends_on is None or before.ends_on >= post.starts_on)
        since = since if unbroken and since else post.starts_on
    return since if post_on(posts, on) else None


def stage_of(since: date, point: RetentionPoint, on: date) -> Stage | None:
    """Say whether somebody is at the point or coming up to it; the day on which the last month is full is past it."""
    first, last = (months_after(since, months) for months in point.months)
    if on >= last:
        return None
    if on >= first:
        return Stage.AT_IT
    return Stage.COMING_UP if on >= months_after(since, point.months[0] - point.soon_months) else None


def is_held(conversations: Iterable[date], point: RetentionPoint, on: date) -> date | None:
    """Return the latest development conversation that still counts, None where none does.

    Both days of the last months count, as in the line of a scheme that asks for one `within_months`.
    """
    first = months_after(on, -point.conversation_within_months)
    return max((day for day in conversations if first <= day <= on), default=None)


def changes_in(
    posts: Sequence[PostInTime], pathways: Collection[CareerPathway], since: date, until: date
) -> Iterator[Change]:
    """List somebody's steps up and moves that took effect from `since` to `until`, both included, in order of time.

    What is neither stays out: somebody who comes or comes back, a level given where none was known (G-21), and a step
    down, such as one that was taken back.
    """
    for before, after in pairwise(posts):
        follows = before.ends_on is not None and before.ends_on == after.starts_on
        if not follows or not since <= after.starts_on <= until:
            continue
        if before.career_level != after.career_level:
            if leads_up(before.career_level, after.career_level, pathways):
                yield _change(ChangeKind.ADVANCED, after, before.career_level, after.career_level)
        elif before.team and after.team and before.team != after.team:
            yield _change(ChangeKind.MOVED, after, before.team, after.team)


def leads_up(from_level: str, to_level: str, pathways: Iterable[CareerPathway]) -> bool:
    """Say whether the ways of one pathway lead from a career level to another, or its order does."""
    for pathway in pathways:
        order = (*pathway.levels, *pathway.beside)
        if from_level not in order or to_level not in order:
            continue
        reached, ahead = {from_level}, [from_level]
        while ahead:
            here = ahead.pop()
            onward = {each.to_level for each in pathway.transitions if each.from_level == here} - reached
            reached |= onward
            ahead += onward
        both_in_order = from_level in pathway.levels and to_level in pathway.levels
        return to_level in reached or (both_in_order and order.index(to_level) > order.index(from_level))
    return False


def periods(changes: Iterable[Change], first: date, last: date) -> list[Period]:
    """Count changes by periods of two months that begin on `first`; the last may be cut short by `last`."""
    kinds = Counter((months_between(first, each.on) // MONTHS_OF_A_PERIOD, each.kind) for each in changes)
    found: list[Period] = []
    while (begin := months_after(first, MONTHS_OF_A_PERIOD * len(found))) <= last:
        place = len(found)
        end = months_after(first, MONTHS_OF_A_PERIOD * (place + 1))
        found.append(Period(begin, end, kinds[place, ChangeKind.ADVANCED], kinds[place, ChangeKind.MOVED]))
    return found


def _change(kind: ChangeKind, post: PostInTime, before: str, after: str) -> Change:
    return Change(kind, post.person_id, post.person_name, post.starts_on, before, after, post.by_decision)
