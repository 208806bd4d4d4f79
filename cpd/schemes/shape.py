"""The typed shape of a scheme pack: one council's training offer and its rules, as data.

A pack has sections, all optional but the first three. Later sections (career levels, pathways,
awards, quotas) become further optional fields of `Pack`. What one part asks of itself is checked
here; what parts ask of each other is checked in `cpd.schemes.checks`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from cpd.requirements.language import NOTHING, Requirement
from cpd.schemes.award_places_shape import AwardPlaces
from cpd.schemes.award_shape import Award, PracticeEducatorStage
from cpd.schemes.cpd_shape import CpdRules
from cpd.schemes.early_career_shape import EarlyCareerProgramme
from cpd.schemes.framework import frameworks
from cpd.schemes.funding_shape import Funding
from cpd.schemes.pathway_shape import CareerPathway, EvidenceKind, Panel
from cpd.schemes.plan_shape import DevelopmentPlanRule
from cpd.schemes.prior_learning_shape import PriorLearningKind
from cpd.schemes.protected_time_shape import ProtectedTimeAllowance
from cpd.schemes.requirement_shape import RequirementShape, requirement_from
from cpd.schemes.retention_shape import RetentionPoint
from cpd.schemes.study_days_shape import StudyDayKind
from cpd.schemes.values import (
    AcademicLevel,
    Amount,
    Citation,
    Code,
    Count,
    Day,
    Months,
    Published,
    Shape,
    StaffType,
    Text,
    Words,
)

Days = Annotated[int, Field(ge=0, le=365)]
Hours = Annotated[int, Field(ge=0, le=24 * 365)]
SeveralDays = Annotated[
    tuple[Annotated[int, Field(ge=1, le=365)], ...],
    BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),  # as JSON keeps it
]


class ModuleKind(StrEnum):
    """Who teaches the module: the word means two things in the reports (AMB-32)."""

    IN_HOUSE = "in_house"
    UNIVERSITY = "university"


class ModuleFormat(StrEnum):
    """What sort of training it is; `taught` is an ordinary course, module or programme."""

    TAUGHT = "taught"
    PRACTICE_SHORT = "practice_short"
    PRACTICE_WORKSHOP = "practice_workshop"
    SEMINAR = "seminar"
    CONFERENCE = "conference"
    OPEN_FORUM = "open_forum"
    E_LEARNING = "e_learning"


class BookingMode(StrEnum):
    """Whether a place must be booked (AMB-21): in advance, or one just comes."""

    REQUIRED = "required"
    DROP_IN = "drop_in"


class Colour(StrEnum):
    """The colours in which an organisation's pages can appear."""

    GREEN = "green"
    BLUE = "blue"
    TEAL = "teal"
    PURPLE = "purple"
    RED = "red"
    SLATE = "slate"


class VenueDetail(StrEnum):
    """What a venue's page tells a visitor."""

    ADDRESS = "address"
    PARKING = "parking"
    ACCESS = "access"


class Organisation(Shape):
    """The employer whose pack this is."""

    code: Code
    name: Words
    colour: Colour = Colour.GREEN


class Source(Shape):
    """The published report behind the pack, so that a stranger can look a rule up."""

    title: Words
    body: Words
    """Who received it: a committee, a cabinet member."""
    published: Published
    """Its day, or its month where no day is given."""
    cites: tuple[Citation, ...]
    """The rules taken from it. Whatever else in the pack cites a rule must cite one of these or an assumption."""


class Assumption(Shape):
    """Where the report is silent or says two things: what is done about it, in a sentence shown to people."""

    id: Citation
    sentence: Text


class Term(Shape):
    """A word of this organisation's, and what else it is called."""

    term: Words
    other_names: tuple[Words, ...]
    cites: tuple[Citation, ...] = ()


class Room(Shape):
    """A room in a venue; its code is unique within the venue."""

    code: Code
    name: Words
    other_names: tuple[Words, ...] = ()


class Venue(Shape):
    """A place where training happens, by all the names that timetables give it (AMB-28)."""

    code: Code
    name: Words
    other_names: tuple[Words, ...] = ()
    address: Text | None = None
    parking: Text | None = None
    access: Text | None = None
    invented: tuple[VenueDetail, ...] = ()
    """Which of the details are made up for the demonstration, and must be shown as such."""
    rooms: tuple[Room, ...] = ()

    @model_validator(mode="after")
    def _invents_only_what_it_says(self) -> Self:
        if silent := [detail for detail in self.invented if getattr(self, detail) is None]:
            raise ValueError(f"calls {' and '.join(silent)} invented but does not give it")
        return self


class Audience(Shape):
    """Whom a module is for. Whatever is left empty excludes nobody."""

    staff_types: tuple[StaffType, ...] = ()
    career_levels: tuple[Code, ...] = ()
    job_roles: tuple[Words, ...] = ()
    """Job titles as the report words them: shown, never compared."""
    words: Words | None = None
    """The audience in a phrase, for display."""


class Module(Shape):
    """What is taught. Some have a number but no title: then a line says what they cover."""

    code: Code
    number_label: Words | None = None
    """The council's own number, such as "Module 2"."""
    title: Words | None = None
    other_names: tuple[Words, ...] = ()
    covers: Text | None = None
    module_kind: ModuleKind = ModuleKind.IN_HOUSE
    module_format: ModuleFormat
    length_minutes: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """All contact time together, breaks included; none where the report does not say (G-13)."""
    length_days: Count | None = None
    """On how many days one session of it meets; none where the report does not say."""
    booking_mode: BookingMode = BookingMode.REQUIRED
    default_venue: Code | None = None
    audience: Audience = Audience()
    approval_needed: bool = False
    """Whether somebody must agree to a booking; no report asks for it (AMB-34)."""
    validity_months: Months | None = None
    """After how many months it must be done again; none: never."""
    completion_minutes: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many minutes must be attended for it to be complete; none: every day (AMB-27)."""
    completion_after_evaluation: bool = False
    """Whether a session of it counts only once its person has said what she thinks of it (S-7)."""
    prerequisites: RequirementShape | None = None
    what_to_bring: Text | None = None
    note: Text | None = None
    """What else people should know of it: that it is invented for the demonstration, say."""
    credits: Amount | None = None
    """How many credits a university awards for it; none where the report does not say (AMB-32)."""
    academic_level: AcademicLevel | None = None
    shows: tuple[Code, ...] = ()
    """Which statements of the professional frameworks it is about, such as PCF-6 (G-15); each council's own choice."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _shows_what_there_is(self) -> Self:
        known = {ref for framework in frameworks() for ref in framework.refs}
        if wrong := next((each for each in self.shows if each not in known), None):
            raise ValueError(f"shows {wrong}, which no framework has: write it like PCF-6")
        return self

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.title is None and (self.number_label is None or self.covers is None):
            raise ValueError("has no title, so it needs both a number_label and a line on what it covers")
        return self

    @model_validator(mode="after")
    def _carries_credits_only_from_a_university(self) -> Self:
        if (self.credits is None) != (self.academic_level is None):
            raise ValueError("must give both its credits and their academic_level, or neither")
        if self.credits is not None and self.module_kind is not ModuleKind.UNIVERSITY:
            raise ValueError("carries credits, which only a module with module_kind university can")
        return self

    @property
    def requirement(self) -> Requirement:
        """What must be done before, for the evaluator."""
        return requirement_from(self.prerequisites) if self.prerequisites else NOTHING


class Equivalence(Shape):
    """Having completed `other` within the window counts as having completed `module` (G-5, AMB-24, AMB-25).

    It holds in this direction only and is never chained.
    """

    module: Code
    other: Code
    valid_from: Day | None = None
    valid_to: Day | None = None
    note: Text | None = None
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _has_a_window(self) -> Self:
        if self.module == self.other:
            raise ValueError(f"says that {self.module} counts as itself")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"is the wrong way round: valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self


class ProgrammeElement(Shape):
    """A module as part of a programme (AMB-26)."""

    module: Code
    is_mandatory: bool


class Programme(Shape):
    """Modules that belong together, in the order in which they are shown."""

    code: Code
    title: Words
    summary: Text | None = None
    elements: Annotated[tuple[ProgrammeElement, ...], Field(min_length=1)]
    cites: tuple[Citation, ...] = ()


class PcfLevel(StrEnum):
    """The levels of the Professional Capabilities Framework after qualifying (B2)."""

    NEWLY_QUALIFIED = "newly_qualified"
    SOCIAL_WORKER = "social_worker"
    EXPERIENCED = "experienced"
    ADVANCED = "advanced"
    STRATEGIC = "strategic"


class CareerLevel(Shape):
    """A level of a career pathway, by its code in people's posts; its grade is pay's word for it (AMB-10, AMB-33)."""

    code: Code
    title: Words
    grade: Words | None = None
    pcf_level: PcfLevel | None = None
    """The level of the PCF that it is mapped to; none where the council has mapped nothing (S-8)."""
    other_names: tuple[Words, ...] = ()
    cites: tuple[Citation, ...] = ()


class Settings(Shape):
    """What an organisation may set. No report has a rule for these, so each is an assumption (AMB-35)."""

    booking_closes_days_before: Days = 1
    """Booking is open up to and including this many days before the first day; 0: until it starts."""
    late_cancellation_working_days: Days = 2
    """A place given back less than this many working days before the start is marked late, never refused."""
    no_promotion_hours_before: Hours = 24
    """From this many hours before the start nobody is moved up from the waiting list."""
    reminder_working_days: Days = 2
    """So many working days before the first day people are reminded of what they booked; 0: never."""
    requests_answered_within_working_days: Annotated[int, Field(ge=1, le=365)] = 5
    """For so many working days a place is kept for somebody who asked Workforce Development for it (AMB-34)."""
    conditional_release_days_before: Days = 2
    """A place that has lost what it rests on is released this many days before the start (AMB-23)."""
    validity_reminder_days: SeveralDays = (60, 30, 7)
    """So many days before training runs out its person is reminded; from the first of them on pages say so too."""
    refresher_opens_days_before: Days = 90
    """From so many days before training runs out it can be booked again; what is then completed renews it."""
    certificate_after_evaluation: bool = False
    """Whether a certificate of attendance is given out only once its holder has evaluated the session (S-7)."""
    access_needs_kept_days: Days = 7
    """How long after a session what people said about access and diet is kept."""


class Pack(Shape):
    """One version of one council's scheme."""

    organisation: Organisation
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    """Raised with every change; a version once adopted is never changed."""
    source: Source
    assumptions: tuple[Assumption, ...] = ()
    settings: Settings = Settings()
    terms: tuple[Term, ...] = ()
    venues: tuple[Venue, ...] = ()
    modules: tuple[Module, ...] = ()
    equivalences: tuple[Equivalence, ...] = ()
    programmes: tuple[Programme, ...] = ()
    career_levels: tuple[CareerLevel, ...] = ()
    career_pathways: tuple[CareerPathway, ...] = ()
    panels: tuple[Panel, ...] = ()
    evidence_kinds: tuple[EvidenceKind, ...] = ()
    early_career_programmes: tuple[EarlyCareerProgramme, ...] = ()
    award_places: tuple[AwardPlaces, ...] = ()
    funding: Funding | None = None
    prior_learning: tuple[PriorLearningKind, ...] = ()
    awards: tuple[Award, ...] = ()
    practice_educator_stages: tuple[PracticeEducatorStage, ...] = ()
    study_days: tuple[StudyDayKind, ...] = ()
    protected_time: tuple[ProtectedTimeAllowance, ...] = ()
    cpd_rules: CpdRules | None = None
    development_plan: DevelopmentPlanRule | None = None
    retention_point: RetentionPoint | None = None
