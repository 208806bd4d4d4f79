"""One mail has all that she needs on the day, and a link that gives the place back: asked once, never by opening it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.booking.service import book_places
from cpd.shared.database import db
from cpd.timetable.models import Room, Venue
from tests.cast import london, saved
from tests.messages.conftest import send, words_in
from tests.pages import assert_page_is_accessible, served


@pytest.fixture
def session(app_in_use, organisation, make_module, make_session):
    """Module 2 in Room 2 of a building with an address; people bring a pen."""
    module = make_module("M2", title="Module 2", what_to_bring="A pen and your notes")
    session = make_session(module, london(2019, 1, 15, 9, 30))
    address = "1 Example Square, Gateshead"
    venue = saved(
        Venue(organisation_id=organisation.id, code="C", name="Civic Centre", other_names=[], address=address)
    )
    room = saved(Room(venue_id=venue.id, code="2", name="Room 2", other_names=[]))
    session.days[0].venue_id, session.days[0].room_id = venue.id, room.id
    db.session.commit()
    return session


@pytest.fixture
def mails(alice, manager, session, mailbox):
    """What she and her line manager are sent when she books."""
    book_places(alice.id, [session.id], by=alice.id)
    assert send().mails == 2
    return mailbox.to(alice)[0], mailbox.to(manager)[0]


def link_in(mail) -> str:
    """The address in a mail that gives the place back."""
    (address,) = re.findall(r"^http\S+/cancel/\S+$", words_in(mail), re.MULTILINE)
    return address


def status() -> str:
    """How the one booking stands."""
    db.session.rollback()
    return db.session.query(Booking).populate_existing().one().status


def test_it_says_when_and_where_shows_it_on_a_map_and_says_what_to_bring(app, mails):
    mail, _ = mails
    words = words_in(mail)

    assert mail["Subject"] == "You have a place: Module 2, Tuesday 15 January"
    for said in (
        "Tuesday 15 January 2019, 9:30am to 12:30pm, Room 2, Civic Centre",
        "Civic Centre: 1 Example Square, Gateshead",
        "https://www.openstreetmap.org/search?query=1%20Example%20Square%2C%20Gateshead",
        "Bring: A pen and your notes",
    ):
        assert said in words.splitlines()


def test_her_line_manager_is_told_and_can_give_nothing_back(app, mails):
    _, informed = mails
    words = words_in(informed)

    assert words.startswith("Hello Mary Manager,")
    assert "Alice Learner has a place on Module 2." in words
    assert "Tuesday 15 January 2019, 9:30am to 12:30pm, Room 2, Civic Centre" in words
    assert "/cancel/" not in words


@pytest.mark.browser
def test_a_scanner_that_opens_every_link_changes_nothing_and_she_gives_it_back_in_one_tap(app, mails, page):
    path = "/cancel/" + link_in(mails[0]).partition("/cancel/")[2]
    scanner = app.test_client()
    for address in set(re.findall(r"http://127\.0\.0\.1:5000(\S*)", words_in(mails[0]))):
        assert scanner.get(address, follow_redirects=True).status_code == 200
        scanner.head(address)
    assert status() == Status.CONFIRMED

    with served(app) as url:
        page.goto(url + path)
        assert_page_is_accessible(page)
        assert status() == Status.CONFIRMED
        page.get_by_role("button", name="Give my place back").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are not coming")
    assert status() == Status.CANCELLED
