"""Two who decide at once, two who make the change at once, and withdrawing meanwhile: exactly one wins."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from cpd.people.models import Post
from cpd.progression.panels import reading as panels_reading
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import service
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.models import Approval, DecisionLetter, Enactment, ProgressionRequest
from cpd.progression.requests.rules import RequestFault
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import completed, observed
from tests.progression.requesting import adopt, approve, ask, panel, request_ids, statuses

MANY = 6


def at_once(app, *acts):
    """Let each act run in a thread of its own, all from the same moment, and return what each came to."""
    came_to, ready = {}, threading.Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                came_to[number] = act() or "done"
            except RequestRefused as refused:
                came_to[number] = refused.faults
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [came_to[number] for number in range(len(acts))]


def count(model, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def directors(app_in_use, make_person):
    return [make_person(f"Director {number}", Role.ASSISTANT_DIRECTOR) for number in range(MANY)]


@pytest.fixture
def enactors(app_in_use, make_person):
    return [make_person(f"Operations {number}", Role.OPERATIONS_MANAGER).id for number in range(MANY)]


@pytest.fixture
def wise(app_in_use, make_person):
    return make_person("Wendy Wise", career_level="wise")


def test_of_six_who_decide_at_once_one_does(both, careers, wise, directors):
    request_id = ask(wise, "wise-lead")

    def act(number):
        return lambda: service.decide(request_id, approved=number % 2 == 0, reasons="Because", by=directors_ids[number])

    directors_ids = [each.id for each in directors]
    came_to = at_once(both, *(act(number) for number in range(MANY)))

    assert came_to.count("done") == 1
    refused = {fault for each in came_to if each != "done" for fault in each}
    assert refused <= {RequestFault.NOT_OPEN, RequestFault.NOT_ITS_TURN, RequestFault.NOT_THE_ROLE}
    assert count(Approval) == 1
    assert statuses(request_id) in [("open", ["done", "open"]), ("refused", ["against", "ahead"])]


def test_of_six_who_make_the_change_at_once_one_does(both, careers, wise, directors, enactors):
    request_id = ask(wise, "wise-lead")
    approve(request_id, directors[0])
    today, wise_id = clock.today(), wise.id

    def act(by):
        return lambda: service.enact(request_id, effective_on=today, by=by)

    came_to = at_once(both, *(act(by) for by in enactors))

    assert came_to.count([RequestFault.NOT_OPEN]) == MANY - 1
    assert (count(Enactment), count(DecisionLetter)) == (1, 1)
    assert count(Post, Post.person_id == wise_id, Post.superseded_at.is_(None), Post.career_level == "lead") == 1


def test_withdrawing_against_approving_and_making_the_change(both, careers, wise, directors, enactors):
    request_id = ask(wise, "wise-lead")
    approve(request_id, directors[0])
    today, wise_id = clock.today(), wise.id

    came_to = at_once(
        both,
        lambda: service.enact(request_id, effective_on=today, by=enactors[0]),
        lambda: service.withdraw(request_id, by=wise_id),
    )

    assert sum(each == [RequestFault.NOT_OPEN] for each in came_to) == 1
    status = statuses(request_id)[0]
    assert (status == "enacted") == (count(Enactment) == 1)
    assert status in ("enacted", "withdrawn")


def test_the_last_full_time_equivalent_goes_to_one_of_two(both, careers, make_person, directors, enactors):
    ids = []
    for number in range(3):
        person = make_person(f"Able {number}", career_level="able")
        observed(person)
        request_id = ask(person, "able-wise")
        panel(request_id, "young", "recommended")
        panel(request_id, "managers", "recommended")
        approve(request_id, directors[0])
        ids.append(request_id)
    today = clock.today()

    def act(request_id, by):
        return lambda: service.enact(request_id, effective_on=today, by=by)

    came_to = at_once(both, *(act(*pair) for pair in zip(ids, enactors[:3], strict=True)))

    assert came_to.count([RequestFault.NO_ROOM]) == 2
    assert count(Enactment) == 1
    assert count(Post, Post.superseded_at.is_(None), Post.career_level == "wise") == 1


def test_in_six_tabs_she_asks_once(both, careers, wise):
    wise_id = wise.id
    came_to = at_once(both, *[lambda: service.ask(wise_id, "wise-lead")] * MANY)

    assert came_to.count([RequestFault.LIVE_ALREADY]) == MANY - 1
    assert count(ProgressionRequest) == 1


def test_two_facts_at_once_put_her_forward_once(both, careers, make_person):
    nell = make_person("Nell Newly", career_level="new")
    pathways.settle_enrolments([nell.id])
    days = ("2018-06-01", "2018-06-02", "2018-06-03")
    her = SimpleNamespace(id=nell.id)
    at_once(both, *((lambda on=on: completed(her, "C1", on)) for on in days))

    assert len(request_ids(her)) == 1


def test_withdrawing_against_a_panel_that_decides(both, careers, make_person):
    hers = make_person("Abel Able", career_level="able")
    observed(hers)
    request_id, her_id = ask(hers, "able-wise"), hers.id

    came_to = at_once(
        both,
        lambda: panel(request_id, "young", "recommended"),
        lambda: service.withdraw(request_id, by=her_id),
    )

    assert came_to == ["done", "done"]
    assert statuses(request_id)[0] == "withdrawn"
    cases = {each.panel.code: each.status for each in panels_reading.cases_of_request(request_id)}
    assert cases.get("managers", "withdrawn") == "withdrawn"  # the young people's panel itself has decided nothing here
