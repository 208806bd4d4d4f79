"""The pages of funding outside the pathway (W-13)."""

from __future__ import annotations

import io

import pytest

from cpd.shared.roles import Role
from cpd.study.funding import reading, service
from cpd.study.funding.rules import FundingFault, FundingStatus
from cpd.study.funding.wording import FAULTS, STATES
from tests.home.test_query_counts import queries
from tests.study.test_funding import COURSE, LEAFLET

TYPED = {
    "title": "Leadership in practice",
    "provider": "A university",
    "cost": "£1,250.50",
    "starts_on": ["4", "2", "2019"],
    "reasons": "To lead the learning set",
}


@pytest.fixture
def director(make_person, county):
    return make_person("Dara Director", Role.ASSISTANT_DIRECTOR, employer=county)


def test_there_are_words_for_everything():
    assert set(FAULTS) == set(FundingFault)
    assert set(STATES) == set(FundingStatus)


def test_she_asks_with_a_leaflet_and_sees_how_it_stands(app, ward, sign_in):
    browser = sign_in(ward)
    assert "therapeutic training or leadership" in browser.get("/my/funding").text

    answer = browser.post("/my/funding/ask", data=TYPED | {"leaflet": (io.BytesIO(LEAFLET.content), "offer.pdf")})

    assert answer.status_code == 303
    page = browser.get(answer.location).text
    said = ("Asked for, no comment yet", "£1,250.50, counted in April 2018 to March 2019", "4 February 2019")
    assert all(words in page for words in said)
    assert browser.get(f"{answer.location}/file").data == LEAFLET.content
    assert "Leadership in practice" in browser.get("/my/funding").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Enter what the training is"),
        ({"provider": ""}, "Enter who gives it"),
        ({"cost": ""}, "Enter what it costs"),
        ({"cost": "about 400"}, FAULTS[FundingFault.NO_COST]),
        ({"cost": "4,50"}, FAULTS[FundingFault.NO_COST]),
        ({"cost": "449.999"}, FAULTS[FundingFault.NO_COST]),
        ({"cost": "0"}, FAULTS[FundingFault.NO_COST]),
        ({"cost": "-5"}, FAULTS[FundingFault.NO_COST]),
        ({"cost": "100000.01"}, FAULTS[FundingFault.COSTS_TOO_MUCH]),
        ({"cost": "999999999999999999"}, FAULTS[FundingFault.NO_COST]),
        ({"starts_on": ""}, "Enter when it begins"),
        ({"starts_on": ["1", "1", "2019"]}, FAULTS[FundingFault.STARTED]),
        ({"ends_on": ["3", "2", "2019"]}, FAULTS[FundingFault.ENDS_FIRST]),
        ({"reasons": ""}, "Write why you want to do it"),
        ({"link": "javascript:alert(1)"}, FAULTS[FundingFault.NO_SAFE_LINK]),
    ],
)
def test_what_is_wrong_stands_beside_the_box(app, ward, sign_in, typed, words):
    answer = sign_in(ward).post("/my/funding/ask", data=TYPED | typed)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert reading.requests_of(ward.id) == []


def test_agency_staff_are_told_why_not(app, make_person, county, sign_in):
    answer = sign_in(make_person("Gil", employer=county, staff_type="agency")).post("/my/funding/ask", data=TYPED)

    assert (answer.status_code, FAULTS[FundingFault.NOT_FOR_HER] in answer.text) == (409, True)


def test_a_council_that_takes_no_requests_says_so(app, alice, sign_in):
    browser = sign_in(alice)

    assert "Your council takes no requests for funding here" in browser.get("/my/funding").text
    assert browser.get("/my/funding/ask").status_code == 404


def test_her_manager_comments_and_the_director_decides(app, ward, county_manager, director, sign_in):
    request_id = service.ask(ward.id, COURSE, LEAFLET)
    manager, decider = sign_in(county_manager), sign_in(director)
    assert COURSE.title in manager.get("/team/funding").text
    assert manager.get(f"/team/funding/{request_id}/file").data == LEAFLET.content

    answer = manager.post(f"/team/funding/{request_id}", data={"supports": "no", "comment": "Too dear"})
    assert (answer.status_code, answer.location) == (303, "/team/funding")
    page = decider.get(f"/funding/{request_id}").text
    assert all(words in page for words in ("Does not support it", "Too dear", "£449.50"))
    assert decider.get(f"/funding/{request_id}/file").data == LEAFLET.content
    assert decider.post(f"/funding/{request_id}", data={"decision": "approve", "reasons": ""}).status_code == 422
    answer = decider.post(f"/funding/{request_id}", data={"decision": "approve", "reasons": "Families need it"})

    assert (answer.status_code, answer.location) == (303, "/funding")
    queue = decider.get("/funding").text
    assert all(words in queue for words in ("Nothing waits for your decision", "April 2018 to March 2019", "£449.50"))
    assert "Families need it" in sign_in(ward).get(f"/my/funding/{request_id}").text
    again = decider.post(f"/funding/{request_id}", data={"decision": "decline", "reasons": "After all not"})
    assert (again.status_code, FAULTS[FundingFault.DECIDED_ALREADY] in again.text) == (409, True)


def test_she_withdraws_her_request(app, ward, sign_in):
    request_id = service.ask(ward.id, COURSE, None)
    browser = sign_in(ward)
    assert "Withdraw your request" in browser.get(f"/my/funding/{request_id}/withdraw").text

    answer = browser.post(f"/my/funding/{request_id}/withdraw")

    assert (answer.status_code, answer.location) == (303, "/my/funding")
    assert reading.find_request(request_id).status is FundingStatus.WITHDRAWN
    assert browser.post(f"/my/funding/{request_id}/withdraw").status_code == 409


def test_nobody_else_sees_what_she_asks_for(app, ward, wanda, county_officer, manager, make_person, sign_in):
    request_id = service.ask(ward.id, COURSE, LEAFLET)
    elsewhere = make_person("Elsewhere", Role.ASSISTANT_DIRECTOR)

    for who in (wanda, county_officer, manager):
        for path in ("/my/funding/{}", "/my/funding/{}/file", "/team/funding/{}", "/team/funding/{}/file"):
            assert sign_in(who).get(path.format(request_id)).status_code == 404
        assert sign_in(who).get("/funding").status_code == 403
    for path in (f"/funding/{request_id}", f"/funding/{request_id}/file"):
        assert sign_in(elsewhere).get(path).status_code == 404
    assert COURSE.title not in sign_in(elsewhere).get("/funding").text
    answer = sign_in(elsewhere).post(f"/funding/{request_id}", data={"decision": "approve", "reasons": "Mine"})
    assert answer.status_code == 404


def test_her_own_request_is_for_another_director(app, director, sign_in):
    request_id = service.ask(director.id, COURSE, None)
    browser = sign_in(director)

    assert "Another Assistant Director must decide on it" in browser.get(f"/funding/{request_id}").text
    answer = browser.post(f"/funding/{request_id}", data={"decision": "approve", "reasons": "Me"})
    assert (answer.status_code, FAULTS[FundingFault.OWN] in answer.text) == (409, True)


def test_decided_requests_are_divided_into_pages(app, ward, director, sign_in):
    for _ in range(reading.PER_PAGE + 1):
        service.decide(service.ask(ward.id, COURSE, None), approved=False, reasons="No", by=director.id)
    browser = sign_in(director)

    assert browser.get("/funding").text.count("data-request=") == reading.PER_PAGE
    assert browser.get("/funding?page=2").text.count("data-request=") == 1


@pytest.mark.parametrize(
    ("who", "path", "most"), [("ward", "/my/funding", 7), ("manager", "/team/funding", 7), ("director", "/funding", 9)]
)
def test_each_page_asks_as_often_for_many_as_for_few(app, ward, county_manager, director, sign_in, who, path, most):
    browser = sign_in({"ward": ward, "manager": county_manager, "director": director}[who])

    def fill(number):
        for _ in range(number):
            service.ask(ward.id, COURSE, None)
            service.decide(service.ask(ward.id, COURSE, None), approved=True, reasons="Yes", by=director.id)

    fill(1)
    browser.get(path)
    with queries() as for_few:
        assert browser.get(path).status_code == 200
    fill(12)

    with queries() as for_many:
        browser.get(path)

    assert len(for_many) == len(for_few), "\n".join(for_many)
    assert len(for_many) <= most, "\n".join(for_many)


def test_a_director_says_that_approved_training_did_not_take_place(app, ward, director, sign_in):
    request_id = service.ask(ward.id, COURSE, None)
    page, browser = f"/funding/{request_id}", sign_in(director)
    assert f"{page}/not-held" not in browser.get(page).text
    assert "Only training that is approved" in browser.get(f"{page}/not-held").text
    service.decide(request_id, approved=True, reasons="Yes", by=director.id)
    assert f"{page}/not-held" in browser.get(page).text
    assert browser.post(f"{page}/not-held", data={"reason": ""}).status_code == 422

    answer = browser.post(f"{page}/not-held", data={"reason": "The provider cancelled it"})

    assert (answer.status_code, answer.location) == (303, "/funding")
    for read in (browser.get(page).text, sign_in(ward).get(f"/my/funding/{request_id}").text):
        assert all(words in read for words in ("Did not take place", "Dara Director", "The provider cancelled it"))
    again = browser.post(f"{page}/not-held", data={"reason": "Once more, please"})
    assert (again.status_code, FAULTS[FundingFault.ENDED_ALREADY] in again.text) == (409, True)
    assert "Once more, please" in again.text


def test_what_was_typed_stays_where_it_is_refused(app, ward, make_person, county, county_manager, director, sign_in):
    agency = sign_in(make_person("Gil", employer=county, staff_type="agency"))
    answer = agency.post("/my/funding/ask", data=TYPED)
    assert "There is a problem" in answer.text
    assert all(typed in answer.text for typed in (TYPED["title"], TYPED["reasons"], "1,250.50"))

    request_id = service.ask(ward.id, COURSE, None)
    manager, decider = sign_in(county_manager), sign_in(director)
    service.decide(request_id, approved=True, reasons="Yes", by=director.id)
    acts = [
        (manager, f"/team/funding/{request_id}", {"supports": "no", "comment": "We cannot spare her"}),
        (decider, f"/funding/{request_id}", {"decision": "decline", "reasons": "We cannot spare her"}),
    ]
    for browser, path, typed in acts:
        answer = browser.post(path, data=typed)
        assert answer.status_code == 409
        summary = answer.text[answer.text.index("There is a problem") :]
        assert FAULTS[FundingFault.DECIDED_ALREADY] in summary
        assert "We cannot spare her</textarea>" in summary
