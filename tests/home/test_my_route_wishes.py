"""Where no route exists, somebody asks to be told: once, when there is a date that she can have."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.booking.capacity import change_capacity
from cpd.booking.models import DateWish
from cpd.booking.service import book_places
from cpd.booking.wishes import wish_for_date
from cpd.catalogue import service as catalogue
from cpd.messages.words import words_of as words_of_message
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.service import publish_sessions
from tests.cast import london
from tests.catalogue.conftest import counted_queries
from tests.home.term import hold, take_the_term, words_of

pytestmark = pytest.mark.usefixtures("term")

AFTER_THE_LAST = (2019, 3, 14, 9)
"""Modules 1, 2 and 3 are over by then."""


@pytest.fixture
def term(both, organisation, clock_at):
    clock_at(*AFTER_THE_LAST)
    return take_the_term()


@pytest.fixture
def visitor(term, sign_in, alice):
    return sign_in(alice)


@pytest.fixture
def wish(term):
    """Somebody wishes for a module: `wish(alice, "M2")`."""
    return lambda person, code: wish_for_date(person.id, catalogue.module_by_code(code).id)


def told(person):
    db.session.rollback()
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id, OutboxMessage.kind == "new_date")
    return db.session.scalars(wanted).all()


def new_draft(module, *when, **more):
    return hold(module, london(*when), status="draft", **more).id


def publish(*ids):
    publish_sessions(ids, by=None)


def test_who_asks_is_promised_to_be_told(visitor, alice):
    asked = visitor.post("/my/route/systemic/tell-me", data={"module": "M1"})

    assert (asked.status_code, asked.location) == (303, "/my/route/systemic")
    words = words_of(visitor.get(asked.location))
    assert "We will tell you when there is a date for Module 1: Genograms." in words
    assert "We will tell you when there is a date for Module 1 that you can book." in words
    assert "Tell me when there is a date" not in words


def test_she_is_told_once_and_where_to_book(visitor, alice, wish):
    wish(alice, "M2")
    first, second = new_draft("M2", 2019, 4, 2, 9), new_draft("M2", 2019, 4, 9, 9)

    publish(first)
    publish(second)

    (message,) = told(alice)
    words = words_of_message("new_date", message.facts, name="Alice", link_shown=True)
    assert words.subject == "There is a date: Module 2, Tuesday 2 April"
    assert f"/sessions/{first}" in words.body
    assert "other date" not in words.body
    assert db.session.scalars(select(DateWish)).all() == []


def test_of_several_dates_at_once_the_first_is_named(alice, wish):
    wish(alice, "M2")

    publish(new_draft("M2", 2019, 4, 9, 9), new_draft("M2", 2019, 4, 2, 9))

    (message,) = told(alice)
    words = words_of_message("new_date", message.facts, name="Alice", link_shown=True).body
    assert "Tuesday 2 April 2019" in words
    assert "There is another date too." in words


def test_a_date_that_she_cannot_have_is_none_and_she_goes_on_waiting(alice, bob, wish, stranger):
    wish(alice, "M2")
    aces = hold("PS-ACES", london(2019, 4, 2, 9)).id
    book_places(alice.id, [aces], by=alice.id)

    publish(new_draft("M2", 2019, 4, 2, 10))
    publish(new_draft("M2", 2019, 4, 3, 9, places=0))
    publish(new_draft("M1", 2019, 4, 4, 9))
    assert told(alice) == []

    publish(new_draft("M2", 2019, 4, 5, 9))
    assert len(told(alice)) == 1


def test_a_draft_is_no_date_yet(alice, wish):
    wish(alice, "M2")

    new_draft("M2", 2019, 4, 2, 9)

    assert told(alice) == []


def test_a_place_that_is_added_to_a_full_session_is_a_date(alice, wish, officer):
    full = hold("M2", london(2019, 4, 2, 9), places=0).id
    wish(alice, "M2")

    change_capacity(full, 3, by=officer.id)

    assert len(told(alice)) == 1


def test_a_date_that_can_be_booked_only_together_with_what_it_needs_is_one(alice, wish):
    wish(alice, "M3")

    publish(new_draft("M3", 2019, 4, 2, 14))
    assert told(alice) == []

    hold("M1", london(2019, 4, 1, 9))
    publish(new_draft("M2", 2019, 4, 2, 9))
    assert told(alice) == []

    publish(new_draft("M3", 2019, 4, 3, 14))
    assert len(told(alice)) == 1


def test_who_has_a_place_by_then_is_not_told(alice, wish):
    wish(alice, "M2")
    mine = hold("M2", london(2019, 4, 2, 9)).id
    book_places(alice.id, [mine], by=alice.id)

    publish(new_draft("M2", 2019, 4, 9, 9))

    assert told(alice) == []
    assert db.session.scalars(select(DateWish)).all() == []


def test_asking_twice_is_asking_once(alice, wish):
    wish(alice, "M2")
    wish(alice, "M2")

    publish(new_draft("M2", 2019, 4, 2, 9))

    assert len(told(alice)) == 1


def test_everybody_who_asked_is_told_by_as_many_questions_as_one(both, alice, bob, manager, officer, wish):
    wish(alice, "M2")
    with counted_queries() as for_one:
        publish(new_draft("M2", 2019, 4, 2, 9))
    for person in (alice, bob, manager, officer):
        wish(person, "M2")
    with counted_queries() as for_four:
        publish(new_draft("M2", 2019, 4, 9, 9))

    assert [len(told(person)) for person in (alice, bob, manager, officer)] == [2, 1, 1, 1]
    assert questions(for_four) == questions(for_one)


def questions(statements):
    return sum(statement.startswith("SELECT") for statement in statements)


@pytest.mark.parametrize(
    ("module", "answer"), [("", 422), ("NOTHING", 404), ("PS-ACES", 404), ("M7", 303), ("M2", 303)]
)
def test_only_a_module_of_the_programme_can_be_asked_for(visitor, module, answer):
    assert visitor.post("/my/route/systemic/tell-me", data={"module": module}).status_code == answer


def test_nobody_asks_for_another_councils_module(term, sign_in, stranger):
    assert sign_in(stranger).post("/my/route/systemic/tell-me", data={"module": "M2"}).status_code == 404
