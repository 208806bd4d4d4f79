"""Reminding people of the day on which "not yet" is looked at again (AMB-15)."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from cpd.people import service as people
from cpd.progression.panels import reading, telling
from cpd.progression.panels.models import PanelCase, PanelDecision
from cpd.progression.panels.rules import REMINDED_BEFORE, CaseStatus
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction


def remind_of_panel_reviews() -> int:
    """Remind whoever is looked at again within two weeks, and her manager, once; returns how many people.

    Who has come before the panel again since is told nothing.
    """
    return sum(_remind(each) for each in _due())


@one_transaction
def _remind(decision_id: int) -> int:
    """Remind of one decision, if that is still to be done under the lock of its person."""
    person_id = db.session.scalar(
        select(PanelCase.person_id)
        .join(PanelDecision, PanelDecision.case_id == PanelCase.id)
        .where(PanelDecision.id == decision_id)
    )
    people.lock_persons([person_id] if person_id else [])
    wanted = select(PanelDecision).where(PanelDecision.id == decision_id).with_for_update()
    decision = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    if decision_id not in _due():
        return 0
    decision.reminded_at = clock.now()
    case = reading.case_of(decision.case_id)
    if not people.posts_on([case.person_id], clock.today()):
        return 0
    telling.of_the_review(case, decision)
    return 1


def _due() -> list[int]:
    """List the decisions to be reminded of, the first first: one query."""
    later = aliased(PanelCase)
    came_again = exists().where(
        later.person_id == PanelCase.person_id,
        later.panel_code == PanelCase.panel_code,
        later.id > PanelCase.id,
        later.status != CaseStatus.WITHDRAWN,
    )
    wanted = (
        select(PanelDecision.id)
        .join(PanelCase, PanelCase.id == PanelDecision.case_id)
        .where(
            PanelDecision.superseded_at.is_(None),
            PanelDecision.reminded_at.is_(None),
            PanelDecision.review_on <= clock.today() + REMINDED_BEFORE,
            ~came_again,
        )
    )
    return list(db.session.scalars(wanted.order_by(PanelDecision.id)))
