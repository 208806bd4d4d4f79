"""What people said about their protected time: one answer in force for each week, corrected by a new one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

NOT_SUPERSEDED = text("superseded_at IS NULL")


class ProtectedTimeEntry(Base, Superseded):
    """What somebody said of the week that begins on the Monday `week_of`: had it, part of it, no (S-1).

    `minutes` are only kept where she said how long a part was; else it is half of the week's.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    week_of: Mapped[date]
    answer: Mapped[str]
    minutes: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("answer IN ('had', 'part', 'no')", name="of_a_known_answer"),
        CheckConstraint("minutes IS NULL OR (answer = 'part' AND minutes > 0)", name="minutes_of_a_part"),
        Index(
            "uq_protected_time_entry_week",
            "person_id",
            "week_of",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )
