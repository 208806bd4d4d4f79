"""Reading the ledger and the claims: each list in one query, whatever it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from cpd.people.models import Person
from cpd.shared.database import LARGEST_ID, db
from cpd.study.credits.claim_rules import ClaimStatus
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.rules import CreditStatus, EarnedBy
from cpd.study.credits.service import is_newest
from cpd.study.credits.words import CLAIM_STATES, CLAIMED_ANEW, EARNED_BY, NEXT_STEPS, STATES, amount_words


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry of the ledger: whose, for what, how it stands since, by whom and why."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    activity: str
    source: str
    title: str
    earned_by: EarnedBy
    credits: Decimal
    academic_level: int
    university: str
    board_on: date
    status: CreditStatus
    learning_ended_on: date | None
    claim_id: int | None
    entered_at: datetime
    entered_by: str
    reason: str
    is_newest: bool

    @property
    def amount(self) -> str:
        """`20 credits at level 7`."""
        return amount_words(self.credits, self.academic_level)

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return STATES[self.status]

    @property
    def earned_by_words(self) -> str:
        """`University module`."""
        return EARNED_BY[self.earned_by]


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What somebody is or may be credited for: how it stands, and what was said before, the latest first."""

    newest: EntryFacts
    before: tuple[EntryFacts, ...]


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim: whose, what for, its evidence, and how it stands."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    kind: str
    kind_title: str
    claim_type: EarnedBy
    activity: str
    title: str
    module_code: str
    provider: str
    learning_ended_on: date
    words: str
    kept_current: str
    link: str
    stored_as: str | None
    filename: str | None
    media_type: str | None
    status: ClaimStatus
    sends: int
    begun_at: datetime
    changed_at: datetime
    university: str
    submitted_on: date | None
    decision_expected_on: date | None
    decided_on: date | None
    answer: str
    is_followed: bool

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return CLAIM_STATES[self.status]

    @property
    def next_step(self) -> str:
        """What comes next, in a sentence."""
        return CLAIMED_ANEW if self.may_be_followed and self.is_followed else NEXT_STEPS[self.status]

    @property
    def may_be_followed(self) -> bool:
        """Whether a new claim can be made for the same learning, or was."""
        return self.status in (ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN)

    @property
    def is_hers_alone(self) -> bool:
        """Whether nobody else sees it: it was never handed in, or is with her again to be put right."""
        return not self.sends or self.status is ClaimStatus.DRAFT

    @property
    def claim_type_words(self) -> str:
        """`Prior learning by experience (APEL)`."""
        return EARNED_BY[self.claim_type]


def ledger_of(person_id: int) -> list[ActivityFacts]:
    """Read all that was ever entered for somebody: what counts or may come first, and by board day. One query."""
    entries = _entries(CreditAward.person_id == person_id)
    chains: dict[str, list[EntryFacts]] = {}
    for entry in entries:
        chains.setdefault(entry.activity, []).append(entry)
    order = list(CreditStatus)
    order.insert(0, order.pop(order.index(CreditStatus.AWARDED)))
    activities = [ActivityFacts(chain[-1], tuple(reversed(chain[:-1]))) for chain in chains.values()]
    return sorted(activities, key=lambda each: (order.index(each.newest.status), each.newest.board_on, each.newest.id))


def find_entry(entry_id: int) -> EntryFacts | None:
    """Return an entry, or None."""
    found = _entries(CreditAward.id == min(entry_id, LARGEST_ID))
    return found[0] if found else None


def expected_from(organisation_id: int, source: str) -> list[EntryFacts]:
    """List who expects credits from being taught a module, by name; a claim is answered where it stands."""
    found = _entries(
        CreditAward.organisation_id == organisation_id,
        CreditAward.source == source,
        CreditAward.earned_by == EarnedBy.MODULE,
        CreditAward.credit_status == CreditStatus.EXPECTED,
        is_newest(),
    )
    return sorted(found, key=lambda each: (each.person, each.person_id))


def expected_counts(organisation_id: int) -> dict[str, tuple[int, date]]:
    """Count for each module who expects credits from being taught it, and when its first board meets. One query."""
    wanted = (
        select(CreditAward.source, func.count(CreditAward.id), func.min(CreditAward.board_on))
        .where(
            CreditAward.organisation_id == organisation_id,
            CreditAward.earned_by == EarnedBy.MODULE,
            CreditAward.credit_status == CreditStatus.EXPECTED,
            is_newest(),
        )
        .group_by(CreditAward.source)
    )
    return {source: (count, first) for source, count, first in db.session.execute(wanted)}


def find_claim(claim_id: int) -> ClaimFacts | None:
    """Return a claim, or None."""
    found = _claims(PriorLearningClaim.id == min(claim_id, LARGEST_ID))
    return found[0] if found else None


def claims_of(person_id: int) -> list[ClaimFacts]:
    """List somebody's claims, the latest first."""
    return _claims(PriorLearningClaim.person_id == person_id)[::-1]


def open_claims(organisation_id: int) -> list[ClaimFacts]:
    """List the claims that wait for Workforce Development or for a university, the longest waiting first."""
    waiting = (ClaimStatus.READY, ClaimStatus.SUBMITTED)
    found = _claims(PriorLearningClaim.organisation_id == organisation_id, PriorLearningClaim.claim_status.in_(waiting))
    return sorted(found, key=lambda each: (each.changed_at, each.id))


def claims_to_send_on(organisation_id: int) -> int:
    """Count the claims that wait for Workforce Development. One query."""
    wanted = select(func.count(PriorLearningClaim.id)).where(
        PriorLearningClaim.organisation_id == organisation_id, PriorLearningClaim.claim_status == ClaimStatus.READY
    )
    return db.session.scalar(wanted) or 0


def _entries(*conditions: ColumnElement[bool]) -> list[EntryFacts]:
    """Read entries in the order in which they were made."""
    return [_entry(row) for row in db.session.execute(_ENTRIES.where(*conditions).order_by(CreditAward.id))]


def _entry(row: Any) -> EntryFacts:
    said = dict(row._mapping)  # noqa: SLF001 - a public name of SQLAlchemy's, in spite of its looks
    said |= {"status": CreditStatus(said["status"]), "earned_by": EarnedBy(said["earned_by"])}
    return EntryFacts(**said | {"entered_by": said["entered_by"] or ""})


def _claims(*conditions: ColumnElement[bool]) -> list[ClaimFacts]:
    """Read claims, those begun first first."""
    rows = db.session.execute(_CLAIMS.where(*conditions).order_by(PriorLearningClaim.id))
    return [_claim(row) for row in rows]


def _claim(row: Any) -> ClaimFacts:
    said = dict(row._mapping)  # noqa: SLF001 - the same
    return ClaimFacts(**said | {"status": ClaimStatus(said["status"]), "claim_type": EarnedBy(said["claim_type"])})


_recorder = aliased(Person)
_ENTRIES: Select[*tuple[Any, ...]] = (
    select(
        CreditAward.id,
        CreditAward.organisation_id,
        CreditAward.person_id,
        Person.name.label("person"),
        CreditAward.activity,
        CreditAward.source,
        CreditAward.title,
        CreditAward.earned_by,
        CreditAward.credits,
        CreditAward.academic_level,
        CreditAward.university,
        CreditAward.board_on,
        CreditAward.credit_status.label("status"),
        CreditAward.learning_ended_on,
        CreditAward.claim_id,
        CreditAward.entered_at,
        _recorder.name.label("entered_by"),
        CreditAward.reason,
        is_newest().label("is_newest"),
    )
    .join(Person, Person.id == CreditAward.person_id)
    .outerjoin(_recorder, _recorder.id == CreditAward.recorded_by_id)
)
_later = aliased(PriorLearningClaim)
_CLAIMS: Select[*tuple[Any, ...]] = select(
    PriorLearningClaim.id,
    PriorLearningClaim.organisation_id,
    PriorLearningClaim.person_id,
    Person.name.label("person"),
    PriorLearningClaim.kind,
    PriorLearningClaim.kind_title,
    PriorLearningClaim.claim_type,
    PriorLearningClaim.activity,
    PriorLearningClaim.title,
    PriorLearningClaim.module_code,
    PriorLearningClaim.provider,
    PriorLearningClaim.learning_ended_on,
    PriorLearningClaim.words,
    PriorLearningClaim.kept_current,
    PriorLearningClaim.link,
    PriorLearningClaim.stored_as,
    PriorLearningClaim.filename,
    PriorLearningClaim.media_type,
    PriorLearningClaim.claim_status.label("status"),
    PriorLearningClaim.sends,
    PriorLearningClaim.begun_at,
    PriorLearningClaim.changed_at,
    PriorLearningClaim.university,
    PriorLearningClaim.submitted_on,
    PriorLearningClaim.decision_expected_on,
    PriorLearningClaim.decided_on,
    PriorLearningClaim.answer,
    exists()
    .where(
        _later.person_id == PriorLearningClaim.person_id,
        _later.activity == PriorLearningClaim.activity,
        _later.id > PriorLearningClaim.id,
    )
    .correlate(PriorLearningClaim)
    .label("is_followed"),
).join(Person, Person.id == PriorLearningClaim.person_id)
