"""Reminding those who can decide of an approval or a change that has waited long, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cpd.progression.requests import course, telling
from cpd.progression.requests.models import ProgressionStep
from cpd.progression.requests.rules import StepStatus
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction

WAITS_LONG = timedelta(days=14)
"""Our own reading: no council's paper says how long an approval may take."""


def remind_of_decisions() -> int:
    """Remind of each approval and each change that has waited for two weeks, once; for the worker. Returns how many.

    One that was opened anew, as after a panel's new decision, waits anew.
    """
    wanted = select(ProgressionStep.request_id).where(
        ProgressionStep.status == StepStatus.OPEN,
        ProgressionStep.role.is_not(None),
        ProgressionStep.opened_at <= clock.now() - WAITS_LONG,
    )
    return sum(_remind(request_id) for request_id in db.session.scalars(wanted.order_by(ProgressionStep.id)).all())


@one_transaction
def _remind(request_id: int) -> bool:
    """Remind of the step whose turn it is, where that is due under the lock and was not done."""
    _, steps = course.hold(request_id)
    turn = course.turn_of(steps)
    if turn is None or turn.role is None or turn.opened_at is None or turn.opened_at > clock.now() - WAITS_LONG:
        return False
    if _was_reminded(turn):
        return False
    return telling.remind_to_decide(request_id, turn)


def _was_reminded(turn: ProgressionStep) -> bool:
    """Say whether somebody was reminded of this step since it is its turn."""
    key = f"{telling.WAITS_LONG}:{telling.key_of_step(turn)}:"
    wanted = select(OutboxMessage.id).where(
        OutboxMessage.kind == telling.WAITS_LONG, OutboxMessage.dedupe_key.startswith(key, autoescape=True)
    )
    return db.session.scalar(wanted.limit(1)) is not None
