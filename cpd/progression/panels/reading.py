"""Reading panels for pages and documents, as plain values; each list in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person, RoleGrant
from cpd.progression.panels.case_facts import (
    CaseFacts,
    DecisionFacts,
    InterestFacts,
    JudgeFacts,
    MeetingFacts,
    RecommendationFacts,
    SeatFacts,
)
from cpd.progression.panels.gathering import cases_where, meetings_where, sitters_of
from cpd.progression.panels.models import (
    PanelCase,
    PanelDecision,
    PanelMeeting,
    PanelMeetingMember,
    PanelMembership,
)
from cpd.progression.panels.rules import CaseStatus
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.schemes.pathway_shape import Panel
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role

__all__ = [
    "CaseFacts",
    "DecisionFacts",
    "InterestFacts",
    "JudgeFacts",
    "MeetingFacts",
    "RecommendationFacts",
    "SeatFacts",
    "as_still_judging",
    "case_of",
    "cases_of_desk",
    "cases_of_meeting",
    "cases_of_person",
    "cases_of_request",
    "cases_to_judge",
    "close_to_open_cases",
    "find_case",
    "find_meeting",
    "judging_count",
    "manager_on",
    "meetings_of",
    "meetings_to_come",
    "open_cases",
    "open_cases_of",
    "panels_of",
    "seats_here",
    "seats_of",
    "sitters_of",
    "terms_in_force",
    "waiting_count",
    "waits_for",
    "who_sits",
]

LATELY = timedelta(days=183)
"""So long back pages show what was decided."""


def panels_of(organisation_id: int) -> dict[str, Panel]:
    """Return an organisation's panels, by code: those of the scheme in force, then those with cases still to judge.

    A panel that a newer scheme has no more goes on until it has judged what is before it by the older rules.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return {}
    found = {each.code: each for each in scheme.pack.panels}
    wanted = select(PanelCase.scheme_version_id, PanelCase.panel_code).where(
        PanelCase.organisation_id == organisation_id,
        PanelCase.status == CaseStatus.OPEN,
        PanelCase.panel_code.not_in(found),
    )
    older = db.session.execute(wanted.distinct().order_by(PanelCase.scheme_version_id)).all()
    versions = catalogue.schemes_by_id({row.scheme_version_id for row in older}) if older else {}
    for version_id, code in older:
        found[code] = next(each for each in versions[version_id].pack.panels if each.code == code)
    return found


def terms_in_force(organisation_id: int) -> Terms | None:
    """Return what the scheme in force says of careers."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return terms_of(scheme) if scheme else None


def case_of(case_id: int) -> CaseFacts:
    """Return everything of one case. Raises LookupError where there is none."""
    found = find_case(case_id)
    if found is None:
        raise LookupError(f"There is no case {case_id}")
    return found


def find_case(case_id: int) -> CaseFacts | None:
    """Return everything of one case, or None."""
    found = cases_where(PanelCase.id == min(case_id, LARGEST_ID))
    return found[0] if found else None


def as_still_judging(panel: Panel, organisation_id: int) -> Panel:
    """Return a panel with those roles as well which cases still to judge ask for by older rules: one query."""
    wanted = select(PanelCase.scheme_version_id).where(
        PanelCase.organisation_id == organisation_id,
        PanelCase.status == CaseStatus.OPEN,
        PanelCase.panel_code == panel.code,
    )
    versions = catalogue.schemes_by_id(set(db.session.scalars(wanted.distinct())))
    same = [each for version in versions.values() for each in version.pack.panels if each.code == panel.code]
    return panel.model_copy(
        update={"roles": tuple(dict.fromkeys(role for each in (panel, *same) for role in each.roles))}
    )


def cases_of_request(request_id: int) -> list[CaseFacts]:
    """List the cases that a request was a reason for, the first first."""
    return cases_where(PanelCase.request_id == request_id)


def cases_of_person(person_id: int) -> list[CaseFacts]:
    """List somebody's cases, the latest first."""
    return cases_where(PanelCase.person_id == person_id)[::-1]


def cases_of_meeting(meeting_id: int) -> list[CaseFacts]:
    """List the cases of a meeting, by the person's name."""
    found = cases_where(PanelCase.meeting_id == min(meeting_id, LARGEST_ID))
    return sorted(found, key=lambda each: (each.person, each.id))


def open_cases(organisation_id: int) -> list[CaseFacts]:
    """List what is still to be decided at an organisation, the first first."""
    return cases_where(PanelCase.organisation_id == organisation_id, PanelCase.status == CaseStatus.OPEN)


def open_cases_of(organisation_id: int, panel_code: str) -> list[CaseFacts]:
    """List what one panel is still to decide, the first first."""
    return cases_where(
        PanelCase.organisation_id == organisation_id,
        PanelCase.panel_code == panel_code,
        PanelCase.status == CaseStatus.OPEN,
    )


def cases_of_desk(organisation_id: int) -> list[CaseFacts]:
    """List what is open at an organisation and what was decided in the last half year, the first first."""
    return cases_where(
        PanelCase.organisation_id == organisation_id,
        or_(PanelCase.status == CaseStatus.OPEN, PanelCase.id.in_(_decided_lately())),
    )


def cases_to_judge(person_id: int, organisation_id: int, roles: Collection[Role]) -> list[CaseFacts]:
    """List the cases of the last half year that concern somebody as a member, by the day of the meeting.

    These are those of meetings to which she is to come, also where she is in conflict, and those of young people's
    panels that have a meeting and that a holder of her roles writes down.
    """
    hers = select(PanelMeetingMember.meeting_id).where(PanelMeetingMember.person_id == person_id)
    lately = PanelMeeting.starts_at > clock.now() - LATELY
    codes = [each.code for each in panels_of(organisation_id).values() if each.recorded_by in roles]
    theirs = (PanelMeeting.organisation_id == organisation_id) & PanelMeeting.panel_code.in_(codes)
    wanted = select(PanelMeeting.id).where(lately, or_(PanelMeeting.id.in_(hers), theirs))
    found = cases_where(PanelCase.meeting_id.in_(wanted))
    return sorted(found, key=lambda each: (each.meeting.starts_at if each.meeting else clock.now(), each.id))


def meetings_to_come(person_id: int) -> list[MeetingFacts]:
    """List the meetings to which somebody is to come from today on, the first first."""
    hers = select(PanelMeetingMember.meeting_id).where(PanelMeetingMember.person_id == person_id)
    return meetings_where(PanelMeeting.id.in_(hers), PanelMeeting.ends_at > clock.now())


def waiting_count(viewer_id: int, organisation_id: int, roles: Collection[Role]) -> int:
    """Count what waits for somebody: cases without a meeting or with one that is over, and what she is to recommend."""
    return sum(waits_for(each, viewer_id, roles) for each in open_cases(organisation_id))


def judging_count(viewer_id: int, organisation_id: int, roles: Collection[Role]) -> int:
    """Count of that what stands on her own page of cases: what she judges, or writes down for young people."""
    return waiting_count(viewer_id, organisation_id, set(roles) - {Role.WORKFORCE_DEVELOPMENT})


def waits_for(case: CaseFacts, viewer_id: int, roles: Collection[Role]) -> bool:
    """Say whether an open case waits for somebody: to be given a meeting, to be recommended on, or to be decided."""
    if case.conflicts(viewer_id):
        return False
    if viewer_id in case.to_recommend:
        return True
    is_officer = Role.WORKFORCE_DEVELOPMENT in roles
    decides = case.panel.recorded_by in roles if case.panel.recorded_by else is_officer
    return (is_officer and case.meeting is None) or (decides and case.can_be_decided)


def seats_of(*conditions: ColumnElement[bool]) -> list[SeatFacts]:
    """List who sits and sat on panels, by name: one query."""
    held = exists().where(
        RoleGrant.person_id == PanelMembership.person_id,
        RoleGrant.role == PanelMembership.role,
        RoleGrant.revoked_at.is_(None),
    )
    wanted = (
        select(PanelMembership, Person.name, held)
        .join(Person, Person.id == PanelMembership.person_id)
        .where(*conditions)
        .order_by(Person.name, PanelMembership.id)
    )
    return [
        SeatFacts(
            row.id,
            row.organisation_id,
            row.panel_code,
            row.person_id,
            name,
            row.role,
            row.starts_on,
            row.ends_on,
            row.appointed_because,
            row.ended_because,
            holds_role,
        )
        for row, name, holds_role in db.session.execute(wanted)
    ]


def seats_here(organisation_id: int) -> list[SeatFacts]:
    """List who sits and sat on the panels of an organisation, by name: one query."""
    return seats_of(PanelMembership.organisation_id == organisation_id)


def who_sits(organisation_id: int, on: date) -> dict[str, list[SeatFacts]]:
    """Return who sits on each panel on a day, by the panel's code: for everybody to read (C-4)."""
    found: dict[str, list[SeatFacts]] = {}
    for each in seats_here(organisation_id):
        if each.is_held_on(on) and each.holds_role:
            found.setdefault(each.panel_code, []).append(each)
    return found


def close_to_open_cases(person_id: int, *conditions: ColumnElement[bool]) -> bool:
    """Say whether somebody is in conflict with a case that is still to be judged, among those which fit."""
    cases = cases_where(PanelCase.status == CaseStatus.OPEN, *conditions)
    return any(each.conflicts(person_id) for each in cases)


def find_meeting(meeting_id: int) -> MeetingFacts | None:
    """Return a meeting, or None."""
    found = meetings_where(PanelMeeting.id == min(meeting_id, LARGEST_ID))
    return found[0] if found else None


def meetings_of(organisation_id: int, since: datetime) -> list[MeetingFacts]:
    """List an organisation's meetings that begin after a moment and are not cancelled, the first first."""
    return meetings_where(
        PanelMeeting.organisation_id == organisation_id,
        PanelMeeting.starts_at > since,
        PanelMeeting.cancelled_at.is_(None),
    )


def manager_on(person_id: int, on: date) -> int | None:
    """Return who was somebody's direct line manager on a day: one query."""
    post = people.posts_on([person_id], on).get(person_id)
    return post.manager_id if post else None


def _decided_lately() -> Select[int]:
    """Choose the cases that were decided in the last half year."""
    since = clock.today() - LATELY
    return select(PanelDecision.case_id).where(PanelDecision.superseded_at.is_(None), PanelDecision.decided_on > since)
