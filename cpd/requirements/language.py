"""The requirement language: what may be asked of one person's record.

A module's prerequisites and a career level's criteria are the same question, so both are written
as a small tree of these nodes. A leaf asks one thing of the record and may be bounded: `since` and
`before` (dates), `within` (months up to the day asked), in that order. A branch joins leaves.

Plain Python and nothing else: a scheme pack is read into these nodes, a person's facts into
`cpd.requirements.record`, and `cpd.requirements.evaluator` asks the one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When a fact must have happened to count: all bounds are inclusive dates of the field.

    `since` and `before` are calendar dates (a fact on `before` itself counts); `within_months`
    looks back from the day on which the question is asked.
    """

    since: date | None = None
    within_months: int | None = None
    before: date | None = None


ANY_TIME = Bounds()


@dataclass(frozen=True, slots=True)
class Completed:
    """Module completed, or recognised as completed (G-1, G-3, AMB-24)."""

    module: str
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class Attended:
    """At least `count` different modules of a programme attended (AMB-36: n of 8 workshops)."""

    programme: str
    count: int
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class Credits:
    """At least `credits` awarded at an academic level or above, from any of `sources`.

    `sources` names modules or prior-learning claims (empty: any). `at_most` caps what may count from
    this line (AMB-01: at most 20 by APEL).
    """

    credits: Decimal
    academic_level: int
    sources: tuple[str, ...] = ()
    at_most: Decimal | None = None
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class Outcome:
    """A panel or assessment gave this outcome (W-2, C-1); only the newest outcome counts."""

    panel: str
    outcome: str
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class Evidence:
    """At least `count` accepted evidence items of a kind, such as a direct observation (W-9, B3)."""

    kind: str
    count: int = 1
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class TimeInCareerLevel:
    """At least `months` in a career level, spells added up (W-2, W-3)."""

    career_level: str
    months: int


@dataclass(frozen=True, slots=True)
class YearsQualified:
    """At least `years` since qualifying, or since first registration (C-1, AMB-14, AMB-40)."""

    years: int
    counted_from: str = "qualified"  # or "registered"
    deduct_breaks: bool = False


@dataclass(frozen=True, slots=True)
class ApprovedBy:
    """Approval recorded by somebody holding a role (W-10, W-11)."""

    role: str
    bounds: Bounds = ANY_TIME


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every line."""

    lines: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One line is enough."""

    lines: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the lines."""

    count: int
    lines: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """Every line, and one fact serves one line only: facts are assigned to lines exactly (AMB-01)."""

    lines: tuple[Requirement, ...]


Leaf = Completed | Attended | Credits | Outcome | Evidence | TimeInCareerLevel | YearsQualified | ApprovedBy
Branch = AllOf | AnyOf | AtLeast | Distinct
Requirement = Leaf | Branch
CountedLeaf = Completed | Attended | Credits | Outcome | Evidence | ApprovedBy
"""Leaves that count facts; the others measure time."""

NOTHING = AllOf(())
"""Asks nothing, so everybody satisfies it."""


def lines_needed(branch: Branch) -> int:
    """Return how many of its lines a branch needs: one of any, all of all."""
    match branch:
        case AnyOf():
            return 1
        case AtLeast(count=count):
            return count
        case AllOf() | Distinct():
            return len(branch.lines)
