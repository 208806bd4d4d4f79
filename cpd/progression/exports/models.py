"""The tables of files for HR: each change of career level stands in exactly one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class ChangeExport(Base):
    """A file of changes that HR took, by its number within the organisation, and when HR said it is entered."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("number > 0", name="counted_from_one"),
        CheckConstraint("(entered_at IS NULL) = (entered_by_id IS NULL)", name="entered_by_somebody"),
    )


class ExportedChange(Base):
    """One change in a file, as it was written there: the same for ever, so that the file can be taken again."""

    enactment_id: Mapped[int] = mapped_column(ForeignKey("enactment.id"), primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("change_export.id"))
    place: Mapped[int]
    cells: Mapped[list[Any]] = mapped_column(JSON)

    __table_args__ = (
        UniqueConstraint("export_id", "place"),
        CheckConstraint("place > 0", name="counted_from_one"),
    )
