"""What the diary's tests share: entries with sensible defaults, and two programs that read a calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event, select

from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from tests.cast import london
from tests.pages import ICAL

READ_BY_ICAL_JS = """
(text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const moment = (time) => new Date(time.toUnixTime() * 1000).toISOString();
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const of = (name) => component.getFirstPropertyValue(name) ?? "";
    return {
      uid: of("uid"), sequence: of("sequence"), title: of("summary"), location: of("location"),
      description: of("description"), url: of("url"), status: of("status"),
      starts_at: moment(of("dtstart")), ends_at: moment(of("dtend")),
    };
  });
}
"""


def read(calendar: bytes) -> list[dict]:
    """Read the events of a calendar file as icalendar understands them, moments in UTC."""
    return [
        {
            "uid": str(each["uid"]),
            "sequence": each["sequence"],
            "title": str(each["summary"]),
            "location": str(each.get("location", "")),
            "description": str(each.get("description", "")),
            "url": str(each.get("url", "")),
            "status": str(each["status"]),
            "starts_at": each["dtstart"].dt.astimezone(UTC),
            "ends_at": each["dtend"].dt.astimezone(UTC),
        }
        for each in Calendar.from_ical(calendar).walk("VEVENT")
    ]


def rows_of(person) -> list[DiaryEntry]:
    """A person's diary as it now stands in the database."""
    db.session.rollback()
    return list(db.session.scalars(select(DiaryEntry).filter_by(person_id=person.id).order_by(DiaryEntry.starts_at)))


def token_of(person) -> str:
    """The secret in the address of somebody's feed as it now is."""
    db.session.rollback()
    return diary.feed_token(person.id)


def put(*entries: diary.Entry) -> None:
    with unit_of_work():
        diary.put(entries)


def withdraw(person, *training_session_ids: int) -> None:
    with unit_of_work():
        diary.withdraw([person.id], "session", training_session_ids)


@pytest.fixture
def make_entry() -> Callable[..., diary.Entry]:
    """An entry of session day 1 of training session 5, unless it is said otherwise."""

    def make(person, day: int = 1, starts_at: datetime | None = None, *, hours: float = 3, source_id: int = 5, **more):
        starts_at = starts_at or london(2019, 1, 14, 9, 30) + timedelta(days=day)
        facts = {
            "title": "Module 2",
            "location": "Room 2, Dryden Road",
            "description": "Bring nothing.",
            "path": f"/sessions/{source_id}",
            "ends_at": starts_at + timedelta(hours=hours),
        }
        return diary.Entry(
            person_id=person.id,
            organisation_id=person.organisation_id,
            key=f"session-day-{day}-person-{person.id}",
            source="session",
            source_id=source_id,
            starts_at=starts_at,
            **(facts | more),
        )

    return make


@pytest.fixture
def queries() -> Callable[..., contextmanager]:
    """Count the statements sent to the database in a block: `with queries() as sent: …; len(sent)`."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counted


@pytest.fixture
def signed_in(app) -> Callable:
    def sign_in(person):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = person.get_id()
            cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def read_by_ical_js(page) -> Callable[[bytes], list[dict]]:
    """Read a calendar file by ical.js, which takes the time zone from the file itself."""
    page.evaluate(ICAL.read_text())

    def read_calendar(calendar: bytes) -> list[dict]:
        return [
            each | {name: datetime.fromisoformat(each[name]) for name in ("starts_at", "ends_at")}
            for each in page.evaluate(READ_BY_ICAL_JS, calendar.decode())
        ]

    return read_calendar
