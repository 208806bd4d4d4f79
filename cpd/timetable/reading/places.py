"""Which venue and room a row means, however they are spread over its cells.

A room cell may hold the venue (`Lamesley Room, Civic Centre`) and a venue cell the room; the more
particular one goes first, and a blank venue is the module's usual one (AMB-28). A room that is new
to a known venue is taken as new and reported; a venue that is not known is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpd.shared.reading import Unreadable, clean, is_blank, key, quoted
from cpd.timetable.reading.values import KnownRoom, KnownVenue

LISTED = 12
LONGEST_PLACE = 200

_REMARK = re.compile(
    r",?\s*\b(?:unless otherwise (?:stated|indicated|specified)|except where (?:otherwise )?stated)\b"
    r"|\([^()]*\b(?:pre-?)?(?:regist|book|drop)[^()]*\)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:venue|location|place|room|where)\s*:\s*", re.IGNORECASE)
_BOUNDARY = re.compile(r"\s*[,;:()|/]\s*|\s+-\s+|\s+(?:at|in)\s+|\s+", re.IGNORECASE)
_DIVIDES = re.compile(r"[,;:()|/]|\s-\s")
_EDGES = " ,;:()|/-"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is held; `remarks` are what a person should look at."""

    venue: str
    room: str | None = None
    room_code: str | None = None
    remarks: tuple[str, ...] = ()


class Places:
    """The venues that a timetable may speak of, with their rooms and those that it brings new."""

    def __init__(self, known: Sequence[KnownVenue]) -> None:
        self._venues = {venue.code: venue for venue in known}
        self._by_name: dict[str, dict[str, KnownVenue]] = {}
        self._rooms: dict[str, dict[str, KnownRoom]] = {}
        self._new_rooms: dict[tuple[str, str], str] = {}
        for venue in known:
            for name in filter(key, (venue.code, venue.name, *venue.other_names)):
                self._by_name.setdefault(key(name), {})[venue.code] = venue
            self._rooms[venue.code] = {
                key(name): room for room in venue.rooms for name in (room.code, room.name, *room.other_names)
            }

    def read(self, venue_text: str, room_text: str, usual: str | None) -> Place:
        """Find the venue and room; `usual` is the code of the venue that holds unless the texts say otherwise.

        Raises `Unreadable` (with the field at fault) for a venue that is not known or not given.
        """
        usual_venue = self._venues.get(usual or "")
        stated, stated_room = (None, "") if is_blank(venue_text) else self._in_venue_cell(venue_text, usual_venue)
        here = stated or usual_venue
        if is_blank(room_text):
            if here is None:
                raise Unreadable("no venue is given, and the module has no usual one", field="venue")
            return self._place(here, stated_room)
        venue, room = self._in_room_cell(room_text, here, stated)
        if stated_room and key(stated_room) != key(room):
            raise Unreadable(f"the venue's cell names another room: {quoted(stated_room)}", field="room")
        if stated and stated.code != venue.code:
            return self._place(venue, room, f"taken as {venue.name}, although the venue given is {stated.name}")
        return self._place(venue, room)

    def read_line(self, text: str) -> str | None:
        """Find the venue of a line such as `Civic Centre (no need to pre-register)`: its code, or None."""
        venue, rest = self._divide(_REMARK.sub("", _LABEL.sub("", clean(text))))
        return venue.code if venue and not rest else None

    def say_known(self) -> str:
        """List the known venues, for somebody who named another."""
        names = [venue.name for venue in self._venues.values()]
        more = " and others" if len(names) > LISTED else ""
        return f"the known venues are {'; '.join(names[:LISTED])}{more}" if names else "no venue is known yet"

    def _in_venue_cell(self, text: str, usual: KnownVenue | None) -> tuple[KnownVenue, str]:
        venue, rest = self._divide(text)
        if venue:
            return venue, rest
        owners = self._owners(text)
        if usual in owners or len(owners) == 1:
            return (usual if usual and usual in owners else owners[0]), text
        raise Unreadable(f"{quoted(text)} is not a known venue; {self.say_known()}", field="venue")

    def _in_room_cell(self, text: str, here: KnownVenue | None, stated: KnownVenue | None) -> tuple[KnownVenue, str]:
        if here and key(text) in self._rooms[here.code]:
            return here, text
        venue, rest = self._divide(text)
        if venue:
            return venue, rest
        owners = self._owners(text)
        if here is None and len(owners) == 1:
            return owners[0], text
        if here is None:
            raise Unreadable("no venue is given, and the module has no usual one", field="venue")
        if owners and not stated:
            raise Unreadable(f"{quoted(text)} is a room of {owners[0].name}, not of {here.name}", field="room")
        if not stated and _DIVIDES.search(clean(text)):
            raise Unreadable(f"{quoted(text)} names no known venue; {self.say_known()}", field="room")
        return here, text

    def _place(self, venue: KnownVenue, room: str, *remarks: str) -> Place:
        name = clean(room).strip(_EDGES)
        if not key(name):
            return Place(venue.code, remarks=remarks)
        known = self._rooms[venue.code].get(key(name))
        if known:
            return Place(venue.code, known.name, known.code, remarks)
        if (venue.code, key(name)) not in self._new_rooms:
            self._new_rooms[venue.code, key(name)] = name
            names = ", ".join(room.name for room in venue.rooms[:LISTED]) or "none yet"
            remarks += (f"{quoted(name)} is taken as a new room of {venue.name} (known there: {names})",)
        return Place(venue.code, self._new_rooms[venue.code, key(name)], None, remarks)

    def _venue(self, text: str) -> KnownVenue | None:
        found = self._by_name.get(key(text), {})
        if len(found) > 1:
            names = " or ".join(sorted(venue.name for venue in found.values()))
            raise Unreadable(f"{quoted(text)} could be {names}", field="venue")
        return next(iter(found.values()), None)

    def _owners(self, text: str) -> list[KnownVenue]:
        """List the venues that have a room of this name."""
        return [venue for code, venue in self._venues.items() if key(text) in self._rooms[code]]

    def _divide(self, text: str) -> tuple[KnownVenue | None, str]:
        """Divide a text into the venue that it names, first or last, and what else it says (the room)."""
        line = clean(text).strip(_EDGES)
        if len(line) > LONGEST_PLACE:
            raise Unreadable(f"{quoted(text)} is too long for a venue or a room")
        if venue := self._venue(line):
            return venue, ""
        whole = key(line)
        if not any(name in whole for name in self._by_name):
            return None, line
        for venue, rest in self._divisions(line):
            other, remainder = self._divide(rest)
            if other and other.code != venue.code:
                raise Unreadable(f"{quoted(text)} names two venues: {other.name} and {venue.name}")
            return venue, remainder
        return None, line

    def _divisions(self, line: str) -> Iterator[tuple[KnownVenue, str]]:
        """Try every boundary, the longest venue first; between bare words the rest must be a room known there."""
        boundaries = list(_BOUNDARY.finditer(line))
        ends = [(line[found.end() :], line[: found.start()], found[0]) for found in boundaries]
        starts = [(line[: found.start()], line[found.end() :], found[0]) for found in reversed(boundaries)]
        for name, rest, boundary in ends + starts:
            venue = self._venue(name)
            if venue and (boundary.strip() or key(rest) in self._rooms[venue.code]):
                yield venue, rest.strip(_EDGES)
