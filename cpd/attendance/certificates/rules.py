"""What a certificate says, whether it is in force, and the code by which it is checked. Plain Python."""

from __future__ import annotations

import secrets
from enum import StrEnum

from cpd.attendance.rules import CODE_ALPHABET

CODE_LENGTH = 16
BY_REGISTERS, BY_ACCEPTANCE = "register", "accepted"
"""What the sources of completions of a session begin with; its number follows after a colon (AMB-27)."""


class State(StrEnum):
    """How a certificate stands: withheld until its session is evaluated, in force, or withdrawn by a correction."""

    WITHHELD = "withheld"
    VALID = "valid"
    WITHDRAWN = "withdrawn"


def state_of(*, is_superseded: bool, waits_for_evaluation: bool) -> State:
    """Say how a certificate stands; one that is withdrawn is not asked for an evaluation any more."""
    if is_superseded:
        return State.WITHDRAWN
    return State.WITHHELD if waits_for_evaluation else State.VALID


def fresh_code() -> str:
    """Draw a code that nobody can guess: as many as there are could not be tried in any time."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def session_of(source_kind: str) -> int:
    """Return the session of which a fact is a completion."""
    return int(source_kind.partition(":")[2])


def source_words(source_kind: str, source: str) -> str:
    """Say where a completion comes from; the reason for which one was accepted is nobody else's business."""
    return source if source_kind.startswith(BY_REGISTERS) else "Accepted as complete by Workforce Development"


def hours_words(minutes: int) -> str:
    """`3 hours`, `1 hour`, `1 hour 30 minutes`, `45 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    parts += [f"{rest} minute{'s' if rest != 1 else ''}"] if rest or not hours else []
    return " ".join(parts)
