"""What taking a timetable would do, row by row; nothing is written, and the number of queries does not grow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.wording import date_words, day_words, days_words, span_words
from cpd.timetable import service, there
from cpd.timetable.bank_holidays import bank_holidays
from cpd.timetable.facilitators import Named, named_in
from cpd.timetable.reading import Note, ReadDay, ReadSession, ReadTimetable
from cpd.timetable.rules import DayThere, Matches, RoomTime, SessionKey, clashes, match, pair_days
from cpd.timetable.there import Places, SessionThere

SAID_ONCE = {
    "booking_opens": "booking_opens_on",
    "booking_closes": "booking_closes_on",
    "facilitator": "facilitator_names",
}
"""What a file may say of a session as a whole. An empty cell says nothing, so what is there stays."""

PARTS = {"booking_opens": "booking dates", "booking_closes": "booking dates", "facilitator": "facilitator"}


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day as it will be; `id` None is new, and `new_room` the name of a room that the venue has not yet."""

    id: int | None
    starts_at: datetime
    ends_at: datetime
    venue_id: int
    room_id: int | None
    new_room: str = ""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What taking one row does. `changes` name the parts that change; a new session has no `session`.

    `was` says in words when and where it is now, if that changes; `removed` are the days that fall away.
    `named` is whom the row names as facilitators, `facilitator_ids` the accounts that are linked then; both are None
    where the row names nobody.
    """

    read: ReadSession
    module: ModuleFacts
    days: tuple[PlannedDay, ...]
    session: SessionThere | None = None
    removed: tuple[DayThere, ...] = ()
    changes: tuple[str, ...] = ()
    was: str = ""
    named: Named | None = None
    facilitator_ids: frozenset[int] | None = None

    @property
    def is_new(self) -> bool:
        """Whether the row brings a session that was not there."""
        return self.session is None


@dataclass(slots=True)
class Plan:
    """What taking a whole timetable does; one refusal and nothing of it is done.

    `absent` are the sessions of the programme that the file does not name, in words.
    """

    rows: list[RowPlan] = field(default_factory=list)
    held_back: list[Note] = field(default_factory=list)
    refused: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def match_rows(programme: ProgrammeFacts, read: ReadTimetable) -> tuple[Matches, list[SessionKey]]:
    """Find which session each row means, and list the sessions among which it was looked for."""
    module_ids = {each.module_code: each.module_id for each in programme.elements}
    references = [each.session_ref for each in read.sessions if each.session_ref]
    keys = there.session_keys(programme.organisation_id, module_ids.values(), references)
    return match(read.sessions, keys, module_ids), keys


def plan(programme: ProgrammeFacts, read: ReadTimetable, *, publish: bool) -> Plan:
    """Say what taking a timetable would do: what is new, what changes, and what stands against it."""
    return plan_matched(programme, read, *match_rows(programme, read), publish=publish)


def plan_matched(
    programme: ProgrammeFacts, read: ReadTimetable, matches: Matches, keys: Sequence[SessionKey], *, publish: bool
) -> Plan:
    """Say what taking a timetable would do once it is known which sessions it means."""
    found = {row: each.id for row, each in matches.found.items()}
    sessions, days = there.sessions_there(found.values()), there.days_there(found.values())
    modules = catalogue.modules_by_id([each.module_id for each in programme.elements])
    by_code = {each.code: each for each in modules.values()}
    places = there.places_of(programme.organisation_id)
    named, linked = named_in(programme.organisation_id, read.sessions), service.facilitators_of(found.values())
    rows = [
        _with_facilitators(
            _row(
                _shown(row, named),
                by_code[row.module],
                sessions.get(number),
                days.get(number, []),
                places,
                publish=publish,
            ),
            named.get(row.row),
            frozenset(linked.get(number, ())),
        )
        for row in read.sessions
        if row.row not in matches.noted
        for number in [found.get(row.row, 0)]
    ]
    against = [*_too_few_places(rows), *_room_clashes(rows, found.values())]
    refused = _by_row(read.refused, matches.refused, against)
    return Plan(
        rows,
        _by_row(read.held_back, matches.held_back),
        refused,
        _by_row(read.warnings, _on_bank_holidays(read.sessions), _unclear_facilitators(named)),
        [] if refused else list(_absent(keys, set(found.values()), modules, read)),
    )


def _by_row(*notes: Collection[Note] | Iterator[Note]) -> list[Note]:
    """Put notes in the order of the file."""
    return sorted((note for some in notes for note in some), key=lambda note: note.row)


def _row(
    read: ReadSession,
    module: ModuleFacts,
    session: SessionThere | None,
    days: Sequence[DayThere],
    places: Places,
    *,
    publish: bool,
) -> RowPlan:
    """Compare one row with the session that it means."""
    pairs, removed = pair_days(days, read.days)
    planned = tuple(_day(day, wanted, places) for day, wanted in pairs)
    if session is None:
        return RowPlan(read, module, planned)
    kept = [(day, new) for (day, _), new in zip(pairs, planned, strict=True) if day]
    changes = [
        *(["time"] if removed or len(kept) < len(planned) or any(map(_is_moved, kept)) else []),
        *(["place"] if any(new.new_room or _place(day) != _place(new) for day, new in kept) else []),
        *_changes_of_the_whole(read, session),
        *(["published"] if publish and session.status == "draft" else []),
    ]
    was = _in_words(days) if {"time", "place"} & set(changes) else ""
    return RowPlan(read, module, planned, session, tuple(removed), tuple(dict.fromkeys(changes)), was)


def _shown(read: ReadSession, named: Mapping[int, Named]) -> ReadSession:
    """Show facilitators by their names where the file gives e-mail addresses."""
    return replace(read, facilitator=named[read.row].names) if read.row in named else read


def _with_facilitators(row: RowPlan, named: Named | None, linked: frozenset[int]) -> RowPlan:
    """Say whose accounts are linked: those whom the row names, and where it names the same, whom an officer added."""
    if named is None:
        return row
    is_same = row.session is not None and row.session.facilitator_names == named.names
    ids = named.ids | linked if is_same else named.ids
    changes = [*row.changes, *(["facilitator"] if row.session and ids != linked else [])]
    return replace(row, changes=tuple(dict.fromkeys(changes)), named=named, facilitator_ids=ids)


def _unclear_facilitators(named: Mapping[int, Named]) -> Iterator[Note]:
    """Point out whom nobody could link."""
    for row, each in named.items():
        for reason in each.notes:
            yield Note(row, "facilitator", reason)


def _day(day: DayThere | None, wanted: ReadDay, places: Places) -> PlannedDay:
    """Say what a day will be."""
    venue_id = places.venues[wanted.venue]
    room_id = places.find_room(venue_id, wanted.room)
    new_room = wanted.room if wanted.room and room_id is None else ""
    return PlannedDay(day.id if day else None, wanted.starts_at, wanted.ends_at, venue_id, room_id, new_room)


def _is_moved(pair: tuple[DayThere, PlannedDay]) -> bool:
    day, new = pair
    return (day.starts_at, day.ends_at) != (new.starts_at, new.ends_at)


def _place(day: DayThere | PlannedDay) -> tuple[int | None, int | None]:
    return day.venue_id, day.room_id


def _changes_of_the_whole(read: ReadSession, session: SessionThere) -> Iterator[str]:
    """Name what a row changes of a session besides its days."""
    if read.capacity not in (None, session.capacity):
        yield "places"
    for said, column in SAID_ONCE.items():
        if getattr(read, said) not in (None, getattr(session, column)):
            yield PARTS[said]
    if read.session_ref not in (None, session.session_ref):
        yield "reference"


def _in_words(days: Sequence[DayThere]) -> str:
    """Say when and where a session is now."""
    places = dict.fromkeys(day.place for day in days if day.place)
    return ", ".join([days_words((day.starts_at, day.ends_at) for day in days), *places])


def _too_few_places(rows: Sequence[RowPlan]) -> Iterator[Note]:
    """Refuse fewer places than are taken: it has to be said first who goes back (at the desk)."""
    for each in rows:
        wanted = each.read.capacity
        if each.session and wanted is not None and wanted < each.session.places_taken:
            reason = f"{each.session.places_taken} people have a place: {wanted} places are too few for them"
            yield Note(each.read.row, "capacity", reason)


def _room_clashes(rows: Sequence[RowPlan], matched: Collection[int]) -> Iterator[Note]:
    """Refuse a room that another session has at the time, naming both."""
    titles = {each.read.row: each.module.full_title for each in rows}
    wanted = [
        RoomTime(day.room_id, day.starts_at, day.ends_at, each.read.row)
        for each in rows
        for day in each.days
        if day.room_id
    ]
    said: set[int] = set()
    for one, other in clashes(wanted, there.rooms_held(wanted, matched)):
        row = int(one.who)
        if row not in said:
            said.add(row)
            when = f"{day_words(one.starts_at, year=True)} from {span_words(one.starts_at, one.ends_at)}"
            yield Note(row, "room", f"{titles[row]} wants it on {when}, but {other.who}")


def _on_bank_holidays(sessions: Sequence[ReadSession]) -> Iterator[Note]:
    """Warn of days on which hardly anybody is at work."""
    for session in sessions:
        for on in (in_london(day.starts_at).date() for day in session.days):
            if name := bank_holidays(on.year).get(on):
                yield Note(session.row, "start_date", f"{day_words(on, year=True)} is a bank holiday: {name}")


def _absent(
    keys: Sequence[SessionKey], found: Collection[int], modules: dict[int, ModuleFacts], read: ReadTimetable
) -> Iterator[str]:
    """Name the sessions of the programme, ahead or in the months of which the file speaks, that it does not name."""
    months = {_month(day.starts_at) for session in read.sessions for day in session.days}
    now = clock.now()
    for each in keys:
        spoken_of = each.starts_at > now or _month(each.starts_at) in months
        if each.id not in found and each.status != "cancelled" and each.module_id in modules and spoken_of:
            begins = in_london(each.starts_at)
            yield f"{modules[each.module_id].full_title}, {date_words(begins)}, {begins:%H:%M}"


def _month(moment: datetime) -> date:
    return in_london(moment).date().replace(day=1)
