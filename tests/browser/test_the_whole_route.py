"""From nothing to the whole Gateshead route, through the pages alone, with the clock at 2 January 2019 (G-10, G-12).

The council's scheme, people and printed timetable come in by the commands; everything else is done in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from cpd.schemes.reading import PACKS
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from tests.browser.world import keep, make_world, put_back
from tests.cast import london
from tests.pages import PHONE, WIDE, complaints_of, served, watch

pytestmark = pytest.mark.browser

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"
PEOPLE = """organisation,employee_number,email,name,team,staff_type,career_level,starts_on
gateshead,G1,stella@demo.example,Stella Starting,Assessment Team,employee,nqsw,2018-10-01
gateshead,G2,mona@demo.example,Mona Missing,Assessment Team,employee,,2015-09-07
"""
PASSWORD = "purple kettle sunday"

ROUTE = [
    ("M1", "Thu 10 Jan", "drop_in", "Put it in my diary"),
    ("M2", "Tue 15 Jan", "open", "Book this place"),
    ("M3", "Tue 15 Jan", "conditional", "Book this place"),
    ("M4", "Fri 18 Jan", "conditional", "Book this place"),
    ("M5", "Fri 18 Jan", "conditional", "Book this place"),
    ("M6", "Thu 31 Jan and Fri 1 Feb", "conditional", "Book this place"),
]
"""Each step of the earliest finish: the module, its date in the timetable, how it stands before, what is pressed."""

EVENTS = [
    ("Module 1: Genograms", london(2019, 1, 10, 12), london(2019, 1, 10, 14)),
    ("Module 2", london(2019, 1, 15, 9, 30), london(2019, 1, 15, 12, 30)),
    ("Module 3", london(2019, 1, 15, 13, 30), london(2019, 1, 15, 16, 30)),
    ("Module 4", london(2019, 1, 18, 9, 30), london(2019, 1, 18, 12, 30)),
    ("Module 5", london(2019, 1, 18, 13, 30), london(2019, 1, 18, 16, 30)),
    ("Module 6: Practical Simulation (day 1 of 2)", london(2019, 1, 31, 9, 30), london(2019, 1, 31, 16, 30)),
    ("Module 6: Practical Simulation (day 2 of 2)", london(2019, 2, 1, 9, 30), london(2019, 2, 1, 16, 30)),
]


@pytest.fixture(scope="module")
def council(sqlite_app, instance, tmp_path_factory) -> Flask:
    """Gateshead on the eve of term: scheme, people and timetable as a council would bring them in."""
    app = make_world(instance, "whole_route")
    app.extensions["demonstration"] = True  # so that the newcomers find their links among the messages
    people = tmp_path_factory.mktemp("files") / "people.csv"
    people.write_text(PEOPLE)
    for words in (
        ["scheme", PACKS / "gateshead.yaml"],
        ["people", people],
        ["timetable", TIMETABLE, "--programme", "systemic", "--publish"],
    ):
        result = app.test_cli_runner().invoke(args=["import", *map(str, words)])
        assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "38 sessions, 42 session days taken; 0 held back; 0 refused"
    keep(app, used(app), used(app).with_name("kept.sqlite"))
    return app


def used(app: Flask) -> Path:
    """Name the file of the database that the council uses."""
    return app.config["CPD_INSTANCE"] / "used.sqlite"


@pytest.fixture
def town(council) -> Iterator[str]:
    """The council, served, before anybody has booked anything."""
    put_back(council, used(council).with_name("kept.sqlite"), used(council))
    with served(council) as url:
        council.config["BASE_URL"] = url
        yield url
    with council.app_context():
        db.engine.dispose()


@pytest.fixture(params=["wide, with a script", "on a phone, without a script"])
def newcomer(request, town, browser: Browser) -> Callable[[str], Page]:
    """Let somebody new come in by her link and choose a password: `newcomer("stella")`."""
    is_wide = request.param.startswith("wide")
    context = browser.new_context(java_script_enabled=is_wide, viewport=WIDE if is_wide else PHONE)

    def come_in(who: str) -> Page:
        page = watch(context.new_page())
        page.goto(f"{town}/outbox?to={who}")
        page.get_by_role("link", name="/password/").click()
        page.get_by_label("Your new password").fill(PASSWORD)
        page.get_by_role("button", name="Keep this password").click()
        expect(page.get_by_role("alert")).to_contain_text("you are signed in")
        return page

    yield come_in
    context.close()


def look_for(page: Page, module: str, date: str) -> None:
    """Find a session in the timetable: filter by its module, then choose its date."""
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Timetable", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timetable")
    box = page.get_by_label("Module", exact=True)
    if not box.is_visible():
        page.get_by_text("Filter", exact=True).click()
    box.select_option(module)
    page.get_by_role("button", name="Show these").click()
    page.locator("[data-session]").filter(has_text=date).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/sessions/\d+$"))


def expect_standing(page: Page, state: str) -> None:
    """Wait until a session is open that stands to her like this."""
    expect(page.locator("main [data-session]")).to_have_attribute("data-state", state)


def test_somebody_starting_books_the_whole_route_and_finds_it_in_her_calendar(newcomer, town):
    page = newcomer("stella")

    for module, date, before, button in ROUTE:
        look_for(page, module, date)
        expect_standing(page, before)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_contain_text("It is in your diary.")
        expect_standing(page, "booked")

    page.goto(f"{town}/my/bookings")
    rows = page.locator("[data-session]")
    assert [row.get_attribute("data-module") for row in rows.all()] == [module for module, *_ in ROUTE]
    assert {row.get_attribute("data-state") for row in rows.all()} == {"booked"}
    page.goto(town)
    expect(page.get_by_role("heading", name="Everything is booked")).to_be_visible()
    expect(page.get_by_text("0 of 6 modules done, 6 booked")).to_be_visible()

    page.goto(f"{town}/my/calendar")
    address = page.get_by_role("link", name=".ics").get_attribute("href")
    feed = page.request.get(address)
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert events_in(feed.body()) == EVENTS
    assert complaints_of(page) == []


def events_in(content: bytes) -> list[tuple[str, datetime, datetime]]:
    """Read a calendar: each event's title, and when it starts and ends on the wall clock in London."""
    events = Calendar.from_ical(content).walk("VEVENT")
    assert {str(event["STATUS"]) for event in events} == {"CONFIRMED"}
    assert {str(event[part].dt.tzinfo) for event in events for part in ("DTSTART", "DTEND")} == {str(LONDON)}
    times = [(str(event["SUMMARY"]), event["DTSTART"].dt, event["DTEND"].dt) for event in events]
    return sorted(times, key=lambda event: event[1])


def test_whoever_lacks_module_2_is_told_so_and_books_both_in_one_go(newcomer):
    page = newcomer("mona")
    look_for(page, "M1", "Thu 10 Jan")
    page.get_by_role("button", name="Put it in my diary").click()
    expect(page.get_by_role("alert")).to_contain_text("It is in your diary.")

    look_for(page, "M3", "Mon 21 Jan")

    expect_standing(page, "refused")
    expect(page.get_by_text("You cannot book this session yet")).to_be_visible()
    expect(page.locator("[data-reason]")).to_have_text(
        ["Module 2 is missing. Do it first, or book a session of it that ends before this one starts."]
    )
    both = page.get_by_label("Module 2", exact=True)
    expect(both.locator("option")).to_have_text(
        ["Tue 15 Jan, 9:30am, Room 2, Dryden Road PDC", "Mon 21 Jan, 9:30am, Room 2, Dryden Road PDC"]
    )
    both.select_option(index=0)
    page.get_by_role("button", name="Book both").click()
    expect(page.get_by_role("alert")).to_contain_text("You have 2 places.")
    expect(page.locator("[data-session]")).to_have_count(3)
    for module, date in (("M1", "Thu 10 Jan"), ("M2", "Tue 15 Jan"), ("M3", "Mon 21 Jan")):
        row = page.locator(f"[data-session][data-module={module}]")
        expect(row).to_have_attribute("data-state", "booked")
        expect(row).to_contain_text(date)
    assert complaints_of(page) == []
