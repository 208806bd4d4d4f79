"""A manager's view of her team's diaries: a time at a glance, and a secret calendar feed of her own.

Only who is in her team on the day of asking is in it; names and titles, and nothing else that a diary holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import or_, select

from cpd.diary import rules
from cpd.diary.calendar import CalendarEvent, calendar_of
from cpd.diary.models import DiaryEntry, TeamCalendar
from cpd.diary.service import FIRST_VERSION, base_url, tokens
from cpd.people import service as people
from cpd.people.models import Person
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

CALENDAR_NAME = "Training of my team"


@dataclass(frozen=True, slots=True)
class Away:
    """That somebody is at something in her diary; `path` is the page about it, from the first slash."""

    person_id: int
    title: str
    path: str
    starts_at: datetime
    ends_at: datetime


def away(person_ids: Collection[int], since: datetime, until: datetime) -> list[Away]:
    """List what these people are at between two moments, the earliest first. One query."""
    wanted = (
        select(DiaryEntry.person_id, DiaryEntry.title, DiaryEntry.path, DiaryEntry.starts_at, DiaryEntry.ends_at)
        .where(
            DiaryEntry.person_id.in_(person_ids),
            DiaryEntry.cancelled_at.is_(None),
            DiaryEntry.ends_at > since,
            DiaryEntry.starts_at < until,
        )
        .order_by(DiaryEntry.starts_at, DiaryEntry.id)
    )
    return [Away(*row) for row in db.session.execute(wanted)]


def most_away(manager_id: int) -> int | None:
    """Return how many of her team a manager lets be away at once, or None where she has not said."""
    return db.session.scalar(select(TeamCalendar.most_away).where(TeamCalendar.person_id == manager_id))


@one_transaction
def choose_most_away(manager_id: int, most: int | None) -> None:
    """Let a manager be warned when more than so many of her team are away at once, or not at all."""
    people.lock_persons([manager_id])
    before = most_away(manager_id)
    if before != most:
        db.session.merge(TeamCalendar(person_id=manager_id, version=_version(manager_id), most_away=most))
        _remember("changed", manager_id, before={"most_away": before}, after={"most_away": most})


def feed_token(manager_id: int) -> str:
    """Return the secret in the address of a manager's feed. It is signed and kept nowhere."""
    return _tokens().dumps([manager_id, _version(manager_id)])


def find_feed(token: str) -> bytes | None:
    """Return the calendar that a secret address stands for; None for one that was never given out or was replaced.

    There is none either once nobody is in her team.
    """
    try:
        manager_id, version = _tokens().loads(token)
    except BadData:
        return None
    manager = people.find_person(manager_id)
    if manager is None or version != _version(manager_id) or not people.posts_on([manager_id], clock.today()):
        return None
    team = [each.id for each in people.team_of(manager_id, manager.organisation_id, clock.today())]
    return calendar_of(_events(team, clock.now() - rules.PAST_SHOWN), CALENDAR_NAME) if team else None


@one_transaction
def renew_feed(manager_id: int) -> None:
    """Give a manager's feed of her team a new address; the old one answers no more."""
    people.lock_persons([manager_id])
    most = most_away(manager_id)
    db.session.merge(TeamCalendar(person_id=manager_id, version=_version(manager_id) + 1, most_away=most))
    _remember("renewed", manager_id)


def _events(person_ids: Collection[int], since: datetime) -> list[CalendarEvent]:
    """Read a team's entries as a calendar shows them: who and what, and for a while what was cancelled. One query."""
    lately = DiaryEntry.cancelled_at > clock.now() - rules.CANCELLED_SHOWN
    wanted = (
        select(DiaryEntry, Person.name)
        .join(Person, Person.id == DiaryEntry.person_id)
        .where(
            DiaryEntry.person_id.in_(person_ids),
            DiaryEntry.ends_at > since,
            or_(DiaryEntry.cancelled_at.is_(None), lately),
        )
        .order_by(DiaryEntry.starts_at, DiaryEntry.id)
    )
    return [_event(entry, name) for entry, name in db.session.execute(wanted)]


def _event(entry: DiaryEntry, name: str) -> CalendarEvent:
    """Show an entry of somebody else's diary: no more than who is at what, and when."""
    return CalendarEvent(
        f"team-{entry.uid}",
        entry.sequence,
        f"{name}: {entry.title}",
        "",
        "",
        f"{base_url()}{entry.path}" if entry.path else "",
        entry.starts_at,
        entry.ends_at,
        entry.cancelled_at is not None,
        entry.created_at,
        entry.changed_at,
    )


def _tokens() -> URLSafeSerializer:
    """Sign and read addresses of teams' feeds, apart from everything else that is signed."""
    return tokens("cpd.diary.team")


def _version(manager_id: int) -> int:
    """Return which of her addresses counts; who never renewed hers has the first."""
    wanted = select(TeamCalendar.version).where(TeamCalendar.person_id == manager_id)
    return db.session.scalar(wanted) or FIRST_VERSION


def _remember(
    verb: str,
    manager_id: int,
    *,
    before: dict[str, int | None] | None = None,
    after: dict[str, int | None] | None = None,
) -> None:
    """Write the history of what a manager chose."""
    organisation_id = people.get_person(manager_id).organisation_id
    history.note(
        verb,
        "team_calendar",
        manager_id,
        actor_id=manager_id,
        organisation_id=organisation_id,
        before=before,
        after=after,
    )
