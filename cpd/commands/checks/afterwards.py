"""What follows a session: evaluations, certificates and the files of materials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from cpd.attendance.certificates.models import Certificate
from cpd.attendance.certificates.service import completions_without_certificate
from cpd.attendance.completing import accepted_kind_of, source_kind_of
from cpd.attendance.evaluation.models import Evaluation, LaterEvaluation
from cpd.attendance.materials.models import Material
from cpd.attendance.models import EvaluationRequest
from cpd.commands.checks.check import Check, rows_in
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.lost_files import misfitting_files


def miscounted_evaluations() -> Iterator[str]:
    """Find sessions and programmes that have more or fewer answers than people who have answered."""
    people = select(EvaluationRequest.training_session_id, EvaluationRequest.programme_id, func.count())
    rows: Sequence[Any] = db.session.execute(
        people.where(EvaluationRequest.has_answered).group_by(
            EvaluationRequest.training_session_id, EvaluationRequest.programme_id
        )
    ).all()
    answered = {("session", row[0]) if row[0] else ("programme", row[1]): row[2] for row in rows}
    kept = {("session", number): count for number, count in _counted(Evaluation.training_session_id)}
    kept |= {("programme", number): count for number, count in _counted(LaterEvaluation.programme_id)}
    for what in sorted(answered.keys() | kept.keys()):
        people_count, answers = answered.get(what, 0), kept.get(what, 0)
        if people_count != answers:
            yield f"of {what[0]} {what[1]}, {people_count} people have answered and {answers} answers are kept"


def _counted(column: Any) -> Sequence[Any]:
    """Count answers by what they are about."""
    return db.session.execute(select(column, func.count()).group_by(column)).all()


def misfitting_certificates() -> Iterator[str]:
    """Find certificates of something else than a completion of their session, and completions without any."""
    wanted = (
        select(Certificate.id, Certificate.training_session_id, RecordFact.kind, RecordFact.source_kind)
        .join(RecordFact, RecordFact.id == Certificate.record_fact_id)
        .order_by(Certificate.id)
    )
    for number, session_id, kind, source_kind in db.session.execute(wanted):
        if kind != FactKind.COMPLETED or source_kind not in (source_kind_of(session_id), accepted_kind_of(session_id)):
            yield f"certificate {number} is of session {session_id}, and its fact is {kind} by {source_kind}"
    for fact_id in db.session.scalars(select(RecordFact.id).where(*completions_without_certificate())):
        yield f"the completion {fact_id} has no certificate"


def missing_files() -> Iterator[str]:
    """Find materials whose files are not there, or are not as large as they were."""
    wanted = select(Material.id, Material.stored_as, Material.size).where(
        Material.stored_as.is_not(None), Material.removed_at.is_(None)
    )
    return misfitting_files(wanted.order_by(Material.id), "material")


CHECKS = (
    Check("evaluations", miscounted_evaluations, rows_in(Evaluation, LaterEvaluation), "answers"),
    Check("certificates", misfitting_certificates, rows_in(Certificate), "certificates"),
    Check("files of materials", missing_files, rows_in(Material), "materials"),
)
