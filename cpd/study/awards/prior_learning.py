"""Prior learning on the way to an award: told apart from what was taught, and current or too old (B6). Plain Python."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from cpd.requirements.language import Branch, Credits, Requirement
from cpd.requirements.months import MONTHS_IN_A_YEAR, months_after
from cpd.requirements.record import Fact, FactKind, Record
from cpd.schemes.award_shape import Award
from cpd.study.credits.rules import PriorLearning

CURRENCY_OF = "currency-of-"
"""What the kind of evidence begins with that proves prior learning current (B6); the activity follows."""

BY_PRIOR_LEARNING = "prior-learning-as:"
"""What stands before a module's code where its credits were earned by prior learning, which an award caps (B6)."""


def is_credit(fact: Fact) -> bool:
    """Say whether a fact is about credits, awarded or expected."""
    return fact.kind is FactKind.CREDIT or (fact.kind is FactKind.PENDING and fact.value == FactKind.CREDIT)


def told_apart(record: Record, prior: Mapping[str, PriorLearning], modules: Collection[str]) -> Record:
    """Return a record on which a module's credits say so where they were earned by prior learning (B6).

    `prior` is what was earned by prior learning, by the reference of the fact.
    """
    return replace(
        record,
        facts=tuple(
            replace(fact, subject=BY_PRIOR_LEARNING + fact.subject)
            if fact.reference in prior and fact.subject in modules
            else fact
            for fact in record.facts
        ),
    )


def source_of(subject: str) -> str:
    """Return the code of the module or kind of prior learning that credits are for, however they were earned."""
    return subject.removeprefix(BY_PRIOR_LEARNING)


def with_prior(lines: Iterable[Requirement], record: Record | None) -> tuple[Requirement, ...]:
    """Let lines that ask for a module take what a record says was earned for it by prior learning."""
    earned = {fact.subject for fact in record.facts if is_credit(fact)} if record else set()

    def widened(line: Requirement) -> Requirement:
        if isinstance(line, Branch):
            return replace(line, lines=tuple(map(widened, line.lines)))
        if not isinstance(line, Credits):
            return line
        more = (BY_PRIOR_LEARNING + each for each in line.sources)
        return replace(line, sources=(*line.sources, *(each for each in more if each in earned)))

    return tuple(map(widened, lines))


def facts_too_old(
    award: Award, record: Record, prior: Mapping[str, PriorLearning], enrolled_on: date
) -> frozenset[Fact]:
    """List prior learning that needs proof that it is current and has none (B6); none where the award asks for none.

    `prior` says by a fact's reference what the learning was and when it ended, else it is the day on which the fact
    happened. What ended exactly so many years before enrolment is young enough. A proof is about one activity.
    """
    if award.currency_years is None:
        return frozenset()
    oldest = months_after(enrolled_on, -MONTHS_IN_A_YEAR * award.currency_years)
    proved = {fact.subject for fact in record.facts if fact.kind is FactKind.EVIDENCE}
    claimed = ((fact, prior[fact.reference]) for fact in record.facts if is_credit(fact) and fact.reference in prior)
    return frozenset(
        fact
        for fact, learning in claimed
        if (learning.ended_on or fact.happened_on) < oldest and CURRENCY_OF + learning.activity not in proved
    )
