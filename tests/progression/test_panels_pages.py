"""Pages of panels: what Workforce Development, members, the participation worker and the person see, and no others."""

from __future__ import annotations

import pytest

from cpd.progression.panels import reading, service
from cpd.progression.panels.models import PanelCase
from cpd.progression.panels.rules import CaseStatus
from cpd.requirements.record import FactKind
from cpd.shared.clock import today
from cpd.shared.roles import Role
from tests.cast import LONG_AGO, london
from tests.home.test_query_counts import FEW, MANY, added, queries
from tests.progression.careers import say
from tests.progression.judging import (
    NOT_YET,
    adopt_panels,
    case,
    case_for,
    facts_of,
    meet,
    said,
    sit,
    status_of,
)

MOST = 26
"""So many queries a list of cases asks at most, however many they are."""


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels()


@pytest.fixture
def pat(make_person):
    return make_person("Pat Panel", Role.PANEL_MEMBER)


@pytest.fixture
def open_(version, nell, pat, officer, manager, clock_at):
    """Nell's case before the moderation panel; Pat comes to the meeting, and so does her manager, who may not judge."""
    sit("moderation", pat, manager)
    meeting_id = meet("moderation", pat, manager, by=officer)
    case_id = case_for(nell, "moderation", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    return case_id


def test_from_a_seat_to_a_decision_through_the_pages(version, nell, pat, officer, sign_in, clock_at):
    say(nell, FactKind.EVIDENCE, "portfolio", "2018-12-20")
    browser = sign_in(officer)
    page = browser.get("/progression/panels/moderation").text
    assert "Nobody sits on this panel yet" in page
    assert "20 December 2018" in page

    form = {"who": f"{pat.id}:panel_member", "starts_on": "2019-01-02", "reason": "Knows portfolios"}
    assert browser.post("/progression/panels/moderation/members/add", data=form).status_code == 303
    opened = browser.post("/progression/panels/moderation/open", data={"person": nell.id})
    assert opened.location == "/progression/cases/1/meeting"
    assert "No meeting of this panel is planned." in browser.get(opened.location).text

    form = {"on": "2019-01-15", "time": "9:30 to 11.30am", "place": "Civic Centre", "attending": [pat.id]}
    assert browser.post("/progression/panels/moderation/meetings/plan", data=form).location == "/progression/meetings/1"
    assert browser.post("/progression/cases/1/meeting", data={"meeting": 1}).location == "/progression/cases/1"
    assert "Meeting on 15 January 2019" in sign_in(pat).get("/progression/my-cases").text
    assert "You need not come." in sign_in(nell).get("/my/panels").text

    clock_at(2019, 1, 15, 10)
    form = {"judges": [pat.id], "outcome": "pass", "reasons": "It shows it"}
    assert browser.post("/progression/cases/1/decide", data=form).location == "/progression/cases/1"
    assert facts_of(nell, "moderation") == [("pass", "2019-01-15", True)]
    page = sign_in(nell).get("/my/panels").text
    assert "It shows it" in page
    assert "It is on your record." in page


@pytest.mark.parametrize(
    ("form", "said_beside"),
    [
        ({}, ["Choose what was decided", "Write the reasons", "Choose who judged"]),
        ({"outcome": "pass", "reasons": "x"}, ["Choose who judged"]),
        ({"outcome": "deferred_with_support", "reasons": "x", "judges": [1]}, ["Write the support plan"]),
    ],
)
def test_what_a_decision_lacks_is_said_beside_its_field(open_, officer, pat, sign_in, form, said_beside):
    form = {**form, **({"judges": [pat.id]} if "judges" in form else {})}
    answer = sign_in(officer).post(f"/progression/cases/{open_}/decide", data=form)

    assert answer.status_code == 422
    assert all(words in answer.text for words in said_beside[:2] if form or words != "Choose who judged")
    assert status_of(open_) == CaseStatus.OPEN


def test_a_name_in_any_panels_reasons_is_asked_about_and_can_be_answered(open_, officer, pat, sign_in):
    """These words go into a signed letter; the names of those who work here do not count (B8)."""
    browser, address = sign_in(officer), f"/progression/cases/{open_}/decide"
    form = {"judges": [pat.id], "outcome": "pass", "reasons": "Jade Smith says that Nell Newly listens"}
    assert "why does it tell nobody" not in browser.get(address).text

    asked = browser.post(address, data=form)

    assert asked.status_code == 422
    assert "“Jade Smith” in the reasons looks like a name" in asked.text
    assert "“Nell Newly”" not in asked.text
    assert browser.post(address, data={**form, "answer": "The author of a book"}).status_code == 303


def test_a_meeting_lists_the_cases_that_could_come_to_it(open_, officer, pat, abel, version, sign_in, clock_at):
    clock_at(2019, 1, 10)
    other = case_for(abel, "moderation", version, by=officer)
    here = case(open_).meeting.id
    browser = sign_in(officer)
    page = browser.get(f"/progression/meetings/{here}").text
    assert f'href="/progression/cases/{other}/meeting?meeting={here}"' in page
    assert f'data-could-come="{open_}"' not in page
    chosen = browser.get(f"/progression/cases/{other}/meeting?meeting={here}").text
    assert f'value="{here}" checked' in chosen
    assert "No other meeting of this panel is planned." in browser.get(f"/progression/cases/{open_}/meeting").text


def test_the_form_offers_only_those_who_can_judge(open_, officer, pat, manager, sign_in):
    page = sign_in(officer).get(f"/progression/cases/{open_}/decide").text

    assert "Pat Panel, panel member" in page
    assert "Mary Manager" not in page


def test_members_see_assigned_cases_only_and_whoever_is_in_conflict_sees_nothing(
    open_, pat, manager, nell, officer, alice, stranger, sign_in
):
    address = f"/progression/cases/{open_}"
    assert sign_in(pat).get(address).status_code == 200
    assert sign_in(officer).get(address).status_code == 200
    for other in (manager, nell, alice, stranger):
        assert sign_in(other).get(address).status_code == 404
        assert sign_in(other).get(f"{address}/decide").status_code == 404
    assert "1 case of your meetings is not shown to you" in sign_in(manager).get("/progression/my-cases").text
    assert "Nell Newly" not in sign_in(manager).get("/progression/my-cases").text


def test_a_declared_interest_takes_the_case_off_her_pages(open_, pat, officer, sign_in):
    browser = sign_in(pat)
    assert browser.post(f"/progression/cases/{open_}/interest", data={"words": ""}).status_code == 422
    answer = browser.post(f"/progression/cases/{open_}/interest", data={"words": "My cousin"})
    assert answer.location == "/progression/my-cases"
    assert browser.get(f"/progression/cases/{open_}").status_code == 404
    assert "Nell Newly" not in browser.get("/progression/my-cases").text

    page = sign_in(officer).get(f"/progression/meetings/{case(open_).meeting.id}").text
    assert "Cannot be judged so" in page
    assert "Missing: 1 more member." in page
    back = f"/progression/cases/{open_}/interests/{pat.id}/end"
    assert sign_in(officer).post(back, data={"reason": "A mistake"}).status_code == 303
    assert sign_in(pat).get(f"/progression/cases/{open_}").status_code == 200


def test_an_officer_with_an_interest_sees_nothing_of_the_case(open_, officer, sign_in):
    service.declare_interest(open_, officer.id, "My neighbour", by=officer.id)
    page = sign_in(officer).get("/progression/panels").text

    assert "Nell Newly" not in page
    assert "1 case is not shown to you" in page
    assert sign_in(officer).get(f"/progression/cases/{open_}").status_code == 404


def test_a_decision_made_meanwhile_is_said_and_changed_only_with_a_reason(open_, officer, pat, sign_in):
    service.decide(open_, said("fail", pat), by=officer.id)
    browser = sign_in(officer)
    form = {"judges": [pat.id], "outcome": "pass", "reasons": "It does"}
    late = browser.post(f"/progression/cases/{open_}/decide", data=form)
    assert late.status_code == 409
    assert "Somebody has written a decision down already." in late.text

    anew = f"/progression/cases/{open_}/decide-anew"
    assert 'value="fail" checked' in browser.get(anew).text
    assert browser.post(anew, data=form).status_code == 422
    assert browser.post(anew, data={**form, "because": "The wrong box"}).status_code == 303
    page = browser.get(f"/progression/cases/{open_}").text
    assert "Changed because: The wrong box" in page


def test_members_of_a_panel_that_recommends_first_see_each_other_only_afterwards(
    version, abel, make_person, officer, sign_in, clock_at
):
    sage, ola = make_person("Sage Service"), make_person("Ola Operations")
    sit("managers", sage, role="service_manager")
    sit("managers", ola, role="operations_manager")
    case_id = case_for(abel, "managers", version, meeting_id=meet("managers", sage, ola, by=officer), by=officer)
    clock_at(2019, 1, 15, 10)
    address = f"/progression/cases/{case_id}"
    form = {"outcome": "recommended", "reasons": "Sound judgement in court"}
    assert sign_in(sage).post(f"{address}/recommend", data=form).status_code == 303
    assert "Sound judgement" in sign_in(sage).get(address).text
    assert "Sound judgement" not in sign_in(ola).get(address).text
    assert "Sound judgement" not in sign_in(officer).get(address).text
    early = sign_in(officer).post(f"{address}/decide", data={"outcome": "recommended", "reasons": "x"})
    assert "Not everybody has recommended yet." in early.text

    form = {"outcome": "not_recommended", "reasons": "Too early"}
    assert sign_in(ola).post(f"{address}/recommend", data=form).status_code == 303
    assert "Sound judgement" in sign_in(ola).get(address).text
    done = sign_in(officer).post(f"{address}/decide", data={"outcome": "recommended", "reasons": "On balance"})
    assert done.status_code == 303
    assert {each.name for each in case(case_id).judges} == {"Sage Service", "Ola Operations"}


def test_the_participation_worker_sees_the_form_and_nothing_of_the_evidence(
    version, abel, pat, officer, sign_in, clock_at
):
    case_id = case_for(abel, "young", version, meeting_id=meet("young", pat, by=officer), by=officer)
    clock_at(2019, 1, 15, 10)
    address = f"/progression/cases/{case_id}"
    page = sign_in(pat).get(address).text
    assert "without any name of theirs" in page
    assert "To become" not in page
    assert sign_in(officer).get(f"{address}/decide").status_code == 404

    form = {"outcome": "recommended", "reasons": "Ms Smith from Leeds said she listens"}
    answer = sign_in(pat).post(f"{address}/decide", data=form)
    assert answer.status_code == 422
    assert "“Ms Smith” in the reasons looks like a name" in answer.text
    form = {**form, "reasons": "A young person said she listens", "names_nobody": "y"}
    assert sign_in(pat).post(f"{address}/decide", data=form).status_code == 303
    assert facts_of(abel, "young") == [("recommended", "2019-01-15", True)]


def test_she_withdraws_her_own_case_on_her_page(open_, nell, alice, sign_in):
    assert sign_in(alice).post(f"/my/panels/{open_}/withdraw", data={}).status_code == 404
    assert sign_in(nell).get(f"/my/panels/{open_}/withdraw").status_code == 200
    assert sign_in(nell).post(f"/my/panels/{open_}/withdraw", data={}).location == "/my/panels"
    assert status_of(open_) == CaseStatus.WITHDRAWN
    late = sign_in(nell).post(f"/my/panels/{open_}/withdraw", data={})
    assert late.status_code == 409


def test_what_was_not_yet_shows_plan_and_day_and_what_is_next(open_, nell, pat, officer, sign_in):
    service.decide(open_, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    page = sign_in(nell).get("/my/panels").text

    assert "Not yet, with support" in page
    assert "Two observed visits by May" in page
    assert "3 June 2019" in page
    assert "begin with its first point" in page


def test_the_meetings_page_says_who_is_busy_and_moves_or_cancels(open_, officer, pat, make_session, clock_at, sign_in):
    clock_at(2019, 1, 10, 9)
    meeting = case(open_).meeting
    other = meet("moderation", pat, at=london(2019, 1, 15, 10), by=officer)
    browser = sign_in(officer)
    page = browser.get(f"/progression/meetings/{meeting.id}").text
    assert "Busy then" in page
    form = {"on": "2019-01-16", "time": "1pm to 2pm", "place": "Town Hall", "attending": [pat.id]}
    assert browser.post(f"/progression/meetings/{other}/change", data=form).status_code == 303
    assert "Busy then" not in browser.get(f"/progression/meetings/{meeting.id}").text
    assert browser.post(f"/progression/meetings/{other}/cancel", data={"reason": ""}).status_code == 422
    assert browser.post(f"/progression/meetings/{other}/cancel", data={"reason": "Snow"}).status_code == 303
    assert "Snow" in browser.get(f"/progression/meetings/{other}").text
    wrong = {"on": "2019-01-16", "time": "tea time", "place": "", "attending": []}
    answer = browser.post("/progression/panels/moderation/meetings/plan", data=wrong)
    assert answer.status_code == 422
    assert "Enter the time like 9:30am to 12:30pm" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/progression/panels",
        "/progression/panels/moderation",
        "/progression/panels/interview",
        "/progression/panels/young",
        "/progression/panels/managers",
        "/progression/panels/moderation/members/add",
        "/progression/panels/young/meetings/plan",
        "/progression/panels/moderation/meetings/plan",
        "/progression/meetings/{meeting}",
        "/progression/meetings/{meeting}/change",
        "/progression/meetings/{meeting}/cancel",
        "/progression/panels/seats/1/end",
        "/progression/cases/{case}",
        "/progression/cases/{case}/meeting",
        "/progression/cases/{case}/withdraw",
        "/progression/cases/{case}/interests/add",
        "/progression/cases/{case}/decide",
        "/progression/cases/{case}/reveal",
    ],
)
def test_every_page_of_the_desk_opens_for_its_officer_and_for_nobody_elsewhere(
    open_, officer, pat, sign_in, address, make_person, make_organisation
):
    address = address.format(case=open_, meeting=case(open_).meeting.id)
    other = make_organisation("coventry", "Coventry City Council")
    elsewhere = make_person("Winnie", Role.WORKFORCE_DEVELOPMENT, employer=other)

    assert sign_in(officer).get(address).status_code == 200
    if "{" not in address and address != "/progression/panels":
        assert sign_in(elsewhere).get(address).status_code == 404


def test_the_pages_ask_as_often_for_many_cases_as_for_few(open_, version, officer, pat, make_person, sign_in):
    meeting_id = case(open_).meeting.id
    pages = {
        "/progression/panels": officer,
        f"/progression/meetings/{meeting_id}": officer,
        "/progression/my-cases": pat,
    }

    def fill(numbers):
        people = [make_person(f"Person {number}", career_level="new") for number in numbers]
        about = {"panel_code": "moderation", "scheme_version_id": version.id, "turn": 1, "status": "open"}
        more = {"opened_on": today(), "opened_at": LONG_AGO, "meeting_id": meeting_id, "missing": ""}
        more |= {"withdrawn_because": "", "organisation_id": officer.organisation_id}
        added(PanelCase, [{**about, **more, "person_id": each.id} for each in people])

    asked = {}
    for numbers in (range(FEW), range(FEW, MANY // 4)):
        fill(numbers)
        for address, viewer in pages.items():
            browser = sign_in(viewer)
            browser.get(address)
            with queries() as found:
                assert browser.get(address).status_code == 200
            asked.setdefault(address, []).append(found)
    for address, (few, many) in asked.items():
        assert len(few) == len(many), (address, *many)
        assert len(many) <= MOST, address
    assert len(reading.open_cases(officer.organisation_id)) == MANY // 4 + 1
