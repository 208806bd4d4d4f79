"""Tables of evaluations: who was asked and has answered, and apart from that, with nobody's name, the answers."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

OF_A_SESSION = text("training_session_id IS NOT NULL")
OF_A_PROGRAMME = text("programme_id IS NOT NULL")


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


class Evaluation(Base):
    """What one of those who came thought of a session, each from 1 to 5. Nothing here says who or when.

    The key is drawn by lot and the rows lie in its order, so that not even their order tells who came first.
    """

    key: Mapped[str] = mapped_column(primary_key=True, default=lambda: token_hex(16))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    confidence_before: Mapped[int]
    confidence_after: Mapped[int]
    usefulness: Mapped[int]
    will_change: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("confidence_before BETWEEN 1 AND 5", name="confidence_before_on_the_scale"),
        CheckConstraint("confidence_after BETWEEN 1 AND 5", name="confidence_after_on_the_scale"),
        CheckConstraint("usefulness BETWEEN 1 AND 5", name="usefulness_on_the_scale"),
        Index("ix_evaluation_session", "training_session_id"),
        {"sqlite_with_rowid": False},
    )


class LaterEvaluation(Base):
    """Whether somebody has used what a programme taught, months later; kept as `Evaluation` is."""

    key: Mapped[str] = mapped_column(primary_key=True, default=lambda: token_hex(16))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    used: Mapped[str]
    example: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("used IN ('never', 'sometimes', 'often')", name="known_use"),
        Index("ix_later_evaluation_programme", "programme_id"),
        {"sqlite_with_rowid": False},
    )
