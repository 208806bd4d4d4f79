"""What an evaluation asks, when somebody may give one, and what may be shown of them. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cpd.requirements.months import months_after

FEWEST_SHOWN = 5
"""Of fewer answers than these to one session nothing is shown, however they are put together with others."""

SCALE = range(1, 6)
ASKED_WITHIN = timedelta(days=14)
"""Nobody is asked about what ended longer ago."""

LISTED_FOR = timedelta(days=60)
"""For so long after she was asked it stands among what waits for somebody."""

MONTHS_LATER = 3
"""So long after the last module of a programme its one question comes."""


class Used(StrEnum):
    """How often somebody has used what a programme taught."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    OFTEN = "often"


class Refusal(StrEnum):
    """Why an evaluation is not taken; the sentences stand in `attendance/evaluation/refused.html`."""

    NOT_OVER = "not_over"
    NOT_THERE = "not_there"
    ALREADY_GIVEN = "already_given"


def refusal_of(ends_at: datetime, now: datetime, *, was_there: bool, has_answered: bool) -> Refusal | None:
    """Say why somebody cannot evaluate a session: once it is over, whoever was there can, once."""
    if has_answered:
        return Refusal.ALREADY_GIVEN
    if now < ends_at:
        return Refusal.NOT_OVER
    return None if was_there else Refusal.NOT_THERE


def finished_between(today: date) -> tuple[date, date]:
    """Return the first and the last day on which who finished a programme is asked about it today."""
    return months_after(today - ASKED_WITHIN, -MONTHS_LATER), months_after(today, -MONTHS_LATER)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value from 1 to 5 was given to one question."""

    counts: tuple[int, ...] = (0,) * len(SCALE)

    def __add__(self, other: Tally) -> Tally:
        """Put the answers of several sessions together."""
        return Tally(tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)))

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(self.counts)

    @property
    def mean(self) -> float:
        """The mean value; 0 where there is no answer."""
        return sum(value * count for value, count in zip(SCALE, self.counts, strict=True)) / (self.answers or 1)

    @property
    def mean_words(self) -> str:
        """The mean value to one place."""
        return f"{self.mean:.1f}"


@dataclass(frozen=True, slots=True)
class Results:
    """The answers to the three questions of one session, or of several together."""

    before: Tally = Tally()
    after: Tally = Tally()
    usefulness: Tally = Tally()

    def __add__(self, other: Results) -> Results:
        """Put the answers of several sessions together."""
        return Results(self.before + other.before, self.after + other.after, self.usefulness + other.usefulness)

    @property
    def answers(self) -> int:
        """How many people have answered."""
        return self.before.answers

    @property
    def gain(self) -> str:
        """By how much confidence rose, with its sign."""
        return f"{self.after.mean - self.before.mean:+.1f}"


def tallied(rows: Iterable[tuple[int, int, int, int]]) -> Results:
    """Count answers; each row is before, after, usefulness, and how many people gave just these."""
    counts: tuple[list[int], ...] = tuple([0] * len(SCALE) for _ in range(3))
    for *values, people in rows:
        for question, value in zip(counts, values, strict=True):
            question[value - SCALE[0]] += people
    return Results(*(Tally(tuple(question)) for question in counts))


def is_shown(answers: int) -> bool:
    """Say whether so many answers to one session may be shown; then no filter can part a smaller group from them."""
    return answers >= FEWEST_SHOWN


def shown_uses(counts: Mapping[Used, int]) -> Mapping[Used, int] | None:
    """Return how often what a programme taught is used, in order; None where too few have said so."""
    return {each: counts.get(each, 0) for each in Used} if is_shown(sum(counts.values())) else None
