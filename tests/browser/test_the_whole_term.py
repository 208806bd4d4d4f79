"""A whole programme in four taps on a phone, and what becomes of it when somebody falls ill (AMB-23).

She plans and books Modules 1 to 6, gives Module 2 back, reads in her mail what that means and what to do, follows
its link and puts everything right; in the end her bookings, her feed, her own calendar and the registers say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from cpd.attendance.registers import expected_on
from cpd.diary import service as diary
from cpd.people import service as people
from cpd.schemes.reading import PACKS
from cpd.shared.database import db
from cpd.timetable import service as timetable
from tests.browser.world import make_world
from tests.messages.conftest import Mailbox, _Server, by_icalendar, calendars_in, words_in
from tests.pages import PHONE, complaints_of, served, watch

pytestmark = pytest.mark.browser

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"
EMAIL = "stella@demo.example"
PEOPLE = f"""organisation,employee_number,email,name,team,staff_type,career_level,starts_on
gateshead,G1,{EMAIL},Stella Starting,Assessment Team,employee,nqsw,2018-10-01
"""

PLANNED = [
    ("M1", "Thu 10 Jan"),
    ("M2", "Tue 15 Jan"),
    ("M3", "Tue 15 Jan"),
    ("M4", "Fri 18 Jan"),
    ("M5", "Fri 18 Jan"),
    ("M6", "Thu 31 Jan and Fri 1 Feb"),
]
PUT_RIGHT = [
    ("M1", "Thu 10 Jan"),
    ("M2", "Mon 21 Jan"),
    ("M3", "Mon 21 Jan"),
    ("M4", "Thu 24 Jan"),
    ("M5", "Thu 24 Jan"),
    ("M6", "Thu 31 Jan and Fri 1 Feb"),
]


@pytest.fixture
def council(sqlite_app, instance, tmp_path) -> Flask:
    """Gateshead on the eve of term, with one newcomer."""
    app = make_world(instance, "whole_term")
    (tmp_path / "people.csv").write_text(PEOPLE)
    for words in (
        ["scheme", PACKS / "gateshead.yaml"],
        ["people", tmp_path / "people.csv"],
        ["timetable", TIMETABLE, "--programme", "systemic", "--publish"],
    ):
        result = app.test_cli_runner().invoke(args=["import", *map(str, words)])
        assert result.exit_code == 0, result.output
    return app


@pytest.fixture
def town(council) -> Iterator[str]:
    """The council, served."""
    with served(council) as url:
        council.config["BASE_URL"] = url
        yield url
    with council.app_context():
        db.engine.dispose()


@pytest.fixture
def mailbox(council) -> Iterator[Mailbox]:
    """The mail server to which the council sends."""
    handler = Mailbox()
    server = _Server(handler, hostname="127.0.0.1", port=0)
    server.start()
    council.config["MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
    yield handler
    server.stop()


@pytest.fixture
def phone(town, council, browser: Browser) -> Iterator[Page]:
    """Her telephone, signed in; her own calendar gets invitations."""
    with council.app_context():
        stella = people.find_by_email(EMAIL)
        diary.choose_invitations(stella.id, wanted=True)
        cookie = council.session_interface.get_signing_serializer(council).dumps(
            {"_user_id": stella.get_id(), "_fresh": True}
        )
        db.session.remove()
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": council.config["SESSION_COOKIE_NAME"], "value": cookie, "url": town}])
    yield watch(context.new_page())
    context.close()


def work(council: Flask) -> None:
    """Let the worker run once."""
    result = council.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output


def rows_of(page: Page) -> list[tuple[str, str]]:
    """What she sees among her bookings: module and date."""
    rows = page.locator(".app-session[data-session]").all()
    return [(row.get_attribute("data-module"), row.locator(".app-session__when strong").inner_text()) for row in rows]


def calendar_of(mailbox: Mailbox) -> dict[str, tuple]:
    """What her own calendar shows once it has taken every message in the mailbox, by the event's name."""
    shown: dict[str, tuple] = {}
    for mail in mailbox.mails:
        for content in calendars_in(mail)[:1]:
            method, event = by_icalendar(content)
            if method == "CANCEL":
                shown.pop(event["uid"], None)
            else:
                shown[event["uid"]] = (event["title"], event["starts_at"], event["ends_at"])
    return shown


def feed_of(page: Page, town: str) -> dict[str, tuple]:
    """What her feed shows that is not cancelled, by the event's name."""
    page.goto(f"{town}/my/calendar")
    feed = page.request.get(page.get_by_role("link", name=".ics").get_attribute("href"))
    events = Calendar.from_ical(feed.body()).walk("VEVENT")
    return {
        str(event["UID"]): (str(event["SUMMARY"]), event["DTSTART"].dt, event["DTEND"].dt)
        for event in events
        if event["STATUS"] == "CONFIRMED"
    }


def registers_that_expect_her(council: Flask) -> set[tuple]:
    """From when to when each day is on whose register she stands."""
    with council.app_context():
        stella = people.find_by_email(EMAIL)
        sessions = timetable.sessions_where()
        expected = expected_on([each.id for each in sessions])
        hers = [each for each in sessions if stella.id in expected.get(each.id, {})]
        db.session.remove()
    return {(day.starts_at, day.ends_at) for each in hers for day in each.days}


def test_a_term_is_planned_in_four_taps_lost_to_illness_and_put_right(phone, town, council, mailbox):
    page, taps = phone, 0
    page.goto(town)
    for name in ("Plan the whole programme", "Book these 6", "Book all 6"):
        tap = page.locator("main").get_by_role("link", name=name)
        tap.or_(page.locator("main").get_by_role("button", name=name)).click()
        taps += 1
    assert taps <= 4
    expect(page.locator("main")).to_contain_text("6 sessions are booked")
    page.goto(f"{town}/my/bookings")
    assert rows_of(page) == PLANNED
    work(council)
    mailbox_before = len(mailbox.mails)

    page.locator("[data-module=M2]").get_by_role("link", name="I can’t come").click()
    page.get_by_label("Unwell").check()
    page.get_by_role("button", name="Give my place back").click()
    work(council)

    told = [mail for mail in mailbox.mails[mailbox_before:] if "needs something" in mail["Subject"]]
    assert len(told) == 1
    words = words_in(told[0])
    assert "Module 2 is missing now, and your place on Module 3 rests on it." in words
    assert (
        "On Sunday 13 January at 1:30pm your place goes to the next person, unless you put this right before." in words
    )
    assert "Module 2: Monday 21 January 2019, 9:30am to 12:30pm" in words  # in time for Module 6
    page.goto(town)
    expect(page.get_by_role("heading", name="Some of your places need something")).to_be_visible()

    page.goto(re.search(rf"{town}/sessions/\d+", words).group())
    expect(page.get_by_role("heading", name="Your place needs something")).to_be_visible()
    page.get_by_role("button", name="Do all of this").click()
    expect(page.get_by_role("alert")).to_contain_text("Your bookings and your diary are up to date.")
    assert rows_of(page) == PUT_RIGHT
    assert page.locator(".app-lost").count() == 0
    work(council)

    feed = feed_of(page, town)
    assert calendar_of(mailbox) == feed
    assert sorted({title.split(":")[0].split(" (")[0] for title, *_ in feed.values()}) == [
        f"Module {number}" for number in range(1, 7)
    ]
    days = {f"{start.day} {start:%b}" for _, start, _ in feed.values()}
    assert days == {"10 Jan", "21 Jan", "24 Jan", "31 Jan", "1 Feb"}
    assert registers_that_expect_her(council) == {(start, end) for _, start, end in feed.values()}
    assert complaints_of(page) == []
    result = council.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 0, result.output
