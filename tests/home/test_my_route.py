"""Somebody plans a whole programme: when she finishes and why then, what else she may choose, and what stops her."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import london
from tests.catalogue.conftest import counted_queries
from tests.home.term import hold, links_of, plan_of, session_on, take_the_term, words_of

FASTEST = [
    ("M1", "Thu 10 Jan"),
    ("M2", "Tue 15 Jan"),
    ("M3", "Tue 15 Jan"),
    ("M4", "Fri 18 Jan"),
    ("M5", "Fri 18 Jan"),
    ("M6", "Thu 31 Jan and Fri 1 Feb"),
]
"""The fastest route through Gateshead's programme (G-10, G-12)."""


@pytest.fixture
def term(app, organisation):
    return take_the_term()


@pytest.fixture
def visitor(term, sign_in, alice):
    return sign_in(alice)


@pytest.fixture
def plan(visitor):
    """Open Alice's plan: `plan("?waiting=y")`."""

    def open_plan(query=""):
        page = visitor.get(f"/my/route/systemic{query}")
        assert page.status_code == 200
        return page

    return open_plan


def has_done(person, *modules, on=date(2018, 12, 3)):
    for module in modules:
        said = FactSaid(
            person_id=person.id, kind=FactKind.COMPLETED, subject=module, happened_on=on, source_kind="import"
        )
        add_fact(said, by=None)


def fill(training_session):
    """Take all places of a session."""
    training_session.capacity = 0
    db.session.commit()


def test_the_earliest_finish_is_1_february_by_the_fastest_route(plan):
    page = plan()

    assert "You finish on 1 February 2019" in words_of(page)
    assert plan_of(page) == FASTEST


def test_it_is_said_what_takes_longest_and_when_that_is_held(plan):
    words = words_of(plan())

    assert "Module 6 is what takes longest: its next dates are 31 January, 6 February and 20 February." in words


def test_a_date_of_the_last_module_that_comes_too_soon_is_named(plan, clock_at):
    clock_at(2019, 1, 22, 9)

    words = words_of(plan())

    assert "You finish on 21 February 2019" in words
    assert "31 January and 6 February would be too soon: not everything else fits in before." in words


def test_a_drop_in_is_said_to_be_open_to_all_who_come(plan):
    assert "Bridges Room, Civic Centre" in words_of(plan())
    assert "Just come: it goes into your diary" in words_of(plan())


def test_the_picture_says_the_same_as_the_list(plan):
    picture = plan().text.partition("<desc")[2].partition("</desc>")[0]

    assert "Module 2: Tue 15 Jan, 9:30am." in picture
    assert "Module 6: Thu 31 Jan, 9:30am." in picture


def test_what_is_done_and_what_is_booked_is_kept(plan, alice):
    has_done(alice, "M1")
    second = session_on("M2", 1, 21)
    book_places(alice.id, [second.id], by=alice.id)

    page = plan()

    assert plan_of(page)[:2] == [("M2", "Mon 21 Jan"), ("M3", "Mon 21 Jan")]
    assert "You have done Module 1." in words_of(page)
    assert "1 of 6 modules done, 1 booked" in words_of(page)
    assert 'href="/my/route/systemic/book' in page.text
    assert "Book these 4" in words_of(page)


def test_what_counts_as_a_module_need_not_be_planned(plan, alice):
    has_done(alice, "PS-GENOGRAMS", on=date(2018, 11, 20))

    assert plan_of(plan()) == FASTEST[1:]


def test_everything_booked_leaves_nothing_to_book(plan, alice):
    days = [("M1", 1, 10), ("M2", 1, 15), ("M3", 1, 15), ("M4", 1, 18), ("M5", 1, 18), ("M6", 1, 31)]
    book_places(alice.id, [session_on(*each).id for each in days], by=alice.id)

    words = words_of(plan())

    assert "You finish on 1 February 2019" in words
    assert "Everything is booked." in words
    assert "Book these" not in words


def test_everything_done_leaves_nothing_to_plan(plan, alice):
    has_done(alice, "M1", "M2", "M3", "M4", "M5", "M6")

    assert "You have finished this programme" in words_of(plan())


def test_a_day_struck_out_is_planned_around_and_can_be_had_back(plan, visitor):
    without = links_of(plan())["I cannot come that day : Thu 10 Jan"]

    page = visitor.get(without)

    assert ("M1", "Wed 16 Jan") in plan_of(page)
    assert "You finish on 1 February 2019" in words_of(page)
    again = links_of(page)["Plan again with Not on Thursday 10 January 2019"]
    assert plan_of(visitor.get(again)) == FASTEST


def test_a_day_is_struck_out_by_the_form_and_joins_those_struck_out_before(visitor):
    asked = visitor.get("/my/route/systemic?not_on=2019-01-10&day=31&day=1&day=2019")

    assert asked.status_code == 302
    assert asked.location == "/my/route/systemic?not_on=2019-01-10&not_on=2019-01-31"
    assert "You finish on 7 February 2019" in words_of(visitor.get(asked.location))


def test_the_next_best_plans_each_do_without_one_of_the_days(plan):
    words = words_of(plan())

    best = words.partition("The next-best plans")[2].partition("Last chances")[0]
    assert "Without Thursday 10 January: finishes the same day, 1 February 2019" in best
    assert "Without Tuesday 15 January: finishes the same day, 1 February 2019" in best
    assert "Without Friday 18 January: finishes the same day, 1 February 2019" in best
    assert best.count("Without") == 3


def test_the_next_best_plans_follow_by_their_finish(plan, clock_at):
    clock_at(2019, 2, 11, 9)

    best = words_of(plan()).partition("The next-best plans")[2]

    assert "You finish on 19 March 2019" in words_of(plan())
    assert "later" not in best.partition("Last chances")[0]


def test_each_choice_says_what_it_does_to_the_finish(plan, visitor):
    page = plan()

    words = words_of(page)
    assert "Monday 4 February, 1:30pm, Room 2, Dryden Road PDC: finishes 6 days later" in words
    chosen = visitor.get(links_of(page)["Monday 4 February, 1:30pm, Room 2, Dryden Road PDC"])
    assert "You finish on 7 February 2019" in words_of(chosen)
    assert ("M3", "Mon 4 Feb") in plan_of(chosen)
    assert "Tuesday 15 January, 1:30pm, Room 2, Dryden Road PDC: finishes 6 days earlier" in words_of(chosen)
    back = links_of(chosen)["Plan again without Module 3 on Monday 4 February"]
    assert plan_of(visitor.get(back)) == FASTEST


def test_two_choices_hold_at_once(plan):
    third, sixth = session_on("M3", 2, 4), session_on("M6", 2, 20)

    page = plan(f"?pin={third.id}&pin={sixth.id}")

    assert {("M3", "Mon 4 Feb"), ("M6", "Wed 20 Feb and Thu 21 Feb")} <= set(plan_of(page))


def test_choices_that_cannot_be_had_together_are_said_to_stop_it(plan, visitor):
    third, sixth = session_on("M3", 2, 4), session_on("M6", 1, 31)

    page = plan(f"?pin={third.id}&pin={sixth.id}")

    assert "Module 6 stops you finishing" in words_of(page)
    out = links_of(page)["Without the sessions that you chose, you finish on 1 February 2019"]
    assert plan_of(visitor.get(out)) == FASTEST


def test_a_choice_that_cannot_be_had_any_more_is_left_out_and_said(plan, clock_at):
    first = session_on("M1", 1, 10)
    clock_at(2019, 1, 11, 9)

    page = plan(f"?pin={first.id}")

    assert "A session that you chose cannot be had any more, and is left out." in words_of(page)
    assert ("M1", "Wed 16 Jan") in plan_of(page)


def test_a_full_session_is_planned_only_if_i_would_wait_and_then_said_to_be_full(plan, visitor):
    fill(session_on("M6", 1, 31))

    page = plan()
    assert "You finish on 7 February 2019" in words_of(page)
    waiting = visitor.get(links_of(page)["Plan full sessions too, and wait for a place"])

    assert "You finish on 1 February 2019" in words_of(waiting)
    assert "Full: you would wait for a place" in words_of(waiting)
    assert plan_of(visitor.get(links_of(waiting)["Leave full sessions out"]))[-1] == ("M6", "Wed 6 Feb and Thu 7 Feb")


def test_what_rests_on_a_place_that_she_only_waits_for_cannot_be_booked_yet(plan):
    for day in ((1, 15), (1, 21), (2, 4), (2, 21), (3, 4), (3, 13)):
        fill(session_on("M2", *day))

    words = words_of(plan("?waiting=y"))

    assert words.count("Can be booked once you have what it needs") == 4
    assert "Book these 2" in words


def test_a_session_for_which_booking_has_not_opened_is_planned_but_not_booked_with_the_rest(plan):
    for day in ((1, 31), (2, 6), (2, 20), (3, 18)):
        session_on("M6", *day).booking_opens_on = date(2019, 1, 14)
        db.session.commit()

    words = words_of(plan())

    assert "You finish on 1 February 2019" in words
    assert "Booking opens on 14 January 2019" in words
    assert "Book these 5" in words


def test_last_chances_are_named(plan):
    words = words_of(plan())

    assert (
        "To finish this term, do Module 1 by 6 March, Module 2 by 13 March, Module 3 by 13 March, "
        "Module 4 by 15 March, Module 5 by 15 March and Module 6 by 18 March." in words
    )


def test_other_training_in_the_diary_is_left_alone(plan, alice):
    court = hold("PS-ACES", london(2019, 1, 15, 9))
    book_places(alice.id, [court.id], by=alice.id)

    assert ("M2", "Mon 21 Jan") in plan_of(plan())


def test_a_place_that_has_lost_what_it_rests_on_is_up_for_moving_where_nothing_else_is_left(plan, alice, officer):
    fourth = session_on("M4", 1, 18)
    book_places(alice.id, [fourth.id], by=officer.id, override_reason="agreed")
    for booking in db.session.scalars(select(Booking)):
        booking.override_reason = None
    db.session.commit()
    fill(session_on("M2", 1, 15))

    page = plan()

    assert ("M4", "Thu 24 Jan") in plan_of(page)
    assert "Move your place here" in words_of(page)


def test_the_module_that_stops_it_is_named_with_its_last_date(plan, alice, clock_at):
    has_done(alice, "M1")
    clock_at(2019, 3, 14, 9)

    words = words_of(plan())

    assert "Module 2 stops you finishing" in words
    assert "Module 2 was last on 13 March 2019." in words
    assert "Module 3 was last on 13 March 2019." in words
    assert "Tell me when there is a date" in words


def test_dates_that_come_too_soon_are_listed_each_with_why(plan, alice):
    has_done(alice, "M1", "M2", "M3", "M4")
    for day in ((1, 18), (1, 24), (2, 12), (2, 28), (3, 8)):
        fill(session_on("M5", *day))
    for day in ((2, 20), (3, 18)):
        fill(session_on("M6", *day))

    words = words_of(plan())

    assert "Module 6 stops you finishing" in words
    assert "Module 6 is last on 18 March 2019. Its dates come before everything that it needs can be done." in words
    assert "If you also wait for places in full sessions, you could finish on 1 February 2019" in words
    assert words.count("Before what it needs is done") == 2


def test_days_struck_out_that_stop_it_lead_back(plan, visitor):
    page = plan("?not_on=2019-03-18&not_on=2019-02-20&not_on=2019-02-06&not_on=2019-02-01")

    words = words_of(page)
    assert "Module 6 stops you finishing" in words
    assert "You cannot come on any of its days." in words
    out = links_of(page)["Without the days that you struck out, you finish on 1 February 2019"]
    assert plan_of(visitor.get(out)) == FASTEST


def test_a_module_that_is_not_meant_for_her_is_said_to_be_so(term, sign_in, make_person):
    third = db.session.scalars(select(Module).where(Module.code == "M3")).one()
    third.audience = {"staff_types": ["agency"], "career_levels": [], "words": "Agency staff"}
    db.session.commit()

    words = words_of(sign_in(make_person()).get("/my/route/systemic"))

    assert "Module 3 stops you finishing" in words
    assert "Module 3 is not meant for your role. Ask Workforce Development if you need it." in words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("not_on=yesterday", "Choose days by the form on this page"),
        ("not_on=2019-13-01", "Choose days by the form on this page"),
        ("pin=x", "Choose sessions from the page"),
        ("day=31&day=2&day=2019", "must be a real date"),
        ("&".join(f"not_on=2019-01-{day:02}" for day in range(1, 22)), "A plan can leave out at most 20 days"),
        ("&".join(f"not_on=2019-01-{day:02}" for day in range(1, 21)) + "&day=2019-02-01", "at most 20 days"),
    ],
)
def test_what_cannot_be_asked_is_said_and_the_plan_shown(visitor, query, said):
    page = visitor.get(f"/my/route/systemic?{query}")

    assert page.status_code == 422
    assert said in words_of(page)
    assert "You finish on" in words_of(page)


@pytest.mark.parametrize("path", ["/my/route/nothing", "/my/route/nothing/book?together=1"])
def test_a_programme_that_is_not_there_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_nobody_plans_another_councils_programme(term, sign_in, stranger):
    assert sign_in(stranger).get("/my/route/systemic").status_code == 404


def test_the_plan_asks_the_database_as_often_for_many_sessions_as_for_few(visitor):
    with counted_queries() as few:
        visitor.get("/my/route/systemic")
    for number in range(40):
        hold("M2", london(2019, 4, 1 + number % 25, 9))
    with counted_queries() as many:
        visitor.get("/my/route/systemic")

    assert len(many) == len(few) <= 12


def test_the_start_page_leads_to_the_plan(visitor):
    assert links_of(visitor.get("/"))["Plan the whole programme"] == "/my/route/systemic"
