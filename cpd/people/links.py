"""Links to choose a password: used once, for a while only.

A link's address is signed with the installation's secret from a random nonce. The database keeps the
nonce (in the message that carries the link) and the address's hash, so that nobody who reads the
database can make the address, and the words of a message are made only when it is shown or sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, insert, select, update

from cpd.people.models import PasswordLink
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

WELCOME_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=2)


def make_links(person_ids: Collection[int], lasting: timedelta) -> dict[int, dict[str, str]]:
    """Give each person a link, and return for each the facts from which a message tells it."""
    real = clock.real_now()
    nonces = {person_id: secrets.token_urlsafe(24) for person_id in person_ids}
    rows = [
        {
            "person_id": person_id,
            "token_hash": _hash(token_of(nonce)),
            "created_at": real,
            "expires_at": real + lasting,
        }
        for person_id, nonce in nonces.items()
    ]
    if rows:
        db.session.execute(insert(PasswordLink), rows)
    return {
        person_id: {"nonce": nonce, "expires_at": (real + lasting).isoformat()} for person_id, nonce in nonces.items()
    }


def token_of(nonce: str) -> str:
    """Return the secret part of a link's address."""
    return str(_signer().dumps(nonce))


def person_of(token: str) -> int | None:
    """Return whose password this link may set now, or None when it is wrong, used or too old."""
    if not _is_ours(token):
        return None
    wanted = select(PasswordLink.person_id).where(
        PasswordLink.token_hash == _hash(token),
        PasswordLink.used_at.is_(None),
        PasswordLink.expires_at > clock.real_now(),
    )
    return db.session.scalar(wanted)


def use_up(token: str) -> bool:
    """Use a link; of two who try at the same moment, only one is told yes."""
    real = clock.real_now()
    used = db.session.scalar(
        update(PasswordLink)
        .where(PasswordLink.token_hash == _hash(token), PasswordLink.used_at.is_(None), PasswordLink.expires_at > real)
        .values(used_at=real)
        .returning(PasswordLink.id)
    )
    return used is not None


def end_links(person_id: int) -> None:
    """Make every link that a person still has useless."""
    unused = (PasswordLink.person_id == person_id, PasswordLink.used_at.is_(None))
    db.session.execute(update(PasswordLink).where(*unused).values(used_at=clock.real_now()))


@one_transaction
def erase_expired_links() -> int:
    """Erase the links that nobody can use any more; returns how many."""
    expired = delete(PasswordLink).where(PasswordLink.expires_at <= clock.real_now()).returning(PasswordLink.id)
    return len(db.session.scalars(expired).all())


def expiry(facts: dict[str, str]) -> datetime:
    """Return until when the link in a message's facts can be used."""
    return datetime.fromisoformat(facts["expires_at"])


def _is_ours(token: str) -> bool:
    """Say whether this installation signed it; whoever guesses is turned away before the database is asked."""
    try:
        _signer().loads(token)
    except BadData:
        return False
    return True


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="a link to choose a password")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
