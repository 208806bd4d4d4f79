"""What can be sent in as learning from elsewhere, who may decide on it, and which facts are put right by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cpd.record.facts import OF_MODULES
from cpd.requirements.record import FactKind
from cpd.shared.links import is_safe_link

FROM_CLAIM = "claim:"
"""What the source of a fact begins with that was written because of a claim; its id follows."""

FROM_REGISTER = "register:"
"""What the source of a fact begins with that follows from a register, and is put right there."""

FIRST_DAY = date(1950, 1, 1)
"""What is said to lie before it is a slip of the pen."""


class ClaimKind(StrEnum):
    """What kind of learning somebody sends in; `BY_HAND` is one that Workforce Development wrote down itself."""

    E_LEARNING = "e_learning"
    EXTERNAL_COURSE = "external_course"
    PREVIOUS_EMPLOYER = "previous_employer"
    HOST = "host"
    OTHER = "other"
    BY_HAND = "by_hand"


class ClaimStatus(StrEnum):
    """How a claim stands. Only an accepted one counts, by the fact that was written for it."""

    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LearningSaid:
    """Learning from elsewhere as somebody describes it; `module_id` is the module that it may count as."""

    kind: ClaimKind
    title: str
    provider: str
    starts_on: date
    ends_on: date
    minutes: int | None
    module_id: int | None
    words: str
    link: str


class ClaimFault(StrEnum):
    """What is wrong with learning that is sent in; the words stand beside the form's fields."""

    ENDS_FIRST = "ends_first"
    AHEAD = "ahead"
    TOO_LONG_AGO = "too_long_ago"
    NO_EVIDENCE = "no_evidence"
    NO_SAFE_LINK = "no_safe_link"
    NO_SUCH_MODULE = "no_such_module"


def faults_of(said: LearningSaid, *, has_file: bool, modules: Collection[int], today: date) -> list[ClaimFault]:
    """List what is wrong: learning is over and can be shown (AMB-25); by hand, the words say what was seen."""
    shown = has_file or said.link or said.kind is ClaimKind.BY_HAND
    faults = (
        (ClaimFault.ENDS_FIRST, said.ends_on < said.starts_on),
        (ClaimFault.AHEAD, max(said.starts_on, said.ends_on) > today),
        (ClaimFault.TOO_LONG_AGO, said.starts_on < FIRST_DAY),
        (ClaimFault.NO_EVIDENCE, not shown),
        (ClaimFault.NO_SAFE_LINK, bool(said.link) and not is_safe_link(said.link)),
        (ClaimFault.NO_SUCH_MODULE, said.module_id is not None and said.module_id not in modules),
    )
    return [fault for fault, holds in faults if holds]


class Refusal(StrEnum):
    """Why something cannot be decided, mended or put right; nothing was changed. The words stand in the templates."""

    DECIDED = "decided"
    CHANGED = "changed"
    OWN = "own"
    OF_A_REGISTER = "of_a_register"
    OF_ANOTHER_KIND = "of_another_kind"
    NO_LONGER_IN_FORCE = "no_longer_in_force"
    SAME_AS_BEFORE = "same_as_before"
    THERE_ALREADY = "there_already"


def against_deciding(status: ClaimStatus, sends: int, seen: int, person_id: int, by: int) -> Refusal | None:
    """Say why somebody cannot decide on a claim: nobody decides on her own, nor on what she has not read.

    `sends` is how often it was sent, and `seen` how often when she read it.
    """
    if person_id == by:
        return Refusal.OWN
    if status is not ClaimStatus.SENT:
        return Refusal.DECIDED
    return Refusal.CHANGED if sends != seen else None


def against_putting_right(kind: FactKind, source_kind: str, person_id: int, by: int) -> Refusal | None:
    """Say why a fact cannot be put right by hand: what a register says is corrected in the register."""
    if person_id == by:
        return Refusal.OWN
    if kind not in OF_MODULES | {FactKind.LEARNING}:
        return Refusal.OF_ANOTHER_KIND
    return Refusal.OF_A_REGISTER if source_kind.startswith(FROM_REGISTER) else None
