"""When a mail is tried again, when somebody is reminded, and what a person's own calendar must still be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cpd.booking.rules import working_days_before

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long to wait after each try that failed; after one more try nobody tries again by herself."""

MOST_TRIES = len(PAUSES) + 1
LEASE = timedelta(minutes=5)
"""For so long a mail belongs to the worker that took it: longer than any talk with a mail server can last."""

REMINDED_AT = time(9, 0)
"""When on its day a reminder is written, in London: two sessions of one day are then one mail."""

LONDON = ZoneInfo("Europe/London")


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries, or None when it is time to ask somebody to look."""
    return now + PAUSES[attempts - 1] if attempts < MOST_TRIES else None


def reminder_at(starts_at: datetime, working_days: int, holidays: frozenset[date] = frozenset()) -> datetime | None:
    """Return when to remind of what starts then: so many working days before (AMB-35); None: never."""
    if not working_days:
        return None
    on = working_days_before(starts_at.astimezone(LONDON).date(), working_days, holidays)
    return datetime.combine(on, REMINDED_AT, LONDON)


@dataclass(frozen=True, slots=True)
class Stage:
    """How long before something runs out its person is told of it; 0 days: that it has lapsed."""

    days: int

    @property
    def has_lapsed(self) -> bool:
        """Whether it holds no more."""
        return self.days == 0


def stage_of(
    lapses_on: date, today: date, days_before: Collection[int], refresher_ends_on: date | None
) -> Stage | None:
    """Say what somebody should have been told by today of something that holds until the day before `lapses_on`.

    Of several reminders only the nearest is told, if the others were missed. Who is booked on a refresher that ends
    while it still holds is not reminded.
    """
    left = (lapses_on - today).days
    if left <= 0:
        return Stage(0)
    if refresher_ends_on is not None and refresher_ends_on < lapses_on:
        return None
    reached = [days for days in days_before if left <= days]
    return Stage(min(reached)) if reached else None


class Method(StrEnum):
    """What a message asks of a calendar (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class InDiary:
    """One diary entry, and what its person's own calendar was last told of it (nothing: `told` is None)."""

    wants_invitations: bool
    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    sequence: int
    told: Method | None
    told_sequence: int


def still_to_tell(entry: InDiary, now: datetime) -> Method | None:
    """Say what her own calendar must be told of an entry, so that it shows one true event or none.

    It is asked to show what is ahead and was never shown, and what has changed since; to take away what was
    shown and is cancelled, or what is ahead when she wants no invitations any more. What is over stays.
    """
    is_shown = entry.told is Method.REQUEST
    if entry.cancelled:
        return Method.CANCEL if is_shown else None
    if not entry.wants_invitations:
        return Method.CANCEL if is_shown and entry.starts_at > now else None
    if is_shown:
        return Method.REQUEST if entry.sequence > entry.told_sequence else None
    return Method.REQUEST if entry.ends_at > now else None
