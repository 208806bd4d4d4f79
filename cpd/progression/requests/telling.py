"""Who is told of what about requests: the person, her manager (who has no task, W-7, W-10), and who decides next."""

from __future__ import annotations

from typing import Any

from cpd.people import service as people
from cpd.people.away import away_between
from cpd.progression.requests import reading
from cpd.progression.requests.covering import deciders_about
from cpd.progression.requests.models import ProgressionStep
from cpd.progression.requests.reading import RequestFacts
from cpd.progression.requests.wording import label_of, role_words, title_of
from cpd.progression.vacancies import service as vacancies
from cpd.schemes.pathway_shape import StepKind
from cpd.shared import clock, outbox
from cpd.shared.roles import Role
from cpd.shared.wording import date_words
from cpd.study.managers import manager_of


def tell_that_it_was_raised(request_id: int) -> None:
    """Tell the person of a request that the system raised for her, and inform her manager of any."""
    request = reading.request_of(request_id)
    if not request.requested_by or request.is_reversal:
        outbox.tell(
            request.organisation_id,
            request.person_id,
            "progression_raised",
            _key(request),
            _facts(request, "/my/progress/requests"),
        )
    _inform_manager(request, "is under way", "raised")


def ask_to_decide(request_id: int, step: ProgressionStep) -> None:
    """Tell everybody who can decide on a step that it waits; where nobody can or all are away, Workforce Development.

    Whoever declined the request that this one takes up again is not asked.
    """
    request = reading.request_of(request_id)
    if step.role is None:
        return
    role = Role(step.role)
    key = f"{_key(request)}:{step.place}:{clock.real_now().isoformat()}"
    facts = _facts(request, "/progression/requests") | {"role": role_words(role)}
    today = clock.today()
    deciders = _deciders(request, step, role)
    for person_id in deciders:
        outbox.tell(request.organisation_id, person_id, "progression_to_decide", key, facts)
    if not deciders or all(away_between(deciders, today, today).values()):
        _tell_officers(request, "progression_without_decider", key, facts)


WAITS_LONG = "progression_waits_long"


def remind_to_decide(request_id: int, step: ProgressionStep) -> bool:
    """Remind everybody who can decide on a step, or Workforce Development where nobody can; say whether anybody was."""
    request = reading.request_of(request_id)
    assert step.role is not None and step.opened_at is not None  # noqa: S101, PT018 - it is the turn of a role
    role = Role(step.role)
    officers = [each.id for each in people.holders_of(request.organisation_id, Role.WORKFORCE_DEVELOPMENT)]
    told = _deciders(request, step, role) or [each for each in officers if each != request.person_id]
    more = {"role": role_words(role), "since": date_words(step.opened_at)}
    facts = _facts(request, "/progression/requests") | more
    for person_id in told:
        outbox.tell(request.organisation_id, person_id, WAITS_LONG, key_of_step(step), facts)
    return bool(told)


def key_of_step(step: ProgressionStep) -> str:
    """Name a step among the happenings of the outbox, as long as it is its turn."""
    opened_at = step.opened_at.isoformat() if step.opened_at else ""
    return f"progression:{step.request_id}:{step.place}:{opened_at}"


def _deciders(request: RequestFacts, step: ProgressionStep, role: Role) -> list[int]:
    """List who can decide on a step today."""
    kept_out = reading.who_cannot_approve(request) if step.step_kind == StepKind.APPROVAL else frozenset[int]()
    able = deciders_about(request.person_id, request.organisation_id, role, clock.today())
    return [each for each in able if each not in kept_out]


def tell_of_the_end(request_id: int, number: int | None) -> None:
    """Tell the person how her request ended and where the letter is, and inform her manager.

    `number` is that of the letter, None where it was withdrawn.
    """
    request = reading.request_of(request_id)
    words = label_of(request)[0]
    ended = f"{request.status}:{number or clock.real_now().isoformat()}"
    facts = _facts(request, "/my/progress/requests") | {
        "result": words[:1].lower() + words[1:],
        "reasons": request.reasons,
        "review_on": date_words(request.review_on) if request.review_on else "",
        "from_day": date_words(request.enactment.effective_on) if request.enactment else "",
        "has_letter": number is not None,
    }
    outbox.tell(request.organisation_id, request.person_id, "progression_decided", f"{_key(request)}:{ended}", facts)
    _inform_manager(request, f"has ended: {facts['result']}", ended)
    _inform_who_asked(request, f"has ended: {facts['result']}", ended)


def tell_that_the_post_is_gone(request_id: int, vacancy_id: int) -> None:
    """Tell whoever applied for a vacancy that it is free no longer, and that her request goes on."""
    request = reading.request_of(request_id)
    vacancy = vacancies.find_vacancy(vacancy_id, request.organisation_id)
    facts = _facts(request, "/my/progress/requests") | {"vacancy": vacancy.title if vacancy else ""}
    key = f"{_key(request)}:{vacancy_id}:{clock.real_now().isoformat()}"
    outbox.tell(request.organisation_id, request.person_id, "progression_post_gone", key, facts)


def tell_that_its_ground_is_gone(request_id: int) -> None:
    """Tell Workforce Development that a panel no longer recommends a change that was made and not taken back since."""
    request = reading.request_of(request_id)
    if request.enactment is None or request.enactment.is_reversed:
        return
    from_day = date_words(request.enactment.effective_on)
    _tell_of_the_ground(request, from_day)


def tell_that_an_earlier_panel_is_against_it(request_id: int) -> None:
    """Tell Workforce Development that a request taken up again after an appeal rests on a panel now against it."""
    _tell_of_the_ground(reading.request_of(request_id), "")


def _tell_of_the_ground(request: RequestFacts, from_day: str) -> None:
    facts = _facts(request, "/progression/requests") | {"from_day": from_day}
    _tell_officers(request, "progression_ground_gone", f"{_key(request)}:{clock.real_now().isoformat()}", facts)


def _tell_officers(request: RequestFacts, kind: str, key: str, facts: dict[str, Any]) -> None:
    """Tell Workforce Development, without the person whose request it is."""
    for each in people.holders_of(request.organisation_id, Role.WORKFORCE_DEVELOPMENT):
        if each.id != request.person_id:
            outbox.tell(request.organisation_id, each.id, kind, key, facts)


def _inform_manager(request: RequestFacts, what: str, key: str) -> None:
    """Inform her manager; there is nothing that he has to do."""
    manager_id = manager_of(request.person_id)
    if manager_id is not None:
        facts = _facts(request, "/team/requests") | {"person": request.person, "what": what}
        outbox.tell(request.organisation_id, manager_id, "progression_in_team", f"{_key(request)}:{key}", facts)


def _inform_who_asked(request: RequestFacts, what: str, key: str) -> None:
    """Inform whoever asked that a change be taken back of what became of it."""
    asker_id = request.requested_by_id
    if request.is_reversal and asker_id is not None and asker_id != manager_of(request.person_id):
        facts = _facts(request, "/progression/requests") | {"person": request.person, "what": what}
        outbox.tell(request.organisation_id, asker_id, "progression_in_team", f"{_key(request)}:{key}", facts)


def _facts(request: RequestFacts, page: str) -> dict[str, Any]:
    """Say which request it is, and where to read it."""
    title = title_of(request)
    return {"request": title[:1].lower() + title[1:], "person": request.person, "path": f"{page}/{request.id}"}


def _key(request: RequestFacts) -> str:
    """Name a request among the happenings of the outbox."""
    return f"progression:{request.id}"
