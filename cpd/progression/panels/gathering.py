"""Reading cases and meetings with everything that belongs to them: each kind of row once, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import RoleGrant
from cpd.progression.panels.case_facts import (
    CaseFacts,
    DecisionFacts,
    InterestFacts,
    JudgeFacts,
    MeetingFacts,
    RecommendationFacts,
)
from cpd.progression.panels.models import (
    PanelCase,
    PanelDecision,
    PanelInterest,
    PanelJudge,
    PanelMeeting,
    PanelMeetingMember,
    PanelMembership,
    PanelRecommendation,
)
from cpd.progression.panels.rules import CaseStatus, Sitter, of_the_service
from cpd.progression.pathways.terms import terms_of
from cpd.schemes.pathway_shape import Panel
from cpd.shared import clock
from cpd.shared.database import db


def meetings_where(*conditions: ColumnElement[bool]) -> list[MeetingFacts]:
    """List meetings with who is to come, the first first: one query."""
    wanted = (
        select(PanelMeeting, PanelMeetingMember.person_id)
        .outerjoin(PanelMeetingMember, PanelMeetingMember.meeting_id == PanelMeeting.id)
        .where(*conditions)
        .order_by(PanelMeeting.starts_at, PanelMeeting.id)
    )
    found: dict[PanelMeeting, set[int]] = {}
    for row, person_id in db.session.execute(wanted):
        found.setdefault(row, set()).update([] if person_id is None else [person_id])
    return [_meeting(row, attending) for row, attending in found.items()]


_Decided = tuple[PanelDecision, list[tuple[int, str]]]
"""A decision, and who judged in which role."""


def cases_where(*conditions: ColumnElement[bool]) -> list[CaseFacts]:
    """Read cases with everything that belongs to them, the first first: ten queries, however many they are."""
    rows = db.session.scalars(select(PanelCase).where(*conditions).order_by(PanelCase.id)).all()
    return _Look(rows).cases() if rows else []


class _Look:
    """Everything that belongs to some cases, each kind of it read once."""

    def __init__(self, rows: Sequence[PanelCase]) -> None:
        self.rows = rows
        ids = [row.id for row in rows]
        self.meetings = {
            each.id: each for each in meetings_where(PanelMeeting.id.in_({row.meeting_id for row in rows}))
        }
        self.interests = _by_case(PanelInterest, ids)
        self.recommendations = _by_case(PanelRecommendation, ids)
        self.decisions = _decisions(ids)
        self.memberships = _memberships({each for meeting in self.meetings.values() for each in meeting.attending})
        self.managers = _managers({row.person_id for row in rows})
        versions = catalogue.schemes_by_id({row.scheme_version_id for row in rows})
        self.terms = {number: terms_of(each) for number, each in versions.items()}
        self.above = self._above()
        self.names = {each.id: each.name for each in people.persons_by_id(self._everybody()).values()}

    def _above(self) -> dict[int, frozenset[int]]:
        """Return who stands above the people of cases of which some are judged by their own service: one query."""
        panels = {row.person_id: self.terms[row.scheme_version_id].panels[row.panel_code] for row in self.rows}
        asked = [person_id for person_id, panel in panels.items() if panel.of_her_service]
        return people.managers_above(asked, clock.today()) if asked else {}

    def cases(self) -> list[CaseFacts]:
        """Put the cases together."""
        return [self._case(row) for row in self.rows]

    def _case(self, row: PanelCase) -> CaseFacts:
        terms = self.terms[row.scheme_version_id]
        panel = terms.panels[row.panel_code]
        meeting = self.meetings.get(row.meeting_id or 0)
        sitters = _sitters(panel, meeting, self.memberships) if meeting else ()
        return CaseFacts(
            row.id,
            row.organisation_id,
            row.person_id,
            self.names[row.person_id],
            panel,
            row.scheme_version_id,
            terms.version,
            terms,
            row.request_id,
            CaseStatus(row.status),
            row.opened_on,
            meeting,
            self.managers.get(row.person_id),
            of_the_service(panel, sitters, self.above.get(row.person_id, ())),
            self.names,
            tuple(self._interest(each) for each in self.interests[row.id]),
            tuple(self._recommendation(each) for each in self.recommendations[row.id]),
            row.revealed_at,
            row.missing,
            tuple(self._decision(*each) for each in self.decisions[row.id][::-1]),
            row.withdrawn_at,
            row.withdrawn_because,
        )

    def _interest(self, row: PanelInterest) -> InterestFacts:
        said_by = self._name(row.recorded_by_id)
        return InterestFacts(row.id, row.person_id, self._name(row.person_id), row.words, row.recorded_at, said_by)

    def _recommendation(self, row: PanelRecommendation) -> RecommendationFacts:
        name = self._name(row.person_id)
        return RecommendationFacts(row.person_id, name, row.outcome, row.reasons, row.recorded_at)

    def _decision(self, row: PanelDecision, judged: Iterable[tuple[int, str]]) -> DecisionFacts:
        judges = [JudgeFacts(each, self._name(each), role) for each, role in judged]
        return DecisionFacts(
            row.id,
            row.decided_on,
            row.outcome,
            row.reasons,
            row.support_plan,
            row.review_on,
            row.fact_id,
            row.recorded_at,
            self._name(row.recorded_by_id),
            tuple(sorted(judges, key=lambda each: (each.name, each.person_id))),
            row.superseded_at,
            row.supersede_reason or "",
        )

    def _name(self, person_id: int | None) -> str:
        return self.names.get(person_id or 0, "")

    def _everybody(self) -> set[int]:
        """Return whose names are needed."""
        said = [each for kind in (self.interests, self.recommendations) for rows in kind.values() for each in rows]
        decisions = [each for rows in self.decisions.values() for each in rows]
        decided = [row.recorded_by_id for row, _ in decisions]
        judged = [person_id for _, judges in decisions for person_id, _ in judges]
        attending = [each for meeting in self.meetings.values() for each in meeting.attending]
        own = [row.person_id for row in self.rows]
        by = [each.recorded_by_id for each in said]
        return {each for each in (*own, *attending, *judged, *decided, *by, *(row.person_id for row in said)) if each}


def sitters_of(panel: Panel, meeting: MeetingFacts) -> tuple[Sitter, ...]:
    """Return who comes to a meeting with the roles in which each sits that day: one query."""
    return _sitters(panel, meeting, _memberships(meeting.attending))


def _sitters(panel: Panel, meeting: MeetingFacts, memberships: Mapping[int, list[_Seat]]) -> tuple[Sitter, ...]:
    """Choose from memberships those that hold on the day of a meeting."""
    found = []
    for person_id in sorted(meeting.attending):
        seats = [each for each in memberships.get(person_id, ()) if each.holds(meeting)]
        roles = frozenset(each.role for each in seats).intersection(panel.roles)
        if roles:
            found.append(Sitter(person_id, roles))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Seat:
    """A membership with the time for which its role is held."""

    organisation_id: int
    panel_code: str
    role: str
    starts_on: date
    ends_on: date | None
    revoked_at: datetime | None

    def holds(self, meeting: MeetingFacts) -> bool:
        """Say whether she sits at a meeting in this role."""
        return (
            (self.organisation_id, self.panel_code) == (meeting.organisation_id, meeting.panel_code)
            and self.starts_on <= meeting.on
            and (self.ends_on is None or self.ends_on > meeting.on)
            and (self.revoked_at is None or self.revoked_at > meeting.starts_at)
        )


def _memberships(person_ids: Collection[int]) -> dict[int, list[_Seat]]:
    """Return the memberships of people, each with when its role was taken back: one query."""
    wanted = (
        select(
            PanelMembership.person_id,
            PanelMembership.organisation_id,
            PanelMembership.panel_code,
            PanelMembership.role,
            PanelMembership.starts_on,
            PanelMembership.ends_on,
            RoleGrant.revoked_at,
        )
        .join(
            RoleGrant,
            (RoleGrant.person_id == PanelMembership.person_id) & (RoleGrant.role == PanelMembership.role),
        )
        .where(PanelMembership.person_id.in_(person_ids))
    )
    found: defaultdict[int, list[_Seat]] = defaultdict(list)
    for row in db.session.execute(wanted):
        found[row[0]].append(_Seat(*row[1:]))
    return found


def _meeting(row: PanelMeeting, attending: Collection[int]) -> MeetingFacts:
    return MeetingFacts(
        row.id,
        row.organisation_id,
        row.panel_code,
        row.starts_at,
        row.ends_at,
        row.place,
        row.cancelled_because,
        row.cancelled_at is not None,
        row.turn,
        frozenset(attending),
    )


def _by_case(table: Any, case_ids: Collection[int]) -> defaultdict[int, list[Any]]:
    """Return rows in force by their case, the first first: one query."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    wanted = select(table).where(table.case_id.in_(case_ids), table.superseded_at.is_(None))
    for row in db.session.scalars(wanted.order_by(table.id)):
        found[row.case_id].append(row)
    return found


def _decisions(case_ids: Collection[int]) -> defaultdict[int, list[_Decided]]:
    """Return decisions by their case, also superseded ones, the first first, each with who judged: one query."""
    wanted = (
        select(PanelDecision, PanelJudge.person_id, PanelJudge.role)
        .outerjoin(PanelJudge, PanelJudge.decision_id == PanelDecision.id)
        .where(PanelDecision.case_id.in_(case_ids))
        .order_by(PanelDecision.id)
    )
    judges: dict[PanelDecision, list[tuple[int, str]]] = {}
    for row, person_id, role in db.session.execute(wanted):
        judges.setdefault(row, []).extend([(person_id, role)] if person_id is not None else [])
    found: defaultdict[int, list[_Decided]] = defaultdict(list)
    for row, judged in judges.items():
        found[row.case_id].append((row, judged))
    return found


def _managers(person_ids: Collection[int]) -> dict[int, int | None]:
    """Return who is the direct line manager of people today: one query."""
    return {each: post.manager_id for each, post in people.posts_on(person_ids, clock.today()).items()}
