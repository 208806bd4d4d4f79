"""The usual demonstration: Gateshead's programme moved to next week, and people in the midst of it."""

from __future__ import annotations

from pathlib import Path

from cpd.catalogue import service as catalogue
from cpd.commands.demo.dates import shift_dates
from cpd.commands.demo.story import load_story
from cpd.desk.importing import take_timetable
from cpd.timetable.files import open_file, read_opened

PRINTED = Path(__file__).with_name("gateshead-systemic-2019.csv")
PROGRAMME = "systemic"


def load_small(weeks: int) -> None:
    """Take the printed timetable as a council would, then let people ask for places."""
    programme = catalogue.programme_by_code(PROGRAMME)
    if programme is None:
        raise LookupError(f"There is no programme {PROGRAMME}")
    content = shift_dates(PRINTED.read_text(), weeks).encode()
    outcome = take_timetable(programme, read_opened(open_file(PRINTED.name, content), programme), by=None)
    if outcome.refused:
        raise RuntimeError(f"The demonstration's timetable is refused: {outcome.refused[0]}")
    load_story(weeks)
