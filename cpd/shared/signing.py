"""Signing what is frozen, so that anybody can check it with the public key alone (Ed25519; see decision 11).

The private key lies in one file of the installation and signs; public keys are kept for ever, named by their
fingerprints, so that what an earlier key has signed can still be checked.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared import clock
from cpd.shared.database import Base, db

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = "signing_key.pem"


class SigningKey(Base):
    """A public key that has signed something: named by the SHA-256 of its 32 bytes. Never changed or deleted."""

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    """Its 32 bytes in base64."""
    first_used_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("length(fingerprint) = 64", name="is_named_by_a_hash"),)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures; `public_key` is its 32 bytes in base64."""

    fingerprint: str
    public_key: str
    first_used_at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in base64, and by which key."""

    signature: str
    fingerprint: str


def sign(text: str) -> Signed:
    """Sign a text inside an act; where the key signs for the first time, its public half is kept in the same act.

    The private key is made at first need. If the act fails afterwards, it is there and has signed nothing.
    """
    key = _private_key(key_file())
    public = key.public_key().public_bytes_raw()
    fingerprint = hashlib.sha256(public).hexdigest()
    if db.session.get(SigningKey, fingerprint) is None:
        shown = base64.b64encode(public).decode()
        db.session.add(SigningKey(fingerprint=fingerprint, public_key=shown, first_used_at=clock.real_now()))
        db.session.flush()
    return Signed(base64.b64encode(key.sign(text.encode())).decode(), fingerprint)


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Say whether a signature is that of this text by this public key; both in base64. What is none is not."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_of(public_key: str) -> str:
    """Return the fingerprint of a public key in base64. Raises ValueError where that is no base64."""
    return hashlib.sha256(base64.b64decode(public_key, validate=True)).hexdigest()


def public_keys() -> list[PublicKey]:
    """List every key that ever signed, the newest first: one query. Keys whose name is not theirs are left out."""
    wanted = select(SigningKey.fingerprint, SigningKey.public_key, SigningKey.first_used_at)
    rows = db.session.execute(wanted.order_by(SigningKey.first_used_at.desc(), SigningKey.fingerprint))
    return [key for key in (PublicKey(*row) for row in rows) if _is_named_right(key)]


def replace_key() -> str:
    """Put a new private key in the place of the present one, which is gone then; returns the new fingerprint.

    What the old key has signed is still checked with its public half.
    """
    file = key_file()
    fresh = _written(file)
    fresh.replace(file)
    return hashlib.sha256(_private_key(file).public_key().public_bytes_raw()).hexdigest()


def key_file() -> Path:
    """Say where the private key lies: CPD_SIGNING_KEY_FILE, or in the installation's own folder."""
    given: str = current_app.config["CPD_SIGNING_KEY_FILE"]
    instance: Path = current_app.config["CPD_INSTANCE"]
    return Path(given) if given else instance / FILE


def _is_named_right(key: PublicKey) -> bool:
    """Say whether a kept key bears its own fingerprint."""
    with contextlib.suppress(ValueError):
        return fingerprint_of(key.public_key) == key.fingerprint
    return False


def _private_key(file: Path) -> Ed25519PrivateKey:
    """Read the private key; where there is none, make one. Two processes that do so at once agree on one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not file.exists():
        fresh = _written(file)
        with contextlib.suppress(FileExistsError):  # another process was first, and its key stands
            os.link(fresh, file)
        fresh.unlink()
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} holds no Ed25519 key")
    return key


def _written(file: Path) -> Path:
    """Write a new private key beside where it is to be, whole and for nobody else to read."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    fresh = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    content = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    return fresh
