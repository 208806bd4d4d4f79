"""HR is told of each change of career level in the act that makes it, so that it is entered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cpd.people import service as people
from cpd.progression.requests.facts import RequestDecided
from cpd.progression.requests.rules import RequestStatus
from cpd.shared import outbox
from cpd.shared.roles import Role
from cpd.shared.wording import date_words


def follow_requests(_session: Session, decided: list[RequestDecided]) -> None:
    """Tell HR of each change that was made; where nobody is of HR, Workforce Development."""
    for each in decided:
        if each.result == RequestStatus.ENACTED:
            _tell(each)


def _tell(decided: RequestDecided) -> None:
    """Tell of one change."""
    hr = people.holders_of(decided.organisation_id, Role.HR)
    told = hr or people.holders_of(decided.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    facts = {
        "person": people.get_person(decided.person_id).name,
        "from_day": date_words(decided.effective_on) if decided.effective_on else "",
        "is_hr": bool(hr),
        "path": "/progression/hr-export" if hr else "",
    }
    for person in told:
        key = f"request:{decided.request_id}"
        outbox.tell(decided.organisation_id, person.id, "change_to_enter", key, facts)
