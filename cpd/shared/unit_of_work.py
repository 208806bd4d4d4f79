"""One act, one transaction: it happens whole or not at all, and runs again when the database asks.

What a capability changed it publishes as plain values; the followers that the application has
listed run floor by floor upwards in the same transaction, before the commit. There is no other
event mechanism.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cpd.shared import clock
from cpd.shared.database import db

P = ParamSpec("P")
R = TypeVar("R")

MOST_TRIES = 5
RETRYABLE_SQLSTATES = {"40001", "40P01", "55P03", "23P01"}
"""Serialisation failure, deadlock, lock time-out; and a room lost in a race, which is refused in words next time."""

_one_sqlite_writer = threading.Lock()
"""SQLite lets one writer in at a time and wakes waiters by chance; a queue in front keeps waits fair."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Something that must keep up: `run(session, values)` is called with all values published."""

    follows: str
    floor: int
    run: Callable[[Session, list[Any]], None]


class TooBusyError(Exception):
    """Others were in the way each time that an act was tried; nothing was changed, and it can be tried again."""


def publish(name: str, value: Any) -> None:
    """Say what changed, as a plain value, so that the floors above can follow before the commit."""
    db.session.info.setdefault("published", {}).setdefault(name, []).append(value)


def run_afterwards(errand: Callable[[], object]) -> None:
    """Run something once this act is committed, in a transaction of its own.

    What it is to do must stand in the database too, for a process may be killed before it runs.
    """
    errands = db.session.info.setdefault("afterwards", [])
    if errand not in errands:
        errands.append(errand)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Run the block as one all-or-nothing change; a block inside another joins it.

    Raises:
        RuntimeError: something was changed before the unit of work began.
    """
    session: Session = db.session()
    if session.info.get("in_unit_of_work"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside a unit of work")
    session.rollback()  # let go of what has been read so far: it may be stale
    clock.now()  # where the business clock was never set here, that is a write of its own
    errands: list[Callable[[], object]] = []
    with ExitStack() as held:
        if session.get_bind().dialect.name == "sqlite":
            held.enter_context(_one_sqlite_writer)
        session.info["in_unit_of_work"] = True
        try:
            with session.begin():
                session.connection(execution_options={"cpd_write": True})
                yield session
                _run_followers(session)
            errands = session.info.get("afterwards", [])
        finally:
            for name in ("in_unit_of_work", "published", "afterwards"):
                session.info.pop(name, None)
    _run_errands(errands)


@contextmanager
def only_tried() -> Iterator[Session]:
    """Run the block as a change that is undone at its end: to look at what it would do."""
    session: Session = db.session()
    if session.info.get("in_unit_of_work"):
        raise RuntimeError("A change cannot be tried inside another")
    try:
        with unit_of_work():
            yield session
            session.flush()
            raise _OnlyTried  # noqa: TRY301 - the transaction's own way to be undone
    except _OnlyTried:
        session.expire_all()


class _OnlyTried(Exception):  # noqa: N818 - the way out of a change that must not last
    """Ends a change that was only tried."""


def _run_followers(session: Session) -> None:
    """Call the followers, the lowest floor first, until nothing more is published."""
    followers: list[Follower] = current_app.extensions.get("followers", [])
    while published := session.info.pop("published", None):
        for follower in sorted(followers, key=lambda each: each.floor):
            if values := published.get(follower.follows):
                follower.run(session, values)


def _run_errands(errands: list[Callable[[], object]]) -> None:
    """Do what the act left to do; a failure cannot undo the act, and the worker tries again."""
    for errand in errands:
        try:
            errand()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("Something left to do after an act has failed; the worker tries again")


def one_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Run a service as one unit of work; whole again on a deadlock, at most five times.

    Such a function may have no effect outside the database.

    Raises:
        TooBusyError: the database asked for yet another try.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session().info.get("in_unit_of_work"):
            return function(*args, **kwargs)
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with unit_of_work():
                    return function(*args, **kwargs)
            except DBAPIError as error:
                db.session.rollback()
                if not _worth_another_try(error):
                    raise
                if attempt == MOST_TRIES:
                    raise TooBusyError from error
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    return run


def _worth_another_try(error: DBAPIError) -> bool:
    """Say whether the database asked for the whole act again."""
    if getattr(error.orig, "sqlstate", None) in RETRYABLE_SQLSTATES:
        return True
    return "database is locked" in str(error.orig)
