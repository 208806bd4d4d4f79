"""Which steps up a panel belongs to, and who is ready for it: read from the rules alone. Plain Python.

A panel either is a step of a request, which then opens the case; or a criterion asks for its outcome, as for the
moderation of a portfolio. Then Workforce Development opens the case once the portfolio is accepted, or, where the
criteria name no portfolio, once all the others are met.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cpd.progression.pathways.rules import LineStanding, Readiness, TransitionStanding
from cpd.progression.pathways.terms import Terms, Way
from cpd.requirements.evaluator import State
from cpd.requirements.language import Evidence, Leaf, Outcome, Requirement
from cpd.requirements.structure import leaves_of


def ways_with(panel_code: str, terms: Terms) -> list[Way]:
    """List the steps up that a panel has to do with, in the order of the pack."""
    return [
        way for ways in terms.ways.values() for way in ways if is_step_of(panel_code, way) or _judges(panel_code, way)
    ]


def is_step_of(panel_code: str, way: Way) -> bool:
    """Say whether a request passes through the panel on this way."""
    return any(step.panel == panel_code for step in way.transition.steps)


def is_opened_here(panel_code: str, terms: Terms) -> bool:
    """Say whether Workforce Development opens the panel's cases: some way asks for its outcome and none passes it."""
    return any(_judges(panel_code, way) and not is_step_of(panel_code, way) for way in ways_with(panel_code, terms))


def levels_before(panel_code: str, terms: Terms) -> frozenset[str]:
    """Return the career levels of those whom the panel judges."""
    return frozenset(way.transition.from_level for way in ways_with(panel_code, terms))


def portfolios_for(panel_code: str, terms: Terms) -> tuple[str, ...]:
    """Return the kinds of portfolio that belong to a panel: those which the criteria of the same steps up ask for."""
    ways = ways_with(panel_code, terms)
    return tuple(dict.fromkeys(kind for way in ways for kind in _portfolios(way, terms)))


def evidence_for(panel_code: str, terms: Terms) -> tuple[str, ...]:
    """Return every kind of evidence that the criteria of the panel's steps up ask for."""
    leaves = (leaf for way in ways_with(panel_code, terms) for each in way.criteria for leaf in leaves_of(each.asked))
    return tuple(dict.fromkeys(leaf.kind for leaf in leaves if isinstance(leaf, Evidence)))


def standing_before(panel_code: str, found: Readiness) -> TransitionStanding | None:
    """Return how somebody stands to the step up that a panel judges her for, or None where there is none."""
    ways = [way.transition.code for way in ways_with(panel_code, found.terms)] if found.terms else []
    return next((each for each in found.transitions if each.transition.code in ways), None)


def evidence_accepted_on(panel_code: str, found: Readiness) -> date | None:
    """Return since when what the panel asks to see is there, for somebody who is ready."""
    standing = standing_before(panel_code, found)
    days = [line.standing.met_on for line in _lines_before(panel_code, standing, found)] if standing else []
    return max((day for day in days if day), default=None)


def is_ready(panel_code: str, found: Readiness) -> bool:
    """Say whether somebody's portfolio can be put before a panel that has not passed it yet."""
    standing = standing_before(panel_code, found)
    if standing is None or found.terms is None or is_step_of(panel_code, standing.way):
        return False
    judged = [line for line in standing.lines if _asks_only(panel_code, line.standing.requirement)]
    before = _lines_before(panel_code, standing, found)
    return bool(judged) and not all(_is_met(line) for line in judged) and all(_is_met(line) for line in before)


def _lines_before(panel_code: str, standing: TransitionStanding, found: Readiness) -> list[LineStanding]:
    """Return the criteria to be met before the panel: those that ask for a portfolio, or where none does all others."""
    portfolios = set(_portfolios(standing.way, found.terms)) if found.terms else set()
    asked = [line for line in standing.lines if portfolios.intersection(_kinds(line))]
    others = [line for line in standing.lines if not _asks_only(panel_code, line.standing.requirement)]
    return asked or others


def _judges(panel_code: str, way: Way) -> bool:
    """Say whether a criterion asks for the panel's outcome."""
    return any(_outcome_of(panel_code, leaf) for each in way.criteria for leaf in leaves_of(each.asked))


def _portfolios(way: Way, terms: Terms) -> Iterator[str]:
    """Go through the kinds of portfolio that a way asks for."""
    for each in way.criteria:
        for leaf in leaves_of(each.asked):
            if isinstance(leaf, Evidence) and (kind := terms.evidence.get(leaf.kind)) and kind.is_portfolio:
                yield leaf.kind


def _kinds(line: LineStanding) -> Iterator[str]:
    """Go through the kinds of evidence that a criterion asks for."""
    for leaf in leaves_of(line.standing.requirement):
        if isinstance(leaf, Evidence):
            yield leaf.kind


def _asks_only(panel_code: str, asked: Requirement) -> bool:
    """Say whether a criterion asks for the panel's outcome and nothing else."""
    return all(_outcome_of(panel_code, leaf) for leaf in leaves_of(asked))


def _outcome_of(panel_code: str, leaf: Leaf) -> bool:
    return isinstance(leaf, Outcome) and leaf.panel == panel_code


def _is_met(line: LineStanding) -> bool:
    return line.standing.state is State.MET
