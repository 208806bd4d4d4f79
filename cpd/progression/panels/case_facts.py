"""A case, a meeting and a seat on a panel as plain values, with what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cpd.progression.panels.rules import (
    CasePeople,
    CaseStatus,
    Conflict,
    Shortfall,
    Sitter,
    conflicts_of,
    free_of_conflict,
    shortfall_of,
)
from cpd.progression.pathways.terms import Terms
from cpd.schemes.pathway_shape import Panel, PanelKind, PanelOutcome, Recording
from cpd.shared import clock
from cpd.shared.clock import in_london


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A day on which a panel meets; `attending` are the ids of those who are to come, `turn` rises with each change."""

    id: int
    organisation_id: int
    panel_code: str
    starts_at: datetime
    ends_at: datetime
    place: str
    cancelled_because: str
    is_cancelled: bool
    turn: int
    attending: frozenset[int] = frozenset()

    @property
    def on(self) -> date:
        """Its day."""
        return in_london(self.starts_at).date()

    @property
    def has_begun(self) -> bool:
        """Whether a decision of it can be written down."""
        return self.starts_at <= clock.now()


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """Who judged a case, and in which role."""

    person_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class RecommendationFacts:
    """What a member recommends, and why."""

    person_id: int
    name: str
    outcome: str
    reasons: str
    recommended_at: datetime


@dataclass(frozen=True, slots=True)
class InterestFacts:
    """An interest that was declared, by the member herself or by somebody else (`said_by`)."""

    id: int
    person_id: int
    name: str
    words: str
    declared_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What a panel came to; `because` says why it was superseded, where it was."""

    id: int
    decided_on: date
    outcome: str
    reasons: str
    support_plan: str
    review_on: date | None
    fact_id: int
    recorded_at: datetime
    recorded_by: str
    judges: tuple[JudgeFacts, ...]
    superseded_at: datetime | None
    because: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything of one case: whose it is, before which panel by which rules, who judges, and what came of it.

    `sitters` come to its meeting; `names` are everybody's by id. `decisions` are the latest first, and only the first
    can be in force. `missing` says who had not recommended when what was recommended became known.
    """

    id: int
    organisation_id: int
    person_id: int
    person: str
    panel: Panel
    scheme_version_id: int
    version: int
    terms: Terms
    request_id: int | None
    status: CaseStatus
    opened_on: date
    meeting: MeetingFacts | None
    manager_id: int | None
    sitters: tuple[Sitter, ...]
    names: Mapping[int, str]
    interests: tuple[InterestFacts, ...]
    recommendations: tuple[RecommendationFacts, ...]
    revealed_at: datetime | None
    missing: str
    decisions: tuple[DecisionFacts, ...]
    withdrawn_at: datetime | None
    withdrawn_because: str

    @property
    def panel_code(self) -> str:
        """The code of the panel."""
        return self.panel.code

    @property
    def panel_title(self) -> str:
        """`Moderation panel`."""
        return self.panel.title

    @property
    def panel_kind(self) -> PanelKind:
        """What sort of body judges."""
        return self.panel.panel_kind

    @property
    def decision(self) -> DecisionFacts | None:
        """The decision in force, or None."""
        return next((each for each in self.decisions if each.superseded_at is None), None)

    @property
    def earlier(self) -> tuple[DecisionFacts, ...]:
        """The decisions that were superseded, the latest first."""
        return tuple(each for each in self.decisions if each.superseded_at is not None)

    @property
    def outcome(self) -> str:
        """What it came to, also that it was withdrawn; empty while it is open."""
        if self.status is CaseStatus.WITHDRAWN:
            return PanelOutcome.WITHDRAWN
        return self.decision.outcome if self.decision else ""

    @property
    def reasons(self) -> str:
        """Why."""
        return self.decision.reasons if self.decision else self.withdrawn_because

    @property
    def support_plan(self) -> str:
        """What helps her on, where it was not yet."""
        return self.decision.support_plan if self.decision else ""

    @property
    def review_on(self) -> date | None:
        """When it is looked at again, where it was not yet."""
        return self.decision.review_on if self.decision else None

    @property
    def judges(self) -> tuple[JudgeFacts, ...]:
        """Who judged it."""
        return self.decision.judges if self.decision else ()

    @property
    def close(self) -> CasePeople:
        """Who stands close to it today."""
        return CasePeople(self.person_id, self.manager_id, frozenset(each.person_id for each in self.interests))

    @property
    def assigned(self) -> tuple[Sitter, ...]:
        """The members of its meeting who are in no conflict: they judge it."""
        return free_of_conflict(self.sitters, self.close, manager_may_sit=self.panel.manager_may_sit)

    @property
    def shortfall(self) -> Shortfall:
        """What is missing for it to be judged at its meeting as that stands."""
        return shortfall_of(self.panel, self.assigned)

    @property
    def recommended(self) -> frozenset[int]:
        """Who has recommended."""
        return frozenset(each.person_id for each in self.recommendations)

    @property
    def to_recommend(self) -> list[int]:
        """Who has still to recommend, by name."""
        if self.status is not CaseStatus.OPEN or self.panel.recording is not Recording.RECOMMENDATIONS_FIRST:
            return []
        missing = {each.person_id for each in self.assigned} - self.recommended
        return sorted(missing, key=lambda each: self.names[each]) if self.revealed_at is None else []

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status is CaseStatus.OPEN

    @property
    def can_be_decided(self) -> bool:
        """Whether its meeting has begun."""
        return self.is_open and self.meeting is not None and self.meeting.has_begun

    def conflicts(self, person_id: int) -> tuple[Conflict, ...]:
        """Say why somebody sees nothing of it and cannot judge it; nothing means that she can."""
        return conflicts_of(person_id, self.close, manager_may_sit=self.panel.manager_may_sit)

    def is_assigned_to(self, person_id: int) -> bool:
        """Say whether somebody judges it."""
        return any(each.person_id == person_id for each in self.assigned)


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Who sits on a panel in which role, since when and until when; `holds_role` is whether she still holds it."""

    id: int
    organisation_id: int
    panel_code: str
    person_id: int
    name: str
    role: str
    starts_on: date
    ends_on: date | None
    because: str
    ended_because: str
    holds_role: bool

    def is_held_on(self, on: date) -> bool:
        """Say whether she sits on a day."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on > on)
