"""Credits and claims in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cpd.study.credits.claim_rules import ClaimFault, ClaimStatus, Refusal
from cpd.study.credits.rules import CreditFault, CreditStatus, EarnedBy, LevelSums

STATES = {
    CreditStatus.EXPECTED: ("Expected", "waiting"),
    CreditStatus.AWARDED: ("Awarded", "done"),
    CreditStatus.REFUSED: ("Not awarded", "attention"),
    CreditStatus.WITHDRAWN: ("Withdrawn", "neutral"),
}
"""How credits stand: the words and the tone of the status tag."""

EARNED_BY = {
    EarnedBy.MODULE: "University module",
    EarnedBy.APEL: "Prior learning by experience (APEL)",
    EarnedBy.APCL: "Prior learning with a certificate (APCL)",
}

CLAIM_STATES = {
    ClaimStatus.DRAFT: ("Not handed in yet", "attention"),
    ClaimStatus.READY: ("With Workforce Development", "waiting"),
    ClaimStatus.SUBMITTED: ("With the university", "waiting"),
    ClaimStatus.AWARDED: ("Awarded", "done"),
    ClaimStatus.REFUSED: ("Refused", "attention"),
    ClaimStatus.WITHDRAWN: ("Withdrawn", "neutral"),
}

NEXT_STEPS = {
    ClaimStatus.DRAFT: "Next: finish it and hand it in.",
    ClaimStatus.READY: "Next: Workforce Development sends it to the university.",
    ClaimStatus.SUBMITTED: "Next: the university decides. Until then the credits are expected and count for nothing.",
    ClaimStatus.AWARDED: "Nothing more to do: the credits are on the record.",
    ClaimStatus.REFUSED: "A new claim can be made for the same learning once what was missing is put right.",
    ClaimStatus.WITHDRAWN: "It counts for nothing. A new claim can be made.",
}
"""What comes next with a claim: whoever made it reads it, and her manager."""

CLAIMED_ANEW = "A new claim for the same learning has been made since."

CANNOT_ENTER = {
    CreditFault.NO_CREDITS: "The credits must be more than 0 and at most 1,000, with at most two decimals",
    CreditFault.NO_LEVEL: "The academic level must be between 1 and 8",
    CreditFault.IN_THE_FUTURE: "A board that has decided has met: enter a day that is not in the future, "
    "or choose Expected",
    CreditFault.IN_THE_PAST: "The board that is expected has still to meet: enter today or a later day, "
    "or say what it has decided",
    CreditFault.TOO_LONG_AGO: "The year must be 1950 or later",
    CreditFault.NO_REASON: "Enter why: the person is told, and it stays on the record",
    CreditFault.OWN: "You cannot enter your own credits: ask a colleague in Workforce Development",
    CreditFault.ALREADY_AWARDED: "The credits for this are awarded already, and nothing is credited twice: "
    "if the entry is wrong, correct it",
    CreditFault.ALREADY_EXPECTED: "The credits for this are expected already: if the day has changed, "
    "correct the entry",
    CreditFault.ALREADY_REFUSED: "This was refused already: if the entry is wrong, correct it",
    CreditFault.NOTHING_TO_WITHDRAW: "There is nothing to withdraw: the credits are neither expected nor awarded",
    CreditFault.CHANGED_MEANWHILE: "Somebody else has changed this since you opened it: look at it as it is now",
    CreditFault.SAME_AS_BEFORE: "Nothing would change: change what is wrong, or go back",
    CreditFault.OPEN_CLAIM: "A claim for the same learning is under way: record what the university answers on the "
    "claim, or have the claim withdrawn first",
}
"""Why an entry is not made, each with what to do."""

CANNOT_CLAIM = {
    ClaimFault.NO_SUCH_KIND: "Choose what you claim credits for",
    ClaimFault.NO_TITLE: "Enter what the module or course was called",
    ClaimFault.NO_PROVIDER: "Enter which university or college it was",
    ClaimFault.AHEAD: "The learning must be over: enter a day that is not in the future",
    ClaimFault.TOO_LONG_AGO: "The year must be 1950 or later",
    ClaimFault.NO_SAFE_LINK: "The link must be a whole address that begins with https://",
    ClaimFault.NO_SUCH_MODULE: "Choose a module from the list",
    ClaimFault.NO_EVIDENCE: "Choose a file or enter a link: the university decides by what it can see. "
    "You can save the claim and add it later",
    ClaimFault.ALREADY_AWARDED: "You have the credits for this already, and nothing is credited twice",
    ClaimFault.ALREADY_EXPECTED: "The credits for this are expected already: wait for the university to answer",
    ClaimFault.OPEN_ALREADY: "You have a claim for this under way already: go on with that one, or withdraw it first",
    ClaimFault.NEEDS_OUTSTANDING: "Something must be on your record before you can hand this in. "
    "Save it for now, and ask Workforce Development what is missing",
}
"""Why a claim is not taken, each with what to do."""

REFUSALS = {
    Refusal.MOVED_ON: (
        "This claim has moved on",
        "Somebody has taken the next step since you opened it. Look at it as it is now.",
    ),
    Refusal.CHANGED: (
        "This claim was changed since you read it",
        "It was handed in anew. Read it as it is now, and then decide.",
    ),
    Refusal.OWN: (
        "You cannot decide on your own claim",
        "Ask a colleague in Workforce Development to do it.",
    ),
}
"""Why a step with a claim is not taken: a heading, and what to do."""

LEVEL_NAMES = {7: " (postgraduate)", 6: " (graduate)"}


@dataclass(frozen=True, slots=True)
class Sum:
    """What somebody has at one academic level, in words; `expected` is empty where nothing is."""

    academic_level: int
    name: str
    awarded: str
    expected: str


def sums_of(levels: Iterable[LevelSums]) -> list[Sum]:
    """`Level 7 (postgraduate)`: `20 credits`, and `40 credits` expected."""
    return [
        Sum(
            each.academic_level,
            f"Level {each.academic_level}{LEVEL_NAMES.get(each.academic_level, '')}",
            credits_words(each.awarded),
            credits_words(each.expected) if each.expected else "",
        )
        for each in levels
    ]


def credits_words(amount: Decimal) -> str:
    """`20 credits`, `7.5 credits`, `1 credit`."""
    plain = f"{amount.normalize():f}"
    return f"{plain} credit" if plain == "1" else f"{plain} credits"


def amount_words(amount: Decimal, academic_level: int) -> str:
    """`20 credits at level 7`."""
    return f"{credits_words(amount)} at level {academic_level}"
