"""Workforce Development finds people, a manager her staff, and nobody another council's people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from cpd.people import service as people
from cpd.people.models import Person, Post
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.people.conftest import counted_queries

TODAY = date(2019, 1, 2)


def leave(somebody, on: date) -> None:
    db.session.scalars(select(Post).filter_by(person_id=somebody.id)).one().ends_on = on
    db.session.commit()


def names(found) -> list[str]:
    return [each.name for each in found]


def test_people_are_found_in_their_own_organisation_only(both, alice, bob, stranger):
    assert names(people.search_people(alice.organisation_id, "alice")) == ["Alice Learner"]
    assert people.search_people(alice.organisation_id, "steve") == []
    assert names(people.search_people(stranger.organisation_id, "steve")) == ["Steve Stranger"]


def test_who_fits_best_stands_first_and_the_rest_by_name(app, make_person):
    for name in ("Zoe Annan", "Ann Young", "Hannah Bell", "Anna Bell"):
        make_person(name)
    organisation_id = db.session.scalars(select(Person.organisation_id)).first()

    assert names(people.search_people(organisation_id, "ann")) == ["Ann Young", "Anna Bell", "Zoe Annan", "Hannah Bell"]
    assert names(people.search_people(organisation_id, "annah"))[0] == "Hannah Bell"
    assert names(people.search_people(organisation_id, "ann", limit=1)) == ["Ann Young"]


def test_a_leaver_is_not_found_and_whoever_starts_later_is(app, alice, bob):
    leave(alice, TODAY)
    db.session.scalars(select(Post).filter_by(person_id=bob.id)).one().starts_on = date(2019, 3, 1)
    db.session.commit()

    assert names(people.search_people(bob.organisation_id, "demo")) == ["Bob Colleague", "Mary Manager"]


def test_finding_is_one_query(app, alice, bob):
    organisation_id = alice.organisation_id
    with counted_queries() as sent:
        people.search_people(organisation_id, "alice")
    assert len(sent) == 1


def test_somebody_manages_whom_her_posts_say_on_that_day(both, alice, bob, manager):
    leave(bob, date(2019, 1, 1))

    assert names(people.managed_by(manager.id, TODAY)) == ["Alice Learner"]
    assert names(people.managed_by(manager.id, date(2018, 12, 31))) == ["Alice Learner", "Bob Colleague"]
    assert people.managed_by(manager.id, date(2017, 12, 31)) == []


def test_only_an_organisations_own_people_are_handed_out(app, alice, stranger):
    assert people.people_of(alice.organisation_id, [alice.id, stranger.id, 99]).keys() == {alice.id}


def test_a_colleague_is_named_by_address_or_number(app, alice, stranger):
    for named in (alice.email, f" {alice.email.upper()} ", alice.employee_number):
        assert people.find_colleague(alice.organisation_id, named) == alice.id
    assert people.find_colleague(stranger.organisation_id, alice.email) is None


def test_the_people_who_may_be_seen_in_a_list_are_those_whose_page_may_be_seen(
    both, alice, bob, manager, officer, stranger, make_person
):
    leave(bob, date(2019, 1, 1))
    auditor = make_person("Audrey Auditor", Role.AUDITOR)
    everybody = [alice, bob, manager, officer, stranger, auditor]
    for viewer in everybody:
        seen = people.visible_to(viewer.id, viewer.organisation_id, viewer.roles, TODAY)
        listed = set(db.session.scalars(select(Person.id).where(seen)))
        single = {
            person.id
            for person in everybody
            if people.may_see(viewer.id, viewer.organisation_id, viewer.roles, person.id, TODAY)
        }
        assert listed == single, viewer.name


def test_a_person_who_does_not_exist_may_not_be_seen(app, officer):
    for person_id in (0, -1, 99, 2**31, 2**63):
        assert not people.may_see(officer.id, officer.organisation_id, officer.roles, person_id, TODAY)


def test_who_holds_a_role_is_listed_unless_she_has_left(app, make_person):
    make_person("Harriet HR", Role.HR)
    leave(make_person("Gone HR", Role.HR), TODAY)
    organisation_id = db.session.scalars(select(Person.organisation_id)).first()

    assert names(people.holders_of(organisation_id, Role.HR)) == ["Harriet HR"]


def test_details_are_those_of_the_day(app, alice):
    assert people.details_of(alice.id, TODAY).team == "Assessment Team 1"
    before = people.details_of(alice.id, date(2017, 1, 1))
    assert (before.name, before.team, before.fte) == ("Alice Learner", None, None)
    with pytest.raises(LookupError):
        people.details_of(99, TODAY)


def test_who_stands_above_somebody_is_everybody_up_the_line_that_day(both, make_person):
    director = make_person("Dora Director")
    head = make_person("Hal Head", manager=director)
    manager = make_person("Mona Manager", manager=head)
    worker = make_person("Wil Worker", manager=manager)

    assert people.managers_above([worker.id, director.id], TODAY) == {
        worker.id: {manager.id, head.id, director.id},
        director.id: set(),
    }
    assert people.managers_above([worker.id], date(2017, 12, 31)) == {worker.id: set()}


def test_a_circle_of_managers_ends(both, make_person):
    first = make_person("One")
    second = make_person("Two", manager=first)
    db.session.execute(update(Post).where(Post.person_id == first.id).values(manager_id=second.id))
    db.session.commit()

    assert people.managers_above([first.id], TODAY) == {first.id: {first.id, second.id}}


def test_who_holds_a_role_holds_it_here_and_while_she_works_here(both, officer, alice, make_person, make_organisation):
    elsewhere = make_organisation("slough", "Slough Borough Council")

    assert people.holds(officer.id, officer.organisation_id, Role.HR, Role.WORKFORCE_DEVELOPMENT)
    assert not people.holds(officer.id, officer.organisation_id, Role.HR)
    assert not people.holds(alice.id, alice.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    assert not people.holds(officer.id, elsewhere.id, Role.WORKFORCE_DEVELOPMENT)
    assert not people.holds(10**30, officer.organisation_id, Role.WORKFORCE_DEVELOPMENT)
    leave(officer, TODAY)
    assert not people.holds(officer.id, officer.organisation_id, Role.WORKFORCE_DEVELOPMENT)
