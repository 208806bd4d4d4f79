"""What a social worker sees and does on her pages."""

from __future__ import annotations

import re

import pytest

from cpd.catalogue.models import Module
from cpd.requirements.language import AllOf, Completed
from cpd.shared.database import db
from tests.cast import london


def attributes(page, session):
    """The data attributes of one session's row."""
    row = re.search(rf'data-session="{session.id}"[^>]*', page.text)
    assert row, f"session {session.id} is not on the page"
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', row.group()))


@pytest.fixture
def morning(make_module, make_session):
    return make_session(make_module("M2", number_label="Module 2"), london(2019, 1, 15, 9, 30))


@pytest.fixture
def afternoon(make_module, make_session, morning):
    third = make_module("M3", number_label="Module 3", needs=AllOf((Completed("M2"),)))
    return make_session(third, london(2019, 1, 15, 13, 30))


def test_a_session_is_booked_and_given_back(app, alice, sign_in, morning):
    browser = sign_in(alice)

    booked = browser.post(f"/sessions/{morning.id}/book")
    assert booked.status_code == 303
    row = attributes(browser.get("/my/bookings"), morning)
    assert row["state"] == "booked"

    given_back = browser.post(f"/bookings/{row['booking']}/cancel", data={"reason": "court"})
    assert given_back.status_code == 303
    assert attributes(browser.get("/timetable"), morning)["state"] == "open"


def test_whoever_lacks_module_2_is_told_so_and_books_both_in_one_go(app, alice, sign_in, morning, afternoon):
    browser = sign_in(alice)

    refused = browser.post(f"/sessions/{afternoon.id}/book")

    assert refused.status_code == 409
    assert "Module 2</a> is missing" in refused.text
    assert f'value="{morning.id}"' in refused.text
    booked = browser.post(f"/sessions/{afternoon.id}/book", data={"together": [morning.id]})
    assert booked.status_code == 303
    page = browser.get("/my/bookings")
    assert [attributes(page, each)["state"] for each in (morning, afternoon)] == ["booked", "booked"]


def test_a_full_session_says_that_one_can_wait_and_then_at_which_position(app, alice, bob, sign_in, make_session):
    session = make_session(places=1)
    sign_in(bob).post(f"/sessions/{session.id}/book")
    browser = sign_in(alice)
    assert attributes(browser.get("/timetable"), session)["state"] == "full"

    browser.post(f"/sessions/{session.id}/book")

    row = attributes(browser.get(f"/sessions/{session.id}"), session)
    assert (row["state"], row["position"], row["places-left"]) == ("waiting", "1", "0")


@pytest.fixture
def two_full_dates(app, bob, manager, sign_in, make_module, make_session):
    module = make_module("M5", number_label="Module 5")
    dates = [make_session(module, london(2019, 2, day, 9, 30), places=1) for day in (5, 12)]
    for person, date in zip((bob, manager), dates, strict=True):
        sign_in(person).post(f"/sessions/{date.id}/book")
    return dates


def test_whoever_has_a_later_date_waits_for_an_earlier_one_and_keeps_hers(
    app, alice, sign_in, make_session, two_full_dates
):
    early, late = two_full_dates
    mine = make_session(db.session.get(Module, late.module_id), london(2019, 2, 19, 9, 30))
    browser = sign_in(alice)
    browser.post(f"/sessions/{mine.id}/book")
    page = browser.get(f"/sessions/{early.id}")
    assert "This session is full. You can wait for it, and keep the place that you have" in page.text
    assert f'action="/sessions/{early.id}/wait"' in page.text

    assert browser.post(f"/sessions/{early.id}/wait").status_code == 303

    page = browser.get(f"/sessions/{early.id}")
    assert "You are on the waiting list. If you have a place on another date, you keep it until then." in page.text
    assert "You keep your place on" in page.text
    shown = browser.get("/my/bookings")
    assert [attributes(shown, each)["state"] for each in (early, mine)] == ["waiting", "booked"]


def test_whoever_finds_every_date_full_waits_for_any(app, alice, bob, sign_in, two_full_dates):
    early, late = two_full_dates
    browser = sign_in(alice)
    assert 'action="/modules/M5/wait"' in browser.get(f"/sessions/{late.id}").text

    waiting = browser.post("/modules/M5/wait", follow_redirects=True)

    assert "You are on 2 waiting lists. The first free place is yours." in waiting.text
    assert [attributes(waiting, each)["state"] for each in (early, late)] == ["waiting", "waiting"]
    bobs = attributes(sign_in(bob).get("/my/bookings"), early)["booking"]
    sign_in(bob).post(f"/bookings/{bobs}/cancel")
    shown = sign_in(alice).get("/my/bookings")
    assert attributes(shown, early)["state"] == "booked"
    assert f'data-session="{late.id}"' not in shown.text


def test_whoever_finds_a_date_full_is_shown_another_that_has_places(app, alice, sign_in, make_session, two_full_dates):
    early, late = two_full_dates
    free = make_session(db.session.get(Module, late.module_id), london(2019, 2, 19, 9, 30))

    page = sign_in(alice).get(f"/sessions/{early.id}").text

    assert f'Another date has places: <a class="govuk-link" href="/sessions/{free.id}">Tuesday 19 February</a>' in page
    assert "Wait for any date" not in page


def test_a_date_that_she_cannot_have_is_no_date_to_wait_for(app, alice, sign_in, morning, afternoon):
    browser = sign_in(alice)

    refused = browser.post(f"/sessions/{afternoon.id}/wait")

    assert refused.status_code == 409
    assert "Module 2</a> is missing" in refused.text
    said = browser.post("/modules/M3/wait", follow_redirects=True)
    assert "There is no other date for which you can wait." in said.text
    assert [browser.post(path).status_code for path in ("/modules/NONE/wait", "/sessions/999999/wait")] == [404, 404]


def test_the_timetable_can_show_only_what_i_can_book(app, alice, sign_in, morning, afternoon):
    page = sign_in(alice).get("/timetable?bookable=y")

    assert f'data-session="{morning.id}"' in page.text
    assert f'data-session="{afternoon.id}"' not in page.text


@pytest.mark.parametrize("view", ["list", "month"])
def test_the_timetable_shows_each_session_as_a_list_and_as_a_month(app, alice, sign_in, morning, view):
    page = sign_in(alice).get(f"/timetable?view={view}&month=2019-01")

    assert page.status_code == 200
    assert f"/sessions/{morning.id}" in page.text


def test_the_start_page_shows_my_next_session_first(app, alice, sign_in, morning):
    browser = sign_in(alice)
    browser.post(f"/sessions/{morning.id}/book")

    page = browser.get("/")

    assert "Your next session" in page.text
    assert "Tuesday 15 January" in page.text


@pytest.mark.parametrize("path", ["/sessions/999", "/sessions/99999999999", "/bookings/4/cancel"])
def test_what_is_not_there_is_not_found(app, alice, sign_in, path):
    assert sign_in(alice).get(path).status_code == 404


def test_nobody_can_touch_somebody_elses_booking(app, alice, bob, sign_in, morning):
    browser = sign_in(bob)
    browser.post(f"/sessions/{morning.id}/book")
    booking = attributes(browser.get("/my/bookings"), morning)["booking"]

    stranger = sign_in(alice)

    assert stranger.post(f"/bookings/{booking}/cancel").status_code == 404
    assert stranger.post(f"/bookings/{booking}/move", data={"to": morning.id}).status_code == 404
    assert attributes(browser.get("/my/bookings"), morning)["state"] == "booked"


@pytest.mark.parametrize("together", ["x", "-1", "99999999999", "\x00"])
def test_what_can_name_no_session_is_refused_and_changes_nothing(app, alice, sign_in, morning, together):
    browser = sign_in(alice)

    refused = browser.post(f"/sessions/{morning.id}/book", data={"together": together})

    assert refused.status_code == 422
    assert attributes(browser.get("/timetable"), morning)["state"] == "open"


def test_a_booking_sent_twice_books_once(app, alice, sign_in, morning):
    browser = sign_in(alice)

    first, second = (browser.post(f"/sessions/{morning.id}/book") for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 409)
    assert "You have a place on this session already" in second.text


def test_a_place_can_be_moved_to_another_date(app, alice, sign_in, morning, make_session):
    browser = sign_in(alice)
    browser.post(f"/sessions/{morning.id}/book")
    from cpd.catalogue.models import Module
    from cpd.shared.database import db

    later = make_session(db.session.get(Module, morning.module_id), london(2019, 1, 21, 9, 30))
    page = browser.get(f"/sessions/{later.id}")
    booking = re.search(r"/bookings/(\d+)/move", page.text).group(1)

    moved = browser.post(f"/bookings/{booking}/move", data={"to": later.id})

    assert moved.status_code == 303
    assert attributes(browser.get("/my/bookings"), later)["state"] == "booked"


def test_the_calendar_file_holds_my_session(app, alice, sign_in, morning):
    browser = sign_in(alice)
    browser.post(f"/sessions/{morning.id}/book")

    file = browser.get(f"/sessions/{morning.id}.ics")

    assert file.mimetype == "text/calendar"
    assert b"SUMMARY:Module 2" in file.data
