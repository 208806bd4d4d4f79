"""Appeals as pages show them, in a fixed number of queries whatever the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from cpd.people.models import Person
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.rules import LIVE, AgainstWhat, AppealStatus
from cpd.progression.appeals.wording import OUTCOMES, STATES
from cpd.progression.requests.models import DecisionLetter, ProgressionRequest
from cpd.progression.requests.reading import RequestFacts
from cpd.progression.requests.rules import AGAINST_HER, RequestStatus
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db

PER_PAGE = 25
TITLE = "step"
"""Under this name a letter keeps what the step is called."""


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """One appeal: whose, against what, on what grounds, with whom it is, and what was decided and why."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    request_id: int
    letter_number: int
    transition_code: str
    transition_title: str
    grounds: str
    status: AppealStatus
    appealed_at: datetime
    in_time_until: date
    decider_id: int | None
    decider: str
    decide_by: date | None
    decided_at: datetime | None
    reasons: str
    new_request_id: int | None
    withdrawn_at: datetime | None
    letter: dict[str, Any] | None
    letter_sha256: str

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return ("To be decided: late", "attention") if self.is_late else STATES[self.status]

    @property
    def is_live(self) -> bool:
        """Whether it is still to be decided."""
        return self.status in LIVE

    @property
    def is_late(self) -> bool:
        """Whether the day by which it was to be decided has passed."""
        return self.status is AppealStatus.ASSIGNED and self.decide_by is not None and self.decide_by < clock.today()

    @property
    def can_be_sent_anew(self) -> bool:
        """Whether an appeal against the same decision would still be in time, were this one withdrawn."""
        return clock.today() <= self.in_time_until

    @property
    def outcome(self) -> str:
        """What its outcome means, in a sentence or two; empty while it is open."""
        return OUTCOMES.get(self.status, "")


@dataclass(frozen=True, slots=True)
class AppealsPage:
    """One page of appeals that were decided or withdrawn, the latest first."""

    appeals: list[AppealFacts]
    page: int
    pages: int


_decider = aliased(Person)
_APPEALS: Select[*tuple[Any, ...]] = (
    select(
        ProgressionAppeal,
        Person.name.label("person"),
        func.coalesce(_decider.name, "").label("decider"),
        ProgressionRequest.transition_code,
        DecisionLetter.number,
        DecisionLetter.facts,
    )
    .join(Person, Person.id == ProgressionAppeal.person_id)
    .join(ProgressionRequest, ProgressionRequest.id == ProgressionAppeal.request_id)
    .join(DecisionLetter, DecisionLetter.id == ProgressionAppeal.letter_id)
    .outerjoin(_decider, _decider.id == ProgressionAppeal.decider_id)
)


def find_appeal(appeal_id: int) -> AppealFacts | None:
    """Return an appeal, or None. One query."""
    return next(iter(_appeals(ProgressionAppeal.id == min(appeal_id, LARGEST_ID))), None)


def appeals_of_request(request_id: int) -> list[AppealFacts]:
    """List the appeals against what was decided on a request, the first first. One query."""
    return _appeals(ProgressionAppeal.request_id == request_id)


def undecided(organisation_id: int, decider_id: int | None = None) -> list[AppealFacts]:
    """List the appeals that are to be decided, or those that are with somebody; the oldest first. One query."""
    conditions = [ProgressionAppeal.organisation_id == organisation_id, ProgressionAppeal.status.in_(LIVE)]
    if decider_id is not None:
        conditions.append(ProgressionAppeal.decider_id == decider_id)
    return _appeals(*conditions)


def count_undecided(organisation_id: int, decider_id: int | None = None) -> int:
    """Count the appeals that nobody has been found for, or those that are with somebody. One query."""
    wanted = select(func.count(ProgressionAppeal.id)).where(ProgressionAppeal.organisation_id == organisation_id)
    if decider_id is None:
        wanted = wanted.where(ProgressionAppeal.status == AppealStatus.SENT)
    else:
        wanted = wanted.where(
            ProgressionAppeal.status == AppealStatus.ASSIGNED, ProgressionAppeal.decider_id == decider_id
        )
    return db.session.scalar(wanted) or 0


def ended(organisation_id: int, page: int, decider_id: int | None = None) -> AppealsPage:
    """Read one page of the appeals that were decided or withdrawn, of all or of one who decided. Two queries."""
    conditions = [ProgressionAppeal.organisation_id == organisation_id, ProgressionAppeal.status.not_in(LIVE)]
    if decider_id is not None:
        conditions.append(ProgressionAppeal.decider_id == decider_id)
    number = db.session.scalar(select(func.count(ProgressionAppeal.id)).where(*conditions)) or 0
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(page, 1), pages)
    wanted = select(ProgressionAppeal.id).where(*conditions).order_by(ProgressionAppeal.id.desc())
    ids = wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return AppealsPage(_appeals(ProgressionAppeal.id.in_(ids))[::-1], page, pages)


def against_what(request: RequestFacts) -> AgainstWhat:
    """Say what somebody would appeal against: the latest letter about a request. Two queries."""
    letter = request.letter
    against_her = request.status in AGAINST_HER and letter is not None and not request.is_reversal
    appealed = select(ProgressionAppeal.id).where(
        ProgressionAppeal.letter_id == (letter.id if letter else 0),
        ProgressionAppeal.status != AppealStatus.WITHDRAWN,
    )
    live = select(ProgressionRequest.id).where(
        ProgressionRequest.person_id == request.person_id,
        ProgressionRequest.transition_code == request.transition_code,
        ProgressionRequest.status == RequestStatus.OPEN,
    )
    return AgainstWhat(
        is_against_her=against_her,
        until=letter.appeal_until if letter else None,
        is_appealed=db.session.scalar(appealed) is not None,
        asked_again=db.session.scalar(live) is not None,
    )


def _appeals(*conditions: ColumnElement[bool]) -> list[AppealFacts]:
    """Read appeals, the first first. One query."""
    return [
        AppealFacts(
            row.id,
            row.organisation_id,
            row.person_id,
            person,
            row.request_id,
            number,
            code,
            str(facts.get(TITLE) or code),
            row.grounds,
            AppealStatus(row.status),
            row.appealed_at,
            row.in_time_until,
            row.decider_id,
            decider,
            row.decide_by,
            row.decided_at,
            row.reasons,
            row.new_request_id,
            row.withdrawn_at,
            row.letter,
            row.letter_sha256 or "",
        )
        for row, person, decider, code, number, facts in db.session.execute(
            _APPEALS.where(*conditions).order_by(ProgressionAppeal.id)
        )
    ]
