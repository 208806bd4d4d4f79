"""The table of learning from elsewhere; certificates lie among the kept files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class LearningClaim(Base):
    """Learning from elsewhere with its evidence: sent in by the worker, or written down by Workforce Development.

    `sends` counts how often it was sent in, so that nobody decides on what she has not read. `decision` is the
    comment or the reason of the latest decision. It counts only by the fact written when it was accepted, and only
    while that is in force; `record_fact_id` follows its corrections.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    claim_kind: Mapped[str]
    claim_status: Mapped[str]
    title: Mapped[str]
    provider: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int | None]
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    words: Mapped[str]
    link: Mapped[str]
    stored_as: Mapped[str | None] = mapped_column(unique=True)
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    sends: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    record_fact_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"), unique=True)

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name="file_has_a_name"),
        CheckConstraint(
            "(record_fact_id IS NOT NULL) = (claim_status IN ('accepted', 'withdrawn'))", name="has_a_fact"
        ),
        Index("ix_learning_claim_person", "person_id"),
        Index("ix_learning_claim_waiting", "organisation_id", "claim_status", "sent_at"),
    )
