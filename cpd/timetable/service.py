"""Acts on the timetable, and reading it in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from cpd.shared import history
from cpd.shared.database import LARGEST_ID, UtcDateTime, db
from cpd.shared.unit_of_work import one_transaction, publish
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.models import Room, SessionDay, SessionFacilitator, SessionOpening, TrainingSession, Venue

SESSION_COLUMNS = (
    TrainingSession.id,
    TrainingSession.organisation_id,
    TrainingSession.module_id,
    TrainingSession.status,
    TrainingSession.capacity,
    TrainingSession.capacity_invented,
    TrainingSession.places_taken,
    TrainingSession.booking_opens_on,
    TrainingSession.booking_closes_on,
    TrainingSession.starts_at,
    TrainingSession.ends_at,
    TrainingSession.facilitator_names,
    TrainingSession.note,
    TrainingSession.created_at,
)
DAY_COLUMNS: tuple[Any, ...] = (
    SessionDay.id,
    SessionDay.starts_at,
    SessionDay.ends_at,
    func.coalesce(Venue.name, ""),
    func.coalesce(Room.name, ""),
    SessionDay.is_online,
    SessionDay.venue_id,
)
IN_ORDER = (TrainingSession.starts_at, TrainingSession.id)
MOST_REMEMBERED = 4096


def lock_sessions(training_session_ids: Collection[int], seen_by: int | None = None) -> dict[int, TrainingSession]:
    """Hold sessions until the act is over, lowest id first, and read them afresh.

    Raises:
        LookupError: one of them does not exist, or the organisation `seen_by` may not see it.
    """
    wanted = (
        select(TrainingSession)
        .where(TrainingSession.id.in_([each for each in training_session_ids if 0 < each <= LARGEST_ID]))
        .where(visible_to(seen_by) if seen_by is not None else true())
        .order_by(TrainingSession.id)
        .with_for_update(of=TrainingSession)
        .execution_options(populate_existing=True)
    )
    found = {each.id: each for each in db.session.scalars(wanted)}
    if missing := set(training_session_ids) - found.keys():
        raise LookupError(f"There is no session {min(missing)}")
    return found


def sessions_where(*conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0) -> list[SessionFacts]:
    """Read sessions in the order in which they begin: one query whatever their number."""
    return _read_page(_page_where(conditions, limit, offset))[0]


def visible_to(organisation_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Say which sessions an organisation's people may see: its own and those opened to it (W-18, S-4)."""
    opened = exists().where(
        SessionOpening.training_session_id == TrainingSession.id, SessionOpening.organisation_id == organisation_id
    )
    return or_(TrainingSession.organisation_id == organisation_id, opened)


def find_session(training_session_id: int, organisation_id: int) -> SessionFacts | None:
    """Return one session as this organisation's people see it, or None; drafts are included."""
    if not 0 < training_session_id <= LARGEST_ID:
        return None
    found = sessions_where(TrainingSession.id == training_session_id, visible_to(organisation_id))
    return found[0] if found else None


def sessions_by_id(training_session_ids: Collection[int]) -> list[SessionFacts]:
    """Read these sessions in the order in which they begin."""
    return sessions_where(TrainingSession.id.in_(training_session_ids))


def sessions_of_modules(module_ids: Collection[int], organisation_id: int, since: datetime) -> list[SessionFacts]:
    """Read the published sessions of modules that have not begun by `since`."""
    return sessions_where(*_offered(module_ids, organisation_id, since))


def sessions_ahead(
    training_session_ids: Collection[int], module_ids: Collection[int], organisation_id: int, since: datetime
) -> list[SessionFacts]:
    """Read those of these sessions that end after `since`, and what modules still offer; the earliest first."""
    named = and_(TrainingSession.id.in_(training_session_ids), TrainingSession.ends_at > since)
    return sessions_where(or_(named, and_(*_offered(module_ids, organisation_id, since))))


def sessions_not_over(training_session_ids: Collection[int], since: datetime) -> list[SessionFacts]:
    """Read those of these sessions that end after `since`, in the order in which they begin."""
    return sessions_where(TrainingSession.id.in_(training_session_ids), TrainingSession.ends_at > since)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions a list shows: those an organisation's people see that begin from `since` until before `until`."""

    organisation_id: int
    module_ids: Collection[int] | None = None
    venue_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    drafts: bool = False


def list_sessions(wanted: Wanted, limit: int | None = None, offset: int = 0) -> list[SessionFacts]:
    """Read the sessions that are wanted, in the order in which they begin."""
    return page_of_sessions(wanted, limit, offset)[0]


def page_of_sessions(wanted: Wanted, limit: int | None, offset: int) -> tuple[list[SessionFacts], int]:
    """Read one page of the sessions that are wanted, and tell how many there are in all (0 beyond the last page)."""
    values = {name: value for name in CONDITIONS if (value := getattr(wanted, name)) is not None}
    page = {} if limit is None else {"limit": limit, "offset": offset}
    statement = _page_wanted(tuple(values), drafts=wanted.drafts, paged=bool(page))
    return _read_page(statement, values | page)


def venue_names(organisation_id: int) -> list[tuple[int, str]]:
    """List an organisation's venues by name."""
    wanted = select(Venue.id, Venue.name).where(Venue.organisation_id == organisation_id).order_by(Venue.name)
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


CONDITIONS: dict[str, ColumnElement[bool]] = {
    "organisation_id": visible_to(bindparam("organisation_id")),
    "module_ids": TrainingSession.module_id.in_(bindparam("module_ids", expanding=True)),
    "venue_id": exists().where(
        SessionDay.training_session_id == TrainingSession.id, SessionDay.venue_id == bindparam("venue_id")
    ),
    "since": TrainingSession.ends_at > bindparam("since"),
    "until": TrainingSession.starts_at < bindparam("until"),
}
"""What each part of `Wanted` asks of a session."""


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What a visitor needs to know of a building."""

    id: int
    name: str
    address: str
    parking: str
    access: str
    invented: Collection[str] = ()

    def words(self, detail: str) -> str:
        """Give the `address`, `parking` or `access` as it is shown: what is invented says so."""
        said: str = getattr(self, detail)
        return f"{said} (invented for the demonstration)" if said and detail in self.invented else said


def venues_of(session: SessionFacts) -> list[VenueFacts]:
    """Read the buildings that a session uses."""
    ids = {day.venue_id for day in session.days if day.venue_id}
    columns = (Venue.id, Venue.name, Venue.address, Venue.parking, Venue.access, Venue.invented)
    wanted = select(*columns).where(Venue.id.in_(ids))
    return [VenueFacts(*row) for row in db.session.execute(wanted.order_by(Venue.name))] if ids else []


def _offered(module_ids: Collection[int], organisation_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say, as conditions, which sessions of modules are published, have not begun, and may be seen."""
    return (
        TrainingSession.module_id.in_(module_ids),
        TrainingSession.status == "published",
        TrainingSession.starts_at > since,
        visible_to(organisation_id),
    )


def facts_of(training_session: TrainingSession) -> SessionFacts:
    """Turn a locked row into the plain value that rules take."""
    values: list[Any] = [getattr(training_session, column.key) for column in SESSION_COLUMNS]
    days = db.session.execute(_DAYS, {"training_session_id": training_session.id})
    return SessionFacts(tuple(DayFacts(*row) for row in days), *values)


def facilitates(person_id: int, training_session_id: int) -> bool:
    """Say whether she facilitates this session."""
    found = exists().where(
        SessionFacilitator.person_id == person_id, SessionFacilitator.training_session_id == training_session_id
    )
    return bool(db.session.scalar(select(found)))


def facilitates_anything(person_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Say, as a condition on a person's id, whether she facilitates any session."""
    return exists().where(SessionFacilitator.person_id == person_id)


def sessions_facilitated(person_id: int, since: datetime) -> list[SessionFacts]:
    """Read the published sessions that somebody facilitates and that end after `since`: one query."""
    mine = exists().where(
        SessionFacilitator.training_session_id == TrainingSession.id, SessionFacilitator.person_id == person_id
    )
    return sessions_where(mine, TrainingSession.status == "published", TrainingSession.ends_at > since)


def facilitators_of(training_session_ids: Collection[int]) -> dict[int, list[int]]:
    """List who facilitates each of these sessions, as far as they have an account: one query."""
    wanted = select(SessionFacilitator.training_session_id, SessionFacilitator.person_id)
    found: dict[int, list[int]] = {each: [] for each in training_session_ids}
    for session_id, person_id in db.session.execute(
        wanted.where(SessionFacilitator.training_session_id.in_(training_session_ids))
    ):
        found[session_id].append(person_id)
    return found


def online_link_of(training_session_id: int) -> str:
    """Return where to join online; only for confirmed people and facilitators."""
    return db.session.scalar(select(TrainingSession.online_link).where(TrainingSession.id == training_session_id)) or ""


@one_transaction
def publish_sessions(training_session_ids: Collection[int], *, by: int) -> int:
    """Open drafts to everybody; returns how many were drafts."""
    published = 0
    for training_session in lock_sessions(training_session_ids).values():
        if training_session.status != "draft":
            continue
        training_session.status = "published"
        published += 1
        note_change(training_session, "published", by=by)
    return published


def note_change(
    training_session: TrainingSession,
    verb: str,
    *,
    by: int | None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the history of a session and tell the floors above that it changed."""
    history.note(
        verb,
        "training_session",
        training_session.id,
        actor_id=by,
        organisation_id=training_session.organisation_id,
        reason=reason,
        before=before,
        after=after,
    )
    publish("timetable.changed", training_session.id)


@lru_cache(maxsize=64)
def _page_wanted(asked: tuple[str, ...], *, drafts: bool, paged: bool) -> Select[*tuple[Any, ...]]:
    """Ask for the sessions that meet the named conditions; put together once for each choice of them."""
    conditions = [CONDITIONS[name] for name in asked] + ([] if drafts else [TrainingSession.status != "draft"])
    return _page_where(conditions, bindparam("limit"), bindparam("offset")) if paged else _page_where(conditions)


def _page_where(
    conditions: Sequence[ColumnElement[bool]], limit: Any = None, offset: Any = 0
) -> Select[*tuple[Any, ...]]:
    """Ask for sessions with their days, and how many there are without the limit."""
    wanted = select(TrainingSession.id, func.count().over().label("in_all")).where(*conditions).order_by(*IN_ORDER)
    page = wanted.limit(limit).offset(offset).subquery()
    return (
        _with_places(select(page.c.in_all, *_AS_KEPT))
        .join(TrainingSession, TrainingSession.id == SessionDay.training_session_id)
        .join(page, page.c.id == TrainingSession.id)
        .order_by(*IN_ORDER, SessionDay.starts_at)
    )


def _read_page(
    wanted: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> tuple[list[SessionFacts], int]:
    """Make sessions of their days' rows, and tell how many there are in all (0 beyond the last page): one query."""
    db.session.flush()  # what this act has changed so far counts
    rows = db.session.connection().execute(wanted, values).all()  # the session's own way takes half as long again
    split = 1 + len(DAY_COLUMNS)  # there begin the session's own columns, the first of them its id
    groups = [list(group) for _, group in groupby(rows, key=itemgetter(split))]
    found = [_session(tuple(row[1:split] for row in days), *days[0][split:]) for days in groups]
    return found, groups[0][0][0] if groups else 0


@lru_cache(maxsize=MOST_REMEMBERED)
def _session(days: tuple[tuple[Any, ...], ...], *parts: Any) -> SessionFacts:
    """Put a session together from its rows. The same rows give the same session, so not every page does it anew.

    What is remembered depends on the rows alone: however many processes there are, none can be out of date.
    """
    return SessionFacts(tuple(DayFacts(*_read(DAY_COLUMNS, day)) for day in days), *_read(SESSION_COLUMNS, parts))


def _read(columns: Sequence[Any], kept: Sequence[Any]) -> list[Any]:
    """Make aware moments of those that were asked for as the database keeps them."""
    dialect = db.engine.dialect
    aware = UtcDateTime().dialect_impl(dialect).result_processor(dialect, None)
    return [
        aware(value) if aware and isinstance(column.type, UtcDateTime) else value
        for column, value in zip(columns, kept, strict=True)
    ]


_AS_KEPT = [
    type_coerce(column, NullType()).label(f"kept_{number}") if isinstance(column.type, UtcDateTime) else column
    for number, column in enumerate((*DAY_COLUMNS, *SESSION_COLUMNS))
]
"""Moments as the database keeps them: making aware ones takes longer than all the rest of a row."""


def _with_places(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Ask for days that were not taken out, with their rooms and buildings."""
    return (
        wanted.select_from(SessionDay)
        .outerjoin(Venue, Venue.id == SessionDay.venue_id)
        .outerjoin(Room, Room.id == SessionDay.room_id)
        .where(SessionDay.is_removed.is_(False))
    )


_DAYS = (
    _with_places(select(*DAY_COLUMNS))
    .where(SessionDay.training_session_id == bindparam("training_session_id"))
    .order_by(SessionDay.starts_at)
)
"""Put together once, since every booking asks it."""
