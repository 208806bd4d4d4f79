"""Files are brought in with a real browser: accessible at every step, wide and on a phone, and without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import expect

from cpd.shared.database import db
from tests.pages import assert_page_is_accessible, forgive, served, watch
from tests.timetable.conftest import CSV, DATA, sessions

pytestmark = pytest.mark.browser
UNKNOWN_COLUMNS = "Kurs;Datum;Uhrzeit;Ort\nM2;2019-01-15;9.30am to 12.30pm;Room 2, Dryden\n"
EVERY_KIND = """module,start_date,start_time,end_time,venue,room,note
M2,2019-05-06,09:30,12:30,Dryden,Room 2,
M3,TBC,13:30,16:30,Dryden,Room 2,
M4,2019-05-06,10:30,12:30,Dryden,Room 2,
"""


@pytest.fixture
def address(app, systemic, officer):
    """Where the application is served, and the cookie of an officer who is signed in."""
    db.session.rollback()
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    cookie = signed.dumps({"_user_id": officer.get_id(), "_fresh": True})
    with served(app) as url:
        yield url, {"name": "session", "value": cookie, "url": url}


def send(page, name, content):
    page.get_by_label("File").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": content}])
    page.get_by_role("button", name="Look at it first").click()


def test_a_timetable_is_sent_looked_at_and_taken(page, address):
    url, cookie = address
    page.context.add_cookies([cookie])
    page.goto(f"{url}/workforce")
    page.get_by_role("link", name="A timetable").click()
    assert_page_is_accessible(page)

    send(page, CSV, Path(DATA / CSV).read_bytes())
    expect(page.get_by_text("38 new sessions with 42 days")).to_be_visible()
    assert_page_is_accessible(page)

    page.get_by_role("button", name="Take 38 sessions as drafts").click()
    expect(page.get_by_role("alert")).to_contain_text("38 sessions with 42 days taken as drafts")
    assert len(sessions()) == 38


def test_what_stands_in_the_way_is_accessible(page, address):
    url, cookie = address
    page.context.add_cookies([cookie])
    page.goto(f"{url}/workforce/import/timetable")
    page.get_by_role("button", name="Look at it first").click()
    forgive(page)  # the answer was a 422, as it must be
    assert_page_is_accessible(page)

    send(page, "t.csv", EVERY_KIND.encode())
    for heading in ("Refused", "Held back", "To look at", "What was understood"):
        expect(page.locator("caption", has_text=heading)).to_be_visible()
    assert_page_is_accessible(page)


def test_columns_are_chosen_without_a_script(browser, address):
    url, cookie = address
    with browser.new_context(java_script_enabled=False) as context:
        context.add_cookies([cookie])
        page = watch(context.new_page())
        page.goto(f"{url}/workforce/import/timetable")
        send(page, "t.csv", UNKNOWN_COLUMNS.encode())
        for heading, field in (("Kurs", "module"), ("Datum", "start_date"), ("Uhrzeit", "start_time"), ("Ort", "room")):
            page.get_by_label(heading).select_option(field)
        page.get_by_role("button", name="Read it again").click()
        page.get_by_role("button", name="Take and publish").click()
        expect(page.get_by_text("1 session with 1 day taken as published")).to_be_visible()

    assert [each.status for each in sessions()] == ["published"]


def test_people_are_sent_and_looked_at(page, address):
    url, cookie = address
    page.context.add_cookies([cookie])
    page.goto(f"{url}/workforce/import/people")
    assert_page_is_accessible(page)

    send(
        page,
        "people.csv",
        b"organisation,employee_number,email,name\ngateshead,N1,new@demo.example,Nell\ngateshead,,,\n",
    )

    expect(page.get_by_role("button", name="Take 1 and leave out the refused rows")).to_be_visible()
    assert_page_is_accessible(page)
