"""Sending in learning from elsewhere, accepting or returning it, recognising it by hand, and putting facts right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.record import service as record
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import (
    FROM_CLAIM,
    ClaimFault,
    ClaimKind,
    ClaimStatus,
    LearningSaid,
    Refusal,
    against_deciding,
    against_putting_right,
    faults_of,
)
from cpd.record.claims.wording import origin_words
from cpd.record.facts import FactRefused, FactSaid, Fault
from cpd.requirements.record import FactKind
from cpd.shared import clock, history, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.kept_files import KeptFile, SentFile, erase_file, keeping
from cpd.shared.unit_of_work import one_transaction, run_afterwards
from cpd.shared.wording import date_words

REFUSALS = {Fault.NO_LONGER_IN_FORCE: Refusal.NO_LONGER_IN_FORCE, Fault.SAID_DIFFERENTLY: Refusal.THERE_ALREADY}


class ClaimWrong(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Learning was not taken; `faults` are all the reasons."""

    def __init__(self, faults: list[ClaimFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class ClaimRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was decided or put right; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def send_in(person_id: int, said: LearningSaid, sent: SentFile | None) -> int:
    """Send in learning from elsewhere, and return its number: it counts for nothing until it is accepted.

    Raises:
        ClaimWrong: every reason against it.
        LookupError: there is no such person.
    """
    with keeping(sent) as kept:
        return _send_in(person_id, said, kept)


def mend(claim_id: int, said: LearningSaid, sent: SentFile | None) -> None:
    """Send in anew what was returned; without a new file the one that is there stays.

    Raises:
        ClaimWrong: every reason against it.
        ClaimRefused: it was not returned, or has been sent in again already.
        LookupError: there is no such claim.
    """
    with keeping(sent) as kept:
        _mend(claim_id, said, kept)


@one_transaction
def accept(claim_id: int, *, seen: int, module_id: int | None, reason: str, by: int) -> int:
    """Accept what was sent in, as a module (AMB-25: for a reason) or as other learning, which opens nothing.

    `seen` is how often it had been sent when the officer read it. Returns the id of the fact that is written.

    Raises:
        ClaimRefused: somebody was quicker, it was mended meanwhile, or it is her own.
        FactRefused: a module without a reason.
        LookupError: there is no such claim, or the organisation has no such module.
    """
    claim = _decidable(claim_id, seen, by)
    module = _module(module_id, claim.organisation_id)
    fact_id = _write(claim, module, reason, by)
    facts = _told(claim, module, by) | {"reason": reason}
    outbox.tell(claim.organisation_id, claim.person_id, "learning_accepted", _key(claim), facts)
    return fact_id


@one_transaction
def send_back(claim_id: int, *, seen: int, comment: str, by: int) -> None:
    """Return what was sent in with a comment, so that she can mend it and send it in again; raises as `accept`.

    Raises:
        ValueError: there is no comment.
    """
    if not comment.strip():
        raise ValueError("Say what is to be mended: she is told")
    claim = _decidable(claim_id, seen, by)
    _decide(claim, ClaimStatus.RETURNED, comment, by)
    outbox.tell(
        claim.organisation_id, claim.person_id, "learning_returned", _key(claim), _told(claim) | {"reason": comment}
    )


def recognise(person_id: int, said: LearningSaid, sent: SentFile | None, *, reason: str, by: int) -> int:
    """Recognise learning as a module by hand, with reason and evidence (AMB-25); returns the id of the fact.

    Raises:
        ClaimWrong: every reason against what is said.
        ClaimRefused: it is the officer's own learning.
        FactRefused: there is no reason.
        LookupError: there is no such person, or her organisation has no such module.
    """
    with keeping(sent) as kept:
        return _recognise(person_id, said, kept, reason=reason, by=by)


@one_transaction
def put_right(fact_id: int, *, module_id: int | None, happened_on: date, reason: str, by: int) -> int:
    """Correct the day of a fact, or which module it is about; the old one stays, superseded. Returns the new one's id.

    `module_id` is left out where the fact is about no module. She is told.

    Raises:
        ClaimRefused: see `Refusal`.
        FactRefused: there is no reason, or the day is in the future.
        LookupError: there is no such fact, or her organisation has no such module.
    """
    said, claim = _fact(fact_id, by)
    organisation_id = people.get_person(said.person_id).organisation_id
    module = _module(module_id, organisation_id, withdrawn_too=True) if said.kind is not FactKind.LEARNING else None
    subject = module.code if module else said.subject
    if (subject, happened_on) == (said.subject, said.happened_on):
        raise ClaimRefused(Refusal.SAME_AS_BEFORE)
    terms: dict[str, Any] = {"happened_at": None, "ends_on": None, "programme": ""}  # those of the module and its day
    new = replace(said, subject=subject, happened_on=happened_on, accepted_by_id=said.accepted_by_id and by, **terms)
    try:
        new_id = record.correct_fact(fact_id, new, by=by, reason=reason)
    except FactRefused as refused:
        raise _said_here(refused) from refused
    if claim:
        claim.record_fact_id = new_id
    facts = {"before": _say(said, organisation_id), "now": _say(new, organisation_id), "reason": reason}
    outbox.tell(organisation_id, said.person_id, "record_corrected", f"fact:{new_id}", facts)
    return new_id


@one_transaction
def take_back(fact_id: int, *, reason: str, by: int) -> None:
    """Withdraw a fact that should not stand: what rested on it is followed upwards, and she is told.

    Raises:
        ClaimRefused: see `Refusal`.
        FactRefused: there is no reason.
        LookupError: there is no such fact.
    """
    said, claim = _fact(fact_id, by)
    organisation_id = people.get_person(said.person_id).organisation_id
    try:
        record.withdraw_fact(fact_id, by=by, reason=reason)
    except FactRefused as refused:
        raise _said_here(refused) from refused
    if claim:
        _decide(claim, ClaimStatus.WITHDRAWN, reason, by)
    facts = {"before": _say(said, organisation_id), "reason": reason}
    outbox.tell(organisation_id, said.person_id, "record_withdrawn", f"fact:{fact_id}", facts)


@one_transaction
def _send_in(person_id: int, said: LearningSaid, kept: KeptFile | None) -> int:
    """Write down what was sent in."""
    claim = _new(person_id, said, kept)
    db.session.flush()
    _remember("sent_in", claim, by=person_id)
    return claim.id


@one_transaction
def _mend(claim_id: int, said: LearningSaid, kept: KeptFile | None) -> None:
    """Write down what was mended, and erase the file that it replaces once that is certain."""
    claim = _lock(claim_id)
    if claim.claim_status != ClaimStatus.RETURNED:
        raise ClaimRefused(Refusal.DECIDED)
    _check(said, claim.organisation_id, has_file=bool(kept or claim.stored_as))
    if kept and claim.stored_as:
        run_afterwards(partial(erase_file, claim.stored_as))
    _describe(claim, said, kept)
    claim.claim_status = ClaimStatus.SENT
    claim.sends += 1
    claim.sent_at = clock.now()
    _remember("sent_in", claim, by=claim.person_id)


@one_transaction
def _recognise(person_id: int, said: LearningSaid, kept: KeptFile | None, *, reason: str, by: int) -> int:
    """Write a claim down and accept it at once."""
    if person_id == by:
        raise ClaimRefused(Refusal.OWN)
    claim = _new(person_id, said, kept)
    module = _module(said.module_id, claim.organisation_id)
    if module is None:
        raise LookupError("Learning is recognised by hand as a module")
    claim.claim_status = ClaimStatus.SENT  # until the fact is there, in this very act
    db.session.flush()
    fact_id = _write(claim, module, reason, by)
    facts = _told(claim, module, by) | {"reason": reason}
    outbox.tell(claim.organisation_id, person_id, "learning_recognised", _key(claim), facts)
    return fact_id


def _new(person_id: int, said: LearningSaid, kept: KeptFile | None) -> LearningClaim:
    """Make a row of learning from elsewhere, which is not flushed yet."""
    person = people.get_person(person_id)
    _check(said, person.organisation_id, has_file=kept is not None)
    claim = LearningClaim(
        organisation_id=person.organisation_id,
        person_id=person_id,
        claim_status=ClaimStatus.SENT,
        sends=1,
        sent_at=clock.now(),
    )
    _describe(claim, said, kept)
    db.session.add(claim)
    return claim


def _describe(claim: LearningClaim, said: LearningSaid, kept: KeptFile | None) -> None:
    """Write what is said into a row, and the file where there is a new one."""
    claim.claim_kind = said.kind
    for name in ("title", "provider", "starts_on", "ends_on", "minutes", "module_id", "words", "link"):
        setattr(claim, name, getattr(said, name))
    if kept:
        for name in ("stored_as", "filename", "media_type", "size"):
            setattr(claim, name, getattr(kept, name))


def _check(said: LearningSaid, organisation_id: int, *, has_file: bool) -> None:
    """Raise `ClaimWrong` with everything that is wrong with what is said."""
    modules = catalogue.modules_of([organisation_id])
    if faults := faults_of(said, has_file=has_file, modules=modules, today=clock.today()):
        raise ClaimWrong(faults)


def _lock(claim_id: int) -> LearningClaim:
    """Hold a claim until the act is over. Raises LookupError where there is none."""
    wanted = select(LearningClaim).where(LearningClaim.id == min(claim_id, LARGEST_ID)).with_for_update()
    claim = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if claim is None:
        raise LookupError(f"There is no claim {claim_id}")
    return claim


def _decidable(claim_id: int, seen: int, by: int) -> LearningClaim:
    """Hold a claim on which somebody may decide now."""
    claim = _lock(claim_id)
    if against := against_deciding(ClaimStatus(claim.claim_status), claim.sends, seen, claim.person_id, by):
        raise ClaimRefused(against)
    return claim


def _write(claim: LearningClaim, module: ModuleFacts | None, reason: str, by: int) -> int:
    """Write the fact of an accepted claim; it happened when the learning ended."""
    kind = ClaimKind(claim.claim_kind)
    origin = origin_words(kind, claim.title, claim.provider, claim.minutes)
    seen = claim.words if kind is ClaimKind.BY_HAND else ""
    if module is not None and not reason.strip():
        raise FactRefused(Fault.NO_REASON)
    fact_id = record.add_fact(
        FactSaid(
            person_id=claim.person_id,
            kind=FactKind.RECOGNISED if module else FactKind.LEARNING,
            subject=module.code if module else claim.title,
            happened_on=claim.ends_on,
            source_kind=f"{FROM_CLAIM}{claim.id}",
            source="; ".join(part.rstrip(". ") for part in (reason, origin, seen) if part),
            accepted_by_id=by,
        ),
        by=by,
    )
    claim.record_fact_id = fact_id
    _decide(claim, ClaimStatus.ACCEPTED, reason, by)
    return fact_id


def _decide(claim: LearningClaim, status: ClaimStatus, words: str, by: int) -> None:
    """Write a decision down."""
    claim.claim_status = status
    claim.decision = words
    claim.decided_at = clock.now()
    claim.decided_by_id = by
    _remember(str(status), claim, by=by, reason=words)


def _fact(fact_id: int, by: int) -> tuple[FactSaid, LearningClaim | None]:
    """Return a fact as it was said, with the claim behind it, held; raises `ClaimRefused` where it is not for hands."""
    said = record.fact_said(fact_id)
    if against := against_putting_right(said.kind, said.source_kind, said.person_id, by):
        raise ClaimRefused(against)
    wanted = select(LearningClaim).where(LearningClaim.record_fact_id == fact_id).with_for_update()
    return said, db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _module(module_id: int | None, organisation_id: int, *, withdrawn_too: bool = False) -> ModuleFacts | None:
    """Return a module of the organisation, None where none is named. Raises LookupError for any other."""
    if module_id is None:
        return None
    return catalogue.modules_of([organisation_id], withdrawn_too=withdrawn_too)[module_id]


def _said_here(refused: FactRefused) -> Exception:
    """Give the record's refusal in the words of this part, where it has some."""
    reason = next((REFUSALS[fault] for fault in refused.faults if fault in REFUSALS), None)
    return ClaimRefused(reason) if reason else refused


def _say(said: FactSaid, organisation_id: int) -> str:
    """`Module 1: Genograms on 3 May 2018`."""
    modules = catalogue.modules_of([organisation_id], withdrawn_too=True).values()
    title = next((each.full_title for each in modules if each.code == said.subject), said.subject)
    return f"{title} on {date_words(said.happened_on)}"


def _told(claim: LearningClaim, module: ModuleFacts | None = None, by: int | None = None) -> dict[str, Any]:
    """Say in a message what a claim is, as what it was accepted and by whom."""
    return {
        "title": claim.title,
        "claim_id": claim.id,
        "counts_as": module.full_title if module else "",
        "module_code": module.code if module else "",
        "happened_on": date_words(claim.ends_on),
        "by": people.get_person(by).name if by else "",
    }


def _key(claim: LearningClaim) -> str:
    """Name one decision on a claim."""
    return f"claim:{claim.id}:{claim.sends}"


def _remember(verb: str, claim: LearningClaim, *, by: int, reason: str | None = None) -> None:
    """Write the history of a claim, without names (B8)."""
    history.note(
        verb,
        "learning_claim",
        claim.id,
        actor_id=by,
        organisation_id=claim.organisation_id,
        reason=reason,
        after={"sends": claim.sends, "record_fact_id": claim.record_fact_id, "claim_kind": str(claim.claim_kind)},
    )
