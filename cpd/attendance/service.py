"""Keeping registers: each mark is a row of its own, the last one counts; closing and opening again are acts on purpose.

Every act holds its sessions first, so two people who mark at once come one after the other and neither loses a mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, or_, select

from cpd.attendance.completing import follow_registers
from cpd.attendance.marking import Held, RegisterRefused, hold, hold_open, write
from cpd.attendance.models import Mark
from cpd.attendance.registers import Expected, Keeper, expected_on
from cpd.attendance.rules import AttendanceStatus, Refusal, Source, minutes_fit
from cpd.people.models import Person
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.models import SessionOpening

__all__ = [
    "RegisterRefused",
    "add_drop_in",
    "close_register",
    "mark",
    "mark_everyone",
    "reopen_register",
]


@one_transaction
def mark(
    session_day_ids: Sequence[int],
    person_id: int,
    status: AttendanceStatus,
    minutes: int | None = None,
    *,
    by: Keeper,
    tap: str | None = None,
) -> None:
    """Mark one person on the first of these days, and on those further ones on which she is expected too.

    The same mark again changes nothing, nor does the same `tap` that is sent twice.

    Raises:
        RegisterRefused: the register is not open, she is not on it, or the minutes do not fit; every reason.
        LookupError: there is no such day.
    """
    held = hold_open(session_day_ids)
    expected = expected_on({each.training_session.id for each in held})
    on_it = [
        each for each in held if person_id in each.marks or person_id in expected.get(each.training_session.id, ())
    ]
    fits = all(minutes_fit(status, minutes, each.length) for each in held)
    reasons = [
        reason for reason, holds in ((Refusal.NOT_ON_IT, held[0] not in on_it), (Refusal.MINUTES, not fits)) if holds
    ]
    if reasons:
        raise RegisterRefused(*reasons)
    taken = _taken(on_it, person_id, tap) if tap else set()
    for each in on_it:
        if each.register.id not in taken:
            write(each, [person_id], status, minutes, by=by, source=Source.HAND, tap=tap)


@one_transaction
def mark_everyone(session_day_ids: Sequence[int], *, by: Keeper) -> int:
    """Mark everybody who is expected and has no mark yet as attended; returns how many marks that were.

    Raises as `mark` does.
    """
    held = hold_open(session_day_ids)
    expected = expected_on({each.training_session.id for each in held})
    made = [
        write(each, _unmarked(each, expected), AttendanceStatus.ATTENDED, by=by, source=Source.EVERYONE)
        for each in held
    ]
    return sum(made)


@one_transaction
def add_drop_in(session_day_ids: Sequence[int], person_id: int, *, by: Keeper) -> None:
    """Mark somebody as attended who came without a booking; that counts in full (AMB-21).

    Raises:
        RegisterRefused: the register is not open, or the session is not for people of her organisation.
        LookupError: there is no such day.
    """
    held = hold_open(session_day_ids)
    if not _may_come(person_id, held[0]):
        raise RegisterRefused(Refusal.MAY_NOT_COME)
    for each in held:
        if each.marked_as(person_id) not in (AttendanceStatus.ATTENDED, AttendanceStatus.PART_ATTENDED):
            write(each, [person_id], AttendanceStatus.ATTENDED, by=by, source=Source.HAND)


@one_transaction
def close_register(session_day_id: int, *, by: Keeper, absent_rest: bool = False) -> None:
    """Close a register on purpose: from now on it counts. `absent_rest` marks whoever has no mark as absent.

    What it completes is written to the records (AMB-27), and conditions that rest on it are looked at again (AMB-23).

    Raises:
        RegisterRefused: it takes no marks now, its day is not over, or somebody has no mark yet (`names`).
        LookupError: there is no such day.
    """
    held = hold_open([session_day_id])[0]
    if clock.now() < held.day.ends_at:
        raise RegisterRefused(Refusal.STILL_ON)
    expected = expected_on([held.training_session.id])
    unmarked = _unmarked(held, expected)
    if unmarked and not absent_rest:
        names = sorted(expected[held.training_session.id][each].name for each in unmarked)
        raise RegisterRefused(Refusal.UNMARKED, names=names)
    write(held, unmarked, AttendanceStatus.ABSENT, by=by, source=Source.CLOSING)
    reason = held.register.reopen_reason or ""
    held.register.closed_at, held.register.closed_by_id = clock.now(), by.person_id
    _remember(held, "closed", by)
    follow_registers(held.training_session, by=by.person_id, reason=reason)


@one_transaction
def reopen_register(session_day_id: int, *, by: Keeper, reason: str) -> None:
    """Open a closed register again, for a reason. What it completed stands until it is closed once more.

    Raises:
        RegisterRefused: it is not closed, or there is no reason.
        LookupError: there is no such day.
    """
    held = hold([session_day_id])[0]
    if held.register.closed_at is None:
        raise RegisterRefused(Refusal.NOT_CLOSED)
    if not reason.strip():
        raise RegisterRefused(Refusal.NO_REASON)
    held.register.closed_at = held.register.closed_by_id = None
    held.register.reopened_at, held.register.reopen_reason = clock.now(), reason
    _remember(held, "reopened", by, reason)


def _unmarked(held: Held, expected: Mapping[int, Mapping[int, Expected]]) -> list[int]:
    """List who is expected on a day and has no mark."""
    return [each for each in expected.get(held.training_session.id, ()) if not held.marked_as(each)]


def _taken(on_it: Sequence[Held], person_id: int, tap: str) -> set[int]:
    """Find the registers in which this very tap stands already."""
    wanted = select(Mark.register_id).where(
        Mark.register_id.in_([each.register.id for each in on_it]), Mark.person_id == person_id, Mark.tap == tap
    )
    return set(db.session.scalars(wanted))


def _may_come(person_id: int, held: Held) -> bool:
    """Say whether a session is for people of somebody's organisation (W-18)."""
    session = held.training_session
    opened = exists().where(
        SessionOpening.training_session_id == session.id, SessionOpening.organisation_id == Person.organisation_id
    )
    found = exists().where(
        Person.id == min(person_id, LARGEST_ID), or_(Person.organisation_id == session.organisation_id, opened)
    )
    return bool(db.session.scalar(select(found)))


def _remember(held: Held, verb: str, by: Keeper, reason: str | None = None) -> None:
    """Write the history of a register: what it says of whom, without names."""
    marks = {str(each): held.marked_as(each) for each in sorted(held.marks) if held.marked_as(each)}
    history.note(
        verb,
        "register",
        held.register.id,
        actor_id=by.person_id,
        organisation_id=held.register.organisation_id,
        reason=reason,
        after={"session_day_id": held.day.id, "register_link_id": by.link_id, "marks": marks},
    )
