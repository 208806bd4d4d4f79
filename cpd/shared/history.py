"""Who did what, when and why: audit rows that nobody can change or delete (triggers refuse it).

No names stand in a row, only ids, so that erasing a person leaves the history whole (B8).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db


class AuditEvent(Base):
    """One act on one subject, with what it was before and after."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    reason: Mapped[str | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    __table_args__ = (Index("ix_audit_event_subject", "subject", "subject_id"),)


def last_of(verb: str, subject: str, subject_id: int) -> AuditEvent | None:
    """Return when one kind of act was last done on a subject, by whom and why; None where it never was. One query."""
    wanted = select(AuditEvent).where(
        AuditEvent.verb == verb, AuditEvent.subject == subject, AuditEvent.subject_id == subject_id
    )
    return db.session.scalars(wanted.order_by(AuditEvent.id.desc()).limit(1)).one_or_none()


def note(
    verb: str,
    subject: str,
    subject_id: int,
    *,
    actor_id: int | None,
    organisation_id: int | None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Write an audit row in the act's own transaction. `actor_id` None means the system itself.

    `happened_at` is when it held, where that is not now: an e-mail's time of receipt, say.
    """
    db.session.add(
        AuditEvent(
            organisation_id=organisation_id,
            happened_at=happened_at or clock.now(),
            recorded_at=clock.real_now(),
            actor_id=actor_id,
            verb=verb,
            subject=subject,
            subject_id=subject_id,
            reason=reason,
            before=before,
            after=after,
        )
    )
