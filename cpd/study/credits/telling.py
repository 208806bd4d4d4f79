"""What follows in words from an entry of the ledger: its history, and what its person is told."""

from __future__ import annotations

from typing import Any

from cpd.shared import history, outbox
from cpd.shared.wording import date_words
from cpd.study.credits.models import CreditAward
from cpd.study.credits.rules import CreditStatus, against_following
from cpd.study.credits.words import STATES, amount_words

DECIDED = {CreditStatus.AWARDED: "credits_awarded", CreditStatus.REFUSED: "credits_refused"}
"""What she is told of what a university has decided."""


def remember(row: CreditAward, head: CreditAward | None, by: int) -> None:
    """Write the history of an entry, without names (B8)."""
    history.note(
        f"{row.credit_status}_credits",
        "credit_award",
        row.id,
        actor_id=by,
        organisation_id=row.organisation_id,
        reason=row.reason or None,
        before=_in_history(head) if head else None,
        after=_in_history(row),
    )


def _in_history(row: CreditAward) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "source": row.source,
        "credits": str(row.credits),
        "academic_level": row.academic_level,
        "board_on": row.board_on.isoformat(),
        "status": str(row.credit_status),
    }


def tell_her(row: CreditAward, head: CreditAward | None, by: int) -> None:
    """Tell her what a university has decided, and what was put right; what she did herself she knows."""
    told = _kind_of_message(row, head)
    if not told or row.person_id == by:
        return
    facts = {
        "title": row.title,
        "amount": amount_words(row.credits, row.academic_level),
        "university": row.university,
        "board_on": date_words(row.board_on),
        "reason": row.reason,
        "is_claim": row.claim_id is not None,
    }
    if head is not None:
        facts |= {"before": _say(head), "now": _say(row)}
    outbox.tell(row.organisation_id, row.person_id, told, f"credit:{row.id}", facts)


def _kind_of_message(row: CreditAward, head: CreditAward | None) -> str:
    """Name the message about an entry; empty where there is nothing to tell: what is expected she has asked for."""
    if head is not None and _is_correction(row, head):
        return "credits_corrected"
    return DECIDED.get(CreditStatus(row.credit_status), "")


def _is_correction(row: CreditAward, head: CreditAward) -> bool:
    """Say whether an entry puts another right, and is not what was waited for."""
    usual = against_following(CreditStatus(head.credit_status), CreditStatus(row.credit_status)) is None
    return not usual or row.credit_status == CreditStatus.WITHDRAWN


def _say(row: CreditAward) -> str:
    """`20 credits at level 7, awarded, board of 3 June 2019`."""
    amount = amount_words(row.credits, row.academic_level)
    return f"{amount}, {STATES[CreditStatus(row.credit_status)][0].lower()}, board of {date_words(row.board_on)}"
