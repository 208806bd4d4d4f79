"""Telling those who attended that the materials of a session are there: one mail for each session, and no second."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, String, cast, exists, literal, select

from cpd.attendance.materials.models import Material
from cpd.attendance.materials.rules import TOLD_WITHIN
from cpd.attendance.models import Mark
from cpd.attendance.presence import closed_throughout, facts_afterwards, presences
from cpd.catalogue import service as catalogue
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import TrainingSession


def tell_of_materials() -> int:
    """Tell whoever was at a session whose registers are closed what is there for her; returns how many messages."""
    due = {row[0] for row in db.session.execute(_due())}
    return _tell(due) if due else 0


@one_transaction
def _tell(training_session_ids: Collection[int]) -> int:
    """Write the messages under the locks of the sessions, in one act, so that each person gets one mail."""
    timetable.lock_sessions(training_session_ids)
    due = [row for row in db.session.execute(_due()) if row[0] in training_session_ids]
    sessions = {each.id: each for each in timetable.sessions_by_id({row[0] for row in due})}
    modules = catalogue.modules_by_id({each.module_id for each in sessions.values()})
    titles = _titles(sessions.keys())
    for session_id, person_id in sorted(due):
        session = sessions[session_id]
        facts = facts_afterwards(session, modules[session.module_id]) | {"titles": titles[session_id]}
        outbox.tell(session.organisation_id, person_id, "materials", f"session:{session_id}", facts)
    return len(due)


def _due() -> Select[*tuple[Any, ...]]:
    """Ask for sessions with materials and for those who were there and have not been told."""
    now = clock.now()
    has_materials = exists().where(Material.training_session_id == TrainingSession.id, Material.removed_at.is_(None))
    key = literal("materials:session:") + cast(TrainingSession.id, String) + ":" + cast(Mark.person_id, String)
    return presences(TrainingSession.id, Mark.person_id).where(
        TrainingSession.status == "published",
        TrainingSession.ends_at <= now,
        TrainingSession.ends_at > now - TOLD_WITHIN,
        has_materials,
        closed_throughout(),
        ~exists().where(OutboxMessage.dedupe_key == key),
    )


def _titles(training_session_ids: Collection[int]) -> dict[int, list[str]]:
    """Read what the materials of sessions are called."""
    wanted = select(Material.training_session_id, Material.title).where(
        Material.training_session_id.in_(training_session_ids), Material.removed_at.is_(None)
    )
    found: dict[int, list[str]] = {each: [] for each in training_session_ids}
    for session_id, title in db.session.execute(wanted.order_by(Material.id)):
        found[session_id].append(title)
    return found
