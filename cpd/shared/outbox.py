"""What people must be told, written in the act's own transaction, so that no message is ever lost.

A row holds the kind, the person and the facts as they then were; the words are made when it is shown
or sent (`cpd.messages`). Everything that one person is told of one act is one mail.
"""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, SessionTransaction, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db

_acts: WeakKeyDictionary[SessionTransaction, str] = WeakKeyDictionary()
"""The names of the transactions under way."""


class OutboxMessage(Base):
    """One message to one person. `dedupe_key` makes telling her twice impossible.

    `mail_id` is the Message-ID of the mail in which it goes out, for ever the same, and shared by all that she
    is told of one act. Sending is in hand until `leased_until`; `done_at` is when the mail server took it,
    `failed_at` when nobody will try any more unless somebody asks for it. All these are real time.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    mail_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("ix_outbox_message_due", "done_at", "due_at"),
        Index("ix_outbox_message_person", "person_id", "created_at"),
        Index("ix_outbox_message_mail", "mail_id"),
    )


def tell(
    organisation_id: int, person_id: int, kind: str, key: str, facts: dict[str, Any], *, mail: str = ""
) -> OutboxMessage:
    """Append a message. Call it inside a unit of work; `key` names the happening, so a repeat is an error.

    `mail` names a mail of its own; without it the message joins all that she is told of this act.
    """
    real = clock.real_now()
    message = OutboxMessage(
        organisation_id=organisation_id,
        person_id=person_id,
        kind=kind,
        dedupe_key=f"{kind}:{key}:{person_id}",
        mail_id=f"<{mail or _this_act()}.{person_id}@{_host()}>",
        facts=facts,
        created_at=clock.now(),
        due_at=real,
        attempts=0,
    )
    db.session.add(message)
    return message


def _this_act() -> str:
    """Name the transaction that is under way: the same for all that is told in it, and for nothing else."""
    transaction = db.session().get_transaction()
    if transaction is None:
        raise RuntimeError("People are told of an act within its unit of work")
    return _acts.setdefault(transaction, token_hex(12))


def _host() -> str:
    """Return the name under which people know this installation."""
    return urlsplit(str(current_app.config["BASE_URL"])).hostname or "localhost"
