"""Tables of bookings; what happened to them stands in the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base

LIVE = text("status IN ('requested', 'offered', 'confirmed', 'waiting')")


class Booking(Base):
    """A person's place on a session, or her position in its queue.

    The order of a queue is `request_number`, given under the session's lock; positions are derived
    and `requested_at` is for show. `takes_place` is False for a drop-in that she put in her diary
    (AMB-21). Whether a booking rests on earlier ones is derived from the standing, never stored.
    Since when it has lost them, and when its place is given back for that, is written by the cascade
    (`lacks_basis_since`, `release_at`).

    A waiting booking may name the one that it replaces (`replaces_id`): both are exchanged at once.
    Where somebody must agree first, `asks` is what she wrote, `answer_by` until when the place is kept
    for her, and `agreed_by_id` who agreed.

    `attended` is what the registers say once they are closed: whether she completed the module on this
    session; None until then. It is written by the floor above (`cpd.booking.outcomes`).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    status: Mapped[str]
    takes_place: Mapped[bool] = mapped_column(default=True)
    request_number: Mapped[int]
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    override_reason: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    cancelled_late: Mapped[bool] = mapped_column(default=False)
    passed_over_reason: Mapped[str | None]
    passed_over_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    lacks_basis_since: Mapped[datetime | None]
    release_at: Mapped[datetime | None]
    asks: Mapped[str | None]
    answer_by: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    attended: Mapped[bool | None]

    __table_args__ = (
        CheckConstraint(
            "status IN ('requested', 'offered', 'confirmed', 'waiting', 'cancelled', 'declined')", name="known_status"
        ),
        Index(
            "uq_booking_live", "person_id", "training_session_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
        CheckConstraint("release_at IS NULL OR lacks_basis_since IS NOT NULL", name="released_for_a_reason"),
        UniqueConstraint("training_session_id", "request_number"),
        Index("ix_booking_release", "release_at"),
        Index("ix_booking_answer", "answer_by"),
        Index("ix_booking_queue", "training_session_id", "status", "request_number"),
    )


class AccessNeed(Base):
    """What somebody needs on the day (access, diet): seen by few and erased soon (B8)."""

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    needs: Mapped[str]
    erase_after: Mapped[datetime]


class SettleRequest(Base):
    """A session to settle again, because somebody waiting for it has become able to come."""

    id: Mapped[int] = mapped_column(primary_key=True)
    training_session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    requested_at: Mapped[datetime]


class DateWish(Base):
    """Somebody asked to be told when a module has a date for her; it is gone once she has been told."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    wished_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "module_id"), Index("ix_date_wish_module", "module_id"))
