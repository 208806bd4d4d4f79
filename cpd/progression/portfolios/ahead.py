"""What is handed in and not yet decided on: it puts a criterion in hand, and never meets it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from cpd.progression.pathways.ahead import add_source
from cpd.progression.portfolios.models import Portfolio
from cpd.progression.portfolios.rules import PortfolioStatus, expected_on
from cpd.requirements.record import Fact, FactKind
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db


@add_source
def pending_facts(person_ids: Collection[int]) -> Mapping[int, list[Fact]]:
    """Return what people have handed in and nobody has decided on, by person, with when that is expected. One query."""
    wanted = select(Portfolio.person_id, Portfolio.id, Portfolio.evidence_kind, Portfolio.handed_in_at).where(
        Portfolio.person_id.in_(person_ids), Portfolio.status == PortfolioStatus.HANDED_IN
    )
    today = clock.today()
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for person_id, portfolio_id, evidence_kind, handed_in_at in db.session.execute(wanted.order_by(Portfolio.id)):
        on = expected_on(in_london(handed_in_at or clock.now()).date(), today)
        pending = Fact(
            FactKind.PENDING, evidence_kind, on, value=FactKind.EVIDENCE, reference=f"portfolio:{portfolio_id}"
        )
        facts[person_id].append(pending)
    return facts
