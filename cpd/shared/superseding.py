"""Facts are superseded and never edited: a correction is a new row that points at the old one's end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column


class Superseded:
    """Columns of a row that carries when we learned it and when we learned better.

    A reading with `known_at` takes the rows where `recorded_at <= known_at` and that were not yet
    superseded then; a reading of today takes those with `superseded_at IS NULL`.
    """

    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(default=None)
    superseded_at: Mapped[datetime | None] = mapped_column(default=None)
    superseded_by_id: Mapped[int | None] = mapped_column(default=None)
    supersede_reason: Mapped[str | None] = mapped_column(default=None)
