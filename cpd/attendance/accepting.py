"""Counting a module as complete although part of it was missed: Workforce Development says so, and why (AMB-27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cpd.attendance.completing import accepted_kind_of, completion_of, outcomes_of, said_of
from cpd.attendance.marking import RegisterRefused
from cpd.attendance.registers import RegisterPage
from cpd.attendance.rules import DayMark, Outcome, Refusal, faults_of_accepting
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.record import service as record
from cpd.shared import clock, outbox
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class NotComplete:
    """Somebody whom the closed registers of a session leave incomplete, and why it counts all the same, if it does."""

    person_id: int
    name: str
    days_attended: int
    days_in_all: int
    was_there: bool
    accepted_by: str = ""
    reason: str = ""


@one_transaction
def accept_as_complete(training_session_id: int, person_id: int, *, by: int, reason: str) -> None:
    """Let a session count for somebody although she missed part of it; she is told. Twice changes nothing.

    Raises:
        RegisterRefused: a register is open, she was never there or has completed it, or no reason; every reason.
        LookupError: there is no such session.
    """
    session = _held(training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    registers, _, days = said_of(session)
    people.lock_persons([person_id])
    faults = faults_of_accepting(
        days.get(person_id, ()),
        outcomes_of(session, days, module).get(person_id),
        all_closed=all(each.is_closed for each in registers.values()),
        reason=reason,
    )
    if faults:
        raise RegisterRefused(*faults)
    kind = accepted_kind_of(session.id)
    if person_id in record.said_by(kind, module.code):
        return
    said = replace(
        completion_of(person_id, session, module), source_kind=kind, source=reason.strip(), accepted_by_id=by
    )
    record.add_fact(said, by=by)
    _tell("accepted_as_complete", person_id, session, module, reason)


@one_transaction
def withdraw_acceptance(training_session_id: int, person_id: int, *, by: int, reason: str) -> None:
    """Take it back that a session counts for somebody all the same; she is told, and what rests on it is looked at.

    Raises:
        RegisterRefused: no reason, or it does not count by anybody's acceptance.
        LookupError: there is no such session.
    """
    session = _held(training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    people.lock_persons([person_id])
    accepted = record.said_by(accepted_kind_of(session.id), module.code).get(person_id)
    refused = {Refusal.NO_REASON: not reason.strip(), Refusal.NOT_ACCEPTED: accepted is None}
    if accepted is None or not reason.strip():
        raise RegisterRefused(*(fault for fault, holds in refused.items() if holds))
    record.withdraw_facts([accepted[0]], by=by, reason=reason.strip())
    _tell("acceptance_withdrawn", person_id, session, module, reason)


def accepted_on(session: SessionFacts, module_code: str) -> dict[int, tuple[str, str]]:
    """Say for whom a session counts all the same: by person who accepted it, and why. Two queries."""
    said = record.said_by(accepted_kind_of(session.id), module_code)
    accepting = people.persons_by_id({each.accepted_by_id for _, each in said.values() if each.accepted_by_id})
    return {
        person_id: (accepting[each.accepted_by_id].name if each.accepted_by_id else "", each.source)
        for person_id, (_, each) in said.items()
    }


def not_complete_on(page: RegisterPage) -> Sequence[NotComplete]:
    """List whom the registers of a session leave incomplete, once all of them are closed: a fixed number of queries."""
    if not all(each.is_closed for each in page.registers.values()):
        return []
    _, _, days = said_of(page.session)
    outcomes = outcomes_of(page.session, days, page.module)
    accepted = accepted_on(page.session, page.module.code)
    return [
        _not_complete(row.who.person_id, row.who.name, days[row.who.person_id], accepted)
        for row in page.rows
        if outcomes.get(row.who.person_id) is Outcome.NOT_COMPLETED
    ]


def _held(training_session_id: int) -> SessionFacts:
    return timetable.facts_of(timetable.lock_sessions([training_session_id])[training_session_id])


def _not_complete(
    person_id: int, name: str, days: Sequence[DayMark], accepted: Mapping[int, tuple[str, str]]
) -> NotComplete:
    """Put one person together."""
    attended = sum(1 for day in days if day.minutes_there == day.length)
    by, reason = accepted.get(person_id, ("", ""))
    return NotComplete(person_id, name, attended, len(days), any(day.minutes_there for day in days), by, reason)


def _tell(kind: str, person_id: int, session: SessionFacts, module: ModuleFacts, reason: str) -> None:
    """Tell her that it counts all the same, or no longer does."""
    facts = {
        "module": module.full_title,
        "module_code": module.code,
        "path": f"/sessions/{session.id}",
        "reason": reason.strip(),
    }
    outbox.tell(session.organisation_id, person_id, kind, f"session:{session.id}:{clock.real_now().isoformat()}", facts)
