"""Asking for funding outside the pathway, commenting, deciding, and withdrawing (W-13)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.schemes.funding_shape import Funding
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.kept_files import KeptFile, SentFile, keeping
from cpd.shared.unit_of_work import one_transaction
from cpd.study.funding import telling
from cpd.study.funding.models import FundingRequest
from cpd.study.funding.rules import (
    DECIDES,
    OPEN,
    FundingFault,
    FundingStatus,
    TrainingWanted,
    against_commenting,
    against_deciding,
    against_not_held,
    against_withdrawing,
    faults_of,
    pence,
    pounds,
)
from cpd.study.managers import manager_of

__all__ = [
    "FundingRefused",
    "FundingSummary",
    "ask",
    "comment",
    "decide",
    "say_not_held",
    "summary_of",
    "terms_of",
    "withdraw",
]


class FundingRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons."""

    def __init__(self, faults: list[FundingFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class FundingSummary:
    """What somebody wants to know first: how many of her requests are open, and what was approved, in pounds."""

    undecided: int
    approved: Decimal


def terms_of(organisation_id: int) -> Funding | None:
    """Return for whom an organisation's scheme takes requests; None where it takes none."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return scheme.pack.funding if scheme else None


def ask(person_id: int, wanted: TrainingWanted, sent: SentFile | None) -> int:
    """Ask for the cost of training, and return the request's number. Her manager is asked for a comment.

    Raises:
        FundingRefused: every reason against it.
        LookupError: there is no such person.
    """
    with keeping(sent) as kept:
        return _ask(person_id, wanted, kept)


@one_transaction
def comment(request_id: int, words: str, *, supports: bool, by: int) -> None:
    """Write down what her manager thinks of a request, and tell the Assistant Directors.

    Raises:
        FundingRefused: every reason against it.
        LookupError: there is no such request.
    """
    request = _lock(request_id)
    manager_id = manager_of(request.person_id)
    if faults := against_commenting(FundingStatus(request.status), request.person_id, manager_id, by, words):
        raise FundingRefused(faults)
    request.status = FundingStatus.COMMENTED
    request.manager_comment, request.manager_supports = words, supports
    request.commented_at, request.commented_by_id = clock.now(), by
    _remember("commented", request, by=by, after={"supports": supports})
    telling.ask_for_decision(request)


@one_transaction
def decide(request_id: int, *, approved: bool, reasons: str, by: int) -> None:
    """Approve a request or decline it, for reasons that she is told; of two who decide at once the second is refused.

    Raises:
        FundingRefused: every reason against it.
        LookupError: there is no such request in the decider's organisation.
    """
    request, is_decider = _to_decide(request_id, by)
    if faults := against_deciding(FundingStatus(request.status), request.person_id, by, reasons, is_decider=is_decider):
        raise FundingRefused(faults)
    request.status = FundingStatus.APPROVED if approved else FundingStatus.DECLINED
    request.decision, request.decided_at, request.decided_by_id = reasons, clock.now(), by
    _remember(str(request.status), request, by=by, reason=reasons)
    telling.tell_of_decision(request)


@one_transaction
def say_not_held(request_id: int, *, reason: str, by: int) -> None:
    """Say of approved training that it did not take place, and why: it costs nothing any more, and she is told.

    Raises:
        FundingRefused: every reason against it.
        LookupError: there is no such request in the organisation of whoever says so.
    """
    request, is_decider = _to_decide(request_id, by)
    status = FundingStatus(request.status)
    if faults := against_not_held(status, request.person_id, by, reason, is_decider=is_decider):
        raise FundingRefused(faults)
    request.status = FundingStatus.NOT_HELD
    _remember(str(FundingStatus.NOT_HELD), request, by=by, reason=reason)
    telling.tell_that_not_held(request, reason)


@one_transaction
def withdraw(request_id: int, *, by: int) -> None:
    """Withdraw her own request, approved or not, until the training is over: it costs nothing any more.

    Raises:
        FundingRefused: it was declined or withdrawn already, or what was approved is over.
        LookupError: she has no such request.
    """
    request = _lock(request_id)
    if request.person_id != by:
        raise LookupError(f"There is no request {request_id} of hers")
    if faults := against_withdrawing(FundingStatus(request.status), request.ends_on, clock.today()):
        raise FundingRefused(faults)
    request.status, request.withdrawn_at = FundingStatus.WITHDRAWN, clock.now()
    _remember("withdrawn", request, by=by)
    telling.tell_of_withdrawal(request)


def summary_of(person_id: int) -> FundingSummary | None:
    """Say what somebody wants to know first; None where her council takes no requests. Three queries at most."""
    if terms_of(people.get_person(person_id).organisation_id) is None:
        return None
    wanted = select(FundingRequest.status, func.count(), func.sum(FundingRequest.cost_pence))
    rows = db.session.execute(wanted.where(FundingRequest.person_id == person_id).group_by(FundingRequest.status)).all()
    undecided = sum(count for status, count, _ in rows if status in OPEN)
    return FundingSummary(
        undecided, pounds(sum(int(cost) for status, _, cost in rows if status == FundingStatus.APPROVED))
    )


@one_transaction
def _ask(person_id: int, wanted: TrainingWanted, kept: KeptFile | None) -> int:
    """Write down what is asked for."""
    person = people.get_person(person_id)
    post = people.posts_on([person_id], clock.today()).get(person_id)
    staff_type = post.staff_type if post else None
    if faults := faults_of(wanted, terms_of(person.organisation_id), staff_type, clock.today()):
        raise FundingRefused(faults)
    request = FundingRequest(
        organisation_id=person.organisation_id,
        person_id=person_id,
        cost_pence=pence(wanted.cost),
        status=FundingStatus.ASKED,
        asked_at=clock.now(),
        **{name: getattr(wanted, name) for name in ("title", "provider", "starts_on", "ends_on", "reasons", "link")},
        **({name: getattr(kept, name) for name in ("stored_as", "filename", "media_type", "size")} if kept else {}),
    )
    db.session.add(request)
    db.session.flush()
    _remember("asked", request, by=person_id)
    manager_id = manager_of(person_id)
    if manager_id is None:
        telling.ask_for_decision(request)
    else:
        telling.ask_for_comment(request, manager_id)
    return request.id


def _to_decide(request_id: int, by: int) -> tuple[FundingRequest, bool]:
    """Hold a request of somebody's own organisation, and say whether she decides on such requests."""
    request = _lock(request_id)
    if not people.works_for(by, request.organisation_id):
        raise LookupError(f"There is no request {request_id} here")
    return request, people.holds(by, request.organisation_id, DECIDES)


def _lock(request_id: int) -> FundingRequest:
    """Hold a request until the act is over. Raises LookupError where there is none."""
    wanted = select(FundingRequest).where(FundingRequest.id == min(request_id, LARGEST_ID)).with_for_update()
    request = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if request is None:
        raise LookupError(f"There is no request {request_id}")
    return request


def _remember(
    verb: str, request: FundingRequest, *, by: int, reason: str | None = None, after: dict[str, Any] | None = None
) -> None:
    """Write the history of a request, without names (B8)."""
    history.note(
        verb,
        "funding_request",
        request.id,
        actor_id=by,
        organisation_id=request.organisation_id,
        reason=reason,
        after={"cost_pence": request.cost_pence, **(after or {})},
    )
