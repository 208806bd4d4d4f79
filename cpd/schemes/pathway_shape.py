"""How careers are written in a pack: pathways of career levels, what leads from one to the next, and who decides."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from cpd.requirements.language import NOTHING, AllOf, Requirement
from cpd.schemes.requirement_shape import RequirementShape, requirement_from
from cpd.schemes.values import Amount, Citation, Code, Count, Months, Shape, StaffType, Text, Words
from cpd.shared.roles import Role


def _two_numbers(value: Any) -> Any:
    """Take a list of two; JSON keeps a pair so."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 - from and to
        return tuple(value)
    raise ValueError("must be two numbers of months, such as [12, 18]")


MonthsFromTo = Annotated[tuple[Months, Months], BeforeValidator(_two_numbers)]


class TransitionMode(StrEnum):
    """How a step up comes about; in each of them a person decides (AMB-03)."""

    AUTOMATIC = "automatic"
    """The request is raised as soon as the criteria are met (W-7)."""
    APPROVAL = "approval"
    PANEL = "panel"
    VACANCY = "vacancy"
    """Only into a post that is free (W-8)."""


class PanelKind(StrEnum):
    """What sort of body judges."""

    MODERATION = "moderation"
    PROGRESSION = "progression"
    YOUNG_PEOPLE = "young_people"
    """Its members have no accounts and no names here; a participation worker records what it recommends (C-1)."""
    INTERVIEW = "interview"


class PanelOutcome(StrEnum):
    """What a panel may come to. The values are those of outcomes on the record."""

    PASS = "pass"  # noqa: S105 - an outcome
    RECOMMENDED = "recommended"
    FAIL = "fail"
    NOT_RECOMMENDED = "not_recommended"
    DEFERRED_WITH_SUPPORT = "deferred_with_support"
    """Not yet: with a support plan and a day on which it is looked at again (C-2, AMB-15)."""
    WITHDRAWN = "withdrawn"


FAVOURABLE = (PanelOutcome.PASS, PanelOutcome.RECOMMENDED)
"""The outcomes that take somebody on; each panel has one of them."""

USUAL_OUTCOMES = (PanelOutcome.PASS, PanelOutcome.FAIL, PanelOutcome.DEFERRED_WITH_SUPPORT, PanelOutcome.WITHDRAWN)


class Recording(StrEnum):
    """How a panel's decision is written down."""

    ONE_FORM = "one_form"
    """By its secretary, in one form."""
    RECOMMENDATIONS_FIRST = "recommendations_first"
    """Each member recommends without seeing the others; then the decision."""


class StepKind(StrEnum):
    """What happens to a request on its way."""

    PANEL = "panel"
    APPROVAL = "approval"
    ENACTMENT = "enactment"
    """The change of level itself: the recorded human act without which nothing changes a grade (AMB-03, W-11)."""


class Panel(Shape):
    """A body that judges: who sits on it, what it may decide, and how that is recorded."""

    code: Code
    title: Words
    panel_kind: PanelKind
    outcomes: Annotated[tuple[PanelOutcome, ...], Field(min_length=1)] = USUAL_OUTCOMES
    """What it may come to; exactly one of them takes somebody on."""
    recording: Recording = Recording.ONE_FORM
    roles: tuple[Role, ...] = ()
    """Who may sit on it; with `different_people` each role needs a person of its own (AMB-44)."""
    at_least: Count = 1
    """How many members must have judged."""
    different_people: bool = False
    of_her_service: tuple[Role, ...] = ()
    """Roles in which only somebody above the person in the line of management can sit: the relevant service (G-16)."""
    recorded_by: Role | None = None
    """Who writes its decision down, where that is not one of its members."""
    manager_may_sit: bool = False
    """Whether the current direct line manager of the person may sit on it; as a rule that is a conflict."""
    is_invented: bool = False
    """Made up for the demonstration, because the report names no such body; shown as such."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _comes_to_one_yes(self) -> Self:
        if sum(outcome in FAVOURABLE for outcome in self.outcomes) != 1:
            raise ValueError(f"must be able to come to exactly one of {' and '.join(FAVOURABLE)}")
        for listed in (self.outcomes, self.roles):
            if twice := next((each for each in listed if listed.count(each) > 1), None):
                raise ValueError(f"names {twice} twice")
        return self

    @model_validator(mode="after")
    def _has_somebody_to_write_it_down(self) -> Self:
        if self.panel_kind is PanelKind.YOUNG_PEOPLE and (self.roles or self.recorded_by is None):
            raise ValueError("has no members with accounts, so it needs recorded_by and no roles (C-1)")
        if self.panel_kind is not PanelKind.YOUNG_PEOPLE and not self.roles:
            raise ValueError("names no role that may sit on it")
        if other := next((each for each in self.of_her_service if each not in self.roles), None):
            raise ValueError(f"asks for {other} of her service, but {other} is not among its roles")
        if self.different_people and self.at_least < len(self.roles):
            raise ValueError(f"needs a person for each of its {len(self.roles)} roles, but at_least is {self.at_least}")
        return self

    @property
    def favourable(self) -> PanelOutcome:
        """The outcome that takes somebody on."""
        return next(outcome for outcome in self.outcomes if outcome in FAVOURABLE)


JUDGES_OF_EVIDENCE = frozenset(
    {
        Role.ASSESSOR,
        Role.PANEL_MEMBER,
        Role.PRINCIPAL_SOCIAL_WORKER,
        Role.SERVICE_MANAGER,
        Role.OPERATIONS_MANAGER,
        Role.ASSISTANT_DIRECTOR,
    }
)
"""The roles that can be named to accept evidence; where none is, the line manager does."""

KEPT_ADDRESSES = frozenset({"coverage", "items"})
"""What no kind of evidence can be called, because pages have these addresses."""


class EvidencePart(Shape):
    """Something that has to be in it, and how often: three direct observations, say (B3)."""

    code: Code
    title: Words
    count: Count = 1
    is_invented: bool = False
    """Made up for the demonstration, because the report prints none; shown as such."""
    cites: tuple[Citation, ...] = ()


class EvidenceKind(Shape):
    """A kind of evidence that criteria ask for, such as a direct observation (W-9)."""

    code: Code
    title: Words
    covers: Text | None = None
    """What it has to show, for whoever prepares it."""
    is_portfolio: bool = False
    """Whether it is a whole portfolio, handed in and then locked (W-1, W-2, G-16)."""
    accepted_by: tuple[Role, ...] = ()
    """Who may accept it; empty: the line manager."""
    contents: tuple[EvidencePart, ...] = ()
    """What has to be in it: a list to tick, or the kinds of piece of which it is built up. Missing ones only warn."""
    is_invented: bool = False
    """Made up for the demonstration, because the report prints none; shown as such."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _can_be_handed_in(self) -> Self:
        if self.code in KEPT_ADDRESSES:
            raise ValueError(f"is called {self.code}, which is the address of a page: call it something else")
        codes = [each.code for each in self.contents]
        if twice := next((each for each in codes if codes.count(each) > 1), None):
            raise ValueError(f"has {twice} in it twice: give its count instead")
        if wrong := next((each for each in self.accepted_by if each not in JUDGES_OF_EVIDENCE), None):
            raise ValueError(f"is accepted by the role {wrong}, which judges no evidence")
        return self


class Criterion(Shape):
    """One line of what leads to the next level: a requirement with words for people."""

    code: Code
    title: Words
    requirement: RequirementShape
    next_step: Text | None = None
    """What to do about it, where the requirement itself does not say."""
    is_flag: bool = False
    """Shown and counted, and never in the way (AMB-36)."""
    is_invented: bool = False
    """Made up for the demonstration, because the report prints none; shown as such."""
    cites: tuple[Citation, ...] = ()

    @property
    def asked(self) -> Requirement:
        """The requirement, for the evaluator."""
        return requirement_from(self.requirement)


class Step(Shape):
    """One station of a request: a panel that judges, a role that approves, or the role that enacts."""

    step: StepKind
    panel: Code | None = None
    role: Role | None = None
    words: Words | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        needs_panel = self.step is StepKind.PANEL
        if needs_panel != (self.panel is not None) or needs_panel == (self.role is not None):
            raise ValueError(f"is a step of kind {self.step}, which needs {'a panel' if needs_panel else 'a role'}")
        return self


class Transition(Shape):
    """What leads from one career level to the next."""

    code: Code
    title: Words
    from_level: Code
    to_level: Code
    transition_mode: TransitionMode
    criteria: tuple[Criterion, ...] = ()
    """None where the report prints none: then the page says so (AMB-43)."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    expected_months: MonthsFromTo | None = None
    """The usual time in the level before: for reminders, never a limit (AMB-04)."""
    ceiling_fte: Amount | None = None
    """How many full-time equivalents may ever hold the level by this way (C-3, AMB-39)."""
    appeal_within_days: Annotated[int, Field(ge=1, le=365)] | None = None
    note: Text | None = None
    """What else people should know of this way."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.from_level == self.to_level:
            raise ValueError(f"leads from {self.from_level} to itself")
        if self.expected_months and self.expected_months[0] > self.expected_months[1]:
            raise ValueError("expects months from more to fewer: write the smaller number first")
        return self

    @model_validator(mode="after")
    def _ends_with_a_person(self) -> Self:
        enactments = [place for place, step in enumerate(self.steps) if step.step is StepKind.ENACTMENT]
        if enactments != [len(self.steps) - 1]:
            raise ValueError("must end with its one enactment: nothing changes a grade without a person (AMB-03)")
        return self

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        kinds = {str(step.step) for step in self.steps}
        if (
            self.transition_mode in (TransitionMode.PANEL, TransitionMode.APPROVAL)
            and self.transition_mode not in kinds
        ):
            raise ValueError(f"has transition_mode {self.transition_mode}, but no step of that kind")
        if self.transition_mode is TransitionMode.AUTOMATIC and self.requirement == NOTHING:
            raise ValueError("is automatic without a criterion, so everybody would be put forward at once")
        return self

    @property
    def requirement(self) -> Requirement:
        """Everything that must be met before it can be decided; flags are not among it."""
        lines = tuple(each.asked for each in self.criteria if not each.is_flag)
        return AllOf(lines) if lines else NOTHING


class CareerPathway(Shape):
    """A route of career levels for one kind of worker (W-17: several for each council)."""

    code: Code
    title: Words
    summary: Text | None = None
    levels: Annotated[tuple[Code, ...], Field(min_length=1)]
    """In their usual order, the first first."""
    beside: tuple[Code, ...] = ()
    """Levels that are reached beside the usual order, such as specialist routes (W-24)."""
    staff_types: Annotated[tuple[StaffType, ...], Field(min_length=1)] = (StaffType.EMPLOYEE,)
    """Who progresses on it; others attend and have a record, and are told why they do not (B8)."""
    transitions: tuple[Transition, ...] = ()
    cites: tuple[Citation, ...] = ()


def pathway_codes(pathway: CareerPathway) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Every level and panel that a pathway names: the section of the pack in which it stands, the place, the code."""
    for key in ("levels", "beside"):
        yield from (("career_levels", (key, place), code) for place, code in enumerate(getattr(pathway, key)))
    for number, transition in enumerate(pathway.transitions):
        way = ("transitions", number)
        yield "career_levels", (*way, "from_level"), transition.from_level
        yield "career_levels", (*way, "to_level"), transition.to_level
        for place, step in enumerate(transition.steps):
            if step.panel is not None:
                yield "panels", (*way, "steps", place, "panel"), step.panel


def pathway_leaves(pathway: CareerPathway) -> Iterator[tuple[tuple[str | int, ...], Shape]]:
    """Every leaf of every criterion of a pathway, with the path to it."""
    for number, transition in enumerate(pathway.transitions):
        for place, criterion in enumerate(transition.criteria):
            yield from criterion.requirement.leaves(("transitions", number, "criteria", place, "requirement"))
