"""Tables of the desk: files that somebody has sent and has not taken yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class PendingImport(Base):
    """A file between its preview and its taking: only whoever sent it sees it, and it is erased within a day.

    `kind` is `timetable`, `people`, `bookings` or `request`; `options` are what was chosen with it (programme,
    year, columns; whose request it is and when it came in).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    filename: Mapped[str]
    content: Mapped[bytes]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_pending_import_person", "person_id", "created_at"),
        Index("ix_pending_import_created", "created_at"),
    )
