"""Who is told of what about appeals: whoever appealed, Workforce Development, and whoever decides."""

from __future__ import annotations

from typing import Any

from cpd.people import service as people
from cpd.progression.appeals import reading
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.reading import AppealFacts
from cpd.progression.appeals.rules import AppealStatus, Reminder
from cpd.shared import clock, outbox
from cpd.shared.roles import Role
from cpd.shared.wording import date_words


def ask_to_assign(appeal: ProgressionAppeal) -> None:
    """Tell Workforce Development that an appeal came, and that somebody is to be found who had no part."""
    found = _found(appeal)
    for person_id in _officers(found):
        _tell(found, person_id, "appeal_to_assign", "/progression/appeals")


def tell_of_assignment(appeal: ProgressionAppeal, before_id: int | None) -> None:
    """Tell whoever decides that an appeal is hers, whoever had it before that it is not, and the person who decides."""
    found, when = _found(appeal), clock.real_now().isoformat()
    if found.decider_id is not None:
        _tell(found, found.decider_id, "appeal_to_decide", "/progression/appeals", when)
    if before_id is not None:
        _tell(found, before_id, "appeal_with_somebody_else", "/progression/appeals", when)
    _tell(found, found.person_id, "appeal_assigned", "/my/progress/appeals", when)


def tell_of_decision(appeal: ProgressionAppeal) -> None:
    """Tell the person what was decided on her appeal, why, and what comes next; and Workforce Development what."""
    found = _found(appeal)
    kind = "appeal_upheld" if found.status is AppealStatus.UPHELD else "appeal_dismissed"
    _tell(found, found.person_id, kind, "/my/progress/appeals")
    for person_id in _officers(found):
        _tell(found, person_id, "appeal_ended", "/progression/appeals")


def tell_of_withdrawal(appeal: ProgressionAppeal) -> None:
    """Tell Workforce Development and whoever decides that it need not be decided."""
    found = _found(appeal)
    for person_id in sorted({*_officers(found), *([found.decider_id] if found.decider_id else [])}):
        _tell(found, person_id, "appeal_ended", "/progression/appeals")


def remind(appeal: ProgressionAppeal, of: Reminder) -> None:
    """Remind whoever has to do something about an appeal; when it is late, Workforce Development as well."""
    found = _found(appeal)
    key = f"{of}:{found.decide_by.isoformat() if found.decide_by else ''}:{found.decider_id or ''}"
    told = [] if of is Reminder.TO_DECIDE else _officers(found)
    if found.decider_id is not None and of is not Reminder.TO_ASSIGN:
        told = [found.decider_id, *told]
    for person_id in dict.fromkeys(told):
        _tell(found, person_id, "appeal_reminder", "/progression/appeals", key, of=str(of))


def _tell(found: AppealFacts, person_id: int, kind: str, page: str, more: str = "", **facts: Any) -> None:
    """Tell somebody of an appeal."""
    said = {
        "person": found.person,
        "step": found.transition_title[:1].lower() + found.transition_title[1:],
        "decider": found.decider,
        "decide_by": date_words(found.decide_by) if found.decide_by else "",
        "reasons": found.reasons,
        "status": str(found.status),
        "path": f"{page}/{found.id}",
    }
    key = f"appeal:{found.id}:{more}" if more else f"appeal:{found.id}"
    outbox.tell(found.organisation_id, person_id, kind, key, said | facts)


def _officers(found: AppealFacts) -> list[int]:
    """List Workforce Development, without whoever appealed."""
    holders = people.holders_of(found.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    return [each.id for each in holders if each.id != found.person_id]


def _found(appeal: ProgressionAppeal) -> AppealFacts:
    """Read an appeal as it stands in this act."""
    found = reading.find_appeal(appeal.id)
    assert found is not None, "it is held"  # noqa: S101
    return found
