"""How many half days somebody has, for which time, and what is left of them (W-2, W-14, AMB-06, AMB-07).

Plain values in and out. Every number is a whole number of half days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cpd.people.rules import Away, PostHeld
from cpd.schemes.study_days_shape import AllowancePeriod, Rounding, StudyDayEntitlement, StudyDayKind
from cpd.study.days.rules import StudyDay

ONE_DAY = timedelta(days=1)
FULL_TIME = 1000
"""A share of full time is reckoned in thousandths, as exact as posts give it (AMB-39)."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many half days of one kind, for one time. `half_days` None: not set (AMB-06); `last_day` None: no end yet."""

    kind: str
    title: str
    career_level: str
    period: AllowancePeriod
    first_day: date
    last_day: date | None
    half_days: int | None

    def covers(self, day: date) -> bool:
        """Say whether a day is counted against it."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Balance:
    """What has become of an allowance, each figure the sum of the entries of its `days`."""

    allowance: Allowance
    days: tuple[StudyDay, ...]
    asked: int
    approved: int
    taken: int

    @property
    def left(self) -> int | None:
        """What can still be approved; None where no number is set, below nought where it was overridden."""
        return None if self.allowance.half_days is None else self.allowance.half_days - self.approved - self.taken

    def has_room_for(self, half_days: int) -> bool:
        """Say whether so much can be approved without an override."""
        return self.left is None or half_days <= self.left


def allowance_on(kind: StudyDayKind, posts: Sequence[PostHeld], away: Sequence[Away], day: date) -> Allowance | None:
    """Return what somebody has of one kind on a day; None without a post that day, or without a rule for its level.

    `posts` stand in the order of time.
    """
    post = next((each for each in posts if _holds(each, day)), None)
    entitlement = entitlement_for(kind, post.career_level) if post else None
    if post is None or entitlement is None:
        return None
    if entitlement.year_begins is None:
        first, last = stage_around(posts, post)
        half_days = _in_a_stage(entitlement, post)
    else:
        first, last = year_around(entitlement.year_begins, day)
        half_days = _in_a_year(entitlement, _under(kind, entitlement, posts), away, first, last)
    return Allowance(kind.code, kind.title, post.career_level, entitlement.period, first, last, half_days)


def balance_of(allowance: Allowance, days: Iterable[StudyDay]) -> Balance:
    """Sum the entries of the days that count against an allowance; what was approved and is over was taken."""
    mine = tuple(day for day in days if day.kind == allowance.kind and allowance.covers(day.on))
    return Balance(
        allowance,
        mine,
        sum(day.asked for day in mine),
        sum(day.approved for day in mine if not day.is_over),
        sum(day.approved for day in mine if day.is_over),
    )


def entitlement_for(kind: StudyDayKind, career_level: str) -> StudyDayEntitlement | None:
    """Return the line that names a career level, or else the one for everybody else."""
    named = next((each for each in kind.entitlements if career_level in each.career_levels), None)
    return named or next((each for each in kind.entitlements if not each.career_levels), None)


def stage_around(posts: Sequence[PostHeld], post: PostHeld) -> tuple[date, date | None]:
    """Return the first and the last day of the unbroken stay in a post's career level; the last may not be known.

    Posts of one level that follow each other are one stay, also with a gap between them.
    """
    at = posts.index(post)
    first = at
    while first and posts[first - 1].career_level == post.career_level:
        first -= 1
    last = at
    while last + 1 < len(posts) and posts[last + 1].career_level == post.career_level:
        last += 1
    ends_on = posts[last].ends_on
    return posts[first].starts_on, ends_on - ONE_DAY if ends_on else None


def year_around(begins: tuple[int, int], day: date) -> tuple[date, date]:
    """Return the first and the last day of the year around a day; `begins` is its month and day."""
    year = day.year if (day.month, day.day) >= begins else day.year - 1
    return date(year, *begins), date(year + 1, *begins) - ONE_DAY


def _in_a_stage(entitlement: StudyDayEntitlement, post: PostHeld) -> int | None:
    """Give the half days of a stage, to somebody with these hours."""
    if entitlement.half_days is None:
        return None
    share = _thousandths(post) if entitlement.by_hours else FULL_TIME
    return _part_of(entitlement, share, FULL_TIME)


def _in_a_year(
    entitlement: StudyDayEntitlement, posts: Sequence[PostHeld], away: Sequence[Away], first: date, last: date
) -> int | None:
    """Give the half days of a year: so much of them as her days and hours in these posts are of a whole one."""
    if entitlement.half_days is None:
        return None
    reducing = [each for each in away if each.kind.value in entitlement.reduced_by]
    share = in_post = 0
    for post in posts:
        held = _days_held(post, first, last)
        in_post += held
        counted = held - sum(_days_away(each, post, first, last) for each in reducing)
        share += counted * (_thousandths(post) if entitlement.by_hours else FULL_TIME)
    whole = _days(first, last) if entitlement.by_part_year else in_post
    return _part_of(entitlement, share, whole * FULL_TIME)


def _under(kind: StudyDayKind, entitlement: StudyDayEntitlement, posts: Sequence[PostHeld]) -> list[PostHeld]:
    """Choose the posts for whose career level a line stands."""
    return [each for each in posts if entitlement_for(kind, each.career_level) is entitlement]


def _part_of(entitlement: StudyDayEntitlement, share: int, whole: int) -> int:
    """Take a share of the half days of a line, and round it as the line says."""
    half_days = entitlement.half_days or 0
    return -(-half_days * share // whole) if entitlement.rounding is Rounding.UP else half_days * share // whole


def _thousandths(post: PostHeld) -> int:
    """Give a post's share of full time in thousandths."""
    return int(post.fte * FULL_TIME)


def _holds(post: PostHeld, day: date) -> bool:
    """Say whether a post is held on a day."""
    return post.starts_on <= day and (post.ends_on is None or day < post.ends_on)


def _days_held(post: PostHeld, first: date, last: date) -> int:
    """Count the days on which a post is held, from the first to the last, both included."""
    return _days(max(first, post.starts_on), last if post.ends_on is None else min(last, post.ends_on - ONE_DAY))


def _days_away(away: Away, post: PostHeld, first: date, last: date) -> int:
    """Count the days of a post within a year on which she is away."""
    until = last if away.last_day is None else min(last, away.last_day)
    return _days_held(post, max(first, away.first_day), until)


def _days(first: date, last: date) -> int:
    """Count the days from one to another, both included; none where they are the wrong way round."""
    return max(0, (last - first).days + 1)
