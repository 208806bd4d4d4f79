"""The diary: one row per person and dated thing, written by those floors above whose dates they are.

Every act here belongs in the unit of work of the act it follows from, which holds the lock on the
person (`people.lock_persons`). However many entries there are, the number of queries is the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, bindparam, case, insert, or_, select, update

from cpd.diary import rules
from cpd.diary.calendar import CalendarEvent, calendar_of
from cpd.diary.models import DiaryEntry, FeedKey
from cpd.people import service as people
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, unit_of_work

CALENDAR_NAME = "My training"
FIRST_VERSION = 1
SHOWN = ("title", "location", "description", "path", "starts_at", "ends_at")
"""What a calendar shows of an entry; a change to one of these is a new sequence."""

BELONGS_TO = ("person_id", "source", "source_id")
"""What an entry belongs to, for ever."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated thing to be in one person's diary.

    `key` names it for ever within this installation and belongs to one person and one source
    (`session-day-12-person-7`). `path` is the page about it, from the first slash.
    """

    person_id: int
    organisation_id: int
    key: str
    source: str
    source_id: int
    title: str
    location: str
    description: str
    path: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """A time at which somebody is not free, and what for."""

    starts_at: datetime
    ends_at: datetime
    title: str
    source: str
    source_id: int


def base_url() -> str:
    """Return the address of this installation, without a slash at its end."""
    return str(current_app.config["BASE_URL"]).rstrip("/")


def uid_for(key: str) -> str:
    """Return the name that a new entry keeps for ever, wherever the installation moves later."""
    return f"{key}@{urlsplit(base_url()).hostname or 'localhost'}"


def put(entries: Collection[Entry]) -> None:
    """Write each entry, or bring the one with its key up to date; one that was cancelled is on again.

    The sequence rises only where a calendar would show a difference.
    """
    if entries:
        with unit_of_work():
            persons, sources, source_ids = ({getattr(entry, name) for entry in entries} for name in BELONGS_TO)
            _bring_up_to_date(_rows(persons, sources, source_ids), entries)


def replace(person_ids: Collection[int], source: str, source_id: int, entries: Collection[Entry]) -> set[int]:
    """Make these entries all that these people have from one source, and cancel what is no longer among them.

    The entries are those people's own and from that source. Returns whose diary shows a difference.
    """
    with unit_of_work():
        rows = _rows(person_ids, [source], [source_id])
        keys = {entry.key for entry in entries}
        gone = [row for key, row in rows.items() if key not in keys and row.cancelled_at is None]
        return _bring_up_to_date(rows, entries, gone)


def withdraw(person_ids: Collection[int], source: str, source_ids: Collection[int]) -> None:
    """Mark as cancelled what these people still have in their diaries from these sources."""
    at = clock.now()
    with unit_of_work() as session:
        session.execute(
            update(DiaryEntry)
            .where(
                DiaryEntry.person_id.in_(person_ids),
                DiaryEntry.source == source,
                DiaryEntry.source_id.in_(source_ids),
                DiaryEntry.cancelled_at.is_(None),
            )
            .values(cancelled_at=at, changed_at=at, sequence=DiaryEntry.sequence + 1)
            .execution_options(synchronize_session=False)
        )


def busy(person_ids: Collection[int], since: datetime) -> dict[int, list[Busy]]:
    """Return what each person's time is taken by and that ends after `since`, the earliest first. One query.

    Everybody asked for is a key. `rules.clashes` tells which of it stands in the way of something new.
    """
    found: dict[int, list[Busy]] = {person_id: [] for person_id in person_ids}
    for person_id, *what in db.session.execute(_BUSY, {"person_ids": list(person_ids), "since": since}):
        found[person_id].append(Busy(*what))
    return found


_BUSY: Select[*tuple[Any, ...]] = (
    select(
        DiaryEntry.person_id,
        DiaryEntry.starts_at,
        DiaryEntry.ends_at,
        DiaryEntry.title,
        DiaryEntry.source,
        DiaryEntry.source_id,
    )
    .where(
        DiaryEntry.person_id.in_(bindparam("person_ids", expanding=True)),
        DiaryEntry.cancelled_at.is_(None),
        DiaryEntry.ends_at > bindparam("since"),
    )
    .order_by(DiaryEntry.starts_at, DiaryEntry.id)
)
"""Put together once, since every booking and every page asks it."""


def entries_of(person_id: int, since: datetime) -> list[CalendarEvent]:
    """Return what a person's calendar shows of everything that ends after `since`, the earliest first.

    Cancelled entries stay for a while (`rules.CANCELLED_SHOWN`), marked as cancelled.
    """
    lately = DiaryEntry.cancelled_at > clock.now() - rules.CANCELLED_SHOWN
    return _events(
        DiaryEntry.person_id == person_id, DiaryEntry.ends_at > since, or_(DiaryEntry.cancelled_at.is_(None), lately)
    )


def entries_about(person_id: int, source: str, source_id: int) -> list[CalendarEvent]:
    """Return what a person's calendar shows about one source, cancelled or not, the earliest first."""
    return _events(DiaryEntry.person_id == person_id, DiaryEntry.source == source, DiaryEntry.source_id == source_id)


def feed_token(person_id: int) -> str:
    """Return the secret in the address of somebody's feed. It is signed and kept nowhere."""
    return _feed_tokens().dumps([person_id, _feed_version(person_id)])


def find_feed(token: str) -> bytes | None:
    """Return the calendar that a secret address stands for, or None.

    There is none for an address that was never given out, one that was replaced, or that of
    somebody who no longer works here.
    """
    try:
        person_id, version = _feed_tokens().loads(token)
    except BadData:
        return None
    if version != _feed_version(person_id) or not people.posts_on([person_id], clock.today()):
        return None
    return calendar_of(entries_of(person_id, clock.now() - rules.PAST_SHOWN), CALENDAR_NAME)


@one_transaction
def renew_feed(person_id: int) -> None:
    """Give somebody's feed a new address; the old one answers no more."""
    with unit_of_work() as session:
        people.lock_persons([person_id])
        session.merge(FeedKey(person_id=person_id, version=_feed_version(person_id) + 1))
        organisation_id = people.get_person(person_id).organisation_id
        history.note("renewed", "feed_key", person_id, actor_id=person_id, organisation_id=organisation_id)


def wants_invitations(person_id: int) -> bool:
    """Say whether somebody gets an invitation by e-mail for each session day."""
    wanted = select(FeedKey.invitations).where(FeedKey.person_id == person_id)
    return bool(db.session.scalar(wanted))


@one_transaction
def choose_invitations(person_id: int, *, wanted: bool) -> None:
    """Send somebody invitations from now on, or no more.

    What is ahead of her gets a new sequence, so that her own calendar takes it in, or lets it go.
    """
    with unit_of_work() as session:
        people.lock_persons([person_id])
        if wants_invitations(person_id) == wanted:
            return
        session.merge(FeedKey(person_id=person_id, version=_feed_version(person_id), invitations=wanted))
        at = clock.now()
        ahead = (DiaryEntry.person_id == person_id, DiaryEntry.cancelled_at.is_(None), DiaryEntry.starts_at > at)
        changed = update(DiaryEntry).where(*ahead).values(sequence=DiaryEntry.sequence + 1, changed_at=at)
        session.execute(changed.execution_options(synchronize_session=False))
        verb = "began" if wanted else "ended"
        organisation_id = people.get_person(person_id).organisation_id
        history.note(verb, "invitations", person_id, actor_id=person_id, organisation_id=organisation_id)


def _rows(person_ids: Collection[int], sources: Collection[str], source_ids: Collection[int]) -> dict[str, Any]:
    """Return what these people have or had from these sources, by key: all of the uid before its host. One query."""
    wanted = select(
        DiaryEntry.id,
        DiaryEntry.person_id,
        DiaryEntry.uid,
        DiaryEntry.sequence,
        DiaryEntry.cancelled_at,
        *(getattr(DiaryEntry, name) for name in SHOWN),
    ).where(DiaryEntry.person_id.in_(person_ids), DiaryEntry.source.in_(sources), DiaryEntry.source_id.in_(source_ids))
    return {row.uid.rpartition("@")[0]: row for row in db.session.execute(wanted)}


def _bring_up_to_date(rows: dict[str, Any], entries: Collection[Entry], gone: Collection[Any] = ()) -> set[int]:
    """Write what is new, what has changed and what is gone, each in one query; return whose diary that is."""
    at = clock.now()
    wanted = {entry.key: entry for entry in entries}
    new = [entry for key, entry in wanted.items() if key not in rows]
    changed = [
        (rows[key], entry)
        for key, entry in wanted.items()
        if key in rows and (rows[key].cancelled_at is not None or _shown(entry) != _shown(rows[key]))
    ]
    changes = [_change(row, entry, at, None) for row, entry in changed] + [_change(row, row, at, at) for row in gone]
    if new:
        db.session.execute(insert(DiaryEntry), [_new_row(entry, at) for entry in new])
    if changes:
        db.session.execute(update(DiaryEntry), changes)
    return {each.person_id for each in (*new, *(entry for _row, entry in changed), *gone)}


def _change(row: Any, shown: Any, at: datetime, cancelled_at: datetime | None) -> dict[str, Any]:
    """Make the next version of a row."""
    return {
        "id": row.id,
        "sequence": row.sequence + 1,
        "changed_at": at,
        "cancelled_at": cancelled_at,
        **_shown(shown),
    }


def _shown(entry: Any) -> dict[str, Any]:
    """Pick what a calendar shows of an entry or a row."""
    return {name: getattr(entry, name) for name in SHOWN}


def _new_row(entry: Entry, at: datetime) -> dict[str, Any]:
    """Make the row of an entry that is new."""
    return {
        "uid": uid_for(entry.key),
        "sequence": 0,
        "person_id": entry.person_id,
        "organisation_id": entry.organisation_id,
        "source": entry.source,
        "source_id": entry.source_id,
        "created_at": at,
        "changed_at": at,
        **_shown(entry),
    }


def _events(*where: ColumnElement[bool]) -> list[CalendarEvent]:
    """Read entries as a calendar shows them. One query."""
    wanted = select(
        DiaryEntry.uid,
        DiaryEntry.sequence,
        DiaryEntry.title,
        DiaryEntry.location,
        DiaryEntry.description,
        case((DiaryEntry.path == "", ""), else_=base_url() + DiaryEntry.path),
        DiaryEntry.starts_at,
        DiaryEntry.ends_at,
        DiaryEntry.cancelled_at.is_not(None),
        DiaryEntry.created_at,
        DiaryEntry.changed_at,
    )
    rows = db.session.execute(wanted.where(*where).order_by(DiaryEntry.starts_at, DiaryEntry.id))
    return [CalendarEvent(*row) for row in rows]


def tokens(salt: str) -> URLSafeSerializer:
    """Sign and read the secrets in addresses of feeds; the salt keeps each kind apart from everything else."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)


def _feed_tokens() -> URLSafeSerializer:
    """Sign and read the addresses of people's own feeds."""
    return tokens("cpd.diary.feed")


def _feed_version(person_id: int) -> int:
    """Return which of her addresses counts; who never renewed hers has the first."""
    return db.session.scalar(select(FeedKey.version).where(FeedKey.person_id == person_id)) or FIRST_VERSION
