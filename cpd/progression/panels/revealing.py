"""When what members recommend becomes known to all: once each of those who judge has recommended."""

from __future__ import annotations

from cpd.progression.panels import reading
from cpd.progression.panels.models import PanelCase
from cpd.schemes.pathway_shape import Recording
from cpd.shared import clock
from cpd.shared.database import db


def reveal_if_all_have(row: PanelCase) -> bool:
    """Let all recommendations be known where nobody who judges is missing any more; says whether they became known."""
    db.session.flush()
    case = reading.case_of(row.id)
    waits = case.panel.recording is not Recording.RECOMMENDATIONS_FIRST or not case.is_open or case.revealed_at
    if waits or case.to_recommend or not case.recommendations or case.shortfall:
        return False
    row.revealed_at = clock.now()
    return True
