"""The files of materials: under names drawn by lot in a folder of the installation, which no web server serves."""

from __future__ import annotations

import os
import time
from pathlib import Path
from secrets import token_hex

from flask import current_app
from sqlalchemy import select

from cpd.attendance.materials.models import Material
from cpd.shared.database import db

FOLDER = "materials"
SECONDS_LEFT_ALONE = 3600
"""A file so young may belong to an act that is not yet done."""


def folder() -> Path:
    """Return the folder in which the files lie."""
    path = Path(current_app.config["CPD_INSTANCE"]) / FOLDER
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def keep_file(content: bytes) -> str:
    """Keep a file and return its name in the folder. It is whole before any row can name it."""
    name = token_hex(16)
    path = folder() / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def path_of(stored_as: str) -> Path:
    """Return where a file lies."""
    return folder() / stored_as


def erase_lost_files() -> int:
    """Erase the files of materials that were removed, and those to which no act ever gave a row; returns how many."""
    old = time.time() - SECONDS_LEFT_ALONE
    candidates = {path.name: path for path in folder().iterdir() if path.stat().st_mtime < old}
    if not candidates:
        return 0
    wanted = select(Material.stored_as).where(Material.stored_as.is_not(None), Material.removed_at.is_(None))
    lost = candidates.keys() - set(db.session.scalars(wanted))
    for name in lost:
        candidates[name].unlink(missing_ok=True)
    return len(lost)
