"""Pages of requests: asking, following, deciding, making the change, standing in, and who gets nothing."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.people import away
from cpd.people.rules import Away, AwayKind
from cpd.progression.panels import service as panels
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import service
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.home.test_query_counts import queries
from tests.progression.careers import completed, observed
from tests.progression.judging import case_for, meet, said, sit
from tests.progression.requesting import (
    adopt,
    approve,
    ask,
    enact,
    opened,
    panel,
    posts,
    request_ids,
    statuses,
    take_back,
)

APPROVE = {"decision": "approve", "reasons": "She is ready"}
MARCH = {"effective_on": "2019-03-01"}


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def wise(app_in_use, make_person, manager):
    return make_person("Wendy Wise", career_level="wise", manager=manager)


@pytest.fixture
def asked(careers, wise):
    return ask(wise, "wise-lead")


def test_my_progress_leads_to_asking_once_everything_is_done(app, careers, abel, sign_in):
    client = sign_in(abel)
    assert 'href="/my/progress/ask/able-wise"' not in client.get("/my/progress").text
    observed(abel)
    page = client.get("/my/progress").text

    assert 'href="/my/progress/ask/able-wise"' in page
    assert "Everything is done. You can ask to progress." in page
    assert 'href="/my/progress/requests"' in page


def test_what_was_asked_for_already_leads_to_the_request(app, asked, wise, sign_in):
    page = sign_in(wise).get("/my/progress").text

    assert f'href="/my/progress/requests/{asked}">See where it is, and what was decided</a>' in page
    assert 'href="/my/progress/ask/wise-lead"' not in page


def test_who_asks_too_early_sees_what_is_missing_and_what_to_do(app, careers, abel, sign_in):
    browser = sign_in(abel)
    page = browser.get("/my/progress/ask/able-wise")

    assert page.status_code == 200
    assert "You cannot ask yet" in page.text
    assert "Ask your line manager to observe you." in page.text
    assert '<form method="post" novalidate>' not in page.text
    assert browser.post("/my/progress/ask/able-wise", data={"words": ""}).status_code == 409


def test_once_everything_is_there_she_asks_on_the_same_page(app, careers, abel, sign_in):
    observed(abel)
    browser = sign_in(abel)
    assert "Who decides then" in browser.get("/my/progress/ask/able-wise").text
    answer = browser.post("/my/progress/ask/able-wise", data={"words": "I have led two inductions"})

    (request_id,) = request_ids(abel)
    assert (answer.status_code, answer.location) == (303, f"/my/progress/requests/{request_id}")
    page = browser.get(answer.location).text
    assert "Waits for the young people&#39;s panel since 2 January 2019" in page
    assert "I have led two inductions" in page
    assert 'aria-current="step"' in page
    assert 'role="img"' in page
    again = browser.get("/my/progress/ask/able-wise").text
    assert f'href="/my/progress/requests/{request_id}"' in again


def test_agency_staff_and_those_on_another_level_are_told_why_not(app, careers, make_person, nell, sign_in):
    agency = make_person(career_level="able", staff_type="agency")

    assert "There is no pathway here for this post." in sign_in(agency).get("/my/progress/ask/able-wise").text
    assert sign_in(nell).get("/my/progress/ask/able-wise").status_code == 409
    assert sign_in(nell).get("/my/progress/ask/nonsense").status_code == 409


def test_without_a_vacancy_the_page_says_so(app, careers, wise, sign_in):
    assert "No vacancy is open now" in sign_in(wise).get("/my/progress/ask/wise-head").text


def test_whoever_comes_from_a_vacancy_finds_it_chosen_and_applies(
    app, careers, wise, operations, organisation, sign_in
):
    vacancy_id = opened(organisation, operations)
    browser = sign_in(wise)
    page = browser.get(f"/my/progress/ask/wise-head?vacancy={vacancy_id}").text
    assert "Team head, Assessment, 1 FTE" in page
    assert f'value="{vacancy_id}" checked' in page
    assert browser.post("/my/progress/ask/wise-head", data={"words": ""}).status_code == 422
    answer = browser.post("/my/progress/ask/wise-head", data={"vacancy": vacancy_id})
    (request_id,) = request_ids(wise)
    assert answer.status_code == 303

    browser = sign_in(operations)
    assert "Into which vacancy?" in browser.get(f"/progression/requests/{request_id}/enact").text
    chosen = MARCH | {"vacancy": vacancy_id}
    assert browser.post(f"/progression/requests/{request_id}/enact", data=chosen).status_code == 303


def test_the_queue_shows_first_what_waits_for_me(app, asked, director, operations, wise, sign_in):
    browser = sign_in(director)
    page = browser.get("/progression/requests").text

    assert "Waits for you: 1" in page
    assert f'href="/progression/requests/{asked}"' in page
    assert "Room under the ceilings" in page
    assert "Nothing waits for your decision" in sign_in(operations).get("/progression/requests").text


def test_deciding_and_making_the_change(app, asked, director, operations, wise, sign_in):
    browser = sign_in(director)
    page = browser.get(f"/progression/requests/{asked}").text
    assert "Experienced social worker, grade L, 1 FTE" in page
    assert "Lead social worker, grade M, 1 FTE" in page
    assert browser.post(f"/progression/requests/{asked}", data={"decision": "approve"}).status_code == 422
    assert browser.post(f"/progression/requests/{asked}", data=APPROVE).status_code == 303
    late = browser.post(f"/progression/requests/{asked}", data=APPROVE)
    assert late.status_code == 409
    assert "somebody has just decided on this step" in late.text

    browser = sign_in(operations)
    assert "Make the change" in browser.get(f"/progression/requests/{asked}").text
    early = browser.post(f"/progression/requests/{asked}/enact", data={"effective_on": "2018-12-01"})
    assert early.status_code == 409
    assert "The change can begin today at the earliest" in early.text
    answer = browser.post(f"/progression/requests/{asked}/enact", data=MARCH)
    assert answer.status_code == 303
    assert posts(wise)[-1][:3] == ("lead", "M", date(2019, 3, 1))
    assert "1 March 2019" in browser.get(answer.location).text


def test_whoever_approves_reads_what_the_panel_said_that_the_criteria_ask_for(
    app_in_use, wise, director, officer, make_person, sign_in, clock_at
):
    steps = "        steps:\n          - {step: approval, role: assistant_director}\n"
    asks = "{outcome: {panel: managers, outcome: recommended}}"
    criteria = f"        criteria:\n          - {{code: said, title: Recommended, requirement: {asks}}}\n"
    before = "        transition_mode: approval\n        cites: [W-1]\n"
    version = adopt((before + steps, before + criteria + steps))
    head = make_person("Sage Service", Role.SERVICE_MANAGER)
    sit("managers", head, role="service_manager")
    case_id = case_for(wise, "managers", version, meeting_id=meet("managers", head, by=officer), by=officer)
    clock_at(2019, 1, 15, 12)
    panels.decide(case_id, said("recommended", head, reasons="Leads complex work well"), by=officer.id)

    page = sign_in(director).get(f"/progression/requests/{ask(wise, 'wise-lead')}").text

    assert "What panels decided before" in page
    assert "Leads complex work well" in page
    assert "Sage Service, " in page
    assert f"/progression/cases/{case_id}" not in page  # the Assistant Director does not sit on that panel


def test_the_letter_and_its_pdf(app, asked, director, wise, manager, bob, sign_in):
    approve(asked, director, approved=False, reasons="The audit is not done yet")
    browser = sign_in(wise)
    page = browser.get(f"/my/progress/requests/{asked}/letters/1")

    assert "Your request is not agreed" in page.text
    assert "The audit is not done yet" in page.text
    assert "The council&#39;s scheme names no time for an appeal." in page.text
    pdf = browser.get(f"/my/progress/requests/{asked}/letters/1.pdf")
    assert pdf.mimetype == "application/pdf"
    assert b"/StructTreeRoot" in pdf.data
    assert sign_in(manager).get(f"/team/requests/{asked}/letters/1").status_code == 200
    assert sign_in(director).get(f"/progression/requests/{asked}/letters/1.pdf").status_code == 200
    assert browser.get(f"/my/progress/requests/{asked}/letters/2").status_code == 404
    for address in (f"/my/progress/requests/{asked}", f"/team/requests/{asked}", f"/progression/requests/{asked}"):
        for letter in ("", "/letters/1", "/letters/1.pdf"):
            assert sign_in(bob).get(address + letter).status_code == 404


def test_the_line_manager_reads_and_has_nothing_to_do(app, asked, manager, sign_in):
    browser = sign_in(manager)

    assert "there is nothing that you have to do" in browser.get("/team/requests").text
    page = browser.get(f"/team/requests/{asked}").text
    assert "Waits for the Assistant Director" in page
    assert '<form method="post"' not in page.split("<main")[1]


def test_nobody_decides_about_herself_on_any_page(app, careers, make_person, sign_in):
    opal = make_person("Opal", Role.ASSISTANT_DIRECTOR, Role.OPERATIONS_MANAGER, career_level="wise")
    request_id = ask(opal, "wise-lead")
    browser = sign_in(opal)

    assert browser.get(f"/progression/requests/{request_id}").location == f"/my/progress/requests/{request_id}"
    assert "Nothing waits for your decision" in browser.get("/progression/requests").text
    assert browser.get(f"/progression/requests/{request_id}/enact").status_code == 404
    assert browser.get(f"/progression/requests/{request_id}/letters/1").status_code == 404


def test_somebody_elsewhere_and_whoever_has_no_part_in_it_get_nothing(
    app, asked, bob, make_person, make_organisation, sign_in
):
    elsewhere = make_organisation("slough", "Slough Borough Council")
    other = make_person("Otto Other", Role.ASSISTANT_DIRECTOR, employer=elsewhere)
    for viewer in (bob, other):
        assert sign_in(viewer).get(f"/progression/requests/{asked}").status_code == 404
        assert sign_in(viewer).post(f"/progression/requests/{asked}", data=APPROVE).status_code == 404
        assert "Wendy Wise" not in sign_in(viewer).get("/progression/requests").text
    assert sign_in(bob).get("/progression/cover").status_code == 403


def test_what_fell_away_is_said_before_anybody_decides(app, careers, abel, director, sign_in):
    fact_id = observed(abel)
    request_id = ask(abel, "able-wise")
    panel(request_id, "young", "recommended")
    panel(request_id, "managers", "recommended")
    take_back(fact_id)
    browser = sign_in(director)
    assert "No longer met" in browser.get(f"/progression/requests/{request_id}").text
    answer = browser.post(f"/progression/requests/{request_id}", data=APPROVE)
    assert answer.status_code == 409
    assert "Observed in practice" in answer.text


def test_withdrawing(app, asked, wise, sign_in):
    browser = sign_in(wise)
    assert "nothing is held against you" in browser.get(f"/my/progress/requests/{asked}/withdraw").text
    assert browser.post(f"/my/progress/requests/{asked}/withdraw", data={"reasons": ""}).status_code == 303
    assert statuses(asked)[0] == "withdrawn"
    assert browser.post(f"/my/progress/requests/{asked}/withdraw", data={}).status_code == 409


def test_not_making_the_change(app, careers, nell, operations, sign_in):
    pathways.settle_enrolments([nell.id])
    completed(nell, "C1")
    (request_id,) = request_ids(nell)
    browser = sign_in(operations)
    assert "Waits for you: 1" in browser.get("/progression/requests").text
    assert browser.post(f"/progression/requests/{request_id}/decline", data={"reasons": ""}).status_code == 422
    answer = browser.post(f"/progression/requests/{request_id}/decline", data={"reasons": "Wrong record"})
    assert answer.status_code == 303
    assert statuses(request_id)[0] == "refused"


def test_asking_that_a_change_be_taken_back(app, asked, wise, director, operations, officer, sign_in):
    approve(asked, director)
    enact(asked, operations)
    page = sign_in(officer).get(f"/progression/requests/{asked}").text
    assert f"/progression/requests/{asked}/take-back" in page
    answer = sign_in(officer).post(f"/progression/requests/{asked}/take-back", data={"reasons": "Wrong record"})
    assert answer.status_code == 303
    assert (
        "Taking back: Lead social worker, back to Experienced social worker"
        in sign_in(director).get(answer.location).text
    )


def test_standing_in(app, asked, director, bob, officer, sign_in):
    away.record_away(director.id, Away(AwayKind.LEAVE, date(2019, 1, 2), date(2019, 1, 31)), by=officer.id)
    browser = sign_in(officer)
    page = browser.get("/progression/requests").text
    assert "Dora Director is away today" in page
    said = {
        "holder": f"assistant_director:{director.id}",
        "covered_by": bob.email,
        "first_day": "2019-01-02",
        "last_day": "2019-01-31",
        "reason": "Away",
    }
    assert browser.post("/progression/cover", data=said | {"covered_by": "nobody"}).status_code == 409
    assert browser.post("/progression/cover", data=said).status_code == 303
    assert "is away today" not in browser.get("/progression/requests").text
    assert browser.post("/progression/cover", data=said).status_code == 409

    page = sign_in(bob).get("/progression/requests").text
    assert "Today you stand in for the Assistant Director." in page
    assert sign_in(bob).post(f"/progression/requests/{asked}", data=APPROVE).status_code == 303
    page = sign_in(officer).get(f"/progression/requests/{asked}").text
    assert "Bob Colleague, Assistant Director in place of Dora Director" in page
    assert sign_in(bob).get(f"/progression/requests/{asked}").status_code == 200  # what she decided she may read

    db.session.rollback()
    (cover,) = service.covers_of(officer.organisation_id, date(2019, 1, 2))
    assert sign_in(officer).post(f"/progression/cover/{cover.id}/end").status_code == 303
    assert sign_in(officer).post(f"/progression/cover/{cover.id}/end").status_code == 404
    assert "Today you stand in" not in sign_in(bob).get("/progression/requests").text


def test_a_holder_names_only_for_herself(app, careers, director, operations, bob, sign_in):
    page = sign_in(director).get("/progression/cover").text
    assert "Dora Director, Assistant Director" in page
    assert "Opal Operations" not in page


@pytest.mark.parametrize(
    "address", ["/my/progress/requests", "/progression/requests", "/progression/requests?status=open", "/team/requests"]
)
def test_the_lists_ask_a_fixed_number_of_questions(app, careers, make_person, manager, director, sign_in, address):
    mine = make_person("Mine", career_level="wise", manager=manager)
    viewer = {"/my": mine, "/te": manager}.get(address[:3], director)
    browser, counts = sign_in(viewer), []
    for number in (2, 10):
        for _ in range(number):
            person = mine if viewer is mine else make_person(career_level="wise", manager=manager)
            request_id = ask(person, "wise-lead")
            approve(request_id, director, approved=False)
            if viewer is not mine:
                ask(person, "wise-lead")
        with queries() as asked_:
            assert browser.get(address).status_code == 200
        counts.append(len(asked_))
    assert counts[0] == counts[1]
    assert counts[0] <= 22
