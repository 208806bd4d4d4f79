"""Learning from elsewhere: what was accepted stands on a record, and its evidence is there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from cpd.commands.checks.check import Check, rows_in
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import FROM_CLAIM, ClaimStatus
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.lost_files import misfitting_files


def accepted_without_fact() -> Iterator[str]:
    """Find accepted learning whose fact is not in force or is another's, and withdrawn learning that still counts."""
    rows = db.session.execute(
        select(LearningClaim.id, LearningClaim.claim_status, LearningClaim.record_fact_id)
        .join(RecordFact, RecordFact.id == LearningClaim.record_fact_id)
        .where(
            or_(
                RecordFact.person_id != LearningClaim.person_id,
                and_(LearningClaim.claim_status == ClaimStatus.ACCEPTED, RecordFact.superseded_at.is_not(None)),
                and_(LearningClaim.claim_status == ClaimStatus.WITHDRAWN, RecordFact.superseded_at.is_(None)),
            )
        )
        .order_by(LearningClaim.id)
    )
    for claim_id, status, fact_id in rows:
        yield f"learning {claim_id} is {status}, and fact {fact_id} says something else"


def facts_without_claim() -> Iterator[str]:
    """Find facts in force that come from learning which does not rest on them."""
    rows = db.session.execute(
        select(RecordFact.id, RecordFact.source_kind)
        .outerjoin(LearningClaim, LearningClaim.record_fact_id == RecordFact.id)
        .where(
            RecordFact.source_kind.startswith(FROM_CLAIM),
            RecordFact.superseded_at.is_(None),
            LearningClaim.id.is_(None),
        )
        .order_by(RecordFact.id)
    )
    for fact_id, source_kind in rows:
        yield f"fact {fact_id} comes from {source_kind}, which does not name it"


def lost_files() -> Iterator[str]:
    """Find evidence whose file is not there, or is not as long as it was."""
    wanted = select(LearningClaim.id, LearningClaim.stored_as, LearningClaim.size)
    return misfitting_files(wanted.where(LearningClaim.stored_as.is_not(None)).order_by(LearningClaim.id), "learning")


CHECKS = (
    Check("learning accepted", accepted_without_fact, rows_in(LearningClaim), "pieces of learning"),
    Check("learning counted", facts_without_claim, rows_in(RecordFact), "facts"),
    Check("certificates kept", lost_files, rows_in(LearningClaim), "pieces of learning"),
)
