"""Run migrations safely on both databases.

SQLite rebuilds tables to alter them; with foreign keys on, that would empty the tables that point at
them. So keys are off meanwhile and checked before the commit.
"""

from __future__ import annotations

from alembic import context
from flask import current_app

from cpd.shared.database import db


def include(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Leave out what only migrations make: the exclusion constraint's index."""
    return not (kind == "index" and name == "ex_session_day_room")


def migrate() -> None:
    """Run in one transaction, and refuse to commit broken foreign keys."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")  # before BEGIN: inside one it does nothing
        try:
            context.configure(
                connection=connection.execution_options(cpd_write=True),
                target_metadata=db.metadata,
                transactional_ddl=True,
                include_object=include,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError("This migration breaks foreign keys")
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


migrate()
