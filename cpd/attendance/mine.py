"""What the registers of a session say of one person, for her own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpd.attendance.accepting import accepted_on
from cpd.attendance.completing import days_of
from cpd.attendance.registers import MarkFacts, marks_of, registers_of
from cpd.attendance.rules import Outcome, outcome_of
from cpd.catalogue.service import ModuleFacts
from cpd.timetable.facts import DayFacts, SessionFacts


@dataclass(frozen=True, slots=True)
class MyDay:
    """One day of a session for one person: her mark, if there is one, and whether it counts already."""

    day: DayFacts
    mark: MarkFacts | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MyAttendance:
    """What the registers say of somebody, day by day, and what that comes to (AMB-27).

    `accepted_by` and `reason` say who let it count all the same, and why, if somebody did.
    """

    outcome: Outcome
    days: Sequence[MyDay]
    accepted_by: str = ""
    reason: str = ""

    @property
    def days_attended(self) -> int:
        """On how many days she was there from beginning to end."""
        return sum(1 for each in self.days if each.mark and each.mark.status == "attended")


def my_attendance(person_id: int, session: SessionFacts, module: ModuleFacts) -> MyAttendance | None:
    """Return what the registers of a session say of a person; None where they do not speak of her.

    Two queries, and two more where she has missed something.
    """
    registers = registers_of([day.id for day in session.days])
    marks = {key: mark for key, mark in marks_of(list(registers)).items() if key[1] == person_id}
    if not marks:
        return None
    [days] = days_of(session, registers, marks, [person_id]).values()
    mine = [MyDay(day, marks.get((day.id, person_id)), registers[day.id].is_closed) for day in session.days]
    outcome = outcome_of(days, module.completion_minutes)
    accepted = accepted_on(session, module.code) if outcome is Outcome.NOT_COMPLETED else {}
    return MyAttendance(outcome, mine, *accepted.get(person_id, ("", "")))
