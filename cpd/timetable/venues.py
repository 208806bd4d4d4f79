"""Venues and rooms as a scheme pack has them, kept up with each version that is adopted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.schemes import shape
from cpd.schemes.shape import Pack
from cpd.shared.reading import key
from cpd.timetable.models import Room, Venue


def follow_schemes(session: Session, adopted: list[tuple[int, Pack]]) -> None:
    """A scheme was adopted: its venues and rooms are there from now on, by all the names that it gives them.

    A venue or room that a later version leaves out stays, for sessions are held in it.
    """
    for organisation_id, pack in adopted:
        venues = _take_venues(session, organisation_id, pack)
        _take_rooms(session, {venues[each.code].id: each.rooms for each in pack.venues})


def _take_venues(session: Session, organisation_id: int, pack: Pack) -> dict[str, Venue]:
    """Add or change an organisation's venues, and return them by code."""
    there = session.scalars(select(Venue).where(Venue.organisation_id == organisation_id))
    venues = {venue.code: venue for venue in there}
    for each in pack.venues:
        if each.code not in venues:
            venues[each.code] = Venue(organisation_id=organisation_id, code=each.code)
            session.add(venues[each.code])
        _set(venues[each.code], _values(each))
    session.flush()
    return venues


def _take_rooms(session: Session, wanted: Mapping[int, Iterable[shape.Room]]) -> None:
    """Add or change the rooms of venues; one that a timetable brought under the same name becomes the pack's."""
    there = session.scalars(select(Room).where(Room.venue_id.in_(wanted))).all()
    for venue_id, rooms in wanted.items():
        by_code = {room.code: room for room in there if room.venue_id == venue_id}
        codes = {each.code for each in rooms}
        by_name = {key(room.name): room for code, room in by_code.items() if code not in codes}
        for each in rooms:
            room = by_code.get(each.code) or by_name.pop(key(each.name), None)
            if room is None:
                room = Room(venue_id=venue_id)
                session.add(room)
            _set(room, {"code": each.code, "name": each.name, "other_names": list(each.other_names)})


def _values(venue: shape.Venue) -> dict[str, Any]:
    """Give the columns of a venue as its pack has them."""
    return {
        "name": venue.name,
        "other_names": list(venue.other_names),
        "address": venue.address or "",
        "parking": venue.parking or "",
        "access": venue.access or "",
        "invented": [str(detail) for detail in venue.invented],
    }


def _set(row: Venue | Room, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
