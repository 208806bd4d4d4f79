"""What helps beside a message's facts, as it stands now: where to go, what to bring, how to give the place back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import LIVE
from cpd.catalogue.models import Module
from cpd.messages import giving_back
from cpd.messages.words import Around, Place
from cpd.shared.database import db
from cpd.timetable.models import TrainingSession, Venue
from cpd.timetable.service import VenueFacts

MAP = "https://www.openstreetmap.org/search?query="


class Row(Protocol):
    """A message as it stands in the outbox."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def organisation_id(self) -> int:
        """Whose session it is about."""

    @property
    def person_id(self) -> int:
        """Who is told."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What was true when it was written."""


def around(rows: Collection[Row]) -> dict[int, Around]:
    """Find out for each message what helps beside its facts: three queries, however many there are."""
    about = [row for row in rows if "session_id" in row.facts]
    found = {row.id: Around() for row in rows}
    if about:
        venues = _venues({row.organisation_id for row in about})
        bring = _what_to_bring({row.facts["session_id"] for row in about})
        bookings = _live_bookings({row.person_id for row in about}, {row.facts["session_id"] for row in about})
        for row in about:
            session_id = row.facts["session_id"]
            booking_id = bookings.get((row.person_id, session_id))
            link = giving_back.address_of(booking_id) if booking_id else ""
            places = _places(row.facts["days"], venues.get(row.organisation_id, []))
            found[row.id] = Around(places, bring.get(session_id, ""), link)
    return found


def _places(days: Collection[Collection[str]], venues: Collection[VenueFacts]) -> tuple[Place, ...]:
    """Find the buildings that a message names, by what it called them then."""
    named = [place.removesuffix(", or online") for _, _, place in days]
    found = {
        venue.name: Place(venue.name, venue.words("address"), MAP + quote(venue.address, safe=""))
        for venue in venues
        if venue.address and any(place == venue.name or place.endswith(f", {venue.name}") for place in named)
    }
    return tuple(found.values())


def _venues(organisation_ids: Collection[int]) -> dict[int, list[VenueFacts]]:
    """Read the buildings of organisations."""
    columns = (Venue.id, Venue.name, Venue.address, Venue.parking, Venue.access, Venue.invented)
    wanted = select(Venue.organisation_id, *columns).where(Venue.organisation_id.in_(organisation_ids))
    found: dict[int, list[VenueFacts]] = {}
    for row in db.session.execute(wanted.order_by(Venue.id)):
        venue = VenueFacts(row.id, row.name, row.address, row.parking, row.access, row.invented)
        found.setdefault(row.organisation_id, []).append(venue)
    return found


def _what_to_bring(session_ids: Collection[int]) -> dict[int, str]:
    """Read what people are asked to bring to sessions."""
    wanted = (
        select(TrainingSession.id, Module.what_to_bring)
        .join(Module, Module.id == TrainingSession.module_id)
        .where(TrainingSession.id.in_(session_ids))
    )
    return {row.id: row.what_to_bring for row in db.session.execute(wanted)}


def _live_bookings(person_ids: Collection[int], session_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Read the bookings that can be given back, by person and session."""
    wanted = select(Booking.person_id, Booking.training_session_id, Booking.id).where(
        Booking.person_id.in_(person_ids), Booking.training_session_id.in_(session_ids), Booking.status.in_(LIVE)
    )
    return {(person_id, session_id): booking_id for person_id, session_id, booking_id in db.session.execute(wanted)}
