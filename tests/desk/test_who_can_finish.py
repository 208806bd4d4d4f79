"""Workforce Development sees who can no longer finish a programme, and which further session would help most people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.cast import london
from tests.catalogue.conftest import counted_queries
from tests.home.term import hold, session_on, take_the_term, words_of


@pytest.fixture
def term(app, organisation):
    return take_the_term()


@pytest.fixture
def desk(term, sign_in, officer):
    """The desk's page of the programme in words."""
    browser = sign_in(officer)
    return lambda: words_of(browser.get("/workforce/programmes/systemic"))


def has_done(person, *modules):
    for module in modules:
        said = FactSaid(
            person_id=person.id,
            kind=FactKind.COMPLETED,
            subject=module,
            happened_on=date(2018, 12, 3),
            source_kind="import",
        )
        add_fact(said, by=None)


def test_at_the_start_of_term_everybody_can_finish(desk, alice, bob):
    has_done(alice, "M1")

    words = desk()

    assert "Everybody who has begun can finish" in words
    assert "Have begun 1" in words


def test_whoever_has_begun_and_cannot_finish_is_named_with_what_stops_her(desk, alice, bob, make_person, clock_at):
    has_done(alice, "M1")
    has_done(bob, "M1", "M2", "M3", "M4", "M5")
    has_done(make_person("Flora Finished"), "M1", "M2", "M3", "M4", "M5", "M6")
    make_person("Nora Never Began")
    clock_at(2019, 3, 14, 9)

    words = desk()

    assert "1 person can no longer finish" in words
    assert "Alice Learner" in words
    assert "1 of 6 Module 2" in words
    assert "Bob Colleague" not in words
    assert "Nora" not in words
    assert "Have finished 1" in words
    assert "Module 2 stops 1 person" in words


def test_the_session_that_helps_most_people_stands_first(desk, alice, bob, make_person, clock_at):
    carol = make_person("Carol Third")
    for person in (alice, bob):
        has_done(person, "M1", "M3", "M4", "M5")
    has_done(carol, "M1", "M2", "M4", "M5")
    clock_at(2019, 3, 14, 9)

    words = desk()

    assert "3 people can no longer finish" in words
    help_ = words.partition("One more session that would help")[2]
    assert (
        "One more session of Module 2, over by 9:30am on 15 March 2019, would let 2 people finish. "
        "One more session of Module 3, over by 9:30am on 18 March 2019, would let 1 person finish." in help_
    )


def test_whoever_needs_two_further_sessions_is_not_said_to_be_helped_by_one(desk, alice, clock_at):
    has_done(alice, "M1")
    clock_at(2019, 3, 14, 9)

    assert "No single further session would be enough for any of them" in desk()


def test_after_the_last_date_of_the_last_module_one_more_of_it_helps(desk, alice, clock_at):
    has_done(alice, "M1", "M2", "M3", "M4", "M5")
    clock_at(2019, 4, 1, 9)

    assert "One more session of Module 6: Practical Simulation would let 1 person finish." in desk()


def test_whoever_may_only_wait_is_said_to_depend_on_a_place(desk, alice):
    has_done(alice, "M1", "M2", "M3", "M4", "M5")
    for day in ((1, 31), (2, 6), (2, 20), (3, 18)):
        session_on("M6", *day).capacity = 0
        db.session.commit()

    words = desk()

    assert "1 person can no longer finish" in words
    assert "Module 6: Practical Simulation, unless a place becomes free" in words


def test_whoever_has_booked_what_is_left_can_finish(desk, alice, clock_at):
    has_done(alice, "M1", "M2", "M3", "M4", "M5")
    book_places(alice.id, [session_on("M6", 3, 18).id], by=alice.id)
    clock_at(2019, 3, 18, 12)

    assert "Everybody who has begun can finish" in desk()


def test_whoever_the_programme_is_not_meant_for_is_not_counted(desk, alice, clock_at):
    has_done(alice, "M1")
    for module in db.session.scalars(select(Module)):
        module.audience = {"staff_types": ["agency"], "career_levels": [], "words": "Agency staff"}
    db.session.commit()
    clock_at(2019, 3, 14, 9)

    words = desk()

    assert "Alice" not in words
    assert "Have begun 0" in words


def test_the_people_of_another_council_are_not_shown(desk, stranger, clock_at):
    has_done(stranger, "M1")
    clock_at(2019, 3, 14, 9)

    assert "Steve" not in desk()


def test_only_workforce_development_sees_it(term, sign_in, alice, officer, make_person, make_organisation):

    slough = make_organisation("slough", "Slough")
    elsewhere = make_person("Olga Elsewhere", Role.WORKFORCE_DEVELOPMENT, employer=slough)

    for path in ("/workforce/programmes", "/workforce/programmes/systemic"):
        assert sign_in(alice).get(path).status_code == 403
        assert sign_in(officer).get(path).status_code == 200
    assert sign_in(elsewhere).get("/workforce/programmes/systemic").status_code == 404
    assert sign_in(officer).get("/workforce/programmes/nothing").status_code == 404


def test_the_desk_leads_to_every_programme(term, sign_in, officer):
    browser = sign_in(officer)

    assert 'href="/workforce/programmes"' in browser.get("/workforce").text
    assert 'href="/workforce/programmes/systemic"' in browser.get("/workforce/programmes").text


def test_it_asks_the_database_as_often_for_many_people_as_for_few(term, sign_in, officer, alice, make_person, clock_at):
    browser = sign_in(officer)
    has_done(alice, "M1")
    hold("M2", london(2019, 4, 10, 9))
    clock_at(2019, 3, 14, 9)
    with counted_queries() as few:
        browser.get("/workforce/programmes/systemic")
    for number in range(30):
        has_done(make_person(), "M1", *(["M2"] if number % 2 else []))
    with counted_queries() as many:
        browser.get("/workforce/programmes/systemic")

    assert len(many) == len(few) <= 12
