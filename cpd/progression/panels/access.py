"""Which cases a page may show: what somebody judges or looks after, and nothing with which she is in conflict."""

from __future__ import annotations

from collections.abc import Collection

from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.rules import CaseStatus
from cpd.schemes.pathway_shape import PanelKind, Recording
from cpd.shared.access import Viewer
from cpd.shared.roles import Role


def looks_after(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer is of Workforce Development there and in no conflict."""
    is_here = case.organisation_id == viewer.organisation_id
    return is_here and Role.WORKFORCE_DEVELOPMENT in viewer.roles and not case.conflicts(viewer.id)


def writes_down(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer writes down what young people say, by her role (C-1)."""
    is_here = case.organisation_id == viewer.organisation_id
    return is_here and case.panel.recorded_by in viewer.roles and not case.conflicts(viewer.id)


def judges_or_writes(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether a case is the viewer's as a member, or to be written down by her; withdrawn ones are nobody's."""
    is_live = case.status is not CaseStatus.WITHDRAWN
    return is_live and (case.is_assigned_to(viewer.id) or writes_down(case, viewer))


def sees(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer sees a case at all: it is assigned to her, she looks after it, or writes it down."""
    return judges_or_writes(case, viewer) or looks_after(case, viewer)


def sees_evidence(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer sees portfolio and standing too: who judges does, and who only writes down does not."""
    for_the_young = case.panel.panel_kind is PanelKind.YOUNG_PEOPLE
    return looks_after(case, viewer) or (case.is_assigned_to(viewer.id) and not for_the_young)


def may_recommend(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer can recommend now, or say anew what she recommended."""
    first = case.panel.recording is Recording.RECOMMENDATIONS_FIRST
    return first and case.is_open and case.revealed_at is None and case.is_assigned_to(viewer.id)


def may_reveal(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer can let be known what was recommended before all have."""
    first = case.panel.recording is Recording.RECOMMENDATIONS_FIRST
    if not first or not case.is_open or case.revealed_at is not None or not case.recommendations:
        return False
    judges = case.is_assigned_to(viewer.id)
    return viewer.id in case.recommended if judges else looks_after(case, viewer)


def may_decide(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer can write the decision down now, were it made."""
    if not case.can_be_decided or (
        case.panel.recording is Recording.RECOMMENDATIONS_FIRST and case.revealed_at is None
    ):
        return False
    return may_decide_anew(case, viewer)


def may_decide_anew(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer writes this panel's decisions down."""
    if case.panel.recorded_by is not None:
        return writes_down(case, viewer)
    return looks_after(case, viewer) or case.is_assigned_to(viewer.id)


def sees_recommendations(case: CaseFacts, viewer: Viewer) -> bool:
    """Say whether the viewer sees what all recommend: once it is known, and members once they have recommended."""
    return case.revealed_at is not None and sees(case, viewer)


def without_those_in_conflict(cases: Collection[CaseFacts], viewer: Viewer) -> list[CaseFacts]:
    """Leave out the cases with which the viewer is in conflict."""
    return [each for each in cases if not each.conflicts(viewer.id)]
