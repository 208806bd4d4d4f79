"""By keyboard alone: first the way past the navigation, then everything in the order in which it is read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages import PHONE, WIDE, complaints_of

pytestmark = pytest.mark.browser

FOCUSED = """
() => {
    const each = document.activeElement
    const box = each.getBoundingClientRect()
    const style = getComputedStyle(each)
    return {
        name: each.textContent.trim() || each.labels?.[0]?.innerText?.trim() || each.getAttribute('aria-label') || '',
        tag: each.tagName,
        place: [Math.round(box.top + window.scrollY), Math.round(box.left)],
        seen: box.bottom > 0 && box.top < window.innerHeight && box.width > 0,
        marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
    }
}
"""
ENOUGH = 80


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until something of this name has the focus."""
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["name"].startswith(name):
            return
    raise AssertionError(f"The tab key does not lead to {name}")


def stops(page: Page) -> list[dict]:
    """Press the tab key through the whole page, and list where it stops."""
    found: list[dict] = []
    page.evaluate("window.scrollTo(0, 0); document.activeElement.blur()")
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        found.append(stop)
    return found


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("", "/sign-in"),
        ("worker", "/"),
        ("nqsw", "/sessions/{M2[1]}"),
        ("blocked", "/sessions/{M3[1]}"),
        ("connie", "/my/bookings"),
        ("workforce", "/sessions/{M4[1]}/list"),
    ],
)
def test_the_focus_goes_down_the_page_and_can_be_seen(site, who, address, size):
    page = site.visit(who)
    page.set_viewport_size(size)
    page.goto(site.url + site.path(address))

    found = stops(page)

    assert found[0]["name"] == "Skip to main content"
    assert [stop["name"] for stop in found if not (stop["seen"] and stop["marked"])] == []
    in_main = [stop for stop in found if stop["place"][0] >= page.locator("main").bounding_box()["y"]]
    lines = [stop["place"][0] // 40 for stop in in_main]
    assert lines == sorted(lines), [stop["name"] for stop in in_main]


def test_the_first_key_leads_past_the_navigation(site):
    page = site.visit("nqsw")
    page.goto(f"{site.url}/timetable")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_a_session_is_booked_and_given_back_by_keyboard_alone(fresh_site):
    page = fresh_site.visit("nqsw")
    page.goto(fresh_site.url)

    tab_to(page, "Timetable")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timetable")
    tab_to(page, "Module 2, Mon 21 Jan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Module 2")
    tab_to(page, "Book this place")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You have a place")
    expect(page.get_by_role("alert")).to_be_focused()

    tab_to(page, "I can\u2019t come")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give this place back?")
    tab_to(page, "Give my place back")
    page.keyboard.press("Space")
    expect(page.get_by_role("alert")).to_contain_text("Your booking is cancelled.")
    assert complaints_of(page) == []


def test_both_are_booked_in_one_go_by_keyboard_alone(fresh_site):
    page = fresh_site.visit("blocked")
    page.goto(fresh_site.url + fresh_site.path("/sessions/{M3[2]}"))

    tab_to(page, "Module 2")  # the link in the reason
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SELECT":
            break
    page.keyboard.press("ArrowUp")  # one date earlier
    chosen = page.evaluate("document.activeElement.selectedOptions[0].text")
    tab_to(page, "Book both")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("You have 2 places.")
    expect(page.locator("[data-module=M2]")).to_contain_text(chosen.partition(",")[0])


def test_a_refused_form_leads_from_the_summary_to_the_box(site):
    page = site.visit("workforce")
    page.goto(site.url + site.path("/sessions/{M2[0]}/cancel"))
    tab_to(page, "Cancel the session")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    tab_to(page, "Enter why the session is cancelled")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why is it cancelled?")).to_be_focused()


def test_the_menu_and_the_filter_open_by_keyboard_on_a_phone(site):
    page = site.visit("nqsw")
    page.set_viewport_size(PHONE)
    page.goto(f"{site.url}/timetable")
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    tab_to(page, "Catalogue")
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Module", exact=True)).to_be_visible()
