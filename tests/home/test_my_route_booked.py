"""A whole plan is booked in one act: what can be had, all or none, and for every line what came of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cpd.booking.rules import Reason, Status
from cpd.booking.service import book_places, book_what_can
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import TrainingSession
from tests.cast import london
from tests.home.term import hold, links_of, session_on, take_the_term, words_of

DAYS = [("M1", 1, 10), ("M2", 1, 15), ("M3", 1, 15), ("M4", 1, 18), ("M5", 1, 18), ("M6", 1, 31)]


@pytest.fixture
def ids(both, organisation):
    """The sessions of the fastest route, on each database."""
    take_the_term()
    return [session_on(*each).id for each in DAYS]


@pytest.fixture
def visitor(ids, sign_in, alice):
    return sign_in(alice)


def fill(session_id):
    """Take all places of a session."""
    db.session.get_one(TrainingSession, session_id).capacity = 0
    db.session.commit()


def states(page):
    """How each session on a page stands."""
    return [state for _, state in re.findall(r'data-session="(\d+)"[^>]*data-state="(\w+)"', page.text)]


def test_from_the_start_page_everything_is_booked_in_four_taps(visitor):
    plan = visitor.get(links_of(visitor.get("/"))["Plan the whole programme"])
    asked = visitor.get(links_of(plan)["Book these 6"])
    together = re.findall(r'name="together" value="(\d+)"', asked.text)

    booked = visitor.post("/my/route/systemic/book", data={"together": together})

    assert booked.status_code == 303
    outcome = visitor.get(booked.location)
    assert "6 sessions are booked" in words_of(outcome)
    assert states(outcome) == ["booked"] * 6


def test_before_it_is_confirmed_each_line_says_what_it_means(visitor, ids):
    fill(ids[-1])

    words = words_of(visitor.get("/my/route/systemic/book?" + "&".join(f"together={each}" for each in ids)))

    assert words.startswith("Systemic and strengths-based practice Book these 6 sessions?")
    assert "Just come: it goes into your diary" in words
    assert words.count("A place, on condition of what comes before it") == 3
    assert "Full: you join the waiting list" in words


def test_nothing_is_booked_by_looking(visitor, ids):
    visitor.get("/my/route/systemic/book?" + "&".join(f"together={each}" for each in ids))

    assert states(visitor.get("/my/bookings")) == []


def test_a_line_that_cannot_be_had_leaves_the_others(visitor, ids, alice):
    court = hold("PS-ACES", london(2019, 1, 18, 9))
    book_places(alice.id, [court.id], by=alice.id)

    booked = visitor.post("/my/route/systemic/book", data={"together": ids})

    assert booked.status_code == 303
    outcome = visitor.get(booked.location)
    words = words_of(outcome)
    assert "4 of 6 sessions are booked" in words
    assert "It clashes with ACEs in your diary on Friday 18 January at 9am." in words
    assert "Module 4 is missing. Do it first" in words
    assert states(outcome) == ["booked", "booked", "booked", "refused", "booked", "refused"]
    assert links_of(outcome)["Plan what is left"] == "/my/route/systemic"


def test_all_or_none_is_none_when_one_cannot_be_had(visitor, ids, alice):
    court = hold("PS-ACES", london(2019, 1, 18, 9))
    book_places(alice.id, [court.id], by=alice.id)

    refused = visitor.post("/my/route/systemic/book", data={"together": ids, "all_or_none": "y"})

    assert refused.status_code == 409
    assert "Nothing was booked" in words_of(refused)
    assert "It clashes with ACEs in your diary" in words_of(refused)
    assert states(visitor.get("/my/bookings")) == ["booked"]


def test_all_or_none_is_all_when_all_can_be_had(visitor, ids):
    assert visitor.post("/my/route/systemic/book", data={"together": ids, "all_or_none": "y"}).status_code == 303

    assert states(visitor.get("/my/bookings")) == ["booked"] * 6


def test_whoever_waits_is_told_which_of_them_and_at_which_position(visitor, ids, bob):
    fill(ids[-1])
    book_places(bob.id, ids, by=bob.id)

    words = words_of(visitor.get(visitor.post("/my/route/systemic/book", data={"together": ids}).location))

    assert "6 sessions are booked, 1 of them on the waiting list" in words
    assert "Waiting list: 2nd" in words


def test_a_plan_that_is_sent_twice_is_booked_once(visitor, ids):
    visitor.post("/my/route/systemic/book", data={"together": ids})

    again = visitor.post("/my/route/systemic/book", data={"together": ids})

    assert again.status_code == 409
    assert "You have these sessions already" in words_of(again)
    assert states(visitor.get("/my/bookings")) == ["booked"] * 6


def test_everybody_concerned_is_told_of_each_place(visitor, ids, alice, manager):
    visitor.post("/my/route/systemic/book", data={"together": ids})

    db.session.rollback()
    told = db.session.execute(select(OutboxMessage.person_id, OutboxMessage.kind)).all()
    assert sorted(kind for person_id, kind in told if person_id == alice.id) == ["booked"] + ["booked_on_condition"] * 4
    assert [kind for person_id, kind in told if person_id == manager.id] == ["manager_informed"] * 5


def test_one_act_books_what_can_be_had_and_gives_every_reason_for_the_rest(ids, alice):
    booked, refused = book_what_can(alice.id, [ids[0], ids[2], ids[3]], by=alice.id)

    assert [(each.training_session_id, each.status) for each in booked] == [(ids[0], Status.CONFIRMED)]
    assert {each: [one.reason for one in reasons] for each, reasons in refused.items()} == {
        ids[2]: [Reason.PREREQUISITE],
        ids[3]: [Reason.PREREQUISITE],
    }


@pytest.mark.parametrize("together", [[], ["x"], ["-1"], ["99999999999"], [str(each) for each in range(1, 60)]])
def test_what_can_name_no_sessions_is_refused_and_changes_nothing(visitor, together):
    query = "&".join(f"together={each}" for each in together)

    assert visitor.post("/my/route/systemic/book", data={"together": together}).status_code == 422
    assert visitor.get(f"/my/route/systemic/book?{query}").location == "/my/route/systemic"
    assert visitor.get(f"/my/route/systemic/booked?{query}").location == "/my/route/systemic"
    assert states(visitor.get("/my/bookings")) == []


@pytest.mark.parametrize("page", ["book", "booked"])
def test_a_session_of_something_else_is_not_found(visitor, ids, page):
    other = hold("PS-ACES", london(2019, 1, 18, 9))
    draft = hold("M7", london(2019, 4, 18, 9), status="draft")

    for each in (other.id, draft.id, 9_999):
        assert visitor.get(f"/my/route/systemic/{page}?together={ids[0]}&together={each}").status_code == 404
        assert visitor.post("/my/route/systemic/book", data={"together": [ids[0], each]}).status_code == 404
    assert states(visitor.get("/my/bookings")) == []


def test_nobody_books_another_councils_plan(ids, sign_in, stranger):
    assert sign_in(stranger).post("/my/route/systemic/book", data={"together": ids}).status_code == 404
