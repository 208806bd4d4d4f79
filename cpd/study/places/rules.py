"""Who may apply for a yearly place on an award, who gets one, and to whom a place passes (S-5, AMB-41)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cpd.schemes.award_places_shape import AwardPlaces, PlaceYear
from cpd.shared.roles import Role

APRIL = 4


class PlaceStatus(StrEnum):
    """How an application stands. Only `SELECTED` holds a place."""

    APPLIED = "applied"
    COMMENTED = "commented"
    SELECTED = "selected"
    WAITING = "waiting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({PlaceStatus.APPLIED, PlaceStatus.COMMENTED})
"""Not decided yet."""

LIVE = OPEN | {PlaceStatus.SELECTED, PlaceStatus.WAITING}
"""Of these a person has one at most for each award and year."""


class PlaceDecision(StrEnum):
    """What can be decided on an application."""

    SELECT = "select"
    WAIT = "wait"
    DECLINE = "decline"


DECIDED = {
    PlaceDecision.SELECT: PlaceStatus.SELECTED,
    PlaceDecision.WAIT: PlaceStatus.WAITING,
    PlaceDecision.DECLINE: PlaceStatus.DECLINED,
}


class PlaceFault(StrEnum):
    """Why nothing was done; the words stand in `words`."""

    NO_POST = "no_post"
    NOT_AN_EMPLOYEE = "not_an_employee"
    APPLIED_ALREADY = "applied_already"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    YEAR_OVER = "year_over"
    NO_WORDS = "no_words"
    DECIDED_ALREADY = "decided_already"
    COMMENTED_ALREADY = "commented_already"
    NOT_HER_MANAGER = "not_her_manager"
    NOT_THE_DECIDER = "not_the_decider"
    OWN = "own"
    NO_PLACE_LEFT = "no_place_left"
    A_PLACE_IS_FREE = "a_place_is_free"
    NO_LONGER_AN_EMPLOYEE = "no_longer_an_employee"
    ENDED_ALREADY = "ended_already"


@dataclass(frozen=True, slots=True)
class AwardYear:
    """One year of places, both days within it."""

    first_day: date
    last_day: date


def year_of(year: PlaceYear, on: date) -> AwardYear:
    """Return the year in which a day lies (AMB-41): 1 April to 31 March, or 1 January to 31 December."""
    month = APRIL if year is PlaceYear.FINANCIAL else 1
    starts_in = on.year if on.month >= month else on.year - 1
    return AwardYear(date(starts_in, month, 1), date(starts_in + 1, month, 1) - timedelta(days=1))


def window_of(terms: AwardPlaces, year: AwardYear) -> tuple[date, date]:
    """Return the first and the last day on which applications for a year are taken."""
    opens_on = year.first_day - timedelta(days=terms.opens_days_before)
    if terms.closes_days_after is None:
        return opens_on, year.last_day
    return opens_on, year.first_day + timedelta(days=terms.closes_days_after)


def years_shown(terms: AwardPlaces, today: date) -> list[AwardYear]:
    """List the year under way, and the next one from the day on which it takes applications."""
    now = year_of(terms.year, today)
    coming = year_of(terms.year, now.last_day + timedelta(days=1))
    return [now, coming] if window_of(terms, coming)[0] <= today else [now]


def may_hold(terms: AwardPlaces, staff_type: str | None) -> bool:
    """Say whether somebody of this kind of staff may have a place; None is somebody without a post."""
    return staff_type in terms.staff_types


def against_applying(
    terms: AwardPlaces, year: AwardYear, today: date, staff_type: str | None, statement: str, *, has_applied: bool
) -> list[PlaceFault]:
    """List every reason against an application. The first and the last day of the window are within it."""
    opens_on, closes_on = window_of(terms, year)
    faults = (
        (PlaceFault.NO_POST, staff_type is None),
        (PlaceFault.NOT_AN_EMPLOYEE, staff_type is not None and not may_hold(terms, staff_type)),
        (PlaceFault.APPLIED_ALREADY, has_applied),
        (PlaceFault.NOT_OPEN_YET, today < opens_on),
        (PlaceFault.CLOSED, closes_on < today <= year.last_day),
        (PlaceFault.YEAR_OVER, today > year.last_day),
        (PlaceFault.NO_WORDS, not statement.strip()),
    )
    return [fault for fault, holds in faults if holds]


@dataclass(frozen=True, slots=True)
class Standing:
    """An application and its year, as a decision on it asks: `free` are the places that nobody holds."""

    status: PlaceStatus
    last_day: date
    free: int
    person_id: int
    may_hold: bool


def against_commenting(
    standing: Standing, manager_id: int | None, by: int, words: str, today: date
) -> list[PlaceFault]:
    """List every reason against a manager's comment: she manages the person today, and says something once."""
    faults = (
        (PlaceFault.NOT_HER_MANAGER, manager_id != by or standing.person_id == by),
        (PlaceFault.YEAR_OVER, today > standing.last_day),
        (PlaceFault.COMMENTED_ALREADY, standing.status is PlaceStatus.COMMENTED),
        (PlaceFault.DECIDED_ALREADY, standing.status not in OPEN | {PlaceStatus.WITHDRAWN}),
        (PlaceFault.ENDED_ALREADY, standing.status is PlaceStatus.WITHDRAWN),
        (PlaceFault.NO_WORDS, not words.strip()),
    )
    return [fault for fault, holds in faults if holds]


def choices_for(status: PlaceStatus, free: int) -> tuple[PlaceDecision, ...]:
    """Say what can be decided: a free place is given, so a list is waited on only while there is none."""
    if status is PlaceStatus.WAITING:
        return (PlaceDecision.DECLINE,)
    if status not in OPEN:
        return ()
    return (PlaceDecision.SELECT if free > 0 else PlaceDecision.WAIT, PlaceDecision.DECLINE)


def against_deciding(
    standing: Standing,
    decision: PlaceDecision,
    by: int,
    reasons: str,
    today: date,
    *,
    is_decider: bool,
) -> list[PlaceFault]:
    """List every reason against a decision: nobody decides on her own, without reasons, or beyond the places."""
    is_open = standing.status in OPEN
    leaves_list = standing.status is PlaceStatus.WAITING and decision is PlaceDecision.DECLINE
    is_decided = standing.status in DECIDED.values() and not leaves_list
    faults = (
        (PlaceFault.NOT_THE_DECIDER, not is_decider),
        (PlaceFault.OWN, standing.person_id == by),
        (PlaceFault.YEAR_OVER, today > standing.last_day),
        (PlaceFault.ENDED_ALREADY, standing.status is PlaceStatus.WITHDRAWN),
        (PlaceFault.DECIDED_ALREADY, is_decided),
        (PlaceFault.NO_LONGER_AN_EMPLOYEE, decision is not PlaceDecision.DECLINE and not standing.may_hold),
        (PlaceFault.NO_PLACE_LEFT, is_open and decision is PlaceDecision.SELECT and standing.free <= 0),
        (PlaceFault.A_PLACE_IS_FREE, is_open and decision is PlaceDecision.WAIT and standing.free > 0),
        (PlaceFault.NO_WORDS, not reasons.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_ending(standing: Standing, by: int, reason: str, today: date, *, is_decider: bool) -> list[PlaceFault]:
    """List every reason against ending an application: she may, without a reason; whoever decides may, for one."""
    hers = standing.person_id == by
    faults = (
        (PlaceFault.NOT_THE_DECIDER, not hers and not is_decider),
        (PlaceFault.YEAR_OVER, today > standing.last_day),
        (PlaceFault.ENDED_ALREADY, standing.status not in LIVE),
        (PlaceFault.NO_WORDS, not hers and not reason.strip()),
    )
    return [fault for fault, holds in faults if holds]


def decides(terms: AwardPlaces, roles: Iterable[str]) -> bool:
    """Say whether a holder of these roles decides on an award's places."""
    return Role(terms.decided_by) in roles


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the waiting list: her number in its order, and whether she may hold a place today."""

    application_id: int
    waiting_number: int
    may_hold: bool


def places_given(places: int, taken: int) -> int:
    """Return how many places a year has: as many as the scheme says, and never fewer than were given."""
    return max(places, taken)


def owed(waiting: Sequence[Waiting], free: int) -> list[int]:
    """List whose turn it is, in the order of the list; who may not hold a place today keeps hers and is passed over."""
    able = sorted((each.waiting_number, each.application_id) for each in waiting if each.may_hold)
    return [application_id for _, application_id in able[: max(free, 0)]]
