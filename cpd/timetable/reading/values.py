"""What goes into the reading of a timetable and what comes out of it: frozen values, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cpd.shared.reading import Note

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class KnownModule:
    """A module that sessions may be of. `number_label` is the council's number: `4` or `Module 4`."""

    code: str
    number_label: str = ""
    title: str = ""
    other_names: tuple[str, ...] = ()
    default_venue: str | None = None  # the code of the venue where it is held unless otherwise stated


@dataclass(frozen=True, slots=True)
class KnownRoom:
    """A room that exists already, by its code, its name and what else people call it."""

    code: str
    name: str
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownVenue:
    """A venue that exists already, with its rooms."""

    code: str
    name: str
    other_names: tuple[str, ...] = ()
    rooms: tuple[KnownRoom, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that a timetable may speak of."""

    modules: tuple[KnownModule, ...]
    venues: tuple[KnownVenue, ...]


@dataclass(frozen=True, slots=True)
class ReadDay:
    """One day of a session: aware moments in UTC, the venue's code, and the room.

    `room` is the known name, or the name as written where the room is new to the venue: then
    `room_code` is None. Both are None where no room is given.
    """

    starts_at: datetime
    ends_at: datetime
    venue: str
    room: str | None = None
    room_code: str | None = None


@dataclass(frozen=True, slots=True)
class ReadSession:
    """One session as it was read; `days` are in order of time.

    `raw` is the row or line as written and `place_as_written` its venue and room, kept beside what
    was made of them (AMB-28). Without a capacity the session is unlimited (AMB-27).
    """

    row: int
    module: str
    days: tuple[ReadDay, ...]
    session_ref: str | None = None
    capacity: int | None = None
    booking_opens: date | None = None
    booking_closes: date | None = None
    facilitator: str | None = None
    place_as_written: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ReadTimetable:
    """What a file says: the sessions, the rows that wait for a decision, and what was refused and why.

    A held-back row (something in it is still to be confirmed) stops nothing else. `warnings` are
    readings that a person should look at, and what was not read at all.
    """

    sessions: tuple[ReadSession, ...] = ()
    held_back: tuple[Note, ...] = ()
    refused: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def session_days(self) -> int:
        """How many dated parts the sessions have together."""
        return sum(len(session.days) for session in self.sessions)
