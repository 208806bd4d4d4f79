"""Taking a timetable: all of it or nothing, each session known again by its reference or its module and start.

A changed row changes its session in place, so that what people have in their calendars moves along; a
session that the file does not name is listed and stays (AMB-28).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from cpd.catalogue.service import ProgrammeFacts
from cpd.people.models import Organisation
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.reading import key
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service
from cpd.timetable.models import Room, SessionDay, SessionFacilitator, TrainingSession
from cpd.timetable.planning import SAID_ONCE, Plan, PlannedDay, RowPlan, match_rows, plan, plan_matched
from cpd.timetable.reading import Note, ReadTimetable

RoomKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a timetable, or would come of it; with one refusal nothing is written and nothing counts.

    `rows` are what was understood of it, `absent` the programme's sessions that it does not name.
    `capacities` are the numbers of places to be changed (session id to number): bookings follow from those,
    so the floor above makes these changes, in the same unit of work.
    """

    rows: tuple[RowPlan, ...]
    held_back: tuple[Note, ...]
    refused: tuple[Note, ...]
    warnings: tuple[Note, ...]
    absent: tuple[str, ...]

    @property
    def sessions(self) -> int:
        """How many sessions were added."""
        return len(self._added)

    @property
    def session_days(self) -> int:
        """How many days the added sessions have together."""
        return sum(len(row.days) for row in self._added)

    @property
    def updated(self) -> int:
        """How many sessions were changed."""
        return sum(bool(row.changes) for row in self._taken)

    @property
    def unchanged(self) -> int:
        """How many sessions were there already as the file has them."""
        return len(self._taken) - self.sessions - self.updated

    @property
    def capacities(self) -> Mapping[int, int]:
        """The numbers of places that change, by session."""
        changed = [row for row in self._taken if row.session and "places" in row.changes]
        return {row.session.id: row.read.capacity or 0 for row in changed if row.session}

    @property
    def _taken(self) -> tuple[RowPlan, ...]:
        return () if self.refused else self.rows

    @property
    def _added(self) -> list[RowPlan]:
        return [row for row in self._taken if row.is_new]

    def __str__(self) -> str:
        """`38 sessions, 42 session days taken; 0 held back; 0 refused`, the last line of every import."""
        parts = [f"{self.sessions} sessions, {self.session_days} session days taken"]
        parts += [f"{self.updated} updated"] if self.updated else []
        parts += [f"{self.unchanged} unchanged"] if self.unchanged else []
        return "; ".join([*parts, f"{len(self.held_back)} held back", f"{len(self.refused)} refused"])


def import_timetable(
    programme: ProgrammeFacts, read: ReadTimetable, *, by: int | None, dry_run: bool = False, publish: bool = False
) -> Outcome:
    """Take a programme's timetable, in a number of queries that does not grow with its rows.

    Rows held back do not stop the others; one refused row means that nothing is written. New sessions are
    drafts unless `publish`, which also publishes those drafts that the file names. Numbers of places that
    change are for the floor above: see `Outcome.capacities`.
    """
    return _outcome(plan(programme, read, publish=publish)) if dry_run else _take(programme, read, by, publish)


@one_transaction
def _take(programme: ProgrammeFacts, read: ReadTimetable, by: int | None, publish: bool) -> Outcome:
    """Hold the organisation (one timetable at a time) and the sessions that are meant, then write what changes."""
    hold = select(Organisation.id).where(Organisation.id == programme.organisation_id)
    db.session.execute(hold.with_for_update(key_share=True)).all()
    matches, keys = match_rows(programme, read)
    held = service.lock_sessions([each.id for each in matches.found.values()])
    made = plan_matched(programme, read, matches, keys, publish=publish)
    if not made.refused:
        _write(programme, made, held, by, publish=publish)
    return _outcome(made)


def _outcome(made: Plan) -> Outcome:
    notes = (made.held_back, made.refused, made.warnings, made.absent)
    return Outcome(tuple(made.rows), *(tuple(each) for each in notes))  # type: ignore[arg-type]


def _write(
    programme: ProgrammeFacts, made: Plan, held: Mapping[int, TrainingSession], by: int | None, *, publish: bool
) -> None:
    """Write rooms, sessions and days, each kind in one go; then what was done, for history and the floors above."""
    rooms = _make_rooms(made.rows)
    new = [row for row in made.rows if row.is_new]
    changed = [(held[row.session.id], row) for row in made.rows if row.session and row.changes]
    _change_days([row for _, row in changed], rooms)
    added = _add_sessions(programme.organisation_id, new, "published" if publish else "draft")
    written = [*zip([each.id for each in added], new, strict=True), *((each.id, row) for each, row in changed)]
    _add_days(written, rooms)
    _link_facilitators(written)
    for training_session, row in zip(added, new, strict=True):
        after: dict[str, Any] = {
            "status": training_session.status,
            "days": _shown(row.days),
            "capacity": row.read.capacity,
        }
        after |= _linked(row)
        service.note_change(training_session, "imported", by=by, after=after)
    for training_session, row in changed:
        _change_session(training_session, row, by)


def _make_rooms(rows: Sequence[RowPlan]) -> dict[RoomKey, int]:
    """Make the rooms that a venue has not yet, and return their ids by venue and name."""
    named = {_room_key(day): day for row in rows for day in row.days if day.new_room}
    if not named:
        return {}
    venue_ids = {day.venue_id for day in named.values()}
    codes = select(Room.venue_id, Room.code).where(Room.venue_id.in_(venue_ids))
    taken = {(row.venue_id, row.code) for row in db.session.execute(codes)}
    values = []
    for day in named.values():
        code = _free_code(day, taken)
        taken.add((day.venue_id, code))
        values.append({"venue_id": day.venue_id, "code": code, "name": day.new_room, "other_names": []})
    ids = db.session.scalars(insert(Room).returning(Room.id, sort_by_parameter_order=True), values)
    return dict(zip(named, ids, strict=True))


def _free_code(day: PlannedDay, taken: set[RoomKey]) -> str:
    """Make a code from a room's name: `Lamesley Room` is `lamesley-room`, and a second one `lamesley-room-2`."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in day.new_room.casefold())
    code = "-".join(plain.split()) or "room"
    number = 1
    while (day.venue_id, code if number == 1 else f"{code}-{number}") in taken:
        number += 1
    return code if number == 1 else f"{code}-{number}"


def _add_sessions(organisation_id: int, rows: Sequence[RowPlan], status: str) -> Sequence[TrainingSession]:
    """Add the new sessions, and return them in the order of their rows."""
    now = clock.now()
    values = [
        {
            "organisation_id": organisation_id,
            "module_id": row.module.id,
            "session_ref": row.read.session_ref,
            "status": status,
            "capacity": row.read.capacity,
            "starts_at": row.days[0].starts_at,
            "ends_at": row.days[-1].ends_at,
            "created_at": now,
            "booking_opens_on": row.read.booking_opens,
            "booking_closes_on": row.read.booking_closes,
            "facilitator_names": row.read.facilitator or "",
        }
        for row in rows
    ]
    if not values:
        return ()
    added = insert(TrainingSession).returning(TrainingSession, sort_by_parameter_order=True)
    return db.session.scalars(added, values).all()


def _add_days(rows: Sequence[tuple[int, RowPlan]], rooms: Mapping[RoomKey, int]) -> None:
    """Add the days that are new, of new sessions and of changed ones."""
    values = [
        {"training_session_id": session_id, "raw": row.read.raw, **_day_values(day, rooms)}
        for session_id, row in rows
        for day in row.days
        if day.id is None
    ]
    if values:
        db.session.execute(insert(SessionDay), values)


def _link_facilitators(rows: Sequence[tuple[int, RowPlan]]) -> None:
    """Let those whom the file names facilitate, and nobody else, where it names somebody: two statements."""
    wanted = {session_id: row.facilitator_ids for session_id, row in rows if row.facilitator_ids is not None}
    values = [
        {"training_session_id": session_id, "person_id": each}
        for session_id, ids in wanted.items()
        for each in sorted(ids)
    ]
    if wanted:
        db.session.execute(delete(SessionFacilitator).where(SessionFacilitator.training_session_id.in_(wanted)))
    if values:
        db.session.execute(insert(SessionFacilitator), values)


def _change_days(rows: Sequence[RowPlan], rooms: Mapping[RoomKey, int]) -> None:
    """Change days in place, and take out those that fall away.

    All of them let go of their rooms first, for two sessions may exchange theirs.
    """
    removed = [day.id for row in rows for day in row.removed]
    changed = [
        {"id": day.id, "raw": row.read.raw, "holds_room": True, **_day_values(day, rooms)}
        for row in rows
        for day in row.days
        if day.id is not None
    ]
    gone = [{"id": day_id, "holds_room": False, "is_removed": True} for day_id in removed]
    let_go = [{"id": each["id"], "holds_room": False} for each in changed]
    for values in (let_go, gone, changed):
        if values:
            db.session.execute(update(SessionDay), values)


def _change_session(training_session: TrainingSession, row: RowPlan, by: int | None) -> None:
    """Change a session in place, but for its places, and say so."""
    before = {"status": training_session.status, "starts_at": training_session.starts_at.isoformat()}
    training_session.starts_at, training_session.ends_at = row.days[0].starts_at, row.days[-1].ends_at
    training_session.session_ref = row.read.session_ref or training_session.session_ref
    for said, column in SAID_ONCE.items():
        if (value := getattr(row.read, said)) is not None:
            setattr(training_session, column, value)
    if "published" in row.changes:
        training_session.status = "published"
    after: dict[str, Any] = {"status": training_session.status, "days": _shown(row.days), "changed": list(row.changes)}
    after |= _linked(row)
    service.note_change(training_session, "changed", by=by, before={**before, "was": row.was}, after=after)


def _day_values(day: PlannedDay, rooms: Mapping[RoomKey, int]) -> dict[str, Any]:
    """Give the columns of a day."""
    return {
        "starts_at": day.starts_at,
        "ends_at": day.ends_at,
        "venue_id": day.venue_id,
        "room_id": rooms[_room_key(day)] if day.new_room else day.room_id,
    }


def _room_key(day: PlannedDay) -> RoomKey:
    return day.venue_id, key(day.new_room)


def _linked(row: RowPlan) -> dict[str, Any]:
    """Give the accounts that facilitate as history keeps them, where the file names anybody."""
    return {} if row.facilitator_ids is None else {"facilitators": sorted(row.facilitator_ids)}


def _shown(days: Sequence[PlannedDay]) -> list[list[str]]:
    """Give days as history keeps them."""
    return [[day.starts_at.isoformat(), day.ends_at.isoformat()] for day in days]
