"""The demonstration's award places: Slough's three Practice Educator places are taken, one person waits, one is new."""

from __future__ import annotations

from collections.abc import Mapping

from cpd.people.models import Person
from cpd.schemes.award_places_shape import PlaceYear
from cpd.shared import clock
from cpd.study.places import reading, service
from cpd.study.places.rules import PlaceDecision, year_of

OFFICER, MANAGER = "workforce@slough.demo.example", "manager@slough.demo.example"
HELD = ("asa", "ivo", "lou")
WAITS, NEW = "mel", "worker"
EDUCATOR, DIPLOMA = "practice-educator", "graduate-diploma"
STATEMENT = "I have supported two students on placement and want to learn how to assess them fairly."
REASONS = "Students come to this team every year, and nobody in it is a practice educator yet."
FULL = "All three places of this year are taken. The statement is as strong, so it comes first on the waiting list."


def load_places(people: Mapping[str, Person]) -> None:
    """Let people apply, their manager comment and Workforce Development decide; once."""
    officer, manager = people[OFFICER], people[MANAGER]
    staff = {who: people[f"{who}@slough.demo.example"] for who in (*HELD, WAITS, NEW)}
    if reading.applications_of(staff[NEW].id):
        return
    for who in HELD:
        _commented(staff[who], manager, EDUCATOR, PlaceDecision.SELECT, REASONS, officer)
    _commented(staff[WAITS], manager, EDUCATOR, PlaceDecision.WAIT, FULL, officer)
    _commented(staff[NEW], manager, EDUCATOR)
    _apply(staff[NEW], DIPLOMA)


def _apply(person: Person, award: str) -> int:
    """Send in an application for the year under way."""
    this_year = year_of(PlaceYear.FINANCIAL, clock.today())
    return service.apply(person.id, award, this_year.first_day, STATEMENT)


def _commented(
    person: Person,
    manager: Person,
    award: str,
    decision: PlaceDecision | None = None,
    reasons: str = "",
    officer: Person | None = None,
) -> None:
    """Send in an application on which the manager comments, and decide on it where that is asked for."""
    number = _apply(person, award)
    service.comment(
        number, f"{person.name} is ready for it, and the team can spare the days.", supports=True, by=manager.id
    )
    if decision and officer:
        service.decide(number, decision, reasons=reasons, by=officer.id)
