"""What panels have yet to decide: it puts a criterion in hand, for the day of the meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from cpd.progression.panels.models import PanelCase, PanelMeeting
from cpd.progression.panels.rules import CaseStatus
from cpd.progression.pathways.ahead import Facts, add_source
from cpd.requirements.record import Fact, FactKind
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db


@add_source
def pending_facts(person_ids: Collection[int]) -> Facts:
    """Return what panels have yet to decide on people, by person; without a meeting nobody knows when. One query.

    What should have been decided by now is expected today.
    """
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    today = clock.today()
    wanted = (
        select(PanelCase.person_id, PanelCase.panel_code, PanelCase.id, PanelMeeting.starts_at)
        .join(PanelMeeting, PanelMeeting.id == PanelCase.meeting_id)
        .where(PanelCase.person_id.in_(person_ids), PanelCase.status == CaseStatus.OPEN)
        .order_by(PanelCase.id)
    )
    for person_id, panel_code, case_id, starts_at in db.session.execute(wanted):
        on = max(in_london(starts_at).date(), today)
        facts[person_id].append(
            Fact(FactKind.PENDING, panel_code, on, value=FactKind.OUTCOME, reference=f"panel_case:{case_id}")
        )
    return facts
