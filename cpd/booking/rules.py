"""Who may have a place, and in which words' order the reasons stand when she may not.

Plain Python on frozen facts, so that somebody from Workforce Development can follow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cpd.requirements.language import Completed
from cpd.requirements.record import Fact, FactKind
from cpd.requirements.standing import Standing

LONDON = ZoneInfo("Europe/London")


class Status(StrEnum):
    """What a booking is; the first three hold a place."""

    REQUESTED = "requested"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    DECLINED = "declined"


LIVE = frozenset({Status.REQUESTED, Status.OFFERED, Status.CONFIRMED, Status.WAITING})
HOLDING = LIVE - {Status.WAITING}


class Reason(StrEnum):
    """Why somebody cannot have a place; all that hold are listed, in this order."""

    NOT_PUBLISHED = "not_published"
    SESSION_CANCELLED = "session_cancelled"
    BEGUN = "begun"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"
    ALREADY_DONE = "already_done"
    ALREADY_RECOGNISED = "already_recognised"
    ALREADY_BOOKED = "already_booked"
    ALREADY_WAITING = "already_waiting"
    BOOKED_ON_ANOTHER = "booked_on_another"
    NOT_IN_AUDIENCE = "not_in_audience"
    CLASH = "clash"
    PREREQUISITE = "prerequisite"
    NEEDS_APPROVAL = "needs_approval"
    FULL = "full"
    TOO_LATE_TO_PROMOTE = "too_late_to_promote"


class CancelReason(StrEnum):
    """Why somebody gives a place back: asked with one tap, and needed after the cut-off only (AMB-35)."""

    COURT = "court"
    EMERGENCY = "emergency"
    UNWELL = "unwell"
    OTHER = "other"


class State(StrEnum):
    """How a session stands to a person: the label of its row in the timetable."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    FULL = "full"
    BOOKED = "booked"
    OFFERED = "offered"
    WAITING = "waiting"
    DONE = "done"
    DROP_IN = "drop_in"
    CLOSED = "closed"
    REFUSED = "refused"


CLOSED_REASONS = (Reason.NOT_PUBLISHED, Reason.SESSION_CANCELLED, Reason.BEGUN, Reason.NOT_YET_OPEN, Reason.CLOSED)
NEVER_OVERRIDDEN = frozenset(
    {Reason.NOT_PUBLISHED, Reason.SESSION_CANCELLED, Reason.BEGUN, Reason.ALREADY_BOOKED, Reason.ALREADY_WAITING}
)
"""What no officer can override: there is nothing to book, or she has it already."""

ASKABLE = frozenset({Reason.NOT_IN_AUDIENCE, Reason.NEEDS_APPROVAL})
"""What Workforce Development can agree to when somebody asks for a place all the same (G-7, AMB-34)."""

LONGEST_ASKS = 500
"""So many characters somebody has to say why she needs it."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against a place, with what a sentence about it needs.

    `title` names what it speaks of (the training that clashes, the module still to do), `module` its
    code, `booking_id` and `session_id` the booking in the way, `starts_at` when that is, `on` a date.
    """

    reason: Reason
    title: str = ""
    module: str = ""
    session_id: int | None = None
    booking_id: int | None = None
    starts_at: datetime | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class HeldBooking:
    """One live booking of a person, with what its session is.

    `session_live` says that its session is published and that no closed register has decided on it yet (AMB-23).
    `is_unanswered` says that she asked for it and nobody has answered; until `answer_by` the place is kept for her.
    `release_at` is when a place that lacks its basis goes to the next person; it has lacked it since
    `lacks_basis_since`. `position` is hers on the waiting
    list, where it was asked for.
    """

    id: int
    training_session_id: int
    module_id: int
    status: Status
    takes_place: bool
    overridden: bool
    starts_at: datetime
    ends_at: datetime
    session_live: bool
    requested_at: datetime
    answer_by: datetime | None = None
    is_unanswered: bool = False
    release_at: datetime | None = None
    lacks_basis_since: datetime | None = None
    position: int | None = None


class PlaceRequest(NamedTuple):
    """Everything that decides whether one person may have a place on one session; made 500 times for one page.

    `clashes` are objections already worded by the diary; `standing` is asked with the session's start
    as the moment by which everything must have ended (AMB-23); `closes_on` is inclusive.
    """

    status: str
    starts_at: datetime
    opens_on: date | None
    closes_on: date | None
    is_drop_in: bool
    in_audience: bool
    approval_needed: bool
    done: Fact | None
    own: HeldBooking | None
    another: HeldBooking | None
    clashes: Sequence[Objection]
    standing: Standing


def objections_to(request: PlaceRequest, now: datetime, today: date) -> list[Objection]:
    """List every reason against a place, so that she can put them all right at once.

    Whether the session is full is no objection: then she waits. An empty list means yes. The closing
    date itself still counts as open; a drop-in needs no booking, so its dates, prerequisites and
    approval do not bind (AMB-21).
    """
    objections = _about_the_session(request, now, today)
    if request.done:
        recognised = request.done.kind is FactKind.RECOGNISED
        reason = Reason.ALREADY_RECOGNISED if recognised else Reason.ALREADY_DONE
        objections.append(Objection(reason, on=request.done.happened_on))
    if request.own:
        waiting = request.own.status is Status.WAITING
        reason = Reason.ALREADY_WAITING if waiting else Reason.ALREADY_BOOKED
        objections.append(Objection(reason, booking_id=request.own.id))
    if request.another and not request.is_drop_in:
        objections.append(_about_another(request.another))
    if not request.in_audience:
        objections.append(Objection(Reason.NOT_IN_AUDIENCE))
    objections += request.clashes
    if request.is_drop_in:
        return objections
    objections += [_about_a_line(leaf) for leaf in request.standing.outstanding_leaves()]
    if request.approval_needed:
        objections.append(Objection(Reason.NEEDS_APPROVAL))
    return objections


def state_of(request: PlaceRequest, objections: Sequence[Objection], free_places: int | None) -> State:
    """Label a session for a person by the first reason that stands.

    What she already has comes first of all: a session stays hers in the timetable after booking closes.
    """
    first = objections[0].reason if objections else None
    if request.own and first not in (Reason.NOT_PUBLISHED, Reason.SESSION_CANCELLED):
        return {Status.WAITING: State.WAITING, Status.OFFERED: State.OFFERED}.get(request.own.status, State.BOOKED)
    if request.done and first in (*CLOSED_REASONS[2:], Reason.ALREADY_DONE, Reason.ALREADY_RECOGNISED):
        return State.DONE
    if first in CLOSED_REASONS:
        return State.CLOSED
    if first is not None:
        return State.REFUSED
    if request.is_drop_in:
        return State.DROP_IN
    if free_places is not None and free_places <= 0:
        return State.FULL
    return State.CONDITIONAL if request.standing.in_hand_leaves() else State.OPEN


def needs_agreement_only(objections: Sequence[Objection]) -> bool:
    """Say whether nothing stands against a place but what Workforce Development can agree to."""
    return bool(objections) and all(each.reason in ASKABLE for each in objections)


def is_late(now: datetime, starts_at: datetime, cut_off: datetime) -> bool:
    """Say whether giving a place back now is late; it still works (AMB-35)."""
    return cut_off <= now < starts_at


def release_time(starts_at: datetime, days_before: int) -> datetime:
    """Return when a place that lacks its basis goes to the next person: whole days before, at the same time of day."""
    start = starts_at.astimezone(LONDON)
    return datetime.combine(start.date() - timedelta(days=days_before), start.time(), LONDON)


def working_days_before(day: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """Return the day that lies `count` working days before another (weekends and holidays left out)."""
    while count:
        day -= timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:  # noqa: PLR2004 - Monday to Friday
            count -= 1
    return day


def working_days_after(day: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """Return the day that lies `count` working days after another (weekends and holidays left out)."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:  # noqa: PLR2004 - Monday to Friday
            count -= 1
    return day


def _about_the_session(request: PlaceRequest, now: datetime, today: date) -> list[Objection]:
    """Say what is wrong with the session itself or with its dates of booking."""
    if request.status == "draft":
        return [Objection(Reason.NOT_PUBLISHED)]
    if request.status == "cancelled":
        return [Objection(Reason.SESSION_CANCELLED)]
    if now >= request.starts_at:
        return [Objection(Reason.BEGUN)]
    if request.is_drop_in:
        return []
    if request.opens_on and today < request.opens_on:
        return [Objection(Reason.NOT_YET_OPEN, on=request.opens_on)]
    if request.closes_on and today > request.closes_on:
        return [Objection(Reason.CLOSED, on=request.closes_on)]
    return []


def _about_another(held: HeldBooking) -> Objection:
    """Name the place that she has on another session of the module."""
    return Objection(
        Reason.BOOKED_ON_ANOTHER, session_id=held.training_session_id, booking_id=held.id, starts_at=held.starts_at
    )


def _about_a_line(leaf: Standing) -> Objection:
    """Name one thing still to do; for a module, by its code."""
    asked = leaf.requirement
    return Objection(Reason.PREREQUISITE, module=asked.module if isinstance(asked, Completed) else "")


def in_audience(staff_types: Sequence[str], career_levels: Sequence[str], staff_type: str, career_level: str) -> bool:
    """Say whether a module is meant for somebody (G-7). An empty list excludes nobody.

    A career level that is not known excludes nobody either: what the record does not say is never held
    against a person.
    """
    if staff_types and staff_type not in staff_types:
        return False
    return not (career_levels and career_level and career_level not in career_levels)
