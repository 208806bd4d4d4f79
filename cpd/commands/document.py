"""`flask document …`: check the signed file of a decision, and sign with a new key from now on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext

from cpd.progression.documents.reading import checked_text
from cpd.shared import signing

NO_DOCUMENT = "This is no file of a document: download it again where the document stands."
PARTS = ("document", "sha256", "signature", "public_key", "key_fingerprint")

document = click.Group("document", help="Frozen decisions.")


@document.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", "kept", metavar="FINGERPRINT", help="The fingerprint of the public key, as it was kept elsewhere."
)
def check(file: Path, kept: str | None) -> None:
    """Check a downloaded decision: its text, its signature, and its standing worked out anew. Needs no database."""
    said = _read(file)
    outcome = checked_text(*(said[part] for part in PARTS))
    print(f"Signed with the key {said['key_fingerprint']}")
    faults = []
    if not outcome.is_unchanged:
        faults.append("The text was changed after it was signed.")
    if not outcome.is_signed:
        faults.append("The signature is not that of this text by this key.")
    if kept and kept.strip().lower() != said["key_fingerprint"]:
        faults.append("It is signed with another key than the one that was kept elsewhere.")
    if outcome.differs:
        faults.append(f"Worked out anew, something else comes out: {', '.join(outcome.differs)}.")
    for fault in faults:
        print(fault)
    if faults:
        sys.exit(1)
    if not kept:
        print("Compare this key with the fingerprint that was kept elsewhere; --key does it.")
    print(f"Document {said.get('number', '')} is as it was signed, and the same standing comes out.")


@document.command("new-key")
@with_appcontext
def new_key() -> None:
    """Sign with a new key from now on. What the old one has signed can still be checked; the old one is gone."""
    print(f"Signs from now on: {signing.replace_key()}")


def _read(file: Path) -> dict[str, Any]:
    """Read a file, as far as it is that of a document."""
    try:
        said = json.loads(file.read_text("utf-8"))
    except (ValueError, OSError):
        _refuse()
    if not isinstance(said, dict) or not all(isinstance(said.get(part), str) for part in PARTS):
        _refuse()
    return said


def _refuse() -> NoReturn:
    print(NO_DOCUMENT)
    sys.exit(1)
