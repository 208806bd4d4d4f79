"""Ten are enacted by one step at the same moment: as many as there is room for, and not a thousandth more (C-3)."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from cpd.people.models import Person, Post
from cpd.progression.requests import service as requests
from cpd.progression.requests.rules import RequestFault
from cpd.progression.vacancies import service
from cpd.progression.vacancies.rules import RoomReason
from cpd.progression.vacancies.service import NoRoom
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression import requesting
from tests.progression.free_posts import FTE, adopt, ceiling, held, step, take, wanted


@pytest.fixture
def capped(app_in_use, organisation):
    """Two full-time equivalents in all, by one step."""
    return adopt()


@pytest.fixture
def ten(make_person):
    return [make_person(f"Worker {number}") for number in range(10)]


def at_once(app, *acts):
    """Let each act run in a thread of its own, all from the same moment, and return what each came to."""
    came_to, ready = {}, threading.Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                came_to[number] = act()
            except NoRoom as refused:
                came_to[number] = [each.reason for each in refused.objections]
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [came_to[number] for number in range(len(acts))]


def taking(organisation_id, person_id, fte, transition, vacancy_id=None):
    """An act that takes room."""

    def act():
        service.take_room(person_id, person_id, transition, organisation_id, FTE(fte), vacancy_id)
        return "taken"

    return act


def test_of_two_who_are_enacted_into_the_last_half_one_wins_and_the_other_is_told_why(both, capped, organisation, ten):
    take(organisation, ten[0], "1")
    take(organisation, ten[1], "0.5")
    transition = step(organisation)

    came_to = at_once(both, *(taking(organisation.id, each.id, "0.5", transition) for each in ten[2:4]))

    assert sorted(map(str, came_to)) == sorted(["taken", str([RoomReason.CEILING_REACHED])])
    assert ceiling(organisation) == (2000, 2000, 2000)
    assert len(held()) == 3


def test_of_ten_of_six_tenths_each_three_find_room(both, capped, organisation, ten):
    transition = step(organisation)

    came_to = at_once(both, *(taking(organisation.id, each.id, "0.6", transition) for each in ten))

    assert came_to.count("taken") == 3
    assert came_to.count([RoomReason.CEILING_REACHED]) == 7
    assert ceiling(organisation) == (2000, 2000, 1800)


def test_room_that_is_given_back_and_taken_at_once_never_goes_beyond(both, capped, organisation, ten):
    for each in ten[:2]:
        take(organisation, each, "1")
    transition = step(organisation)
    back = [lambda number=each.id: service.give_room_back(number) for each in ten[:2]] * 2

    came_to = at_once(both, *back, *(taking(organisation.id, each.id, "1", transition) for each in ten[2:6]))

    assert came_to[:4].count(True) == 2
    assert came_to.count("taken") <= 2
    assert ceiling(organisation)[2] == sum(held().values()) == 1000 * came_to.count("taken")


HALF = ("        transition_mode: approval\n", "        transition_mode: approval\n        ceiling_fte: 1.5\n")


def test_of_two_changes_for_the_last_half_one_is_made_and_of_the_other_nothing(
    both, organisation, make_person, operations
):
    requesting.adopt(HALF)
    director = make_person("Dora Director", Role.ASSISTANT_DIRECTOR)
    asked = []
    for name, fte in (("Ann", 1), ("Ben", "0.5"), ("Cyd", "0.5")):
        person = make_person(name, career_level="wise")
        db.session.execute(update(Post).where(Post.person_id == person.id).values(fte=FTE(fte)))
        db.session.commit()
        asked.append(requesting.ask(person, "wise-lead"))
        requesting.approve(asked[-1], director)
    requesting.enact(asked[0], operations)
    by, today = operations.id, clock.today()

    def act(number):
        def make():
            try:
                requests.enact(number, effective_on=today, by=by)
            except requests.RequestRefused as refused:
                return refused.faults, refused.more
            return number

        return make

    came_to = at_once(both, *(act(number) for number in asked[1:]))

    (made,) = [each for each in came_to if isinstance(each, int)]
    ((faults, more),) = [each for each in came_to if not isinstance(each, int)]
    (left,) = set(asked[1:]) - {made}
    assert faults == [RequestFault.NO_ROOM]
    assert more[0].startswith("The ceiling of this step has no room for 0.5 FTE: 1.5 of 1.5 FTE taken; 0 left.")
    assert ceiling(organisation, "wise-lead") == (1500, 1500, 1500)
    assert requesting.statuses(left) == ("open", ["done", "open"])
    assert requesting.facts(left).enactment is None
    person = db.session.get(Person, requesting.facts(left).person_id)
    assert [each[0] for each in requesting.posts(person)] == ["wise"]


def test_a_vacancy_goes_to_one_of_ten(both, capped, organisation, ten, operations):
    vacancy_id = service.open_vacancy(organisation.id, wanted(), by=operations.id)
    transition = step(organisation, "able-wise")

    came_to = at_once(both, *(taking(organisation.id, each.id, "1", transition, vacancy_id) for each in ten))

    assert came_to.count("taken") == 1
    assert came_to.count([RoomReason.VACANCY_FILLED]) == 9
    assert len(held()) == 1


def test_a_vacancy_is_either_filled_or_closed(both, capped, organisation, ten, operations):
    vacancy_id = service.open_vacancy(organisation.id, wanted(), by=operations.id)
    transition, ours, by = step(organisation, "able-wise"), organisation.id, operations.id

    def close():
        try:
            service.close_vacancy(vacancy_id, ours, reason="No money", by=by)
        except service.VacancyRefused:
            return "refused"
        return "closed"

    came_to = at_once(both, close, taking(organisation.id, ten[0].id, "1", transition, vacancy_id))

    assert came_to in (["closed", [RoomReason.VACANCY_CLOSED]], ["refused", "taken"])
