"""What pathways ask of the rest of a pack: each way leads on, and each criterion asks for something that can be had."""

from __future__ import annotations

from collections.abc import Iterator

from cpd.requirements.evaluator import cycles_in
from cpd.requirements.language import AllOf, Completed
from cpd.schemes.checks import Draft, given_twice, leaves_asked
from cpd.schemes.pathway_shape import Step, StepKind, Transition
from cpd.schemes.problems import Problem
from cpd.schemes.reasons import did_you_mean
from cpd.schemes.requirement_shape import ApprovedByShape, OutcomeShape
from cpd.schemes.yaml_text import Path
from cpd.shared.roles import Role

AWARDED = "awarded"
"""The outcome by which an award that somebody holds stands on her record."""


def pathway_problems(draft: Draft) -> list[Problem]:
    """List everything by which pathways, panels and what they ask for do not fit together."""
    checks = (
        _unknown_outcomes,
        _unknown_roles,
        _panels_that_are_awards,
        _levels_given_twice,
        _transitions_given_twice,
        _criteria_given_twice,
        _transitions_out_of_the_pathway,
        _circles_of_transitions,
        _steps_given_twice,
        _criteria_that_wait_for_a_step,
    )
    return [problem for check in checks for problem in check(draft)]


def _transitions(draft: Draft) -> Iterator[tuple[Path, Transition]]:
    for path, pathway in draft.pathways.items():
        for place, transition in enumerate(pathway.transitions):
            yield (*path, "transitions", place), transition


def _unknown_outcomes(draft: Draft) -> Iterator[Problem]:
    """An outcome is one of a panel's own, or that an award is held."""
    outcomes = {panel.code: {*map(str, panel.outcomes)} for panel in draft.panels.values()}
    awards = {*draft.codes["awards"].values()}
    known = {*draft.codes["panels"].values(), *awards}
    for path, leaf in leaves_asked(draft):
        if not isinstance(leaf, OutcomeShape):
            continue
        if leaf.panel not in known:
            reason = f"there is no panel and no award {leaf.panel!r}{did_you_mean(leaf.panel, known)}"
            yield draft.problem((*path, "panel"), reason)
        possible = {AWARDED} if leaf.panel in awards else outcomes.get(leaf.panel, {leaf.outcome})
        if leaf.outcome not in possible:
            reason = f"{leaf.panel} never comes to {leaf.outcome!r}, but to {', '.join(sorted(possible))}"
            yield draft.problem((*path, "outcome"), reason)


def _unknown_roles(draft: Draft) -> Iterator[Problem]:
    """Only somebody who holds a role can approve."""
    known = {*map(str, Role)}
    for path, leaf in leaves_asked(draft):
        if isinstance(leaf, ApprovedByShape) and leaf.role not in known:
            yield draft.problem((*path, "role"), f"there is no role {leaf.role!r}{did_you_mean(leaf.role, known)}")


def _panels_that_are_awards(draft: Draft) -> Iterator[Problem]:
    """The record keeps what panels decided and which awards are held under one code each."""
    awards = {code.casefold(): path for path, code in draft.codes["awards"].items()}
    for path, code in draft.codes["panels"].items():
        if award := awards.get(code.casefold()):
            yield draft.problem(path, f"{code!r} is an award too, in line {draft.line(award)}")


def _levels_given_twice(draft: Draft) -> Iterator[Problem]:
    """A career level stands once, on one pathway: so it is clear on which somebody is."""
    places = (
        ((*path, key, place), career_level)
        for path, pathway in draft.pathways.items()
        for key in ("levels", "beside")
        for place, career_level in enumerate(getattr(pathway, key))
    )
    yield from given_twice(draft, ((place, place, career_level) for place, career_level in places))


def _transitions_given_twice(draft: Draft) -> Iterator[Problem]:
    """Transitions are told apart by their codes, and one way leads from one level to another."""
    yield from given_twice(draft, ((path, (*path, "code"), each.code) for path, each in _transitions(draft)))
    first: dict[tuple[str, str], Path] = {}
    for path, transition in _transitions(draft):
        ends = (transition.from_level, transition.to_level)
        if first.setdefault(ends, path) != path:
            reason = f"leads from {ends[0]} to {ends[1]}, as another does in line {draft.line(first[ends])}"
            yield draft.problem(path, reason)


def _criteria_given_twice(draft: Draft) -> Iterator[Problem]:
    for path, transition in _transitions(draft):
        places = ((*path, "criteria", place) for place in range(len(transition.criteria)))
        criteria = zip(places, transition.criteria, strict=True)
        yield from given_twice(draft, ((place, (*place, "code"), each.code) for place, each in criteria))


def _transitions_out_of_the_pathway(draft: Draft) -> Iterator[Problem]:
    for path, pathway in draft.pathways.items():
        levels = {*pathway.levels, *pathway.beside}
        for place, transition in enumerate(pathway.transitions):
            for key in ("from_level", "to_level"):
                if (career_level := getattr(transition, key)) not in levels:
                    reason = f"{career_level} is not among the levels of {pathway.code}, nor beside them"
                    yield draft.problem((*path, "transitions", place, key), reason)


def _circles_of_transitions(draft: Draft) -> Iterator[Problem]:
    """Nobody progresses back to where she was."""
    for path, pathway in draft.pathways.items():
        onward: dict[str, list[str]] = {}
        for transition in pathway.transitions:
            onward.setdefault(transition.from_level, []).append(transition.to_level)
        ways = {career_level: AllOf(tuple(map(Completed, others))) for career_level, others in onward.items()}
        for circle in cycles_in(ways):
            way = ", which leads to ".join([*circle[1:], circle[0]])
            if len(circle) > 1:  # a level that leads to itself is refused where it stands
                yield draft.problem((*path, "transitions"), f"goes in a circle: {circle[0]} leads to {way}")


def _steps_given_twice(draft: Draft) -> Iterator[Problem]:
    for path, transition in _transitions(draft):
        for place, step in enumerate(transition.steps):
            if any(_is_alike(step, earlier) for earlier in transition.steps[:place]):
                reason = f"is a {step.step} by {step.panel or step.role}, as an earlier step is"
                yield draft.problem((*path, "steps", place), reason)


def _is_alike(step: Step, other: Step) -> bool:
    return (step.step, step.panel, step.role) == (other.step, other.panel, other.role)


def _criteria_that_wait_for_a_step(draft: Draft) -> Iterator[Problem]:
    """Criteria are met before the first step, so none may ask for what a step gives."""
    steps = {
        ((*path, "criteria"), step.step, step.panel or step.role)
        for path, transition in _transitions(draft)
        for step in transition.steps
    }
    for path, leaf in leaves_asked(draft):
        here = path[:5]  # career_pathways, one of them, transitions, one of them, criteria
        if isinstance(leaf, OutcomeShape) and (here, StepKind.PANEL, leaf.panel) in steps:
            yield draft.problem(path, f"asks for what {leaf.panel} decides, which is a step that comes after")
        if isinstance(leaf, ApprovedByShape) and (here, StepKind.APPROVAL, leaf.role) in steps:
            yield draft.problem(path, f"asks for what {leaf.role} approves, which is a step that comes after")
