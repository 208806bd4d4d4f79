"""Workforce Development sees every place that lost what it rests on, and can let somebody keep it (AMB-23)."""

from __future__ import annotations

import pytest

from cpd.booking.models import Booking
from cpd.booking.releasing import release_due
from cpd.booking.service import book_places, cancel_booking
from cpd.desk.conditions import conditions_page
from cpd.requirements.language import Completed
from cpd.shared.database import db
from tests.cast import london
from tests.home.test_query_counts import queries


@pytest.fixture
def pair(make_module, make_session):
    two = make_module("M2", number_label="Module 2")
    three = make_module("M3", number_label="Module 3", needs=Completed("M2"))
    return make_session(two, london(2019, 1, 15, 9, 30)), make_session(three, london(2019, 1, 15, 13, 30))


@pytest.fixture
def lose(pair):
    """Let somebody lose what her place rests on; returns her booking's id."""

    def let(person):
        first, second = book_places(person.id, [each.id for each in pair], by=person.id)
        cancel_booking(first.booking_id, by=person.id)
        return second.booking_id

    return let


def test_the_list_says_who_lacks_what_since_when_and_when_it_is_released(app, alice, officer, sign_in, lose):
    lose(alice)
    assert "1 place has lost what it rests on" in sign_in(officer).get("/workforce").get_data(as_text=True)

    page = sign_in(officer).get("/workforce/conditions").get_data(as_text=True)

    for words in ("Alice Learner", alice.email, "Module 2", "Wednesday 2 January", "Sunday 13 January, 1:30pm"):
        assert words in page


def test_a_released_place_stays_on_the_list_for_a_while(app, alice, officer, sign_in, lose, clock_at):
    lose(alice)
    clock_at(2019, 1, 13, 14)
    release_due()

    page = sign_in(officer).get("/workforce/conditions").get_data(as_text=True)
    assert "Every place has what it rests on" in page
    assert "Released in the last 14 days" in page

    clock_at(2019, 1, 28, 14)
    assert "Released" not in sign_in(officer).get("/workforce/conditions").get_data(as_text=True)


def test_an_officer_keeps_a_place_for_a_reason(both, alice, officer, sign_in, lose):
    number = lose(alice)
    browser = sign_in(officer)
    assert "Keep the place of Alice Learner?" in browser.get(f"/bookings/{number}/keep").get_data(as_text=True)
    assert browser.post(f"/bookings/{number}/keep", data={"reason": ""}).status_code == 422

    answer = browser.post(f"/bookings/{number}/keep", data={"reason": "Did it in York"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/workforce/conditions")
    db.session.rollback()
    assert db.session.get(Booking, number).override_reason == "Did it in York"
    again = browser.post(f"/bookings/{number}/keep", data={"reason": "Again"})
    assert again.status_code == 409
    assert "There is nothing to keep" in again.get_data(as_text=True)


def test_only_officers_of_the_council_that_holds_the_session_keep_places(app, alice, stranger, sign_in, lose):
    number = lose(alice)

    assert sign_in(alice).post(f"/bookings/{number}/keep", data={"reason": "Please"}).status_code == 403
    assert sign_in(alice).get("/workforce/conditions").status_code == 403


def test_the_list_asks_as_often_for_twenty_as_for_two(app, officer, organisation, make_person, lose):
    asked = []
    for count in (2, 18):
        for _ in range(count):
            lose(make_person())
        db.session.rollback()
        with queries() as statements:
            page = conditions_page(organisation.id)
        asked.append(statements)
    assert len(page.lacking) == 20
    assert len(asked[1]) == len(asked[0]), "\n".join(asked[1])
