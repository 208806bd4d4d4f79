"""Is it alive, is it ready: pages for those who run it."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from cpd.shared.access import public
from cpd.shared.database import db


def answer(app: Flask) -> None:
    """Add `/healthz` (the process lives) and `/readyz` (database there, and its tables up to date)."""

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
                found = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError:
            return {"status": "the database does not answer"}, 503
        wanted = ScriptDirectory(app.extensions["migrate"].directory).get_current_head()
        if found != wanted:
            return {"status": "the database waits for its migrations"}, 503
        return {"status": "ready"}
