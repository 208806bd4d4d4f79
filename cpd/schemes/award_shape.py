"""Awards in a scheme pack: what each is made of, what of it may be prior learning, and practice educators' stages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from cpd.schemes.requirement_shape import CreditsShape, RequirementShape
from cpd.schemes.values import AcademicLevel, Amount, Citation, Code, Shape, Text, Words

Lines = tuple[RequirementShape, ...]


class Instead(Shape):
    """Another composition of an award, for those who came in above a career level (AMB-42)."""

    code: Code
    title: Words
    above: Code
    """The career level that they never passed through here: their first post was above it."""
    lines: Annotated[Lines, Field(min_length=1)]
    cites: tuple[Citation, ...] = ()


class Award(Shape):
    """A university's award, made of lines: nothing counts for two of them, and credits decide (W-5, AMB-01)."""

    code: Code
    title: Words
    other_names: tuple[Words, ...] = ()
    academic_level: AcademicLevel
    """The award's own: a Graduate Diploma is level 6, a postgraduate award level 7 (AMB-19)."""
    credits: Amount | None = None
    """How many it takes; none where the report does not say."""
    university: Words | None = None
    summary: Text | None = None
    lines: Lines = ()
    """What it is made of; empty where the report does not say: then it is recorded when the university gives it."""
    instead: tuple[Instead, ...] = ()
    prior_learning_at_most: Amount | None = None
    """How many of its credits may be prior learning; none: as many as its lines take."""
    currency_years: Annotated[int, Field(ge=1, le=50)] | None = None
    """Prior learning that ended longer before enrolment needs proof that it is current; none: it never does (B6)."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (self.credits is None) != (not self.lines):
            raise ValueError("needs both credits and lines, or neither where the report does not say")
        for lines in (self.lines, *(each.lines for each in self.instead)):
            comes_to = sum((credits_asked(line) for line in lines), Decimal(0))
            if self.credits is not None and comes_to != self.credits:
                raise ValueError(f"is {self.credits} credits, but its lines come to {comes_to}")
            if any(counts_twice(line) for line in lines):
                raise ValueError("could count one activity twice: join lines of credits by distinct or any_of")
        return self


class PracticeEducatorStage(Shape):
    """A stage of the standards for practice educators: what holding it takes, and who may begin (B6)."""

    stage: Annotated[int, Field(ge=1, le=2)]
    title: Words
    allows: Text
    """What somebody who holds it may do."""
    holds: RequirementShape
    entry: RequirementShape | None = None
    """What is asked before one begins: shown, and decided by the university."""
    currency: RequirementShape | None = None
    """What must be shown again from time to time to stay current; none: nothing is asked (B6)."""
    cites: tuple[Citation, ...] = ()


def credits_asked(line: RequirementShape) -> Decimal:
    """Say how many credits a line takes at least."""
    value = getattr(line, line.asked)
    if isinstance(value, CreditsShape):
        return value.credits
    below = sorted(credits_asked(each) for _, each in line.lines)
    needed = {"any_of": 1, "at_least": getattr(value, "count", 0)}.get(line.asked, len(below))
    return sum(below[:needed], Decimal(0))


def counts_twice(line: RequirementShape) -> bool:
    """Say whether a line joins several lines of credits so that one activity could serve two of them."""
    of_credits = sum(credits_asked(each) > 0 for _, each in line.lines)
    return (line.asked in ("all_of", "at_least") and of_credits > 1) or any(
        counts_twice(each) for _, each in line.lines
    )


def award_leaves(award: Award) -> Iterator[tuple[tuple[str | int, ...], Shape]]:
    """Every leaf of every composition of an award, with the path to it."""
    for place, line in enumerate(award.lines):
        yield from line.leaves(("lines", place))
    for number, instead in enumerate(award.instead):
        for place, line in enumerate(instead.lines):
            yield from line.leaves(("instead", number, "lines", place))


def stage_leaves(stage: PracticeEducatorStage) -> Iterator[tuple[tuple[str | int, ...], Shape]]:
    """Every leaf of what a stage asks, with the path to it."""
    for key in ("holds", "entry", "currency"):
        asked: RequirementShape | None = getattr(stage, key)
        if asked is not None:
            yield from asked.leaves((key,))


def prior_learning_too_much(award: Award, modules: Collection[str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find compositions that need more prior learning than may count, each with its place and what is wrong."""
    most = award.prior_learning_at_most
    places = [("lines",), *(("instead", number, "lines") for number, _ in enumerate(award.instead))]
    for place, lines in zip(places, (award.lines, *(each.lines for each in award.instead)), strict=True):
        needed = sum((credits_asked(line) for line in lines if only_prior_learning(line, modules)), Decimal(0))
        if most is not None and needed > most:
            yield place, f"need {needed} credits of prior learning, but at most {most} may count"


def only_prior_learning(line: RequirementShape, modules: Collection[str]) -> bool:
    """Say whether a line can only be filled by prior learning: it names sources, and no module is among them."""
    of_credits = [leaf for _, leaf in line.leaves() if isinstance(leaf, CreditsShape)]
    return bool(of_credits) and all(leaf.sources and not {*leaf.sources} & {*modules} for leaf in of_credits)
