"""Requests for pages and papers: one, somebody's, what waits for whom, and what is under way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.progression.panels.models import PanelCase, PanelMeeting
from cpd.progression.pathways import under_way
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.pathways.under_way import Course, Now
from cpd.progression.pathways.words import role_name
from cpd.progression.requests.loading import requests_where, transition_in
from cpd.progression.requests.models import (
    Approval,
    DecisionLetter,
    Enactment,
    ProgressionRequest,
    ProgressionStep,
)
from cpd.progression.requests.request_facts import ApprovalFacts, EnactmentFacts, LetterRef, RequestFacts, StepFacts
from cpd.progression.requests.rules import RequestKind, RequestStatus, Seat, StepStatus
from cpd.schemes.pathway_shape import StepKind, Transition
from cpd.shared.clock import in_london
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role

__all__ = [
    "ApprovalFacts",
    "Chosen",
    "EnactmentFacts",
    "Letter",
    "LetterRef",
    "RequestFacts",
    "RequestsPage",
    "StepFacts",
    "Waiting",
    "count_waiting",
    "find_letter",
    "find_request",
    "has_decided_on",
    "line_of",
    "open_requests",
    "page_of_requests",
    "request_of",
    "requests_of",
    "sums_of",
    "transition_of",
    "transitions_of",
    "waiting_for",
    "who_cannot_approve",
    "who_declined",
]

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """One page of requests."""

    requests: Sequence[RequestFacts]
    page: int
    pages: int
    number: int


def request_of(request_id: int) -> RequestFacts:
    """Return everything that a letter, a document or a page needs of a request.

    Raises:
        LookupError: there is none.
    """
    found = find_request(request_id)
    if found is None:
        raise LookupError(f"There is no request {request_id}")
    return found


def find_request(request_id: int) -> RequestFacts | None:
    """Return a request, or None."""
    found = requests_where(ProgressionRequest.id == min(request_id, LARGEST_ID))
    return found[0] if found else None


def requests_of(person_ids: Collection[int]) -> list[RequestFacts]:
    """List the requests of these people: what is open first, then the latest."""
    found = requests_where(ProgressionRequest.person_id.in_(person_ids))
    return sorted(found, key=lambda each: (not each.is_open, -each.id))


@under_way.add_source
def requests_under_way(person_ids: Collection[int]) -> Iterator[tuple[int, Course]]:
    """Give how what people asked for stands, by transition. One query; of the same transition the latest counts.

    What is open stands so since its present step was opened.
    """
    later = aliased(Enactment)
    wanted = (
        select(
            ProgressionRequest.person_id,
            ProgressionRequest.id,
            ProgressionRequest.transition_code,
            ProgressionRequest.to_level,
            ProgressionRequest.scheme_version_id,
            ProgressionRequest.status,
            ProgressionRequest.support_plan,
            ProgressionRequest.review_on,
            ProgressionStep.panel_code,
            ProgressionStep.role,
            func.coalesce(
                ProgressionStep.opened_at, ProgressionRequest.ended_at, ProgressionRequest.requested_at
            ).label("since"),
            PanelMeeting.starts_at,
            Enactment.effective_on,
            later.id.is_not(None).label("is_reversed"),
        )
        .outerjoin(
            ProgressionStep,
            and_(ProgressionStep.request_id == ProgressionRequest.id, ProgressionStep.status == StepStatus.OPEN),
        )
        .outerjoin(PanelCase, PanelCase.id == ProgressionStep.case_id)
        .outerjoin(PanelMeeting, PanelMeeting.id == PanelCase.meeting_id)
        .outerjoin(Enactment, Enactment.request_id == ProgressionRequest.id)
        .outerjoin(later, later.reverses_id == Enactment.id)
        .where(
            ProgressionRequest.person_id.in_(person_ids),
            ProgressionRequest.reverses_id.is_(None),
            ProgressionRequest.status != RequestStatus.WITHDRAWN,
        )
        .order_by(ProgressionRequest.id)
    )
    latest = {(row.person_id, row.transition_code): row for row in db.session.execute(wanted)}
    for row in latest.values():
        if row.is_reversed:
            continue
        meets_on = in_london(row.starts_at).date() if row.starts_at else None
        course = Course(
            row.transition_code,
            NOW[RequestStatus(row.status)],
            in_london(row.since).date(),
            f"/my/progress/requests/{row.id}",
            row.scheme_version_id,
            title=row.to_level,
            who=row.panel_code or (f"the {role_name(row.role)}" if row.role else ""),
            then=meets_on or row.effective_on or row.review_on,
            plan=row.support_plan,
        )
        yield row.person_id, course


NOW = {
    RequestStatus.OPEN: Now.ASKED,
    RequestStatus.ENACTED: Now.AGREED,
    RequestStatus.NOT_YET: Now.NOT_YET,
    RequestStatus.REFUSED: Now.REFUSED,
}
"""What each way in which a request stands means for the step up."""


def waiting_for(person_id: int, organisation_id: int, seats: Mapping[Role, Sequence[Seat]]) -> list[RequestFacts]:
    """List what somebody has to decide in her seats, the oldest first."""
    waiting = select(ProgressionStep.request_id).where(_waits(person_id, organisation_id, seats))
    found = requests_where(ProgressionRequest.id.in_(waiting))
    return sorted(
        found,
        key=lambda each: (each.turn.opened_at if each.turn and each.turn.opened_at else each.requested_at, each.id),
    )


def count_waiting(person_id: int, organisation_id: int, seats: Mapping[Role, Sequence[Seat]]) -> int:
    """Count what somebody has to decide in her seats. One query."""
    wanted = select(func.count(ProgressionStep.id)).where(_waits(person_id, organisation_id, seats))
    return (db.session.scalar(wanted) or 0) if seats else 0


def open_requests(organisation_id: int) -> list[RequestFacts]:
    """List what is under way at an organisation, the oldest first."""
    return requests_where(ProgressionRequest.organisation_id == organisation_id, ProgressionRequest.status == "open")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which requests of an organisation a list shows; empty: any."""

    transition: str = ""
    status: str = ""


def page_of_requests(organisation_id: int, chosen: Chosen, page: int, *, decided_by: int | None = None) -> RequestsPage:
    """Read one page of an organisation's requests, the latest first; with `decided_by` those on which she decided."""
    conditions: list[ColumnElement[bool]] = [ProgressionRequest.organisation_id == organisation_id]
    if chosen.transition:
        conditions.append(ProgressionRequest.transition_code == chosen.transition)
    conditions.append(
        ProgressionRequest.status == chosen.status if chosen.status else ProgressionRequest.status != RequestStatus.OPEN
    )
    if decided_by is not None:
        conditions.append(_decided_by(decided_by))
    number = db.session.scalar(select(func.count(ProgressionRequest.id)).where(*conditions)) or 0
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(page, 1), pages)
    wanted = select(ProgressionRequest.id).where(*conditions).order_by(ProgressionRequest.id.desc())
    ids = list(db.session.scalars(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))
    return RequestsPage(requests_where(ProgressionRequest.id.in_(ids))[::-1] if ids else [], page, pages, number)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many requests for one step of the pathway, by code and title, wait at one of their own steps."""

    code: str
    transition: str
    where: StepFacts
    number: int


def sums_of(organisation_id: int) -> list[Waiting]:
    """Count what is under way at an organisation, by the step of the pathway and by who has it. Three queries."""
    wanted = (
        select(
            ProgressionRequest.transition_code,
            ProgressionStep.step_kind,
            ProgressionStep.panel_code,
            ProgressionStep.role,
            func.count(),
        )
        .join(ProgressionStep, ProgressionStep.request_id == ProgressionRequest.id)
        .where(ProgressionStep.organisation_id == organisation_id, ProgressionStep.status == StepStatus.OPEN)
        .group_by(
            ProgressionRequest.transition_code,
            ProgressionStep.step_kind,
            ProgressionStep.panel_code,
            ProgressionStep.role,
        )
        .order_by(ProgressionRequest.transition_code, ProgressionStep.step_kind.desc())
    )
    rows = db.session.execute(wanted).all()
    scheme = catalogue.scheme_in_force(organisation_id) if rows else None
    if scheme is None:
        return []
    terms = terms_of(scheme)
    return [
        Waiting(code, _title(terms, code), _place(kind, panel_code, role, terms), number)
        for code, kind, panel_code, role, number in rows
    ]


def transitions_of(organisation_id: int) -> list[tuple[str, str]]:
    """List the steps of an organisation's pathways by code, each with its title, as the scheme in force has them."""
    scheme = catalogue.scheme_in_force(organisation_id)
    pathways = scheme.pack.career_pathways if scheme else ()
    return [(each.code, each.title) for pathway in pathways for each in pathway.transitions]


def _title(terms: Terms, code: str) -> str:
    """Name a step of a pathway; one that the scheme has no longer keeps its code."""
    found = transition_in(terms, code)
    return found.title if found else code


def _place(kind: str, panel_code: str | None, role: str | None, terms: Terms) -> StepFacts:
    """Make a step of nobody's in particular, to be named like any other."""
    title = terms.title(panel_code) if panel_code else ""
    as_role = Role(role) if role else None
    return StepFacts(
        0, 0, StepKind(kind), panel_code, title, as_role, "", StepStatus.OPEN, None, None, None, "", "", None
    )


def line_of(request_id: int | None) -> list[int]:
    """List a request and those that it takes up again after appeals, the latest first. One query."""
    line = select(ProgressionRequest.id, ProgressionRequest.again_of_id).where(ProgressionRequest.id == request_id)
    latest = line.cte("line", recursive=True)
    earlier = select(ProgressionRequest.id, ProgressionRequest.again_of_id)
    whole = latest.union_all(earlier.join(latest, ProgressionRequest.id == latest.c.again_of_id))
    return list(db.session.scalars(select(whole.c.id).order_by(whole.c.id.desc()))) if request_id else []


def who_declined(request_id: int | None) -> frozenset[int]:
    """Return who declined a request, or one that it takes up again, or ended it against her. Two queries."""
    line = line_of(request_id)
    approvals = select(Approval.decided_by_id).where(Approval.request_id.in_(line), Approval.approved.is_(False))
    ended = select(ProgressionRequest.ended_by_id).where(
        ProgressionRequest.id.in_(line), ProgressionRequest.ended_by_id.is_not(None)
    )
    return frozenset(db.session.scalars(approvals.union(ended))) if line else frozenset()


def who_cannot_approve(request: RequestFacts) -> frozenset[int]:
    """Return who does not approve a request: whoever declined it before, or asked that a change be taken back."""
    asked = {request.requested_by_id} if request.is_reversal and request.requested_by_id else set()
    return who_declined(request.again_of_id) | asked


def has_decided_on(person_id: int, request_id: int) -> bool:
    """Say whether somebody has decided on a request."""
    wanted = select(ProgressionRequest.id).where(ProgressionRequest.id == request_id, _decided_by(person_id))
    return db.session.scalar(wanted) is not None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was frozen, with its fingerprint."""

    id: int
    organisation_id: int
    request_id: int
    person_id: int
    number: int
    result: str
    facts: Mapping[str, Any]
    sha256: str
    made_at: datetime
    appeal_until: date | None


def find_letter(request_id: int, number: int) -> Letter | None:
    """Return a letter of a request, or None."""
    wanted = select(DecisionLetter).where(
        DecisionLetter.request_id == min(request_id, LARGEST_ID), DecisionLetter.number == min(number, LARGEST_ID)
    )
    row = db.session.scalars(wanted).one_or_none()
    if row is None:
        return None
    return Letter(
        row.id,
        row.organisation_id,
        row.request_id,
        row.person_id,
        row.number,
        row.result,
        row.facts,
        row.sha256,
        row.made_at,
        row.appeal_until,
    )


def transition_of(scheme_version_id: int, transition_code: str) -> Transition:
    """Return a transition as a version of the pack has it. Raises LookupError where it has none."""
    pack = catalogue.schemes_by_id([scheme_version_id])[scheme_version_id].pack
    for pathway in pack.career_pathways:
        for each in pathway.transitions:
            if each.code == transition_code:
                return each
    raise LookupError(f"There is no transition {transition_code}")


def _waits(person_id: int, organisation_id: int, seats: Mapping[Role, Sequence[Seat]]) -> ColumnElement[bool]:
    """Say, as a condition on steps, which wait for somebody in her seats.

    Those of her own requests never do, nor does approving what she asked to be taken back.
    """
    theirs = [
        and_(
            ProgressionStep.role == seat.role,
            ProgressionRequest.person_id.not_in({person_id, *seat.not_about}),
        )
        for seat in (each for held in seats.values() for each in held)
    ]
    hers = exists().where(ProgressionRequest.id == ProgressionStep.request_id, or_(false(), *theirs))
    asked_for_it = exists().where(
        ProgressionRequest.id == ProgressionStep.request_id,
        ProgressionRequest.request_kind == RequestKind.REVERSAL,
        ProgressionRequest.requested_by_id == person_id,
        ProgressionStep.step_kind == StepKind.APPROVAL,
    )
    is_open = and_(ProgressionStep.organisation_id == organisation_id, ProgressionStep.status == StepStatus.OPEN)
    return and_(is_open, hers, ~asked_for_it)


def _decided_by(person_id: int) -> ColumnElement[bool]:
    """Say, as a condition on requests, on which somebody has decided."""
    approved = exists().where(Approval.request_id == ProgressionRequest.id, Approval.decided_by_id == person_id)
    enacted = exists().where(Enactment.request_id == ProgressionRequest.id, Enactment.enacted_by_id == person_id)
    return or_(approved, enacted, ProgressionRequest.ended_by_id == person_id)
