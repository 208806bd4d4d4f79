"""How early-career programmes are written in a pack: length, review points, self-assessments, supervision (B3, B4)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cpd.schemes.pathway_shape import MonthsFromTo
from cpd.schemes.values import Citation, Code, Count, Day, Months, Shape, Text, Words

MonthsIn = Annotated[int, Field(ge=0, le=120)]
DaysBefore = Annotated[int, Field(ge=0, le=400)]


class ProgrammeType(StrEnum):
    """Which early-career programme it is (AMB-05, B4)."""

    ASYE = "asye"
    EPD = "epd"
    ECDP = "ecdp"


class StartsWith(StrEnum):
    """From which day a programme counts, where nobody says another (B3: councils differ)."""

    FIRST_WORKING_DAY = "first_working_day"
    REGISTRATION = "registration"


class ReviewPointKind(StrEnum):
    """What happens at a review point."""

    AGREEMENT = "agreement"
    """The support and assessment agreement, which three people sign."""
    REVIEW = "review"
    FINAL = "final"


class Frequency(StrEnum):
    """How often supervision is promised."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class ReviewPointRule(Shape):
    """A point at which progress is reviewed, so many months after the start."""

    code: Code
    title: Words
    review_point_kind: ReviewPointKind = ReviewPointKind.REVIEW
    month: MonthsIn
    """Due so many months after the start; pauses move it by the days that they last."""
    days: DaysBefore = 0
    """And so many days, such as 28 for an agreement in the first four weeks."""
    window_days: DaysBefore = 28
    """From so many days before its due day it can be held."""
    is_optional: bool = False
    cites: tuple[Citation, ...] = ()


class SelfAssessmentRule(Shape):
    """A point at which somebody assesses herself against the framework's statements (B3)."""

    code: Code
    title: Words
    month: MonthsIn
    days: DaysBefore = 0
    cites: tuple[Citation, ...] = ()


class SupervisionPhase(Shape):
    """How often for some time: until so many weeks or months after the start, or to the end."""

    frequency: Frequency
    until_weeks: Count | None = None
    until_months: Months | None = None

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if self.until_weeks is not None and self.until_months is not None:
            raise ValueError("has both until_weeks and until_months: write one of them")
        return self

    @property
    def is_last(self) -> bool:
        """Whether it lasts to the end of the programme."""
        return self.until_weeks is None and self.until_months is None


class SupervisionPattern(Shape):
    """One kind of supervision, as phases; several kinds stand side by side (S-2, AMB-20)."""

    code: Code
    title: Words
    with_whom: Words
    phases: Annotated[tuple[SupervisionPhase, ...], Field(min_length=1)]
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _has_phases_in_order(self) -> Self:
        if not self.phases[-1].is_last or any(each.is_last for each in self.phases[:-1]):
            raise ValueError("must have one phase without an end, and that is the last")
        ends = [_about_days(each) for each in self.phases[:-1]]
        if ends != sorted(set(ends)):
            raise ValueError("has phases that do not follow each other: each must end later than the one before")
        return self


class EvidenceCount(Shape):
    """What the portfolio is to hold of one kind; counted there, and shown here (B3)."""

    title: Words
    count: Count


class EarlyCareerProgramme(Shape):
    """A programme for somebody's first year or years in practice: what is due when, and by whom it is supported."""

    code: Code
    title: Words
    other_names: tuple[Words, ...] = ()
    programme_type: ProgrammeType
    summary: Text | None = None
    career_levels: Annotated[tuple[Code, ...], Field(min_length=1)]
    """In which career levels people are when they take part."""
    months: MonthsFromTo
    """From so many months on it can be finished, and by so many it is expected to be; never a limit (AMB-04)."""
    complete_within_months: Months | None = None
    """By when it is to be finished all the same, pauses included; shown, and in nobody's way (B3)."""
    starts_with: StartsWith = StartsWith.FIRST_WORKING_DAY
    offered_from: Day | None = None
    """The first day on which anybody can start it; none: always (B4)."""
    offered_until: Day | None = None
    """The last day on which anybody can start it; who has started goes on."""
    framework: Code | None = None
    """By which statements people assess themselves: those valid on the day (B2, B4)."""
    review_points: Annotated[tuple[ReviewPointRule, ...], Field(min_length=1)]
    self_assessments: tuple[SelfAssessmentRule, ...] = ()
    supervision: tuple[SupervisionPattern, ...] = ()
    evidence: tuple[EvidenceCount, ...] = ()
    workshops: Code | None = None
    """The programme of modules whose attendance is counted at reviews and never in the way (AMB-36)."""
    panel: Code | None = None
    """Whose outcome ends it; none: Workforce Development records how it ended."""
    induction: Code | None = None
    """The kind of evidence by which the induction is shown to be done (S-1)."""
    has_learning_sets: bool = False
    is_invented: bool = False
    """Made up for the demonstration, because the report prints none; shown as such."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.months[0] > self.months[1]:
            raise ValueError("has months from more to fewer: write the smaller number first")
        if self.complete_within_months and self.complete_within_months < self.months[1]:
            raise ValueError(f"is to be finished within {self.complete_within_months} months, before it is expected to")
        if self.offered_from and self.offered_until and self.offered_until < self.offered_from:
            raise ValueError("is offered until a day before the one from which it is offered")
        return self

    @model_validator(mode="after")
    def _has_review_points_in_order(self) -> Self:
        kinds = [each.review_point_kind for each in self.review_points]
        if kinds.count(ReviewPointKind.FINAL) != 1 or kinds[-1] is not ReviewPointKind.FINAL:
            raise ValueError("must end with its one final review")
        if ReviewPointKind.AGREEMENT in kinds[1:]:
            raise ValueError("begins with the agreement, if it has one, and has no other")
        if any(
            each.is_optional and each.review_point_kind is not ReviewPointKind.REVIEW for each in self.review_points
        ):
            raise ValueError("has an optional agreement or final review: only reviews in between can be left out")
        for points in (self.review_points, self.self_assessments):
            places = [(each.month, each.days) for each in points]
            if places != sorted(places):
                raise ValueError("has points that are not in the order of time")
            if any(each.month > self.months[1] for each in points):
                raise ValueError(f"has a point after its {self.months[1]} months")
        return self

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        points = [*(each.code for each in self.review_points), *(each.code for each in self.self_assessments)]
        for listed in (points, [each.code for each in self.supervision], [*self.career_levels]):
            if twice := next((each for each in listed if listed.count(each) > 1), None):
                raise ValueError(f"names {twice} twice")
        if self.self_assessments and self.framework is None:
            raise ValueError("has self-assessments, so it needs the framework whose statements they ask")
        return self

    def point(self, code: str) -> ReviewPointRule | None:
        """Return a review point by its code, or None."""
        return next((each for each in self.review_points if each.code == code), None)

    def self_assessment(self, code: str) -> SelfAssessmentRule | None:
        """Return a self-assessment by its code, or None."""
        return next((each for each in self.self_assessments if each.code == code), None)

    def pattern(self, code: str) -> SupervisionPattern | None:
        """Return a kind of supervision by its code, or None."""
        return next((each for each in self.supervision if each.code == code), None)


def early_career_codes(programme: EarlyCareerProgramme) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Every code that a programme uses of other parts: the section of the pack, the place, the code."""
    yield from (("career_levels", ("career_levels", place), code) for place, code in enumerate(programme.career_levels))
    if programme.workshops is not None:
        yield "programmes", ("workshops",), programme.workshops
    if programme.induction is not None:
        yield "evidence_kinds", ("induction",), programme.induction
    if programme.panel is not None:
        yield "panels", ("panel",), programme.panel


def _about_days(phase: SupervisionPhase) -> int:
    """Return about how many days after the start a phase ends, to compare it with others."""
    return (phase.until_weeks or 0) * 7 + (phase.until_months or 0) * 30
