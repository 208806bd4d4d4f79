"""What a file would bring, put beside what is written in it: what stands in the way first, then row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from cpd.booking import importing as bookings
from cpd.booking.rules import Status
from cpd.desk.importing import programme_of, read_people_file
from cpd.desk.uploads import Upload
from cpd.people import importing as people
from cpd.people.reading import ReadPerson
from cpd.shared.reading import Note
from cpd.shared.tables import TableRefused, read_table
from cpd.shared.wording import and_words, date_words, day_words, span_words
from cpd.timetable import service as timetable
from cpd.timetable.files import OpenedFile, fields_of, find_mapping, open_file, read_opened
from cpd.timetable.importing import Outcome, import_timetable
from cpd.timetable.planning import RowPlan
from cpd.timetable.reading import ReadTimetable

MOST_SHOWN = 1000
"""How many rows a page shows; the others are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not taken: what is written in it, and everything that is to be put right or settled."""

    row: int
    raw: str
    notes: tuple[tuple[str, str], ...]
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A row as it was understood, beside what is written in it; `standing` says what taking it does."""

    row: int
    raw: str
    title: str
    when: str
    where: str
    more: tuple[str, ...]
    standing: str
    tone: str
    was: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimetablePreview:
    """What a timetable would bring. `unreadable` is why it could not be read as a whole, `fields` its columns."""

    upload: Upload
    programme: str
    year: int | None
    fields: Mapping[str, str]
    unreadable: str = ""
    outcome: Outcome | None = None
    problems: Sequence[Problem] = ()
    rows: Sequence[SessionRow] = ()
    remarks: Sequence[Problem] = ()
    has_drafts: bool = False
    most_shown: ClassVar[int] = MOST_SHOWN


@dataclass(frozen=True, slots=True)
class PeoplePreview:
    """What a file of people would bring; `unreadable` is why it could not be read as a whole."""

    upload: Upload
    unreadable: str = ""
    outcome: people.Outcome | None = None
    problems: Sequence[Problem] = ()
    people: Sequence[ReadPerson] = ()
    most_shown: ClassVar[int] = MOST_SHOWN


@dataclass(frozen=True, slots=True)
class BookingsPreview:
    """What a file of bookings would bring; `unreadable` is why it could not be read as a whole."""

    upload: Upload
    unreadable: str = ""
    outcome: bookings.Outcome | None = None
    problems: Sequence[Problem] = ()
    rows: Sequence[tuple[bookings.TakenRow, str, str]] = ()
    most_shown: ClassVar[int] = MOST_SHOWN

    @property
    def lacking(self) -> int:
        """How many places would lack something that they rest on: these people are told."""
        return sum(each.lacks_basis for each in self.outcome.rows) if self.outcome else 0


def preview_timetable(upload: Upload) -> TimetablePreview:
    """Say what taking a timetable would do; nothing is written.

    Raises:
        UploadGone: its programme has been withdrawn since.
    """
    programme = programme_of(upload)
    opened = open_file(upload.filename, upload.content)
    mapping = upload.options.get("mapping") or find_mapping(programme.organisation_id, opened.headings)
    shown: dict[str, Any] = {
        "upload": upload,
        "programme": programme.title,
        "year": upload.options.get("year"),
        "fields": fields_of(opened, mapping),
    }
    try:
        read = read_opened(opened, programme, year=upload.options.get("year"), mapping=mapping)
    except TableRefused as refused:
        return TimetablePreview(**shown, unreadable=refused.reason)
    outcome = import_timetable(programme, read, by=None, dry_run=True)
    raw = opened.raw()
    remarks = _by_row(outcome.warnings)
    venues = dict(timetable.venue_names(programme.organisation_id))
    return TimetablePreview(
        **shown,
        outcome=outcome,
        problems=[*_problems(outcome.refused, raw), *_problems(outcome.held_back, raw, held_back=True)],
        rows=[_session_row(row, venues, remarks) for row in outcome.rows[:MOST_SHOWN]],
        remarks=_problems(_about_no_session(outcome, read), raw),
        has_drafts=any(row.session and row.session.status == "draft" for row in outcome.rows),
    )


def fields_of_upload(upload: Upload) -> dict[str, str]:
    """Say for each heading of a timetable which field it is thought to stand for. Raises `TableRefused`."""
    opened = open_file(upload.filename, upload.content)
    mapping = upload.options.get("mapping") or find_mapping(programme_of(upload).organisation_id, opened.headings)
    return fields_of(opened, mapping)


def preview_people(upload: Upload, *, by: int) -> PeoplePreview:
    """Say what taking a file of people would do; nothing is written."""
    try:
        read = read_people_file(upload)
    except TableRefused as refused:
        return PeoplePreview(upload, refused.reason)
    outcome = people.import_people(read, by=by, dry_run=True, take_good_rows=True)
    raw = OpenedFile(read_table(upload.filename, upload.content)).raw() if outcome.refused else {}
    return PeoplePreview(upload, "", outcome, _problems(outcome.refused, raw), read.people[:MOST_SHOWN])


def preview_bookings(upload: Upload, *, by: int) -> BookingsPreview:
    """Say what taking a file of bookings would do; nothing is written."""
    try:
        outcome = bookings.try_bookings(upload.filename, upload.content, by=by)
    except TableRefused as refused:
        return BookingsPreview(upload, refused.reason)
    told = outcome.refused or outcome.held_back
    raw = OpenedFile(read_table(upload.filename, upload.content)).raw() if told else {}
    problems = [*_problems(outcome.refused, raw), *_problems(outcome.held_back, raw, held_back=True)]
    rows = [(row, *_standing_of_booking(row)) for row in outcome.rows[:MOST_SHOWN]]
    return BookingsPreview(upload, "", outcome, problems, rows)


def _standing_of_booking(row: bookings.TakenRow) -> tuple[str, str]:
    """Say what taking a row does, in words and a tone."""
    if not row.is_new:
        return "There already", "done"
    if row.lacks_basis:
        return "Place, but something is missing", "attention"
    if row.status is Status.WAITING:
        return "Waiting list", "waiting"
    return ("Place", "booked") if row.said is Status.CONFIRMED else ("A place is free", "open")


def _session_row(row: RowPlan, venues: Mapping[int, str], remarks: Mapping[int, Sequence[Note]]) -> SessionRow:
    """Put one row into words."""
    read = row.read
    standing, tone = _standing(row)
    first = read.days[0]  # all days of a row have the same times
    on = and_words(day_words(day.starts_at, year=True) for day in read.days)
    places = zip(read.days, row.days, strict=True)
    where = [", ".join(filter(None, (day.room, venues[planned.venue_id]))) for day, planned in places]
    return SessionRow(
        read.row,
        read.raw,
        row.module.full_title,
        f"{on}, {span_words(first.starts_at, first.ends_at)}",
        and_words(dict.fromkeys(where)),
        tuple(_more(row)),
        standing,
        tone,
        row.was,
        tuple(note.reason for note in remarks.get(read.row, ())),
    )


def _standing(row: RowPlan) -> tuple[str, str]:
    """Say what taking a row does, in words and a tone."""
    if row.is_new:
        return "New", "open"
    if row.changes:
        return f"Changes: {and_words(row.changes)}", "waiting"
    return "There already", "done"


def _more(row: RowPlan) -> Iterable[str]:
    """Say what a row gives besides when and where."""
    read = row.read
    if read.session_ref:
        yield f"Reference {read.session_ref}"
    if read.capacity is not None:
        yield f"{read.capacity} places"
    elif row.is_new and not row.module.is_drop_in:
        yield "No limit of places"
    if read.booking_opens:
        yield f"Booking opens on {date_words(read.booking_opens)}"
    if read.booking_closes:
        yield f"Booking closes on {date_words(read.booking_closes)}"
    if read.facilitator:
        linked = and_words(row.named.linked) if row.named else ""
        yield f"Facilitator: {read.facilitator} ({f'account {linked}' if linked else 'a name without an account'})"


def _about_no_session(outcome: Outcome, read: ReadTimetable) -> list[Note]:
    """List the remarks about what became no session: columns, sheets, and lines that were not read."""
    rows = {each.row for each in read.sessions}
    return [note for note in outcome.warnings if note.row not in rows]


def _problems(notes: Collection[Note], raw: Mapping[int, str], *, held_back: bool = False) -> list[Problem]:
    """Gather what there is to say about each row."""
    return [
        Problem(row, raw.get(row, ""), tuple((note.column, note.reason) for note in about), held_back)
        for row, about in list(_by_row(notes).items())[:MOST_SHOWN]
    ]


def _by_row(notes: Collection[Note]) -> dict[int, list[Note]]:
    by_row: defaultdict[int, list[Note]] = defaultdict(list)
    for note in notes:
        by_row[note.row].append(note)
    return by_row
