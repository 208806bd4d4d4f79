"""Taking files at the desk and by command, where what follows from them reaches over several floors."""

from __future__ import annotations

from collections.abc import Mapping

from cpd.booking import service as booking
from cpd.catalogue.service import ProgrammeFacts
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.files import OpenedFile, save_mapping
from cpd.timetable.importing import Outcome, import_timetable
from cpd.timetable.reading import ReadTimetable


@one_transaction
def take_timetable(
    programme: ProgrammeFacts,
    read: ReadTimetable,
    *,
    by: int | None,
    publish: bool = False,
) -> Outcome:
    """Take a programme's timetable, and give new places to whoever is owed them: all in one act, or nothing."""
    outcome = import_timetable(programme, read, by=by, publish=publish)
    for training_session_id, capacity in sorted(outcome.capacities.items()):
        booking.change_capacity(training_session_id, capacity, by=by)
    return outcome
