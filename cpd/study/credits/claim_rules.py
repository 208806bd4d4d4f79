"""What a claim for prior learning must say, and which step may follow which (B6, AMB-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cpd.shared.links import is_safe_link
from cpd.study.credits.rules import FIRST_DAY, CreditStatus


class ClaimStatus(StrEnum):
    """How a claim stands: with its person, with Workforce Development, with the university, or answered."""

    DRAFT = "draft"
    READY = "ready"
    SUBMITTED = "submitted"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (ClaimStatus.DRAFT, ClaimStatus.READY, ClaimStatus.SUBMITTED)
"""While a claim stands so, no other can be made for the same learning."""


class Step(StrEnum):
    """What can be done with a claim."""

    MEND = "mend"
    WITHDRAW = "withdraw"
    SEND_ON = "send_on"
    SEND_BACK = "send_back"
    DECIDE = "decide"


FROM = {
    Step.MEND: frozenset({ClaimStatus.DRAFT}),
    Step.WITHDRAW: frozenset(OPEN),
    Step.SEND_ON: frozenset({ClaimStatus.READY}),
    Step.SEND_BACK: frozenset({ClaimStatus.READY}),
    Step.DECIDE: frozenset({ClaimStatus.SUBMITTED}),
}
"""From where each step can be taken. A refused claim is not taken up again: a new one is made (AMB-37)."""

HERS = frozenset({Step.MEND, Step.WITHDRAW})
"""What the person herself does; the other steps are taken by somebody else."""


class Refusal(StrEnum):
    """Why a step is not taken; nothing was changed. The words stand in `words`."""

    MOVED_ON = "moved_on"
    CHANGED = "changed"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSaid:
    """Prior learning as its person describes it; `module_code` is the module of ours that it is the same as."""

    kind: str
    title: str = ""
    module_code: str = ""
    provider: str = ""
    learning_ended_on: date
    words: str = ""
    kept_current: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else there is to know when a claim is judged.

    `known_kind` is whether the scheme has such prior learning, `only_once` whether there is one such thing in a career;
    `standing` how the credits for it stand, `has_other` whether another claim for it is open.
    """

    known_kind: bool
    only_once: bool
    known_module: bool
    has_file: bool
    standing: CreditStatus | None
    has_other: bool
    needs_met: bool


class ClaimFault(StrEnum):
    """What is wrong with a claim; the words stand in `words`."""

    NO_SUCH_KIND = "no_such_kind"
    NO_TITLE = "no_title"
    NO_PROVIDER = "no_provider"
    AHEAD = "ahead"
    TOO_LONG_AGO = "too_long_ago"
    NO_SAFE_LINK = "no_safe_link"
    NO_SUCH_MODULE = "no_such_module"
    NO_EVIDENCE = "no_evidence"
    ALREADY_AWARDED = "already_awarded"
    ALREADY_EXPECTED = "already_expected"
    OPEN_ALREADY = "open_already"
    NEEDS_OUTSTANDING = "needs_outstanding"


def faults_of_claim(said: ClaimSaid, around: Around, *, handing_in: bool, today: date) -> list[ClaimFault]:
    """List what is wrong: nothing is claimed twice, and what is handed in can be shown and has all it needs."""
    elsewhere = around.known_kind and not around.only_once
    faults = (
        (ClaimFault.NO_SUCH_KIND, not around.known_kind),
        (ClaimFault.NO_TITLE, elsewhere and not said.title),
        (ClaimFault.NO_PROVIDER, elsewhere and not said.provider),
        (ClaimFault.NO_SUCH_MODULE, bool(said.module_code) and not around.known_module),
        (ClaimFault.AHEAD, said.learning_ended_on > today),
        (ClaimFault.TOO_LONG_AGO, said.learning_ended_on < FIRST_DAY),
        (ClaimFault.NO_SAFE_LINK, bool(said.link) and not is_safe_link(said.link)),
        (ClaimFault.ALREADY_AWARDED, around.standing is CreditStatus.AWARDED),
        (ClaimFault.ALREADY_EXPECTED, around.standing is CreditStatus.EXPECTED),
        (ClaimFault.OPEN_ALREADY, around.has_other),
        (ClaimFault.NO_EVIDENCE, handing_in and not (around.has_file or said.link)),
        (ClaimFault.NEEDS_OUTSTANDING, handing_in and not around.needs_met),
    )
    return [fault for fault, holds in faults if holds]


def against_step(step: Step, status: ClaimStatus, *, sends: int, seen: int | None, is_hers: bool) -> Refusal | None:
    """Say why a step cannot be taken: nobody decides on her own claim, nor on what she has not read.

    `sends` is how often it was handed in, and `seen` how often when it was read; None where that does not matter.
    """
    if is_hers and step not in HERS:
        return Refusal.OWN
    if status not in FROM[step]:
        return Refusal.MOVED_ON
    return Refusal.CHANGED if seen is not None and sends != seen else None
