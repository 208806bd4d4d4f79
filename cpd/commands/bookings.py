"""`flask import bookings FILE`: places and waiting lists as they were kept before this system was used."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpd.booking.importing import BookingsRefused, Outcome, take_bookings, try_bookings
from cpd.shared.tables import TableRefused


@click.command("bookings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def bookings(file: Path, dry_run: bool) -> None:
    """Take bookings in the order in which they were received: email, module, start_date, status, received_at."""
    try:
        outcome = (try_bookings if dry_run else take_bookings)(file.name, file.read_bytes(), by=None)
    except BookingsRefused as refused:
        outcome = refused.outcome
    except TableRefused as refused:
        print(refused.reason)
        print("0 bookings taken; 0 held back; 1 refused")
        sys.exit(1)
    if dry_run:
        click.echo("This was a trial: nothing was changed.", err=True)
    for heading in outcome.unknown_columns:
        click.echo(f"The column {heading} was not read.", err=True)
    _tell(outcome)
    sys.exit(1 if outcome.refused else 0)


def _tell(outcome: Outcome) -> None:
    """Say row by row what was not taken, who lacks something, and how much was taken."""
    for row in outcome.rows:
        if row.lacks_basis:
            click.echo(f"row {row.row}: the place lacks something that {row.title} needs; she is told", err=True)
    for note in sorted((*outcome.held_back, *outcome.refused), key=lambda each: each.row):
        print(note)
    taken = f"{outcome.taken} bookings taken" + (f"; {outcome.unchanged} unchanged" if outcome.unchanged else "")
    print(f"{taken}; {len(outcome.held_back)} held back; {len(outcome.refused)} refused")
