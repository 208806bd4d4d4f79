"""What panels have yet to decide, which puts a criterion in hand for the day of the meeting; and what they put off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, select

from cpd.progression.panels.models import PanelCase, PanelDecision, PanelMeeting
from cpd.progression.panels.rules import CaseStatus
from cpd.progression.pathways import under_way
from cpd.progression.pathways.ahead import Facts, add_source
from cpd.progression.pathways.under_way import Course, Now
from cpd.requirements.record import Fact, FactKind
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared import clock
from cpd.shared.asked_once import once_per_page
from cpd.shared.clock import in_london
from cpd.shared.database import db


@add_source
def pending_facts(person_ids: Collection[int]) -> Facts:
    """Return what panels have yet to decide on people, by person; without a meeting nobody knows when.

    What should have been decided by now is expected today.
    """
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    today = clock.today()
    for row in _cases(frozenset(person_ids)):
        if row.status == CaseStatus.OPEN and row.starts_at:
            on = max(in_london(row.starts_at).date(), today)
            reference = f"panel_case:{row.id}"
            pending = Fact(FactKind.PENDING, row.panel_code, on, value=FactKind.OUTCOME, reference=reference)
            facts[row.person_id].append(pending)
    return facts


@under_way.add_source
def cases_under_way(person_ids: Collection[int]) -> Iterator[tuple[int, Course]]:
    """Give where people stand with panels before which they came without asking, by panel.

    Of each panel the latest case counts; whoever asked has the request instead.
    """
    rows = (row for row in _cases(frozenset(person_ids)) if row.request_id is None)
    for row in {(row.person_id, row.panel_code): row for row in rows}.values():
        if row.status == CaseStatus.OPEN:
            now, on, then = Now.ASKED, row.opened_on, in_london(row.starts_at).date() if row.starts_at else None
        elif row.outcome in (PanelOutcome.PASS, PanelOutcome.RECOMMENDED):
            continue
        else:
            is_deferred = row.outcome == PanelOutcome.DEFERRED_WITH_SUPPORT
            now, on, then = Now.NOT_YET if is_deferred else Now.REFUSED, row.decided_on, row.review_on
        code, plan = row.panel_code, row.support_plan or ""
        course = Course(code, now, on, PAGE, row.scheme_version_id, title=code, who=code, then=then, plan=plan)
        yield row.person_id, course


PAGE = "/my/panels"
"""Where people see what their panels decided."""


@once_per_page
def _cases(person_ids: frozenset[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Read people's cases with the day of the meeting and what was decided, the first first. One query."""
    wanted = (
        select(
            PanelCase.person_id,
            PanelCase.panel_code,
            PanelCase.id,
            PanelCase.request_id,
            PanelCase.scheme_version_id,
            PanelCase.status,
            PanelCase.opened_on,
            PanelMeeting.starts_at,
            PanelDecision.decided_on,
            PanelDecision.outcome,
            PanelDecision.support_plan,
            PanelDecision.review_on,
        )
        .outerjoin(PanelMeeting, PanelMeeting.id == PanelCase.meeting_id)
        .outerjoin(PanelDecision, and_(PanelDecision.case_id == PanelCase.id, PanelDecision.superseded_at.is_(None)))
        .where(PanelCase.person_id.in_(person_ids), PanelCase.status != CaseStatus.WITHDRAWN)
        .order_by(PanelCase.id)
    )
    return db.session.execute(wanted).all()
