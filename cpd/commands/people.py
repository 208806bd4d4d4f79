"""`flask import people FILE`: HR's file of people."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpd.people.importing import Outcome, import_people
from cpd.people.reading import read_people
from cpd.shared.tables import TableRefused


@click.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--take-good-rows", is_flag=True, help="Take the rows that are right although others are refused.")
@with_appcontext
def people(file: Path, dry_run: bool, take_good_rows: bool) -> None:
    """Take people, their posts and their roles; each new person is sent a link to choose a password."""
    try:
        read = read_people(file.name, file.read_bytes())
    except TableRefused as refused:
        print(refused.reason)
        print("0 people taken; 0 held back; 1 refused")
        sys.exit(1)
    outcome = import_people(read, by=None, dry_run=dry_run, take_good_rows=take_good_rows)
    if dry_run:
        click.echo("This was a trial: nothing was changed.", err=True)
    for heading in outcome.unknown_columns:
        click.echo(f"The column {heading} was not read.", err=True)
    _tell(outcome)
    sys.exit(1 if outcome.refused else 0)


def _tell(outcome: Outcome) -> None:
    """Say row by row what was held back or refused, who is not in the file, and how much was taken."""
    for note in sorted((*outcome.held_back, *outcome.refused), key=lambda each: each.row):
        print(note)
    for somebody in outcome.absent:
        print(f"not in the file, and left as it was: {somebody}")
    taken = f"{outcome.taken} people taken" + (f"; {outcome.unchanged} unchanged" if outcome.unchanged else "")
    print(f"{taken}; {len(outcome.held_back)} held back; {len(outcome.refused)} refused")
