"""What may follow in the ledger of credits, and what somebody's entries come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cpd.requirements.record import Fact, FactKind

FROM_LEDGER = "credit:"
"""What the source of a fact begins with that follows from the ledger; the entry's id follows."""

FIRST_DAY = date(1950, 1, 1)
"""What is said to lie before it is a slip of the pen."""

PLACES = Decimal("0.01")
MOST_CREDITS = Decimal(1000)


class CreditStatus(StrEnum):
    """How the credits for one activity stand (AMB-37): only awarded ones count."""

    EXPECTED = "expected"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class EarnedBy(StrEnum):
    """How credits are earned (AMB-32): by a university's module, or by prior learning (B6)."""

    MODULE = "module"
    APEL = "apel"
    APCL = "apcl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSaid:
    """One entry of the ledger as somebody says it.

    `activity` is the thing done, of which one person is credited only once; `source` the code of the module or of the
    kind of prior learning, by which requirements ask; `board_on` the day of the award board, ahead for what is
    expected; `learning_ended_on` when prior learning was over, which awards may ask (B6).
    """

    person_id: int
    activity: str
    source: str
    earned_by: EarnedBy
    title: str
    credits: Decimal
    academic_level: int
    university: str
    board_on: date
    status: CreditStatus
    learning_ended_on: date | None = None
    claim_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PriorLearning:
    """Prior learning behind credits: which activity it was, what it is called, and when it was over, if known."""

    activity: str
    title: str
    ended_on: date | None = None


class CreditFault(StrEnum):
    """Why an entry is not made; nothing was changed. The words stand in `words`."""

    NO_CREDITS = "no_credits"
    NO_LEVEL = "no_level"
    IN_THE_FUTURE = "in_the_future"
    IN_THE_PAST = "in_the_past"
    TOO_LONG_AGO = "too_long_ago"
    NO_REASON = "no_reason"
    OWN = "own"
    ALREADY_AWARDED = "already_awarded"
    ALREADY_EXPECTED = "already_expected"
    ALREADY_REFUSED = "already_refused"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    CHANGED_MEANWHILE = "changed_meanwhile"
    SAME_AS_BEFORE = "same_as_before"
    OPEN_CLAIM = "open_claim"


def faults_of(said: CreditSaid, *, by: int, today: date) -> list[CreditFault]:
    """List what is wrong with an entry by itself.

    A board has met before it has decided, and one that is expected is still to meet; nobody enters her own.
    """
    level_is_there = 1 <= said.academic_level <= 8  # noqa: PLR2004 - the framework's levels (B6)
    exact = 0 < said.credits <= MOST_CREDITS and said.credits == said.credits.quantize(PLACES)
    faults = (
        (CreditFault.NO_CREDITS, not exact),
        (CreditFault.NO_LEVEL, not level_is_there),
        (CreditFault.IN_THE_FUTURE, _is_decided(said.status) and said.board_on > today),
        (CreditFault.TOO_LONG_AGO, said.board_on < FIRST_DAY),
        (CreditFault.IN_THE_PAST, said.status is CreditStatus.EXPECTED and said.board_on < today),
        (CreditFault.OWN, said.person_id == by),
    )
    return [fault for fault, holds in faults if holds]


def against_following(before: CreditStatus | None, after: CreditStatus) -> CreditFault | None:
    """Say why an entry cannot follow another in the usual course, without putting anything right.

    What was refused or withdrawn may be tried again; what is awarded changes only by a correction, for a reason.
    """
    if before is CreditStatus.AWARDED and after is not CreditStatus.WITHDRAWN:
        return CreditFault.ALREADY_AWARDED
    if after is CreditStatus.WITHDRAWN:
        in_force = before in (CreditStatus.EXPECTED, CreditStatus.AWARDED)
        return None if in_force else CreditFault.NOTHING_TO_WITHDRAW
    if before is after is CreditStatus.EXPECTED:
        return CreditFault.ALREADY_EXPECTED
    if before is after is CreditStatus.REFUSED:
        return CreditFault.ALREADY_REFUSED
    return None


@dataclass(frozen=True, slots=True)
class LevelSums:
    """What somebody has at one academic level: what was awarded, and apart from it what is only expected."""

    academic_level: int
    awarded: Decimal
    expected: Decimal


def levels_of(newest: Iterable[tuple[CreditStatus, int, Decimal]]) -> list[LevelSums]:
    """Add up the newest entries of one person's activities, the highest academic level first (AMB-37)."""
    sums: dict[int, dict[CreditStatus, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for status, academic_level, credits_ in newest:
        if status in (CreditStatus.AWARDED, CreditStatus.EXPECTED):
            sums[academic_level][status] += credits_
    return [
        LevelSums(academic_level, its[CreditStatus.AWARDED], its[CreditStatus.EXPECTED])
        for academic_level, its in sorted(sums.items(), reverse=True)
    ]


def awarded_by_recomputation(entries: Iterable[CreditSaid]) -> Mapping[int, Decimal]:
    """Add up what is awarded from all entries ever made, oldest first: each activity is what was said of it last."""
    newest = {(each.person_id, each.activity): each for each in entries}
    awarded: dict[int, Decimal] = defaultdict(Decimal)
    for each in newest.values():
        if each.status is CreditStatus.AWARDED:
            awarded[each.person_id] += each.credits
    return awarded


def expected_fact(source: str, board_on: date, credits_: Decimal, academic_level: int, entry_id: int) -> Fact:
    """Make of an expected entry what the evaluator takes as in hand, and never as done (AMB-37)."""
    return Fact(
        FactKind.PENDING,
        source,
        board_on,
        value=FactKind.CREDIT,
        amount=credits_,
        academic_level=academic_level,
        ahead=True,
        reference=f"{FROM_LEDGER}{entry_id}",
    )


def activity_of_module(code: str) -> str:
    """Name the activity of taking a university's module, here or elsewhere."""
    return f"module:{code}"


def activity_of_claim(kind: str, title: str, *, only_once: bool, module: str = "") -> str:
    """Name what a claim is about: a module that ours is the same as, the one portfolio there is, or what she calls it.

    Capitals and spacing make no difference, so that nothing is credited twice under two spellings.
    """
    if module:
        return activity_of_module(module)
    return kind if only_once else f"{kind}:{' '.join(title.casefold().split())}"


def _is_decided(status: CreditStatus) -> bool:
    return status in (CreditStatus.AWARDED, CreditStatus.REFUSED)
