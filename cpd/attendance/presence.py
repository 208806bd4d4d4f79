"""Who was at a session, by the marks in its registers: attended, or attended in part; and who has evaluated it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from cpd.attendance.models import EvaluationRequest, Mark, Register
from cpd.attendance.rules import AttendanceStatus
from cpd.catalogue.models import Module
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


def who_evaluated(training_session_id: int) -> set[int]:
    """Return who has evaluated a session; what anybody answered stands nowhere beside her name. One query."""
    wanted = select(EvaluationRequest.person_id).where(
        EvaluationRequest.training_session_id == training_session_id, EvaluationRequest.has_answered.is_(True)
    )
    return set(db.session.scalars(wanted))


def facts_afterwards(session: SessionFacts, module: ModuleFacts) -> dict[str, Any]:
    """Keep in a message what somebody needs to know of a session that is over: no place, and nothing to give back."""
    return {
        "module": module.full_title,
        "held_on": day_words(session.starts_at, year=True),
        "path": f"/sessions/{session.id}",
    }


def counts_once_evaluated() -> Any:
    """Choose sessions that count for whoever attended them only once she has evaluated them (S-7)."""
    asks = Module.evaluation_asked_from < TrainingSession.ends_at
    return exists().where(Module.id == TrainingSession.module_id, asks).correlate_except(Module)


def closed_throughout() -> Any:
    """Choose sessions whose registers are all closed."""
    closed = exists().where(Register.session_day_id == SessionDay.id, Register.closed_at.is_not(None))
    return ~exists().where(
        SessionDay.training_session_id == TrainingSession.id, SessionDay.is_removed.is_(False), ~closed
    ).correlate_except(SessionDay)
