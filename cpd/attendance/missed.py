"""What somebody has missed by closed registers and not made up for since, so that she can say if it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from cpd.attendance.models import Mark, Register
from cpd.attendance.rules import AttendanceStatus, is_held_against
from cpd.catalogue.models import Module
from cpd.record.facts import OF_MODULES
from cpd.record.models import RecordFact
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession

SHOWN_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Missed:
    """One day of which somebody missed all or part: `status` is her mark, `minutes` how long she was there in part."""

    training_session_id: int
    module_code: str
    title: str
    starts_at: datetime
    status: str
    minutes: int | None


def missed_by(person_id: int) -> list[Missed]:
    """List what somebody missed in the last year, the latest first; what she has completed since is left out.

    A drop-in at which she never was is held against nobody (AMB-21). One query.
    """
    later = aliased(Mark)
    done_on = (
        select(func.max(RecordFact.happened_on))
        .where(
            RecordFact.person_id == person_id,
            RecordFact.subject == Module.code,
            RecordFact.kind.in_(OF_MODULES),
            RecordFact.superseded_at.is_(None),
        )
        .correlate(Module)
        .scalar_subquery()
    )
    wanted = (
        select(TrainingSession.id, Module, SessionDay.starts_at, Mark.attendance_status, Mark.minutes, done_on)
        .join(Register, Register.id == Mark.register_id)
        .join(SessionDay, SessionDay.id == Register.session_day_id)
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .where(
            Mark.person_id == person_id,
            Register.closed_at.is_not(None),
            SessionDay.is_removed.is_(False),
            SessionDay.starts_at > clock.now() - SHOWN_FOR,
            ~exists().where(later.supersedes_id == Mark.id),
        )
        .order_by(SessionDay.starts_at.desc(), Mark.id)
    )
    return [
        Missed(session_id, module.code, _title(module), starts_at, status, minutes)
        for session_id, module, starts_at, status, minutes, done in db.session.execute(wanted)
        if is_held_against(AttendanceStatus(status), drop_in=module.booking_mode == "drop_in")
        and not (done and done >= in_london(starts_at).date())
    ]


def _title(module: Module) -> str:
    return ": ".join(part for part in (module.number_label, module.title) if part) or module.code
