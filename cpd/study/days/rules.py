"""A study day from asking to its end: what may be done with it, by whom, and what stands against it.

Every act adds entries to a ledger that is never changed: so much less or more asked for, so much less or more
approved. All figures are sums of them (W-2, W-12, AMB-31).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ASKED_AFTERWARDS = timedelta(days=28)
"""So long after a day somebody can still ask for it."""

ASKED_AHEAD = timedelta(days=366)
"""So long before a day somebody can ask for it."""


class DayPart(StrEnum):
    """How much of a day, and which half."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"

    @property
    def half_days(self) -> int:
        """How many half days that is."""
        return 2 if self is DayPart.WHOLE else 1


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What somebody asks for: a kind by its code, a day, how much of it, and what for."""

    kind: str
    on: date
    part: DayPart
    purpose: str = ""


class Act(StrEnum):
    """What was done with a study day. The values are stored."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NOT_TAKEN = "not_taken"


class DayStatus(StrEnum):
    """How a study day stands; `TAKEN` follows by itself once an approved day is over."""

    ASKED = "asked"
    APPROVED = "approved"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NOT_TAKEN = "not_taken"


FOLLOWS: dict[Act | None, frozenset[Act]] = {
    None: frozenset({Act.ASKED}),
    Act.ASKED: frozenset({Act.APPROVED, Act.DECLINED, Act.WITHDRAWN}),
    Act.APPROVED: frozenset({Act.CANCELLED, Act.NOT_TAKEN}),
    Act.DECLINED: frozenset(),
    Act.WITHDRAWN: frozenset(),
    Act.CANCELLED: frozenset(),
    Act.NOT_TAKEN: frozenset(),
}
"""Which act can follow which."""

STEPS = {
    Act.ASKED: 0,
    Act.APPROVED: 1,
    Act.DECLINED: 1,
    Act.WITHDRAWN: 1,
    Act.CANCELLED: 2,
    Act.NOT_TAKEN: 2,
}
"""The step of each act; a day has one entry for each step, so that it is decided on once and ended once."""


def amounts_of(act: Act, half_days: int) -> tuple[int, int]:
    """Return by how much an act changes what is asked for and what is approved."""
    match act:
        case Act.ASKED:
            return half_days, 0
        case Act.APPROVED:
            return -half_days, half_days
        case Act.DECLINED | Act.WITHDRAWN:
            return -half_days, 0
        case Act.CANCELLED | Act.NOT_TAKEN:
            return 0, -half_days


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One act: by how many half days it changed what is asked for and approved, when, by whom and why.

    `left_before` is what was left when a day was approved; None where no number is set.
    """

    step: int
    act: Act
    asked: int
    approved: int
    at: datetime
    by_id: int
    reason: str = ""
    left_before: int | None = None

    @property
    def is_override(self) -> bool:
        """Say whether more was approved than was left."""
        return self.act is Act.APPROVED and self.left_before is not None and self.approved > self.left_before


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A study day that somebody asked for, with its entries in the order of their steps."""

    id: int
    person_id: int
    organisation_id: int
    kind: str
    on: date
    part: DayPart
    half_days: int
    purpose: str
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    entries: tuple[LedgerEntry, ...]

    @property
    def asked(self) -> int:
        """How many half days of it wait for an answer."""
        return sum(each.asked for each in self.entries)

    @property
    def approved(self) -> int:
        """How many half days of it are approved."""
        return sum(each.approved for each in self.entries)

    @property
    def last(self) -> LedgerEntry:
        """What was done with it last."""
        return self.entries[-1]

    @property
    def status(self) -> DayStatus:
        """How it stands."""
        if self.last.act is Act.APPROVED and self.is_over:
            return DayStatus.TAKEN
        return DayStatus(self.last.act.value)

    @property
    def is_live(self) -> bool:
        """Say whether it is asked for or approved."""
        return bool(self.asked or self.approved)


class Fault(StrEnum):
    """What stands against an act; the words stand in the templates."""

    NO_ALLOWANCE = "no_allowance"
    AWAY = "away"
    TOO_LONG_AGO = "too_long_ago"
    TOO_FAR_AHEAD = "too_far_ahead"
    CLASH = "clash"
    STUDY_DAY_THEN = "study_day_then"
    ASKED_ALREADY = "asked_already"
    DAY_OFF = "day_off"
    BEYOND = "beyond"
    DECIDED = "decided"
    OWN = "own"
    NOT_THEIRS = "not_theirs"
    ENDED = "ended"


ALL_THE_SAME = frozenset({Fault.BEYOND, Fault.DAY_OFF})
"""What she can ask for all the same, and what is then approved only for a reason that is kept."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides on somebody's days: her line manager at work here (None: she has none), and whether she is away."""

    manager_id: int | None
    is_away: bool = False

    @property
    def has_officers(self) -> bool:
        """Say whether Workforce Development decides, alone or as well."""
        return self.manager_id is None or self.is_away


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against an act, with what its sentence needs.

    `title` and `starts_at` name what is in the way, `left` is what is left in half days, `status` how the day stands.
    """

    fault: Fault
    title: str = ""
    starts_at: datetime | None = None
    left: int | None = None
    status: DayStatus | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day that somebody asks for, and everything that decides whether she can.

    `day_off` says what the day is where nobody works on it: it would use up half days for nothing.
    `left` is what is left of her allowance (None: not set). `clashes` are what else is in her diary then and
    `study_days` the days approved then, each with its title; `others` are days then that nobody has answered yet.
    """

    on: date
    half_days: int
    has_allowance: bool
    is_away: bool
    day_off: str
    left: int | None
    clashes: Sequence[tuple[str, datetime]]
    study_days: Sequence[tuple[str, datetime]]
    others: Sequence[datetime]


def objections_to_asking(wanted: Wanted, today: date, *, all_the_same: bool) -> list[Objection]:
    """List every reason against asking for a day, so that they can all be put right at once.

    Asking for more than is left, or for a day on which nobody works, is refused, unless she says that she asks all
    the same: then her manager can approve it for a reason that is kept. What nobody has answered yet holds nothing
    back.
    """
    objections = [] if wanted.has_allowance else [Objection(Fault.NO_ALLOWANCE)]
    if wanted.on < today - ASKED_AFTERWARDS:
        objections.append(Objection(Fault.TOO_LONG_AGO))
    if wanted.on > today + ASKED_AHEAD:
        objections.append(Objection(Fault.TOO_FAR_AHEAD))
    objections += _in_the_way(wanted)
    objections += [Objection(Fault.ASKED_ALREADY, starts_at=starts_at) for starts_at in wanted.others]
    return objections if all_the_same else objections + to_be_said(wanted)


def objections_to_approving(wanted: Wanted, override_reason: str) -> list[Objection]:
    """List every reason against approving a day now: what is in the way, and what is approved only for a reason."""
    objections = [] if wanted.has_allowance else [Objection(Fault.NO_ALLOWANCE)]
    objections += _in_the_way(wanted)
    return objections if override_reason.strip() else objections + to_be_said(wanted)


def to_be_said(wanted: Wanted) -> list[Objection]:
    """List what both sides are to know before they agree all the same: a day off, and more than is left."""
    objections = [Objection(Fault.DAY_OFF, title=wanted.day_off)] if wanted.day_off else []
    if wanted.left is not None and wanted.half_days > wanted.left:
        objections.append(Objection(Fault.BEYOND, left=wanted.left))
    return objections


def _in_the_way(wanted: Wanted) -> list[Objection]:
    """Name time away and whatever else is in the diary then (G-11)."""
    objections = [Objection(Fault.AWAY)] if wanted.is_away else []
    for fault, entries in ((Fault.CLASH, wanted.clashes), (Fault.STUDY_DAY_THEN, wanted.study_days)):
        objections += [Objection(fault, title=title, starts_at=starts_at) for title, starts_at in entries]
    return objections


def may_decide(by: int, person_id: int, decider: Decider, *, by_is_officer: bool) -> bool:
    """Say who decides: her line manager of that day; Workforce Development where she has none at work.

    While the manager is recorded as away, Workforce Development may decide as well. Nobody decides on her own days.
    """
    return by != person_id and (by == decider.manager_id or (by_is_officer and decider.has_officers))


def ending_act(day: StudyDay) -> Act | None:
    """Return what ending a day is: taking the request back, cancelling it, or saying that it was not taken.

    None where there is nothing to end.
    """
    match day.status:
        case DayStatus.ASKED:
            return Act.WITHDRAWN
        case DayStatus.APPROVED:
            return Act.CANCELLED
        case DayStatus.TAKEN:
            return Act.NOT_TAKEN
    return None
