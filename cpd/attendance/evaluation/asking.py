"""Asking for evaluations: when the registers of a session are closed, and months after a programme's last module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select, tuple_

from cpd.attendance.completing import outcomes_of, said_of
from cpd.attendance.evaluation.rules import ASKED_WITHIN, finished_between
from cpd.attendance.models import EvaluationRequest, Mark
from cpd.attendance.presence import closed_throughout, counts_once_evaluated, facts_afterwards, presences
from cpd.attendance.rules import Outcome
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.people import service as people
from cpd.people.models import Person
from cpd.record import service as record
from cpd.record.facts import OF_MODULES
from cpd.record.models import RecordFact
from cpd.requirements.evaluator import standing_of
from cpd.requirements.language import AllOf, Completed
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession


@dataclass(frozen=True, slots=True)
class Finished:
    """That somebody finished a programme some months ago, and is to be asked about it."""

    person_id: int
    programme: ProgrammeFacts


def ask_for_evaluations() -> int:
    """Ask whoever was at a session whose registers are closed what she thinks of it; each once. Returns how many.

    Who was asked and, by a correction, was not there after all is asked no more.
    """
    corrected = db.session.execute(_asked_wrongly()).all()
    due = {row[0] for row in (*db.session.execute(_due()), *corrected)}
    return _ask(due) if due else 0


@one_transaction
def _ask(training_session_ids: Collection[int]) -> int:
    """Ask under the locks of the sessions, in one act, so that each person gets one mail."""
    timetable.lock_sessions(training_session_ids)
    wrong = [row[1] for row in db.session.execute(_asked_wrongly()) if row[0] in training_session_ids]
    db.session.execute(delete(EvaluationRequest).where(EvaluationRequest.id.in_(wrong)))
    due = [row for row in db.session.execute(_due()) if row[0] in training_session_ids]
    sessions = {each.id: each for each in timetable.sessions_by_id({row[0] for row in due})}
    modules = catalogue.modules_by_id({each.module_id for each in sessions.values()})
    lacking = {each.id: _lacking(each, modules[each.module_id]) for each in sessions.values()}
    for session_id, person_id in sorted(due):
        session = sessions[session_id]
        _note(session.organisation_id, person_id, training_session_id=session_id)
        facts = facts_afterwards(session, modules[session.module_id])
        facts["counts_then"] = person_id in lacking[session_id]
        outbox.tell(session.organisation_id, person_id, "evaluation", f"session:{session_id}", facts)
    return len(due)


def _lacking(session: SessionFacts, module: ModuleFacts) -> set[int]:
    """Find for whom a session counts once she has evaluated it; nothing is asked where no module needs that."""
    if not module.asks_evaluation_of(session.ends_at):
        return set()
    _, _, days = said_of(session)
    outcomes = outcomes_of(session, days, module)
    return {each for each, outcome in outcomes.items() if outcome is Outcome.NOT_EVALUATED}


def ask_whether_used() -> int:
    """Ask who finished a programme three months ago whether she has used it; each once. Returns how many."""
    return _ask_later() if _finished() else 0


@one_transaction
def _ask_later() -> int:
    """Ask under the locks of the people."""
    people.lock_persons({each.person_id for each in _finished()})
    due = _finished()
    for each in due:
        organisation_id = each.programme.organisation_id
        _note(organisation_id, each.person_id, programme_id=each.programme.id)
        facts = {"programme": each.programme.title, "code": each.programme.code}
        outbox.tell(organisation_id, each.person_id, "evaluation_later", f"programme:{each.programme.id}", facts)
    return len(due)


def _note(organisation_id: int, person_id: int, **about: int) -> None:
    """Write down that somebody is asked."""
    request = EvaluationRequest(organisation_id=organisation_id, person_id=person_id, asked_at=clock.now(), **about)
    db.session.add(request)


def _due() -> Select[*tuple[Any, ...]]:
    """Ask for sessions and people who were there and have not been asked, as long as it is not long ago."""
    asked = exists().where(
        EvaluationRequest.training_session_id == TrainingSession.id, EvaluationRequest.person_id == Mark.person_id
    )
    return presences(TrainingSession.id, Mark.person_id).where(*_lately_closed(), ~asked)


def _asked_wrongly() -> Select[*tuple[Any, ...]]:
    """Ask for sessions and requests to people who were not there, as the registers say now, and have not answered."""
    there = presences(TrainingSession.id, Mark.person_id)
    return (
        select(TrainingSession.id, EvaluationRequest.id)
        .join(TrainingSession, TrainingSession.id == EvaluationRequest.training_session_id)
        .where(
            *_lately_closed(),
            EvaluationRequest.has_answered.is_(False),
            tuple_(EvaluationRequest.training_session_id, EvaluationRequest.person_id).not_in(there),
        )
    )


def _lately_closed() -> tuple[Any, ...]:
    """Choose sessions whose registers are closed and that are over since a short while, or wait to be evaluated."""
    now = clock.now()
    return (
        TrainingSession.status == "published",
        TrainingSession.ends_at <= now,
        or_(TrainingSession.ends_at > now - ASKED_WITHIN, counts_once_evaluated()),
        closed_throughout(),
    )


def _finished() -> list[Finished]:
    """Find who finished a programme three months ago and has not been asked about it: a few queries per council."""
    first, last = finished_between(clock.today())
    lately = (
        select(Person.organisation_id, Person.id)
        .join(RecordFact, RecordFact.person_id == Person.id)
        .where(
            RecordFact.happened_on.between(first, last),
            RecordFact.kind.in_(OF_MODULES),
            RecordFact.superseded_at.is_(None),
        )
        .distinct()
        .order_by(Person.organisation_id, Person.id)
    )
    rows = db.session.execute(lately).all()
    asked = _asked_about_programmes({row[1] for row in rows})
    found = []
    for organisation_id, group in groupby(rows, key=lambda row: row[0]):
        programmes = catalogue.programmes_of([organisation_id])
        found += _finishing([row[1] for row in group], programmes, first, last)
    return [each for each in found if (each.person_id, each.programme.id) not in asked]


def _finishing(
    person_ids: Sequence[int], programmes: Iterable[ProgrammeFacts], first: date, last: date
) -> list[Finished]:
    """Say who of these people finished which programme between two days."""
    records = record.records_of(person_ids, clock.today())
    goals = [(each, AllOf(tuple(Completed(code) for code in each.duties))) for each in programmes]
    return [
        Finished(person_id, programme)
        for person_id in person_ids
        for programme, goal in goals
        if (met_on := standing_of(goal, records[person_id], clock.today()).met_on) and first <= met_on <= last
    ]


def _asked_about_programmes(person_ids: Collection[int]) -> set[tuple[int, int]]:
    """Read who of these people was asked about which programme."""
    wanted = select(EvaluationRequest.person_id, EvaluationRequest.programme_id).where(
        EvaluationRequest.person_id.in_(person_ids), EvaluationRequest.programme_id.is_not(None)
    )
    return {(person_id, programme_id or 0) for person_id, programme_id in db.session.execute(wanted)}
