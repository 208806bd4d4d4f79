"""The table of frozen decisions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

FIRST_OF_CASE = text("occasion = 'panel' AND replaces_id IS NULL")
FIRST_OF_REQUEST = text("occasion = 'request' AND replaces_id IS NULL")


class DecisionDocument(Base):
    """What was decided about somebody, frozen and signed when it was decided; `content` is canonical JSON.

    A trigger refuses every change. What is decided anew makes a document of its own that names the one it replaces.
    `occasion` is panel (a panel has decided on `panel_case_id`) or request (`progression_request_id` has ended).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occasion: Mapped[str]
    panel_case_id: Mapped[int | None] = mapped_column(ForeignKey("panel_case.id"))
    progression_request_id: Mapped[int | None] = mapped_column(ForeignKey("progression_request.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision_document.id"), unique=True)
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str]
    key_fingerprint: Mapped[str] = mapped_column(ForeignKey("signing_key.fingerprint"))
    signature: Mapped[str]
    made_on: Mapped[date]
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("occasion IN ('panel', 'request')", name="of_a_known_occasion"),
        CheckConstraint("(occasion = 'panel') = (panel_case_id IS NOT NULL)", name="of_a_case"),
        CheckConstraint("occasion = 'panel' OR progression_request_id IS NOT NULL", name="of_a_request"),
        CheckConstraint("length(content_hash) = 64", name="has_a_hash"),
        CheckConstraint("replaces_id < id", name="replaces_an_earlier_one"),
        Index("ix_decision_document_organisation", "organisation_id", "made_on"),
        Index("ix_decision_document_person", "person_id"),
        Index(
            "uq_decision_document_first_of_case",
            "panel_case_id",
            unique=True,
            sqlite_where=FIRST_OF_CASE,
            postgresql_where=FIRST_OF_CASE,
        ),
        Index(
            "uq_decision_document_first_of_request",
            "progression_request_id",
            unique=True,
            sqlite_where=FIRST_OF_REQUEST,
            postgresql_where=FIRST_OF_REQUEST,
        ),
    )
