"""Opening registers for an act, and writing marks: a mark is never changed, a later one supersedes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import aliased

from cpd.attendance.models import Mark, Register
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus, Refusal, Source, faults_of_marking, length_of
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.timetable import service as timetable
from cpd.timetable.models import SessionDay, TrainingSession


class RegisterRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A register does not take something: every reason, and the names of those whom it is about."""

    def __init__(self, *reasons: Refusal, names: Sequence[str] = ()) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons
        self.names = names


@dataclass(slots=True)
class Held:
    """A register whose session is held until the act is over: its row, its day, and the newest mark of each person."""

    register: Register
    day: SessionDay
    training_session: TrainingSession
    marks: dict[int, Mark] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """How many minutes the day is long."""
        return length_of(self.day.starts_at, self.day.ends_at)

    def marked_as(self, person_id: int) -> str:
        """Say how somebody is marked; empty where she is not."""
        mark = self.marks.get(person_id)
        return "" if mark is None or mark.attendance_status == AttendanceStatus.UNMARKED else mark.attendance_status

    def is_marked_as(self, person_id: int, status: AttendanceStatus, minutes: int | None) -> bool:
        """Say whether this very mark is in force already."""
        mark = self.marks.get(person_id)
        if mark is None:
            return status is AttendanceStatus.UNMARKED
        return (mark.attendance_status, mark.minutes) == (status, minutes)


def hold(session_day_ids: Sequence[int]) -> list[Held]:
    """Hold the registers of days in the order given, making those that are not there yet.

    Raises:
        LookupError: there is no such day.
    """
    possible = [each for each in session_day_ids if 0 < each <= LARGEST_ID]
    of_days = select(SessionDay.id, SessionDay.training_session_id).where(
        SessionDay.id.in_(possible), SessionDay.is_removed.is_(False)
    )
    sessions = {row[0]: row[1] for row in db.session.execute(of_days)}
    if missing := set(session_day_ids) - sessions.keys():
        raise LookupError(f"There is no session day {min(missing)}")
    locked = timetable.lock_sessions(set(sessions.values()))
    wanted = (
        select(SessionDay, Register)
        .outerjoin(Register, Register.session_day_id == SessionDay.id)
        .where(SessionDay.id.in_(possible))
        .execution_options(populate_existing=True)
    )
    found = {}
    for day, there in db.session.execute(wanted):
        training_session = locked[day.training_session_id]
        register = there or Register(organisation_id=training_session.organisation_id, session_day_id=day.id)
        db.session.add(register)
        found[day.id] = Held(register, day, training_session)
    db.session.flush()
    _load_marks(found.values())
    return [found[day_id] for day_id in dict.fromkeys(session_day_ids)]


def hold_open(session_day_ids: Sequence[int]) -> list[Held]:
    """Hold registers that take marks now. Raises RegisterRefused with every reason why one does not; as `hold`."""
    held, now = hold(session_day_ids), clock.now()
    reasons = [
        reason
        for each in held
        for reason in faults_of_marking(
            each.training_session.status, each.day.starts_at, now, is_closed=each.register.closed_at is not None
        )
    ]
    if reasons:
        raise RegisterRefused(*dict.fromkeys(reasons))
    return held


def write(
    held: Held,
    person_ids: Collection[int],
    status: AttendanceStatus,
    minutes: int | None = None,
    *,
    by: Keeper,
    source: Source,
    tap: str | None = None,
) -> int:
    """Write marks that supersede those in force; whoever is marked so already is left as she is. Returns how many."""
    now = clock.now()
    rows = [
        {
            "register_id": held.register.id,
            "person_id": person_id,
            "attendance_status": status,
            "minutes": minutes,
            "marked_at": now,
            "marked_by_id": by.person_id,
            "register_link_id": by.link_id,
            "source": source,
            "tap": tap,
            "supersedes_id": held.marks[person_id].id if person_id in held.marks else None,
        }
        for person_id in person_ids
        if not held.is_marked_as(person_id, status, minutes)
    ]
    made = db.session.scalars(insert(Mark).returning(Mark), rows).all() if rows else []
    held.marks.update({each.person_id: each for each in made})
    return len(made)


def _load_marks(all_held: Collection[Held]) -> None:
    """Read the newest mark of each person in these registers: one query."""
    later = aliased(Mark)
    by_register = {each.register.id: each for each in all_held}
    wanted = select(Mark).where(Mark.register_id.in_(by_register), ~exists().where(later.supersedes_id == Mark.id))
    for each in db.session.scalars(wanted):
        by_register[each.register_id].marks[each.person_id] = each
