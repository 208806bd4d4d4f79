"""Tables of registers, the marks in them, the links of facilitators from outside, and who was asked to evaluate."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

FIRST = text("supersedes_id IS NULL")
OF_A_SESSION = text("training_session_id IS NOT NULL")
OF_A_PROGRAMME = text("programme_id IS NOT NULL")


class Register(Base):
    """The register of one session day: made with its first mark, closed on purpose, opened again for a reason.

    What it said each time it was closed or opened stands in the history.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    session_day_id: Mapped[int] = mapped_column(ForeignKey("session_day.id"), unique=True)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reopened_at: Mapped[datetime | None]
    reopen_reason: Mapped[str | None]


class RegisterLink(Base):
    """A link by which a facilitator without an account keeps the registers of one session; `name` says whose it is."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    name: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_register_link_session", "training_session_id"),)


class Mark(Base):
    """What somebody said of one person in one register. A row is never changed: a later one supersedes it.

    `minutes` only go with a part of a day. Who said so is `marked_by_id`, or the link from outside. `tap` names
    one tap on a telephone, so that what was sent twice is taken once.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    attendance_status: Mapped[str]
    minutes: Mapped[int | None]
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    register_link_id: Mapped[int | None] = mapped_column(ForeignKey("register_link.id"))
    source: Mapped[str]
    tap: Mapped[str | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("mark.id"), unique=True)

    __table_args__ = (
        CheckConstraint(
            "attendance_status IN ('attended', 'part_attended', 'absent', 'excused', 'unmarked')", name="known_status"
        ),
        CheckConstraint("(attendance_status = 'part_attended') = (minutes IS NOT NULL)", name="minutes_of_a_part"),
        UniqueConstraint("register_id", "person_id", "tap"),
        Index("uq_mark_first", "register_id", "person_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
        Index("ix_mark_register", "register_id", "person_id"),
    )


class EvaluationRequest(Base):
    """That somebody was asked what she thinks of a session, or of a programme some months later, and has answered.

    What she answered stands elsewhere, and nothing leads from here to there.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    training_session_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    asked_at: Mapped[datetime]
    has_answered: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("(training_session_id IS NULL) <> (programme_id IS NULL)", name="about_one_thing"),
        Index(
            "uq_evaluation_request_session",
            "person_id",
            "training_session_id",
            unique=True,
            sqlite_where=OF_A_SESSION,
            postgresql_where=OF_A_SESSION,
        ),
        Index(
            "uq_evaluation_request_programme",
            "person_id",
            "programme_id",
            unique=True,
            sqlite_where=OF_A_PROGRAMME,
            postgresql_where=OF_A_PROGRAMME,
        ),
        Index("ix_evaluation_request_training_session", "training_session_id"),
    )
