"""Sessions as plain frozen values, for rules and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One dated, timed part of a session; moments are aware UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    room: str
    is_online: bool
    venue_id: int | None = None

    @property
    def place(self) -> str:
        """`Bridges Room, Civic Centre`, `Online`, or both."""
        where = ", ".join(part for part in (self.room, self.venue) if part)
        if not self.is_online:
            return where
        return f"{where}, or online" if where else "Online"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One offering of a module. `capacity` None means no limit; booking dates are inclusive or None.

    `open_to` are the organisations whose people may come: its own and those it was opened to.
    """

    days: tuple[DayFacts, ...]
    id: int
    organisation_id: int
    module_id: int
    status: str
    capacity: int | None
    capacity_invented: bool
    places_taken: int
    booking_opens_on: date | None
    booking_closes_on: date | None
    starts_at: datetime
    ends_at: datetime
    facilitator_names: str
    note: str
    created_at: datetime

    @property
    def free_places(self) -> int | None:
        """How many places nobody holds; None means no limit."""
        return None if self.capacity is None else self.capacity - self.places_taken
