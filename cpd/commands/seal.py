"""`flask seal`: seal the history now, and print the newest seal, to be kept where nobody here can change it."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from cpd.shared import sealing
from cpd.shared.wording import counted


@click.command("seal")
@click.option("--newest", "only_newest", is_flag=True, help="Seal nothing; only print the newest seal.")
@with_appcontext
def seal(only_newest: bool) -> None:
    """Seal the history, and print the newest seal as NUMBER:HASH; `flask doctor --seal` compares it later."""
    if not only_newest:
        sealed = sealing.seal_everything()
        click.echo(f"{counted(sealed, 'entry', 'entries')} sealed", err=True)
    newest = sealing.newest_seal()
    if newest is None:
        click.echo("Nothing has been sealed yet.", err=True)
        sys.exit(1)
    click.echo(f"{newest.number}:{newest.hash}")
