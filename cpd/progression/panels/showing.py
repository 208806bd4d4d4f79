"""A case put together for those who judge it: where she stands, what she handed in, and what was decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cpd.progression.panels import reading
from cpd.progression.panels.case_facts import CaseFacts, DecisionFacts
from cpd.progression.panels.linked import evidence_for, ways_with
from cpd.progression.panels.wording import OUTCOMES, Label, label_of, shortfall_words
from cpd.progression.pathways.reading import Look
from cpd.progression.pathways.showing import ShownProgress, ShownTransition, shown_progress
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.portfolios.showing import ShownPortfolio
from cpd.shared import clock
from cpd.shared.wording import date_words


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What a panel decided on the person before, in another case."""

    panel: str
    on: str
    label: Label
    decision: DecisionFacts


@dataclass(frozen=True, slots=True)
class AsItWas:
    """How somebody stood when a case was decided, and on which evidence: parts of the document that holds it."""

    on: str
    sections: Sequence[Any]


Frozen = Callable[[int], AsItWas | None]
_frozen: list[Frozen] = []


def take_frozen_from(source: Frozen) -> Frozen:
    """Let a higher part of progression say what it froze of a case, by the case's id; documents are made above this."""
    _frozen.append(source)
    return source


def as_it_was(case: CaseFacts) -> AsItWas | None:
    """Return how somebody stood when the case was decided, or None where it is not or nothing was frozen of it."""
    found = (source(case.id) for source in _frozen) if case.decision else ()
    return next((each for each in found if each), None)


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """What those who judge read: the step up line by line by the rules of the case, what was handed in, and before."""

    progress: ShownProgress
    transitions: Sequence[ShownTransition]
    portfolios: Sequence[ShownPortfolio]
    earlier: Sequence[EarlierDecision]


def evidence_of(case: CaseFacts) -> ShownEvidence:
    """Put together what those who judge a case read, by the rules that were fixed for it."""
    found = Look([case.person_id], clock.today()).readiness(case.person_id, case.terms)
    progress = shown_progress(found, is_own=False, in_force=case.scheme_version_id)
    codes = {way.transition.code for way in ways_with(case.panel_code, case.terms)}
    handed_in = portfolios.handed_in_of(case.person_id, evidence_for(case.panel_code, case.terms))
    shown = [portfolios.shown_portfolio(each.id) for each in handed_in]
    return ShownEvidence(
        progress,
        [each for each in progress.transitions if each.code in codes],
        [each for each in shown if each],
        _earlier(case),
    )


def portfolio_ids(case: CaseFacts) -> list[int]:
    """Return which portfolios those who judge a case can read."""
    handed_in = portfolios.handed_in_of(case.person_id, evidence_for(case.panel_code, case.terms))
    return [each.id for each in handed_in]


def what_is_missing(case: CaseFacts) -> str:
    """Say what is missing for a case to be judged; empty where nothing is, or where it has no meeting yet."""
    return shortfall_words(case.shortfall, case.panel) if case.is_open and case.meeting else ""


def label(case: CaseFacts) -> Label:
    """Say in a tag how a case stands."""
    return label_of(case)


def _earlier(case: CaseFacts) -> list[EarlierDecision]:
    """List what panels decided on the person in other cases, the latest first."""
    return [
        EarlierDecision(each.panel_title, date_words(each.decision.decided_on), OUTCOMES[each.outcome], each.decision)
        for each in reading.cases_of_person(case.person_id)
        if each.id != case.id and each.decision
    ]
