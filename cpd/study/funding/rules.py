"""Who may ask for funding of training outside the pathway, who decides, and which year it costs (W-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cpd.schemes.funding_shape import Funding
from cpd.shared.links import is_safe_link
from cpd.shared.roles import Role

DECIDES = Role.ASSISTANT_DIRECTOR
LARGEST_COST = Decimal(100_000)
PENCE = 100
APRIL = 4


class FundingStatus(StrEnum):
    """How a request stands. Only what is `APPROVED` is paid for."""

    ASKED = "asked"
    COMMENTED = "commented"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NOT_HELD = "not_held"


OPEN = frozenset({FundingStatus.ASKED, FundingStatus.COMMENTED})
"""Not decided yet."""

LIVE = OPEN | {FundingStatus.APPROVED}
"""Can still be withdrawn."""

ENDED = frozenset({FundingStatus.WITHDRAWN, FundingStatus.NOT_HELD})
"""Costs nothing any more."""


class FundingFault(StrEnum):
    """Why nothing was done; the words stand in `wording`."""

    NO_POST = "no_post"
    NOT_FOR_HER = "not_for_her"
    NOT_OFFERED = "not_offered"
    STARTED = "started"
    ENDS_FIRST = "ends_first"
    NO_COST = "no_cost"
    COSTS_TOO_MUCH = "costs_too_much"
    NO_SAFE_LINK = "no_safe_link"
    NO_WORDS = "no_words"
    NOT_HER_MANAGER = "not_her_manager"
    NOT_THE_DECIDER = "not_the_decider"
    OWN = "own"
    COMMENTED_ALREADY = "commented_already"
    DECIDED_ALREADY = "decided_already"
    ENDED_ALREADY = "ended_already"
    OVER = "over"
    NOT_APPROVED = "not_approved"


OF_FIELDS = frozenset(
    {
        FundingFault.STARTED,
        FundingFault.ENDS_FIRST,
        FundingFault.NO_COST,
        FundingFault.COSTS_TOO_MUCH,
        FundingFault.NO_SAFE_LINK,
    }
)
"""What is put right by typing something else."""


@dataclass(frozen=True, slots=True)
class TrainingWanted:
    """Training that somebody asks to have paid: what it is, who gives it, what it costs in pounds, when, and why."""

    title: str
    provider: str
    cost: Decimal
    starts_on: date
    ends_on: date
    reasons: str
    link: str


def faults_of(wanted: TrainingWanted, terms: Funding | None, staff_type: str | None, today: date) -> list[FundingFault]:
    """List every reason against a request: it is asked for before it begins, at the latest on its first day."""
    staff_types = terms.staff_types if terms else (staff_type,)
    faults = (
        (FundingFault.NOT_OFFERED, terms is None),
        (FundingFault.NO_POST, staff_type is None),
        (FundingFault.NOT_FOR_HER, staff_type is not None and staff_type not in staff_types),
        (FundingFault.STARTED, wanted.starts_on < today),
        (FundingFault.ENDS_FIRST, wanted.ends_on < wanted.starts_on),
        (FundingFault.NO_COST, wanted.cost <= 0 or wanted.cost != pounds(pence(wanted.cost))),
        (FundingFault.COSTS_TOO_MUCH, wanted.cost > LARGEST_COST),
        (FundingFault.NO_SAFE_LINK, bool(wanted.link) and not is_safe_link(wanted.link)),
        (FundingFault.NO_WORDS, not wanted.reasons.strip() or not wanted.title.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_commenting(
    status: FundingStatus, person_id: int, manager_id: int | None, by: int, words: str
) -> list[FundingFault]:
    """List every reason against a manager's comment: she manages the person today, and says something once."""
    faults = (
        (FundingFault.NOT_HER_MANAGER, manager_id != by or person_id == by),
        (FundingFault.COMMENTED_ALREADY, status is FundingStatus.COMMENTED),
        (FundingFault.DECIDED_ALREADY, status in (FundingStatus.APPROVED, FundingStatus.DECLINED)),
        (FundingFault.ENDED_ALREADY, status in ENDED),
        (FundingFault.NO_WORDS, not words.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_deciding(
    status: FundingStatus, person_id: int, by: int, reasons: str, *, is_decider: bool
) -> list[FundingFault]:
    """List every reason against a decision: any holder of the role but herself decides, once, with reasons."""
    faults = (
        (FundingFault.NOT_THE_DECIDER, not is_decider),
        (FundingFault.OWN, person_id == by),
        (FundingFault.DECIDED_ALREADY, status in (FundingStatus.APPROVED, FundingStatus.DECLINED)),
        (FundingFault.ENDED_ALREADY, status in ENDED),
        (FundingFault.NO_WORDS, not reasons.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_not_held(
    status: FundingStatus, person_id: int, by: int, reasons: str, *, is_decider: bool
) -> list[FundingFault]:
    """List every reason against saying that approved training did not take place; also once it would be over."""
    faults = (
        (FundingFault.NOT_THE_DECIDER, not is_decider),
        (FundingFault.OWN, person_id == by),
        (FundingFault.NOT_APPROVED, status in OPEN),
        (FundingFault.ENDED_ALREADY, status not in LIVE),
        (FundingFault.NO_WORDS, not reasons.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_withdrawing(status: FundingStatus, ends_on: date, today: date) -> list[FundingFault]:
    """Say why a request cannot be withdrawn: it was declined or withdrawn before, or what was approved is over."""
    faults = (
        (FundingFault.ENDED_ALREADY, status not in LIVE),
        (FundingFault.OVER, status is FundingStatus.APPROVED and ends_on < today),
    )
    return [fault for fault, holds in faults if holds]


def financial_year(on: date) -> int:
    """Return the year in which a day's financial year begins: 2019 for 1 April 2019, and 2018 for the day before."""
    return on.year if on.month >= APRIL else on.year - 1


def pounds(pence: int) -> Decimal:
    """Return kept pence as pounds, exactly."""
    return Decimal(pence).scaleb(-2)


def pence(cost: Decimal) -> int:
    """Return pounds as the pence that are kept; `faults_of` refuses what is no whole number of them."""
    return int(cost * PENCE)
