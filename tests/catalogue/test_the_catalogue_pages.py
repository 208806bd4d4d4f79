"""Somebody looks through what her council offers: programmes, modules, what they need, and how they stand to her."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask.sessions import SecureCookieSessionInterface

from cpd.booking.service import book_places
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import london
from tests.catalogue.conftest import SMALL, adopt, counted_queries
from tests.pages import assert_page_is_accessible, served


@pytest.fixture
def gateshead(both, organisation, adopt_real):
    """Gateshead's scheme, on each database."""
    adopt_real("gateshead")


@pytest.fixture
def read(sign_in, alice):
    """Open a page as Alice and give its words: `read("/catalogue")`."""
    client = sign_in(alice)

    def open_page(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        main = answer.text.partition('id="main-content">')[2].partition("</main>")[0]
        words = re.sub("<svg.*?</svg>|<[^>]+>", " ", main, flags=re.DOTALL)
        return " ".join(unescape(words).replace(" .", ".").split())

    return open_page


@pytest.fixture
def states(sign_in, alice):
    """How each module on a page stands to Alice: `states("/catalogue/systemic")["M1"]`."""
    client = sign_in(alice)

    def of_page(path: str) -> dict[str, str]:
        return dict(re.findall(r'data-module="([^"]+)" data-state="([a-z]+)"', client.get(path).text))

    return of_page


def done(person, module, on=date(2018, 11, 30)):
    add_fact(
        FactSaid(person_id=person.id, kind=FactKind.COMPLETED, subject=module, happened_on=on, source_kind="import"),
        by=None,
    )


def test_programmes_come_first_and_then_modules_by_kind(gateshead, read):
    page = read("/catalogue")

    parts = ["Systemic and strengths-based practice", "Courses and modules", "Practice Shorts", "Conferences"]
    assert sorted(parts, key=page.index) == parts
    assert "0 of 6 modules done" in page
    assert "Resilience Cafe (Mindfulness) No dates yet" in page


def test_a_module_in_a_programme_is_not_listed_twice(gateshead, states):
    assert not {"M1", "M7"} & states("/catalogue").keys()


def test_a_search_looks_through_everything(gateshead, read, states):
    assert states("/catalogue?q=genograms").keys() == {"M1", "PS-GENOGRAMS"}
    assert "2 results for “genograms”" in read("/catalogue?q=genograms")
    assert "1 result for “systemic”" in read("/catalogue?q=systemic")
    assert "Nothing is found" in read("/catalogue?q=zzz")


def test_an_overlong_search_is_refused_and_everything_shown(gateshead, sign_in, alice):
    answer = sign_in(alice).get("/catalogue?q=" + "x" * 300)

    assert answer.status_code == 422
    assert "must be 200 characters or fewer" in answer.text
    assert "Practice Shorts" in answer.text


def test_the_words_searched_for_cannot_break_the_page(gateshead, sign_in, alice):
    assert "<script>alert" not in sign_in(alice).get("/catalogue?q=<script>alert(1)</script>").text


def test_a_programme_shows_each_module_as_it_stands(gateshead, states, read, alice, bob, hold):
    done(alice, "PS-GENOGRAMS")
    done(alice, "M7", date(2018, 12, 3))
    second = hold("M2", london(2019, 1, 15, 9, 30))
    hold("M3", london(2019, 1, 15, 13, 30))
    fourth = hold("M4", london(2019, 1, 18, 9, 30), places=1)
    book_places(alice.id, [second.id], by=alice.id)
    book_places(bob.id, [second.id], by=bob.id)
    done(bob, "M1")
    book_places(bob.id, [fourth.id], by=bob.id)
    book_places(alice.id, [fourth.id], by=alice.id)

    assert states("/catalogue/systemic") == {
        "M1": "recognised",
        "M2": "booked",
        "M3": "open",
        "M4": "waiting",
        "M5": "blocked",
        "M6": "blocked",
        "M7": "done",
    }
    page = read("/catalogue/systemic")
    assert "1 of 6 modules done, 1 booked" in page
    for words in (
        "Recognised: 30 November 2018",
        "Booked: Tue 15 Jan",
        "You can book: 1 date",
        "Waiting list: Fri 18 Jan",
        "Needs Modules 3, 4 and 5 first",
        "Done on 3 December 2018",
    ):
        assert words in page, words


def test_whoever_starts_is_told_what_comes_first(gateshead, read, states, hold):
    hold("M1", london(2019, 1, 10, 12), places=None)
    hold("M3", london(2019, 1, 15, 13, 30))

    assert states("/catalogue/systemic")["M3"] == "blocked"
    page = read("/catalogue/systemic")
    assert "Just come: 1 date" in page
    assert "Needs Modules 1 and 2 first" in page
    assert "Module 2 Context, shared visions and values Needs nothing before No dates yet" in page
    assert "Module 6: Practical Simulation" in page
    assert "Not mandatory" in page


def test_a_programme_is_a_picture_too(gateshead, sign_in, alice):
    page = sign_in(alice).get("/catalogue/systemic").text

    assert page.count('role="img"') == 2  # one for a wide page, one for a narrow one
    assert "Module 3: Needs Modules 1 and 2." in page


def test_a_session_that_is_full_can_be_waited_for(gateshead, read, bob, hold):
    second = hold("M2", london(2019, 1, 15, 9, 30), places=1)
    book_places(bob.id, [second.id], by=bob.id)

    assert "Full: you can wait" in read("/modules/M2")


def test_a_module_says_what_it_is_and_how_to_book_it(gateshead, read, hold):
    hold("M3", london(2019, 1, 15, 13, 30))

    page = read("/modules/M3")

    assert page.startswith("Module 3 Language and self-reflexivity")
    assert "For whom Social Workers and Practice Supervisors" in page
    assert "Length 3 hours" in page
    assert "Places are given in the order of asking" in page
    assert "Tue 15 Jan 1:30pm to 4:30pm" in page


def test_a_module_says_what_it_needs_with_its_state_and_what_it_opens(gateshead, read, alice, hold):
    done(alice, "M1")
    hold("M2", london(2019, 1, 15, 9, 30))
    hold("M2", london(2019, 1, 21, 9, 30))

    page = read("/modules/M3")

    assert "All of these: Module 1: Genograms Done on 30 November 2018 Module 2 Still to do: 2 dates" in page
    assert "What it opens Module 6: Practical Simulation" in page


def test_a_booked_prerequisite_counts_once_she_attends(gateshead, read, alice, hold):
    second = hold("M2", london(2019, 1, 15, 9, 30))
    book_places(alice.id, [second.id], by=alice.id)

    assert "Module 2 Booked for 15 January 2019, counts once you attend" in read("/modules/M3")


def test_a_drop_in_needs_no_booking_and_nothing_before(gateshead, read, hold):
    hold("M7", london(2019, 1, 25, 9), places=None)

    page = read("/modules/M7")

    assert "No need to book: just come" in page
    assert "Nothing: you can do it at any point." in page
    assert "Length 90 minutes" in page


def test_what_counts_as_a_module_is_said_in_words_on_both_pages(gateshead, read):
    sentence = "Genograms Practice Short done in November or December 2018 counts as Module 1: Genograms."

    assert sentence in read("/modules/M1")
    assert sentence in read("/modules/PS-GENOGRAMS")


def test_where_the_rules_come_from_can_be_looked_up(gateshead, read):
    page = read("/modules/M3")

    assert "Families Overview and Scrutiny Committee, 7 March 2019" in page
    assert "known here as G-M3, G-1, G-2, G-7 and G-13" in page
    assert "A module that must come before another counts as soon as it is booked" in page
    assert "(AMB-23)" in page
    assert "(AMB-21)" not in page


def test_a_report_without_a_day_has_its_month(both, read, make_person, make_organisation, adopt_real, sign_in):
    person = make_person("Sue", employer=make_organisation("slough", "Slough Borough Council"))
    adopt_real("slough")

    assert "September 2014" in sign_in(person).get("/modules/SL-ICS").text


def test_a_module_without_dates_says_so(gateshead, read):
    page = read("/modules/CO-PAMS")

    assert "No dates yet" in page
    assert "How to book Once there are dates" in page
    assert "Length Not published" in page
    assert "For whom Everybody" in page


def test_the_rows_of_a_modules_sessions_can_be_read_by_programs(gateshead, sign_in, alice, hold):
    session = hold("M2", london(2019, 1, 15, 9, 30))

    page = sign_in(alice).get("/modules/M2").text

    assert f'data-session="{session.id}" data-module="M2" data-state="open"' in page


def test_drafts_and_sessions_that_are_over_are_not_shown(gateshead, sign_in, alice, hold):
    hold("M2", london(2019, 1, 15, 9, 30), status="draft")
    hold("M2", london(2018, 12, 15, 9, 30))

    assert "data-session" not in sign_in(alice).get("/modules/M2").text


@pytest.mark.parametrize(
    "path",
    ["/modules/M99", "/modules/ASYE-1", "/catalogue/nothing", "/catalogue/asye-workshops", "/modules/" + "M" * 3000],
    ids=["unknown module", "another council's module", "unknown programme", "another council's programme", "overlong"],
)
def test_what_is_not_there_for_her_is_not_found(gateshead, adopt_real, sign_in, alice, path):
    adopt_real("warwickshire")

    assert sign_in(alice).get(path).status_code == 404


def test_another_councils_modules_are_not_listed_or_found(gateshead, adopt_real, read, states):
    adopt_real("warwickshire")

    assert "Achieving Best Evidence" not in read("/catalogue")
    assert states("/catalogue?q=workshop") == {}


def test_a_withdrawn_module_is_not_found(app, make_person, make_organisation, sign_in):
    person = make_person("Sue", employer=make_organisation("bury", "Bury Council"))
    adopt(SMALL)
    client = sign_in(person)
    assert client.get("/modules/SHORT").status_code == 200

    kept = (line for line in SMALL.splitlines() if "SHORT" not in line and line != "equivalences:")
    adopt("\n".join(kept).replace("version: 1", "version: 2"))

    assert client.get("/modules/SHORT").status_code == 404
    assert "SHORT" not in client.get("/catalogue").text


def test_a_council_without_a_scheme_has_an_empty_catalogue(app, read):
    assert "The catalogue is empty" in read("/catalogue")


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/systemic", "/modules/M1"])
def test_whoever_is_not_signed_in_is_asked_to_do_so(app, organisation, adopt_real, path):
    adopt_real("gateshead")

    answer = app.test_client().get(path)

    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "most"),
    [("/catalogue", 10), ("/catalogue?q=module", 11), ("/catalogue/systemic", 11), ("/modules/M3", 13)],
)
def test_a_page_asks_the_database_as_often_for_one_session_as_for_many(
    gateshead, sign_in, alice, hold, path, most, count
):
    for number in range(count):
        hold("M2", london(2019, 1, 15 + number % 10, 9, number))
        hold("M3", london(2019, 2, 1 + number % 10, 9, number))
    client = sign_in(alice)
    db.session.rollback()

    with counted_queries() as sent:
        assert client.get(path).status_code == 200

    assert len(sent) == most


@pytest.mark.browser
def test_the_pages_are_accessible_on_a_wide_screen_and_on_a_phone(app, organisation, adopt_real, alice, hold, page):
    adopt_real("gateshead")
    done(alice, "PS-GENOGRAMS")
    hold("M2", london(2019, 1, 15, 9, 30))
    hold("M3", london(2019, 1, 15, 13, 30))
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    cookie = signed.dumps({"_user_id": alice.get_id(), "_fresh": True})

    with served(app) as address:
        page.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        for path in ("/catalogue", "/catalogue?q=genograms", "/catalogue/systemic", "/modules/M3", "/modules/M1"):
            page.goto(address + path)
            assert_page_is_accessible(page)


@pytest.mark.browser
def test_a_search_works_by_keyboard_alone(app, organisation, adopt_real, alice, page):
    adopt_real("gateshead")
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    cookie = signed.dumps({"_user_id": alice.get_id(), "_fresh": True})

    with served(app) as address:
        page.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        page.goto(address + "/catalogue")
        page.get_by_label("Search the catalogue").press_sequentially("nvr\n")
        page.get_by_role("link", name="Module 7: Non-Violent Resistance (NVR)").press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "Module 7: Non-Violent Resistance (NVR)"
