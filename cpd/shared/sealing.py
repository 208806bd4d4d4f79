"""Sealing the history: committed entries are chained in batches, so that no act waits for another (see decision 11).

The entries themselves are written unchained. On PostgreSQL an entry gets its number before its act is committed, so one
with a lower number may appear later; therefore only that is sealed which can gain no entries any more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Select, Text, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db
from cpd.shared.history import AuditEvent
from cpd.shared.seal_chain import Seal, entry_of, faults_in, sealed
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import counted

MOST_AT_ONCE = 1000
"""The most entries of one seal."""

WAITED_FOR = timedelta(minutes=1)
"""The worker leaves a few entries waiting so long, or a quiet day would make as many seals as entries."""

LATE_AFTER = timedelta(minutes=15)
"""When the worker cannot seal an entry for so long, because some act is always under way, it says so."""

FORGOTTEN_AFTER = timedelta(days=1)
"""An entry that waits so long for its seal is a fault: no worker runs, or none ever comes to seal."""

TRIES = 40
SECONDS_BETWEEN_TRIES = 0.025
LOCK_NOT_AVAILABLE = "55P03"
AT_A_TIME = 500


class SealsAreLateError(RuntimeError):
    """The worker could not seal the history for too long: acts follow one another without a moment between them."""


class AuditSeal(Base):
    """One link of the chain (see `seal_chain`): refused update and delete by trigger, as the entries are.

    `id` is its number, given by the sealer, so that two sealers can never make two of the same.
    """

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    marks: Mapped[str] = mapped_column(Text)
    rows_hash: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    sealed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("id > 0 AND count > 0 AND first_id <= last_id", name="names_entries"),
        CheckConstraint("length(hash) = 64 AND length(rows_hash) = 64", name="has_hashes"),
    )


def seal_history() -> int:
    """Seal what is to be sealed, for the worker; returns how many entries were. A few new ones may wait a minute.

    Raises:
        SealsAreLateError: entries could not be sealed for a quarter of an hour; whoever is on call must know.
    """
    waited = longest_unsealed()
    if waited is None or (waited < WAITED_FOR and count_unsealed() < MOST_AT_ONCE):
        return 0
    count = seal_everything()
    if late := unsealed_for_longer_than(LATE_AFTER):
        raise SealsAreLateError(late)
    return count


def seal_everything() -> int:
    """Seal every entry that is settled, a batch at a time; returns how many were. Another sealer may be at it too."""
    up_to = _settled_up_to()
    count = 0
    while up_to:
        db.session.rollback()
        before = newest_seal()
        wanted = _entries().where(AuditEvent.id > (before.last_id if before else 0), AuditEvent.id <= up_to)
        entries = [entry_of(row._asdict()) for row in db.session.execute(wanted.limit(MOST_AT_ONCE))]
        if not entries:
            break
        seal = sealed(entries, before, clock.real_now())
        try:
            added = _add(seal)
        except IntegrityError:  # another sealer was first, and its seal stands
            db.session.rollback()
            added = False
        count += seal.count if added else 0
    return count


def newest_seal() -> Seal | None:
    """Return the newest seal, or None where nothing was sealed yet. One query."""
    row = db.session.execute(_seals().order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
    return Seal(*row) if row else None


def find_seal(number: int) -> Seal | None:
    """Return a seal by its number, or None. One query."""
    row = db.session.execute(_seals().where(AuditSeal.id == number)).one_or_none()
    return Seal(*row) if row else None


def count_unsealed() -> int:
    """Count the entries that no seal names yet: the tail. One query."""
    last = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.id > last)) or 0


def longest_unsealed() -> timedelta | None:
    """Return how long the oldest entry of the tail has waited for its seal, or None where all are sealed. One query."""
    last = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
    oldest = db.session.scalar(select(func.min(AuditEvent.recorded_at)).where(AuditEvent.id > last))
    return clock.real_now() - oldest if oldest else None


def unsealed_for_longer_than(limit: timedelta) -> str:
    """Say in a sentence how long the tail has waited, where that is too long; else nothing. Two queries at most."""
    waited = longest_unsealed()
    if waited is None or waited <= limit:
        return ""
    number = count_unsealed()
    hours, minutes = waited // timedelta(hours=1), waited // timedelta(minutes=1)
    since = counted(hours, "hour") if hours else counted(minutes, "minute")
    return f"{counted(number, 'entry waits', 'entries wait')} for a seal, the oldest for {since}"


def count_seals() -> int:
    """Count the seals. One query."""
    return db.session.scalar(select(func.count()).select_from(AuditSeal)) or 0


def broken_seals() -> Iterator[str]:
    """Say what is wrong with the whole chain and every sealed entry: two queries, read a few rows at a time."""
    few = {"yield_per": AT_A_TIME}
    with (
        db.session.execute(_seals().order_by(AuditSeal.id), execution_options=few) as seals,
        db.session.execute(_entries(), execution_options=few) as rows,
    ):
        yield from faults_in((Seal(*row) for row in seals), (entry_of(row._asdict()) for row in rows))


def fault_of_kept_seal(number: int, kept: str) -> str | None:
    """Say why the chain is not the one of which a seal was kept elsewhere, or None where it is."""
    seal = find_seal(number)
    if seal is None:
        return f"seal {number}, which was kept elsewhere, is not there"
    if seal.hash != kept:
        return f"seal {number} is not the one that was kept elsewhere: the history was made anew up to there"
    return None


@one_transaction
def _add(seal: Seal) -> bool:
    """Write a seal down, unless another sealer was first."""
    newest = db.session.scalar(select(func.coalesce(func.max(AuditSeal.id), 0)))
    if newest != seal.number - 1:
        return False
    values = asdict(seal)
    db.session.execute(insert(AuditSeal).values(id=values.pop("number"), **values))
    return True


def _settled_up_to() -> int:
    """Return the id up to which no entry can appear any more; 0 where there is none, or others are always in the way.

    On PostgreSQL an act holds a lock on the table from before it draws a number to its end. So when this one, which
    no such lock allows, is held for a moment, every number drawn is committed or lost. It is only ever tried, never
    waited for, so that no act ever waits behind it.
    """
    newest = select(func.coalesce(func.max(AuditEvent.id), 0))
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return connection.scalar(newest) or 0
        for _ in range(TRIES):
            if _is_quiet(connection):
                found = connection.scalar(newest) or 0
                connection.rollback()
                return found
            time.sleep(SECONDS_BETWEEN_TRIES)
    return 0


def _is_quiet(connection: Connection) -> bool:
    """Take the lock that no act under way allows, or say that one is under way."""
    connection = connection.execution_options(cpd_write=True)
    try:
        connection.exec_driver_sql("LOCK TABLE audit_event IN SHARE MODE NOWAIT")
    except OperationalError as error:
        connection.rollback()
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def _seals() -> Select[*tuple[Any, ...]]:
    """Select seals in the order of a `Seal`'s parts."""
    return select(
        AuditSeal.id,
        AuditSeal.first_id,
        AuditSeal.last_id,
        AuditSeal.count,
        AuditSeal.marks,
        AuditSeal.rows_hash,
        AuditSeal.previous_hash,
        AuditSeal.sealed_at,
        AuditSeal.hash,
    )


def _entries() -> Select[*tuple[Any, ...]]:
    """Select entries with all that they say, in the order of their ids."""
    return select(*AuditEvent.__table__.columns).order_by(AuditEvent.id)
