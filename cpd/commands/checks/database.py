"""Messages, history, keys and migrations: what the database itself must keep."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import String, and_, cast, delete, exists, func, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError

from cpd.booking.models import Booking
from cpd.booking.places import BROUGHT_IN
from cpd.booking.rules import Status
from cpd.commands.checks.check import Check, rows_in
from cpd.shared import clock
from cpd.shared.database import Base, db
from cpd.shared.demonstration import Demonstration
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage

TELLING_OF_A_PLACE = ("booked", "booked_on_condition", "moved", "promoted", "request_agreed")
UNVALIDATED = text(
    "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
)


def unmigrated() -> Iterator[str]:
    """Say where the database's tables are not those of this version."""
    found = MigrationContext.configure(db.session.connection()).get_current_revision()
    wanted = _migrations().get_current_head()
    if found != wanted:
        yield f"the database is at {found or 'no migration'}, this version needs {wanted}: run flask db upgrade"


def broken_keys() -> Iterator[str]:
    """Find rows that point at nothing."""
    if db.engine.dialect.name == "sqlite":
        for table, row, parent, _ in db.session.execute(text("PRAGMA foreign_key_check")):
            yield f"{table} row {row} points at a row of {parent} that is not there"
        return
    for table, name in db.session.execute(UNVALIDATED):
        yield f"the key {name} of {table} has not been checked"


def lost_messages() -> Iterator[str]:
    """Find messages with one key, and confirmed places of which nobody was told; who had one before is not."""
    doubled = db.session.execute(
        select(OutboxMessage.dedupe_key, func.count()).group_by(OutboxMessage.dedupe_key).having(func.count() > 1)
    )
    for key, count in doubled:
        yield f"{count} messages have the key {key}"
    booking, number, person = (cast(each, String) for each in (Booking.id, Booking.request_number, Booking.person_id))
    told = OutboxMessage.dedupe_key.in_(
        [literal(f"{kind}:booking:") + booking + ":" + number + "::" + person for kind in TELLING_OF_A_PLACE]
    )
    brought_in = exists().where(
        AuditEvent.subject == "booking", AuditEvent.subject_id == Booking.id, AuditEvent.verb == BROUGHT_IN
    )
    untold = db.session.execute(
        select(Booking.id, Booking.person_id)
        .outerjoin(OutboxMessage, and_(OutboxMessage.person_id == Booking.person_id, told))
        .where(Booking.status == Status.CONFIRMED, Booking.takes_place, OutboxMessage.id.is_(None), ~brought_in)
        .order_by(Booking.id)
    )
    for booking_id, person_id in untold:
        yield f"person {person_id} was not told of her place (booking {booking_id})"


def unguarded_history() -> Iterator[str]:
    """Try to change and to delete history; the triggers must refuse it. Nothing stays of the trial."""
    trial = {"verb": "tried", "subject": "nothing", "subject_id": 0}
    acts = (("changed", update(AuditEvent).values(verb="changed")), ("deleted", delete(AuditEvent)))
    db.session.rollback()
    with db.engine.connect().execution_options(cpd_write=True) as connection, connection.begin() as transaction:
        moments = {"happened_at": clock.now(), "recorded_at": clock.real_now()}
        number = connection.scalar(insert(AuditEvent).values(**trial, **moments).returning(AuditEvent.id))
        for act, statement in acts:
            savepoint = connection.begin_nested()
            try:
                connection.execute(statement.where(AuditEvent.id == number))
                yield f"history can be {act}: a trigger of audit_event is missing"
            except DBAPIError:  # as it must be
                pass
            savepoint.rollback()
        transaction.rollback()


def misplaced_demonstration() -> Iterator[str]:
    """Find a demonstration where real people work."""
    if current_app.config["PRODUCTION"] and db.session.get(Demonstration, 1):
        yield "a demonstration stands in the database of production"


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def _keys() -> int:
    return sum(len(table.foreign_key_constraints) for table in Base.metadata.tables.values())


MIGRATIONS = Check("migrations", unmigrated, lambda: len(list(_migrations().walk_revisions())), "migrations")
CHECKS = (
    Check("foreign keys", broken_keys, _keys, "keys"),
    Check("messages", lost_messages, rows_in(OutboxMessage), "messages"),
    Check("history", unguarded_history, rows_in(AuditEvent), "entries"),
    Check("demonstration", misplaced_demonstration, rows_in(Demonstration), "demonstrations"),
)
