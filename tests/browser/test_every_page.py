"""Every page as its users meet it, in a real browser: clean for axe, whole on a phone and at 400 % zoom.

Which pages there are, and who looks at them, stands in `pages_to_visit.py`.
"""

from __future__ import annotations

import re

import pytest

from cpd.booking.rules import State
from tests.browser.pages_to_visit import LEFT_OUT, LOOKS, NOBODY, Look
from tests.browser.world import cookie_of
from tests.pages import assert_page_is_accessible, complaints_of

pytestmark = pytest.mark.browser

ZOOMED = {"width": 320, "height": 256}
"""What a window of 1280 by 1024 shows at 400 % (WCAG 1.4.10)."""

CUT_OFF = """
() => [...document.querySelectorAll('body *')].filter(each => {
    const style = getComputedStyle(each)
    return !each.closest('.govuk-visually-hidden, svg') && each.clientWidth > 1
        && ['hidden', 'clip'].includes(style.overflowX) && each.scrollWidth > each.clientWidth + 1
}).map(each => each.outerHTML.slice(0, 200))
"""
STAYING = """
() => [...document.querySelectorAll('body *')]
    .filter(each => ['fixed', 'sticky'].includes(getComputedStyle(each).position))
    .map(each => each.outerHTML.slice(0, 200))
"""
WITH_SESSIONS = {"home.timetable", "home.session_page", "home.my_bookings"}
PLAIN_ACCOUNTS = ["manager", "assessor", "panel", "psw", "service", "operations", "director", "auditor", "admin", "hr"]
TIMETABLE = (
    b"module,when,where\nM2,8 April 2019 9.30am - 12.30pm,Dryden Road PDC\nM3,TBC,Dryden\nM9,9 April 2019,Nowhere\n"
)
PEOPLE = b"organisation,employee_number,email,name\ngateshead,G900,new@demo.example,Nia New\ngateshead,,wrong,\n"
BOOKINGS = (
    b"email,module,start_date,status,received_at\nnqsw@demo.example,M2,15/01/2019 9.30am,confirmed,2018-12-03\n"
    b"worker@demo.example,M9,15/01/2019,confirmed,2018-12-03\n"
)
FILES = {"timetable": TIMETABLE, "people": PEOPLE, "bookings": BOOKINGS}
REQUEST = "From: nqsw@demo.example\n\nModule 1 - 10 January\nModule 2 - 16 January\nModule 9 - 17 January\n"


@pytest.fixture(scope="module")
def dressed(site):
    """The site, with the links that stand in messages, three files that were sent but not taken, and a request."""
    site.known |= {"link": link_of(site), "give_back": give_back_of(site)}
    site.known |= {kind: sent(site, kind, file) for kind, file in FILES.items()}
    site.known["request"], site.known["asker"] = pasted(site)
    return site


def link_of(site) -> str:
    """Read the newcomer's link in her message."""
    page = site.app.test_client().get("/outbox?to=una")
    return re.search(r"/password/([^\"<\s]+)", page.text).group(1)


def give_back_of(site) -> str:
    """Read the link that gives a place back in a message of somebody who has one."""
    page = site.app.test_client().get("/outbox?to=connie")
    return re.search(r"/cancel/([^\"<\s]+)", page.text).group(1)


def sent(site, kind: str, content: bytes) -> int:
    """Send a file and return its number."""
    page = site.visit("hr" if kind == "people" else "workforce")
    page.goto(f"{site.url}/workforce/import/{kind}")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Look at it first").click()
    page.wait_for_url(re.compile(rf"/import/{kind}/\d+$"))
    return int(page.url.rpartition("/")[2])


def pasted(site) -> tuple[int, str]:
    """Paste a request, and return its number and the id of the person whose it is."""
    page = site.visit("workforce")
    page.goto(f"{site.url}/workforce/requests/paste")
    page.get_by_label("The request").fill(REQUEST)
    page.get_by_role("button", name="Look at it first").click()
    page.wait_for_url(re.compile(r"/requests/paste/\d+$"))
    asker = page.locator("input[type=hidden][name=person]").get_attribute("value")
    return int(page.url.rpartition("/")[2]), asker


def test_every_page_is_looked_at_or_left_out_for_a_reason(sqlite_app):
    pages = {rule.endpoint for rule in sqlite_app.url_map.iter_rules() if "GET" in rule.methods}

    assert {look.page for look in LOOKS} | LEFT_OUT.keys() == pages


FIRST = {look.page: look for look in reversed(LOOKS)}
"""Each page as the first of its users meets it; its other appearances are looked at by `make torture`."""


def _looked_at_rarely(look: Look) -> list[pytest.MarkDecorator]:
    return [] if look is FIRST[look.page] else [pytest.mark.torture]


@pytest.mark.parametrize("look", [pytest.param(each, marks=_looked_at_rarely(each), id=str(each)) for each in LOOKS])
def test_a_page_is_accessible_and_whole(dressed, look: Look):
    page = dressed.visit(look.who)
    answer = page.goto(dressed.url + dressed.path(look.address))

    assert answer.status == 200
    assert page.get_by_role("heading", level=1).count() == 1
    assert_page_is_accessible(page)
    page.set_viewport_size(ZOOMED)
    assert page.evaluate("document.documentElement.scrollWidth") == ZOOMED["width"]
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(STAYING) == []


@pytest.mark.parametrize("who", PLAIN_ACCOUNTS)
def test_every_link_of_the_navigation_leads_to_a_page_that_is_hers(site, who):
    page = site.visit(who)
    page.goto(site.url)
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert addresses[:1] == ["/"]
    page.set_viewport_size(ZOOMED)

    for address in [*addresses, "/account", "/help"]:
        assert page.goto(site.url + address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth") == ZOOMED["width"]
    assert [each for each in complaints_of(page) if "/static/icon.svg" not in each] == []


def test_every_way_in_which_a_session_can_stand_is_among_these_pages(dressed):
    found = set()
    for look in (each for each in LOOKS if each.page in WITH_SESSIONS):
        client = dressed.app.test_client()
        if look.who != NOBODY:
            client.set_cookie("session", cookie_of(dressed.app, look.who))
        page = client.get(dressed.path(look.address))
        found |= set(re.findall(r'data-session="\d+"[^>]* data-state="(\w+)"', page.text))

    assert found == {str(state) for state in State}
