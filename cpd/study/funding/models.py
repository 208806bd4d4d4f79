"""The table of requests for funding; files lie among the kept files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class FundingRequest(Base):
    """Training outside the pathway that somebody asks to have paid (W-13), and what was decided.

    The cost is kept in pence, so that sums are exact on every database. `decision` are the reasons of the decision.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    provider: Mapped[str]
    cost_pence: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reasons: Mapped[str]
    link: Mapped[str]
    stored_as: Mapped[str | None] = mapped_column(unique=True)
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    status: Mapped[str]
    asked_at: Mapped[datetime]
    manager_comment: Mapped[str] = mapped_column(default="")
    manager_supports: Mapped[bool | None]
    commented_at: Mapped[datetime | None]
    commented_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("cost_pence > 0", name="costs_something"),
        CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name="file_has_a_name"),
        CheckConstraint("status NOT IN ('approved', 'declined') OR decision <> ''", name="decided_for_reasons"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> person_id", name="not_decided_by_herself"),
        CheckConstraint("(commented_at IS NULL) = (manager_supports IS NULL)", name="commented_whole"),
        Index("ix_funding_request_person", "person_id"),
        Index("ix_funding_request_organisation", "organisation_id", "status"),
    )
