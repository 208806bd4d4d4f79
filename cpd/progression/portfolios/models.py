"""The tables of portfolios and evidence; files lie among the kept files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.people.models import NOT_SUPERSEDED
from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

IS_OPEN = text("status IN ('preparing', 'handed_in', 'returned')")


class Portfolio(Base):
    """Evidence of one kind that somebody prepares and hands in: a whole portfolio, or a single piece.

    `title`, `is_portfolio` and `accepted_by` (roles; none: the line manager) are as the version of the scheme has them
    by which she began it, `ticked` the parts that she says are in her file. `hand_ins` counts how often it was handed
    in, so that nobody decides on what she has not read. It counts by the fact written when it was accepted.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    evidence_kind: Mapped[str]
    title: Mapped[str]
    is_portfolio: Mapped[bool]
    accepted_by: Mapped[list[str]] = mapped_column(JSON)
    ticked: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[str]
    begun_at: Mapped[datetime]
    hand_ins: Mapped[int] = mapped_column(default=0)
    handed_in_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_as: Mapped[str | None]
    record_fact_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"), unique=True)

    __table_args__ = (
        CheckConstraint("(status = 'accepted') = (record_fact_id IS NOT NULL)", name="has_a_fact"),
        CheckConstraint("(status = 'accepted') = (accepted_as IS NOT NULL)", name="accepted_by_somebody"),
        CheckConstraint(
            "status NOT IN ('handed_in', 'accepted') OR handed_in_at IS NOT NULL", name="handed_in_at_a_time"
        ),
        CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name="opened_by_somebody"),
        CheckConstraint("status IN ('handed_in', 'accepted') OR opened_at IS NULL", name="opened_while_locked"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> person_id", name="not_decided_by_herself"),
        Index(
            "uq_portfolio_open",
            "person_id",
            "evidence_kind",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_portfolio_person", "person_id"),
        Index("ix_portfolio_waiting", "organisation_id", "status"),
    )


class EvidenceItem(Base, Superseded):
    """One piece of evidence in one version: a change is a new row, and what it was stays until it is accepted.

    `item_number` says which piece of its portfolio it is, in every version. `found` are the kinds of identifier that it
    seemed to hold, as `kind:where`; `answer` says why they are none. `file_read` is how much of its file was looked
    into (a `FileRead`). The file of an earlier version is let go of
    (`removed_at`) once the portfolio is accepted.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    portfolio_id: Mapped[int] = mapped_column(ForeignKey("portfolio.id"))
    item_number: Mapped[int]
    item_kind: Mapped[str]
    title: Mapped[str]
    happened_on: Mapped[date]
    words: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    statements: Mapped[list[str]] = mapped_column(JSON, default=list)
    stored_as: Mapped[str | None]
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    file_read: Mapped[str | None]
    found: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name="file_has_a_name"),
        CheckConstraint("words <> '' OR link <> '' OR stored_as IS NOT NULL", name="holds_something"),
        CheckConstraint("removed_at IS NULL OR superseded_at IS NOT NULL", name="only_earlier_ones_are_let_go"),
        Index(
            "uq_evidence_item_live",
            "portfolio_id",
            "item_number",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
        Index("ix_evidence_item_portfolio", "portfolio_id"),
    )


class PortfolioEvent(Base):
    """What was done with a portfolio, when, by whom and with which words; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    portfolio_id: Mapped[int] = mapped_column(ForeignKey("portfolio.id"))
    happening: Mapped[str]
    happened_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    comments: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint(
            "happening NOT IN ('returned', 'deferred', 'reopened') OR comments <> ''", name="returned_for_reasons"
        ),
        Index("ix_portfolio_event_portfolio", "portfolio_id"),
    )
