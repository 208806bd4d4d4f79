"""The table of facts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from cpd.people.models import NOT_SUPERSEDED
from cpd.shared.database import Base
from cpd.shared.superseding import Superseded


class RecordFact(Base, Superseded):
    """One dated fact about one person; `kind` and `subject` as in `cpd.requirements.record`.

    `source_kind` says where it comes from (import, register, equivalence, hand), `source` the rest in
    words; `accepted_by_id` who accepted it (AMB-24). `corrects_id` is the fact that it puts right, superseded in the
    same act; what was said anew without being a correction names none.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    happened_on: Mapped[date]
    happened_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    value: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    academic_level: Mapped[int | None]
    programme: Mapped[str] = mapped_column(default="")
    source_kind: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"))

    __table_args__ = (
        Index(
            "uq_record_fact_said_once",
            "person_id",
            "kind",
            "subject",
            "happened_on",
            "source_kind",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
        Index("ix_record_fact_subject", "subject", "kind"),
        CheckConstraint("corrects_id < id", name="corrects_an_earlier_one"),
    )
