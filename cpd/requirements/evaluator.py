"""Does this person's record satisfy this requirement? The one place that decides it.

A standing is worked out afresh from plain values, whoever asks and for whatever: prerequisites of a
module, criteria of a career level, the composition of an award.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from cpd.requirements.assignment import Assignment
from cpd.requirements.language import Branch, Distinct, Requirement, TimeInCareerLevel, YearsQualified
from cpd.requirements.leaves import counted_standing, time_standing
from cpd.requirements.question import Question
from cpd.requirements.record import Fact, Record
from cpd.requirements.record_index import RecordIndex
from cpd.requirements.standing import Shortfall, Standing, State, Unit, rolled_up
from cpd.requirements.structure import cycles_in, is_monotone, modules_in, needed_first

__all__ = [
    "RecordIndex",
    "Shortfall",
    "Standing",
    "State",
    "Unit",
    "cycles_in",
    "is_monotone",
    "modules_in",
    "needed_first",
    "standing_of",
]


def standing_of(
    requirement: Requirement, record: Record | RecordIndex, on: date, *, before: datetime | None = None
) -> Standing:
    """Answer, line by line, whether a record satisfies a requirement.

    `on` is the day asked: what is done has happened by then, what has lapsed by then counts no more, and
    time is counted to it. `before` is the moment by which everything must have happened, such as the
    start of the session to be booked; a booking that ends exactly then is early enough (AMB-23).
    To ask one record many things, hand over its `RecordIndex`. Raises ValueError for a moment without
    time zone.
    """
    facts = record if isinstance(record, RecordIndex) else RecordIndex(record)
    return _standing(requirement, Question(facts, on, before))


def _standing(requirement: Requirement, question: Question, given: Collection[Fact] | None = None) -> Standing:
    """Answer one line with the facts given to it, None: all."""
    if isinstance(requirement, Distinct):
        return rolled_up(requirement, _lines_apart(requirement, question, given))
    if isinstance(requirement, Branch):
        return rolled_up(requirement, [_standing(line, question, given) for line in requirement.lines])
    if isinstance(requirement, TimeInCareerLevel | YearsQualified):
        return time_standing(requirement, question)
    return counted_standing(requirement, question, given)


def _lines_apart(award: Distinct, question: Question, given: Collection[Fact] | None) -> list[Standing]:
    """Answer the lines of an award so that no fact serves two of them (AMB-01)."""
    lines = [_standing(line, question, given) for line in award.lines]
    if max(Counter(fact for line in lines for fact in line.by).values(), default=1) == 1:
        return lines  # each has its best, and none is in the way of another
    assignment = Assignment(award.lines, question, given)
    shares = assignment.shares()
    left_over = assignment.facts.difference(*(share for share in shares if share))
    lines = []
    for requirement, share in zip(award.lines, shares, strict=True):
        line = _standing(requirement, question, left_over if share is None else share)
        left_over = left_over.difference(line.by)
        lines.append(line)
    return lines
