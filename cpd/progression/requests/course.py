"""A request's way from step to step: the one place that moves it, ends it, and opens what comes next.

Whoever calls this holds the person and then the request (`hold`), so that of two who act at once the second sees what
the first did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from cpd.people import service as people
from cpd.progression.requests import judging, telling
from cpd.progression.requests.facts import RequestDecided
from cpd.progression.requests.letters import write_letter
from cpd.progression.requests.models import Approval, Enactment, ProgressionRequest, ProgressionStep
from cpd.progression.requests.rules import (
    ENDS,
    WITH_A_LETTER,
    Act,
    Course,
    RequestFault,
    RequestStatus,
    StepStatus,
    after,
)
from cpd.record import service as record
from cpd.schemes.pathway_shape import StepKind
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import publish

DECIDED_ANEW = "The panel decided anew"


class RequestRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons, `more` further sentences about them."""

    def __init__(self, faults: Sequence[RequestFault], more: Sequence[str] = ()) -> None:
        super().__init__(", ".join(faults))
        self.faults = list(faults)
        self.more = list(more)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what about a step, and why; `by` None: a panel, or the system."""

    by: int | None
    reasons: str = ""
    outcome: str = ""
    support_plan: str = ""
    review_on: date | None = None


def hold(request_id: int) -> tuple[ProgressionRequest, list[ProgressionStep]]:
    """Hold a request and its person until the act is over. Raises LookupError where there is none."""
    number = min(request_id, LARGEST_ID)
    person_id = db.session.scalar(select(ProgressionRequest.person_id).where(ProgressionRequest.id == number))
    if person_id is None:
        raise LookupError(f"There is no request {request_id}")
    people.lock_persons([person_id])
    fresh = {"populate_existing": True}
    wanted = select(ProgressionRequest).where(ProgressionRequest.id == number).with_for_update()
    request = db.session.scalars(wanted.execution_options(**fresh)).one()
    steps = select(ProgressionStep).where(ProgressionStep.request_id == number).order_by(ProgressionStep.place)
    return request, list(db.session.scalars(steps.execution_options(**fresh)))


def course_of(request: ProgressionRequest, steps: Sequence[ProgressionStep]) -> Course:
    """Say where a request is."""
    kinds = tuple(StepKind(each.step_kind) for each in steps)
    here = (each.place for each in steps if each.status in (StepStatus.OPEN, StepStatus.AGAINST))
    return Course(kinds, next(here, len(steps) - 1), RequestStatus(request.status))


def turn_of(steps: Sequence[ProgressionStep]) -> ProgressionStep | None:
    """Return the step whose turn it is."""
    return next((each for each in steps if each.status == StepStatus.OPEN), None)


def begin(request: ProgressionRequest, steps: Sequence[ProgressionStep], *, by: int | None) -> None:
    """Open the first step of a request that was just raised."""
    _open(request, steps[0], by)


def go(
    request: ProgressionRequest,
    steps: Sequence[ProgressionStep],
    act: Act,
    decision: Decision,
    *,
    place: int | None = None,
) -> bool:
    """Move a request by an act, at `place` where that is not the step whose turn it is; say whether it moved.

    What a panel decides anew takes back what came after it. An ending writes its letter, is published and is told.
    """
    before = course_of(request, steps)
    then = after(before, act, place)
    if then is None:
        return False
    at = before.place if place is None else place
    for later in steps[at + 1 :]:
        _take_back(later, decision.by)
    _close(steps[at], act, decision)
    db.session.flush()
    if then.status is RequestStatus.OPEN:
        _note("went_on", request, decision, {"place": at, "act": str(act)})
        _keep_open(request)
        _open(request, steps[at + 1], decision.by)
    else:
        _end(request, then.status, decision)
    return True


def _close(step: ProgressionStep, act: Act, decision: Decision) -> None:
    """Write down what was decided at a step."""
    step.status = StepStatus.DONE if act not in ENDS or act is Act.ENACT else StepStatus.AGAINST
    step.opened_at = step.opened_at or clock.now()
    step.closed_at = clock.now()
    step.outcome, step.reasons = decision.outcome, decision.reasons


def _take_back(step: ProgressionStep, by: int | None) -> None:
    """Let a step lie ahead again; what was decided at it holds no longer, and stays as history.

    A panel that has not decided yet has nothing to judge any more, so that its case ends too.
    """
    if step.status == StepStatus.AHEAD:
        return
    was_open = step.status == StepStatus.OPEN
    step.status, step.opened_at, step.closed_at = StepStatus.AHEAD, None, None
    step.outcome = step.reasons = ""
    held = select(Approval).where(Approval.step_id == step.id, Approval.superseded_at.is_(None))
    for approval in db.session.scalars(held):
        approval.superseded_at = clock.real_now()
        approval.superseded_by_id, approval.supersede_reason = by, DECIDED_ANEW
        if approval.fact_id is not None:
            record.withdraw_fact(approval.fact_id, by=by, reason=DECIDED_ANEW)
    if was_open and step.case_id is not None:
        db.session.flush()
        judging.close_case(step.case_id, reason=DECIDED_ANEW, by=by)


def _open(request: ProgressionRequest, step: ProgressionStep, by: int | None) -> None:
    """Let it be a step's turn: its panel gets a case, or those who hold its role are told."""
    step.status, step.opened_at = StepStatus.OPEN, clock.now()
    db.session.flush()
    if step.panel_code is not None:
        step.case_id = judging.open_case(request, step.panel_code, by=by)
        db.session.flush()
    else:
        telling.ask_to_decide(request.id, step)


def _keep_open(request: ProgressionRequest) -> None:
    """A request that had ended is under way again."""
    request.status = RequestStatus.OPEN
    request.ended_at = request.ended_by_id = request.review_on = None
    request.reasons = request.support_plan = ""
    db.session.flush()


def _end(request: ProgressionRequest, status: RequestStatus, decision: Decision) -> None:
    """End a request: written down, its letter frozen, published and told."""
    request.status, request.ended_at, request.ended_by_id = status, clock.now(), decision.by
    request.reasons, request.support_plan, request.review_on = (
        decision.reasons,
        decision.support_plan,
        decision.review_on,
    )
    db.session.flush()
    _note(str(status), request, decision, {"outcome": decision.outcome})
    letter = write_letter(request.id) if status in WITH_A_LETTER else None
    made = db.session.scalars(select(Enactment).where(Enactment.request_id == request.id)).one_or_none()
    publish(
        "progression.decided",
        RequestDecided(
            request.id,
            request.person_id,
            request.organisation_id,
            request.transition_code,
            str(status),
            request.request_kind,
            decision.reasons,
            decision.review_on,
            made.effective_on if made else None,
            letter.id if letter else None,
        ),
    )
    telling.tell_of_the_end(request.id, letter.number if letter else None)


def _note(verb: str, request: ProgressionRequest, decision: Decision, more: dict[str, Any]) -> None:
    """Write the history of a request, without names (B8)."""
    history.note(
        verb,
        "progression_request",
        request.id,
        actor_id=decision.by,
        organisation_id=request.organisation_id,
        reason=decision.reasons or None,
        after={"person_id": request.person_id, "transition": request.transition_code, **more},
    )
