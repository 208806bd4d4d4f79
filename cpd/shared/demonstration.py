"""Whether this database holds the demonstration: invented people and dates, never in production."""

from __future__ import annotations

import csv
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db
from cpd.shared.unit_of_work import one_transaction

ACCOUNTS = Path(__file__).with_name("demonstration_accounts.csv")


class Demonstration(Base):
    """That a demonstration was loaded into this database (one row, id 1).

    `weeks` is by how many its dates were moved; a large one has `people` and `sessions`. Until
    `loaded_at` is set, loading was broken off and can be taken up again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    weeks: Mapped[int]
    people: Mapped[int | None]
    sessions: Mapped[int | None]
    began_at: Mapped[datetime]
    loaded_at: Mapped[datetime | None]


@one_transaction
def begin(weeks: int, people: int | None, sessions: int | None) -> Demonstration:
    """Mark the database before anything else is written; return the mark that it had already, if any."""
    mark = db.session.get(Demonstration, 1)
    if mark is None:
        mark = Demonstration(id=1, weeks=weeks, people=people, sessions=sessions, began_at=clock.now())
        db.session.add(mark)
    return mark


@one_transaction
def finish() -> None:
    """Say that all of the demonstration is there. Call it in the transaction that writes the last of it."""
    db.session.get_one(Demonstration, 1).loaded_at = clock.now()
    current_app.extensions["demonstration"] = True


def recognise(app: Flask) -> None:
    """Find out once, at the start, whether this is the demonstration: its pages then say so.

    Production never runs on one. A database that does not answer yet, or has no tables, is asked again there
    before each request until it has answered.

    Raises:
        RuntimeError: a demonstration stands in the database of production.
    """
    with app.app_context():
        try:
            _look()
        finally:
            db.engine.dispose()  # no connection is taken along into the processes of a server
    if app.config["PRODUCTION"]:
        app.before_request(_look_again)


@cache
def accounts() -> dict[str, list[tuple[str, str]]]:
    """List with which accounts somebody can look at the demonstration: by council, each address and who it is."""
    found: dict[str, list[tuple[str, str]]] = {}
    with ACCOUNTS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["council"], []).append((row["account"], row["who"]))
    return found


def _look_again() -> None:
    """Ask the database as long as it has not answered."""
    if "demonstration" not in current_app.extensions:
        _look()


def _look() -> None:
    """Ask the database, and keep its answer for the life of this process."""
    if not _is_there():
        return
    try:
        with db.engine.connect() as connection:
            found = connection.scalar(select(Demonstration.id)) is not None
    except SQLAlchemyError:
        return
    if found and current_app.config["PRODUCTION"]:
        raise RuntimeError("The demonstration stands in this database: production needs one of its own")
    current_app.extensions["demonstration"] = found


def _is_there() -> bool:
    """Say whether there is a database to ask: connecting to a SQLite file that is missing would make an empty one."""
    url = db.engine.url
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
