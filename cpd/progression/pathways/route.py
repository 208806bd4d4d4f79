"""A pathway as a route: every level, the ways between them, where somebody is and what is next (C-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpd.progression.pathways.rules import Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import Terms, cited
from cpd.progression.pathways.under_way import Courses, course_of
from cpd.progression.pathways.words import course_label, lowered, verdict_words
from cpd.schemes.award_shape import PracticeEducatorStage
from cpd.schemes.pathway_shape import CareerPathway, Transition, TransitionMode
from cpd.shared.pictures import RouteNode, RouteState
from cpd.shared.routes import Edge

MODES = {
    TransitionMode.AUTOMATIC: "put forward as soon as everything is met",
    TransitionMode.APPROVAL: "by approval",
    TransitionMode.PANEL: "by a panel",
    TransitionMode.VACANCY: "into a free post",
}
"""How a step up comes about; in each of them a person decides (AMB-03)."""

NEXT_STATES = {
    Verdict.READY: RouteState.OPEN,
    Verdict.NO_CRITERIA: RouteState.OPEN,
    Verdict.EXPECTED: RouteState.WAITING,
    Verdict.TO_DO: RouteState.BLOCKED,
}


LAST = "Nothing further is published from here"
ON_IT = "On this route"
SPECIALIST = "Specialist route"
APART = "Specialist routes, beside the levels"
EDUCATOR = "practice-educator-stages"
AWARDS = "/my/awards"
"""Where people see how far they are as practice educators."""
UNTIED = "The way to it is not published; talk with your manager"


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One level of a pathway for the list: its name and grade, how she stands to it, and what leads on from it."""

    code: str
    title: str
    grade: str
    note: str
    is_hers: bool
    is_beside: bool
    ways: Sequence[str]
    href: str = ""


@dataclass(frozen=True, slots=True)
class CareerRoute:
    """A pathway as a picture, and as a list that says the same."""

    title: str
    description: str
    nodes: Sequence[RouteNode]
    edges: Sequence[Edge]
    steps: Sequence[RouteStep]
    assumptions: Sequence[str]
    apart: str = APART


def route_of(
    pathway: CareerPathway, terms: Terms, found: Readiness | None, *, is_own: bool, courses: Courses | None = None
) -> CareerRoute:
    """Lay a pathway out; without `found` it is nobody's in particular.

    Picture and list show the same: every level and, on somebody's own pathway, the practice educator, who is at no
    level but on a route of their own (C-5, W-24).
    """
    codes = (*pathway.levels, *pathway.beside)
    edges = [(each.from_level, each.to_level) for each in pathway.transitions]
    notes = {code: _note(code, pathway, found, courses or {}, is_own=is_own) for code in codes}
    nodes = [
        RouteNode(
            code,
            terms.level_title(code),
            notes[code][1],
            _grade(code, terms),
            notes[code][0] or (SPECIALIST if code in pathway.beside else ON_IT),
        )
        for code in codes
    ]
    steps = [_step(code, pathway, terms, notes[code][0], found) for code in codes]
    stages = terms.practice_educator if found else ()
    if stages:
        nodes.append(RouteNode(EDUCATOR, "Practice educator", RouteState.BLOCKED, note=SPECIALIST))
        steps.append(_educator(stages, is_own=is_own))
    cites = [*pathway.cites, *(cite for code in codes if code in terms.levels for cite in terms.levels[code].cites)]
    cites += [cite for each in stages for cite in each.cites]
    here = (
        f"{'You are' if is_own else 'The person is'} here: {terms.level_title(found.career_level)}. " if found else ""
    )
    description = f"{here}The same stands below as a list."
    return CareerRoute(pathway.title, description, nodes, edges, steps, cited(cites, terms))


def _note(
    career_level: str, pathway: CareerPathway, found: Readiness | None, courses: Courses, *, is_own: bool
) -> tuple[str, RouteState]:
    """Say how somebody stands to a level: where she was and is, what is next, and what nobody here knows (G-21)."""
    if found is None:
        return "", RouteState.BLOCKED
    if career_level == found.career_level:
        return "You are here" if is_own else "Is here", RouteState.BOOKED
    ahead = next((each for each in found.transitions if each.transition.to_level == career_level), None)
    if ahead:
        return _next_words(ahead, courses), NEXT_STATES[ahead.verdict]
    if career_level in found.passed:
        return "Done", RouteState.DONE
    order = (*pathway.levels, *pathway.beside)
    is_before = career_level in pathway.levels and order.index(career_level) < order.index(found.career_level)
    if is_before and found.career_level in pathway.levels:
        return "Before joining: not known", RouteState.RECOGNISED
    is_led_to = any(career_level == each.to_level for each in pathway.transitions)
    return "Later" if is_led_to or career_level in pathway.levels else "", RouteState.BLOCKED


def _next_words(ahead: TransitionStanding, courses: Courses) -> str:
    course = course_of(ahead, courses)
    return f"Next: {lowered(course_label(course)[0]) if course else verdict_words(ahead)}"


def _step(career_level: str, pathway: CareerPathway, terms: Terms, note: str, found: Readiness | None) -> RouteStep:
    """Put one level into words, with the ways that lead on from it."""
    ways = [_way_words(each, terms) for each in pathway.transitions if each.from_level == career_level]
    if not ways:
        is_led_to = any(career_level == each.to_level for each in pathway.transitions)
        ways = [LAST if is_led_to or career_level in pathway.levels else UNTIED]
    is_hers = found is not None and career_level == found.career_level
    return RouteStep(
        career_level,
        terms.level_title(career_level),
        _grade(career_level, terms),
        note,
        is_hers,
        career_level in pathway.beside,
        ways,
    )


def _educator(stages: Sequence[PracticeEducatorStage], *, is_own: bool) -> RouteStep:
    """Put the practice educator's stages into words; how far somebody is with them stands with the awards."""
    ways = [f"{each.title}: {each.allows[:1].lower()}{each.allows[1:]}" for each in stages]
    href = AWARDS if is_own else ""
    return RouteStep(EDUCATOR, "Practice educator", "", "", is_hers=False, is_beside=True, ways=ways, href=href)


def _way_words(transition: Transition, terms: Terms) -> str:
    """`To Advanced social worker, into a free post`."""
    return f"To {terms.level_title(transition.to_level)}, {MODES[transition.transition_mode]}"


def _grade(career_level: str, terms: Terms) -> str:
    grade = terms.levels[career_level].grade if career_level in terms.levels else None
    return "" if not grade else grade if grade.casefold().startswith("grade") else f"Grade {grade}"
