"""`flask import completions FILE`: what people did before this system knew them."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpd.record.importing import import_completions
from cpd.shared.tables import TableRefused


@click.command("completions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def completions(file: Path, dry_run: bool) -> None:
    """Take completions into people's records: email, module, completed_on and, if known, source."""
    try:
        outcome = import_completions(file.name, file.read_bytes(), by=None, dry_run=dry_run)
    except TableRefused as refused:
        print(refused.reason)
        print("0 completions taken; 0 held back; 1 refused")
        sys.exit(1)
    if dry_run:
        click.echo("This was a trial: nothing was changed.", err=True)
    for heading in outcome.unknown_columns:
        click.echo(f"The column {heading} was not read.", err=True)
    for note in sorted((*outcome.held_back, *outcome.refused), key=lambda each: each.row):
        print(note)
    taken = f"{outcome.taken} completions taken" + (f"; {outcome.unchanged} unchanged" if outcome.unchanged else "")
    print(f"{taken}; {len(outcome.held_back)} held back; {len(outcome.refused)} refused")
    sys.exit(1 if outcome.refused else 0)
