"""Limits on what is tried again and again: signing in, asking for a new password, entering the code of the day.

Tries are counted per account and per address on real time, in the database, so that every process
counts alike. A try is written down before it is judged, so that a hundred at one moment cannot all
pass; one that is refused is not counted, so nobody is ever locked out for longer than the window.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, or_, select

from cpd.people.models import Attempt
from cpd.people.rules import opens_again_at
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried within a time, for one account and from one address."""

    what: str
    per_account: int
    per_address: int
    within: timedelta


SIGNING_IN = Limit("sign in", per_account=10, per_address=50, within=timedelta(minutes=15))
ASKING_FOR_PASSWORD = Limit("ask for a password", per_account=3, per_address=50, within=timedelta(hours=1))
ENTERING_CODES = Limit("enter a code", per_account=10, per_address=300, within=timedelta(minutes=15))
"""A whole room enters its code from one address at once; a right one is not counted for longer than it takes."""

KEPT = timedelta(hours=1)


class TooManyAttempts(Exception):  # noqa: N818 - a refusal, as everywhere in this project
    """Too much was tried; `minutes` says how long to wait. `everywhere` means from this address, whoever is named."""

    def __init__(self, minutes: int, *, everywhere: bool) -> None:
        super().__init__(f"Too many attempts; again in {minutes} minutes")
        self.minutes = minutes
        self.everywhere = everywhere


def begin(limit: Limit, account: str, address: str) -> None:
    """Count a try, unless there were too many. Call it outside a unit of work: each step must be seen by others.

    Raises:
        TooManyAttempts: the limit is reached; this try was not counted.
    """
    account_key, address_key = _key(limit, "account", account), _key(limit, "address", address)
    own = _write_down(account_key, address_key)
    by_account, by_address = _tries(limit, account_key, address_key, own)
    opens_for_address = opens_again_at(by_address, limit.per_address, limit.within)
    opens = [opens_again_at(by_account, limit.per_account, limit.within), opens_for_address]
    if waits := [moment - clock.real_now() for moment in opens if moment]:
        _strike_out(own)
        raise TooManyAttempts(-(-max(waits) // timedelta(minutes=1)), everywhere=opens_for_address is not None)


@one_transaction
def forget(limit: Limit, account: str) -> None:
    """Count an account's tries from the beginning: it was really she."""
    db.session.execute(delete(Attempt).where(Attempt.account == _key(limit, "account", account)))


@one_transaction
def _write_down(account_key: str, address_key: str) -> int:
    """Keep a try, and let go of those that no limit asks for any more."""
    real = clock.real_now()
    db.session.execute(delete(Attempt).where(Attempt.tried_at < real - KEPT))
    attempt = Attempt(account=account_key, address=address_key, tried_at=real)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def _tries(limit: Limit, account_key: str, address_key: str, own: int) -> tuple[list[datetime], list[datetime]]:
    """Return when else there were tries for this account, and from this address: one query."""
    wanted = select(Attempt.account, Attempt.address, Attempt.tried_at).where(
        or_(Attempt.account == account_key, Attempt.address == address_key),
        Attempt.tried_at > clock.real_now() - limit.within,
        Attempt.id != own,
    )
    rows = db.session.execute(wanted).all()
    db.session.rollback()  # give the connection back: what follows is slow
    by_account = [row.tried_at for row in rows if row.account == account_key]
    by_address = [row.tried_at for row in rows if row.address == address_key]
    return by_account, by_address


@one_transaction
def _strike_out(attempt_id: int) -> None:
    db.session.execute(delete(Attempt).where(Attempt.id == attempt_id))


def _key(limit: Limit, kind: str, value: str) -> str:
    """Return a keyed hash, so that the table says neither who tried nor from where."""
    words = f"{limit.what}\n{kind}\n{value}"
    return hmac.new(current_app.config["SECRET_KEY"].encode(), words.encode(), "sha256").hexdigest()
