"""Tables of venues, rooms, sessions and their days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpd.shared.database import Base


class Venue(Base):
    """A building. `other_names` are how people write it in timetables.

    `invented` names the details that are made up for the demonstration and must be shown as such.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    name: Mapped[str]
    other_names: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(default="")
    parking: Mapped[str] = mapped_column(default="")
    access: Mapped[str] = mapped_column(default="")
    invented: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (UniqueConstraint("organisation_id", "code"),)


class Room(Base):
    """A room in a venue."""

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    code: Mapped[str]
    name: Mapped[str]
    other_names: Mapped[list[str]] = mapped_column(JSON)

    venue: Mapped[Venue] = relationship()

    __table_args__ = (UniqueConstraint("venue_id", "code"),)


class TrainingSession(Base):
    """One offering of a module, one or more days: what people book.

    `places_taken` counts the bookings that hold a place; the constraint makes over-booking
    impossible. `capacity` None means no limit (AMB-27). `next_number` is the number that the next
    request gets under the session's lock. The dates on which booking opens and closes are inclusive.
    `starts_at` and `ends_at` repeat the first and last day, so that lists need no join.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    session_ref: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="draft")
    capacity: Mapped[int | None]
    capacity_invented: Mapped[bool] = mapped_column(default=False)
    places_taken: Mapped[int] = mapped_column(default=0)
    next_number: Mapped[int] = mapped_column(default=1)
    booking_opens_on: Mapped[date | None]
    booking_closes_on: Mapped[date | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    online_link: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    facilitator_names: Mapped[str] = mapped_column(default="")
    cancelled_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    days: Mapped[list[SessionDay]] = relationship(order_by="SessionDay.starts_at", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(
            "places_taken >= 0 AND (capacity IS NULL OR places_taken <= capacity)", name="places_within_capacity"
        ),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("status IN ('draft', 'published', 'cancelled')", name="known_status"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index("uq_training_session_ref", "organisation_id", "session_ref", unique=True),
        Index("ix_training_session_module", "module_id", "starts_at"),
        Index("ix_training_session_start", "organisation_id", "starts_at"),
    )


class SessionDay(Base):
    """One dated, timed part of a session, in a room, online, or both.

    A day that was taken out keeps its row (`is_removed`), so that a calendar can be told of it; a day of
    a cancelled session gives its room back (`holds_room`).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    is_online: Mapped[bool] = mapped_column(default=False)
    holds_room: Mapped[bool] = mapped_column(default=True)
    is_removed: Mapped[bool] = mapped_column(default=False)
    raw: Mapped[str] = mapped_column(default="")

    venue: Mapped[Venue | None] = relationship()
    room: Mapped[Room | None] = relationship()

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index("ix_session_day_session", "training_session_id", "starts_at"),
        Index("ix_session_day_room", "room_id", "starts_at"),
    )


class SessionFacilitator(Base):
    """Somebody with an account who facilitates a session and so sees its list."""

    id: Mapped[int] = mapped_column(primary_key=True)
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("training_session_id", "person_id"),
        Index("ix_session_facilitator_person", "person_id"),
    )


class SessionOpening(Base):
    """Another organisation to whose people a session is open (W-18, S-4)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    __table_args__ = (UniqueConstraint("training_session_id", "organisation_id"),)


class ColumnMapping(Base):
    """How an organisation's own column headings stand for ours, remembered per set of headings."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    headings_key: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organisation_id", "headings_key"),)
