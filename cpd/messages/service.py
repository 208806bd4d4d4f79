"""Reading what people were told, and looking after what could not be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import aliased

from cpd.messages.around import around
from cpd.messages.words import Line, Told, mail_words
from cpd.people.models import Person
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as the page shows it: each paragraph is its lines; `id` is that of the first message in it.

    The moments are real time; `attempts` counts the tries to send it.
    """

    id: int
    name: str
    email: str
    written_at: datetime
    subject: str
    paragraphs: list[list[Line]]
    done_at: datetime | None
    failed_at: datetime | None
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """One page of mails, the newest first."""

    messages: list[Shown]
    page: int
    pages: int
    total: int


def outbox_page(organisation_id: int | None, page: int, *, to: str = "", links_shown: bool = False) -> OutboxPage:
    """Read one page of what an organisation's people were told (None: everybody's): a fixed number of queries.

    `to` is a part of the e-mail address. Without `links_shown` a secret link is left out.
    """
    conditions = [Person.email.contains(to.strip().lower(), autoescape=True)]
    if organisation_id is not None:
        conditions.append(OutboxMessage.organisation_id == organisation_id)
    return _page(page, conditions, links_shown=links_shown)


def failed_page(organisation_id: int, page: int) -> OutboxPage:
    """Read one page of the mails that nobody will send again unless somebody asks for it."""
    return _page(page, [OutboxMessage.organisation_id == organisation_id, _has_failed()], links_shown=False)


def failed_count(organisation_id: int) -> int:
    """Count the mails that could not be sent. One query."""
    wanted = select(func.count(OutboxMessage.mail_id.distinct()))
    return db.session.scalar(wanted.where(OutboxMessage.organisation_id == organisation_id, _has_failed())) or 0


def waiting_count(organisation_id: int) -> int:
    """Count the mails that are still to be sent. One query."""
    to_be_sent = (OutboxMessage.done_at.is_(None), OutboxMessage.failed_at.is_(None))
    wanted = select(func.count(OutboxMessage.mail_id.distinct()))
    return db.session.scalar(wanted.where(OutboxMessage.organisation_id == organisation_id, *to_be_sent)) or 0


def sends_mail() -> bool:
    """Say whether there is a mail server: without one messages wait, and stand on the outbox page."""
    return bool(current_app.config["MAIL_URL"])


@one_transaction
def try_again(organisation_id: int, *, by: int, message_id: int | None = None) -> int:
    """Send the mail of a failed message again, or every one that failed; returns how many mails that are.

    Raises:
        LookupError: no such message has failed in this organisation.
    """
    wanted = select(OutboxMessage.mail_id).where(OutboxMessage.organisation_id == organisation_id, _has_failed())
    if message_id is not None:
        wanted = wanted.where(OutboxMessage.id == min(message_id, LARGEST_ID))
    mail_ids = db.session.scalars(wanted.distinct()).all()
    if message_id is not None and not mail_ids:
        raise LookupError(f"No message {message_id} has failed")
    due = {"failed_at": None, "attempts": 0, "due_at": clock.real_now()}
    again = update(OutboxMessage).where(OutboxMessage.mail_id.in_(mail_ids), _has_failed()).values(due)
    revived = again.returning(OutboxMessage.id).execution_options(synchronize_session=False)
    for number in sorted(db.session.scalars(revived)):
        history.note("tried_again", "outbox_message", number, actor_id=by, organisation_id=organisation_id)
    return len(mail_ids)


def _has_failed() -> ColumnElement[bool]:
    """Choose what could not be sent."""
    return OutboxMessage.failed_at.is_not(None)


def _page(page: int, conditions: Sequence[ColumnElement[bool]], *, links_shown: bool) -> OutboxPage:
    """Read a page of mails."""
    other = aliased(OutboxMessage)
    is_first = ~exists().where(other.mail_id == OutboxMessage.mail_id, other.id < OutboxMessage.id)
    firsts = select(OutboxMessage).join(Person, Person.id == OutboxMessage.person_id).where(*conditions, is_first)
    total = db.session.scalar(firsts.with_only_columns(func.count(OutboxMessage.id))) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    chosen = firsts.with_only_columns(OutboxMessage.mail_id).order_by(OutboxMessage.id.desc())
    mail_ids = db.session.scalars(chosen.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return OutboxPage(_mails(mail_ids, links_shown=links_shown), page, pages, total)


def _mails(mail_ids: Sequence[str], *, links_shown: bool) -> list[Shown]:
    """Put mails into words, in the order of these ids."""
    wanted = (
        select(*OutboxMessage.__table__.columns, Person.name, Person.email)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.mail_id.in_(mail_ids))
        .order_by(OutboxMessage.id)
    )
    rows: Sequence[Any] = db.session.execute(wanted).all()
    beside = around(rows)
    mails: dict[str, list[Any]] = {mail_id: [] for mail_id in mail_ids}
    for row in rows:
        mails[row.mail_id].append(row)
    return [_shown(rows, beside, links_shown=links_shown) for rows in mails.values()]


def _shown(rows: Sequence[Any], beside: Mapping[int, Any], *, links_shown: bool) -> Shown:
    """Put one mail into words."""
    first = rows[0]
    told = [Told(row.kind, row.facts, beside[row.id]) for row in rows]
    words = mail_words(told, name=first.name, link_shown=links_shown)
    return Shown(
        first.id,
        first.name,
        first.email,
        first.created_at,
        words.subject,
        words.paragraphs,
        first.done_at,
        first.failed_at,
        first.attempts,
        first.last_error or "",
    )
