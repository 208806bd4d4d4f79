"""The register on a telephone, with a script and without, with a connection and without; and the code of the day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cpd.attendance.models import Mark, Register
from cpd.attendance.outside import links_to, make_link
from cpd.commands.demo.story import address
from cpd.people import service as people
from cpd.shared.database import db
from tests.cast import london
from tests.conftest import EVE_OF_TERM
from tests.pages import PHONE, assert_page_is_accessible, complaints_of, forgive

pytestmark = pytest.mark.browser


@pytest.fixture
def on_the_day(fresh_site):
    """The demonstration on the morning of the first Module 2."""
    fresh_site.app.extensions["frozen_clock"] = london(2019, 1, 15, 9, 35)
    yield fresh_site
    for page in fresh_site.pages.values():
        page.context.set_offline(False)
    fresh_site.app.extensions["frozen_clock"] = EVE_OF_TERM


def opened(site, who, path="/sessions/{M2[0]}/register", **more):
    page = site.visit(who, **more)
    page.set_viewport_size(PHONE)
    page.goto(site.url + site.path(path))
    return page


def marks(site):
    with site.app.app_context():
        in_open_ones = select(Mark.attendance_status).join(Register).where(Register.closed_at.is_(None))
        found = db.session.scalars(in_open_ones.order_by(Mark.id)).all()
        db.session.remove()
    return found


def first_row(page):
    return page.locator(".app-register__row").first


def test_a_register_is_kept_without_a_script(on_the_day):
    page = opened(on_the_day, "facilitator", script=False)
    name = first_row(page).get_by_role("heading").inner_text()
    page.get_by_role("button", name=f"Absent {name}").click()
    assert re.search(r"#person-\d+$", page.url)
    expect(first_row(page)).to_contain_text(re.compile(r"Absent\s+by Fay Facilitator at 9:35am"))
    page.get_by_text(f"Part attended {name}", exact=True).click()
    page.get_by_label(f"Minutes there, of 180 ({name})").fill("200")
    page.get_by_role("button", name=f"Save part attended {name}").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the minutes there, between 1 and 179")
    forgive(page)  # a 422, as it must be
    page.get_by_label(f"Minutes there, of 180 ({name})").fill("90")
    page.get_by_role("button", name=f"Save part attended {name}").click()
    expect(first_row(page)).to_contain_text("Part attended: 90 of 180 minutes")
    page.get_by_role("button", name="Everyone attended").click()
    expect(page.locator("#register-count")).to_contain_text("1 part attended, everybody is marked")
    assert complaints_of(page) == []


def test_each_tap_is_saved_without_leaving_the_page(on_the_day):
    page = opened(on_the_day, "facilitator")
    name = first_row(page).get_by_role("heading").inner_text()
    page.evaluate("window.stayed = true")
    button = page.get_by_role("button", name=f"Attended {name}", exact=True)
    button.click()
    expect(first_row(page)).to_contain_text(re.compile(r"Attended\s+by Fay"))
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.locator("#register-count")).to_contain_text("1 attended")
    assert page.evaluate("window.stayed") is True
    assert marks(on_the_day) == ["attended"]
    assert_page_is_accessible(page)


def test_taps_without_a_connection_are_kept_and_sent_even_after_the_page_was_closed(on_the_day):
    page = opened(on_the_day, "facilitator")
    rows = page.locator(".app-register__row")
    names = [rows.nth(number).get_by_role("heading").inner_text() for number in range(2)]
    page.context.set_offline(True)
    for name in names:
        page.get_by_role("button", name=f"Attended {name}", exact=True).click()
    page.get_by_role("button", name=f"Excused {names[1]}").click()
    expect(page.locator("#register-waiting")).to_contain_text("3 marks are kept on this device")
    assert marks(on_the_day) == []
    page.context.set_offline(False)
    page.reload()
    expect(rows.nth(1)).to_contain_text(re.compile(r"Excused\s+by Fay"))
    expect(page.locator("#register-waiting")).to_be_hidden()
    assert marks(on_the_day) == ["attended", "attended", "excused"]
    forgive(page)  # the browser says that it was offline


def test_a_refusal_is_said_in_the_row(on_the_day):
    page = opened(on_the_day, "facilitator")
    name = first_row(page).get_by_role("heading").inner_text()
    on_the_day.app.extensions["frozen_clock"] = london(2019, 1, 14, 9, 35)
    page.get_by_role("button", name=f"Absent {name}").click()
    expect(first_row(page)).to_contain_text("This register opens on Tuesday 15 January.")
    forgive(page)  # a 409, as it must be


def test_the_register_is_closed_and_opened_again(on_the_day):
    page = opened(on_the_day, "facilitator")
    first_row(page).get_by_role("button", name="Attended").first.click()
    expect(first_row(page)).to_contain_text(re.compile(r"Attended\s+by Fay"))
    on_the_day.app.extensions["frozen_clock"] = london(2019, 1, 15, 12, 40)
    page.reload()
    page.get_by_role("button", name="Close the register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("have no mark yet")
    forgive(page)  # a 409, as it must be
    assert_page_is_accessible(page)
    page.get_by_role("button", name="Mark them absent and close").click()
    expect(page.get_by_text("Closed on Tuesday 15 January at 12:40pm")).to_be_visible()
    assert_page_is_accessible(page)
    page.get_by_text("Something is wrong: open it again").click()
    page.get_by_label("Why is it opened again?").fill("A name was wrong")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("A name was wrong. Close it once it is right.")).to_be_visible()


def test_a_code_on_the_screen_signs_somebody_in(on_the_day):
    screen = opened(on_the_day, "facilitator", "/sessions/{M2[0]}/code")
    code = screen.locator(".app-code__letters").inner_text().replace("The code is", "").strip()
    assert screen.locator(".app-code__picture").evaluate("each => each.naturalWidth") > 0
    assert_page_is_accessible(screen)
    on_the_day.app.extensions["frozen_clock"] = london(2019, 1, 15, 9, 36)
    page = opened(on_the_day, "ash", f"/attend/{code.replace(' ', '')}")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")
    assert_page_is_accessible(page)
    page = opened(on_the_day, "nqsw", "/attend")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    forgive(page)  # a 409, as it must be
    assert_page_is_accessible(page)


def test_a_facilitator_from_outside_keeps_the_register_by_her_link(on_the_day):
    number = on_the_day.known["M6"][0]
    with on_the_day.app.app_context():
        make_link(number, "Terry Tutor", by=people.find_by_email(address("workforce")).id)
        path = links_to(number)[0].path
        db.session.remove()
    on_the_day.app.extensions["frozen_clock"] = london(2019, 1, 31, 9, 35)
    page = opened(on_the_day, "", path)
    first_row(page).get_by_role("button", name="Attended").first.click()
    expect(first_row(page)).to_contain_text("by Terry Tutor")
    assert_page_is_accessible(page)
    desk = opened(on_the_day, "workforce", "/sessions/{M6[0]}/register")
    desk.get_by_role("button", name="Take it back the link of Terry Tutor").click()
    expect(desk.get_by_role("alert")).to_contain_text("The link no longer works.")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    forgive(page)  # a 410, as it must be
    assert_page_is_accessible(page)


SMALLEST_TARGET = 44


def test_a_thumb_finds_every_button_and_the_count_stays_in_sight(on_the_day):
    page = opened(on_the_day, "facilitator")
    rows = page.locator(".app-register__row")
    assert rows.count() > 1
    first_row(page).get_by_role("button", name=re.compile("^Attended")).click()
    expect(first_row(page)).to_contain_text("Take the mark back")
    for target in page.locator(".app-register button, .app-register summary").all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= SMALLEST_TARGET, target.inner_text()
    for place in range(rows.count()):
        rows.nth(place).scroll_into_view_if_needed()
        expect(page.locator("#register-count")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_facilitator_comes_from_her_list_to_todays_register_with_one_tap(on_the_day):
    page = opened(on_the_day, "facilitator", "/my/registers")
    button = page.get_by_role("button", name=re.compile("Mark the register of Module 2"))
    assert button.bounding_box()["height"] >= SMALLEST_TARGET
    assert_page_is_accessible(page)
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Module 2")


def test_what_was_left_open_is_marked_closed_and_accepted_all_the_same(on_the_day):
    page = opened(on_the_day, "facilitator", "/my/registers")
    page.get_by_role("link", name=re.compile("Parenting")).click()
    name = first_row(page).get_by_role("heading").inner_text()
    page.get_by_text(f"Part attended {name}", exact=True).click()
    page.get_by_label(f"Minutes there, of 180 ({name})").fill("150")
    page.get_by_role("button", name=f"Save part attended {name}").click()
    expect(first_row(page)).to_contain_text("150 of 180 minutes")
    page.get_by_role("button", name="Everyone attended").click()
    page.get_by_role("button", name="Close the register").click()
    expect(page.locator("#not-complete")).to_be_visible()

    officer = opened(on_the_day, "workforce", page.url.removeprefix(on_the_day.url))
    officer.get_by_text(f"Let it count all the same {name}", exact=True).click()
    officer.get_by_role("button", name=f"Accept as complete {name}").click()
    expect(officer.get_by_role("alert")).to_contain_text("Enter the reason")
    forgive(officer)  # a 422, as it must be
    officer.get_by_label("Why?").first.fill("She was called to court for half an hour")
    officer.get_by_role("button", name=f"Accept as complete {name}").click()
    expect(officer.locator("[data-not-complete]").first).to_contain_text("Accepted by Willow Workforce, because")
    assert_page_is_accessible(officer)
