"""How what a timetable says meets what is there already: which session a row means, which day, whose room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cpd.shared.reading import Note
from cpd.timetable.reading.values import ReadDay, ReadSession


@dataclass(frozen=True, slots=True)
class SessionKey:
    """What a session that is there is recognised by."""

    id: int
    module_id: int
    session_ref: str | None
    status: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class DayThere:
    """A day of a session as it is now; `place` says it in words."""

    id: int
    starts_at: datetime
    ends_at: datetime
    venue_id: int | None
    room_id: int | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class RoomTime:
    """A room wanted or held from one moment until another; `who` is a row, or the words for a session."""

    room_id: int
    starts_at: datetime
    ends_at: datetime
    who: int | str


@dataclass(slots=True)
class Matches:
    """Which session each row means, by row; a row that is in none of these brings a new session."""

    found: dict[int, SessionKey] = field(default_factory=dict)
    held_back: list[Note] = field(default_factory=list)
    refused: list[Note] = field(default_factory=list)

    @property
    def noted(self) -> set[int]:
        """The rows about which something has to be said first."""
        return {note.row for note in (*self.held_back, *self.refused)}


def match(sessions: Sequence[ReadSession], there: Collection[SessionKey], module_ids: Mapping[str, int]) -> Matches:
    """Find the session that each row means: by its reference, else by its module and the start of its first day.

    Rows with a reference choose first. What was cancelled since is held back, so that an old file does not
    bring it to life.
    """
    by_reference = {each.session_ref: each for each in there if each.session_ref}
    by_start: defaultdict[tuple[int, datetime], list[SessionKey]] = defaultdict(list)
    for each in there:
        by_start[each.module_id, each.starts_at].append(each)
    matches, taken = Matches(), set[int]()
    for session in sorted(sessions, key=lambda each: each.session_ref not in by_reference):
        module_id = module_ids[session.module]
        known = by_reference.get(session.session_ref or "")
        if known and known.module_id != module_id:
            reason = f"the reference {session.session_ref} belongs to a session of another module"
            matches.refused.append(Note(session.row, "session_ref", reason))
            continue
        same = [known] if known else _at_same_start(session, by_start[module_id, session.days[0].starts_at])
        same = [each for each in same if each.id not in taken]
        if len(same) > 1:
            reason = f"{len(same)} sessions of {session.module} start then: give the reference of the one that is meant"
            matches.refused.append(Note(session.row, "session_ref", reason))
        elif same and same[0].status == "cancelled":
            matches.held_back.append(Note(session.row, "start_date", "this session was cancelled since"))
        elif same:
            matches.found[session.row] = same[0]
            taken.add(same[0].id)
    return matches


def _at_same_start(session: ReadSession, there: Sequence[SessionKey]) -> list[SessionKey]:
    """List which sessions a row may mean that has no reference of its own, or one that nobody has yet."""
    fitting = [each for each in there if not (session.session_ref and each.session_ref)]
    return [each for each in fitting if each.status != "cancelled"] or fitting[:1]


def pair_days(
    there: Sequence[DayThere], wanted: Sequence[ReadDay]
) -> tuple[list[tuple[DayThere | None, ReadDay]], list[DayThere]]:
    """Say which day becomes which, so that calendars move an event rather than end it and begin another.

    A day stays itself on its date; the others go on in order. Returns the pairs in the order wanted, a new
    day beside None, and the days that are no longer there.
    """
    left = list(there)
    by_date = {day.starts_at.date(): day for day in there}
    kept: dict[int, DayThere] = {}
    for place, day in enumerate(wanted):
        if same := by_date.pop(day.starts_at.date(), None):
            kept[place] = same
            left.remove(same)
    pairs = [(kept.get(place) or (left.pop(0) if left else None), day) for place, day in enumerate(wanted)]
    return pairs, left


def clashes(wanted: Collection[RoomTime], held: Collection[RoomTime]) -> Iterator[tuple[RoomTime, RoomTime]]:
    """Find each room that is wanted while somebody else has it; one may start when the other ends."""
    by_room: defaultdict[int, list[RoomTime]] = defaultdict(list)
    for each in held:
        by_room[each.room_id].append(each)
    for one in wanted:
        for other in by_room[one.room_id]:
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                yield one, other
