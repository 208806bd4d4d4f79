"""Who is on which early-career programme, what moves her dates, what was held, and who supports her (B3, S-3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

NOT_SUPERSEDED = text("superseded_at IS NULL")
STILL_PAUSED = text("superseded_at IS NULL AND back_on IS NULL")


def one_in_force(name: str, *columns: str) -> Index:
    """Let there be one row in force for each of these."""
    return Index(name, *columns, unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)


class Cohort(Base):
    """Those who start together (S-3)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    programme_code: Mapped[str]
    title: Mapped[str]
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]

    __table_args__ = (UniqueConstraint("organisation_id", "programme_code", "title"),)


class EarlyCareerEnrolment(Base):
    """That somebody is on a programme, by the version of the pack of the day of her enrolment.

    `is_live` until it has ended; somebody is on one at a time. Her start and cohort stand in `EnrolmentTerms`.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme_code: Mapped[str]
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    is_live: Mapped[bool] = mapped_column(default=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_early_career_enrolment_live",
            "person_id",
            unique=True,
            sqlite_where=text("is_live = 1"),
            postgresql_where=text("is_live"),
        ),
        Index("ix_early_career_enrolment_person", "person_id"),
        Index("ix_early_career_enrolment_organisation", "organisation_id", "is_live"),
    )


class EnrolmentTerms(Base, Superseded):
    """From which day an enrolment counts, and with which cohort."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    starts_on: Mapped[date]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))

    __table_args__ = (one_in_force("uq_enrolment_terms_in_force", "enrolment_id"),)


class PausePeriod(Base, Superseded):
    """A time out of the programme, up to the day before `back_on`; of why, only the kind is kept (B8)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    first_day: Mapped[date]
    back_on: Mapped[date | None]
    pause_kind: Mapped[str]

    __table_args__ = (
        CheckConstraint("back_on IS NULL OR back_on > first_day", name="ends_after_it_starts"),
        CheckConstraint("pause_kind IN ('leave', 'support', 'other')", name="of_a_known_kind"),
        one_in_force("uq_pause_period_start", "enrolment_id", "first_day"),
        Index(
            "uq_pause_period_open",
            "enrolment_id",
            unique=True,
            sqlite_where=STILL_PAUSED,
            postgresql_where=STILL_PAUSED,
        ),
    )


class ProgrammeExtension(Base, Superseded):
    """By how many days somebody was given longer, when that was agreed, and why (B3)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    days: Mapped[int]
    agreed_on: Mapped[date]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("days > 0", name="is_longer"),
        CheckConstraint("reason <> ''", name="for_a_reason"),
        Index("ix_programme_extension_enrolment", "enrolment_id"),
    )


class EnrolmentEnding(Base, Superseded):
    """How a programme ended: by the word of the panel that the pack names (`by_panel`), or as it was recorded."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    outcome: Mapped[str]
    ended_on: Mapped[date]
    by_panel: Mapped[bool]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("outcome IN ('passed', 'failed', 'withdrawn')", name="of_a_known_kind"),
        one_in_force("uq_enrolment_ending_in_force", "enrolment_id"),
    )


class ReviewPoint(Base, Superseded):
    """A review that was held: when, what it came to, and what was agreed. `shown` are the figures that it looked at."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    point_code: Mapped[str]
    held_on: Mapped[date]
    summary: Mapped[str]
    agreed_actions: Mapped[str]
    shown: Mapped[str]

    __table_args__ = (
        CheckConstraint("summary <> ''", name="says_something"),
        one_in_force("uq_review_point_in_force", "enrolment_id", "point_code"),
    )


class SupportAgreement(Base, Superseded):
    """One version of what worker, assessor and line manager agree on at the start; signatures hang on it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    version: Mapped[int]
    workload: Mapped[str]
    supervision: Mapped[str]
    learning: Mapped[str]

    __table_args__ = (
        UniqueConstraint("enrolment_id", "version"),
        one_in_force("uq_support_agreement_in_force", "enrolment_id"),
    )


class AgreementSignature(Base):
    """That one of the three signed one version."""

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("support_agreement.id"))
    party: Mapped[str]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_on: Mapped[date]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("party IN ('worker', 'assessor', 'manager')", name="of_a_known_party"),
        UniqueConstraint("agreement_id", "party"),
    )


class SelfAssessment(Base, Superseded):
    """How somebody sees herself by each statement of a framework, for her, her assessor and her manager only (B3)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    point_code: Mapped[str]
    written_on: Mapped[date]
    framework_code: Mapped[str]
    framework_version: Mapped[str]
    words: Mapped[str]

    __table_args__ = (one_in_force("uq_self_assessment_in_force", "enrolment_id", "point_code"),)


class SelfAssessmentAnswer(Base):
    """One statement of a self-assessment, on a scale of four (1: the least)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    self_assessment_id: Mapped[int] = mapped_column(ForeignKey("self_assessment.id"))
    statement_code: Mapped[str]
    answer: Mapped[int]

    __table_args__ = (
        CheckConstraint("answer BETWEEN 1 AND 4", name="is_on_the_scale"),
        UniqueConstraint("self_assessment_id", "statement_code"),
    )


class SupervisionSession(Base, Superseded):
    """That supervision of one kind was held on a day, and with whom; nothing of what was said."""

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("early_career_enrolment.id"))
    pattern_code: Mapped[str]
    held_on: Mapped[date]
    with_whom: Mapped[str]

    __table_args__ = (one_in_force("uq_supervision_session_day", "enrolment_id", "pattern_code", "held_on"),)


class SupportRelationship(Base, Superseded):
    """That somebody supports a worker, from a day up to and including another (None: still)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    supporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    relationship_kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("supporter_id <> person_id", name="not_by_herself"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ends_after_it_starts"),
        CheckConstraint(
            "relationship_kind IN ('assessor', 'principal_practitioner', 'practice_educator', 'mentor', 'buddy')",
            name="of_a_known_kind",
        ),
        Index(
            "uq_support_relationship_assessor",
            "person_id",
            unique=True,
            sqlite_where=text("relationship_kind = 'assessor' AND last_day IS NULL AND superseded_at IS NULL"),
            postgresql_where=text("relationship_kind = 'assessor' AND last_day IS NULL AND superseded_at IS NULL"),
        ),
        Index("ix_support_relationship_person", "person_id"),
        Index("ix_support_relationship_supporter", "supporter_id"),
    )


class LearningSet(Base):
    """A group that learns together, beside the workshops (W-1, W-2)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]

    __table_args__ = (UniqueConstraint("organisation_id", "title"),)


class LearningSetMember(Base, Superseded):
    """That somebody belongs to a learning set."""

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_set_id: Mapped[int] = mapped_column(ForeignKey("learning_set.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (one_in_force("uq_learning_set_member_in_force", "learning_set_id", "person_id"),)


class LearningSetMeeting(Base):
    """A meeting of a learning set, in its members' diaries; `cancelled_at` where it does not take place."""

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_set_id: Mapped[int] = mapped_column(ForeignKey("learning_set.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    cancelled_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index(
            "uq_learning_set_meeting_start",
            "learning_set_id",
            "starts_at",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )


class LearningSetAttendance(Base, Superseded):
    """Whether a member was at a meeting."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("learning_set_meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    attended: Mapped[bool]

    __table_args__ = (one_in_force("uq_learning_set_attendance_in_force", "meeting_id", "person_id"),)
