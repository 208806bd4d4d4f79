"""`flask import scheme FILE` and `flask schema scheme`: a council's rules as a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpd.catalogue import service as catalogue
from cpd.catalogue.service import Adoption
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import pack_schema, read_pack


@click.command("scheme")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@with_appcontext
def scheme(file: Path, dry_run: bool) -> None:
    """Adopt a council's scheme pack; the same pack again changes nothing."""
    try:
        pack = read_pack(file)
        text = file.read_text(encoding="utf-8-sig")
        adoption = catalogue.adopt_scheme(pack, text, by=None, name=file.name, dry_run=dry_run)
    except PackRefused as refused:
        for problem in refused.problems:
            print(problem)
        print(f"0 modules, 0 programmes taken; 0 held back; {len(refused.problems)} refused")
        sys.exit(1)
    _tell(adoption, dry_run=dry_run)


@click.command("scheme")
def schema_scheme() -> None:
    """Print the JSON Schema of scheme packs, for editors."""
    print(json.dumps(pack_schema(), indent=2))


def _tell(adoption: Adoption, *, dry_run: bool) -> None:
    """Say what came of it: what the pack no longer has, and how much was taken."""
    if dry_run:
        click.echo("This was a trial: nothing was changed.", err=True)
    for kind, changes in (("module", adoption.modules), ("programme", adoption.programmes)):
        for code in changes.withdrawn:
            print(f"{kind} {code}: not in this version, so it is marked as withdrawn")
    taken = f"{adoption.modules.taken} modules, {adoption.programmes.taken} programmes taken"
    unchanged = f"; {len(adoption.modules.unchanged)} unchanged" if adoption.modules.unchanged else ""
    print(f"{taken}{unchanged}; 0 held back; 0 refused")
