"""What the commands' tests share: running a command, and breaking what no service would break."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cpd.booking.service import book_places
from cpd.commands.doctor import CHECKS as AFTER_THE_MIGRATIONS
from cpd.shared.database import db
from tests.cast import london

CHECKS = len(AFTER_THE_MIGRATIONS) + 1


@pytest.fixture
def flask(app_in_use):
    """Run a command: its exit code and its lines."""

    def run(*words):
        db.session.remove()
        result = app_in_use.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout.splitlines()

    return run


@pytest.fixture
def finds(flask):
    """Expect that the doctor finds these faults and no other."""

    def expect(*faults):
        code, lines = flask("doctor")
        *found, last = lines
        names = {fault.partition(":")[0] for fault in faults}
        assert [line for line in found if line.partition(":")[0] in names] == list(faults)
        assert last == f"{CHECKS} checks; {len(faults)} wrong"
        assert len(found) == CHECKS - len(names) + len(faults)
        assert code == 1

    return expect


@pytest.fixture
def finds_nothing(flask):
    """Expect that the doctor is content."""

    def expect():
        code, lines = flask("doctor")
        assert (code, lines[-1]) == (0, f"{CHECKS} checks; nothing wrong"), lines

    return expect


@pytest.fixture
def full(app_in_use, alice, bob, make_session):
    """A session of one place: Alice has it, and Bob waits."""
    session = make_session(starts_at=london(2019, 1, 15, 9, 30), places=1)
    ask(alice, session)
    ask(bob, session)
    return session


def ask(person, session, **more):
    (booked,) = book_places(person.id, [session.id], by=person.id, **more)
    return booked.booking_id


def change(*statements):
    """Write past every service."""
    for statement in statements:
        db.session.execute(text(statement) if isinstance(statement, str) else statement)
    db.session.commit()


def alone(*statements):
    """Run statements on a connection that no transaction holds, and leave it as a new one is."""
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def without_constraints(table):
    """Make a table anew without what guards it: only on SQLite, where each test has a file of its own."""
    alone(
        "PRAGMA foreign_keys=OFF",
        f"CREATE TABLE bare AS SELECT * FROM {table}",  # noqa: S608 - a test names the table
        f"DROP TABLE {table}",
        f"ALTER TABLE bare RENAME TO {table}",
        f"CREATE UNIQUE INDEX bare_id ON {table} (id)",
        "PRAGMA foreign_keys=ON",
    )
