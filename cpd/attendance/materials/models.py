"""The table of materials; the files themselves lie among the kept files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class Material(Base):
    """A file or a link that belongs to a session. `stored_as` names one of the kept files.

    `for_everybody` opens it to all who may see the session (C-8); else it is for those who attended. One that was
    removed keeps its row, and its file is erased.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    title: Mapped[str]
    link: Mapped[str | None]
    stored_as: Mapped[str | None] = mapped_column(unique=True)
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    for_everybody: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("(link IS NULL) <> (stored_as IS NULL)", name="file_or_link"),
        CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name="file_has_a_name"),
        Index("ix_material_session", "training_session_id"),
    )
