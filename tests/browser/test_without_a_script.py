"""Everything works on a phone without JavaScript: sign in, look, book, wait, move, give back, and the desk's tasks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages import PHONE, complaints_of, forgive

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(fresh_site):
    """Open a page without a script on a phone: `plain("nqsw", "/timetable")`; nothing may be complained of."""
    visited = []

    def visit(who: str, address: str = "/") -> Page:
        page = fresh_site.visit(who, script=False)
        page.set_viewport_size(PHONE)
        page.goto(fresh_site.url + fresh_site.path(address))
        visited.append(page)
        return page

    visit.site = fresh_site
    yield visit
    assert [each for page in visited for each in complaints_of(page)] == []


def done(page: Page, words: str) -> None:
    """Look for the words of what was just done."""
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_signing_in_leads_where_she_was_going(plain):
    page = plain("", "/timetable?module=M2")
    assert "/sign-in" in page.url
    plain.site.sign_in(page, "nqsw")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timetable")
    expect(page).to_have_url(re.compile(r"/timetable\?module=M2$"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_from_the_start_page_a_session_is_booked_in_one_tap(plain):
    page = plain("nqsw")
    page.get_by_role("button", name="Put it in my diary").click()
    done(page, "It is in your diary")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text("Your next session")).to_be_visible()
    page.get_by_role("button", name="Book this place on Module 2").click()
    done(page, "You have a place. It is in your diary.")


def test_a_place_is_booked_with_what_she_needs_on_the_day(plain):
    page = plain("nqsw", "/sessions/{M2[2]}")
    page.get_by_text("I need something on the day").click()
    page.get_by_label("Is there anything you need").fill("A chair with arms")
    page.get_by_role("button", name="Book this place").click()
    done(page, "You have a place")
    desk = plain("workforce", "/sessions/{M2[2]}/list")
    expect(desk.get_by_role("row", name="Noor Newstart")).to_contain_text("A chair with arms")


def test_a_full_session_is_waited_for_and_left_again(plain):
    page = plain("nqsw", "/sessions/{M2[0]}")
    page.get_by_role("button", name="Join the waiting list").click()
    done(page, "You are on the waiting list.")
    expect(page.get_by_text("You are 3rd on the waiting list.")).to_be_visible()
    page.get_by_role("link", name="Leave the waiting list").click()
    page.get_by_role("button", name="Leave the waiting list").click()
    done(page, "Your booking is cancelled.")


def test_a_place_is_given_back_with_a_reason(plain):
    page = plain("worker", "/my/bookings")
    page.get_by_role("link", name="I can\u2019t come to Module 4").click()
    page.get_by_label("Court").check()
    page.get_by_role("button", name="Give my place back").click()
    done(page, "Your booking is cancelled.")
    expect(page.get_by_text("You have no bookings")).to_be_visible()


def test_a_place_is_moved_to_another_date(plain):
    page = plain("worker", "/sessions/{M4[0]}")
    expect(page.get_by_text("You have a place on")).to_have_count(2)
    page.get_by_role("button", name="Move my place here").click()
    done(page, "Your place has moved.")
    page.get_by_role("link", name="My bookings").click()
    expect(page.locator("[data-session]")).to_contain_text("Fri 18 Jan")


def test_the_timetable_is_filtered_and_leafed_through(plain):
    page = plain("nqsw", "/timetable?per_page=10")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Page 2")).to_have_attribute("aria-current", "page")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Module", exact=True).select_option("M2")
    page.get_by_label("Only what I can book").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("link", name="Leave out the filter Module 2")).to_be_visible()
    expect(page.locator("[data-session]:not([data-module=M2])")).to_have_count(0)
    expect(page.locator("[data-session]").first).to_be_visible()
    page.get_by_role("link", name="Leave out the filter Module 2").click()
    expect(page.get_by_role("link", name="Leave out the filter Module 2")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("module"))
    page.get_by_role("link", name="Month", exact=True).click()
    page.get_by_role("link", name="Month after").click()
    expect(page.get_by_text("February 2019")).to_be_visible()


def test_the_catalogue_is_searched(plain):
    page = plain("nqsw", "/catalogue")
    page.get_by_label("Search the catalogue").fill("genograms")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("“genograms”")


def test_workforce_development_books_and_cancels_for_somebody(plain):
    page = plain("workforce", "/sessions/{M2[2]}")
    page.get_by_text("Book for somebody else").click()
    page.get_by_label("Who is it for?").fill("nobody@demo.example")
    page.get_by_role("button", name="Book for this person").click()
    forgive(page)  # a 422, as it must be
    page.get_by_role("link", name=re.compile("Nobody here has the e-mail address")).click()
    page.get_by_label("Who is it for?").fill("nqsw@demo.example")
    page.get_by_role("button", name="Book for this person").click()
    done(page, "Booked for Noor Newstart.")
    page.get_by_role("link", name="Cancel the booking of Noor Newstart").click()
    page.get_by_label("Why is it cancelled?").fill("Asked for by her manager")
    page.get_by_role("button", name="Cancel the booking").click()
    done(page, "The booking of Noor Newstart is cancelled.")
    gone = page.get_by_role("table", name="No longer coming")
    expect(gone.get_by_role("row", name="Noor Newstart")).to_contain_text("Asked for by her manager")
    expect(page.get_by_role("row", name="Noor Newstart")).to_have_count(1)


def test_a_place_is_asked_for_and_agreed_to(plain):
    page = plain("nqsw@warwickshire", "/sessions/{ASYE-2[0]}")
    page.get_by_label("Why do you need it?").fill("It is my first year")
    page.get_by_role("button", name="Ask for a place").click()
    done(page, "You have asked for this place.")
    desk = plain("workforce@warwickshire", "/workforce")
    desk.get_by_role("link", name="2 people ask for a place").click()
    desk.get_by_role("button", name="Yes to Nell Newstart").click()
    done(desk, "You have agreed. Nell Newstart is told.")
    desk.get_by_text("No, and say why to Ward Warwick").click()
    desk.get_by_label("Why not?").fill("It is for the first year")
    desk.get_by_role("button", name="Say no").click()
    done(desk, "You have said no. Ward Warwick is told why.")
    page.reload()
    expect(page.get_by_text("You have a place")).to_be_visible()


def test_workforce_development_sets_a_reason_aside(plain):
    page = plain("workforce", "/sessions/{M6[0]}")
    page.get_by_text("Book for somebody else").click()
    page.get_by_label("Who is it for?").fill("nqsw@demo.example")
    page.get_by_label("Why should the reasons").fill("Did the first five elsewhere; papers seen")
    page.get_by_role("button", name="Book for this person").click()
    done(page, "Booked for Noor Newstart.")


def test_more_places_are_given_to_whoever_waits(plain):
    page = plain("workforce", "/sessions/{M2[0]}/list")
    page.get_by_label("Places").fill("7")
    page.get_by_role("button", name="Change the places").click()
    done(page, "The number of places is changed.")
    expect(page.get_by_text("7 of 7 places taken, 1 waiting")).to_be_visible()


def test_fewer_places_send_the_last_booked_back(plain):
    page = plain("workforce", "/sessions/{M2[0]}/list")
    page.get_by_label("Places").fill("5")
    page.get_by_label("Send the last booked back").check()
    page.get_by_role("button", name="Change the places").click()
    done(page, "The number of places is changed.")
    expect(page.get_by_text("5 of 5 places taken, 3 waiting")).to_be_visible()


def test_a_draft_is_published_and_a_session_cancelled(plain):
    page = plain("workforce", "/sessions/{M5[5]}/list")
    page.get_by_role("button", name="Publish it").click()
    done(page, "The session is published.")
    page.get_by_role("link", name="Cancel this session").click()
    page.get_by_label("Why is it cancelled?").fill("No room")
    page.get_by_role("button", name="Cancel the session").click()
    done(page, "The session is cancelled.")


def test_a_new_calendar_address_is_made(plain):
    page = plain("nqsw", "/my/calendar")
    page.get_by_role("button", name="Make a new address").click()
    done(page, "You have a new calendar address.")
