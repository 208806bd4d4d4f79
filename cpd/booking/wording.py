"""Why a booking ended, in words: the code that was tapped, what she added, or what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cpd.booking.rules import CancelReason

CANCEL_REASONS: Mapping[CancelReason, str] = MappingProxyType(
    {
        CancelReason.COURT: "Court",
        CancelReason.EMERGENCY: "An emergency",
        CancelReason.UNWELL: "Unwell",
        CancelReason.OTHER: "Something else",
    }
)


def reason_kept(code: str, words: str = "") -> str:
    """Put together what is kept of a reason: its code, and the few words that belong to something else."""
    if code in ("", CancelReason.OTHER) and words:
        return f"{CancelReason.OTHER}: {words}"
    return code


def say_reason(kept: str) -> str:
    """Say a reason in words; what is no code is said as it was typed."""
    code, _, words = kept.partition(": ")
    if code == CancelReason.OTHER and words:
        return words
    return CANCEL_REASONS[CancelReason(kept)] if kept in set(CancelReason) else kept[:1].upper() + kept[1:]
