"""The ledger of credits: entering, correcting and withdrawing, and what the record says because of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, select, tuple_, update
from sqlalchemy.orm import aliased

from cpd.people import service as people
from cpd.people.models import Person
from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.record.service import FactSaid
from cpd.requirements.record import Fact, FactKind
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.credits import telling
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.rules import (
    FROM_LEDGER,
    CreditFault,
    CreditSaid,
    CreditStatus,
    EarnedBy,
    LevelSums,
    PriorLearning,
    against_following,
    expected_fact,
    faults_of,
    levels_of,
)

Activity = tuple[int, str]
"""One person's one activity, of which she is credited only once."""

CLAIM_STATES = {CreditStatus.EXPECTED: "submitted"} | {
    status: str(status) for status in CreditStatus if status is not CreditStatus.EXPECTED
}
"""How the claim behind an entry stands, by how the entry does."""

SAID_PARTS = tuple(part.name for part in fields(CreditSaid) if part.name not in ("earned_by", "status"))


class CreditsRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was entered; `by_person` are all the reasons, by the id of whom they concern."""

    def __init__(self, by_person: Mapping[int, Sequence[CreditFault]]) -> None:
        super().__init__(", ".join(f"{person_id}: {', '.join(faults)}" for person_id, faults in by_person.items()))
        self.by_person = by_person

    @property
    def faults(self) -> list[CreditFault]:
        """All reasons, each once."""
        return list(dict.fromkeys(fault for faults in self.by_person.values() for fault in faults))


@dataclass(frozen=True, slots=True)
class CreditSummary:
    """What somebody has and what is only expected, by academic level, and when the next board meets.

    `no_result_since` is the day of the earliest board that should have met and of which no result is entered.
    """

    levels: list[LevelSums]
    next_board_on: date | None
    no_result_since: date | None

    @property
    def awarded(self) -> Decimal:
        """All awarded credits, at whatever level."""
        return sum((each.awarded for each in self.levels), Decimal(0))

    @property
    def expected(self) -> Decimal:
        """All expected credits: they count for nothing yet (AMB-37)."""
        return sum((each.expected for each in self.levels), Decimal(0))


@one_transaction
def enter(said: CreditSaid, *, by: int) -> int:
    """Enter how the credits for an activity stand now, in the usual course; returns the entry's id.

    Raises:
        CreditsRefused: every reason.
        LookupError: there is no such person.
    """
    return enter_all([said], by=by)[0]


@one_transaction
def enter_all(all_said: Sequence[CreditSaid], *, by: int) -> list[int]:
    """Enter any number of results, all or none, asking the database as often as for one; raises as `enter` does.

    What says the same as the newest entry changes nothing. No activity of a person may be named twice.
    """
    if not all_said:
        return []
    employers = _lock({said.person_id for said in all_said})
    heads = _heads({(said.person_id, said.activity) for said in all_said})
    refused: dict[int, list[CreditFault]] = {}
    for said in all_said:
        if faults := _against_entering(said, heads.get((said.person_id, said.activity)), by):
            refused.setdefault(said.person_id, []).extend(faults)
    if refused:
        raise CreditsRefused(refused)
    pairs = [(said, heads.get((said.person_id, said.activity))) for said in all_said]
    fresh = [(_row(said, head, employers, by), head) for said, head in pairs if head is None or _as_said(head) != said]
    _append(fresh, by)
    rows = {(row.person_id, row.activity): row.id for row, _ in fresh}
    return [rows.get((said.person_id, said.activity)) or heads[said.person_id, said.activity].id for said in all_said]


@one_transaction
def correct(entry_id: int, said: CreditSaid, *, by: int) -> int:
    """Put the newest entry of an activity right, for the reason given with it; returns the new entry's id.

    Raises:
        CreditsRefused: every reason; among them that somebody else was quicker.
        LookupError: there is no such entry, or the correction is about another person or activity.
    """
    head = _entry(entry_id)
    if (head.person_id, head.activity) != (said.person_id, said.activity):
        raise LookupError("A correction is about the same activity of the same person")
    employers = _lock([head.person_id])
    if faults := _against_correcting(said, head, by):
        raise CreditsRefused({said.person_id: faults})
    row = _row(said, head, employers, by)
    _append([(row, head)], by)
    return row.id


@one_transaction
def withdraw(entry_id: int, *, reason: str, by: int, own: bool = False) -> int:
    """Withdraw credits that are expected or awarded: they count no more. Returns the new entry's id.

    `own` is for somebody who withdraws a claim of hers. Raises as `correct` does.
    """
    head = _entry(entry_id)
    employers = _lock([head.person_id])
    faults = (_against_changing(head, None if own else by, reason), _against_withdrawing(head))
    if any(faults):
        raise CreditsRefused({head.person_id: [fault for fault in faults if fault]})
    row = _row(_as_said(head), head, employers, by)
    row.credit_status, row.reason = CreditStatus.WITHDRAWN, reason
    _append([(row, head)], by)
    return row.id


def expected_facts(person_ids: Collection[int]) -> dict[int, list[Fact]]:
    """Return what people expect from a university, as facts still ahead: in hand, never done (AMB-37). One query."""
    facts: dict[int, list[Fact]] = {person_id: [] for person_id in person_ids}
    wanted = select(CreditAward).where(
        CreditAward.person_id.in_(person_ids), CreditAward.credit_status == CreditStatus.EXPECTED, is_newest()
    )
    for row in db.session.scalars(wanted.order_by(CreditAward.board_on, CreditAward.id)):
        fact = expected_fact(row.source, row.board_on, row.credits, row.academic_level, row.id)
        facts[row.person_id].append(fact)
    return facts


def prior_learning_of(person_ids: Collection[int]) -> dict[str, PriorLearning]:
    """Say which credits were earned by prior learning, by the reference of the fact, also of one ahead (B6).

    One query. What was taught is left out; prior learning that is the same as a module of ours is not.
    """
    wanted = (
        select(CreditAward.id, RecordFact.id, CreditAward.activity, CreditAward.title, CreditAward.learning_ended_on)
        .outerjoin(
            RecordFact,
            and_(
                RecordFact.person_id == CreditAward.person_id,
                RecordFact.source_kind == literal(FROM_LEDGER) + cast(CreditAward.id, String),
                RecordFact.superseded_at.is_(None),
            ),
        )
        .where(CreditAward.person_id.in_(person_ids), CreditAward.earned_by != EarnedBy.MODULE, is_newest())
    )
    return {
        f"fact:{fact_id}" if fact_id else f"{FROM_LEDGER}{entry_id}": PriorLearning(activity, title, ended_on)
        for entry_id, fact_id, activity, title, ended_on in db.session.execute(wanted)
    }


def summary_of(person_id: int) -> CreditSummary:
    """Say what somebody has and expects, and when the next award board meets. One query."""
    wanted = select(
        CreditAward.credit_status, CreditAward.academic_level, CreditAward.credits, CreditAward.board_on
    ).where(CreditAward.person_id == person_id, is_newest())
    rows = db.session.execute(wanted).all()
    levels = levels_of((CreditStatus(row[0]), row[1], row[2]) for row in rows)
    boards = sorted(board_on for status, *_, board_on in rows if status == CreditStatus.EXPECTED)
    today = clock.today()
    ahead = next((each for each in boards if each >= today), None)
    return CreditSummary(levels, ahead, next((each for each in boards if each < today), None))


def standing_of_activity(person_id: int, activity: str) -> CreditStatus | None:
    """Say how the credits for an activity stand; None where nothing was ever entered."""
    with db.session.no_autoflush:
        head = _heads([(person_id, activity)]).get((person_id, activity))
    return CreditStatus(head.credit_status) if head else None


def is_newest() -> ColumnElement[bool]:
    """Choose, as a condition on `CreditAward`, the entries that nothing has followed: how things stand."""
    newer = aliased(CreditAward)
    return ~exists().where(newer.supersedes_id == CreditAward.id).correlate(CreditAward)


def _against_entering(said: CreditSaid, head: CreditAward | None, by: int) -> list[CreditFault]:
    """List every reason against an entry in the usual course."""
    if head is not None and _as_said(head) == said:
        return []
    faults = faults_of(said, by=by, today=clock.today())
    status = CreditStatus(head.credit_status) if head else None
    if head and status is CreditStatus.EXPECTED and head.claim_id and head.claim_id != said.claim_id:
        return [*faults, CreditFault.OPEN_CLAIM]
    against = against_following(status, said.status)
    return [*faults, against] if against else faults


def _against_correcting(said: CreditSaid, head: CreditAward, by: int) -> list[CreditFault]:
    """List every reason against putting an entry right."""
    if against := _against_changing(head, by, said.reason):
        return [against]
    before, after = _as_said(head), said
    if [getattr(before, name) for name in _told_apart()] == [getattr(after, name) for name in _told_apart()]:
        return [CreditFault.SAME_AS_BEFORE]
    if said.status is CreditStatus.EXPECTED and _has_open_claim(said):
        return [CreditFault.OPEN_CLAIM]
    return faults_of(said, by=by, today=clock.today())


def _against_changing(head: CreditAward, by: int | None, reason: str) -> CreditFault | None:
    """Say why somebody cannot change an entry at all."""
    if head.person_id == by:
        return CreditFault.OWN
    if not reason.strip():
        return CreditFault.NO_REASON
    newer = db.session.scalar(select(CreditAward.id).where(CreditAward.supersedes_id == head.id))
    return CreditFault.CHANGED_MEANWHILE if newer else None


def _against_withdrawing(head: CreditAward) -> CreditFault | None:
    return against_following(CreditStatus(head.credit_status), CreditStatus.WITHDRAWN)


def _has_open_claim(said: CreditSaid) -> bool:
    """Say whether another claim for the same activity is under way."""
    wanted = select(PriorLearningClaim.id).where(
        PriorLearningClaim.person_id == said.person_id,
        PriorLearningClaim.activity == said.activity,
        PriorLearningClaim.claim_status.in_(("draft", "ready", "submitted")),
    )
    return any(claim_id != said.claim_id for claim_id in db.session.scalars(wanted))


def _told_apart() -> tuple[str, ...]:
    """The parts of an entry that a correction can change."""
    return ("status", "credits", "academic_level", "university", "board_on", "title", "learning_ended_on")


def _entry(entry_id: int) -> CreditAward:
    row = db.session.get(CreditAward, entry_id) if 0 < entry_id <= LARGEST_ID else None
    if row is None:
        raise LookupError(f"There is no entry {entry_id}")
    return row


def _lock(person_ids: Collection[int]) -> dict[int, int]:
    """Hold people until the act is over, and return for whom each works. Raises LookupError for nobody."""
    people.lock_persons(person_ids)
    wanted = select(Person.id, Person.organisation_id).where(Person.id.in_(person_ids))
    employers = {row[0]: row[1] for row in db.session.execute(wanted)}
    if missing := set(person_ids) - employers.keys():
        raise LookupError(f"There is no person {min(missing)}")
    return employers


def _heads(activities: Collection[Activity]) -> dict[Activity, CreditAward]:
    """Read how these activities stand: one query."""
    wanted = select(CreditAward).where(
        tuple_(CreditAward.person_id, CreditAward.activity).in_(list(activities)), is_newest()
    )
    return {(row.person_id, row.activity): row for row in db.session.scalars(wanted)}


def _row(said: CreditSaid, head: CreditAward | None, employers: Mapping[int, int], by: int) -> CreditAward:
    """Make the entry that follows another, or begins."""
    parts: dict[str, Any] = {name: getattr(said, name) for name in SAID_PARTS}
    return CreditAward(
        **parts,
        organisation_id=employers[said.person_id],
        entry_number=head.entry_number + 1 if head else 1,
        supersedes_id=head.id if head else None,
        earned_by=said.earned_by,
        credit_status=said.status,
        entered_at=clock.now(),
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )


def _as_said(row: CreditAward) -> CreditSaid:
    """Give an entry back as it was said."""
    parts: dict[str, Any] = {name: getattr(row, name) for name in SAID_PARTS}
    return CreditSaid(**parts, earned_by=EarnedBy(row.earned_by), status=CreditStatus(row.credit_status))


def _append(pairs: Sequence[tuple[CreditAward, CreditAward | None]], by: int) -> None:
    """Write entries, each with the one that it follows; the record, the claims and the people follow."""
    db.session.add_all(row for row, _ in pairs)
    db.session.flush()
    _write_facts(pairs, by)
    _follow_claims(row for row, _ in pairs)
    for row, head in pairs:
        telling.remember(row, head, by)
        telling.tell_her(row, head, by)


def _write_facts(pairs: Sequence[tuple[CreditAward, CreditAward | None]], by: int) -> None:
    """Let the record say what is awarded now, and no more what is not."""
    facts = _facts_of([head for _, head in pairs if head and _counts(head)])
    record.add_facts([_fact(row) for row, head in pairs if _counts(row) and not _counts(head)], by=by)
    for row, head in pairs:
        if head is None or not _counts(head):
            continue
        if _counts(row):
            record.correct_fact(facts[head.id], _fact(row), by=by, reason=row.reason)
        else:
            record.withdraw_fact(facts[head.id], by=by, reason=row.reason)


def _counts(row: CreditAward | None) -> bool:
    return row is not None and row.credit_status == CreditStatus.AWARDED


def _facts_of(entries: Collection[CreditAward]) -> dict[int, int]:
    """Return the facts in force that follow from entries."""
    sources = {f"{FROM_LEDGER}{each.id}": each.id for each in entries}
    if not sources:
        return {}
    wanted = select(RecordFact.source_kind, RecordFact.id).where(
        RecordFact.person_id.in_({each.person_id for each in entries}),
        RecordFact.source_kind.in_(sources),
        RecordFact.superseded_at.is_(None),
    )
    return {sources[source_kind]: fact_id for source_kind, fact_id in db.session.execute(wanted)}


def _fact(row: CreditAward) -> FactSaid:
    """Say on the record what was awarded: it happened when the board met."""
    return FactSaid(
        person_id=row.person_id,
        kind=FactKind.CREDIT,
        subject=row.source,
        happened_on=row.board_on,
        amount=row.credits,
        academic_level=row.academic_level,
        source_kind=f"{FROM_LEDGER}{row.id}",
        source=f"{row.title}: award board of {date_words(row.board_on)}, {row.university}",
    )


def _follow_claims(rows: Iterable[CreditAward]) -> None:
    """Let the claims behind entries stand as these do."""
    by_status: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.claim_id is not None:
            by_status[CLAIM_STATES[CreditStatus(row.credit_status)]].append(row.claim_id)
    for claim_status, claim_ids in by_status.items():
        values = {"claim_status": claim_status, "changed_at": clock.now()}
        db.session.execute(update(PriorLearningClaim).where(PriorLearningClaim.id.in_(claim_ids)).values(**values))
