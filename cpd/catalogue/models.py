"""Tables of what is taught. Everything here comes from a scheme pack and names its version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base
from cpd.shared.superseding import Superseded


class SchemeVersion(Base):
    """A pack as it was adopted: never changed, so an old decision can still be explained.

    `source_published` is a day or only a month, as the pack has it; `terms` are lists of words that mean
    one thing, so that a search finds by any of them.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    content: Mapped[str]
    content_hash: Mapped[str]
    source_title: Mapped[str] = mapped_column(default="")
    source_body: Mapped[str] = mapped_column(default="")
    source_published: Mapped[str] = mapped_column(default="")
    terms: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    adopted_at: Mapped[datetime]
    adopted_by_id: Mapped[int | None]

    __table_args__ = (UniqueConstraint("organisation_id", "version"),)


class Module(Base):
    """What is taught (AMB-32: in-house sessions and university units alike).

    The length is empty where the report does not say (G-13). `completion_minutes` are what must be attended for
    it to be complete, where that is not every day (AMB-27); sessions that end after `evaluation_asked_from` count
    only once they are evaluated. `cites` are the rules and assumptions behind it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    code: Mapped[str] = mapped_column(unique=True)
    number_label: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    other_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    covers: Mapped[str] = mapped_column(default="")
    module_kind: Mapped[str] = mapped_column(default="in_house")
    module_format: Mapped[str] = mapped_column(default="taught")
    length_minutes: Mapped[int | None]
    length_days: Mapped[int | None]
    booking_mode: Mapped[str] = mapped_column(default="required")
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    approval_needed: Mapped[bool] = mapped_column(default=False)
    validity_months: Mapped[int | None]
    completion_minutes: Mapped[int | None]
    completion_after_evaluation: Mapped[bool] = mapped_column(default=False)
    evaluation_asked_from: Mapped[datetime | None]
    prerequisite: Mapped[dict[str, Any]] = mapped_column(JSON)
    default_venue: Mapped[str] = mapped_column(default="")
    what_to_bring: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("booking_mode IN ('required', 'drop_in')", name="known_booking_mode"),
        Index("ix_module_organisation", "organisation_id"),
    )

    @property
    def full_title(self) -> str:
        """`Module 1: Genograms`, or the number alone where the council printed no title (G-M2)."""
        return ": ".join(part for part in (self.number_label, self.title) if part) or self.code


class Programme(Base):
    """Modules that belong together."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)
    withdrawn_at: Mapped[datetime | None]


class ProgrammeElement(Base):
    """A module's place in a programme; `is_mandatory` per element (AMB-26)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    position: Mapped[int]
    is_mandatory: Mapped[bool]

    __table_args__ = (UniqueConstraint("programme_id", "module_id"),)


class Equivalence(Base, Superseded):
    """Another activity that counts as a module when done within the window (G-5, AMB-25).

    A changed one is superseded, so that a reading of an earlier day still recognises what was recognised then.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    other_module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    cites: Mapped[list[str]] = mapped_column(JSON, default=list)


class Assumption(Base):
    """How an ambiguity of the council's report is treated; shown on the pages it touches."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    ambiguity: Mapped[str]
    sentence: Mapped[str]


class OrganisationSetting(Base):
    """One setting of an organisation, from its pack (AMB-35: conventions are settings)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)
