"""The components in a real browser: clean for axe, wide and on a phone, and usable without a script or a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cpd.shared.assets import THEMES
from tests.pages import (
    ICAL,
    PHONE,
    WIDE,
    assert_page_is_accessible,
    complaints_of,
    forgive,
    served,
    watch,
)
from tests.shared.gallery import make_gallery

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with served(make_gallery()) as address:
        yield address


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        yield watch(context.new_page())


@pytest.mark.parametrize("path", ["/", "/route", "/timetable?module=M2&page=4", "/form", "/?signed_out"])
def test_a_page_is_accessible(page, gallery, path):
    page.goto(gallery + path)
    assert_page_is_accessible(page)


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_an_organisation_is_accessible(page, gallery, theme):
    page.goto(f"{gallery}/?theme={theme}")
    assert_page_is_accessible(page)


def test_a_form_with_errors_is_accessible_and_leads_to_them(page, gallery):
    page.goto(gallery + "/form")
    page.get_by_role("button", name="Save the session").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    forgive(page)  # the answer was a 422, as it must be
    assert_page_is_accessible(page)

    page.get_by_role("link", name="Enter the date of the session").click()
    expect(page.get_by_role("textbox", name="Day")).to_be_focused()


def test_a_page_with_messages_is_accessible(page, gallery):
    page.goto(gallery)
    page.get_by_role("button", name="I can't come").click()
    expect(page.get_by_role("alert")).to_contain_text("You have a place on Module 2")
    expect(page.get_by_role("region", name="Please note")).to_contain_text("Your place rests on Module 1")
    assert_page_is_accessible(page)


def test_a_form_works_without_a_script(plain_page, gallery):
    plain_page.goto(gallery + "/form")
    plain_page.get_by_label("Title of the session").fill("Genograms")
    plain_page.get_by_role("button", name="Save the session").click()
    expect(plain_page.get_by_text("There is a problem")).to_be_visible()
    expect(plain_page.get_by_label("Title of the session")).to_have_value("Genograms")


def test_navigation_and_filter_work_without_a_script(plain_page, gallery):
    plain_page.set_viewport_size(PHONE)
    plain_page.goto(gallery + "/timetable?module=M2")
    expect(plain_page.get_by_role("link", name="Catalogue")).to_be_visible()
    plain_page.get_by_text("Filter (1 chosen)").click()
    plain_page.get_by_label("Only what I can book").check()
    plain_page.get_by_role("button", name="Show these").click()
    expect(plain_page).to_have_url(re.compile("module=M2.*bookable=y"))
    assert complaints_of(plain_page) == []


def test_the_keyboard_reaches_the_content_first_and_opens_the_filter(page, gallery):
    page.set_viewport_size(PHONE)
    page.goto(gallery + "/timetable")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Module", exact=True)).to_be_visible()


def test_the_filter_stands_open_where_there_is_room(page, gallery):
    page.set_viewport_size(WIDE)
    page.goto(gallery + "/timetable")
    expect(page.get_by_label("Module", exact=True)).to_be_visible()


def test_a_phone_shows_the_route_downwards_and_a_wide_screen_across(page, gallery):
    page.goto(gallery + "/route")
    across = page.get_by_role("region", name="Your route through systemic practice")
    for size, is_across in ((WIDE, True), (PHONE, False)):
        page.set_viewport_size(size)
        assert across.is_visible() is is_across
        assert page.get_by_role("img", name="Your route through systemic practice").count() == 1


def test_a_table_can_be_sorted(page, gallery):
    page.goto(gallery + "/timetable")
    page.get_by_role("button", name="Places left").click()
    expect(page.get_by_role("columnheader", name="Places left")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Tuesday 20 January")


def test_a_second_reader_of_calendars_is_at_hand(page, gallery):
    page.goto(gallery)
    page.evaluate(ICAL.read_text())
    assert page.evaluate("ICAL.Duration.fromString('PT3H').toSeconds()") == 3 * 3600


def test_a_complaint_of_the_browser_is_heard(page, gallery):
    page.goto(gallery)
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_function("true")
    assert "style-src 'self'" in complaints_of(page)[0]
