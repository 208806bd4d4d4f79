"""A process says that it is ready once its database answers and is as far as its own version needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cpd.application.factory import TOP
from cpd.application.health import newest_migration
from cpd.shared.database import db

SLOW_TO_LOAD = ("alembic", "cpd.commands", "flask_migrate", "govuk_bank_holidays", "icalendar", "typst", "xlsxwriter")


def test_the_newest_migration_is_the_one_that_alembic_would_reach(app):
    assert newest_migration() == ScriptDirectory(app.extensions["migrate"].directory).get_current_head()


def test_a_process_is_ready_when_its_tables_are_up_to_date(both):
    assert both.test_client().get("/readyz").json == {"status": "ready"}


@pytest.fixture
def behind(both):
    """Let the database say that it was never brought up to date; afterwards it is as before."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    yield both
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_migration()})


def test_it_waits_for_migrations(behind):
    answer = behind.test_client().get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"status": "the database waits for its migrations"})


def test_a_process_that_serves_pages_does_not_load_what_only_commands_and_few_pages_need(tmp_path):
    said = f"import sys, app; print([name for name in {SLOW_TO_LOAD} if name in sys.modules])"
    environment = os.environ | {"CPD_PROCESS": "web", "CPD_INSTANCE": str(tmp_path), "DATABASE_URL": "sqlite://"}
    done = subprocess.run([sys.executable, "-c", said], cwd=TOP, env=environment, capture_output=True, check=True)

    assert done.stdout.decode().strip() == "[]"
