"""What the database itself guarantees, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cpd.shared import history
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work


def test_migrations_make_exactly_the_tables_of_the_models(both):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            each for each in compare_metadata(context, db.metadata) if "ex_session_day_room" not in repr(each)
        ]
    assert differences == []


@pytest.mark.parametrize("act", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_history_can_be_neither_changed_nor_deleted(both, act):
    with unit_of_work():
        history.note("tested", "nothing", 1, actor_id=None, organisation_id=None)

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act))
    db.session.rollback()
