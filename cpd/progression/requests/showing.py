"""A request put together for a page: its steps as a picture and as a list, and what was decided at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cpd.progression.requests.reading import RequestFacts, StepFacts
from cpd.progression.requests.rules import StepStatus
from cpd.progression.requests.wording import (
    Label,
    label_of,
    role_words,
    step_title,
    step_words,
    title_of,
    turn_words,
    who_words,
)
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.pictures import RouteNode, RouteState
from cpd.shared.routes import Edge
from cpd.shared.wording import date_words

STATES = {
    StepStatus.DONE: RouteState.DONE,
    StepStatus.OPEN: RouteState.WAITING,
    StepStatus.AHEAD: RouteState.BLOCKED,
    StepStatus.AGAINST: RouteState.BLOCKED,
}
RAISED = "raised"


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of the list: what it is, how it stands, who decided in which role, and why."""

    title: str
    words: str
    by: str
    reasons: str
    is_open: bool
    note: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as pages show it; `request` is what it was made of."""

    request: RequestFacts
    title: str
    label: Label
    turn: str
    who: str
    raised: str
    nodes: Sequence[RouteNode]
    edges: Sequence[Edge]
    steps: Sequence[ShownStep]


def shown_request(request: RequestFacts) -> ShownRequest:
    """Put a request together."""
    nodes = [
        RouteNode(RAISED, "Asked for", RouteState.DONE, "", date_words(request.requested_at)),
        *(_node(each, request) for each in request.steps),
    ]
    edges = [(before.key, after.key) for before, after in pairwise(nodes)]
    return ShownRequest(
        request,
        title_of(request),
        label_of(request),
        turn_words(request),
        who_words(request.turn) if request.turn else "",
        _raised(request),
        nodes,
        edges,
        [_step(each, request) for each in request.steps],
    )


def _node(step: StepFacts, request: RequestFacts) -> RouteNode:
    """Make the box of a step: what it is, who decides, and how it stands."""
    label = step.panel_title or ("Approval" if step.step_kind is StepKind.APPROVAL else "The change")
    who = role_words(step.role)
    title = f"{who[:1].upper()}{who[1:]}"
    made = request.enactment if step.step_kind is StepKind.ENACTMENT else None
    note = f"From {date_words(made.effective_on)}" if made else ""
    return RouteNode(str(step.place), label, STATES[step.status], title, note or step_words(step, request))


def _raised(request: RequestFacts) -> str:
    """`2 January 2019, by the system, because everything was met`."""
    by = f"by {request.requested_by}" if request.requested_by else "by the system, because everything was met"
    return f"{date_words(request.requested_at)}, {by}"


def _step(step: StepFacts, request: RequestFacts) -> ShownStep:
    """Put one step into words."""
    by = ""
    if step.approval:
        by = _by(step.approval.decided_by, role_words(step.approval.role), step.approval.in_place_of)
    elif step.status is StepStatus.DONE and request.enactment and step is request.steps[-1]:
        made = request.enactment
        by = _by(made.enacted_by, role_words(step.role), made.in_place_of)
    elif step.status is StepStatus.AGAINST and request.ended_by and step.role:
        by = f"by {request.ended_by}"
    reasons = "" if step.status is StepStatus.AGAINST else step.reasons  # they stand above, as the reasons of the end
    return ShownStep(step_title(step), step_words(step, request), by, reasons, step.is_open, step.words)


def _by(name: str, role: str, in_place_of: str) -> str:
    """`by Dora Director, Assistant Director`; whoever stands in says for whom."""
    return f"by {name}, {role} in place of {in_place_of}" if in_place_of else f"by {name}, {role}"
