"""What the tests of messages share: a real mail server, and a calendar that takes what it is sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar
from sqlalchemy import select, update

from cpd.messages.sending import send_what_is_due
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.pages import ICAL
from tests.people.conftest import counted_queries


@dataclass(repr=False)
class Mailbox:
    """A mail server that keeps what it takes. `answers` are what it says to some addresses instead of yes.

    `on_asked` is called before a mail is taken, `on_taken` after it was kept and before the server says so.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    on_asked: Callable[[], None] = lambda: None
    on_taken: Callable[[EmailMessage], None] = lambda _mail: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - named by aiosmtpd
        if answer := self.answers.get(address):
            return answer
        await asyncio.to_thread(self.on_asked)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - named by aiosmtpd
        mail = message_from_bytes(envelope.content, policy=default)
        assert envelope.rcpt_tos == [mail["To"].addresses[0].addr_spec]
        with self.lock:
            self.raw.append(envelope.content)
            self.mails.append(mail)
        await asyncio.to_thread(self.on_taken, mail)
        return "250 OK"

    def to(self, person) -> list[EmailMessage]:
        """The mails that one person got, in their order."""
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == person.email]


class _Server(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def serve_mail(app_in_use):
    """Start a mail server and name it in MAIL_URL: `serve_mail(handler, scheme="smtp", host=…, **options)`."""
    running = []
    before = app_in_use.config["MAIL_URL"]

    def serve(handler, scheme: str = "smtp", user: str = "", **options) -> str:
        server = _Server(handler, hostname="127.0.0.1", port=0, **options)
        server.start()
        running.append(server)
        host = "localhost" if scheme != "smtp" else "127.0.0.1"
        app_in_use.config["MAIL_URL"] = f"{scheme}://{user}{host}:{server.port}"
        return app_in_use.config["MAIL_URL"]

    yield serve
    app_in_use.config["MAIL_URL"] = before
    for server in running:
        server.stop()


@pytest.fixture
def mailbox(serve_mail) -> Mailbox:
    """A mail server that takes everything."""
    handler = Mailbox()
    serve_mail(handler)
    return handler


@pytest.fixture
def real_clock(monkeypatch):
    """Let real time pass: `real_clock(minutes=1)`."""
    passed = timedelta()

    def real_now() -> datetime:
        return datetime.now(UTC) + passed

    def pass_by(**parts: float) -> None:
        nonlocal passed
        passed += timedelta(**parts)

    monkeypatch.setattr("cpd.shared.clock.real_now", real_now)
    return pass_by


def send():
    """Send what is due, as the worker does."""
    db.session.rollback()
    sent = send_what_is_due()
    db.session.rollback()
    return sent


def messages_of(person) -> list[OutboxMessage]:
    """What somebody was told, as it stands in the database now."""
    db.session.rollback()
    wanted = select(OutboxMessage).filter_by(person_id=person.id).order_by(OutboxMessage.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def let_leases_end() -> None:
    """Let so much time pass that no worker has a lease any more."""
    db.session.execute(update(OutboxMessage).values(leased_until=None))
    db.session.commit()


def words_in(mail: EmailMessage) -> str:
    """The words of a mail as text."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def calendars_in(mail: EmailMessage) -> list[bytes]:
    """The calendar messages of a mail: what programs show, and what is attached."""
    return [
        part.get_payload(decode=True)
        for part in mail.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]


def by_icalendar(calendar: bytes) -> tuple[str, dict]:
    """Read a calendar message as icalendar does: what it asks, and its one event."""
    read = Calendar.from_ical(calendar)
    (event,) = read.walk("VEVENT")
    return str(read["method"]), {
        "uid": str(event["uid"]),
        "sequence": event["sequence"],
        "title": str(event["summary"]),
        "location": str(event.get("location", "")),
        "description": str(event.get("description", "")),
        "url": str(event.get("url", "")),
        "status": str(event["status"]),
        "starts_at": event["dtstart"].dt.astimezone(UTC),
        "ends_at": event["dtend"].dt.astimezone(UTC),
    }


@pytest.fixture
def queries():
    """Count the statements sent to the database in a block: `with queries() as sent: …; len(sent)`."""
    return counted_queries


READ_BY_ICAL_JS = """
(text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const moment = (time) => new Date(time.toUnixTime() * 1000).toISOString();
  const [component] = calendar.getAllSubcomponents("vevent");
  const of = (name) => component.getFirstPropertyValue(name) ?? "";
  return [calendar.getFirstPropertyValue("method"), {
    uid: of("uid"), sequence: of("sequence"), title: of("summary"), location: of("location"),
    description: of("description"), url: of("url"), status: of("status"),
    starts_at: moment(of("dtstart")), ends_at: moment(of("dtend")),
  }];
}
"""


@pytest.fixture
def by_ical_js(page) -> Callable[[bytes], tuple[str, dict]]:
    """Read a calendar message by ical.js, which takes the time zone from the message itself."""
    page.evaluate(ICAL.read_text())

    def read(calendar: bytes) -> tuple[str, dict]:
        method, event = page.evaluate(READ_BY_ICAL_JS, calendar.decode())
        return method, event | {name: datetime.fromisoformat(event[name]) for name in ("starts_at", "ends_at")}

    return read
