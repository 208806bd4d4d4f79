"""Credits: the ledger hangs together, records say what it says, and sums are one; claims stand as it does."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from cpd.commands.checks.check import Check, rows_in
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.lost_files import misfitting_files
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.rules import FROM_LEDGER, CreditStatus
from cpd.study.credits.service import CLAIM_STATES, is_newest

_source = literal(FROM_LEDGER) + cast(CreditAward.id, String)
_says = and_(
    RecordFact.source_kind == _source,
    RecordFact.kind == FactKind.CREDIT,
    RecordFact.superseded_at.is_(None),
    RecordFact.person_id == CreditAward.person_id,
    RecordFact.subject == CreditAward.source,
    RecordFact.happened_on == CreditAward.board_on,
    RecordFact.amount == CreditAward.credits,
    RecordFact.academic_level == CreditAward.academic_level,
)
_counts = and_(CreditAward.credit_status == CreditStatus.AWARDED, is_newest())


def broken_chains() -> Iterator[str]:
    """Find entries that follow another one which is not the one before of the same activity: it would count twice."""
    before = aliased(CreditAward)
    rows = db.session.execute(
        select(CreditAward.id, before.id)
        .join(before, before.id == CreditAward.supersedes_id)
        .where(
            or_(
                before.person_id != CreditAward.person_id,
                before.activity != CreditAward.activity,
                before.entry_number != CreditAward.entry_number - 1,
            )
        )
        .order_by(CreditAward.id)
    )
    for entry_id, before_id in rows:
        yield f"entry {entry_id} follows entry {before_id}, which is not the one before it"


def awarded_without_fact() -> Iterator[str]:
    """Find awarded credits of which the record does not say just the same."""
    wanted = select(CreditAward.id).outerjoin(RecordFact, _says).where(_counts, RecordFact.id.is_(None))
    for entry_id in db.session.scalars(wanted.order_by(CreditAward.id)):
        yield f"entry {entry_id} is awarded, and the record does not say so"


def facts_without_award() -> Iterator[str]:
    """Find credits on records that no entry awards."""
    wanted = (
        select(RecordFact.id)
        .outerjoin(CreditAward, and_(RecordFact.source_kind == _source, _counts))
        .where(RecordFact.kind == FactKind.CREDIT, RecordFact.superseded_at.is_(None), CreditAward.id.is_(None))
    )
    for fact_id in db.session.scalars(wanted.order_by(RecordFact.id)):
        yield f"fact {fact_id} says that credits are awarded, and the ledger does not"


def unequal_sums() -> Iterator[str]:
    """Find people whose ledger and record come to different sums."""
    awarded = select(CreditAward.person_id, func.sum(CreditAward.credits)).where(_counts)
    said = select(RecordFact.person_id, func.sum(func.coalesce(RecordFact.amount, 0))).where(
        RecordFact.kind == FactKind.CREDIT, RecordFact.superseded_at.is_(None)
    )
    ledger = _sums(awarded.group_by(CreditAward.person_id))
    record = _sums(said.group_by(RecordFact.person_id))
    for person_id in sorted(ledger.keys() | record.keys()):
        if ledger.get(person_id, 0) != record.get(person_id, 0):
            yield (
                f"person {person_id} has {ledger.get(person_id, 0)} credits in the ledger "
                f"and {record.get(person_id, 0)} on the record"
            )


def claims_out_of_step() -> Iterator[str]:
    """Find claims that stand otherwise than the ledger says of them."""
    newest = (
        select(CreditAward.claim_id, func.max(CreditAward.id).label("id"))
        .where(CreditAward.claim_id.is_not(None))
        .group_by(CreditAward.claim_id)
        .subquery()
    )
    rows = db.session.execute(
        select(PriorLearningClaim.id, PriorLearningClaim.claim_status, CreditAward.credit_status)
        .outerjoin(newest, newest.c.claim_id == PriorLearningClaim.id)
        .outerjoin(CreditAward, CreditAward.id == newest.c.id)
        .order_by(PriorLearningClaim.id)
    )
    before_the_university = ("draft", "ready", "withdrawn")
    for claim_id, stands, entry in rows:
        fits = stands == CLAIM_STATES[CreditStatus(entry)] if entry else stands in before_the_university
        if not fits:
            yield f"claim {claim_id} is {stands}, and the ledger says {entry or 'nothing'}"


def lost_evidence() -> Iterator[str]:
    """Find evidence of claims whose file is not there, or is not as long as it was."""
    wanted = select(PriorLearningClaim.id, PriorLearningClaim.stored_as, PriorLearningClaim.size)
    wanted = wanted.where(PriorLearningClaim.stored_as.is_not(None)).order_by(PriorLearningClaim.id)
    return misfitting_files(wanted, "claim")


def _sums(wanted: Select[int, Decimal]) -> dict[int, Decimal]:
    """Read what each person has."""
    return {person_id: total for person_id, total in db.session.execute(wanted)}  # noqa: C416 - rows are no pairs


CHECKS = (
    Check("credits in order", broken_chains, rows_in(CreditAward), "entries"),
    Check("credits awarded", awarded_without_fact, rows_in(CreditAward), "entries"),
    Check("credits on records", facts_without_award, rows_in(RecordFact), "facts"),
    Check("credits added up", unequal_sums, rows_in(CreditAward), "entries"),
    Check("prior learning", claims_out_of_step, rows_in(PriorLearningClaim), "claims"),
    Check("evidence of prior learning", lost_evidence, rows_in(PriorLearningClaim), "claims"),
)
