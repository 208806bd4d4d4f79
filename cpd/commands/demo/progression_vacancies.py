"""The demonstration's vacancies: a free post at each council whose scheme has a step into one, a part-time one too.

Appeals and HR's files rest on decisions, so their functions are called once these are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from cpd.people.models import Person
from cpd.progression.appeals import service as appeals
from cpd.progression.exports import reading as exports
from cpd.progression.exports import service as export_service
from cpd.progression.requests import reading as requests
from cpd.progression.requests.rules import AGAINST_HER
from cpd.progression.vacancies import reading, service
from cpd.progression.vacancies.rules import VacancyWanted
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID

HOW = "Ask to progress from My progress and choose this post. Talk with your line manager before the last day."
GROUNDS = "The reasons do not speak of my court reports of the last six months, which were handed in."
DISMISSED = "The court reports were read and counted. The post needs somebody who has led a hub before, as was said."
FULL, PART = Decimal(1), Decimal("0.6")


@dataclass(frozen=True, slots=True)
class _Post:
    """A free post: at which council, of which level, where, how much of full time, and for how many days."""

    council: str
    career_level: str
    title: str
    service: str
    fte: Decimal
    days: int | None
    note: str = ""


POSTS = (
    _Post("warwickshire", "4a", "Advanced social worker", "Children in care", FULL, 28),
    _Post("warwickshire", "4a", "Advanced social worker", "Disabled children", PART, None, "Three days a week."),
    _Post("coventry", "senior-practitioner", "Senior Practitioner", "Court team", FULL, 21),
    _Post("", "practice-supervisor", "Practice Supervisor", "Assessment Team 2", FULL, 28),
    _Post("slough", "consultant-practitioner", "Consultant Practitioner", "Hub 4", FULL, 28),
    _Post("walsall", "senior-practitioner", "Senior Practitioner", "Family Safeguarding", FULL, 28),
    _Post("walsall", "team-manager", "Team Manager", "Initial response", FULL, 14),
)


def load_vacancies(people: Mapping[str, Person]) -> None:
    """Let HR of each council open its vacancies; once."""
    today = clock.today()
    for post in POSTS:
        hr = people[_address("hr", post.council)]
        known = {(each.title, each.service) for part in reading.kept_vacancies(hr.organisation_id) for each in part}
        if (post.title, post.service) in known:
            continue
        last_day = None if post.days is None else today + timedelta(days=post.days)
        wanted = VacancyWanted(post.title, post.service, post.career_level, post.fte, today, last_day, HOW, post.note)
        service.open_vacancy(hr.organisation_id, wanted, by=hr.id)


def load_appeals(people: Mapping[str, Person]) -> None:
    """Let one person at each council appeal while that is in time, and let one appeal be decided; once."""
    for council in ("warwickshire", "coventry", "", "slough", "walsall"):
        officer = people[_address("workforce", council)]
        staff = [each.id for each in people.values() if each.organisation_id == officer.organisation_id]
        for asked in requests.requests_of(staff):
            letter = asked.letter
            if asked.status in AGAINST_HER and letter and letter.appeal_until and letter.appeal_until >= clock.today():
                _appeal(asked.id, asked.person_id)
                break
    _dismiss(people, "slough")


def load_exports(people: Mapping[str, Person]) -> None:
    """Let HR of one council take its first file and tick it off; the others still have theirs to take. Once."""
    hr = people[_address("hr", "warwickshire")]
    if exports.page_of_exports(hr.organisation_id, 1).exports or not exports.count_waiting(hr.organisation_id):
        return
    number = export_service.take_file(hr.organisation_id, last_id=LARGEST_ID, by=hr.id)
    export_service.tick_as_entered(number, hr.organisation_id, by=hr.id)


def _dismiss(people: Mapping[str, Person], council: str) -> None:
    """Let somebody else's appeal be heard by the Principal Social Worker and dismissed."""
    wanted = [_address(each, council) for each in ("lou", "workforce", "psw")]
    if any(each not in people for each in wanted):
        return
    person, officer, decider = (people[each] for each in wanted)
    refused = [each for each in requests.requests_of([person.id]) if each.status in AGAINST_HER]
    if not refused:
        return
    number = _appeal(refused[0].id, person.id)
    if number is not None:
        appeals.assign(number, decider.id, decide_by=clock.today() + timedelta(days=14), by=officer.id)
        appeals.decide(number, upheld=False, reasons=DISMISSED, by=decider.id)


def _appeal(request_id: int, person_id: int) -> int | None:
    """Let somebody appeal, and return the appeal's number; None where there is one already."""
    try:
        return appeals.appeal(request_id, grounds=GROUNDS, by=person_id)
    except appeals.AppealRefused:
        return None


def _address(who: str, council: str) -> str:
    """Return the address of one of the demonstration's accounts."""
    return f"{who}@{council}.demo.example" if council else f"{who}@demo.example"
