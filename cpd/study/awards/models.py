"""The table of enrolments on awards; what an award takes stands in the pack's version, where one stands follows."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

NOT_WITHDRAWN = text("status <> 'withdrawn'")


class AwardEnrolment(Base):
    """Somebody is enrolled on an award, by the rules of one version of the scheme until she is moved to another.

    `composition` is empty for the usual one, else the code of that for those who came in above a career level
    (AMB-42). While she holds the award, `record_fact_id` is the fact that says so and `completed_on` its day.
    `reason` is that of the latest change.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    award_code: Mapped[str]
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    composition: Mapped[str] = mapped_column(default="")
    enrolled_on: Mapped[date]
    status: Mapped[str]
    completed_on: Mapped[date | None]
    record_fact_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("status IN ('enrolled', 'completed', 'withdrawn')", name="of_a_known_status"),
        CheckConstraint("(status = 'completed') = (record_fact_id IS NOT NULL)", name="completed_has_a_fact"),
        CheckConstraint("(status = 'completed') = (completed_on IS NOT NULL)", name="completed_has_a_day"),
        Index(
            "uq_award_enrolment_live",
            "person_id",
            "award_code",
            unique=True,
            sqlite_where=NOT_WITHDRAWN,
            postgresql_where=NOT_WITHDRAWN,
        ),
        Index("ix_award_enrolment_organisation", "organisation_id", "status"),
    )
