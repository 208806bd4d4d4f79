"""Claims for prior learning: made and handed in by the worker, sent on, and answered by a university (B6, AMB-37)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from cpd.people import service as people
from cpd.record import service as record
from cpd.requirements.evaluator import standing_of
from cpd.shared import clock, history, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.kept_files import KeptFile, SentFile, erase_file, keeping
from cpd.shared.unit_of_work import one_transaction, run_afterwards
from cpd.shared.wording import date_words
from cpd.study.credits import service as ledger
from cpd.study.credits.claim_rules import (
    OPEN,
    Around,
    ClaimFault,
    ClaimSaid,
    ClaimStatus,
    Refusal,
    Step,
    against_step,
    faults_of_claim,
)
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.offer import CreditSource, sources_of
from cpd.study.credits.rules import CreditSaid, CreditStatus, EarnedBy, activity_of_claim

DESCRIBED = ("kind", "title", "module_code", "provider", "learning_ended_on", "words", "kept_current", "link")


class ClaimWrong(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A claim was not taken; `faults` are all the reasons."""

    def __init__(self, faults: list[ClaimFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class StepRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A step with a claim was not taken; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def begin(person_id: int, said: ClaimSaid, sent: SentFile | None, *, hand_in: bool) -> int:
    """Make a claim, and hand it in at once or keep it for later; returns its number.

    Raises:
        ClaimWrong: every reason against it.
        LookupError: there is no such person.
    """
    with keeping(sent) as kept:
        return _begin(person_id, said, kept, hand_in=hand_in)


def mend(claim_id: int, said: ClaimSaid, sent: SentFile | None, *, hand_in: bool) -> None:
    """Change a claim that is not handed in; without a new file the one that is there stays.

    Raises:
        ClaimWrong: every reason against it.
        StepRefused: it was handed in meanwhile.
        LookupError: there is no such claim.
    """
    with keeping(sent) as kept:
        _mend(claim_id, said, kept, hand_in=hand_in)


@one_transaction
def withdraw(claim_id: int, *, by: int) -> None:
    """Withdraw one's own claim while nobody has decided on it; what was expected of it is expected no more.

    Raises StepRefused where a university has answered already, LookupError where it is not hers.
    """
    claim = _lock(claim_id)
    if claim.person_id != by:
        raise LookupError("Only her own claims can somebody withdraw")
    _check_step(claim, Step.WITHDRAW, by)
    if claim.claim_status == ClaimStatus.SUBMITTED:
        reason = "She has withdrawn her claim"
        ledger.withdraw(_entry_of(claim).id, reason=reason, by=by, own=True)
        db.session.refresh(claim)
    _stand(claim, ClaimStatus.WITHDRAWN, "withdrew", by)


@one_transaction
def send_back(claim_id: int, *, seen: int, comment: str, by: int) -> None:
    """Give a claim back to its person with a comment, so that she can put it right.

    Raises:
        StepRefused: it is not to be sent on any more, was handed in anew, or is the officer's own.
        ValueError: there is no comment.
        LookupError: there is no such claim.
    """
    if not comment.strip():
        raise ValueError("Say what is to be put right: she is told")
    claim = _lock(claim_id)
    _check_step(claim, Step.SEND_BACK, by, seen)
    claim.answer = comment
    _stand(claim, ClaimStatus.DRAFT, "sent_back", by)
    _tell(claim, "prior_learning_returned", {"reason": comment})


@one_transaction
def send_on(
    claim_id: int,
    *,
    seen: int,
    university: str,
    submitted_on: date,
    decision_expected_on: date,
    credits_: Decimal,
    academic_level: int,
    by: int,
) -> None:
    """Send a claim to the university: from now on its credits are expected, and count for nothing yet (AMB-37).

    Raises:
        StepRefused: as `send_back`.
        CreditsRefused: see there; among others that the credits were awarded meanwhile.
        ValueError: it was sent in the future.
        LookupError: there is no such claim.
    """
    if submitted_on > clock.today():
        raise ValueError("What is sent in the future is not sent yet")
    claim = _lock(claim_id)
    _check_step(claim, Step.SEND_ON, by, seen)
    claim.university, claim.answer = university, ""
    claim.submitted_on, claim.decision_expected_on = submitted_on, decision_expected_on
    db.session.flush()
    said = _credits_for(claim, credits_, academic_level, decision_expected_on, CreditStatus.EXPECTED)
    ledger.enter(said, by=by)
    db.session.refresh(claim)
    _remember(claim, "sent_on", by)
    _tell(claim, "prior_learning_sent_on", {"expected_on": date_words(decision_expected_on)})


@one_transaction
def decide(
    claim_id: int,
    *,
    awarded: bool,
    board_on: date,
    credits_: Decimal | None = None,
    academic_level: int | None = None,
    reason: str = "",
    by: int,
) -> None:
    """Write down what the university has decided; without credits and level they are those that were expected.

    Raises:
        StepRefused: it is not with the university, or is the officer's own.
        CreditsRefused: see there.
        ValueError: it was refused without a reason.
        LookupError: there is no such claim.
    """
    if not awarded and not reason.strip():
        raise ValueError("Say why the university has refused it: she is told")
    claim = _lock(claim_id)
    _check_step(claim, Step.DECIDE, by)
    entry = _entry_of(claim)
    status = CreditStatus.AWARDED if awarded else CreditStatus.REFUSED
    claim.decided_on, claim.answer = board_on, reason
    db.session.flush()
    amount = entry.credits if credits_ is None else credits_
    at = academic_level or entry.academic_level
    ledger.enter(_credits_for(claim, amount, at, board_on, status, reason), by=by)
    db.session.refresh(claim)
    _remember(claim, str(status), by)


@one_transaction
def _begin(person_id: int, said: ClaimSaid, kept: KeptFile | None, *, hand_in: bool) -> int:
    """Write a claim down."""
    organisation_id = people.get_person(person_id).organisation_id
    people.lock_persons([person_id])
    claim = PriorLearningClaim(
        organisation_id=organisation_id,
        person_id=person_id,
        claim_status=ClaimStatus.DRAFT,
        sends=0,
        begun_at=clock.now(),
        changed_at=clock.now(),
    )
    _describe(claim, said, kept, hand_in=hand_in)
    db.session.add(claim)
    db.session.flush()
    _hand_in(claim, hand_in=hand_in)
    return claim.id


@one_transaction
def _mend(claim_id: int, said: ClaimSaid, kept: KeptFile | None, *, hand_in: bool) -> None:
    """Write down what was changed, and erase the file that it replaces once that is certain."""
    claim = _lock(claim_id)
    _check_step(claim, Step.MEND, claim.person_id)
    if kept and claim.stored_as:
        run_afterwards(partial(erase_file, claim.stored_as))
    _describe(claim, said, kept, hand_in=hand_in)
    db.session.flush()
    _hand_in(claim, hand_in=hand_in)


def _hand_in(claim: PriorLearningClaim, *, hand_in: bool) -> None:
    """Hand a claim to Workforce Development where that is wished, else keep it for later."""
    if hand_in:
        claim.sends += 1
        claim.answer = ""
    _stand(claim, ClaimStatus.READY if hand_in else ClaimStatus.DRAFT, "handed_in" if hand_in else "kept", None)


def _describe(claim: PriorLearningClaim, said: ClaimSaid, kept: KeptFile | None, *, hand_in: bool) -> None:
    """Write what is said into a row once nothing is wrong with it, and the file where there is a new one."""
    sources = sources_of(claim.organisation_id)
    source = sources.get(said.kind)
    prior = source if source and not source.is_module else None
    only_once = prior is None or prior.only_once
    activity = activity_of_claim(said.kind, said.title, only_once=only_once, module=said.module_code)
    around = Around(
        known_kind=prior is not None,
        only_once=only_once,
        known_module=said.module_code in sources and sources[said.module_code].is_module,
        has_file=bool(kept or claim.stored_as),
        standing=ledger.standing_of_activity(claim.person_id, activity),
        has_other=_has_other(claim, activity),
        needs_met=prior is None or not hand_in or _meets(claim.person_id, prior),
    )
    if faults := faults_of_claim(said, around, handing_in=hand_in, today=clock.today()):
        raise ClaimWrong(faults)
    assert prior is not None, "a claim of no known kind is refused"  # noqa: S101
    claim.activity, claim.kind_title, claim.claim_type = activity, prior.title, prior.earned_by
    for name in DESCRIBED:
        setattr(claim, name, getattr(said, name))
    claim.title = said.title if not only_once else prior.title
    if kept:
        for name in ("stored_as", "filename", "media_type", "size"):
            setattr(claim, name, getattr(kept, name))


def _has_other(claim: PriorLearningClaim, activity: str) -> bool:
    """Say whether another claim for the same learning is under way."""
    wanted = select(PriorLearningClaim.id).where(
        PriorLearningClaim.person_id == claim.person_id,
        PriorLearningClaim.activity == activity,
        PriorLearningClaim.claim_status.in_(OPEN),
    )
    with db.session.no_autoflush:
        return any(claim_id != claim.id for claim_id in db.session.scalars(wanted))


def _meets(person_id: int, prior: CreditSource) -> bool:
    """Say whether all that must be there before the claim is on her record."""
    today = clock.today()
    with db.session.no_autoflush:
        return standing_of(prior.needs, record.records_of([person_id], today)[person_id], today).is_met


def _lock(claim_id: int) -> PriorLearningClaim:
    """Hold the person of a claim, and then the claim, until the act is over. Raises LookupError where there is none."""
    wanted = select(PriorLearningClaim).where(PriorLearningClaim.id == min(claim_id, LARGEST_ID))
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise LookupError(f"There is no claim {claim_id}")
    people.lock_persons([found.person_id])
    return db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def _check_step(claim: PriorLearningClaim, step: Step, by: int, seen: int | None = None) -> None:
    """Raise `StepRefused` where a step cannot be taken now, or not by this person."""
    status, is_hers = ClaimStatus(claim.claim_status), claim.person_id == by
    if against := against_step(step, status, sends=claim.sends, seen=seen, is_hers=is_hers):
        raise StepRefused(against)


def _entry_of(claim: PriorLearningClaim) -> CreditAward:
    """Return the newest entry of a claim that is with the university."""
    wanted = select(CreditAward).where(CreditAward.claim_id == claim.id, ledger.is_newest())
    return db.session.scalars(wanted).one()


def _credits_for(
    claim: PriorLearningClaim,
    credits_: Decimal,
    academic_level: int,
    board_on: date,
    status: CreditStatus,
    reason: str = "",
) -> CreditSaid:
    """Say what the ledger is to say of a claim; what is the same as a module of ours counts as that module."""
    return CreditSaid(
        person_id=claim.person_id,
        activity=claim.activity,
        source=claim.module_code or claim.kind,
        earned_by=EarnedBy(claim.claim_type),
        title=claim.title,
        credits=credits_,
        academic_level=academic_level,
        university=claim.university,
        board_on=board_on,
        status=status,
        learning_ended_on=claim.learning_ended_on,
        claim_id=claim.id,
        reason=reason,
    )


def _stand(claim: PriorLearningClaim, status: ClaimStatus, verb: str, by: int | None) -> None:
    """Write down how a claim stands now."""
    claim.claim_status = status
    claim.changed_at = clock.now()
    _remember(claim, verb, by or claim.person_id)


def _tell(claim: PriorLearningClaim, kind: str, more: dict[str, Any]) -> None:
    """Tell her what has become of her claim."""
    facts = {"title": claim.title, "claim_id": claim.id, "university": claim.university}
    key = f"prior-learning:{claim.id}:{claim.sends}"
    outbox.tell(claim.organisation_id, claim.person_id, kind, key, facts | more)


def _remember(claim: PriorLearningClaim, verb: str, by: int) -> None:
    """Write the history of a claim, without names (B8)."""
    history.note(
        verb,
        "prior_learning_claim",
        claim.id,
        actor_id=by,
        organisation_id=claim.organisation_id,
        reason=claim.answer or None,
        after={"person_id": claim.person_id, "kind": claim.kind, "status": str(claim.claim_status)},
    )
