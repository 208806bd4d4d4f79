"""Reading requests for funding for pages, as plain values; each list in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from cpd.people import service as people
from cpd.people.models import Person
from cpd.shared import history
from cpd.shared.database import LARGEST_ID, db
from cpd.study.funding.models import FundingRequest
from cpd.study.funding.rules import LIVE, OPEN, FundingStatus, financial_year, pounds
from cpd.study.funding.wording import STATES, money, when_words, year_words

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request: who asks for what, what it costs, and how it stands."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    title: str
    provider: str
    cost: Decimal
    starts_on: date
    ends_on: date
    reasons: str
    link: str
    stored_as: str | None
    filename: str | None
    media_type: str | None
    status: FundingStatus
    asked_at: datetime
    manager_comment: str
    manager_supports: bool | None
    commented_at: datetime | None
    commented_by: str
    decision: str
    decided_at: datetime | None
    decided_by: str
    withdrawn_at: datetime | None

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return STATES[self.status]

    @property
    def money(self) -> str:
        """`£1,250`."""
        return money(self.cost)

    @property
    def when(self) -> str:
        """`3 May 2019 to 5 May 2019`."""
        return when_words(self.starts_on, self.ends_on)

    @property
    def year(self) -> str:
        """The financial year that it costs: `April 2018 to March 2019`."""
        return year_words(financial_year(self.starts_on))

    @property
    def is_live(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.status in LIVE

    @property
    def is_approved(self) -> bool:
        """Whether it is paid for."""
        return self.status is FundingStatus.APPROVED

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Why approved training did not take place, and who wrote it down when."""

    reason: str
    said_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What a financial year costs so far: what was approved, and what is asked for and not decided, in words."""

    year: str
    approved: str
    requests: int
    undecided: str


@dataclass(frozen=True, slots=True)
class DecidedPage:
    """One page of the requests that were decided or withdrawn, the latest first."""

    requests: list[RequestFacts]
    page: int
    pages: int


def find_request(request_id: int) -> RequestFacts | None:
    """Return a request, or None."""
    found = _requests(FundingRequest.id == min(request_id, LARGEST_ID))
    return found[0] if found else None


def not_held(request_id: int) -> NotHeld | None:
    """Return who said that training did not take place, when and why, from the history; None where nobody did."""
    event = history.last_of(FundingStatus.NOT_HELD, "funding_request", request_id)
    if event is None or event.actor_id is None:
        return None
    return NotHeld(event.reason or "", event.happened_at, people.get_person(event.actor_id).name)


def requests_of(person_id: int) -> list[RequestFacts]:
    """List what somebody has asked for, the latest first."""
    return _requests(FundingRequest.person_id == person_id)[::-1]


def team_requests(person_ids: Collection[int]) -> list[RequestFacts]:
    """List what a team asks for and what was approved for it, that without a comment first."""
    found = _requests(FundingRequest.person_id.in_(person_ids), FundingRequest.status.in_(LIVE))
    return sorted(found, key=lambda each: (each.status is not FundingStatus.ASKED, each.id))


def uncommented_of(person_ids: Collection[int]) -> ScalarSelect[int]:
    """Count in a query of somebody else's how many requests of these people wait for a comment."""
    wanted = select(func.count(FundingRequest.id)).where(
        FundingRequest.person_id.in_(person_ids), FundingRequest.status == FundingStatus.ASKED
    )
    return wanted.scalar_subquery()


def undecided_requests(organisation_id: int) -> list[RequestFacts]:
    """List what is to be decided: what has the manager's comment first, then the oldest."""
    found = _requests(FundingRequest.organisation_id == organisation_id, FundingRequest.status.in_(OPEN))
    return sorted(found, key=lambda each: (each.status is FundingStatus.ASKED, each.id))


def decided_page(organisation_id: int, page: int) -> DecidedPage:
    """Read one page of what was decided or withdrawn: two queries."""
    conditions = (FundingRequest.organisation_id == organisation_id, FundingRequest.status.not_in(OPEN))
    count = db.session.scalar(select(func.count(FundingRequest.id)).where(*conditions)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(max(page, 1), pages)
    wanted = _WANTED.where(*conditions).order_by(FundingRequest.id.desc())
    rows = db.session.execute(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return DecidedPage([_request(row) for row in rows], page, pages)


def totals_of(organisation_id: int) -> list[YearTotal]:
    """Add up what each financial year costs, by the day on which the training begins; the latest first. One query."""
    wanted = select(FundingRequest.starts_on, FundingRequest.status, FundingRequest.cost_pence)
    live = wanted.where(FundingRequest.organisation_id == organisation_id, FundingRequest.status.in_(LIVE))
    years: defaultdict[int, list[tuple[bool, int]]] = defaultdict(list)
    for starts_on, status, cost_pence in db.session.execute(live):
        years[financial_year(starts_on)].append((status == FundingStatus.APPROVED, cost_pence))
    return [
        YearTotal(
            year_words(year),
            money(pounds(sum(cost for approved, cost in costs if approved))),
            sum(approved for approved, _ in costs),
            money(pounds(sum(cost for approved, cost in costs if not approved))),
        )
        for year, costs in sorted(years.items(), reverse=True)
    ]


def _requests(*conditions: ColumnElement[bool]) -> list[RequestFacts]:
    """Read requests, the first first. One query."""
    return [_request(row) for row in db.session.execute(_WANTED.where(*conditions).order_by(FundingRequest.id))]


def _request(row: Any) -> RequestFacts:
    """Make plain values of a row."""
    said = dict(row._mapping)  # noqa: SLF001 - a public name of SQLAlchemy's, in spite of its looks
    said["cost"], said["status"] = pounds(said.pop("cost_pence")), FundingStatus(said["status"])
    said |= {name: said[name] or "" for name in ("commented_by", "decided_by")}
    return RequestFacts(**said)


_commenter, _decider = aliased(Person), aliased(Person)
_WANTED: Select[*tuple[Any, ...]] = (
    select(
        FundingRequest.id,
        FundingRequest.organisation_id,
        FundingRequest.person_id,
        Person.name.label("person"),
        FundingRequest.title,
        FundingRequest.provider,
        FundingRequest.cost_pence,
        FundingRequest.starts_on,
        FundingRequest.ends_on,
        FundingRequest.reasons,
        FundingRequest.link,
        FundingRequest.stored_as,
        FundingRequest.filename,
        FundingRequest.media_type,
        FundingRequest.status,
        FundingRequest.asked_at,
        FundingRequest.manager_comment,
        FundingRequest.manager_supports,
        FundingRequest.commented_at,
        _commenter.name.label("commented_by"),
        FundingRequest.decision,
        FundingRequest.decided_at,
        _decider.name.label("decided_by"),
        FundingRequest.withdrawn_at,
    )
    .join(Person, Person.id == FundingRequest.person_id)
    .outerjoin(_commenter, _commenter.id == FundingRequest.commented_by_id)
    .outerjoin(_decider, _decider.id == FundingRequest.decided_by_id)
)
