"""Registers, and what stands on records because of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from cpd.attendance.completing import (
    ATTENDED,
    accepted_kind_of,
    completion_of,
    outcomes_of,
    said_of,
    source_kind_of,
)
from cpd.attendance.models import Mark, Register
from cpd.attendance.rules import Outcome
from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.commands.checks.check import Check, rows_in
from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import SessionDay


def wrong_completions() -> Iterator[str]:
    """Find completions without evidence in the registers, and those that the registers have and no record has.

    While a register is open again, what it completed stands.
    """
    for session, module in _sessions_with_registers():
        registers, _, days = said_of(session)
        outcomes = outcomes_of(session, days, module)
        written = record.said_by(source_kind_of(session.id), module.code)
        is_reopened = any(each.reopened_at and not each.is_closed for each in registers.values())
        for person_id in sorted(outcomes.keys() | written.keys()):
            has, said = outcomes.get(person_id), written.get(person_id)
            if has is Outcome.COMPLETED and (said is None or said[1] != completion_of(person_id, session, module)):
                yield f"person {person_id} completed session {session.id} by its registers, and the record lacks it"
            elif said is not None and has is not Outcome.COMPLETED and not is_reopened:
                yield f"person {person_id} has a completion by session {session.id} that its registers do not bear out"
        for person_id in sorted(record.said_by(accepted_kind_of(session.id), module.code)):
            if outcomes.get(person_id) is Outcome.COMPLETED:
                yield f"person {person_id} completed session {session.id} by its registers and by acceptance: twice"


def completions_of_no_register() -> Iterator[str]:
    """Find completions by the registers of a session that has none, or by acceptance of them."""
    sessions = [session.id for session, _ in _sessions_with_registers()]
    known = {kind(each) for each in sessions for kind in (source_kind_of, accepted_kind_of)}
    wanted = select(RecordFact.id, RecordFact.source_kind).where(
        or_(RecordFact.source_kind.startswith("register:"), RecordFact.source_kind.startswith("accepted:")),
        RecordFact.superseded_at.is_(None),
    )
    for fact_id, source_kind in db.session.execute(wanted.order_by(RecordFact.id)):
        if source_kind not in known:
            yield f"fact {fact_id} comes from {source_kind}, and there is no such register"


def wrong_bookings() -> Iterator[str]:
    """Find bookings that say something else of their person than the closed registers do."""
    for session, module in _sessions_with_registers():
        registers, _, days = said_of(session)
        if any(each.reopened_at and not each.is_closed for each in registers.values()):
            continue
        outcomes = outcomes_of(session, days, module)
        wanted = select(Booking.id, Booking.person_id, Booking.attended).where(
            Booking.training_session_id == session.id, Booking.status == Status.CONFIRMED
        )
        for booking_id, person_id, attended in db.session.execute(wanted.order_by(Booking.id)):
            if attended is not ATTENDED[outcomes[person_id]]:
                yield f"booking {booking_id} says attended: {attended}, its registers say {outcomes[person_id]}"


def forked_marks() -> Iterator[str]:
    """Find people for whom more than one mark of a register is in force."""
    superseded = select(Mark.supersedes_id).where(Mark.supersedes_id.is_not(None))
    rows = db.session.execute(
        select(Mark.register_id, Mark.person_id, func.count())
        .where(Mark.id.not_in(superseded))
        .group_by(Mark.register_id, Mark.person_id)
        .having(func.count() > 1)
    )
    for register_id, person_id, count in rows:
        yield f"person {person_id} has {count} marks in force in register {register_id}"


def _sessions_with_registers() -> Iterator[tuple[SessionFacts, ModuleFacts]]:
    """Read the sessions of which a register was kept, each with its module."""
    wanted = select(SessionDay.training_session_id).join(Register, Register.session_day_id == SessionDay.id)
    sessions = timetable.sessions_by_id(set(db.session.scalars(wanted)))
    modules = catalogue.modules_by_id({each.module_id for each in sessions})
    for each in sessions:
        yield each, modules[each.module_id]


CHECKS = (
    Check("completions", wrong_completions, rows_in(Register), "registers"),
    Check("sources of completions", completions_of_no_register, rows_in(RecordFact), "facts"),
    Check("bookings and registers", wrong_bookings, rows_in(Booking), "bookings"),
    Check("marks", forked_marks, rows_in(Mark), "marks"),
)
