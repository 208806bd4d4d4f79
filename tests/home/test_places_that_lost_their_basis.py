"""Whoever has lost what a place rests on sees what is missing, until when, and puts it right by a button (AMB-23)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.service import book_places, cancel_booking
from cpd.requirements.language import Completed
from cpd.shared.database import db
from tests.cast import london


@pytest.fixture
def two(make_module):
    return make_module("M2", number_label="Module 2")


@pytest.fixture
def three(make_module):
    return make_module("M3", number_label="Module 3", needs=Completed("M2"))


@pytest.fixture
def lost(alice, two, three, make_session):
    """Her place in the afternoon, after she gave Module 2 in the morning back."""
    morning, afternoon = make_session(two, london(2019, 1, 15, 9, 30)), make_session(three, london(2019, 1, 15, 13, 30))
    first, second = book_places(alice.id, [morning.id, afternoon.id], by=alice.id)
    cancel_booking(first.booking_id, by=alice.id)
    return afternoon, second.booking_id


def standing(person):
    """Where she has places, by session."""
    db.session.rollback()
    wanted = select(Booking.training_session_id, Booking.status).where(
        Booking.person_id == person.id, Booking.status.in_(("confirmed", "waiting"))
    )
    return dict(db.session.execute(wanted).all())


def words_on(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)).split())


@pytest.mark.parametrize("address", ["/", "/my/bookings", "/sessions/{session}"])
def test_it_says_what_is_missing_and_until_when(app, alice, sign_in, lost, address):
    words = words_on(sign_in(alice).get(address.format(session=lost[0].id)))

    assert "Module 2 is missing. On Sunday 13 January at 1:30pm this place goes to the next person" in words


def test_the_missing_module_is_booked_by_one_button(app, alice, sign_in, lost, two, make_session):
    early = make_session(two, london(2019, 1, 14, 9, 30))
    page = sign_in(alice).get("/my/bookings").get_data(as_text=True)
    assert "Book Module 2: Monday 14 January, 9:30am to 12:30pm" in page
    assert f'name="step" value=":{early.id}"' in page

    answer = sign_in(alice).post("/my/bookings/put-right", data={"step": f":{early.id}"})

    assert answer.status_code == 303
    assert standing(alice) == {early.id: "confirmed", lost[0].id: "confirmed"}
    assert "app-lost" not in sign_in(alice).get("/my/bookings").get_data(as_text=True)


def test_both_move_to_a_later_day_in_one_go(both, alice, sign_in, lost, two, three, make_session):
    later, then = make_session(two, london(2019, 1, 21, 9, 30)), make_session(three, london(2019, 1, 21, 13, 30))
    words = words_on(sign_in(alice).get("/my/bookings"))
    assert "Book Module 2: Monday 21 January, 9:30am to 12:30pm" in words
    assert "Move Module 3: from Tuesday 15 January to Monday 21 January, 1:30pm to 4:30pm" in words

    answer = sign_in(alice).post("/my/bookings/put-right", data={"step": [f"{lost[1]}:{then.id}", f":{later.id}"]})

    assert answer.status_code == 303
    assert standing(alice) == {later.id: "confirmed", then.id: "confirmed"}


def test_a_later_date_of_the_missing_module_is_moved_forward_by_a_button(app, alice, sign_in, lost, two, make_session):
    early, later = make_session(two, london(2019, 1, 14, 9, 30)), make_session(two, london(2019, 1, 21, 9, 30))
    book_places(alice.id, [later.id], by=alice.id)

    page = sign_in(alice).get(f"/sessions/{lost[0].id}")

    assert "Move Module 2 to Monday 14 January, 9:30am to 12:30pm" in words_on(page)
    assert f'name="to" value="{early.id}"' in page.get_data(as_text=True)


def test_a_date_that_she_gave_back_and_booked_again_is_hers_like_any_other(
    app, alice, sign_in, lost, two, make_session
):
    late = make_session(two, london(2019, 1, 29, 9, 30))
    for again in (True, False):
        [booked] = book_places(alice.id, [late.id], by=alice.id)
        if again:
            cancel_booking(booked.booking_id, by=alice.id)

    answer = sign_in(alice).get("/my/bookings")

    assert answer.status_code == 200
    assert standing(alice) == {late.id: "confirmed", lost[0].id: "confirmed"}


def test_what_cannot_be_done_any_more_changes_nothing_and_says_why(app, alice, bob, sign_in, lost, two, make_session):
    early = make_session(two, london(2019, 1, 14, 9, 30), places=1)
    book_places(bob.id, [early.id], by=bob.id)

    answer = sign_in(alice).post("/my/bookings/put-right", data={"step": f":{early.id}"})

    assert answer.status_code == 409
    assert "Nothing was booked or changed." in words_on(answer)
    assert "This session is full." in words_on(answer)
    assert standing(alice) == {lost[0].id: "confirmed"}


def test_where_no_date_helps_it_says_so(app, alice, sign_in, lost):
    assert "No date that you can book now puts this right." in words_on(sign_in(alice).get("/my/bookings"))


@pytest.mark.parametrize("step", ["", "x:1", ":0", "1:", ":99999999999", "\x00:1"])
def test_a_strange_step_is_refused(app, alice, sign_in, step):
    assert sign_in(alice).post("/my/bookings/put-right", data={"step": step}).status_code == 422


def test_another_persons_booking_and_an_unknown_session_are_not_there(
    app, alice, bob, sign_in, lost, three, make_session
):
    then = make_session(three, london(2019, 1, 21, 13, 30))

    assert sign_in(bob).post("/my/bookings/put-right", data={"step": f"{lost[1]}:{then.id}"}).status_code == 404
    assert sign_in(bob).post("/my/bookings/put-right", data={"step": ":4711"}).status_code == 404
    assert standing(alice) == {lost[0].id: "confirmed"}
