"""Tables of vacancies, of the ceilings of steps, and of who takes room within them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

IS_HELD = text("given_back_at IS NULL")
FILLS_A_VACANCY = text("given_back_at IS NULL AND vacancy_id IS NOT NULL")


class Vacancy(Base):
    """A post of a career level that is free, and how to apply for it (W-8); filled by exactly one request.

    FTE is kept in thousandths, so that sums are exact on every database (AMB-39). Both days are within it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    service: Mapped[str]
    career_level: Mapped[str]
    fte_thousandths: Mapped[int]
    open_from: Mapped[date]
    open_until: Mapped[date | None]
    how_to_apply: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_reason: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str | None]
    """The form in which it was written down, so that one which is sent twice opens one vacancy."""

    __table_args__ = (
        CheckConstraint("status IN ('open', 'filled', 'closed')", name="of_a_known_status"),
        CheckConstraint("fte_thousandths > 0 AND fte_thousandths <= 1000", name="part_of_a_post"),
        CheckConstraint("open_until IS NULL OR open_until >= open_from", name="ends_after_it_begins"),
        CheckConstraint("status <> 'closed' OR closed_reason <> ''", name="closed_for_a_reason"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_time"),
        Index("ix_vacancy_organisation", "organisation_id", "status", "career_level"),
        Index("ix_vacancy_form", "organisation_id", "form_key"),
    )


class ProgressionCeiling(Base):
    """How much may be taken by one step of a scheme, and how much is, in thousandths of an FTE (C-3, AMB-39).

    `ceiling` is what the scheme in force says (None: no ceiling), `most` the most that may be taken: the ceiling, or
    what was taken already where a newer scheme has lowered it. `most` is raised before anything is taken, never with
    it, so the database itself refuses whatever goes beyond. Written under this row's lock alone.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    transition_code: Mapped[str]
    title: Mapped[str]
    ceiling_thousandths: Mapped[int | None]
    most_thousandths: Mapped[int | None]
    taken_thousandths: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("organisation_id", "transition_code"),
        CheckConstraint("taken_thousandths >= 0", name="never_below_nothing"),
        CheckConstraint("most_thousandths IS NULL OR taken_thousandths <= most_thousandths", name="never_exceeded"),
        CheckConstraint("(most_thousandths IS NULL) = (ceiling_thousandths IS NULL)", name="held_where_there_is_one"),
        CheckConstraint(
            "ceiling_thousandths IS NULL OR ceiling_thousandths <= most_thousandths", name="holds_the_ceiling"
        ),
    )


class RoomTaken(Base):
    """What one enacted request takes: so many thousandths of an FTE of its step's ceiling, and its vacancy.

    It stays what it was when the person's hours change later. A reversal gives it back; the row stays.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ceiling_id: Mapped[int] = mapped_column(ForeignKey("progression_ceiling.id"))
    request_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    vacancy_id: Mapped[int | None] = mapped_column(ForeignKey("vacancy.id"))
    fte_thousandths: Mapped[int]
    taken_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("fte_thousandths > 0", name="takes_something"),
        Index("uq_room_taken_request", "request_id", unique=True, sqlite_where=IS_HELD, postgresql_where=IS_HELD),
        Index(
            "uq_room_taken_vacancy",
            "vacancy_id",
            unique=True,
            sqlite_where=FILLS_A_VACANCY,
            postgresql_where=FILLS_A_VACANCY,
        ),
        Index("ix_room_taken_ceiling", "ceiling_id"),
        Index("ix_room_taken_person", "person_id"),
    )
