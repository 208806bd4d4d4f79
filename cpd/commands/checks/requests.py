"""Requests to progress: their steps fit, each step its approval or its case, each decision its letter."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, exists, func, or_, select

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Person
from cpd.progression.panels.models import PanelCase
from cpd.progression.requests.letters import letters_altered
from cpd.progression.requests.models import (
    Approval,
    DecisionLetter,
    Enactment,
    ProgressionRequest,
    ProgressionStep,
)
from cpd.progression.requests.rules import WITH_A_LETTER, RequestKind, RequestStatus, StepStatus
from cpd.record.models import RecordFact
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.database import db


def steps_astray() -> Iterator[str]:
    """Find requests whose steps do not fit how they stand: open without its turn, or ended with one."""
    turns = (
        select(func.count())
        .where(ProgressionStep.request_id == ProgressionRequest.id, ProgressionStep.status == StepStatus.OPEN)
        .scalar_subquery()
    )
    undone = (
        select(func.count())
        .where(ProgressionStep.request_id == ProgressionRequest.id, ProgressionStep.status != StepStatus.DONE)
        .scalar_subquery()
    )
    made = exists().where(Enactment.request_id == ProgressionRequest.id)
    is_open, is_enacted = ProgressionRequest.status == RequestStatus.OPEN, ProgressionRequest.status == "enacted"
    wanted = select(ProgressionRequest.id, ProgressionRequest.status).where(
        or_(
            and_(is_open, turns != 1),
            and_(~is_open, turns != 0),
            and_(is_enacted, or_(undone != 0, ~made)),
            and_(~is_enacted, made),
        )
    )
    for number, status in db.session.execute(wanted.order_by(ProgressionRequest.id)):
        yield f"progression request {number} is {status}, and its steps are not"


def steps_nobody_approved() -> Iterator[str]:
    """Find steps that went on without an approval."""
    live = and_(Approval.step_id == ProgressionStep.id, Approval.superseded_at.is_(None))
    passed = (
        select(ProgressionStep.id)
        .outerjoin(Approval, and_(live, Approval.approved))
        .where(
            ProgressionStep.step_kind == StepKind.APPROVAL,
            ProgressionStep.status == StepStatus.DONE,
            Approval.id.is_(None),
        )
    )
    for number in db.session.scalars(passed.order_by(ProgressionStep.id)):
        yield f"step {number} of a request went on, and nobody approved it"


def approvals_off_the_record() -> Iterator[str]:
    """Find approvals that hold and are no fact on the person's record, and facts of approvals that do not hold."""
    wanted = (
        select(Approval.id)
        .join(ProgressionRequest, ProgressionRequest.id == Approval.request_id)
        .outerjoin(RecordFact, RecordFact.id == Approval.fact_id)
        .where(
            ProgressionRequest.request_kind == RequestKind.PROGRESSION,
            Approval.approved,
            or_(RecordFact.id.is_(None), RecordFact.superseded_at.is_(None) != Approval.superseded_at.is_(None)),
        )
    )
    for number in db.session.scalars(wanted.order_by(Approval.id)):
        yield f"approval {number} and the person's record do not say the same"


def decisions_without_a_letter() -> Iterator[str]:
    """Find decisions of which no letter was written, and letters that are not what they were."""
    wanted = select(ProgressionRequest.id).where(
        ProgressionRequest.status.in_(WITH_A_LETTER),
        ~exists().where(
            DecisionLetter.request_id == ProgressionRequest.id, DecisionLetter.result == ProgressionRequest.status
        ),
    )
    for number in db.session.scalars(wanted.order_by(ProgressionRequest.id)):
        yield f"progression request {number} was decided, and there is no letter of it"
    for number in letters_altered():
        yield f"decision letter {number} is not what it was: its fingerprint does not fit"


def cases_astray() -> Iterator[str]:
    """Find steps whose case before a panel is not there, or is somebody else's."""
    wanted = (
        select(ProgressionStep.id)
        .join(ProgressionRequest, ProgressionRequest.id == ProgressionStep.request_id)
        .outerjoin(PanelCase, PanelCase.id == ProgressionStep.case_id)
        .where(
            ProgressionStep.step_kind == StepKind.PANEL,
            ProgressionStep.status != StepStatus.AHEAD,
            or_(
                PanelCase.id.is_(None),
                PanelCase.person_id != ProgressionRequest.person_id,
                PanelCase.panel_code != ProgressionStep.panel_code,
            ),
        )
    )
    for number in db.session.scalars(wanted.order_by(ProgressionStep.id)):
        yield f"step {number} of a request has no case of its own before its panel"


def strangers() -> Iterator[str]:
    """Find requests at another organisation than the person's."""
    wanted = (
        select(ProgressionRequest.id)
        .join(Person, Person.id == ProgressionRequest.person_id)
        .where(Person.organisation_id != ProgressionRequest.organisation_id)
    )
    for number in db.session.scalars(wanted.order_by(ProgressionRequest.id)):
        yield f"progression request {number} is at another organisation than its person"


CHECKS = (
    Check("steps of requests", steps_astray, rows_in(ProgressionRequest), "requests"),
    Check("steps approved", steps_nobody_approved, rows_in(ProgressionStep), "steps"),
    Check("approvals on the record", approvals_off_the_record, rows_in(Approval), "approvals"),
    Check("letters of decisions", decisions_without_a_letter, rows_in(DecisionLetter), "letters"),
    Check("cases of requests", cases_astray, rows_in(ProgressionStep), "steps"),
    Check("requests of one's own organisation", strangers, rows_in(ProgressionRequest), "requests"),
)
