"""The tables of requests to progress: their steps, what people decided, the change itself, cover, and letters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.people.models import NOT_SUPERSEDED
from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

LIVE = text("status = 'open'")


class ProgressionRequest(Base):
    """Somebody is to go up one career level, or a change that was made is to be taken back ("reversal").

    What the pack said of the transition is kept as it was when the request was raised (`scheme_version_id` and the
    steps); `standing` is how she stood then, line by line. `requested_by_id` None: the system raised it (W-7).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    request_kind: Mapped[str]
    transition_code: Mapped[str]
    transition_mode: Mapped[str]
    pathway_code: Mapped[str]
    from_level: Mapped[str]
    to_level: Mapped[str]
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancy.id"))
    """The vacancy that she applies for (W-8)."""
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("progression_request.id"))
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("progression_request.id"))
    """The request which this one takes up again after an appeal."""
    status: Mapped[str]
    standing: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(default="")
    """What she, or whoever asks for a reversal, wrote with it."""
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[str] = mapped_column(default="")
    """Why it ended as it did; empty while it is open."""
    support_plan: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("request_kind IN ('progression', 'reversal')", name="of_a_known_kind"),
        CheckConstraint("status IN ('open', 'enacted', 'refused', 'not_yet', 'withdrawn')", name="stands_somehow"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended_or_open"),
        CheckConstraint("(request_kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_something"),
        CheckConstraint("status NOT IN ('refused', 'not_yet') OR reasons <> ''", name="refused_for_reasons"),
        CheckConstraint("status <> 'not_yet' OR review_on IS NOT NULL", name="not_yet_has_a_review"),
        Index(
            "uq_progression_request_live",
            "person_id",
            "transition_code",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_progression_request_organisation", "organisation_id", "status"),
        Index("ix_progression_request_person", "person_id"),
    )


class ProgressionStep(Base):
    """One station of a request, in the order of the pack (`place` from 0): a panel, an approval, or the enactment.

    `status`: ahead, open (it is its turn), done (it went on) or against (the request ended here). `role` decides;
    for a panel `case_id` is its case and `outcome` what it came to.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("progression_request.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    place: Mapped[int]
    step_kind: Mapped[str]
    panel_code: Mapped[str | None]
    role: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("panel_case.id"))
    outcome: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("request_id", "place"),
        CheckConstraint("step_kind IN ('panel', 'approval', 'enactment')", name="of_a_known_kind"),
        CheckConstraint("status IN ('ahead', 'open', 'done', 'against')", name="stands_somehow"),
        CheckConstraint("(step_kind = 'panel') = (panel_code IS NOT NULL)", name="panel_is_named"),
        CheckConstraint("(step_kind = 'panel') = (role IS NULL)", name="role_is_named"),
        CheckConstraint("(status = 'ahead') = (opened_at IS NULL)", name="opened_once_it_is_its_turn"),
        CheckConstraint("(status IN ('done', 'against')) = (closed_at IS NOT NULL)", name="closed_once_decided"),
        Index(
            "uq_progression_step_open",
            "request_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_progression_step_queue", "organisation_id", "status", "role"),
        Index("ix_progression_step_case", "case_id"),
    )


class ApprovalCover(Base, Superseded):
    """Somebody decides in a role for one of its holders who is away, the first and the last day included."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who is away."""
    covered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="ends_after_it_starts"),
        CheckConstraint("covered_by_id <> holder_id", name="covered_by_somebody_else"),
        CheckConstraint("reason <> ''", name="named_for_a_reason"),
        Index("ix_approval_cover_organisation", "organisation_id", "role"),
        Index("ix_approval_cover_covered_by", "covered_by_id"),
    )


class Approval(Base, Superseded):
    """Somebody approved or declined a request in a role, for reasons. One holds for each step; others are history."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("progression_request.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("progression_step.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """About whom."""
    approver_role: Mapped[str]
    approved: Mapped[bool]
    reasons: Mapped[str]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("approval_cover.id"))
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"))

    __table_args__ = (
        CheckConstraint("reasons <> ''", name="decided_for_reasons"),
        CheckConstraint("decided_by_id <> person_id", name="not_decided_by_herself"),
        CheckConstraint("(cover_id IS NULL) = (in_place_of_id IS NULL)", name="in_place_of_somebody"),
        Index("uq_approval_live", "step_id", unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED),
        Index("ix_approval_request", "request_id"),
        Index("ix_approval_decided_by", "decided_by_id"),
    )


class Enactment(Base):
    """The change itself: by whom, from which day, and what the post was before and is after (AMB-03, W-11).

    Never edited: it is reversed by another request's enactment only.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("progression_request.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    transition_code: Mapped[str]
    from_level: Mapped[str]
    from_grade: Mapped[str]
    to_level: Mapped[str]
    to_grade: Mapped[str]
    fte: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    effective_on: Mapped[date]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancy.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("enactment.id"), unique=True)
    reasons: Mapped[str] = mapped_column(default="")
    enacted_at: Mapped[datetime]
    enacted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("approval_cover.id"))
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("enacted_by_id <> person_id", name="not_enacted_by_herself"),
        CheckConstraint("from_level <> to_level", name="changes_something"),
        CheckConstraint("fte > 0", name="of_some_time"),
        CheckConstraint("(cover_id IS NULL) = (in_place_of_id IS NULL)", name="in_place_of_somebody"),
        Index("ix_enactment_person", "person_id"),
        Index("ix_enactment_organisation", "organisation_id", "enacted_at"),
    )


class DecisionLetter(Base):
    """What was decided, frozen as it was told: `facts` as JSON and their fingerprint. Never edited.

    A later decision on the same request makes a further letter with the next `number`.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("progression_request.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    result: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    appeal_until: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("result IN ('enacted', 'refused', 'not_yet')", name="of_a_known_result"),
        CheckConstraint("length(sha256) = 64", name="whole_fingerprint"),
        Index("ix_decision_letter_person", "person_id"),
    )


class RaisingDay(Base):
    """Until which day an organisation was looked through for those whom time alone has made ready (W-7)."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    looked_on: Mapped[date]
