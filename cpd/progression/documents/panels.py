"""What a panel has come to, in the form in which it is frozen."""

from __future__ import annotations

from cpd.progression.documents.freezing import role_words
from cpd.progression.documents.rules import Frozen
from cpd.progression.panels.case_facts import CaseFacts, DecisionFacts
from cpd.progression.panels.reading import InterestFacts, JudgeFacts, RecommendationFacts
from cpd.schemes.pathway_shape import PanelOutcome

NOT_YET = "Not yet, with support"


def panel_content(case: CaseFacts) -> Frozen:
    """Write down a case that a panel has decided: who judged in which role, what each recommended, and the decision.

    Raises:
        LookupError: it is not decided.
    """
    decision = case.decision
    if decision is None:
        raise LookupError(f"Case {case.id} is not decided")
    return {
        "case_number": case.id,
        "code": case.panel_code,
        "title": case.panel_title,
        "kind": str(case.panel_kind),
        "roles": [str(role) for role in case.panel.roles],
        "met_on": case.meeting.on.isoformat() if case.meeting else None,
        "place": case.meeting.place if case.meeting else "",
        "judges": [_judge(each) for each in decision.judges],
        "recommendations": [_recommendation(each, decision) for each in case.recommendations],
        "missing": case.missing,
        "interests": [_interest(each) for each in case.interests],
        "outcome": decision.outcome,
        "outcome_words": outcome_words(decision.outcome),
        "decided_on": decision.decided_on.isoformat(),
        "reasons": decision.reasons,
        "support_plan": decision.support_plan,
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "written_down_by": decision.recorded_by,
        "earlier": [
            {"outcome": each.outcome, "decided_on": each.decided_on.isoformat(), "because": each.because}
            for each in case.earlier
        ],
    }


def outcome_words(outcome: str) -> str:
    """`Recommended`, and `Not yet, with support`: the words that all pages have for what was deferred."""
    return NOT_YET if outcome == PanelOutcome.DEFERRED_WITH_SUPPORT else role_words(outcome)


def _judge(judge: JudgeFacts) -> Frozen:
    return {"person_id": judge.person_id, "name": judge.name, "role": judge.role}


def _recommendation(said: RecommendationFacts, decision: DecisionFacts) -> Frozen:
    """Write down what a member recommended; in which role, where she judged."""
    role = next((each.role for each in decision.judges if each.person_id == said.person_id), "")
    return {
        "person_id": said.person_id,
        "name": said.name,
        "role": role,
        "outcome": said.outcome,
        "reasons": said.reasons,
    }


def _interest(declared: InterestFacts) -> Frozen:
    return {"person_id": declared.person_id, "name": declared.name, "words": declared.words}
