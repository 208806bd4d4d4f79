"""The table of enrolments on pathways; what a pathway asks stands in the pack's version, who is ready follows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.people.models import NOT_SUPERSEDED
from cpd.shared.database import Base
from cpd.shared.superseding import Superseded


class PathwayEnrolment(Base, Superseded):
    """Somebody is on a pathway, by the rules of one version of the scheme; nobody is on two at a time.

    The version is fixed at enrolment. Moving her to newer rules or to another pathway supersedes the row, with who
    and why, so that a decision of last year can still be read by the rules of last year.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pathway_code: Mapped[str]
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    enrolled_on: Mapped[date]

    __table_args__ = (
        Index(
            "uq_pathway_enrolment_live",
            "person_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
        Index("ix_pathway_enrolment_organisation", "organisation_id"),
    )
