"""Evidence: what is accepted counts by its fact, and nothing else; what is handed in is whole; files are there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, select

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Person
from cpd.progression.portfolios.holding import SOURCE
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.rules import LOCKED
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.lost_files import misfitting_files


def accepted_without_fact() -> Iterator[str]:
    """Find what is accepted and rests on a fact that says something else, or is no longer in force."""
    fits = and_(
        RecordFact.person_id == Portfolio.person_id,
        RecordFact.kind == FactKind.EVIDENCE,
        RecordFact.subject == Portfolio.evidence_kind,
        RecordFact.source_kind == SOURCE,
        RecordFact.superseded_at.is_(None),
    )
    wanted = (
        select(Portfolio.id)
        .join(RecordFact, RecordFact.id == Portfolio.record_fact_id)
        .where(~fits)
        .order_by(Portfolio.id)
    )
    for portfolio_id in db.session.scalars(wanted):
        yield f"portfolio {portfolio_id} is accepted, but its fact does not say so"


def facts_without_portfolio() -> Iterator[str]:
    """Find facts that come from evidence and of which no accepted evidence knows."""
    named = exists().where(Portfolio.record_fact_id == RecordFact.id)
    wanted = select(RecordFact.id).where(RecordFact.source_kind == SOURCE, RecordFact.superseded_at.is_(None), ~named)
    for fact_id in db.session.scalars(wanted.order_by(RecordFact.id)):
        yield f"fact {fact_id} comes from evidence, but nothing that is accepted names it"


def not_whole() -> Iterator[str]:
    """Find what is handed in or accepted with nothing in it, with a warning unanswered, or at another council."""
    live = and_(EvidenceItem.portfolio_id == Portfolio.id, EvidenceItem.superseded_at.is_(None))
    locked = select(Portfolio.id).where(Portfolio.status.in_(LOCKED)).order_by(Portfolio.id)
    for portfolio_id in db.session.scalars(locked.where(~exists().where(live))):
        yield f"portfolio {portfolio_id} is handed in with nothing in it"
    pieces = select(EvidenceItem.id, EvidenceItem.found).join(Portfolio, live)
    for item_id, found in db.session.execute(
        pieces.where(Portfolio.status.in_(LOCKED), EvidenceItem.answer == "").order_by(EvidenceItem.id)
    ):
        if found:
            yield f"piece of evidence {item_id} is handed in, and nobody has said why it tells nobody's name"
    elsewhere = select(Portfolio.id).join(Person, Person.id == Portfolio.person_id)
    for portfolio_id in db.session.scalars(elsewhere.where(Person.organisation_id != Portfolio.organisation_id)):
        yield f"portfolio {portfolio_id} is kept at another council than its person's"


def lost_files() -> Iterator[str]:
    """Find pieces whose file is not there, or is not as long as it was."""
    wanted = select(EvidenceItem.id, EvidenceItem.stored_as, EvidenceItem.size).where(
        EvidenceItem.stored_as.is_not(None), EvidenceItem.removed_at.is_(None)
    )
    return misfitting_files(wanted.order_by(EvidenceItem.id), "piece of evidence")


CHECKS = (
    Check("evidence accepted", accepted_without_fact, rows_in(Portfolio), "portfolios and pieces"),
    Check("evidence counted", facts_without_portfolio, rows_in(RecordFact), "facts"),
    Check("evidence handed in", not_whole, rows_in(EvidenceItem), "pieces of evidence"),
    Check("evidence kept", lost_files, rows_in(EvidenceItem), "pieces of evidence"),
)
