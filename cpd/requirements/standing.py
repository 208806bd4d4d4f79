"""How one record stands to one requirement: the verdict, line by line, with the facts behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cpd.requirements.language import AtLeast, Branch, Distinct, Requirement, lines_needed
from cpd.requirements.record import Fact

Amount = int | Decimal


class State(StrEnum):
    """What is to be said of a line, the best first."""

    MET = "met"
    IN_HAND = "in_hand"
    OUTSTANDING = "outstanding"


_RANK = {state: rank for rank, state in enumerate(State)}


class Unit(StrEnum):
    """What a line counts."""

    CREDITS = "credits"
    MODULES = "modules"
    ITEMS = "items"
    MONTHS = "months"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far a counted line is from being met: `done` of `needed`, and what is booked or pending.

    `reached_on` is the day on which time alone will meet it, None where it never will as things are.
    """

    unit: Unit
    needed: Amount
    done: Amount
    in_hand: Amount = 0
    reached_on: date | None = None

    @property
    def missing(self) -> Amount:
        """What is still to be found, beside what is in hand."""
        return self.needed - self.done - self.in_hand


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer for one line of a requirement and for every line below it.

    `by` are the facts that decide it: those that meet it or put it in hand, and while it is
    outstanding those that count towards it. `met_on` is the day since which it is met; `expected_at` the
    moment at which what is in hand will have happened, on the day `expected_on`. `shortfall` is given for
    counted lines that are not met.
    """

    requirement: Requirement
    state: State
    lines: tuple[Standing, ...] = ()
    by: tuple[Fact, ...] = ()
    met_on: date | None = None
    expected_at: datetime | None = None
    expected_on: date | None = None
    shortfall: Shortfall | None = None

    @property
    def is_met(self) -> bool:
        """Whether everything asked for is done."""
        return self.state is State.MET

    def leaves(self) -> Iterator[Standing]:
        """Go through the single lines, in the order written."""
        if not isinstance(self.requirement, Branch):
            yield self
        for line in self.lines:
            yield from line.leaves()

    def outstanding_leaves(self) -> tuple[Standing, ...]:
        """Return the lines still to do: for a choice, every way that is open; none unless this is outstanding.

        A branch that asks for more lines than it has stands for itself.
        """
        if self.state is not State.OUTSTANDING:
            return ()
        return tuple(leaf for line in self.lines for leaf in line.outstanding_leaves()) or (self,)

    def in_hand_leaves(self) -> tuple[Standing, ...]:
        """Return the lines that are booked or pending, leaving out those that are not needed any more."""
        if self.state is State.MET:
            return ()
        if not self.lines:
            return (self,) if self.state is State.IN_HAND else ()
        open_lines = [line for line in self.lines if line.state is State.IN_HAND or self.state is State.OUTSTANDING]
        return tuple(leaf for line in open_lines for leaf in line.in_hand_leaves())

    def rests_on(self) -> tuple[Fact, ...]:
        """Return the bookings and pending decisions that this stands on while it is in hand, else nothing.

        They suffice, and none is named that could fall away without the lines here adding up to less:
        their `reference` and `session_id` tell which they are (AMB-23).
        """
        if self.state is not State.IN_HAND:
            return ()
        kept = [fact for fact in self.by if fact.still_ahead]
        for fact in tuple(kept):
            without = [each for each in kept if each != fact]
            if self.holds_on(without):
                kept = without
        return tuple(kept)

    def holds_on(self, facts: Collection[Fact]) -> bool:
        """Say whether this would still be met or in hand with only these of its facts ahead."""
        if self.state is State.OUTSTANDING:
            return False
        if not isinstance(self.requirement, Branch) or isinstance(self.requirement, Distinct):
            return all(fact in facts for fact in self.by if fact.still_ahead)
        return sum(line.holds_on(facts) for line in self.lines) >= lines_needed(self.requirement)


def rolled_up(branch: Branch, lines: Sequence[Standing]) -> Standing:
    """Join the lines' answers: the best lines that suffice decide, and the last of them says when.

    So all of them means the worst line, any of them the best, at least n the n-th best.
    """
    needed = lines_needed(branch)
    deciding = lines if needed >= len(lines) else _best_of(lines, max(needed, 0))
    state = max((line.state for line in deciding), key=_RANK.__getitem__, default=State.MET)
    if needed > len(lines):
        state = State.OUTSTANDING
    awaited = [(line.expected_at, line.expected_on) for line in deciding if line.expected_at and line.expected_on]
    expected_at, expected_on = max(awaited, default=(None, None)) if state is State.IN_HAND else (None, None)
    return Standing(
        branch,
        state,
        tuple(lines),
        tuple(dict.fromkeys(fact for line in deciding for fact in line.by)),
        met_on=max((line.met_on for line in deciding if line.met_on), default=None) if state is State.MET else None,
        expected_at=expected_at,
        expected_on=expected_on,
        shortfall=_lines_missing(branch, lines) if isinstance(branch, AtLeast) and state is not State.MET else None,
    )


def _best_of(lines: Sequence[Standing], needed: int) -> list[Standing]:
    """Choose so many of the lines, the best, in the order written."""
    best_first = sorted(range(len(lines)), key=lambda place: _goodness(lines[place]))
    return [lines[place] for place in sorted(best_first[:needed])]


def _goodness(line: Standing) -> tuple[int, float]:
    """Order lines from the best to the worst: by state, then by when."""
    if line.expected_at is not None:
        return _RANK[line.state], line.expected_at.timestamp()
    return _RANK[line.state], line.met_on.toordinal() if line.met_on else 0


def _lines_missing(branch: AtLeast, lines: Sequence[Standing]) -> Shortfall:
    """Say how many more of n lines are needed."""
    done = sum(line.state is State.MET for line in lines)
    in_hand = sum(line.state is State.IN_HAND for line in lines)
    return Shortfall(Unit.LINES, branch.count, done, min(in_hand, branch.count - done))
