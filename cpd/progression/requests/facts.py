"""What requests tell the floors above, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RequestDecided:
    """A request has ended, published as "progression.decided" in the transaction that ended it.

    `result` is enacted, refused, not_yet or withdrawn; `request_kind` progression or reversal. `letter_id` is the
    frozen letter, None where the request was withdrawn. A request that a panel decides anew is told of again.
    """

    request_id: int
    person_id: int
    organisation_id: int
    transition_code: str
    result: str
    request_kind: str
    reasons: str
    review_on: date | None
    effective_on: date | None
    letter_id: int | None
