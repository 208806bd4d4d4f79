"""Development plans: who still has to agree, when a review is due, and what is overdue (W-14, S-4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cpd.requirements.months import months_after


class Party(StrEnum):
    """Who agrees to a plan. The values are stored."""

    WORKER = "worker"
    MANAGER = "manager"


class Progress(StrEnum):
    """How an aim stands. The values are stored."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    REACHED = "reached"


class Fault(StrEnum):
    """Why what somebody wants cannot be done."""

    NO_PLAN = "no_plan"
    NO_AIMS = "no_aims"
    CHANGED = "changed"
    AGREED_ALREADY = "agreed_already"
    NOT_AGREED = "not_agreed"
    REVIEW_AHEAD = "review_ahead"
    REVIEW_TOO_EARLY = "review_too_early"


class PlanState(StrEnum):
    """How a plan stands, what presses most first."""

    OVERDUE = "overdue"
    NONE = "none"
    TO_AGREE = "to_agree"
    DUE_SOON = "due_soon"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Aim:
    """An aim, with what it is linked to by code; it keeps its number from version to version."""

    number: int
    aim: str
    target_on: date
    module_code: str = ""
    award_code: str = ""
    pcf_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """That one of the two agreed to a version."""

    party: Party
    by_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Review:
    """A review: when, of which version, what was said and who wrote it down."""

    held_on: date
    version: int
    notes: str
    by_id: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A person's plan as it stands: its newest version and who agreed to it, and what was before.

    `begun_on` is the day of the first version, `first_agreed_on` the first on which both had agreed to one.
    """

    id: int
    person_id: int
    version: int
    needs: str
    support: str
    written_on: date
    aims: tuple[Aim, ...]
    agreed: tuple[Agreed, ...]
    begun_on: date
    first_agreed_on: date | None
    reviews: tuple[Review, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether both have agreed to this very version."""
        return {each.party for each in self.agreed} == set(Party)

    @property
    def waits_for(self) -> list[Party]:
        """List who has not agreed to this version."""
        agreed = {each.party for each in self.agreed}
        return [party for party in Party if party not in agreed]

    @property
    def last_review(self) -> Review | None:
        """The latest review, or None."""
        return max(self.reviews, key=lambda each: each.held_on, default=None)


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """How a plan stands on a day, and until when it must be reviewed; None where no rule asks for it."""

    state: PlanState
    due_on: date | None = None


def standing_on(today: date, plan: Plan | None, months: int | None, soon_days: int = 0) -> PlanStanding:
    """Say how somebody's plan stands (W-14): a review is due so many months after the last one.

    Before the first it is so many months after both agreed, or after it was begun while they have not. The day itself
    is still in time. `months` is None where the scheme asks for no plan: then nothing is ever overdue.
    """
    if plan is None:
        return PlanStanding(PlanState.NONE)
    since = plan.last_review.held_on if plan.last_review else plan.first_agreed_on or plan.begun_on
    due_on = months_after(since, months) if months else None
    if due_on and today > due_on:
        return PlanStanding(PlanState.OVERDUE, due_on)
    if not plan.is_agreed:
        return PlanStanding(PlanState.TO_AGREE, due_on)
    is_soon = due_on is not None and due_on - today <= timedelta(days=soon_days)
    return PlanStanding(PlanState.DUE_SOON if is_soon else PlanState.CURRENT, due_on)


def faults_of_agreeing(plan: Plan | None, version: int, party: Party) -> list[Fault]:
    """List why one of the two cannot agree: to what has changed since she read it, say."""
    if plan is None:
        return [Fault.NO_PLAN]
    if plan.version != version:
        return [Fault.CHANGED]
    if party not in plan.waits_for:
        return [Fault.AGREED_ALREADY]
    return [] if plan.aims else [Fault.NO_AIMS]


def faults_of_review(plan: Plan | None, held_on: date, today: date) -> list[Fault]:
    """List why a review cannot be written down: it was held by today, of a plan that both had agreed to."""
    if plan is None:
        return [Fault.NO_PLAN]
    if plan.first_agreed_on is None:
        return [Fault.NOT_AGREED]
    if held_on > today:
        return [Fault.REVIEW_AHEAD]
    return [Fault.REVIEW_TOO_EARLY] if held_on < plan.first_agreed_on else []


def next_number(used: Collection[int]) -> int:
    """Return the number of a new aim; that of one that was dropped is not given again."""
    return max(used, default=0) + 1


def with_aim(aims: Sequence[Aim], aim: Aim) -> tuple[Aim, ...]:
    """Return the aims with one more, or with the one of its number put in its place."""
    others = [each for each in aims if each.number != aim.number]
    return tuple(sorted([*others, aim], key=lambda each: each.number))


def without_aim(aims: Sequence[Aim], number: int) -> tuple[Aim, ...]:
    """Return the aims without one."""
    return tuple(each for each in aims if each.number != number)
