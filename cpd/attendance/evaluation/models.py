"""Tables of what people answered, with nobody's name: who was asked stands apart (`EvaluationRequest`)."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


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
