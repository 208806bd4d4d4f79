"""When a post is free, and whether there is room: ceilings count exact full-time equivalents (C-3, AMB-39, W-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from cpd.schemes.pathway_shape import Transition, TransitionMode

THOUSAND = 1000
LARGEST_FTE = Decimal(1)
NOTHING_TAKEN = Decimal(0)


class VacancyStatus(StrEnum):
    """How a vacancy stands. Only into an `OPEN` one can somebody progress."""

    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


class RoomReason(StrEnum):
    """Why there is no room for somebody; the words stand in `wording`."""

    CEILING_REACHED = "ceiling_reached"
    NO_VACANCY = "no_vacancy"
    VACANCY_FILLED = "vacancy_filled"
    VACANCY_CLOSED = "vacancy_closed"
    VACANCY_NOT_OPEN_YET = "vacancy_not_open_yet"
    VACANCY_OVER = "vacancy_over"
    VACANCY_OF_ANOTHER_LEVEL = "vacancy_of_another_level"
    HAS_ROOM_ALREADY = "has_room_already"


class VacancyFault(StrEnum):
    """Why nothing was done about a vacancy; the words stand in `wording`."""

    NO_TITLE = "no_title"
    NO_SERVICE = "no_service"
    NO_WAY_TO_APPLY = "no_way_to_apply"
    NOT_SUCH_A_LEVEL = "not_such_a_level"
    NO_FTE = "no_fte"
    ENDS_FIRST = "ends_first"
    ENDED = "ended"
    FILLED = "filled"
    CLOSED_ALREADY = "closed_already"
    NO_REASON = "no_reason"
    NOT_HER_TASK = "not_her_task"


def thousandths(fte: Decimal) -> int:
    """Return full-time equivalents as a whole number of thousandths, in which they are kept: exact on every database.

    Parts of a thousandth are left out, so that no ceiling is ever higher than it was written.
    """
    return int((fte * THOUSAND).to_integral_value(ROUND_DOWN))


def as_fte(number: int) -> Decimal:
    """Return thousandths as full-time equivalents, without needless zeros: 0.6, 50."""
    fte = (Decimal(number) / THOUSAND).normalize()
    return fte.quantize(Decimal(1)) if fte == fte.to_integral_value() else fte


@dataclass(frozen=True, slots=True)
class Room:
    """How many full-time equivalents a step has in all and how many are taken; `ceiling` is None where it has none."""

    ceiling: Decimal | None
    taken: Decimal

    @property
    def left(self) -> Decimal | None:
        """How much is left: none below nothing, where the ceiling was lowered; None where there is no ceiling."""
        return None if self.ceiling is None else max(self.ceiling - self.taken, NOTHING_TAKEN)

    @property
    def is_over(self) -> bool:
        """Whether more is taken than the ceiling now in force allows: nobody loses, and nobody further is enacted."""
        return self.ceiling is not None and self.taken > self.ceiling

    def has_room_for(self, fte: Decimal) -> bool:
        """Say whether so much still fits; exactly filling it fits."""
        return self.ceiling is None or self.taken + fte <= self.ceiling


@dataclass(frozen=True, slots=True)
class RoomObjection:
    """One reason why there is no room, with what its sentence needs: the room, and how much was asked for."""

    reason: RoomReason
    room: Room | None = None
    fte: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VacancyTerms:
    """A vacancy as the rules ask: both days are within it, and without a last one it stays open."""

    status: VacancyStatus
    career_level: str
    open_from: date
    open_until: date | None


def ceiling_held(ceiling: int | None, taken: int) -> int | None:
    """Return the most that may be taken, in thousandths, for the database to hold: never less than was taken (C-3).

    A scheme may lower its ceiling below that: then nobody loses what she has, and nobody further is enacted.
    """
    return None if ceiling is None else max(ceiling, taken)


def against_taking(
    transition: Transition, room: Room, fte: Decimal, vacancy: VacancyTerms | None, *, has_room: bool = False
) -> list[RoomObjection]:
    """List every reason why somebody cannot be enacted by a step now: a full ceiling, or no free post (C-3, W-8).

    The days of a vacancy are those of applying; whoever applied in time may be enacted after them.
    """
    found = [RoomObjection(RoomReason.HAS_ROOM_ALREADY)] if has_room else []
    if not room.has_room_for(fte):
        found.append(RoomObjection(RoomReason.CEILING_REACHED, room, fte))
    if vacancy is not None:
        found += [RoomObjection(each) for each in _against_vacancy(vacancy, transition.to_level)]
    elif transition.transition_mode is TransitionMode.VACANCY:
        found.append(RoomObjection(RoomReason.NO_VACANCY))
    return found


def against_applying(vacancy: VacancyTerms, career_level: str, today: date) -> list[RoomReason]:
    """List every reason why nobody can apply for a vacancy today; its first and its last day are within it."""
    days = (
        (RoomReason.VACANCY_NOT_OPEN_YET, today < vacancy.open_from),
        (RoomReason.VACANCY_OVER, vacancy.open_until is not None and today > vacancy.open_until),
    )
    return [*_against_vacancy(vacancy, career_level), *(reason for reason, holds in days if holds)]


def _against_vacancy(vacancy: VacancyTerms, career_level: str) -> list[RoomReason]:
    faults = (
        (RoomReason.VACANCY_FILLED, vacancy.status is VacancyStatus.FILLED),
        (RoomReason.VACANCY_CLOSED, vacancy.status is VacancyStatus.CLOSED),
        (RoomReason.VACANCY_OF_ANOTHER_LEVEL, vacancy.career_level != career_level),
    )
    return [reason for reason, holds in faults if holds]


@dataclass(frozen=True, slots=True)
class VacancyWanted:
    """A vacancy as HR writes it down."""

    title: str
    service: str
    career_level: str
    fte: Decimal
    open_from: date
    open_until: date | None
    how_to_apply: str
    note: str = ""


def against_opening(
    wanted: VacancyWanted, levels: frozenset[str], today: date, *, may_keep: bool
) -> list[VacancyFault]:
    """List every reason against opening a vacancy, or changing it so; `levels` are those reached by way of one."""
    faults = (
        (VacancyFault.NOT_HER_TASK, not may_keep),
        (VacancyFault.NO_TITLE, not wanted.title.strip()),
        (VacancyFault.NO_SERVICE, not wanted.service.strip()),
        (VacancyFault.NOT_SUCH_A_LEVEL, wanted.career_level not in levels),
        (VacancyFault.NO_FTE, not _is_fte(wanted.fte)),
        (VacancyFault.ENDS_FIRST, wanted.open_until is not None and wanted.open_until < wanted.open_from),
        (VacancyFault.ENDED, wanted.open_until is not None and wanted.open_from <= wanted.open_until < today),
        (VacancyFault.NO_WAY_TO_APPLY, not wanted.how_to_apply.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_changing(status: VacancyStatus) -> list[VacancyFault]:
    """List every reason why a vacancy stays as it is: only an open one changes."""
    faults = (
        (VacancyFault.FILLED, status is VacancyStatus.FILLED),
        (VacancyFault.CLOSED_ALREADY, status is VacancyStatus.CLOSED),
    )
    return [fault for fault, holds in faults if holds]


def against_closing(status: VacancyStatus, reason: str, *, may_keep: bool) -> list[VacancyFault]:
    """List every reason against closing a vacancy: it is open, and a reason is given."""
    faults = [] if may_keep else [VacancyFault.NOT_HER_TASK]
    return faults + against_changing(status) + ([] if reason.strip() else [VacancyFault.NO_REASON])


def _is_fte(fte: Decimal) -> bool:
    """Say whether this is a share of one post, at most three decimals."""
    return 0 < fte <= LARGEST_FTE and fte * THOUSAND == (fte * THOUSAND).to_integral_value()
