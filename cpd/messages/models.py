"""What people's own calendars were told."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class Invitation(Base):
    """The last that somebody's own calendar was told of one diary entry: how (RFC 5546) and in which mail.

    An earlier mail about the entry that has not gone out yet is overtaken by it, and is not sent.
    """

    diary_entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entry.id"), primary_key=True)
    method: Mapped[str]
    sequence: Mapped[int]
    outbox_message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))

    __table_args__ = (
        CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="known_method"),
        Index("ix_invitation_message", "outbox_message_id"),
    )
