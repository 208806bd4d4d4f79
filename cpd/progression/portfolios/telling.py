"""Who is told of what about evidence: whoever accepts it, the person herself, and Workforce Development."""

from __future__ import annotations

from typing import Any

from cpd.people import service as people
from cpd.progression.portfolios.accepting import acceptors_for
from cpd.progression.portfolios.models import Portfolio
from cpd.progression.portfolios.wording import accepted_by_words
from cpd.shared import clock, outbox
from cpd.shared.roles import Role


def ask_to_look(portfolio: Portfolio) -> None:
    """Tell everybody who accepts it that it is handed in, so that one can stand in for another.

    Where nobody does, Workforce Development is told, so that nothing is forgotten.
    """
    acceptors = acceptors_for(portfolio.organisation_id, portfolio.person_id, portfolio.accepted_by)
    facts = _facts(portfolio) | {"path": f"/progression/evidence/{portfolio.id}"}
    for person_id in acceptors:
        outbox.tell(portfolio.organisation_id, person_id, "evidence_to_look_at", _key(portfolio), facts)
    alone = [] if acceptors else people.holders_of(portfolio.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    for each in alone:
        facts = _facts(portfolio) | {"acceptor": accepted_by_words(portfolio.accepted_by)}
        outbox.tell(portfolio.organisation_id, each.id, "evidence_without_acceptor", _key(portfolio), facts)


def tell_accepted(portfolio: Portfolio, comments: str) -> None:
    """Tell her that it counts now."""
    _tell_her(portfolio, "evidence_accepted", {"comments": comments})


def tell_recorded(portfolio: Portfolio, by: int, on: str) -> None:
    """Tell her what somebody recorded for her."""
    _tell_her(portfolio, "evidence_recorded", {"by": people.get_person(by).name, "on": on})


def tell_returned(portfolio: Portfolio, comments: str, why: str) -> None:
    """Tell her what is to be changed; `why` is returned, deferred by a panel, or reopened."""
    _tell_her(portfolio, "evidence_returned", {"comments": comments, "why": why})


def _tell_her(portfolio: Portfolio, kind: str, more: dict[str, Any]) -> None:
    facts = _facts(portfolio) | more | {"path": f"/my/evidence/{portfolio.evidence_kind}"}
    key = f"{_key(portfolio)}:{clock.real_now().isoformat()}"  # a panel can defer, put that right, and defer after all
    outbox.tell(portfolio.organisation_id, portfolio.person_id, kind, key, facts)


def _facts(portfolio: Portfolio) -> dict[str, Any]:
    return {"person": people.get_person(portfolio.person_id).name, "title": portfolio.title}


def _key(portfolio: Portfolio) -> str:
    """Name this handing in, so that the next one is told anew."""
    return f"portfolio:{portfolio.id}:{portfolio.hand_ins}"
