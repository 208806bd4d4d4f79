"""Pieces of CPD, the reflections on them with a peer, and with whom a piece is shared; every version is kept.

`number` counts a person's pieces; a piece keeps it through all its versions.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base
from cpd.shared.superseding import Superseded

NOT_SUPERSEDED = text("superseded_at IS NULL")


def _in_force_once(name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED)


class CpdRecord(Base, Superseded):
    """One version of a piece of CPD, with what the regulator's form asks (B1).

    `record_fact_id` is the completion from which it was drafted. `fingerprint` is the same for pieces that say the
    same, and empty while a question is unanswered: so pieces are counted without reading them.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    cpd_type: Mapped[str]
    description: Mapped[str]
    happened_on: Mapped[date]
    learnt: Mapped[str]
    impact: Mapped[str]
    fingerprint: Mapped[str]
    record_fact_id: Mapped[int | None] = mapped_column(ForeignKey("record_fact.id"))

    __table_args__ = (
        CheckConstraint("number > 0", name="is_numbered"),
        _in_force_once("uq_cpd_record_number", "person_id", "number"),
        _in_force_once("uq_cpd_record_fact", "person_id", "record_fact_id"),
        Index("ix_cpd_record_organisation", "organisation_id", "happened_on"),
    )


class PeerReflection(Base, Superseded):
    """What somebody learnt from discussing a piece with a peer (B1); `with_whom` is for her own eyes only."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    peer: Mapped[str]
    with_whom: Mapped[str]
    discussed_on: Mapped[date]
    learnt: Mapped[str]

    __table_args__ = (
        CheckConstraint("learnt <> ''", name="says_what_was_learnt"),
        _in_force_once("uq_peer_reflection_number", "person_id", "number"),
    )


class CpdSharing(Base, Superseded):
    """That somebody lets her line manager of that day read a piece, until she takes it back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    shared_with_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("shared_with_id <> person_id", name="not_with_herself"),
        _in_force_once("uq_cpd_sharing_number", "person_id", "number"),
        Index("ix_cpd_sharing_reader", "shared_with_id"),
    )
