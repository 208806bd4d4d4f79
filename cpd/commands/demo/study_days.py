"""The demonstration's study days: somebody in Early Professional Development, with a day at every stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.study.days import service
from cpd.study.days.rules import AskedFor, DayPart
from cpd.study.days.words import day_off

WORKER, NEWLY_QUALIFIED = "epd@warwickshire.demo.example", "nqsw@warwickshire.demo.example"
MANAGER = "manager@warwickshire.demo.example"
TEN = time(10)


def load_days(people: Mapping[str, Person]) -> None:
    """Give her a day that was taken, one declined, one still to come and two that wait; once.

    A newly qualified colleague, for whom no number is set, has one still to come.
    """
    worker, manager = people[WORKER], people[MANAGER]
    if service.has_asked(worker.id):
        return
    this_week = clock.today() - timedelta(days=clock.today().weekday())
    with clock.set_back_to(datetime.combine(clock.today() - timedelta(days=21), TEN, LONDON)):
        taken = _ask(worker, this_week - timedelta(days=11), DayPart.WHOLE, "Portfolio")
        service.approve(taken, by=manager.id)
        declined = _ask(worker, this_week + timedelta(days=14), DayPart.WHOLE, "Reading")
        service.decline(declined, by=manager.id, reason="The team is short that day. Any other of that week is free")
    ahead = _ask(worker, this_week + timedelta(days=15), DayPart.WHOLE, "Reading")
    service.approve(ahead, by=manager.id)
    _ask(worker, this_week + timedelta(days=25), DayPart.AFTERNOON, "Reflective account")
    _ask(worker, this_week + timedelta(days=22), DayPart.WHOLE, kind="wellbeing")
    hers = _ask(people[NEWLY_QUALIFIED], this_week + timedelta(days=16), DayPart.MORNING, "Portfolio")
    service.approve(hers, by=manager.id)


def _ask(worker: Person, on: date, part: DayPart, purpose: str = "", kind: str = "study") -> int:
    """Let her ask for a day, or for the next on which people work."""
    while day_off(on):
        on += timedelta(days=1)
    return service.ask(worker.id, AskedFor(kind, on, part, purpose))
