"""Reading requests whole, with their steps, the change and its letters: five queries however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.people.models import Organisation, Person
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.requests.frozen import lines_of
from cpd.progression.requests.models import (
    Approval,
    DecisionLetter,
    Enactment,
    ProgressionRequest,
    ProgressionStep,
)
from cpd.progression.requests.request_facts import ApprovalFacts, EnactmentFacts, LetterRef, RequestFacts, StepFacts
from cpd.progression.requests.rules import RequestKind, RequestStatus, StepStatus
from cpd.schemes.pathway_shape import StepKind, Transition
from cpd.shared.database import db
from cpd.shared.roles import Role

_asker, _ender, _stood_in_for = aliased(Person), aliased(Person), aliased(Person)
_REQUESTS: Select[*tuple[Any, ...]] = (
    select(
        ProgressionRequest,
        Person.name.label("person"),
        Person.employee_number,
        Organisation.name.label("organisation"),
        func.coalesce(_asker.name, "").label("requested_by"),
        func.coalesce(_ender.name, "").label("ended_by"),
    )
    .join(Person, Person.id == ProgressionRequest.person_id)
    .join(Organisation, Organisation.id == ProgressionRequest.organisation_id)
    .outerjoin(_asker, _asker.id == ProgressionRequest.requested_by_id)
    .outerjoin(_ender, _ender.id == ProgressionRequest.ended_by_id)
)


def requests_where(*conditions: ColumnElement[bool]) -> list[RequestFacts]:
    """Read requests whole, the first first: five queries."""
    rows = db.session.execute(_REQUESTS.where(*conditions).order_by(ProgressionRequest.id)).all()
    ids = [row[0].id for row in rows]
    if not ids:
        return []
    schemes = catalogue.schemes_by_id({row[0].scheme_version_id for row in rows})
    terms = {number: terms_of(scheme) for number, scheme in schemes.items()}
    titles = {number: scheme.pack.source.title for number, scheme in schemes.items()}
    steps, enactments, letters = _steps(ids), _enactments(ids), _letters(ids)
    return [
        _request(row, terms[row[0].scheme_version_id], titles[row[0].scheme_version_id], steps, enactments, letters)
        for row in rows
    ]


def _request(
    row: Any,
    terms: Terms,
    scheme_title: str,
    steps: Mapping[int, list[tuple[ProgressionStep, ApprovalFacts | None]]],
    enactments: Mapping[int, EnactmentFacts],
    letters: Mapping[int, list[LetterRef]],
) -> RequestFacts:
    """Make plain values of a row and what belongs to it."""
    request: ProgressionRequest = row[0]
    transition = transition_in(terms, request.transition_code)
    to_level = terms.levels.get(request.to_level)
    return RequestFacts(
        request.id,
        request.organisation_id,
        row.organisation,
        request.person_id,
        row.person,
        row.employee_number,
        RequestKind(request.request_kind),
        request.transition_code,
        transition.title if transition else request.transition_code,
        request.transition_mode,
        request.pathway_code,
        request.from_level,
        terms.level_title(request.from_level),
        request.to_level,
        terms.level_title(request.to_level),
        (to_level.grade or "") if to_level else "",
        request.scheme_version_id,
        terms.version,
        scheme_title,
        transition.appeal_within_days if transition else None,
        request.vacancy_id,
        request.reverses_id,
        request.again_of_id,
        RequestStatus(request.status),
        lines_of(request.standing),
        request.words,
        request.requested_at,
        request.requested_by_id,
        row.requested_by,
        request.ended_at,
        row.ended_by,
        request.reasons,
        request.support_plan,
        request.review_on,
        tuple(_step(step, approval, terms) for step, approval in steps[request.id]),
        enactments.get(request.id),
        tuple(letters[request.id]),
    )


def transition_in(terms: Terms, code: str) -> Transition | None:
    """Return a step of a pathway as a version of the rules has it, or None."""
    found = (each for pathway in terms.pathways.values() for each in pathway.transitions if each.code == code)
    return next(found, None)


def _step(step: ProgressionStep, approval: ApprovalFacts | None, terms: Terms) -> StepFacts:
    """Make plain values of a step."""
    return StepFacts(
        step.id,
        step.place,
        StepKind(step.step_kind),
        step.panel_code,
        terms.title(step.panel_code) if step.panel_code else "",
        Role(step.role) if step.role else None,
        step.words,
        StepStatus(step.status),
        step.opened_at,
        step.closed_at,
        step.case_id,
        step.outcome,
        step.reasons,
        approval,
    )


def _steps(request_ids: Collection[int]) -> Mapping[int, list[tuple[ProgressionStep, ApprovalFacts | None]]]:
    """Read the steps of requests in their order, each with what was decided at it. One query."""
    wanted = (
        select(ProgressionStep, Approval, Person.name, func.coalesce(_stood_in_for.name, ""))
        .outerjoin(Approval, and_(Approval.step_id == ProgressionStep.id, Approval.superseded_at.is_(None)))
        .outerjoin(Person, Person.id == Approval.decided_by_id)
        .outerjoin(_stood_in_for, _stood_in_for.id == Approval.in_place_of_id)
        .where(ProgressionStep.request_id.in_(request_ids))
        .order_by(ProgressionStep.request_id, ProgressionStep.place)
    )
    found: defaultdict[int, list[tuple[ProgressionStep, ApprovalFacts | None]]] = defaultdict(list)
    for step, approval, by, in_place_of in db.session.execute(wanted):
        decided = (
            None
            if approval is None
            else ApprovalFacts(
                approval.approved,
                Role(approval.approver_role),
                approval.reasons,
                approval.decided_by_id,
                by,
                approval.decided_at,
                in_place_of,
            )
        )
        found[step.request_id].append((step, decided))
    return found


def _enactments(request_ids: Collection[int]) -> dict[int, EnactmentFacts]:
    """Read the changes that requests led to. One query."""
    later = aliased(Enactment)
    wanted = (
        select(Enactment, Person.name, func.coalesce(_stood_in_for.name, ""), later.id.is_not(None))
        .join(Person, Person.id == Enactment.enacted_by_id)
        .outerjoin(_stood_in_for, _stood_in_for.id == Enactment.in_place_of_id)
        .outerjoin(later, later.reverses_id == Enactment.id)
        .where(Enactment.request_id.in_(request_ids))
    )
    return {
        row.request_id: EnactmentFacts(
            row.id,
            row.request_id,
            row.from_level,
            row.from_grade,
            row.to_level,
            row.to_grade,
            row.fte,
            row.effective_on,
            row.post_id,
            row.vacancy_id,
            row.reasons,
            row.enacted_at,
            row.enacted_by_id,
            by,
            in_place_of,
            bool(is_reversed),
        )
        for row, by, in_place_of, is_reversed in db.session.execute(wanted)
    }


def _letters(request_ids: Collection[int]) -> Mapping[int, list[LetterRef]]:
    """List the letters of requests in their order. One query."""
    wanted = (
        select(
            DecisionLetter.request_id,
            DecisionLetter.id,
            DecisionLetter.number,
            DecisionLetter.result,
            DecisionLetter.made_at,
            DecisionLetter.appeal_until,
            DecisionLetter.sha256,
        )
        .where(DecisionLetter.request_id.in_(request_ids))
        .order_by(DecisionLetter.request_id, DecisionLetter.number)
    )
    found: defaultdict[int, list[LetterRef]] = defaultdict(list)
    for request_id, *row in db.session.execute(wanted):
        letter: Any = row
        found[request_id].append(LetterRef(*letter))
    return found
