"""The pages on which something went wrong are pages like the others: accessible, whole, and they say what to do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import assert_page_is_accessible, complaints_of, forgive

pytestmark = pytest.mark.browser

SEND = """
([action, fields]) => {
    const form = document.querySelector('form[method=post]')
    form.action = action
    form.enctype = 'application/x-www-form-urlencoded'
    for (const [name, value] of fields) {
        const box = document.createElement('textarea')
        box.name = name
        box.value = value
        form.append(box)
    }
    form.submit()
}
"""


def send(page: Page, action: str, *fields: tuple[str, str]) -> int:
    """Send a form of the open page elsewhere or with more in it, and return the answer's code."""
    with page.expect_navigation() as answer:
        page.evaluate(SEND, [action, fields])
    return answer.value.status


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page to which it leads."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def assert_says(page: Page, status: int, heading: str) -> None:
    """Look at a page that answers with this code: nothing else is wrong with it."""
    assert any(each.startswith(f"{status}: {page.url}") for each in complaints_of(page)), complaints_of(page)
    forgive(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_page_is_accessible(page)


@pytest.mark.parametrize(
    ("who", "address", "status", "heading"),
    [
        ("", "/no/such/page", 404, "Page not found"),
        ("nqsw", "/sessions/99999999999", 404, "Page not found"),
        ("nqsw", "/workforce", 403, "You cannot see this page"),
        ("nqsw", "/timetable?q=%00", 400, "That could not be understood"),
        ("nqsw", "/sessions/{M2[0]}/book", 405, "This page is not to be opened like this"),
        ("", "/password/made-up", 404, "This link does not work any more"),
        ("workforce", "/workforce/import/timetable/999", 404, "That file is not here any more"),
    ],
)
def test_an_address_that_leads_nowhere_says_what_to_do(site, who, address, status, heading):
    page = site.visit(who)
    page.goto(site.url + site.path(address))
    assert_says(page, status, heading)


def test_what_the_filter_cannot_understand_is_said_beside_it(site):
    page = site.visit("nqsw")
    page.goto(f"{site.url}/timetable?since=31&since=2&since=2019&until=&until=5&until=2019")
    assert_says(page, 422, "Timetable")
    expect(page.get_by_role("alert")).to_contain_text("From must be a real date")
    page.get_by_role("link", name="Until must include a day").click()
    expect(page.locator("#until-day")).to_be_focused()


def test_a_booking_that_is_refused_says_why_and_offers_both_in_one_go(site):
    page = site.visit("gil")
    page.goto(site.url + site.path("/sessions/{M3[2]}"))
    assert send(page, site.path("/sessions/{M3[2]}/book")) == 409
    assert_says(page, 409, "You cannot book Module 3 yet")
    expect(page.get_by_text("Nothing was booked or changed.")).to_be_visible()


@pytest.mark.parametrize("fields", [[("together", "x")], [("access_needs", "x" * 3000)], [("together", "1")] * 51])
def test_a_booking_that_cannot_be_read_shows_the_session_again(site, fields):
    page = site.visit("nqsw")
    page.goto(site.url + site.path("/sessions/{M1[1]}"))
    assert send(page, site.path("/sessions/{M1[1]}/book"), *fields) == 422
    assert_says(page, 422, "Module 1: Genograms")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


def test_a_place_that_was_given_back_already_cannot_be_given_back_again(fresh_site):
    page = fresh_site.visit("worker")
    cancel = fresh_site.path("/bookings/{booking[worker]}/cancel")
    page.goto(fresh_site.url + cancel)
    assert send(page, cancel) == 200  # and My bookings, where that leads
    assert send(page, cancel) == 409
    assert_says(page, 409, "This booking cannot be changed")


def test_too_few_places_are_refused_until_it_is_said_who_goes_back(site):
    page = site.visit("workforce")
    page.goto(site.url + site.path("/sessions/{M2[0]}/list"))
    page.get_by_label("Places").fill("2")
    press(page, "Change the places")
    assert_says(page, 409, "Module 2")
    expect(page.get_by_role("alert")).to_contain_text("6 people have a place")


def test_a_cancellation_needs_a_reason(site):
    page = site.visit("workforce")
    page.goto(site.url + site.path("/sessions/{M2[0]}/cancel"))
    press(page, "Cancel the session")
    assert_says(page, 422, "Cancel Module 2?")
    page.get_by_role("link", name="Enter why the session is cancelled").click()
    expect(page.get_by_label("Why is it cancelled?")).to_be_focused()


@pytest.mark.parametrize(
    ("address", "button", "heading", "said"),
    [
        ("/workforce/sessions/new", "Save as a draft", "New session", "Choose the module"),
        ("/workforce/import/timetable", "Look at it first", "Bring in a timetable", "Choose a file or paste"),
        ("/workforce/import/people", "Look at it first", "Bring in people", "Choose a file"),
    ],
)
def test_an_empty_form_of_the_desk_says_what_it_needs(site, address, button, heading, said):
    page = site.visit("workforce")
    page.goto(site.url + address)
    press(page, button)
    assert_says(page, 422, heading)
    expect(page.get_by_role("alert")).to_contain_text(said)


def test_signing_in_wrongly_again_and_again_says_how_long_to_wait(fresh_site):
    page = fresh_site.visit()
    page.goto(f"{fresh_site.url}/sign-in")
    press(page, "Sign in")
    assert_says(page, 422, "Sign in")
    client = fresh_site.app.test_client()
    fresh_site.app.config["WTF_CSRF_ENABLED"] = False
    for _ in range(10):
        client.post("/sign-in", data={"email": "nqsw@demo.example", "password": "wrong"})
    fresh_site.app.config["WTF_CSRF_ENABLED"] = True
    with page.expect_navigation():
        fresh_site.sign_in(page, "nqsw")
    assert_says(page, 429, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Wait \d+ minutes, then try again"))


def test_a_form_of_yesterday_is_not_taken(site):
    page = site.visit("nqsw")
    page.goto(f"{site.url}/my/bookings")
    page.evaluate("document.querySelector('[name=csrf_token]').value = 'stale'")
    assert send(page, site.path("/sessions/{M1[0]}/book")) == 400
    assert_says(page, 400, "The page was open too long")


def test_what_is_too_large_says_so(site, monkeypatch):
    monkeypatch.setitem(site.app.config, "MAX_CONTENT_LENGTH", 10_000)
    page = site.visit("workforce")
    page.goto(f"{site.url}/workforce/import/timetable")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x" * 20_000}
    )
    press(page, "Look at it first")
    assert_says(page, 413, "That file is too large")


def test_a_fault_of_ours_says_that_it_is_ours(site, monkeypatch):
    def broken() -> str:
        raise RuntimeError("broken on purpose")

    page = site.visit("nqsw")
    monkeypatch.setitem(site.app.view_functions, "home.help_page", broken)
    broken.public = True
    page.goto(f"{site.url}/help")
    assert_says(page, 500, "Sorry, there is a problem with the service")
