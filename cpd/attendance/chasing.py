"""Asking about registers that were not closed: the facilitators on the next working day, the desk on the day after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from cpd.attendance.lists import left_open
from cpd.attendance.models import Register
from cpd.attendance.rules import chased_at
from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import day_words
from cpd.timetable import service as timetable
from cpd.timetable.bank_holidays import bank_holidays
from cpd.timetable.models import SessionDay, SessionFacilitator, TrainingSession


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to be asked about the register of one day."""

    person_id: int
    kind: str
    session_day_id: int
    training_session_id: int
    starts_at: datetime
    key: str

    @property
    def dedupe_key(self) -> str:
        """The name of the message in the outbox."""
        return f"{self.kind}:{self.key}:{self.person_id}"


def chase_open_registers() -> int:
    """Ask whoever must close a register; each is asked once. Returns how many messages that were."""
    due = _due()
    return _write({each.training_session_id for each in due}) if due else 0


@one_transaction
def _write(training_session_ids: Collection[int]) -> int:
    """Write the messages under the locks of their sessions, in one act, so that each person gets one mail."""
    timetable.lock_sessions(training_session_ids)
    due = [each for each in _due() if each.training_session_id in training_session_ids]
    sessions = {each.id: each for each in timetable.sessions_by_id({each.training_session_id for each in due})}
    modules = catalogue.modules_by_id({each.module_id for each in sessions.values()})
    for each in due:
        session = sessions[each.training_session_id]
        facts = {
            "module": modules[session.module_id].full_title,
            "register_of": day_words(each.starts_at, year=True),
            "path": f"/sessions/{session.id}/register?day={each.session_day_id}",
        }
        outbox.tell(session.organisation_id, each.person_id, each.kind, each.key, facts)
    return len(due)


def _due() -> list[Due]:
    """Find who is to be asked now: a fixed number of queries for each organisation."""
    rows = _open_registers(clock.now())
    facilitators = _facilitators({row.training_session_id for row in rows})
    officers = {
        each: [person.id for person in people.holders_of(each, Role.WORKFORCE_DEVELOPMENT)]
        for each in {row.organisation_id for row in rows}
    }
    due = [each for row in rows for each in _about(row, facilitators, officers)]
    known = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_([each.dedupe_key for each in due]))
    asked = set(db.session.scalars(known)) if due else set()
    return [each for each in due if each.dedupe_key not in asked]


@dataclass(frozen=True, slots=True)
class _OpenRegister:
    """A day that is over and whose register is open."""

    session_day_id: int
    training_session_id: int
    organisation_id: int
    starts_at: datetime
    reopened_at: datetime | None


def _open_registers(now: datetime) -> list[_OpenRegister]:
    """Read the days of the last two weeks to which somebody was to come, or did, and whose registers are open."""
    wanted = (
        select(
            SessionDay.id,
            TrainingSession.id,
            TrainingSession.organisation_id,
            SessionDay.starts_at,
            Register.reopened_at,
        )
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .outerjoin(Register, Register.session_day_id == SessionDay.id)
        .where(*left_open(now))
        .order_by(SessionDay.id)
    )
    return [_OpenRegister(*row) for row in db.session.execute(wanted)]


def _about(
    register: _OpenRegister, facilitators: Mapping[int, list[int]], officers: Mapping[int, list[int]]
) -> Iterator[Due]:
    """Say who is to be asked about one register; where no facilitator has an account, the desk is asked at once."""
    now, since = clock.now(), register.reopened_at or register.starts_at
    holidays: set[date] = {*bank_holidays(since.year), *bank_holidays(since.year + 1)}
    facilitating = facilitators.get(register.training_session_id, [])
    desk = officers[register.organisation_id]
    for kind, asked, working_days in (
        ("register_open", facilitating or desk, 1),
        ("register_still_open", desk if facilitating else [], 2),
    ):
        if now >= chased_at(since, working_days, holidays):
            key = f"day:{register.session_day_id}:{since.isoformat()}"
            for person_id in asked:
                yield Due(
                    person_id, kind, register.session_day_id, register.training_session_id, register.starts_at, key
                )


def _facilitators(training_session_ids: Collection[int]) -> dict[int, list[int]]:
    """Read who facilitates these sessions and has an account: one query."""
    wanted = select(SessionFacilitator.training_session_id, SessionFacilitator.person_id).where(
        SessionFacilitator.training_session_id.in_(training_session_ids)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for training_session_id, person_id in db.session.execute(wanted.order_by(SessionFacilitator.id)):
        found[training_session_id].append(person_id)
    return found
