"""Who was at a session, by the marks in its registers: attended, or attended in part."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from cpd.attendance.models import Mark, Register
from cpd.attendance.rules import AttendanceStatus
from cpd.catalogue.service import ModuleFacts
from cpd.shared.database import db
from cpd.shared.wording import day_words
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import SessionDay, TrainingSession

THERE = (AttendanceStatus.ATTENDED, AttendanceStatus.PART_ATTENDED)


def presences(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Ask for these columns of everybody who was at any day of a session, once for each of the two.

    `Mark`, `Register`, `SessionDay` and `TrainingSession` can be asked for more.
    """
    later = aliased(Mark)
    return (
        select(*columns)
        .join(Register, Register.id == Mark.register_id)
        .join(SessionDay, SessionDay.id == Register.session_day_id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .where(
            Mark.attendance_status.in_(THERE),
            SessionDay.is_removed.is_(False),
            ~exists().where(later.supersedes_id == Mark.id),
        )
        .distinct()
    )


def was_there(person_id: int, training_session_id: int) -> bool:
    """Say whether somebody was at any day of a session."""
    wanted = presences(Mark.person_id).where(TrainingSession.id == training_session_id, Mark.person_id == person_id)
    return db.session.execute(wanted).first() is not None


def facts_afterwards(session: SessionFacts, module: ModuleFacts) -> dict[str, Any]:
    """Keep in a message what somebody needs to know of a session that is over: no place, and nothing to give back."""
    return {
        "module": module.full_title,
        "held_on": day_words(session.starts_at, year=True),
        "path": f"/sessions/{session.id}",
    }


def closed_throughout() -> Any:
    """Choose sessions whose registers are all closed."""
    closed = exists().where(Register.session_day_id == SessionDay.id, Register.closed_at.is_not(None))
    return ~exists().where(
        SessionDay.training_session_id == TrainingSession.id, SessionDay.is_removed.is_(False), ~closed
    ).correlate_except(SessionDay)
