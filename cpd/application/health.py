"""Is it alive, is it ready: pages for those who run it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from cpd.shared.access import public
from cpd.shared.database import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
REACHED = text("SELECT version_num FROM alembic_version")


def newest_migration() -> str:
    """Return the revision that this version needs: each file begins with its own, and they follow one another.

    Alembic would say the same, but it is slow to load, and a process that serves pages does without it.
    """
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("[0-9]*_*.py"))


def answer(app: Flask) -> None:
    """Add `/healthz` (the process lives) and `/readyz` (database there, and its tables up to date)."""
    wanted = newest_migration()

    @app.get("/healthz")
    @public
    def healthz() -> ResponseReturnValue:
        """Answer without asking the database."""
        return {"status": "ok"}

    @app.get("/readyz")
    @public
    def readyz() -> ResponseReturnValue:
        """Answer 503 while the database is away or not migrated."""
        try:
            with db.engine.connect() as connection:
                found = connection.scalar(REACHED) if inspect(connection).has_table("alembic_version") else None
        except SQLAlchemyError:
            return {"status": "the database does not answer"}, 503
        if found != wanted:
            return {"status": "the database waits for its migrations"}, 503
        return {"status": "ready"}
