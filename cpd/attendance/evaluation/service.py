"""Giving an evaluation: once for each session and programme, and apart from the name of whoever gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from cpd.attendance.evaluation.models import Evaluation, EvaluationRequest, LaterEvaluation
from cpd.attendance.evaluation.rules import LISTED_FOR, Refusal, Used, refusal_of
from cpd.attendance.presence import was_there
from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module, Programme
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


class EvaluationRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """An evaluation is not taken, and why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody thinks of a session: three values from 1 to 5, and what she will do differently."""

    confidence_before: int
    confidence_after: int
    usefulness: int
    will_change: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A session that somebody evaluates; `refusal` says why she cannot, None that she can."""

    session: SessionFacts
    module: ModuleFacts
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An evaluation that waits for somebody: of what, when that was (a programme has no such moment), and where."""

    title: str
    starts_at: datetime | None
    path: str


def evaluation_asked(person_id: int, organisation_id: int, training_session_id: int) -> Asked:
    """Return a session as somebody evaluates it.

    Raises:
        LookupError: there is no such session that she may see.
    """
    session = _session(person_id, organisation_id, training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    return Asked(session, module, _refusal(person_id, session))


def has_evaluated(person_id: int, training_session_id: int) -> bool:
    """Say whether somebody has evaluated a session: one query."""
    found = _request(person_id, EvaluationRequest.training_session_id == training_session_id)
    return found is not None and found.has_answered


@one_transaction
def give_evaluation(person_id: int, organisation_id: int, training_session_id: int, answer: Answer) -> None:
    """Keep what somebody thinks of a session (S-7), and apart from it that she has answered.

    Raises:
        EvaluationRefused: it is not over, she was not there, or she has answered already.
        LookupError: there is no such session that she may see.
    """
    people.lock_persons([person_id])
    session = _session(person_id, organisation_id, training_session_id)
    if reason := _refusal(person_id, session):
        raise EvaluationRefused(reason)
    request = _request(person_id, EvaluationRequest.training_session_id == session.id) or EvaluationRequest(
        organisation_id=session.organisation_id,
        person_id=person_id,
        training_session_id=session.id,
        asked_at=clock.now(),
    )
    request.has_answered = True
    said = Evaluation(
        organisation_id=session.organisation_id,
        training_session_id=session.id,
        confidence_before=answer.confidence_before,
        confidence_after=answer.confidence_after,
        usefulness=answer.usefulness,
        will_change=answer.will_change,
    )
    db.session.add_all((request, said))


def later_question(person_id: int, code: str) -> tuple[str, Refusal | None]:
    """Return the title of the programme of which somebody is asked whether she has used it, and why she cannot answer.

    Raises:
        LookupError: she was not asked about such a programme.
    """
    request, programme = _asked_later(person_id, code)
    return programme.title, Refusal.ALREADY_GIVEN if request.has_answered else None


@one_transaction
def give_later_evaluation(person_id: int, code: str, used: Used, example: str) -> None:
    """Keep whether somebody has used what a programme taught.

    Raises:
        EvaluationRefused: she has answered already.
        LookupError: she was not asked about such a programme.
    """
    people.lock_persons([person_id])
    request, programme = _asked_later(person_id, code)
    if request.has_answered:
        raise EvaluationRefused(Refusal.ALREADY_GIVEN)
    request.has_answered = True
    said = LaterEvaluation(
        organisation_id=request.organisation_id, programme_id=programme.id, used=used, example=example
    )
    db.session.add(said)


def evaluations_waiting(person_id: int) -> Sequence[Waiting]:
    """List the evaluations for which somebody was asked and that she has not given, the newest first: one query."""
    wanted = (
        select(
            TrainingSession.id,
            TrainingSession.starts_at,
            Module.number_label,
            Module.title,
            Module.code,
            Programme.title,
            Programme.code,
        )
        .select_from(EvaluationRequest)
        .outerjoin(TrainingSession, TrainingSession.id == EvaluationRequest.training_session_id)
        .outerjoin(Module, Module.id == TrainingSession.module_id)
        .outerjoin(Programme, Programme.id == EvaluationRequest.programme_id)
        .where(
            EvaluationRequest.person_id == person_id,
            EvaluationRequest.has_answered.is_(False),
            EvaluationRequest.asked_at > clock.now() - LISTED_FOR,
        )
        .order_by(EvaluationRequest.id.desc())
    )
    found = []
    rows: Sequence[Any] = db.session.execute(wanted).all()
    for session_id, starts_at, label, title, code, programme, programme_code in rows:
        if session_id is None:
            found.append(Waiting(programme, None, f"/my/evaluations/{programme_code}"))
        else:
            words = ": ".join(part for part in (label, title) if part) or code
            found.append(Waiting(words, starts_at, f"/sessions/{session_id}/evaluation"))
    return found


def _session(person_id: int, organisation_id: int, training_session_id: int) -> SessionFacts:
    """Return a session that somebody may see. Raises LookupError."""
    session = timetable.find_session(training_session_id, organisation_id)
    if session is None or session.status != "published":
        raise LookupError(f"Person {person_id} sees no session {training_session_id}")
    return session


def _refusal(person_id: int, session: SessionFacts) -> Refusal | None:
    """Say why somebody cannot evaluate a session; None: she can."""
    return refusal_of(
        session.ends_at,
        clock.now(),
        was_there=was_there(person_id, session.id),
        has_answered=has_evaluated(person_id, session.id),
    )


def _request(person_id: int, about: ColumnElement[bool]) -> EvaluationRequest | None:
    """Return what somebody was asked about a session or a programme, read afresh."""
    wanted = select(EvaluationRequest).where(EvaluationRequest.person_id == person_id, about)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _asked_later(person_id: int, code: str) -> tuple[EvaluationRequest, Programme]:
    """Return what somebody was asked about a programme. Raises LookupError where she was not."""
    programme = db.session.scalars(select(Programme).where(Programme.code == code)).first()
    request = _request(person_id, EvaluationRequest.programme_id == programme.id) if programme else None
    if programme is None or request is None:
        raise LookupError(f"Person {person_id} was not asked about {code}")
    return request, programme
