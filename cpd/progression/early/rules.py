"""Early-career programmes: who may see and do what, and every reason against an act (S-3, B3, C-7, AMB-04)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from cpd.progression.early.course import DAY, Course, Pause, Point
from cpd.schemes.early_career_shape import EarlyCareerProgramme

LONGEST_EXTENSION = 104
"""Weeks: an extension longer than two years is a slip of the keyboard."""

PARTIES = 3
"""Worker, assessor and line manager sign the agreement (B3)."""

SCALE = (
    "Not yet: I need support",
    "Beginning: with support",
    "Mostly: with some support",
    "Confidently: on my own",
)
"""The four words of a self-assessment, from the least to the most."""


class RelationshipKind(StrEnum):
    """How somebody supports a worker. The values are stored."""

    ASSESSOR = "assessor"
    PRINCIPAL_PRACTITIONER = "principal_practitioner"
    PRACTICE_EDUCATOR = "practice_educator"
    MENTOR = "mentor"
    BUDDY = "buddy"

    @property
    def assesses(self) -> bool:
        """Whether she sees how the worker stands; a mentor or buddy sees name, programme and dates only (C-7)."""
        return self not in (RelationshipKind.MENTOR, RelationshipKind.BUDDY)


class Outcome(StrEnum):
    """How a programme ended."""

    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Who signs the agreement."""

    WORKER = "worker"
    ASSESSOR = "assessor"
    MANAGER = "manager"


class Seat(StrEnum):
    """As whom somebody looks at an enrolment, from the one who may do most."""

    WORKER = "worker"
    OFFICER = "officer"
    ASSESSOR = "assessor"
    MANAGER = "manager"
    COMPANION = "companion"
    """A mentor or buddy."""


class Fault(StrEnum):
    """Why nothing was done."""

    NOT_OFFERED = "not_offered"
    NO_LEVEL = "no_level"
    ENROLLED_ALREADY = "enrolled_already"
    ENDED = "ended"
    PAUSED_ALREADY = "paused_already"
    NOT_PAUSED = "not_paused"
    BEFORE_THE_START = "before_the_start"
    OVERLAPS = "overlaps"
    BACK_FIRST = "back_first"
    AHEAD = "ahead"
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"
    TOO_EARLY = "too_early"
    SIGNED_ALREADY = "signed_already"
    NO_AGREEMENT = "no_agreement"
    OTHER_VERSION = "other_version"
    NOT_EVERY_STATEMENT = "not_every_statement"
    HELD_ALREADY = "held_already"
    HERSELF = "herself"
    NOT_HERE = "not_here"
    ASSESSOR_ALREADY = "assessor_already"
    SUPPORTS_ALREADY = "supports_already"
    ENDS_FIRST = "ends_first"
    BY_THE_PANEL = "by_the_panel"
    NOBODY = "nobody"
    IN_THE_PAUSE = "in_the_pause"
    OWN = "own"
    NO_START = "no_start"
    BEFORE_THE_LAST_ENDED = "before_the_last_ended"
    NOT_ENDED = "not_ended"
    COHORT_IN_USE = "cohort_in_use"
    ON_ANOTHER = "on_another"


def against_enrolling(
    programme: EarlyCareerProgramme,
    career_level: str | None,
    starts_on: date,
    *,
    has_another: bool,
    last_ended_on: date | None = None,
) -> list[Fault]:
    """List why somebody cannot start a programme; one runs at a time, and what is offered depends on the day (B4).

    A second one begins when the last had ended, on that day at the earliest: what was before belongs to that.
    """
    begins_in_time = (programme.offered_from or date.min) <= starts_on <= (programme.offered_until or date.max)
    faults = (
        (Fault.NO_LEVEL, career_level not in programme.career_levels),
        (Fault.NOT_OFFERED, not begins_in_time),
        (Fault.ENROLLED_ALREADY, has_another),
        (Fault.BEFORE_THE_LAST_ENDED, last_ended_on is not None and starts_on < last_ended_on),
    )
    return [fault for fault, holds in faults if holds]


def against_pausing(course: Course, pause: Pause, today: date, *, is_live: bool) -> list[Fault]:
    """List why a pause cannot be kept. It may begin or end in the past, since it is often agreed afterwards."""
    others = [each for each in course.pauses if each.id != pause.id or pause.id is None]
    faults = (
        (Fault.ENDED, not is_live),
        (Fault.BEFORE_THE_START, pause.first_day < course.starts_on),
        (Fault.AHEAD, pause.first_day > today + timedelta(days=366)),
        (Fault.BACK_FIRST, pause.back_on is not None and pause.back_on <= pause.first_day),
        (Fault.PAUSED_ALREADY, any(each.back_on is None for each in others) and pause.back_on is None),
        (Fault.OVERLAPS, any(_overlap(each, pause) for each in others)),
    )
    return [fault for fault, holds in faults if holds]


def _overlap(one: Pause, other: Pause) -> bool:
    """Say whether two pauses share a day; one may begin on the day on which she was back from the other."""
    return one.first_day < (other.back_on or date.max) and other.first_day < (one.back_on or date.max)


def against_rejoining(course: Course, back_on: date, *, is_live: bool) -> list[Fault]:
    """List why somebody cannot be back on a day."""
    pause = course.open_pause
    if pause is None:
        return [Fault.NOT_PAUSED] if is_live else [Fault.ENDED]
    ended = Pause(pause.first_day, back_on, pause.id)
    return [
        fault
        for fault, holds in (
            (Fault.BACK_FIRST, back_on <= pause.first_day),
            (Fault.OVERLAPS, any(_overlap(each, ended) for each in course.pauses if each is not pause)),
        )
        if holds
    ]


def against_extending(weeks: int, reason: str, agreed_on: date, today: date, *, is_live: bool) -> list[Fault]:
    """List why an extension cannot be kept; part-time work is a reason, and never one by itself (B3)."""
    faults = (
        (Fault.ENDED, not is_live),
        (Fault.TOO_LONG, weeks > LONGEST_EXTENSION),
        (Fault.NO_REASON, not reason.strip()),
        (Fault.AHEAD, agreed_on > today),
    )
    return [fault for fault, holds in faults if holds]


def against_ending(
    outcome: Outcome,
    ended_on: date,
    reason: str,
    course: Course,
    today: date,
    *,
    is_live: bool,
    has_panel: bool,
    is_own: bool,
) -> list[Fault]:
    """List why an ending cannot be recorded; where a panel is named, only that somebody withdrew can."""
    faults = (
        (Fault.OWN, is_own),
        (Fault.ENDED, not is_live),
        (Fault.BY_THE_PANEL, has_panel and outcome is not Outcome.WITHDRAWN),
        (Fault.AHEAD, ended_on > today),
        (Fault.BEFORE_THE_START, ended_on < course.starts_on),
        (Fault.NO_REASON, not reason.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_reopening(reason: str, *, is_live: bool, by_panel: bool, has_later: bool, is_own: bool) -> list[Fault]:
    """List why an ending that was a mistake cannot be taken back; a panel's word is the panel's to undo."""
    faults = (
        (Fault.OWN, is_own),
        (Fault.NOT_ENDED, is_live),
        (Fault.BY_THE_PANEL, not is_live and by_panel),
        (Fault.ON_ANOTHER, has_later),
        (Fault.NO_REASON, not reason.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_holding(point: Point, course: Course, held_on: date, today: date) -> list[Fault]:
    """List why a review cannot have been held on a day; `point` is how it stood on that day."""
    faults = (
        (Fault.AHEAD, held_on > today),
        (Fault.BEFORE_THE_START, held_on < course.starts_on),
        (Fault.TOO_EARLY, course.starts_on <= held_on < point.opens_on),
        (Fault.IN_THE_PAUSE, any(_is_in(held_on, each, today) for each in course.pauses)),
    )
    return [fault for fault, holds in faults if holds]


def _is_in(day: date, pause: Pause, today: date) -> bool:
    return pause.first_day <= day < (pause.back_on or today + DAY)


def signers(worker_id: int, assessor_ids: Collection[int], manager_id: int | None) -> dict[Party, frozenset[int]]:
    """Say who may sign the agreement for each of the three parties."""
    return {
        Party.WORKER: frozenset({worker_id}),
        Party.ASSESSOR: frozenset(assessor_ids),
        Party.MANAGER: frozenset({manager_id} if manager_id else ()),
    }


def changed_since(signed: Mapping[Party, int], who: Mapping[Party, frozenset[int]]) -> list[Party]:
    """Say in which place somebody else stands now than the one who signed: they go through the agreement anew (B3)."""
    return [party for party in Party if party in signed and who[party] and signed[party] not in who[party]]


def party_of(person_id: int, who: dict[Party, frozenset[int]], signed: Collection[Party]) -> Party | None:
    """Say for which party somebody can sign now: where she is manager and assessor, for the one that is missing."""
    return next((party for party in Party if person_id in who[party] and party not in signed), None)


def seat_of(
    viewer_id: int,
    worker_id: int,
    manager_id: int | None,
    supporters: Iterable[tuple[int, RelationshipKind]],
    *,
    is_officer: bool,
) -> Seat | None:
    """Say as whom somebody looks at an enrolment, or None: then it is not there for her (C-7, B8)."""
    if viewer_id == worker_id:
        return Seat.WORKER
    kinds = [kind for person_id, kind in supporters if person_id == viewer_id]
    if any(kind.assesses for kind in kinds):
        return Seat.ASSESSOR
    if viewer_id == manager_id:
        return Seat.MANAGER
    if is_officer:
        return Seat.OFFICER
    return Seat.COMPANION if kinds else None


MAY_SEE_ALL = (Seat.WORKER, Seat.ASSESSOR, Seat.MANAGER, Seat.OFFICER)
MAY_READ_SELF_ASSESSMENTS = (Seat.WORKER, Seat.ASSESSOR, Seat.MANAGER)
"""What somebody writes of herself is for those three, and not for the desk (B3)."""
MAY_RECORD_REVIEWS = (Seat.ASSESSOR, Seat.MANAGER)
MAY_RECORD_SUPERVISION = (Seat.WORKER, Seat.ASSESSOR, Seat.MANAGER)
MAY_WRITE_AGREEMENT = (Seat.WORKER, Seat.ASSESSOR, Seat.MANAGER)


def outcome_from(outcomes: Sequence[tuple[date, str]], starts_on: date) -> tuple[Outcome, date] | None:
    """Say how a panel's word ends a programme: passed or failed, by the latest since its start; else it goes on."""
    since = [each for each in outcomes if each[0] >= starts_on]
    if not since:
        return None
    on, value = max(since)
    found = {"pass": Outcome.PASSED, "recommended": Outcome.PASSED, "fail": Outcome.FAILED}.get(value)
    return (found, on) if found else None


def supports_on(first_day: date, last_day: date | None, on: date) -> bool:
    """Say whether a relationship holds on a day; its last day still counts."""
    return first_day <= on and (last_day is None or on <= last_day)


def against_supporting(
    person_id: int,
    supporter_id: int,
    kind: RelationshipKind,
    first_day: date,
    held: Iterable[tuple[int, RelationshipKind, date, date | None]],
    *,
    is_here: bool,
) -> list[Fault]:
    """List why somebody cannot support a worker from a day on; there is one assessor at a time."""
    same = [each for each in held if each[1] is kind and (each[3] is None or each[3] >= first_day)]
    others = [each for each in same if each[0] != supporter_id] if kind is RelationshipKind.ASSESSOR else []
    faults = (
        (Fault.HERSELF, person_id == supporter_id),
        (Fault.NOT_HERE, not is_here),
        (Fault.SUPPORTS_ALREADY, any(each[0] == supporter_id for each in same)),
        (Fault.ASSESSOR_ALREADY, any(each[2] >= first_day or each[3] is not None for each in others)),
    )
    return [fault for fault, holds in faults if holds]


def against_assessing(point: Point, today: date, *, is_live: bool, fits: bool) -> list[Fault]:
    """List why a self-assessment cannot be kept; every statement needs one of the four words."""
    faults = (
        (Fault.ENDED, not is_live),
        (Fault.TOO_EARLY, today < point.opens_on),
        (Fault.NOT_EVERY_STATEMENT, not fits),
    )
    return [fault for fault, holds in faults if holds]


def against_supervision(
    course: Course, held_on: date, days: Collection[date], today: date, *, ended_on: date | None
) -> list[Fault]:
    """List why supervision cannot have been held on a day."""
    faults = (
        (Fault.AHEAD, held_on > today),
        (Fault.BEFORE_THE_START, held_on < course.starts_on),
        (Fault.ENDED, ended_on is not None and held_on > ended_on),
        (Fault.HELD_ALREADY, held_on in days),
    )
    return [fault for fault, holds in faults if holds]
