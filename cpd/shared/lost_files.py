"""Kept files and the rows that name them: erasing what nobody names any more, and finding what is not there as it was.

There is no list to register with: every table with a column `stored_as` names kept files, and a row wants its own until
its `removed_at` is set, where the table has that column. Whoever lets go of a file erases it when the act is done
(`run_afterwards(partial(erase_file, …))`); what a killed process leaves behind is erased here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Select, Table, select

from cpd.shared.database import Base, db
from cpd.shared.kept_files import folder_of_files, path_of

SECONDS_LEFT_ALONE = 3600
"""A file so young may belong to an act that is not yet done."""


def erase_lost_files() -> int:
    """Erase the kept files that no row wants, or to which no act ever gave one; returns how many."""
    candidates = {path.name: path for path in folder_of_files().iterdir() if _is_old(path)}
    if not candidates:
        return 0
    lost = candidates.keys() - {name for table in tables_with_files() for name in db.session.scalars(_wanted(table))}
    for name in lost:
        candidates[name].unlink(missing_ok=True)
    return len(lost)


def tables_with_files() -> list[Table]:
    """List the tables that name kept files."""
    return [table for table in Base.metadata.sorted_tables if "stored_as" in table.columns]


def misfitting_files(named: Select[int, str | None, int | None], what: str) -> Iterator[str]:
    """Find rows (`id`, `stored_as`, `size` in bytes) whose files are not there, or are not as large as they were."""
    for number, stored_as, size in db.session.execute(named):
        path = path_of(stored_as or "")
        if not path.is_file():
            yield f"the file {stored_as} of {what} {number} is missing"
        elif path.stat().st_size != size:
            yield f"the file {stored_as} of {what} {number} has {path.stat().st_size} bytes instead of {size}"


def _is_old(path: Path) -> bool:
    """Say whether a file is there and no act can still be at it."""
    with suppress(FileNotFoundError):  # somebody erases it this very moment
        return path.stat().st_mtime < time.time() - SECONDS_LEFT_ALONE
    return False


def _wanted(table: Table) -> Select[str]:
    """Ask for the names of the files that a table wants."""
    names = select(table.c.stored_as).where(table.c.stored_as.is_not(None))
    return names.where(table.c.removed_at.is_(None)) if "removed_at" in table.columns else names
