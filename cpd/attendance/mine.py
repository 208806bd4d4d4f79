"""What the registers of a session say of one person, for her own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists

from cpd.attendance.accepting import accepted_on
from cpd.attendance.completing import days_of
from cpd.attendance.models import EvaluationRequest, Mark
from cpd.attendance.presence import closed_throughout, counts_once_evaluated, presences, who_evaluated
from cpd.attendance.registers import MarkFacts, marks_of, registers_of
from cpd.attendance.rules import Outcome, outcome_of
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable import service as timetable
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.models import TrainingSession


@dataclass(frozen=True, slots=True)
class MyDay:
    """One day of a session for one person: her mark, if there is one, and whether it counts already."""

    day: DayFacts
    mark: MarkFacts | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MyAttendance:
    """What the registers say of somebody, day by day, and what that comes to (AMB-27).

    `accepted_by` and `reason` say who let it count all the same, and why, if somebody did; `lacks_evaluation` that
    it counts only once she has evaluated it (S-7), and `can_evaluate` that she can do so now.
    """

    outcome: Outcome
    days: Sequence[MyDay]
    accepted_by: str = ""
    reason: str = ""
    lacks_evaluation: bool = False
    can_evaluate: bool = False

    @property
    def days_attended(self) -> int:
        """On how many days she was there from beginning to end."""
        return sum(1 for each in self.days if each.mark and each.mark.status == "attended")


def my_attendance(person_id: int, session: SessionFacts, module: ModuleFacts) -> MyAttendance | None:
    """Return what the registers of a session say of a person; None where they do not speak of her.

    Two queries, one more where its module asks for evaluations, and two more where she has missed something.
    """
    registers = registers_of([day.id for day in session.days])
    marks = {key: mark for key, mark in marks_of(list(registers)).items() if key[1] == person_id}
    if not marks:
        return None
    [days] = days_of(session, registers, marks, [person_id]).values()
    mine = [MyDay(day, marks.get((day.id, person_id)), registers[day.id].is_closed) for day in session.days]
    lacks = module.asks_evaluation_of(session.ends_at) and person_id not in who_evaluated(session.id)
    outcome = outcome_of(days, module.completion_minutes, lacks_evaluation=lacks)
    accepted = accepted_on(session, module.code) if outcome is Outcome.NOT_COMPLETED else {}
    was_there = any(day.minutes_there for day in days) and session.ends_at <= clock.now()
    can_evaluate = lacks and was_there and outcome is not Outcome.NOT_COMPLETED
    return MyAttendance(outcome, mine, *accepted.get(person_id, ("", "")), lacks, can_evaluate)


def lacking_evaluation(person_id: int) -> dict[str, int]:
    """Say by module which session somebody attended that counts once she has evaluated it; of several the latest.

    One query where there can be none, else five.
    """
    evaluated = exists().where(
        EvaluationRequest.training_session_id == TrainingSession.id,
        EvaluationRequest.person_id == person_id,
        EvaluationRequest.has_answered.is_(True),
    )
    wanted = presences(TrainingSession.id, Mark.person_id).where(
        Mark.person_id == person_id,
        TrainingSession.status == "published",
        counts_once_evaluated(),
        closed_throughout(),
        ~evaluated,
    )
    possible = {row[0] for row in db.session.execute(wanted)}
    return _attended_all(person_id, timetable.sessions_by_id(possible)) if possible else {}


def _attended_all(person_id: int, sessions: Sequence[SessionFacts]) -> dict[str, int]:
    """Choose the sessions that only an evaluation keeps from being complete, in the order in which they begin."""
    modules = catalogue.modules_by_id({each.module_id for each in sessions})
    day_ids = [day.id for each in sessions for day in each.days]
    registers, marks = registers_of(day_ids), marks_of(day_ids)
    found = {}
    for session in sessions:
        module = modules[session.module_id]
        [days] = days_of(session, registers, marks, [person_id]).values()
        if outcome_of(days, module.completion_minutes) is Outcome.COMPLETED:
            found[module.code] = session.id
    return found
