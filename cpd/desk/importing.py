"""Taking files at the desk and by command, where what follows from them reaches over several floors."""

from __future__ import annotations

from cpd.booking import importing as bookings
from cpd.booking.capacity import change_capacity
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ProgrammeFacts
from cpd.desk.uploads import Upload, UploadGone, forget_upload
from cpd.people import importing as people
from cpd.people.reading import ReadPeople, people_in
from cpd.shared.tables import read_table
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.files import OpenedFile, open_file, read_opened, save_mapping
from cpd.timetable.importing import Outcome, import_timetable
from cpd.timetable.reading import ReadTimetable


@one_transaction
def take_timetable(programme: ProgrammeFacts, read: ReadTimetable, *, by: int | None, publish: bool = False) -> Outcome:
    """Take a programme's timetable, and give new places to whoever is owed them: all in one act, or nothing."""
    outcome = import_timetable(programme, read, by=by, publish=publish)
    for training_session_id, capacity in sorted(outcome.capacities.items()):
        change_capacity(training_session_id, capacity, by=by)
    return outcome


def take_timetable_file(upload: Upload, *, by: int, publish: bool) -> Outcome:
    """Take a timetable that was sent to the desk; its columns are known from then on, and the file is erased.

    Raises:
        TableRefused: it cannot be read as a whole.
        UploadGone: it has been taken already, or its programme withdrawn.
    """
    opened, programme = open_file(upload.filename, upload.content), programme_of(upload)
    mapping = upload.options.get("mapping")
    read = read_opened(opened, programme, year=upload.options.get("year"), mapping=mapping)
    return _take_file(upload, opened, programme, read, by, publish)


@one_transaction
def _take_file(
    upload: Upload, opened: OpenedFile, programme: ProgrammeFacts, read: ReadTimetable, by: int, publish: bool
) -> Outcome:
    outcome = take_timetable(programme, read, by=by, publish=publish)
    if not outcome.refused:
        if mapping := upload.options.get("mapping"):
            save_mapping(programme.organisation_id, opened.headings, mapping)
        forget_upload(upload.id)
    return outcome


def programme_of(upload: Upload) -> ProgrammeFacts:
    """Return the programme whose timetable a file is. Raises `UploadGone` where it has been withdrawn since."""
    programme = catalogue.programme_by_code(upload.options["programme"])
    if programme is None:
        raise UploadGone
    return programme


def read_people_file(upload: Upload) -> ReadPeople:
    """Read people that were sent to the desk. Raises `TableRefused` where they cannot be read as a whole."""
    return people_in(read_table(upload.filename, upload.content))


def take_people_file(upload: Upload, *, by: int, take_good_rows: bool) -> people.Outcome:
    """Take people that were sent to the desk, and erase the file. Raises `UploadGone` where that is done already."""
    return _take_people(upload, read_people_file(upload), by, take_good_rows)


@one_transaction
def _take_people(upload: Upload, read: ReadPeople, by: int, take_good_rows: bool) -> people.Outcome:
    outcome = people.import_people(read, by=by, take_good_rows=take_good_rows)
    if take_good_rows or not outcome.refused:
        forget_upload(upload.id)
    return outcome


def take_bookings_file(upload: Upload, *, by: int) -> bookings.Outcome:
    """Take bookings that were sent to the desk, and erase the file; after a refusal nothing is changed.

    Raises:
        TableRefused: it cannot be read as a whole.
        UploadGone: it has been taken already.
    """
    try:
        return _take_bookings(upload, by)
    except bookings.BookingsRefused as refused:
        return refused.outcome


@one_transaction
def _take_bookings(upload: Upload, by: int) -> bookings.Outcome:
    outcome = bookings.take_bookings(upload.filename, upload.content, by=by)
    forget_upload(upload.id)
    return outcome
