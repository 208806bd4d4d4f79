"""A pause for leave is time away as well: one entry serves both, and of why nothing more is kept (S-3, B8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cpd.people import away
from cpd.people.away import Away, AwayKind
from cpd.progression.early.course import DAY, Course, PauseKind


def keep_time_away(person_id: int, before: Course, after: Course, *, by: int) -> None:
    """Let somebody's time away follow a change of her pauses; hold her first.

    Days on which something else is recorded already, by her manager for instance, stay as they are. Whoever pauses
    because support was missing is at work, so nothing is written. A pause is no career break: nobody's years of
    practice are counted shorter for having been ill or a parent (AMB-40).
    """
    held = away.times_away(person_id)
    ours = [
        each for each in held if each.kind is AwayKind.PAUSE and any(_within(each, was) for was in away_for(before))
    ]
    others = [each for each in held if each not in ours]
    wanted = [free for each in away_for(after) for free in without(each, others)]
    kept = {_days(each): each.id for each in ours if each.id}
    for days in kept.keys() - {_days(each) for each in wanted}:
        away.withdraw_away(person_id, kept[days], by=by)
    for each in wanted:
        if _days(each) not in kept:
            away.record_away(person_id, each, by=by)


def away_for(course: Course) -> list[Away]:
    """Return the time away that the pauses for leave mean."""
    return [
        Away(AwayKind.PAUSE, each.first_day, each.back_on - DAY if each.back_on else None)
        for each in course.pauses
        if each.kind is PauseKind.LEAVE
    ]


def without(said: Away, others: Iterable[Away]) -> list[Away]:
    """Return the parts of a time of which none of the others speaks, in the order of time."""
    free: list[Away] = []
    first: date | None = said.first_day
    for other in sorted((each for each in others if each.overlaps(said)), key=lambda each: each.first_day):
        if first is not None and first < other.first_day:
            free.append(Away(said.kind, first, other.first_day - DAY))
        first = None if first is None or other.last_day is None else max(first, other.last_day + DAY)
    if first is not None and (said.last_day is None or first <= said.last_day):
        free.append(Away(said.kind, first, said.last_day))
    return free


def _days(each: Away) -> tuple[date, date | None]:
    return each.first_day, each.last_day


def _within(each: Away, whole: Away) -> bool:
    """Say whether a time lies in another."""
    ends = whole.last_day is None or (each.last_day is not None and each.last_day <= whole.last_day)
    return whole.first_day <= each.first_day and ends
