"""The tables of panels: who sits on them, when they meet, whose cases they judge, and what they came to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.people.models import NOT_SUPERSEDED
from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

OPEN = text("status = 'open'")
STILL_SITS = text("ends_on IS NULL")


class PanelMembership(Base):
    """Somebody sits on a panel in one role from a day on, until the day before `ends_on`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    panel_code: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    appointed_at: Mapped[datetime]
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appointed_because: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_because: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("appointed_because <> ''", name="appointed_for_a_reason"),
        CheckConstraint("ends_on IS NULL OR ended_because <> ''", name="ended_for_a_reason"),
        Index(
            "uq_panel_membership_live",
            "organisation_id",
            "panel_code",
            "person_id",
            "role",
            unique=True,
            sqlite_where=STILL_SITS,
            postgresql_where=STILL_SITS,
        ),
        Index("ix_panel_membership_person", "person_id"),
    )


class PanelMeeting(Base):
    """A day on which a panel meets. `turn` rises with each change, so that people are told of each once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    panel_code: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    turn: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("cancelled_at IS NULL OR cancelled_because <> ''", name="cancelled_for_a_reason"),
        Index("ix_panel_meeting_organisation", "organisation_id", "starts_at"),
    )


class PanelMeetingMember(Base):
    """Somebody is to come to a meeting: a member, or for young people's panels whoever writes down what they say."""

    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    __table_args__ = (Index("ix_panel_meeting_member_person", "person_id"),)


class PanelCase(Base):
    """One person before one panel, by one version of the rules; she has one open case before a panel at a time.

    `request_id` is the request for progression that it is a step of, if any. `turn` rises each time that it is given
    a meeting or taken off one. From `revealed_at` on, what each member recommends is known to all; `missing` says who
    had not recommended then and why.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    panel_code: Mapped[str]
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    request_id: Mapped[int | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("panel_meeting.id"))
    turn: Mapped[int] = mapped_column(default=0)
    revealed_at: Mapped[datetime | None]
    missing: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_because: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("status IN ('open', 'decided', 'withdrawn')", name="status_is_known"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_some_time"),
        CheckConstraint("status <> 'decided' OR meeting_id IS NOT NULL", name="decided_at_a_meeting"),
        Index(
            "uq_panel_case_open",
            "person_id",
            "panel_code",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_panel_case_organisation", "organisation_id", "status"),
        Index("ix_panel_case_meeting", "meeting_id"),
        Index("ix_panel_case_request", "request_id"),
    )


class PanelInterest(Base, Superseded):
    """A member has an interest in a case: she sees nothing of it and cannot judge it (C-4)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("panel_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]

    __table_args__ = (
        CheckConstraint("words <> ''", name="says_which"),
        Index(
            "uq_panel_interest_live",
            "case_id",
            "person_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )


class PanelRecommendation(Base, Superseded):
    """What one member recommends and why, written without seeing what the others recommend."""

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("panel_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str]
    reasons: Mapped[str]

    __table_args__ = (
        CheckConstraint("reasons <> ''", name="recommended_for_reasons"),
        Index(
            "uq_panel_recommendation_live",
            "case_id",
            "person_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )


class PanelDecision(Base, Superseded):
    """What a panel came to on a case; superseded only by another decision, for a reason.

    `fact_id` is the fact on the person's record, `reminded_at` when she was reminded of the day of review.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("panel_case.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"))
    decided_on: Mapped[date]
    outcome: Mapped[str]
    reasons: Mapped[str]
    support_plan: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    fact_id: Mapped[int] = mapped_column(ForeignKey("record_fact.id"))
    reminded_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("reasons <> ''", name="decided_for_reasons"),
        CheckConstraint(
            "(outcome = 'deferred_with_support') = (review_on IS NOT NULL)", name="deferred_with_a_day_of_review"
        ),
        CheckConstraint(
            "(outcome = 'deferred_with_support') = (support_plan <> '')", name="deferred_with_a_support_plan"
        ),
        CheckConstraint("review_on > decided_on", name="reviewed_after_it_was_decided"),
        Index(
            "uq_panel_decision_live",
            "case_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
        Index("ix_panel_decision_review", "review_on"),
    )


class PanelJudge(Base):
    """Somebody judged a case, in the role in which she sat; nobody judges one case twice."""

    decision_id: Mapped[int] = mapped_column(ForeignKey("panel_decision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str]
