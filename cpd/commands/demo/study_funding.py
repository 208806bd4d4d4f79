"""The demonstration's funding: one request approved, one to be decided, one that waits for the manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from cpd.people.models import Person
from cpd.shared import clock
from cpd.study.funding import reading, service
from cpd.study.funding.rules import TrainingWanted

DIRECTOR, MANAGER = "director@warwickshire.demo.example", "manager@warwickshire.demo.example"
WORKER, OTHER = "worker@warwickshire.demo.example", "epd@warwickshire.demo.example"


def load_funding(people: Mapping[str, Person]) -> None:
    """Let people ask, their manager comment and the Assistant Director decide; once."""
    worker, other, manager, director = (people[each] for each in (WORKER, OTHER, MANAGER, DIRECTOR))
    if reading.requests_of(worker.id):
        return
    approved = service.ask(worker.id, _training("Introduction to play therapy", "480", days=40, lasts=2), None)
    service.comment(approved, "Two of the families would gain at once.", supports=True, by=manager.id)
    service.decide(approved, approved=True, reasons="Nobody in the team has the skill yet.", by=director.id)
    waiting = service.ask(other.id, _training("Leading without authority", "1250.50", days=75, lasts=5), None)
    service.comment(waiting, "Effie leads the learning set well already.", supports=True, by=manager.id)
    service.ask(worker.id, _training("Family group conferences", "325", days=60, lasts=1), None)


def _training(title: str, cost: str, *, days: int, lasts: int) -> TrainingWanted:
    """Describe a course that begins so many days from today."""
    starts_on = clock.today() + timedelta(days=days)
    return TrainingWanted(
        title=title,
        provider="Invented University",
        cost=Decimal(cost),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=lasts - 1),
        reasons="It would help the families that I work with, and I would pass it on to the team.",
        link="https://courses.example/" + title.lower().replace(" ", "-"),
    )
