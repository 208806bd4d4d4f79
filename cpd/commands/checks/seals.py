"""The seals of the history: the chain is whole, fits every entry, and nobody can change it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from cpd.commands.checks.check import Check
from cpd.shared import clock, sealing
from cpd.shared.database import db
from cpd.shared.seal_chain import NO_SEAL_BEFORE
from cpd.shared.sealing import AuditSeal

TRIED = 2**31 - 1


def unguarded_seals() -> Iterator[str]:
    """Try to change and to delete a seal; the triggers must refuse it. Nothing stays of the trial."""
    hashes = {"hash": "a" * 64, "rows_hash": "b" * 64, "previous_hash": "tried"}
    trial = {"id": TRIED, "first_id": TRIED, "last_id": TRIED, "count": 1, "marks": "", **hashes}
    acts = (("changed", update(AuditSeal).values(count=2)), ("deleted", delete(AuditSeal)))
    db.session.rollback()
    with db.engine.connect().execution_options(cpd_write=True) as connection, connection.begin() as transaction:
        connection.execute(insert(AuditSeal).values(**trial, sealed_at=clock.real_now()))
        for act, statement in acts:
            savepoint = connection.begin_nested()
            try:
                connection.execute(statement.where(AuditSeal.id == TRIED))
                yield f"seals can be {act}: a trigger of audit_seal is missing"
            except DBAPIError:  # as it must be
                pass
            savepoint.rollback()
        transaction.rollback()


def forgotten_entries() -> list[str]:
    """Say so where entries have waited for a day: what is not sealed can be changed by whoever owns the database."""
    said = sealing.unsealed_for_longer_than(sealing.FORGOTTEN_AFTER)
    return [f"{said}: is the worker running?"] if said else []


def kept_seal(said: str) -> Check:
    """Make the check of a seal that was kept elsewhere, as `flask seal` printed it: `12:9f86d0…`.

    Raises ValueError for anything else.
    """
    number, _, kept = said.strip().partition(":")
    if not number.isdecimal() or len(kept) != len(NO_SEAL_BEFORE):
        raise ValueError("write the seal as `flask seal` printed it, such as 12:9f86d0…, with all 64 digits")
    fault = sealing.fault_of_kept_seal(int(number), kept.lower())
    return Check("seal kept elsewhere", lambda: [fault] if fault else [], lambda: int(number), "seals up to it")


CHECKS = (
    Check("seals of the history", sealing.broken_seals, sealing.count_seals, "seals"),
    Check("guard of the seals", unguarded_seals, lambda: 2, "triggers"),
    Check("history not sealed yet", forgotten_entries, sealing.count_unsealed, "entries"),
)
