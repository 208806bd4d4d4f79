"""The demonstration's CPD records and development plans: one half done, one agreed and one overdue. All is invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.study.plans import service as plans
from cpd.study.plans.reading import plans_of
from cpd.study.plans.rules import Aim, Progress
from cpd.study.regulator import reading
from cpd.study.regulator import service as cpd
from cpd.study.regulator.rules import PeerTalk, PieceSaid, year_of

WORKER, MANAGER = "worker@warwickshire.demo.example", "manager@warwickshire.demo.example"
LATE, LATE_MANAGER = "worker@slough.demo.example", "manager@slough.demo.example"
TEN = time(10)
AGREED, OVERDUE = timedelta(days=200), timedelta(days=400)


def load_cpd(people: Mapping[str, Person]) -> None:
    """Give a worker one piece with a peer reflection, shared, and one that is not finished; once."""
    worker, today = people[WORKER], clock.today()
    rules = reading.rules_of(worker.organisation_id)
    if rules is None or reading.my_cpd(worker.id).pieces:
        return
    first_day = year_of(today, rules).first_day
    finished = PieceSaid(
        rules.types[0],
        "A workshop on talking with teenagers. Relevant because most of the young people I work with are over twelve.",
        max(first_day, today - timedelta(days=90)),
        "Silence is an answer too, and waiting for the next one is work.",
        "I plan visits with time to spare, and young people tell me more of what they want.",
    )
    number = cpd.write_piece(worker.id, finished)
    peer = PeerTalk(rules.peers[1], max(first_day, today - timedelta(days=60)), "That I fill silences when I am tired.")
    cpd.reflect(worker.id, number, peer)
    cpd.share(worker.id, number)
    begun = PieceSaid(rules.types[1], "A guide to evidence in court", max(first_day, today - timedelta(days=20)))
    cpd.write_piece(worker.id, begun)


def load_plans(people: Mapping[str, Person]) -> None:
    """Give a worker a plan that is agreed, and one of another council a plan whose review is overdue; once."""
    worker, late, today = people[WORKER], people[LATE], clock.today()
    if plans_of([worker.id, late.id]):
        return
    with clock.set_back_to(_days_ago(today, OVERDUE)):
        plans.set_aim(late.id, Aim(0, "Give evidence in court", today - timedelta(days=100), pcf_domains=("5", "7")))
        _agree(late, people[LATE_MANAGER], 1)
    with clock.set_back_to(_days_ago(today, AGREED)):
        plans.write(worker.id, "More families ask for help before a crisis.", "Half a day a month, and a mentor.")
        resistance = Aim(0, "Work with families on non-violent resistance", today + timedelta(days=120), "WA-NVR")
        number = plans.set_aim(worker.id, resistance)
        plans.set_aim(worker.id, Aim(0, "Teach a student", today + timedelta(days=300), pcf_domains=("9",)))
        _agree(worker, people[MANAGER], 3)
    plans.say_progress(worker.id, number, Progress.BEGUN, "Two families so far")


def _agree(worker: Person, manager: Person, version: int) -> None:
    """Let both agree."""
    for person in (worker, manager):
        plans.agree(worker.id, version, by=person.id)


def _days_ago(today: date, ago: timedelta) -> datetime:
    return datetime.combine(today - ago, TEN, LONDON)
