"""What a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from cpd.shared.database import Base, db


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: its name, a sentence for each row that breaks it, and how many of what it looks at."""

    name: str
    faults: Callable[[], Iterable[str]]
    count: Callable[[], int]
    of: str


def rows_in(*tables: type[Base]) -> Callable[[], int]:
    """Count the rows of tables when asked."""
    return lambda: sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
