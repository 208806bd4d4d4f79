"""Sending what is due: each mail is taken with a lease, handed to the mail server, and written down as done.

Whatever happens in between, nothing is lost: when the lease is over, another worker sends the mail again, with
the same Message-ID and the same content. One person's mails are sent one after another, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from cpd.diary.calendar import Party
from cpd.messages.around import around
from cpd.messages.mail import calendar_message, invitation_mail, words_mail
from cpd.messages.models import Invitation
from cpd.messages.rules import LEASE, MOST_TRIES, Method, next_try
from cpd.messages.transport import MailServer, Unsent
from cpd.messages.words import Told, mail_words
from cpd.people import service as people
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction

INVITATION = "invitation"
OVERTAKEN = "A later change of the same session day overtook it"
BROKEN_OFF = "Sending broke off again and again"
CONTENT = (OutboxMessage.id, OutboxMessage.organisation_id, OutboxMessage.person_id, OutboxMessage.kind)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a mail says."""

    id: int
    organisation_id: int
    person_id: int
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that is ours to send for as long as the lease lasts; `attempts` counts this try too."""

    mail_id: str
    attempts: int
    to: Party
    messages: tuple[Message, ...]


@dataclass(slots=True)
class Sent:
    """What came of a round of sending."""

    mails: int = 0
    put_off: int = 0
    failed: int = 0
    unreachable: str = ""


def send_what_is_due(is_over: Callable[[], bool] = lambda: False) -> Sent:
    """Send mail after mail until nothing is due, it `is_over`, or the mail server does not answer.

    Without MAIL_URL nothing is taken: the messages stand on the outbox page and wait.
    """
    sent = Sent()
    url = str(current_app.config["MAIL_URL"])
    if not url:
        return sent
    _give_up_what_broke_off()
    server = MailServer(url, urlsplit(str(current_app.config["BASE_URL"])).hostname or "localhost")
    try:
        while not (is_over() or sent.unreachable) and (taken := take_next()):
            _send(taken, server, sent)
    finally:
        server.close()
    return sent


@one_transaction
def take_next() -> Taken | None:
    """Take the mail that has waited longest, for the time of a lease; None where nothing is due.

    Its person is locked meanwhile, so that two workers never send to her at one time.
    """
    while True:
        real = clock.real_now()
        person_id = db.session.scalar(_whose_turn_it_is(real))
        if person_id is None:
            return None
        people.lock_persons([person_id])
        if (taken := _take(person_id, real)) is not None:
            return taken


def _send(taken: Taken, server: MailServer, sent: Sent) -> None:
    """Send one mail, and write down what came of it."""
    try:
        message = compose(taken)
        db.session.rollback()  # nothing is held while the mail server takes its time
        server.send(message)
    except Unsent as unsent:
        again = _note_failure(taken, unsent.reason, for_good=unsent.for_good)
        sent.unreachable = unsent.reason if unsent.unreachable else ""
    except SQLAlchemyError:  # no fault of the mail: it is tried again when its lease is over
        raise
    except Exception as error:
        server.close()
        current_app.logger.exception("Message %s cannot be put into a mail", taken.messages[0].id)
        db.session.rollback()
        again = _note_failure(taken, f"It could not be put into a mail: {type(error).__name__}", for_good=True)
    else:
        _note_success(taken)
        sent.mails += 1
        return
    sent.put_off, sent.failed = sent.put_off + again, sent.failed + (not again)


def compose(taken: Taken) -> EmailMessage:
    """Put all that a mail says into words."""
    beside = around(taken.messages)
    told = [Told(each.kind, each.facts, beside[each.id]) for each in taken.messages]
    words = mail_words(told, name=taken.to.name, link_shown=True)
    first = taken.messages[0]
    if first.kind == INVITATION:
        calendar = calendar_message(first.facts, taken.to)
        return invitation_mail(taken.mail_id, taken.to, words, calendar, Method(first.facts["method"]))
    return words_mail(taken.mail_id, taken.to, words)


def _whose_turn_it_is(real: datetime) -> Select[int]:
    """Choose whose mail is due first among those to whom nothing is being sent just now."""
    other = aliased(OutboxMessage)
    busy = exists().where(
        other.person_id == OutboxMessage.person_id, other.done_at.is_(None), other.leased_until > real
    )
    due = select(OutboxMessage.person_id).where(_is_due(real), ~busy)
    return due.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1)


def _is_due(real: datetime) -> ColumnElement[bool]:
    """Choose the messages that are to be sent now."""
    return and_(
        OutboxMessage.done_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.due_at <= real,
        OutboxMessage.attempts < MOST_TRIES,
        _is_free(real),
    )


def _is_free(real: datetime) -> ColumnElement[bool]:
    """Choose the messages that no worker has in hand."""
    return or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= real)


def _take(person_id: int, real: datetime) -> Taken | None:
    """Take the first due mail of a locked person; None where another worker was quicker."""
    _end_what_was_overtaken(person_id, real)
    if db.session.scalar(_whose_turn_it_is(real).where(OutboxMessage.person_id == person_id)) is None:
        return None
    first = select(OutboxMessage.mail_id).where(OutboxMessage.person_id == person_id, _is_due(real))
    mail_id = db.session.scalar(first.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(1))
    taken = (
        update(OutboxMessage)
        .where(OutboxMessage.mail_id == mail_id, _is_due(real))
        .values(leased_until=real + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(*CONTENT, OutboxMessage.facts, OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(taken).all(), key=lambda row: row.id)
    to = db.session.execute(select(Person.name, Person.email).where(Person.id == person_id)).one()
    messages = tuple(Message(row.id, row.organisation_id, row.person_id, row.kind, row.facts) for row in rows)
    return Taken(str(mail_id), rows[0].attempts, Party(to.name, to.email), messages)


def _end_what_was_overtaken(person_id: int, real: datetime) -> None:
    """Leave invitations unsent after which there is a later one: a calendar must never learn of them afterwards."""
    is_latest = exists().where(Invitation.outbox_message_id == OutboxMessage.id)
    overtaken = update(OutboxMessage).where(
        OutboxMessage.person_id == person_id,
        OutboxMessage.kind == INVITATION,
        OutboxMessage.done_at.is_(None),
        _is_free(real),
        ~is_latest,
    )
    ended = overtaken.values(done_at=real, last_error=OVERTAKEN).execution_options(synchronize_session=False)
    db.session.execute(ended)


@one_transaction
def _give_up_what_broke_off() -> None:
    """Let somebody look at the mails during whose every try the worker died."""
    real = clock.real_now()
    broken = (OutboxMessage.done_at.is_(None), OutboxMessage.failed_at.is_(None))
    given_up = update(OutboxMessage).where(*broken, OutboxMessage.attempts >= MOST_TRIES, _is_free(real))
    db.session.execute(given_up.values(failed_at=real, last_error=BROKEN_OFF))


@one_transaction
def _note_success(taken: Taken) -> None:
    """Write down that the mail server took it."""
    done = update(OutboxMessage).where(OutboxMessage.mail_id == taken.mail_id, OutboxMessage.done_at.is_(None))
    values = {"done_at": clock.real_now(), "failed_at": None, "leased_until": None, "last_error": None}
    db.session.execute(done.values(values).execution_options(synchronize_session=False))


@one_transaction
def _note_failure(taken: Taken, reason: str, *, for_good: bool) -> bool:
    """Write down why it was not sent, and when to try again; returns False where nobody will.

    Where our lease was over and another worker has it now, its try counts and not ours.
    """
    real = clock.real_now()
    again = None if for_good else next_try(taken.attempts, real)
    ours = (OutboxMessage.mail_id == taken.mail_id, OutboxMessage.attempts == taken.attempts)
    failed = update(OutboxMessage).where(*ours, OutboxMessage.done_at.is_(None))
    values = {"due_at": again} if again else {"failed_at": real}
    noted = failed.values({**values, "leased_until": None, "last_error": reason})
    db.session.execute(noted.execution_options(synchronize_session=False))
    return again is not None
