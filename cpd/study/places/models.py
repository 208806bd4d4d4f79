"""Tables of yearly places on awards, and of the applications for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

IS_LIVE = text("status IN ('applied', 'commented', 'selected', 'waiting')")


class AwardPlaceQuota(Base):
    """The places on one award in one year (S-5). No more are ever taken than there are: the database holds it too.

    `places` is what the scheme says, never fewer than were given; `taken` how many are selected. Both are written by
    `settling.settle` alone, under this row's lock.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    award: Mapped[str]
    title: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("organisation_id", "award", "first_day"),
        CheckConstraint("taken >= 0 AND taken <= places", name="never_exceeded"),
        CheckConstraint("last_day > first_day", name="ends_after_it_starts"),
    )


class AwardPlaceApplication(Base):
    """Somebody's application for a place: her statement, her manager's comment, and what was decided and why.

    `decision` are the reasons of the latest decision; `waiting_number` is the order of the waiting list, given under
    the lock of its year and kept when the place comes. `ended_reason` is why it was withdrawn.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    quota_id: Mapped[int] = mapped_column(ForeignKey("award_place_quota.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    statement: Mapped[str]
    status: Mapped[str]
    applied_at: Mapped[datetime]
    manager_comment: Mapped[str] = mapped_column(default="")
    manager_supports: Mapped[bool | None]
    commented_at: Mapped[datetime | None]
    commented_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    waiting_number: Mapped[int | None]
    selected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index(
            "uq_award_place_application_live",
            "quota_id",
            "person_id",
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        ),
        UniqueConstraint("quota_id", "waiting_number"),
        CheckConstraint("status <> 'waiting' OR waiting_number IS NOT NULL", name="waits_in_order"),
        CheckConstraint(
            "status NOT IN ('selected', 'waiting', 'declined') OR decision <> ''", name="decided_for_reasons"
        ),
        CheckConstraint("status <> 'selected' OR selected_at IS NOT NULL", name="selected_at_a_time"),
        CheckConstraint("(commented_at IS NULL) = (manager_supports IS NULL)", name="commented_whole"),
        Index("ix_award_place_application_person", "person_id"),
        Index("ix_award_place_application_organisation", "organisation_id", "status"),
    )
