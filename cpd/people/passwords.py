"""Passwords as argon2id hashes. Hashing is slow on purpose: call it outside a unit of work."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(_plain(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Say whether this is the password. Without one to compare it takes as long, and the answer is no."""
    never = _hash_of_nothing(*_cost())
    try:
        return _hasher().verify(password_hash or never, _plain(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made at another cost than the one that is now configured."""
    return _hasher().check_needs_rehash(password_hash)


def _plain(password: str) -> str:
    """Write an accent in one way, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def _cost() -> tuple[int, int]:
    """Return the time and the memory (KiB) that a hash takes."""
    return current_app.config["ARGON2_TIME_COST"], current_app.config["ARGON2_MEMORY_KIB"]


def _hasher() -> PasswordHasher:
    """Return what hashes at the configured cost."""
    return _hasher_at(*_cost())


@lru_cache(maxsize=8)
def _hasher_at(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache(maxsize=8)
def _hash_of_nothing(time_cost: int, memory_kib: int) -> str:
    """Return a hash that takes the usual time to compare."""
    return _hasher_at(time_cost, memory_kib).hash("")
