"""Reading what people were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from cpd.messages.words import words_of
from cpd.people.models import Person
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the page shows it: each paragraph is its lines, and a line that is an address is a link."""

    id: int
    name: str
    email: str
    written_at: datetime
    subject: str
    paragraphs: list[list[str]]


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """One page of messages, the newest first."""

    messages: list[Shown]
    page: int
    pages: int
    total: int


def outbox_page(organisation_id: int | None, page: int, *, to: str = "", links_shown: bool = False) -> OutboxPage:
    """Read one page of what an organisation's people were told (None: everybody's), in two queries.

    `to` is a part of the e-mail address. Without `links_shown` a secret link is left out.
    """
    conditions = [Person.email.contains(to.strip().lower(), autoescape=True)]
    if organisation_id is not None:
        conditions.append(OutboxMessage.organisation_id == organisation_id)
    joined = select(OutboxMessage).join(Person, Person.id == OutboxMessage.person_id).where(*conditions)
    total = db.session.scalar(joined.with_only_columns(func.count(OutboxMessage.id))) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = (OutboxMessage.id, OutboxMessage.kind, OutboxMessage.facts, OutboxMessage.created_at)
    wanted = joined.with_only_columns(*shown, Person.name, Person.email).order_by(OutboxMessage.id.desc())
    rows = db.session.execute(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return OutboxPage([_shown(row, links_shown=links_shown) for row in rows], page, pages, total)


def _shown(row: Any, *, links_shown: bool) -> Shown:
    """Put one message into words."""
    words = words_of(row.kind, row.facts, name=row.name, link_shown=links_shown)
    paragraphs = [paragraph.split("\n") for paragraph in words.body.split("\n\n")]
    return Shown(row.id, row.name, row.email, row.created_at, words.subject, paragraphs)
