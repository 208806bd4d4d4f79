"""Who is told of what about funding: the person, her manager, and the Assistant Directors."""

from __future__ import annotations

from typing import Any

from cpd.people import service as people
from cpd.shared import outbox
from cpd.shared.roles import Role
from cpd.study.funding.models import FundingRequest
from cpd.study.funding.rules import DECIDES, FundingStatus, pounds
from cpd.study.funding.wording import money, when_words
from cpd.study.managers import manager_of

OUTCOMES = {
    FundingStatus.APPROVED: "is approved",
    FundingStatus.DECLINED: "is declined",
    FundingStatus.WITHDRAWN: "is withdrawn",
    FundingStatus.NOT_HELD: "costs nothing, because the training did not take place",
}


def ask_for_comment(request: FundingRequest, manager_id: int) -> None:
    """Ask the manager what she thinks of a request."""
    outbox.tell(request.organisation_id, manager_id, "funding_comment", _key(request), _facts(request, "/team/funding"))


def ask_for_decision(request: FundingRequest) -> None:
    """Tell every Assistant Director that a request is ready, so that one can stand in for another.

    Where nobody else holds the role, Workforce Development is told, so that no request is forgotten.
    """
    directors = _directors(request)
    for person_id in directors:
        outbox.tell(request.organisation_id, person_id, "funding_to_decide", _key(request), _facts(request, "/funding"))
    for each in [] if directors else people.holders_of(request.organisation_id, Role.WORKFORCE_DEVELOPMENT):
        outbox.tell(request.organisation_id, each.id, "funding_without_decider", _key(request), _facts(request, ""))


def tell_of_decision(request: FundingRequest) -> None:
    """Tell the person what was decided and why, and her manager what."""
    kind = "funding_approved" if request.status == FundingStatus.APPROVED else "funding_declined"
    facts = _facts(request, "/my/funding") | {"reasons": request.decision}
    outbox.tell(request.organisation_id, request.person_id, kind, _key(request), facts)
    _tell_manager(request)


def tell_that_not_held(request: FundingRequest, reason: str) -> None:
    """Tell the person that her approved training is down as not having taken place, and why, and her manager that."""
    facts = _facts(request, "/my/funding") | {"reasons": reason}
    outbox.tell(request.organisation_id, request.person_id, "funding_not_held", _key(request), facts)
    _tell_manager(request)


def tell_of_withdrawal(request: FundingRequest) -> None:
    """Tell the Assistant Directors and her manager that it is not wanted any more."""
    for person_id in _directors(request):
        outbox.tell(request.organisation_id, person_id, "funding_withdrawn", _key(request), _facts(request, "/funding"))
    _tell_manager(request)


def _tell_manager(request: FundingRequest) -> None:
    """Tell her manager how the request stands now."""
    manager_id = manager_of(request.person_id)
    if manager_id is not None:
        facts = _facts(request, "/team/funding") | {"outcome": OUTCOMES[FundingStatus(request.status)]}
        outbox.tell(request.organisation_id, manager_id, "funding_in_team", f"{_key(request)}:{request.status}", facts)


def _directors(request: FundingRequest) -> list[int]:
    """List who can decide on a request: not the person herself."""
    holders = people.holders_of(request.organisation_id, DECIDES)
    return [each.id for each in holders if each.id != request.person_id]


def _facts(request: FundingRequest, page: str) -> dict[str, Any]:
    """Say in a message what is asked for by whom, and where to read it."""
    return {
        "person": people.get_person(request.person_id).name,
        "title": request.title,
        "cost": money(pounds(request.cost_pence)),
        "when": when_words(request.starts_on, request.ends_on),
        "path": f"{page}/{request.id}",
    }


def _key(request: FundingRequest) -> str:
    """Name a request among the happenings of the outbox."""
    return f"funding:{request.id}"
