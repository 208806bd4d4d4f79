"""`flask import timetable FILE --programme CODE`: when and where a programme's modules are held."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from cpd.catalogue import service as catalogue
from cpd.desk.importing import take_timetable
from cpd.shared.dates import YEARS
from cpd.shared.tables import TableRefused
from cpd.timetable.files import open_file, read_opened
from cpd.timetable.importing import Outcome, import_timetable

NOTHING_TAKEN = "0 sessions, 0 session days taken; 0 held back; 1 refused"


@click.command("timetable")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "code", required=True, help="The code of the programme whose sessions these are.")
@click.option("--year", type=click.IntRange(YEARS[0], YEARS[-1]), help="The year of dates that do not say theirs.")
@click.option("--publish", is_flag=True, help="Let everybody see the sessions at once, not as drafts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def timetable(file: Path, code: str, year: int | None, publish: bool, dry_run: bool) -> None:
    """Take a programme's sessions from a .csv, .xlsx or .txt file; the same file again changes nothing."""
    programme = catalogue.programme_by_code(code)
    if programme is None:
        _refuse(f"There is no programme {code}; `flask import scheme` brings programmes.")
    try:
        read = read_opened(open_file(file.name, file.read_bytes()), programme, year=year)
    except TableRefused as refused:
        _refuse(refused.reason)
    if dry_run:
        click.echo("This was a trial: nothing was changed.", err=True)
        outcome = import_timetable(programme, read, by=None, dry_run=True, publish=publish)
    else:
        outcome = take_timetable(programme, read, by=None, publish=publish)
    _tell(outcome)
    sys.exit(1 if outcome.refused else 0)


def _refuse(reason: str) -> NoReturn:
    """Say why nothing of a file could be read."""
    print(reason)
    print(NOTHING_TAKEN)
    sys.exit(1)


def _tell(outcome: Outcome) -> None:
    """Say row by row what was not taken, what the file does not name, and how much was taken."""
    for note in outcome.warnings:
        click.echo(note, err=True)
    for note in sorted((*outcome.held_back, *outcome.refused), key=lambda each: each.row):
        print(note)
    for session in outcome.absent:
        print(f"not in the file, and left as it was: {session}")
    print(outcome)
