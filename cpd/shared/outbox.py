"""What people must be told, written in the act's own transaction, so that no message is ever lost.

A row holds the kind, the person and the facts as they then were; the words are made when it is shown
or sent (`cpd.messages`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db


class OutboxMessage(Base):
    """One message to one person. `dedupe_key` makes telling her twice impossible."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("ix_outbox_message_due", "done_at", "due_at"),
        Index("ix_outbox_message_person", "person_id", "created_at"),
    )


def tell(organisation_id: int, person_id: int, kind: str, key: str, facts: dict[str, Any]) -> None:
    """Append a message. Call it inside a unit of work; `key` names the act, so a repeat is an error."""
    real = clock.real_now()
    db.session.add(
        OutboxMessage(
            organisation_id=organisation_id,
            person_id=person_id,
            kind=kind,
            dedupe_key=f"{kind}:{key}:{person_id}",
            facts=facts,
            created_at=clock.now(),
            due_at=real,
            attempts=0,
        )
    )
