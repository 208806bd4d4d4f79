"""The table of certificates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class Certificate(Base):
    """A certificate of attendance for one completion of a session, by its registers or accepted all the same.

    Whether it is in force follows from the fact: one that was corrected or taken back withdraws its certificate.
    `code` is what its paper bears, drawn by lot, so that nobody can guess another.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    record_fact_id: Mapped[int] = mapped_column(ForeignKey("record_fact.id"), unique=True)
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    code: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
