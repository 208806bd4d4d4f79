"""A newcomer comes in by her link, looks at her account and changes her password, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages import assert_page_is_accessible, forgive, served
from tests.people.conftest import ALICE, GOOD_PASSWORD, MARY, take

pytestmark = pytest.mark.browser
ANOTHER = "purple kettle sunday"


@pytest.fixture
def site(app, organisation, later):
    take(MARY, ALICE)
    app.extensions["demonstration"] = True
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as address:
        app.config["BASE_URL"], before = address, app.config["BASE_URL"]
        yield address
    app.config["BASE_URL"] = before
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_newcomer_gets_from_her_link_to_her_account(site, page):
    page.goto(f"{site}/account")
    page.get_by_role("link", name="See the messages that this demonstration has written").click()
    assert_page_is_accessible(page)
    page.get_by_label("E-mail address, or a part of it").fill("alice")
    page.get_by_role("button", name="Show these").click()
    page.get_by_role("link", name="/password/").click()
    assert_page_is_accessible(page)

    page.get_by_label("Your new password").fill("demonstration")
    page.get_by_role("button", name="Keep this password").click()
    forgive(page)
    assert_page_is_accessible(page)
    page.get_by_role("link", name="Password is easy to guess").click()
    expect(page.get_by_label("Your new password")).to_be_focused()
    page.get_by_label("Your new password").fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    page.get_by_text("Your password is set, and you are signed in.").wait_for()

    page.goto(f"{site}/account")
    assert_page_is_accessible(page)
    page.get_by_role("link", name="Change your password").click()
    assert_page_is_accessible(page)
    page.get_by_label("Your password now").fill(GOOD_PASSWORD)
    page.get_by_label("Your new password").fill(ANOTHER)
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("You are signed out everywhere else.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_signing_in_and_asking_for_a_link_say_what_to_do(site, page):
    page.goto(f"{site}/timetable?view=month")
    assert_page_is_accessible(page)
    page.get_by_label("E-mail address").fill("alice@demo.example")
    page.get_by_label("Password", exact=True).fill("a wrong password")
    page.get_by_role("button", name="Sign in").click()
    forgive(page)
    assert_page_is_accessible(page)

    page.get_by_role("link", name="I have forgotten my password").click()
    assert_page_is_accessible(page)
    page.get_by_label("E-mail address").fill("alice@demo.example")
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Look at your e-mail").wait_for()
    assert_page_is_accessible(page)


@pytest.mark.parametrize("address", ["/password/made-up", "/no/such/page"])
def test_pages_of_what_is_not_there_are_accessible(site, page, address):
    page.goto(f"{site}{address}")
    forgive(page)
    assert_page_is_accessible(page)


def test_a_newcomer_needs_no_script(site, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/outbox?to=alice")
    page.get_by_role("link", name="/password/").click()
    page.get_by_label("Your new password").fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Keep this password").click()

    expect(page).to_have_url(f"{site}/")
    page.context.close()
