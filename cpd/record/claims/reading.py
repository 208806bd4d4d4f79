"""Reading learning from elsewhere, and the facts that can be put right by hand; each list in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from cpd.catalogue.models import Module
from cpd.people.models import Person
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import ClaimKind, ClaimStatus
from cpd.record.claims.wording import KINDS, STATES, length_words, when_words
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared.database import LARGEST_ID, db

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim: whose, what she says of it, its evidence, and how it stands.

    `module` is the code of the one that she thinks it counts as; `counts_as` of the one that it was accepted as, empty
    for other learning.
    """

    id: int
    organisation_id: int
    person_id: int
    person: str
    kind: ClaimKind
    status: ClaimStatus
    title: str
    provider: str
    starts_on: date
    ends_on: date
    minutes: int | None
    module_id: int | None
    module: str
    words: str
    link: str
    stored_as: str | None
    filename: str | None
    media_type: str | None
    size: int | None
    sends: int
    sent_at: datetime
    decided_at: datetime | None
    decided_by: str
    decision: str
    fact_id: int | None
    counts_as: str

    @property
    def kind_words(self) -> str:
        """`E-learning`."""
        return KINDS[self.kind]

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag (components/status_tag.html)."""
        return STATES[self.status]

    @property
    def when(self) -> str:
        """`3 May 2018 to 5 May 2018`."""
        return when_words(self.starts_on, self.ends_on)

    @property
    def length(self) -> str:
        """`2 hours 30 minutes`; empty where it is not known."""
        return length_words(self.minutes)


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of the claims that wait for an answer, the oldest first."""

    claims: list[ClaimFacts]
    page: int
    pages: int
    total: int


def find_claim(claim_id: int) -> ClaimFacts | None:
    """Return a claim, or None."""
    found = _claims(LearningClaim.id == min(claim_id, LARGEST_ID))
    return found[0] if found else None


def claims_of(person_id: int) -> list[ClaimFacts]:
    """List what somebody has sent in, the latest first; what was recognised by hand is not hers to mend."""
    found = _claims(LearningClaim.person_id == person_id, LearningClaim.claim_kind != ClaimKind.BY_HAND)
    return sorted(found, key=lambda each: each.id, reverse=True)


def unaccepted_claims_of(person_id: int) -> list[ClaimFacts]:
    """List what somebody has sent in and what does not count yet, the oldest first."""
    open_states = (ClaimStatus.SENT, ClaimStatus.RETURNED)
    return _claims(LearningClaim.person_id == person_id, LearningClaim.claim_status.in_(open_states))


def waiting_page(organisation_id: int, page: int) -> ClaimPage:
    """Read one page of what an organisation has still to check, the oldest first: two queries."""
    total = waiting_count(organisation_id)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = _claims(*_waiting(organisation_id), part=(PER_PAGE, (page - 1) * PER_PAGE))
    return ClaimPage(found, page, pages, total)


def waiting_count(organisation_id: int) -> int:
    """Count what an organisation has still to check. One query."""
    return db.session.scalar(select(func.count(LearningClaim.id)).where(*_waiting(organisation_id))) or 0


def accepted_by(fact_ids: list[int]) -> dict[int, str]:
    """Name who accepted these facts; those that nobody accepted are left out. One query at most."""
    if not fact_ids:
        return {}
    wanted = select(RecordFact.id, Person.name).join(Person, Person.id == RecordFact.accepted_by_id)
    return {number: name for number, name in db.session.execute(wanted.where(RecordFact.id.in_(fact_ids)))}  # noqa: C416


def _waiting(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    """Choose what an organisation has still to check."""
    return (LearningClaim.organisation_id == organisation_id, LearningClaim.claim_status == ClaimStatus.SENT)


def _claims(*conditions: ColumnElement[bool], part: tuple[int, int] | None = None) -> list[ClaimFacts]:
    """Read claims, those sent in first first: one query."""
    wanted = _WANTED.where(*conditions).order_by(LearningClaim.sent_at, LearningClaim.id)
    if part:
        wanted = wanted.limit(part[0]).offset(part[1])
    return [_claim(row) for row in db.session.execute(wanted)]


def _claim(row: Any) -> ClaimFacts:
    """Make plain values of a row; what it was accepted as follows from its fact."""
    said = dict(row._mapping)  # noqa: SLF001 - a public name of SQLAlchemy's, in spite of its looks
    subject, is_module = said.pop("subject"), said.pop("fact_kind") == FactKind.RECOGNISED
    said |= {name: said[name] or "" for name in ("module", "decided_by")}
    said |= {"kind": ClaimKind(said["kind"]), "status": ClaimStatus(said["status"])}
    return ClaimFacts(**said, counts_as=subject if is_module else "")


_decider = aliased(Person)
_WANTED: Select[*tuple[Any, ...]] = (
    select(
        LearningClaim.id,
        LearningClaim.organisation_id,
        LearningClaim.person_id,
        Person.name.label("person"),
        LearningClaim.claim_kind.label("kind"),
        LearningClaim.claim_status.label("status"),
        LearningClaim.title,
        LearningClaim.provider,
        LearningClaim.starts_on,
        LearningClaim.ends_on,
        LearningClaim.minutes,
        LearningClaim.module_id,
        Module.code.label("module"),
        LearningClaim.words,
        LearningClaim.link,
        LearningClaim.stored_as,
        LearningClaim.filename,
        LearningClaim.media_type,
        LearningClaim.size,
        LearningClaim.sends,
        LearningClaim.sent_at,
        LearningClaim.decided_at,
        _decider.name.label("decided_by"),
        LearningClaim.decision,
        LearningClaim.record_fact_id.label("fact_id"),
        RecordFact.kind.label("fact_kind"),
        RecordFact.subject,
    )
    .join(Person, Person.id == LearningClaim.person_id)
    .outerjoin(Module, Module.id == LearningClaim.module_id)
    .outerjoin(_decider, _decider.id == LearningClaim.decided_by_id)
    .outerjoin(RecordFact, RecordFact.id == LearningClaim.record_fact_id)
)
