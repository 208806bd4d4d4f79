"""Tables of study days: what was asked for, and the ledger of what became of it, which nobody can change."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

AMOUNTS_FIT = (
    "(act = 'asked' AND step = 0 AND asked = half_days AND approved = 0)"
    " OR (act = 'approved' AND step = 1 AND asked = -half_days AND approved = half_days)"
    " OR (act IN ('declined', 'withdrawn') AND step = 1 AND asked = -half_days AND approved = 0)"
    " OR (act IN ('cancelled', 'not_taken') AND step = 2 AND asked = 0 AND approved = -half_days)"
)


class StudyDayRequest(Base):
    """A day or half a day that somebody asked for; `day_part` is whole, morning or afternoon.

    `kind` is the pack's code. The times are those of its diary entry, as the pack had them then.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    held_on: Mapped[date]
    day_part: Mapped[str]
    half_days: Mapped[int]
    purpose: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("half_days = CASE WHEN day_part = 'whole' THEN 2 ELSE 1 END", name="half_days_of_its_part"),
        CheckConstraint("day_part IN ('whole', 'morning', 'afternoon')", name="a_known_part"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index("ix_study_day_request_person", "person_id", "held_on"),
        Index("ix_study_day_request_organisation", "organisation_id"),
    )


class StudyDayEntry(Base):
    """One act on a study day (AMB-31): by how many half days it changed what is asked for and what is approved.

    A day has one entry for each step, so it can be decided on only once. More than was left is approved only for
    a reason; `left_before` is None where no number is set (AMB-06).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    study_day_request_id: Mapped[int] = mapped_column(ForeignKey("study_day_request.id"))
    step: Mapped[int]
    act: Mapped[str]
    half_days: Mapped[int]
    asked: Mapped[int]
    approved: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    left_before: Mapped[int | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("study_day_request_id", "step"),
        CheckConstraint(AMOUNTS_FIT, name="amounts_fit_the_act"),
        CheckConstraint(
            "act <> 'approved' OR left_before IS NULL OR half_days <= left_before OR reason <> ''",
            name="beyond_only_for_a_reason",
        ),
        CheckConstraint("act <> 'declined' OR reason <> ''", name="declined_for_a_reason"),
    )
