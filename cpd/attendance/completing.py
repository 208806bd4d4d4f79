"""What closed registers come to: completions on people's records, bookings that were not kept, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cpd.attendance.presence import closed_throughout, who_evaluated
from cpd.attendance.registers import MarkFacts, RegisterFacts, expected_on, marks_of, registers_of
from cpd.attendance.rules import AttendanceStatus, DayMark, Outcome, length_of, outcome_of
from cpd.booking.outcomes import note_outcomes
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.shared import clock, outbox
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.wording import and_words, date_words, day_words
from cpd.timetable import service as timetable
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.models import TrainingSession

ATTENDED = {Outcome.OPEN: None, Outcome.NOT_EVALUATED: None, Outcome.COMPLETED: True, Outcome.NOT_COMPLETED: False}
"""What a booking says of each outcome; as long as it says nothing yet, what rests on it has not lost its basis."""

ALL_OF_IT = (Outcome.COMPLETED, Outcome.NOT_EVALUATED)
"""The outcomes of whoever was there for all that is asked."""

SAID_OF = {AttendanceStatus.ATTENDED: "attended", AttendanceStatus.PART_ATTENDED: "in_part"}
"""How a message counts a day, by its mark; all others were missed."""

WITHOUT_HER = "The register was closed without her"
BY_ITSELF = "By the registers it is complete now without anybody's decision"

Marks = Mapping[tuple[int, int], MarkFacts]
T = TypeVar("T")


def source_kind_of(training_session_id: int) -> str:
    """Name the registers of a session as the source of a fact."""
    return f"register:{training_session_id}"


def accepted_kind_of(training_session_id: int) -> str:
    """Name, as the source of a fact, that somebody accepted a session as complete all the same (AMB-27)."""
    return f"accepted:{training_session_id}"


def follow_registers(
    training_session: TrainingSession, *, by: int | None, reason: str = "", only: int | None = None
) -> None:
    """Bring records and bookings into line with the closed registers of a locked session, and tell whom it changes.

    A fixed number of queries for the reading, whatever the people; `reason` is that of a correction. With `only`,
    nobody else's record is touched.
    """
    session = timetable.facts_of(training_session)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    registers, marks, days = said_of(session)
    outcomes = _about(only, outcomes_of(session, days, module))
    written = _about(only, record.said_by(source_kind_of(session.id), module.code))
    people.lock_persons(outcomes.keys() | written.keys())
    _end_acceptances(session, module, outcomes, by=by)
    withdrawn = _keep_records(session, module, outcomes, written, by=by, reason=reason or WITHOUT_HER)
    changed = note_outcomes(session.id, {each: ATTENDED[outcome] for each, outcome in outcomes.items()})
    missed = {each for each, (booking, _) in changed.items() if booking.attended is False and _is_told(booking, days)}
    again = {each for each, (_, before) in changed.items() if before is False and outcomes[each] in ALL_OF_IT}
    news = _news_of(session.id, outcomes, days)
    for kind, person_ids in (("not_complete", missed | withdrawn | news[0]), ("complete_after_all", again | news[1])):
        for person_id in sorted(person_ids):
            _tell(kind, person_id, session, module, marks, registers, reason=reason, outcome=outcomes.get(person_id))


def follow_rules(_session: Session, module_ids: Collection[int]) -> None:
    """Complete what waited only for an evaluation, on modules that ask for none any more (S-7)."""
    wanted = select(TrainingSession.id).where(TrainingSession.module_id.in_(module_ids), closed_throughout())
    for training_session in timetable.lock_sessions(set(db.session.scalars(wanted))).values():
        follow_registers(training_session, by=None)


def _about(only: int | None, found: dict[int, T]) -> dict[int, T]:
    """Leave out everybody else, where only one person is meant."""
    return found if only is None else {each: what for each, what in found.items() if each == only}


def said_of(session: SessionFacts) -> tuple[dict[int, RegisterFacts], Marks, dict[int, list[DayMark]]]:
    """Read all that the registers of a session say: registers by day, marks, and each person's days. Three queries."""
    day_ids = [day.id for day in session.days]
    registers, marks = registers_of(day_ids), marks_of(day_ids)
    person_ids = expected_on([session.id]).get(session.id, {}).keys() | {person_id for _, person_id in marks}
    return registers, marks, days_of(session, registers, marks, person_ids)


def outcomes_of(
    session: SessionFacts, days: Mapping[int, Sequence[DayMark]], module: ModuleFacts
) -> dict[int, Outcome]:
    """Say what each person's days come to by the module's rule: one query where it asks for evaluations, else none."""
    is_asked = module.asks_evaluation_of(session.ends_at)
    evaluated = who_evaluated(session.id) if is_asked else set()
    return {
        person_id: outcome_of(each, module.completion_minutes, lacks_evaluation=is_asked and person_id not in evaluated)
        for person_id, each in days.items()
    }


def days_of(
    session: SessionFacts, registers: Mapping[int, RegisterFacts], marks: Marks, person_ids: Collection[int]
) -> dict[int, list[DayMark]]:
    """Give each person's marks day by day, as the rule takes them."""
    return {
        person_id: [_day_mark(day, registers[day.id], marks.get((day.id, person_id))) for day in session.days]
        for person_id in person_ids
    }


def completion_of(person_id: int, session: SessionFacts, module: ModuleFacts) -> FactSaid:
    """Say that somebody has completed a module by the registers of a session: on its last day (AMB-27)."""
    words = and_words(dict.fromkeys(date_words(day.starts_at) for day in session.days))
    several = len({in_london(day.starts_at).date() for day in session.days}) > 1
    return FactSaid(
        person_id=person_id,
        kind=FactKind.COMPLETED,
        subject=module.code,
        happened_on=in_london(session.ends_at).date(),
        happened_at=session.ends_at,
        source_kind=source_kind_of(session.id),
        source=f"{'registers' if several else 'register'} of {words}",
    )


def _day_mark(day: DayFacts, register: RegisterFacts, mark: MarkFacts | None) -> DayMark:
    """Put one person's day together."""
    return DayMark(
        length_of(day.starts_at, day.ends_at),
        register.is_closed,
        mark.status if mark else None,
        mark.minutes if mark else None,
    )


def _keep_records(
    session: SessionFacts,
    module: ModuleFacts,
    outcomes: Mapping[int, Outcome],
    written: Mapping[int, tuple[int, FactSaid]],
    *,
    by: int | None,
    reason: str,
) -> set[int]:
    """Add, correct and withdraw completions until the records say what the registers say; returns whose was withdrawn.

    While a register is open again, what it completed stands.
    """
    done = [completion_of(each, session, module) for each, got in outcomes.items() if got is Outcome.COMPLETED]
    record.add_facts([said for said in done if said.person_id not in written], by=by)
    other = [(written[said.person_id][0], said) for said in done if written.get(said.person_id, (0, said))[1] != said]
    record.correct_facts(other, by=by, reason=reason)
    withdrawn = {each for each in written if outcomes.get(each) not in (Outcome.COMPLETED, Outcome.OPEN)}
    record.withdraw_facts([written[each][0] for each in sorted(withdrawn)], by=by, reason=reason)
    return withdrawn


def _end_acceptances(
    session: SessionFacts, module: ModuleFacts, outcomes: Mapping[int, Outcome], *, by: int | None
) -> None:
    """End what somebody accepted where the registers now say the same by themselves, so that nothing counts twice."""
    accepted = record.said_by(accepted_kind_of(session.id), module.code)
    ended = [accepted[each][0] for each in sorted(accepted) if outcomes.get(each) is Outcome.COMPLETED]
    record.withdraw_facts(ended, by=by, reason=BY_ITSELF)


def _news_of(
    training_session_id: int, outcomes: Mapping[int, Outcome], days: Mapping[int, list[DayMark]]
) -> tuple[set[int], set[int]]:
    """Find who was there and must hear that it is not complete, and who that it is after all: one query.

    A booking knows what it said before; of whoever came without one only what she was told last is known.
    """
    starts = [f"{kind}:session:{training_session_id}:" for kind in ("not_complete", "complete_after_all")]
    wanted = (
        select(OutboxMessage.person_id, OutboxMessage.kind)
        .where(or_(*(OutboxMessage.dedupe_key.startswith(each, autoescape=True) for each in starts)))
        .order_by(OutboxMessage.id)
    )
    told = {row[0]: row[1] for row in db.session.execute(wanted)}
    there = {each for each in outcomes if any(day.minutes_there for day in days[each])}
    missed = {each for each in there if outcomes[each] is Outcome.NOT_COMPLETED and told.get(each) != "not_complete"}
    again = {each for each in there if outcomes[each] in ALL_OF_IT and told.get(each) == "not_complete"}
    return missed, again


def _is_told(booking: Any, days: Mapping[int, list[DayMark]]) -> bool:
    """Say whether somebody hears that it is not complete: not who only had a drop-in in her diary and stayed away."""
    return bool(booking.takes_place or any(day.minutes_there for day in days[booking.person_id]))


def _tell(
    kind: str,
    person_id: int,
    session: SessionFacts,
    module: ModuleFacts,
    marks: Marks,
    registers: Mapping[int, RegisterFacts],
    *,
    reason: str,
    outcome: Outcome | None,
) -> None:
    """Tell somebody what the registers say of her."""
    facts = {
        "module": module.full_title,
        "module_code": module.code,
        "path": f"/sessions/{session.id}",
        "days_in_all": len(session.days),
        "reason": reason,
        "lacks_evaluation": outcome is Outcome.NOT_EVALUATED,
        **_days_by_mark(person_id, session, marks, registers),
    }
    key = f"session:{session.id}:{clock.real_now().isoformat()}"
    outbox.tell(session.organisation_id, person_id, kind, key, facts)


def _days_by_mark(
    person_id: int, session: SessionFacts, marks: Marks, registers: Mapping[int, RegisterFacts]
) -> dict[str, list[str]]:
    """Name the days whose registers are closed: those she attended, attended in part, and missed."""
    by_mark: dict[str, list[str]] = {"attended": [], "in_part": [], "missed": []}
    for day in session.days:
        mark = marks.get((day.id, person_id))
        if registers[day.id].is_closed:
            how = SAID_OF.get(mark.status, "missed") if mark else "missed"
            by_mark[how].append(day_words(day.starts_at))
    return by_mark
