"""What is handed in, which puts a criterion in hand and never meets it; and what was returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from cpd.progression.pathways import under_way
from cpd.progression.pathways.ahead import add_source
from cpd.progression.pathways.under_way import Course, Now
from cpd.progression.pathways.words import role_name
from cpd.progression.portfolios.models import Portfolio, PortfolioEvent
from cpd.progression.portfolios.rules import Happening, PortfolioStatus, expected_on
from cpd.requirements.record import Fact, FactKind
from cpd.shared import clock
from cpd.shared.asked_once import once_per_page
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.wording import and_words


@add_source
def pending_facts(person_ids: Collection[int]) -> Mapping[int, list[Fact]]:
    """Return what people have handed in and nobody has decided on, by person, with when that is expected."""
    today = clock.today()
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for row in _begun(frozenset(person_ids)):
        if row.status == PortfolioStatus.HANDED_IN:
            on = expected_on(in_london(row.handed_in_at or clock.now()).date(), today)
            pending = Fact(
                FactKind.PENDING, row.evidence_kind, on, value=FactKind.EVIDENCE, reference=f"portfolio:{row.id}"
            )
            facts[row.person_id].append(pending)
    return facts


@under_way.add_source
def evidence_under_way(person_ids: Collection[int]) -> Iterator[tuple[int, Course]]:
    """Give what people have handed in and what was returned to them, by its kind."""
    for row in _begun(frozenset(person_ids)):
        is_returned = row.status == PortfolioStatus.RETURNED
        happened_at = row.returned_at if is_returned else row.handed_in_at
        who = and_words((role_name(role) for role in row.accepted_by), last="or")
        yield (
            row.person_id,
            Course(
                row.evidence_kind,
                Now.RETURNED if is_returned else Now.HANDED_IN,
                in_london(happened_at or clock.now()).date(),
                f"/my/evidence/{row.evidence_kind}",
                row.scheme_version_id,
                title=row.evidence_kind,
                who=who or "line manager",
                then=in_london(row.opened_at).date() if row.opened_at else None,
            ),
        )


@once_per_page
def _begun(person_ids: frozenset[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Read what people have handed in and what was returned to them, the first first. One query."""
    returned_at = (
        select(func.max(PortfolioEvent.happened_at))
        .where(
            PortfolioEvent.portfolio_id == Portfolio.id,
            PortfolioEvent.happening.in_([Happening.RETURNED, Happening.DEFERRED, Happening.REOPENED]),
        )
        .scalar_subquery()
    )
    wanted = select(
        Portfolio.person_id,
        Portfolio.id,
        Portfolio.evidence_kind,
        Portfolio.status,
        Portfolio.handed_in_at,
        Portfolio.opened_at,
        returned_at.label("returned_at"),
        Portfolio.accepted_by,
        Portfolio.scheme_version_id,
    ).where(
        Portfolio.person_id.in_(person_ids), Portfolio.status.in_([PortfolioStatus.HANDED_IN, PortfolioStatus.RETURNED])
    )
    return db.session.execute(wanted.order_by(Portfolio.id)).all()
