"""Who may appeal until when, and who decides on an appeal: nobody who had a part in what it is against (C-4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cpd.shared.roles import Role

DECIDES = (Role.ASSISTANT_DIRECTOR, Role.PRINCIPAL_SOCIAL_WORKER, Role.OPERATIONS_MANAGER)
"""A holder of one of these roles decides on an appeal."""

USUAL_DAYS = 14
"""So many days whoever decides usually has, from the day on which it is given to her."""

ASSIGN_WITHIN = timedelta(days=3)
REMIND_BEFORE = timedelta(days=3)


class AppealStatus(StrEnum):
    """How an appeal stands."""

    SENT = "sent"
    ASSIGNED = "assigned"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({AppealStatus.SENT, AppealStatus.ASSIGNED})
"""Still to be decided."""

DECIDED = frozenset({AppealStatus.UPHELD, AppealStatus.DISMISSED})


class AppealFault(StrEnum):
    """Why nothing was done; the words stand in `wording`."""

    NOTHING_AGAINST_HER = "nothing_against_her"
    NO_TIME_NAMED = "no_time_named"
    TOO_LATE = "too_late"
    APPEALED_ALREADY = "appealed_already"
    ASKED_AGAIN = "asked_again"
    NO_GROUNDS = "no_grounds"
    NOT_AN_OFFICER = "not_an_officer"
    OWN = "own"
    ENDED = "ended"
    NOT_ENTITLED = "not_entitled"
    HAD_A_PART = "had_a_part"
    IS_THE_PERSON = "is_the_person"
    MANAGES_HER = "manages_her"
    DAY_IS_PAST = "day_is_past"
    NOT_GIVEN_TO_HER = "not_given_to_her"
    NO_REASONS = "no_reasons"
    MOVED_ON = "moved_on"
    SAME_PANEL = "same_panel"


@dataclass(frozen=True, slots=True)
class AgainstWhat:
    """What somebody would appeal against: whether it is against her, until when it is in time, and what is under way.

    `until` is the last day, within it; None where the scheme names no time.
    """

    is_against_her: bool
    until: date | None
    is_appealed: bool
    asked_again: bool


def against_appealing(what: AgainstWhat, grounds: str, today: date) -> list[AppealFault]:
    """List every reason against an appeal. The last day is within the time."""
    if not what.is_against_her:
        return [AppealFault.NOTHING_AGAINST_HER]
    faults = (
        (AppealFault.NO_TIME_NAMED, what.until is None),
        (AppealFault.TOO_LATE, what.until is not None and today > what.until),
        (AppealFault.APPEALED_ALREADY, what.is_appealed),
        (AppealFault.ASKED_AGAIN, what.asked_again),
        (AppealFault.NO_GROUNDS, not grounds.strip()),
    )
    return [fault for fault, holds in faults if holds]


@dataclass(frozen=True, slots=True)
class Around:
    """Whose appeal it is, who manages her today, and everybody who had a part in what it is against."""

    person_id: int
    manager_id: int | None
    had_a_part: frozenset[int]


def against_deciding_it(around: Around, candidate_id: int, roles: Collection[Role]) -> list[AppealFault]:
    """List every reason why somebody cannot decide on an appeal: she holds one of the roles, and stands outside it."""
    faults = (
        (AppealFault.NOT_ENTITLED, not set(DECIDES).intersection(roles)),
        (AppealFault.IS_THE_PERSON, candidate_id == around.person_id),
        (AppealFault.MANAGES_HER, candidate_id == around.manager_id),
        (AppealFault.HAD_A_PART, candidate_id in around.had_a_part),
    )
    return [fault for fault, holds in faults if holds]


def against_assigning(
    status: AppealStatus,
    around: Around,
    *,
    by: int,
    is_officer: bool,
    decide_by: date,
    today: date,
    candidate: Collection[AppealFault],
) -> list[AppealFault]:
    """List every reason against giving an appeal to somebody; `candidate` are those why she cannot decide on it."""
    faults = (
        (AppealFault.NOT_AN_OFFICER, not is_officer),
        (AppealFault.OWN, by == around.person_id),
        (AppealFault.ENDED, status not in LIVE),
        (AppealFault.DAY_IS_PAST, decide_by < today),
    )
    return [fault for fault, holds in faults if holds] + list(candidate)


def against_deciding(
    status: AppealStatus, decider_id: int | None, by: int, reasons: str, candidate: Collection[AppealFault]
) -> list[AppealFault]:
    """List every reason against a decision: it was given to whoever decides, who still may, and it has reasons."""
    if status not in LIVE:
        return [AppealFault.ENDED]
    if decider_id != by:
        return [AppealFault.NOT_GIVEN_TO_HER]
    return [*candidate, *([] if reasons.strip() else [AppealFault.NO_REASONS])]


class Reminder(StrEnum):
    """Of what somebody is reminded."""

    TO_ASSIGN = "to_assign"
    TO_DECIDE = "to_decide"
    LATE = "late"


def reminder_due(status: AppealStatus, appealed_on: date, decide_by: date | None, today: date) -> Reminder | None:
    """Say of what somebody is to be reminded by now; each reminder goes out once.

    Workforce Development from the third day on that nobody was found; whoever decides from three days before the day
    by which she is to decide, and again from the day after it.
    """
    if status is AppealStatus.SENT:
        return Reminder.TO_ASSIGN if today >= appealed_on + ASSIGN_WITHIN else None
    if status is not AppealStatus.ASSIGNED or decide_by is None:
        return None
    if today > decide_by:
        return Reminder.LATE
    return Reminder.TO_DECIDE if today >= decide_by - REMIND_BEFORE else None
