"""The whole programme planned and booked on a phone: four taps from the start page, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cpd.schemes.reading import PACKS
from tests.browser.world import Site, keep, make_world, put_back, site_of
from tests.pages import PHONE, assert_page_is_accessible, complaints_of

pytestmark = pytest.mark.browser

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"
PEOPLE = """organisation,employee_number,email,name,team,roles,starts_on
gateshead,G1,stella@demo.example,Stella Starting,Assessment Team,,2018-10-01
gateshead,G2,olive@demo.example,Olive Officer,Workforce Development,workforce_development,2015-09-07
"""
MOST_TAPS = 4
FASTEST = ["Thu 10 Jan", "Tue 15 Jan", "Tue 15 Jan", "Fri 18 Jan", "Fri 18 Jan", "Thu 31 Jan and Fri 1 Feb"]


class Thumb:
    """Taps on a phone, and counts."""

    def __init__(self, page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, kind: str, name: str) -> None:
        self.taps += 1
        self.page.get_by_role(kind, name=name, exact=True).click()


@pytest.fixture(scope="module")
def term(sqlite_app, instance, browser, tmp_path_factory) -> Iterator[Site]:
    """Gateshead on the eve of term, as a council would bring it in."""
    app = make_world(instance, "my_route")
    people = tmp_path_factory.mktemp("files") / "people.csv"
    people.write_text(PEOPLE)
    for words in (
        ["scheme", PACKS / "gateshead.yaml"],
        ["people", people],
        ["timetable", TIMETABLE, "--programme", "systemic", "--publish"],
    ):
        result = app.test_cli_runner().invoke(args=["import", *map(str, words)])
        assert result.exit_code == 0, result.output
    with site_of(app, browser) as site:
        keep(app, app.config["CPD_INSTANCE"] / "used.sqlite", app.config["CPD_INSTANCE"] / "kept.sqlite")
        yield site


@pytest.fixture
def fresh(term) -> Iterator[Site]:
    """The same, for a test that changes something: it is put back afterwards."""
    yield term
    folder = term.app.config["CPD_INSTANCE"]
    put_back(term.app, folder / "kept.sqlite", folder / "used.sqlite")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(fresh, request):
    """The start page of somebody who begins, on a phone."""
    page = fresh.visit("stella", script=request.param)
    page.set_viewport_size(PHONE)
    page.goto(fresh.url)
    yield page
    assert complaints_of(page) == []


def expect_days(page, days: list[str]) -> None:
    """Wait until these are the days of the sessions on a page, in its order."""
    expect(page.locator(".app-session__when strong")).to_have_text(days)


def expect_heading(page, words: str) -> None:
    """Wait until this is the page's heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_from_the_start_page_the_whole_programme_is_booked_in_four_taps(phone):
    thumb = Thumb(phone)

    thumb.tap("link", "Plan the whole programme")
    expect_heading(phone, "You finish on 1 February 2019")
    expect_days(phone, FASTEST)
    thumb.tap("link", "Book these 6")
    expect_days(phone, FASTEST)
    thumb.tap("button", "Book all 6")

    assert thumb.taps <= MOST_TAPS
    expect_heading(phone, "6 sessions are booked")
    expect_days(phone, FASTEST)
    phone.get_by_role("link", name="See your bookings").click()
    expect_days(phone, FASTEST)


def test_another_session_is_chosen_for_a_module_and_a_day_struck_out(phone):
    phone.get_by_role("link", name="Plan the whole programme").click()

    phone.get_by_text("Change Module 3").click()
    phone.get_by_role("link", name=re.compile("Monday 21 January, 1:30pm")).click()
    expect_days(phone, ["Thu 10 Jan", "Tue 15 Jan", "Fri 18 Jan", "Fri 18 Jan", "Mon 21 Jan", FASTEST[-1]])

    phone.get_by_text("There is a day on which I cannot come").click()
    for part, typed in (("Day", "31"), ("Month", "1"), ("Year", "2019")):
        phone.get_by_label(part, exact=True).fill(typed)
    phone.get_by_role("button", name="Plan without this day").click()

    expect_heading(phone, "You finish on 7 February 2019")
    expect(phone.get_by_role("link", name="Plan again with Not on Thursday 31 January 2019")).to_be_visible()
    expect(phone.get_by_role("link", name="Plan again without Module 3 on Monday 21 January")).to_be_visible()


def test_where_there_is_no_way_she_asks_to_be_told(fresh):
    page = fresh.visit("stella")
    struck = "&".join(f"not_on=2019-{day}" for day in ("03-18", "02-20", "02-06", "01-31"))
    page.goto(f"{fresh.url}/my/route/systemic?{struck}")
    expect_heading(page, "Module 6 stops you finishing")
    assert_page_is_accessible(page)

    page.goto(f"{fresh.url}/my/route/systemic?not_on=2019-03-06&not_on=2019-01-10&{struck}")
    page.get_by_role("button", name="Tell me when there is a date for Module 6").click()

    expect(page.get_by_role("alert")).to_contain_text("We will tell you when there is a date for Module 6")
    assert_page_is_accessible(page)


@pytest.mark.parametrize(
    "query", ["", "?waiting=y", "?not_on=2019-01-15&not_on=2019-01-10", "?pin={M3[1]}&pin={M6[1]}"], ids=str
)
def test_a_plan_is_accessible_however_it_is_asked_for(term, query):
    page = term.visit("stella")
    page.goto(term.url + term.path(f"/my/route/systemic{query}"))
    for fold in page.locator("main summary").all():
        fold.click()

    assert_page_is_accessible(page)


def test_what_was_booked_and_what_was_not_is_accessible(fresh):
    page = fresh.visit("stella")
    page.goto(fresh.url + fresh.path("/my/route/systemic/book?together={M2[0]}&together={M6[0]}"))
    assert_page_is_accessible(page)

    page.get_by_role("button", name="Book all 2").click()

    expect_heading(page, "1 of 2 sessions is booked")
    expect(page.get_by_text("Not booked")).to_be_visible()
    assert_page_is_accessible(page)


def test_the_desk_sees_who_can_finish(fresh):
    page = fresh.visit("olive")
    page.goto(f"{fresh.url}/workforce")
    page.get_by_role("link", name="Who can finish a programme").click()
    assert_page_is_accessible(page)

    page.get_by_role("link", name="Systemic and strengths-based practice").click()

    expect_heading(page, "Everybody who has begun can finish")
    assert_page_is_accessible(page)
