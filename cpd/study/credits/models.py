"""The ledger of credits, to which the database lets rows be added only, and the claims for prior learning."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

IS_OPEN = text("claim_status IN ('draft', 'ready', 'submitted')")


class CreditAward(Base):
    """One entry: how the credits for one activity of one person stand from now on.

    The entries of an activity are one chain, numbered from 1; the last of it is how it stands. Nothing is ever changed
    or deleted: a correction is one more entry, with who and why. While it is awarded, a fact on the record says so,
    whose source names the entry.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    activity: Mapped[str]
    entry_number: Mapped[int]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credit_award.id"), unique=True)
    source: Mapped[str]
    earned_by: Mapped[str]
    title: Mapped[str]
    credits: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    academic_level: Mapped[int]
    university: Mapped[str]
    board_on: Mapped[date]
    credit_status: Mapped[str]
    learning_ended_on: Mapped[date | None]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("prior_learning_claim.id"))
    entered_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("person_id", "activity", "entry_number", name="uq_credit_award_chain"),
        CheckConstraint("(entry_number = 1) = (supersedes_id IS NULL)", name="chain_begins"),
        CheckConstraint("entry_number >= 1", name="numbered_from_1"),
        CheckConstraint("credits > 0", name="has_credits"),
        CheckConstraint("academic_level BETWEEN 1 AND 8", name="has_level"),
        CheckConstraint("credit_status IN ('expected', 'awarded', 'refused', 'withdrawn')", name="known_status"),
        Index("ix_credit_award_source", "organisation_id", "source"),
        Index("ix_credit_award_claim", "claim_id"),
    )


class PriorLearningClaim(Base):
    """A claim that a university shall credit what somebody has learned elsewhere (B6: APEL, APCL).

    `activity` is what it is about: at most one claim for it is open, and a refused one may be made again. `sends`
    counts how often it was handed in, so that nobody sends on what she has not read. `answer` is the comment or
    the reason of the latest decision. What the university decides stands in the ledger.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    kind_title: Mapped[str]
    claim_type: Mapped[str]
    activity: Mapped[str]
    title: Mapped[str]
    module_code: Mapped[str] = mapped_column(default="")
    provider: Mapped[str] = mapped_column(default="")
    learning_ended_on: Mapped[date]
    words: Mapped[str] = mapped_column(default="")
    kept_current: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    stored_as: Mapped[str | None] = mapped_column(unique=True)
    filename: Mapped[str | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    claim_status: Mapped[str]
    sends: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    university: Mapped[str] = mapped_column(default="")
    submitted_on: Mapped[date | None]
    decision_expected_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("(stored_as IS NULL) = (filename IS NULL)", name="file_has_a_name"),
        CheckConstraint(
            "claim_status IN ('draft', 'ready', 'submitted', 'awarded', 'refused', 'withdrawn')", name="known_status"
        ),
        CheckConstraint(
            "claim_status NOT IN ('submitted', 'awarded', 'refused') OR submitted_on IS NOT NULL", name="was_submitted"
        ),
        Index(
            "uq_prior_learning_claim_open",
            "person_id",
            "activity",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_prior_learning_claim_person", "person_id"),
        Index("ix_prior_learning_claim_status", "organisation_id", "claim_status"),
    )
