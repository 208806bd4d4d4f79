"""Keeping up: panels that have decided move requests on; what changes in records and posts raises or ends them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.progression.panels.facts import CaseDecided
from cpd.progression.requests import course, reading, telling
from cpd.progression.requests.course import Decision
from cpd.progression.requests.models import ProgressionRequest, ProgressionStep
from cpd.progression.requests.raising import let_lapse, live_request_of, raise_ready
from cpd.progression.requests.rules import ACT_OF, AGAINST_HER, ENDS, RequestStatus, StepStatus
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared.database import db


def follow_panels(_session: Session, decided: Sequence[CaseDecided]) -> None:
    """A panel has decided, or decided anew: the request that asked it goes on, ends, or is under way again.

    What was enacted stays; Workforce Development is told that the panel no longer recommends it. So does what an
    appeal took up again from a later step on: it cannot go on until the panel recommends it again.
    """
    for case in decided:
        steps = select(ProgressionStep.request_id).where(ProgressionStep.case_id == case.case_id)
        for request_id in db.session.scalars(steps.order_by(ProgressionStep.request_id)).all():
            _move(request_id, case)


def follow_records(_session: Session, person_ids: list[int]) -> None:
    """Records have changed: whoever is now ready for an automatic step is put forward (W-7)."""
    raise_ready(set(person_ids))


def follow_people(_session: Session, person_ids: list[int]) -> None:
    """Posts have changed: requests that lead on from a level no longer held end, and others may be due."""
    let_lapse(set(person_ids))
    raise_ready(set(person_ids))


def follow_vacancies(_session: Session, vacancy_ids: list[int]) -> None:
    """Vacancies are filled or closed: whoever else applied for one is told; her request goes on for another (W-8)."""
    for vacancy_id in vacancy_ids:
        others = select(ProgressionRequest.id).where(
            ProgressionRequest.vacancy_id == vacancy_id, ProgressionRequest.status == RequestStatus.OPEN
        )
        for request_id in db.session.scalars(others.order_by(ProgressionRequest.id)).all():
            telling.tell_that_the_post_is_gone(request_id, vacancy_id)


def _move(request_id: int, case: CaseDecided) -> None:
    """Move a request of which this case is a step; nothing happens where the decision changes nothing for it."""
    request, steps = course.hold(request_id)
    step = next((each for each in steps if each.case_id == case.case_id), None)
    outcome = PanelOutcome(case.outcome)
    if step is None:
        return
    if request.status in AGAINST_HER and _has_another(request):
        if step.status == StepStatus.DONE and ACT_OF[outcome] in ENDS:
            _tell_whoever_took_it_up(request)
        return
    if request.status == RequestStatus.ENACTED and ACT_OF[outcome] in ENDS:
        telling.tell_that_its_ground_is_gone(request.id)
    decision = Decision(None, case.reasons, str(outcome), case.support_plan or "", case.review_on)
    course.go(request, steps, ACT_OF[outcome], decision, place=step.place)


def _tell_whoever_took_it_up(request: ProgressionRequest) -> None:
    """Tell of each open request that takes this one up again that a panel on which it rests is against it."""
    wanted = select(ProgressionRequest.id, ProgressionRequest.again_of_id).where(
        ProgressionRequest.person_id == request.person_id, ProgressionRequest.status == RequestStatus.OPEN
    )
    for request_id, again_of_id in db.session.execute(wanted).all():
        if request.id in reading.line_of(again_of_id):
            telling.tell_that_an_earlier_panel_is_against_it(request_id)


def _has_another(request: ProgressionRequest) -> bool:
    """Say whether somebody has asked anew since, and that is open or led on: then the earlier request stays ended."""
    led_on = select(ProgressionRequest.id).where(
        ProgressionRequest.person_id == request.person_id,
        ProgressionRequest.transition_code == request.transition_code,
        ProgressionRequest.id > request.id,
        ProgressionRequest.status == RequestStatus.ENACTED,
    )
    live = live_request_of(request.person_id, request.transition_code)
    return live is not None or db.session.scalar(led_on.limit(1)) is not None
