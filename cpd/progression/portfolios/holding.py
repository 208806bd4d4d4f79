"""Holding a portfolio for an act, and writing down what was done with it: for whoever prepares and whoever judges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.progression.portfolios.models import EvidenceItem, Portfolio, PortfolioEvent
from cpd.progression.portfolios.rules import Fault, Happening, PortfolioStatus
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db

SOURCE = "portfolio"
"""From where facts come that are written when evidence is accepted."""


class PortfolioRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def refuse(faults: Collection[Fault]) -> None:
    """Raise PortfolioRefused where there is any reason."""
    if faults:
        raise PortfolioRefused(*faults)


def lock_portfolio(portfolio_id: int) -> Portfolio:
    """Hold a portfolio, and before it its person, until the act is over. Raises LookupError where there is none."""
    wanted = select(Portfolio.person_id).where(Portfolio.id == min(portfolio_id, LARGEST_ID))
    person_id = db.session.scalar(wanted)
    if person_id is None:
        raise LookupError(f"There is no portfolio {portfolio_id}")
    people.lock_persons([person_id])
    return portfolios_where(Portfolio.id == portfolio_id)[0]


def portfolios_where(*conditions: Any) -> Sequence[Portfolio]:
    """Read portfolios as they are now, the newest first. Hold their person first."""
    wanted = select(Portfolio).where(*conditions).order_by(Portfolio.id.desc()).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def items_of(portfolio: Portfolio) -> list[EvidenceItem]:
    """List the pieces that it has now, by number."""
    wanted = select(EvidenceItem).where(EvidenceItem.portfolio_id == portfolio.id, EvidenceItem.superseded_at.is_(None))
    return list(db.session.scalars(wanted.order_by(EvidenceItem.item_number)))


def days_on_record(person_id: int, evidence_kind: str) -> set[date]:
    """Return for which days evidence of a kind stands on somebody's record by what was handed in. One query."""
    wanted = select(RecordFact.happened_on).where(
        RecordFact.person_id == person_id,
        RecordFact.kind == FactKind.EVIDENCE,
        RecordFact.subject == evidence_kind,
        RecordFact.source_kind == SOURCE,
        RecordFact.superseded_at.is_(None),
    )
    return set(db.session.scalars(wanted))


def fact_given_back(portfolio: Portfolio) -> RecordFact | None:
    """Return the fact by which it counted until a panel gave it back, where nothing was done with it since, or None."""
    events = select(PortfolioEvent.happening).where(PortfolioEvent.portfolio_id == portfolio.id)
    last = db.session.scalars(events.order_by(PortfolioEvent.id.desc()).limit(2)).all()
    if last != [Happening.DEFERRED, Happening.ACCEPTED]:
        return None
    wanted = select(RecordFact).where(
        RecordFact.person_id == portfolio.person_id,
        RecordFact.kind == FactKind.EVIDENCE,
        RecordFact.subject == portfolio.evidence_kind,
        RecordFact.source_kind == SOURCE,
        RecordFact.superseded_at.is_not(None),
    )
    newest = wanted.order_by(RecordFact.superseded_at.desc(), RecordFact.id.desc())
    fact = db.session.scalars(newest.limit(1)).one_or_none()
    if fact is None:
        return None
    since = fact.superseded_at
    changed = select(EvidenceItem.id).where(
        EvidenceItem.portfolio_id == portfolio.id,
        or_(EvidenceItem.recorded_at > since, EvidenceItem.superseded_at > since),
    )
    return fact if db.session.scalar(changed.limit(1)) is None else None


def kind_of(portfolio: Portfolio) -> EvidenceKind:
    """Return what the scheme said of its kind when it was begun."""
    pack = catalogue.schemes_by_id([portfolio.scheme_version_id])[portfolio.scheme_version_id].pack
    return next(each for each in pack.evidence_kinds if each.code == portfolio.evidence_kind)


def move_to(
    portfolio: Portfolio, status: PortfolioStatus, happening: Happening, *, by: int | None, comments: str = ""
) -> None:
    """Let a portfolio stand otherwise, and write that down."""
    before = None if happening is Happening.RECORDED else portfolio.status
    portfolio.status = status
    note(portfolio, happening, by=by, comments=comments, before=before)


def note(
    portfolio: Portfolio, happening: Happening, *, by: int | None, comments: str = "", before: str | None = None
) -> None:
    """Write down what was done with a portfolio: for its own history, and without words in everybody's (B8)."""
    db.session.add(
        PortfolioEvent(
            portfolio_id=portfolio.id, happening=happening, happened_at=clock.now(), by_id=by, comments=comments
        )
    )
    remember(str(happening), portfolio, by=by, before={"status": before} if before else None)


def remember(
    verb: str, portfolio: Portfolio, *, by: int | None, before: dict[str, Any] | None = None, **more: Any
) -> None:
    """Write an audit row about a portfolio, without names or what people wrote (B8)."""
    about = {"person_id": portfolio.person_id, "evidence_kind": portfolio.evidence_kind, "status": portfolio.status}
    history.note(
        verb,
        "portfolio",
        portfolio.id,
        actor_id=by,
        organisation_id=portfolio.organisation_id,
        before=before,
        after=about | more,
    )
