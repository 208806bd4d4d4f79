"""Practice educators' stages (PEPS): what somebody holds follows from her record and is stored nowhere else (B6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cpd.requirements.evaluator import RecordIndex, Standing, standing_of
from cpd.requirements.record import Record
from cpd.schemes.award_shape import PracticeEducatorStage
from cpd.schemes.requirement_shape import RequirementShape, requirement_from


@dataclass(frozen=True, slots=True)
class StagePlace:
    """One stage as it stands to somebody: what holding it takes, what is asked before, and what keeps it current."""

    stage: PracticeEducatorStage
    holds: Standing
    entry: Standing | None
    currency: Standing | None

    @property
    def is_current(self) -> bool:
        """Whether it is held, and as current as the council asks; usually nothing is asked (B6)."""
        return self.holds.is_met and (self.currency is None or self.currency.is_met)


@dataclass(frozen=True, slots=True)
class PracticeEducatorStatus:
    """Which stage somebody holds: `peps_stage` 0, 1 or 2, the highest; and every stage with where she stands."""

    stages: tuple[StagePlace, ...]

    @property
    def highest(self) -> StagePlace | None:
        """The highest stage that she holds, current or not, or None."""
        held = [each for each in self.stages if each.holds.is_met]
        return max(held, key=lambda each: each.stage.stage, default=None)

    @property
    def peps_stage(self) -> int:
        """The number of the highest stage that she holds; 0: none."""
        return self.highest.stage.stage if self.highest else 0


def status_of(stages: Sequence[PracticeEducatorStage], record: Record, on: date) -> PracticeEducatorStatus:
    """Say which practice educator's stage somebody holds on a day."""
    index = RecordIndex(record)

    def asked(shape: RequirementShape | None) -> Standing | None:
        return standing_of(requirement_from(shape), index, on) if shape else None

    return PracticeEducatorStatus(
        tuple(
            StagePlace(
                each, standing_of(requirement_from(each.holds), index, on), asked(each.entry), asked(each.currency)
            )
            for each in sorted(stages, key=lambda each: each.stage)
        )
    )
