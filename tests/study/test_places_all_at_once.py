"""Ten decide on the last place at the same moment: one application gets it, and the others are told why (S-5)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.places import service
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import PlaceDecision, PlaceFault, PlaceStatus
from cpd.study.places.service import PlaceRefused

AWARD = "practice-educator"
THIS_YEAR = date(2018, 4, 1)


def at_once(app, *acts):
    """Let each act run in a thread of its own, all from the same moment, and return what each came to."""
    came_to, ready = {}, threading.Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                came_to[number] = act()
            except PlaceRefused as refused:
                came_to[number] = refused.faults
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [came_to[number] for number in range(len(acts))]


def count(status):
    db.session.rollback()
    wanted = select(func.count(AwardPlaceApplication.id)).where(AwardPlaceApplication.status == status)
    return db.session.scalar(wanted)


def taken():
    db.session.rollback()
    row = db.session.scalars(select(AwardPlaceQuota)).one()
    return row.taken, row.places


def apply(person):
    return service.apply(person.id, AWARD, THIS_YEAR, "I want to teach")


def give(application_id, by):
    return lambda: service.decide(application_id, PlaceDecision.SELECT, reasons="Because", by=by)


@pytest.fixture
def officers(make_person, slough):
    """Ten officers, each of whom may decide."""
    return [make_person(f"Officer {number}", Role.WORKFORCE_DEVELOPMENT, employer=slough).id for number in range(10)]


def test_of_ten_who_give_the_last_place_to_ten_applications_one_wins_and_nine_are_told_why(
    both, slough_worker, officers
):
    for name in ("Ann", "Ben"):
        give(apply(slough_worker(name)), officers[0])()
    last = [apply(slough_worker(f"Applicant {number}")) for number in range(10)]

    came_to = at_once(both, *(give(each, by) for each, by in zip(last, officers, strict=True)))

    assert came_to.count(PlaceStatus.SELECTED) == 1
    assert came_to.count([PlaceFault.NO_PLACE_LEFT]) == 9
    assert (taken(), count(PlaceStatus.SELECTED), count(PlaceStatus.APPLIED)) == ((3, 3), 3, 9)


def test_of_ten_decisions_on_one_application_one_is_taken(both, slough_worker, officers):
    application_id = apply(slough_worker("Ann"))

    came_to = at_once(both, *(give(application_id, by) for by in officers))

    assert came_to.count(PlaceStatus.SELECTED) == 1
    assert came_to.count([PlaceFault.DECIDED_ALREADY]) == 9
    assert taken() == (1, 3)


def test_ten_first_applications_at_once_write_the_years_places_down_once(both, slough_worker):
    people = [slough_worker(f"Applicant {number}").id for number in range(10)]

    def act(person_id):
        return lambda: service.apply(person_id, AWARD, THIS_YEAR, "I want to teach")

    at_once(both, *(act(each) for each in people))

    assert taken() == (0, 3)
    assert count(PlaceStatus.APPLIED) == 10


def test_one_person_in_ten_tabs_applies_once(both, slough_worker):
    person_id = slough_worker("Ann").id

    came_to = at_once(both, *[lambda: service.apply(person_id, AWARD, THIS_YEAR, "I want to teach")] * 10)

    assert came_to.count([PlaceFault.APPLIED_ALREADY]) == 9
    assert count(PlaceStatus.APPLIED) == 1


def test_three_places_given_up_while_somebody_waits_and_others_are_chosen_are_never_given_twice(
    both, slough_worker, officers
):
    held = [(slough_worker(name), name) for name in ("Ann", "Ben", "Cyd")]
    theirs = [(person.id, apply(person)) for person, _ in held]
    for _, application_id in theirs:
        give(application_id, officers[0])()
    waiting = [apply(slough_worker(f"Waiting {number}")) for number in range(2)]
    for each in waiting:
        service.decide(each, PlaceDecision.WAIT, reasons="All are taken", by=officers[0])
    asked = [apply(slough_worker(f"Asking {number}")) for number in range(5)]

    def give_up(person_id, application_id):
        return lambda: service.give_up(application_id, reason="", by=person_id)

    at_once(both, *(give_up(*each) for each in theirs), *(give(each, officers[1]) for each in asked))

    db.session.rollback()
    first = select(AwardPlaceApplication.status).where(AwardPlaceApplication.id.in_(waiting))
    assert set(db.session.scalars(first)) == {PlaceStatus.SELECTED}  # whoever waits comes before whoever is new
    assert count(PlaceStatus.SELECTED) == taken()[0] <= 3
