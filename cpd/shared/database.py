"""The database: one declarative base, and the settings that make SQLite as strict as PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, declared_attr, registry
from sqlalchemy.types import TypeDecorator

LARGEST_ID = 2**31 - 1
"""An id beyond this can name no row; asking PostgreSQL for it would be an error."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive value is refused, so no time is ever guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC on the way in (naive UTC for SQLite, which keeps no zone)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A time without a zone cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand out aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Base of every table; names are given to all constraints so that a migration can speak of them."""

    metadata = METADATA
    registry = registry(metadata=METADATA, type_annotation_map={datetime: UtcDateTime})

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - a directive receives the class
        """`TrainingSession` is kept in `training_session`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def harden(app: Flask) -> None:
    """Give the application's engine its listeners. Call once, after `db.init_app`."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _harden_sqlite(engine)
    else:
        _harden_postgresql(engine)


def _harden_postgresql(engine: Engine) -> None:
    """Let a page read one moment, so that no change falls between two of its questions; an act reads what is newest.

    Once an act holds a lock, it must see what the holder before it has written. Saying so costs no question: the
    driver says it with its BEGIN.
    """
    from psycopg import IsolationLevel

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            isolation = IsolationLevel.READ_COMMITTED if options.get("cpd_write") else IsolationLevel.REPEATABLE_READ
            connection.connection.dbapi_connection.isolation_level = isolation  # type: ignore[union-attr]


def _harden_sqlite(engine: Engine) -> None:
    """Foreign keys on, write-ahead log, and a BEGIN of our own: the driver's is too late and too weak."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("cpd_write") else "BEGIN")
