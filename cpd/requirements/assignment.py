"""One fact serves one line: which fact goes to which line, found exactly (AMB-01).

Every way to satisfy each line is weighed, and the best combination without a fact used twice is
taken. Facts that are alike to every line are used from the earliest on, so the ways stay few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations, product

from cpd.requirements import counting
from cpd.requirements.language import (
    Branch,
    CountedLeaf,
    Distinct,
    Requirement,
    TimeInCareerLevel,
    YearsQualified,
    lines_needed,
)
from cpd.requirements.leaves import time_standing
from cpd.requirements.question import Question
from cpd.requirements.record import Fact

Way = frozenset[Fact]
"""Facts that satisfy a line together."""


_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class _Cost:
    """What is worse about an assignment, the most important first."""

    outstanding: int = 0
    in_hand: int = 0
    expected_at: datetime = _NO_TIME
    credits: Decimal = Decimal(0)
    done_on: date = date.min

    def and_then(self, rest: _Cost) -> _Cost:
        """Add what the remaining lines cost."""
        return _Cost(
            self.outstanding + rest.outstanding,
            self.in_hand + rest.in_hand,
            max(self.expected_at, rest.expected_at),
            self.credits + rest.credits,
            max(self.done_on, rest.done_on),
        )


class Assignment:
    """The lines of one award and the facts that may serve them."""

    def __init__(self, lines: Sequence[Requirement], question: Question, given: Collection[Fact] | None) -> None:
        """`given` are the facts that the lines may use, None: all."""
        self._lines = lines
        self._question = question
        self._facts_for = {
            leaf: [
                fact for facts in counting.facts_for(leaf, question) for fact in facts if given is None or fact in given
            ]
            for leaf in _counted_leaves(lines)
        }
        self.facts: Way = frozenset(fact for facts in self._facts_for.values() for fact in facts)
        self._marks = self._marks_of_facts()
        self._sparing = False
        self._best_from: dict[tuple[int, Way], tuple[_Cost, tuple[Way | None, ...]]] = {}

    def shares(self) -> tuple[Way | None, ...]:
        """Return the facts for each line, None for a line that stays outstanding.

        As few lines as possible are outstanding, then as many as possible met rather than in hand, and all
        that as early as possible. If a line stays outstanding, the others use up as few credits as
        possible, so that no more are missing there than must be.
        """
        shares = self._best(0, self.facts)[1]
        if None in shares:
            self._sparing = True
            self._best_from.clear()
            shares = self._best(0, self.facts)[1]
        return shares

    def _best(self, number: int, free: Way) -> tuple[_Cost, tuple[Way | None, ...]]:
        """Return the best shares of the lines from this number on, and what is bad about them."""
        if number == len(self._lines):
            return _Cost(), ()
        if (number, free) not in self._best_from:
            choices: list[tuple[_Cost, tuple[Way | None, ...]]] = []
            for way in (*self._ways(self._lines[number], free), None):
                cost, rest = self._best(number + 1, free - (way or Way()))
                choices.append((self._cost_of(way).and_then(cost), (way, *rest)))
            self._best_from[number, free] = min(choices, key=lambda choice: choice[0])
        return self._best_from[number, free]

    def _cost_of(self, way: Way | None) -> _Cost:
        """Say what is bad about giving a line these facts; None leaves it outstanding."""
        if way is None:
            return _Cost(outstanding=1)
        ahead = [fact.moment for fact in way if fact.still_ahead]
        return _Cost(
            in_hand=1 if ahead else 0,
            expected_at=max(ahead, default=_NO_TIME),
            credits=sum((fact.amount or Decimal(0) for fact in way), Decimal(0)) if self._sparing else Decimal(0),
            done_on=max((fact.happened_on for fact in way if not fact.still_ahead), default=date.min),
        )

    def _ways(self, requirement: Requirement, free: Way) -> list[Way]:
        """List the ways to satisfy a requirement with free facts, none of them with a fact too many in a line."""
        ways: Iterable[Way]
        if isinstance(requirement, TimeInCareerLevel | YearsQualified):  # time is not used up
            ways = [frozenset()] if time_standing(requirement, self._question).is_met else []
        elif isinstance(requirement, Distinct):
            ways = self._ways_apart(requirement.lines, free)
        elif isinstance(requirement, Branch):
            chosen = combinations(requirement.lines, max(lines_needed(requirement), 0))
            several = (product(*(self._ways(line, free) for line in lines)) for lines in chosen)
            ways = (Way().union(*one_each) for ways_each in several for one_each in ways_each)
        else:
            ways = map(Way, _enough(requirement, self._alike(requirement, free)))
        return list(dict.fromkeys(ways))

    def _ways_apart(self, lines: Sequence[Requirement], free: Way) -> Iterator[Way]:
        """List the ways to satisfy every line with no fact used twice."""
        if not lines:
            yield Way()
            return
        for way in self._ways(lines[0], free):
            for rest in self._ways_apart(lines[1:], free - way):
                yield way | rest

    def _alike(self, leaf: CountedLeaf, free: Way) -> list[list[Fact]]:
        """Put the free facts of a line into groups whose members are alike to every line."""
        groups: defaultdict[object, list[Fact]] = defaultdict(list)
        for fact in self._facts_for[leaf]:
            if fact in free:
                groups[self._marks[fact]].append(fact)
        return list(groups.values())

    def _marks_of_facts(self) -> dict[Fact, tuple[object, ...]]:
        """Mark each fact with everything that any line tells it apart by."""
        marks = [counting.interchangeable(leaf, facts) for leaf, facts in self._facts_for.items()]
        return {fact: (fact.still_ahead, *(each.get(fact) for each in marks)) for fact in self.facts}


def _counted_leaves(lines: Sequence[Requirement]) -> Iterator[CountedLeaf]:
    for line in lines:
        if isinstance(line, Branch):
            yield from _counted_leaves(line.lines)
        elif isinstance(line, CountedLeaf):
            yield line


def _enough(
    leaf: CountedLeaf, groups: Sequence[list[Fact]], taken: tuple[Fact, ...] = ()
) -> Iterator[tuple[Fact, ...]]:
    """List the ways to take so many of each group that they are enough, and none too many."""
    if counting.suffice(leaf, taken):
        if len(counting.without_surplus(leaf, taken)) == len(taken):
            yield taken
        return
    if not groups:
        return
    for number in range(len(groups[0]) + 1):
        more = (*taken, *groups[0][:number])
        yield from _enough(leaf, groups[1:], more)
        if counting.suffice(leaf, more):
            return
