"""A request with its steps, the change and its letters, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cpd.progression.requests.frozen import FrozenLine
from cpd.progression.requests.rules import RequestKind, RequestStatus, StepStatus
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.roles import Role


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """What somebody decided in a role, for herself or in place of a holder who was away."""

    approved: bool
    role: Role
    reasons: str
    decided_by_id: int
    decided_by: str
    decided_at: datetime
    in_place_of: str


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step: who decides, how it stands and since when, and what was decided."""

    id: int
    place: int
    step_kind: StepKind
    panel_code: str | None
    panel_title: str
    role: Role | None
    words: str
    status: StepStatus
    opened_at: datetime | None
    closed_at: datetime | None
    case_id: int | None
    outcome: str
    reasons: str
    approval: ApprovalFacts | None

    @property
    def is_open(self) -> bool:
        """Whether it is its turn."""
        return self.status is StepStatus.OPEN


@dataclass(frozen=True, slots=True)
class EnactmentFacts:
    """The change: by whom, from which day, and what the post was before and is after."""

    id: int
    request_id: int
    from_level: str
    from_grade: str
    to_level: str
    to_grade: str
    fte: Decimal
    effective_on: date
    post_id: int
    vacancy_id: int | None
    reasons: str
    enacted_at: datetime
    enacted_by_id: int
    enacted_by: str
    in_place_of: str
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A letter: its number among those of the request, and what it tells."""

    id: int
    number: int
    result: str
    made_at: datetime
    appeal_until: date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request: whose, for which change, on what grounds, how far it is, and how it ended.

    `requested_by` is empty where the system raised it (W-7), `ended_by` where a panel or the system ended it.
    """

    id: int
    organisation_id: int
    organisation: str
    person_id: int
    person: str
    employee_number: str
    request_kind: RequestKind
    transition_code: str
    transition_title: str
    transition_mode: str
    pathway_code: str
    from_level: str
    from_title: str
    to_level: str
    to_title: str
    to_grade: str
    scheme_version_id: int
    scheme_version: int
    scheme_title: str
    appeal_within_days: int | None
    vacancy_id: int | None
    reverses_id: int | None
    again_of_id: int | None
    status: RequestStatus
    standing: tuple[FrozenLine, ...]
    words: str
    requested_at: datetime
    requested_by_id: int | None
    requested_by: str
    ended_at: datetime | None
    ended_by: str
    reasons: str
    support_plan: str
    review_on: date | None
    steps: tuple[StepFacts, ...]
    enactment: EnactmentFacts | None
    letters: tuple[LetterRef, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status is RequestStatus.OPEN

    @property
    def is_reversal(self) -> bool:
        """Whether it takes a change back."""
        return self.request_kind is RequestKind.REVERSAL

    @property
    def turn(self) -> StepFacts | None:
        """The step whose turn it is."""
        return next((each for each in self.steps if each.is_open), None)

    @property
    def ended_at_step(self) -> StepFacts | None:
        """The step at which it ended without the change, or None."""
        return next((each for each in self.steps if each.status is StepStatus.AGAINST), None)

    @property
    def letter(self) -> LetterRef | None:
        """The latest letter."""
        return self.letters[-1] if self.letters else None
