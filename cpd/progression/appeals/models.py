"""The table of appeals against what was decided about a request to progress."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

NOT_WITHDRAWN = text("status <> 'withdrawn'")


class ProgressionAppeal(Base):
    """Somebody appeals against a decision, for grounds, and somebody who had no part in it decides anew (C-4).

    It is against one letter, and against each letter there is one at most, but for those that were withdrawn.
    `in_time_until` is the last day on which it was in time, and `decide_by` by when it is to be decided.
    `new_request_id` is the request that takes hers up again, where it was upheld. `letter` is what she was told of the
    outcome, frozen when it was decided, with its fingerprint; appeals decided before there were such letters have none.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("progression_request.id"))
    letter_id: Mapped[int] = mapped_column(ForeignKey("decision_letter.id"))
    grounds: Mapped[str]
    status: Mapped[str]
    appealed_on: Mapped[date]
    appealed_at: Mapped[datetime]
    in_time_until: Mapped[date]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime | None]
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decide_by: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    reasons: Mapped[str] = mapped_column(default="")
    new_request_id: Mapped[int | None] = mapped_column(ForeignKey("progression_request.id"), unique=True)
    letter: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    letter_sha256: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('sent', 'assigned', 'upheld', 'dismissed', 'withdrawn')", name="stands_somehow"),
        CheckConstraint("grounds <> ''", name="has_grounds"),
        CheckConstraint("appealed_on <= in_time_until", name="sent_in_time"),
        CheckConstraint("decider_id IS NULL OR decider_id <> person_id", name="not_decided_by_herself"),
        CheckConstraint("(decider_id IS NULL) = (assigned_at IS NULL)", name="assigned_at_a_time"),
        CheckConstraint("(decider_id IS NULL) = (decide_by IS NULL)", name="assigned_until_a_day"),
        CheckConstraint(
            "status NOT IN ('assigned', 'upheld', 'dismissed') OR decider_id IS NOT NULL", name="has_a_decider"
        ),
        CheckConstraint("(status IN ('upheld', 'dismissed')) = (decided_at IS NOT NULL)", name="decided_at_a_time"),
        CheckConstraint("status NOT IN ('upheld', 'dismissed') OR reasons <> ''", name="decided_for_reasons"),
        CheckConstraint("(status = 'upheld') = (new_request_id IS NOT NULL)", name="upheld_goes_on"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_a_time"),
        Index(
            "uq_progression_appeal_letter",
            "letter_id",
            unique=True,
            sqlite_where=NOT_WITHDRAWN,
            postgresql_where=NOT_WITHDRAWN,
        ),
        Index("ix_progression_appeal_organisation", "organisation_id", "status"),
        Index("ix_progression_appeal_person", "person_id"),
        Index("ix_progression_appeal_decider", "decider_id", "status"),
        Index("ix_progression_appeal_request", "request_id"),
    )
