"""Giving an evaluation: once for each session and programme, and apart from the name of whoever gives it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from cpd.attendance.completing import follow_registers
from cpd.attendance.evaluation.models import Evaluation, LaterEvaluation
from cpd.attendance.evaluation.rules import LISTED_FOR, Refusal, Used, refusal_of
from cpd.attendance.mine import lacking_evaluation
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.presence import counts_once_evaluated, was_there
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
    """A session that somebody evaluates; `refusal` says why she cannot, None that she can.

    `counts_then` is whether it counts for her once she has.
    """

    session: SessionFacts
    module: ModuleFacts
    refusal: Refusal | None
    counts_then: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An evaluation that waits for somebody: of what, when that was (a programme has no such moment), and where.

    `counts_then` is whether the session counts for her once she has given it.
    """

    title: str
    starts_at: datetime | None
    path: str
    counts_then: bool = False


def evaluation_asked(person_id: int, organisation_id: int, training_session_id: int) -> Asked:
    """Return a session as somebody evaluates it.

    Raises:
        LookupError: there is no such session that she may see.
    """
    session = _session(person_id, organisation_id, training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    counts_then = module.asks_evaluation_of(session.ends_at) and session.id in lacking_evaluation(person_id).values()
    return Asked(session, module, _refusal(person_id, session), counts_then)


def has_evaluated(person_id: int, training_session_id: int) -> bool:
    """Say whether somebody has evaluated a session: one query."""
    found = _request(person_id, EvaluationRequest.training_session_id == training_session_id)
    return found is not None and found.has_answered


@one_transaction
def give_evaluation(person_id: int, organisation_id: int, training_session_id: int, answer: Answer) -> None:
    """Keep what somebody thinks of a session (S-7), and apart from it that she has answered.

    Where its module asks for that, the session counts for her from now on, if she was there for all of it.

    Raises:
        EvaluationRefused: it is not over, she was not there, or she has answered already.
        LookupError: there is no such session that she may see.
    """
    training_session = timetable.lock_sessions([training_session_id], organisation_id)[training_session_id]
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
    db.session.flush()
    if catalogue.modules_by_id([session.module_id])[session.module_id].asks_evaluation_of(session.ends_at):
        follow_registers(training_session, by=person_id, only=person_id)


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
    """List the evaluations for which somebody was asked and that she has not given, the newest first.

    What counts only once she has is among them for as long as she has not. One query where nothing of that kind
    can wait, else a few more.
    """
    rows: Sequence[Any] = db.session.execute(_open_requests(person_id)).all()
    lacking = lacking_evaluation(person_id).values() if any(row.counts_once_evaluated for row in rows) else ()
    since = clock.now() - LISTED_FOR
    return [_waiting(row, lacking) for row in rows if row.asked_at > since or row.session_id in lacking]


def _open_requests(person_id: int) -> Select[*tuple[Any, ...]]:
    """Ask for what somebody has not answered yet, as far as it can still be listed."""
    counts = counts_once_evaluated()
    return (
        select(
            EvaluationRequest.asked_at,
            TrainingSession.id.label("session_id"),
            TrainingSession.starts_at,
            Module,
            Programme,
            counts.label("counts_once_evaluated"),
        )
        .select_from(EvaluationRequest)
        .outerjoin(TrainingSession, TrainingSession.id == EvaluationRequest.training_session_id)
        .outerjoin(Module, Module.id == TrainingSession.module_id)
        .outerjoin(Programme, Programme.id == EvaluationRequest.programme_id)
        .where(
            EvaluationRequest.person_id == person_id,
            EvaluationRequest.has_answered.is_(False),
            or_(EvaluationRequest.asked_at > clock.now() - LISTED_FOR, counts),
        )
        .order_by(EvaluationRequest.id.desc())
    )


def _waiting(row: Any, lacking: Collection[int]) -> Waiting:
    """Put one request into words."""
    if row.session_id is None:
        return Waiting(row.Programme.title, None, f"/my/evaluations/{row.Programme.code}")
    path = f"/sessions/{row.session_id}/evaluation"
    return Waiting(row.Module.full_title, row.starts_at, path, row.session_id in lacking)


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
