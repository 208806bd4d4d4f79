"""Which facts may serve a line, and how much they come to: one counting for every line but time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import assert_never

from cpd.requirements.language import ApprovedBy, Attended, Completed, CountedLeaf, Credits, Evidence, Outcome
from cpd.requirements.question import Question
from cpd.requirements.record import Fact, FactKind
from cpd.requirements.standing import Amount, Unit

EACH_COUNTS_ONE = (Completed, Outcome, Evidence, ApprovedBy)
"""Lines to which each fact adds exactly one: the first so many facts are enough, and none of them too many."""


def facts_for(leaf: CountedLeaf, question: Question) -> tuple[list[Fact], list[Fact]]:
    """Return the facts that may serve a line, the done and those ahead, each from the earliest on."""
    done: list[Fact] = []
    ahead: list[Fact] = []
    for fact in _facts_about(leaf, question):
        if not question.is_in_time(fact, leaf.bounds):
            continue
        if not fact.still_ahead:
            done.append(fact)
        elif question.holds(fact):
            ahead.append(fact)
    if isinstance(leaf, Outcome):
        ahead = [fact for fact in ahead if fact.kind is FactKind.PENDING or fact.value == leaf.outcome]
        return _newest_if(leaf.outcome, done, question), ahead
    return [fact for fact in done if question.holds(fact)], ahead


def needed(leaf: CountedLeaf) -> Amount:
    """Return how much a line asks for, in its own unit."""
    match leaf:
        case Credits():
            return leaf.credits
        case Attended() | Evidence():
            return leaf.count
        case Completed() | Outcome() | ApprovedBy():
            return 1
        case _:
            assert_never(leaf)


def unit_of(leaf: CountedLeaf) -> Unit | None:
    """Return what a line counts; None where there is only yes or no."""
    match leaf:
        case Credits():
            return Unit.CREDITS
        case Attended():
            return Unit.MODULES
        case Evidence():
            return Unit.ITEMS
        case _:
            return None


def worth(leaf: CountedLeaf, facts: Sequence[Fact]) -> Amount:
    """Return what some facts come to for a line: credits up to its cap (AMB-01), different modules, items."""
    match leaf:
        case Credits():
            credits_awarded = sum((fact.amount or Decimal(0) for fact in facts), Decimal(0))
            return credits_awarded if leaf.at_most is None else min(credits_awarded, leaf.at_most)
        case Attended():
            return len({fact.subject for fact in facts})
        case _:
            return len(facts)


def suffice(leaf: CountedLeaf, facts: Sequence[Fact]) -> bool:
    """Say whether some facts are enough for a line."""
    return worth(leaf, facts) >= needed(leaf)


def gathered(leaf: CountedLeaf, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Take facts one after the other, each only if it adds something, until they are enough or none is left."""
    if isinstance(leaf, EACH_COUNTS_ONE):
        return tuple(islice(facts, int(needed(leaf))))
    taken: tuple[Fact, ...] = ()
    reached, enough = worth(leaf, taken), needed(leaf)
    for fact in facts:
        if reached >= enough:
            break
        with_it = worth(leaf, (*taken, fact))
        if with_it > reached:
            taken, reached = (*taken, fact), with_it
    return taken


def without_surplus(leaf: CountedLeaf, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Leave out what is not needed of facts that are enough, the last ones first."""
    if isinstance(leaf, EACH_COUNTS_ONE):
        return facts[: int(needed(leaf))]
    for fact in reversed(facts):
        fewer = tuple(each for each in facts if each is not fact)
        if suffice(leaf, fewer):
            facts = fewer
    return facts


def interchangeable(leaf: CountedLeaf, facts: Sequence[Fact]) -> dict[Fact, object]:
    """Say of each fact what makes it different from others to this line: facts with the same mark are alike."""
    match leaf:
        case Credits():
            return {fact: fact.amount for fact in facts}
        case Attended():
            times = Counter(fact.subject for fact in facts)
            return {fact: fact.subject if times[fact.subject] > 1 else "" for fact in facts}
        case _:
            return dict.fromkeys(facts, "")


def _facts_about(leaf: CountedLeaf, question: Question) -> Sequence[Fact]:
    facts = question.facts
    match leaf:
        case Completed():
            return facts.about(FactKind.COMPLETED, leaf.module)
        case Attended():
            return facts.in_programme(leaf.programme)
        case Credits():
            return [fact for fact in facts.of_kind(FactKind.CREDIT) if _is_credit_for(leaf, fact)]
        case Outcome():
            return facts.about(FactKind.OUTCOME, leaf.panel)
        case Evidence():
            return facts.about(FactKind.EVIDENCE, leaf.kind)
        case ApprovedBy():
            return facts.about(FactKind.APPROVAL, leaf.role)
        case _:
            assert_never(leaf)


def _is_credit_for(line: Credits, fact: Fact) -> bool:
    """Say whether a credit award counts for a line: from one of its sources, at its academic level or above."""
    return (not line.sources or fact.subject in line.sources) and (fact.academic_level or 0) >= line.academic_level


def _newest_if(outcome: str, decisions: Sequence[Fact], question: Question) -> list[Fact]:
    """Return the newest decision if it gave the outcome and still holds, else nothing.

    A superseded decision does not come back when the newest has lapsed. Where decisions of one moment
    contradict each other, none is the newest.
    """
    newest = [fact for fact in decisions if fact.moment == decisions[-1].moment]
    if all(fact.value == outcome and question.holds(fact) for fact in newest):
        return newest[:1]
    return []
