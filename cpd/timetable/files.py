"""A file of a timetable, opened once: what it says of a programme, by its own columns or a mapping of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ProgrammeFacts
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.reading import Findings, key
from cpd.shared.tables import Table, TableRefused, check_size, decode, match_columns, read_table
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.models import ColumnMapping, Room, Venue
from cpd.timetable.reading import Known, KnownModule, KnownRoom, KnownVenue, ReadTimetable, read_pasted
from cpd.timetable.reading.columns import WORDINGS, columns_of
from cpd.timetable.reading.rows import read_rows
from cpd.timetable.reading.sessions import finish

PLAIN_TEXT = ".txt"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that can be read as a whole: a table, or the lines of a text."""

    table: Table | None
    text: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns; a text has none."""
        return tuple(filter(None, self.table.header.cells)) if self.table else ()

    def raw(self) -> dict[int, str]:
        """Give each row or line as it is written, by its number."""
        if self.table is None:
            return {row: line.strip() for row, line in enumerate(self.text.splitlines(), start=1)}
        rows = (*self.table.titles, self.table.header, *self.table.rows)
        return {row.number: " | ".join(filter(None, row.cells)) for row in rows}


def open_file(filename: str, content: bytes) -> OpenedFile:
    """Open a .csv, .xlsx, .xls, .ods or .txt file. Raises `TableRefused` where that cannot be done."""
    if not filename.lower().endswith(PLAIN_TEXT):
        return OpenedFile(read_table(filename, content))
    check_size(content)
    text = decode(content)
    if not text.strip():
        raise TableRefused("There is no text.")
    return OpenedFile(None, text)


def read_opened(
    opened: OpenedFile, programme: ProgrammeFacts, *, year: int | None = None, mapping: Mapping[str, str] | None = None
) -> ReadTimetable:
    """Read what an opened file says of a programme's sessions.

    Without a `mapping` (heading to field, or to "" for a column to leave out) the one that the organisation
    has saved for these headings holds. Raises `TableRefused`.
    """
    known = known_for(programme)
    if opened.table is None:
        return read_pasted(opened.text, known, year=year)
    if mapping is None:
        mapping = find_mapping(programme.organisation_id, opened.headings)
    findings = Findings()
    return finish(read_rows(opened.table, known, mapping, findings), year, findings)


def known_for(programme: ProgrammeFacts) -> Known:
    """Load what a programme's timetable may speak of: its modules, and the organisation's venues and rooms."""
    modules = catalogue.modules_by_id([each.module_id for each in programme.elements]).values()
    wanted = (
        select(Venue.code, Venue.name, Venue.other_names, Room.code, Room.name, Room.other_names)
        .outerjoin(Room, Room.venue_id == Venue.id)
        .where(Venue.organisation_id == programme.organisation_id)
        .order_by(Venue.id, Room.id)
    )
    venues: dict[tuple[str, str, tuple[str, ...]], list[KnownRoom]] = {}
    for code, name, other_names, room_code, room_name, room_names in db.session.execute(wanted):
        rooms = venues.setdefault((code, name, tuple(other_names)), [])
        if room_code is not None:
            rooms.append(KnownRoom(room_code, room_name, tuple(room_names)))
    return Known(
        tuple(
            KnownModule(each.code, each.number_label, each.title, each.other_names, each.default_venue or None)
            for each in modules
        ),
        tuple(KnownVenue(*venue, tuple(rooms)) for venue, rooms in venues.items()),
    )


def fields_of(opened: OpenedFile, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Say for each heading which field it stands for; "" for one that is not known or is left out."""
    if opened.table is None:
        return {}
    try:
        headings = columns_of(opened.table.header, mapping)
    except TableRefused:
        try:
            headings = match_columns(opened.table.header.cells, WORDINGS, saved=mapping)
        except TableRefused:  # two columns that say the same: somebody has to choose
            return dict.fromkeys(opened.headings, "")
    cells = opened.table.header.cells
    return dict.fromkeys(opened.headings, "") | {cells[at]: field for field, at in headings.positions.items()}


def find_mapping(organisation_id: int, headings: tuple[str, ...]) -> dict[str, str] | None:
    """Return what an organisation has saved about these headings, in any order and spelling, or None."""
    wanted = select(ColumnMapping.mapping).where(
        ColumnMapping.organisation_id == organisation_id, ColumnMapping.headings_key == _headings_key(headings)
    )
    return db.session.scalar(wanted)


@one_transaction
def save_mapping(organisation_id: int, headings: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    """Remember for what these headings stand, so that nobody needs to say it again."""
    where = {"organisation_id": organisation_id, "headings_key": _headings_key(headings)}
    saved = db.session.scalars(select(ColumnMapping).filter_by(**where).with_for_update()).one_or_none()
    if saved is None:
        saved = ColumnMapping(**where)
        db.session.add(saved)
    saved.mapping = dict(mapping)
    saved.saved_at = clock.now()


def _headings_key(headings: tuple[str, ...]) -> str:
    """Name a set of headings."""
    return hashlib.sha256("|".join(sorted(map(key, headings))).encode()).hexdigest()
