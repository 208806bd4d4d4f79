"""Development plans in versions, who agreed to which version, how each aim stands, and the reviews (W-14, S-4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

NOT_SUPERSEDED = text("superseded_at IS NULL")


class DevelopmentPlan(Base, Superseded):
    """One version of somebody's plan: what she needs to learn, and what she is given for it; aims hang on it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    needs: Mapped[str]
    support: Mapped[str]
    written_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("person_id", "version"),
        CheckConstraint("version > 0", name="is_numbered"),
        Index(
            "uq_development_plan_in_force",
            "person_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )


class PlanAim(Base):
    """An aim of one version of a plan; it keeps its number from version to version.

    It can be linked to a module, to an award and to domains of the PCF, each by its code.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    development_plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    number: Mapped[int]
    aim: Mapped[str]
    target_on: Mapped[date]
    module_code: Mapped[str]
    award_code: Mapped[str]
    pcf_domains: Mapped[list[str]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("development_plan_id", "number"),)


class LearningAgreement(Base):
    """That the worker, or her line manager of that day, agrees to one version of the plan (S-4)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    development_plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    party: Mapped[str]
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed_on: Mapped[date]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("party IN ('worker', 'manager')", name="of_a_known_party"),
        UniqueConstraint("development_plan_id", "party"),
        UniqueConstraint("development_plan_id", "agreed_by_id"),
    )


class AimProgress(Base, Superseded):
    """How an aim stands, as its person says; it needs nobody's agreement."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    aim_number: Mapped[int]
    progress: Mapped[str]
    note: Mapped[str]
    said_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("progress IN ('not_begun', 'begun', 'reached')", name="of_a_known_kind"),
        Index(
            "uq_aim_progress_in_force",
            "person_id",
            "aim_number",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )


class PlanReview(Base):
    """A review of a plan by the two of them: of which version, when, and what was said."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    development_plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    held_on: Mapped[date]
    notes: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("notes <> ''", name="says_something"),
        Index("ix_plan_review_plan", "development_plan_id"),
    )
