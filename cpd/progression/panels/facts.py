"""What panels say to the rest of progression, as plain values, and how they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cpd.progression.panels.rules import PanelFault

DECIDED = "panel.decided"
"""What is published when a panel has decided, decided anew, or a case was withdrawn; the values are `CaseDecided`."""

SOURCE = "panel"
"""The source of facts and of diary entries that panels write."""


class PanelRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons."""

    def __init__(self, faults: Sequence[PanelFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class CaseDecided:
    """What became of a case: a decision, a newer one in place of an earlier one, or that it was withdrawn.

    `outcome` is one of `PanelOutcome`. A support plan and a day of review stand with an outcome that defers, and
    else are empty. `is_anew` says that an earlier decision was superseded by this one.
    """

    case_id: int
    person_id: int
    organisation_id: int
    panel_code: str
    outcome: str
    request_id: int | None
    reasons: str
    support_plan: str
    review_on: date | None
    is_anew: bool = False
