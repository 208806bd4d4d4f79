"""Protected time in the demonstration: a newly qualified social worker at Slough, and what she said of her weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cpd.people.away import Away, AwayKind, record_away, times_away
from cpd.people.models import Person
from cpd.shared import clock
from cpd.study.protected.rules import WEEK, Answer, Said, monday_of
from cpd.study.protected.service import say_week, standing_of

NEWLY_QUALIFIED = "nqsw@slough.demo.example"
MANAGER = "manager@slough.demo.example"
ANSWERS = (None, Said(Answer.NO), Said(Answer.HAD), Said(Answer.PART), None, Said(Answer.PART, 60), Said(Answer.HAD))
"""What she said of the weeks before this one, the latest first and then from the beginning again."""

LEAVE_BEGAN, LEAVE_LASTED = 3 * WEEK, timedelta(days=2)


def load_protected(people: Mapping[str, Person]) -> None:
    """Let her say something of most weeks until now, after two days of leave three weeks ago; again is no more."""
    her, manager = people[NEWLY_QUALIFIED], people[MANAGER]
    began = monday_of(clock.today()) - LEAVE_BEGAN
    if not times_away(her.id):
        record_away(her.id, Away(AwayKind.LEAVE, began, began + LEAVE_LASTED - timedelta(days=1)), by=manager.id)
    weeks = [line.week for line in standing_of(her.id).lines[1:] if line.week.minutes]
    for number, week in enumerate(weeks):
        if said := ANSWERS[number % len(ANSWERS)]:
            say_week(her.id, week.first, said)
