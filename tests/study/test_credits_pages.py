"""Credits on pages: what a worker sees, and what Workforce Development enters, corrects and sends on."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from cpd.people.models import Person
from cpd.shared.database import db
from cpd.study.credits import claiming, service
from cpd.study.credits.claim_rules import ClaimStatus
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.reading import claims_of, find_claim, ledger_of
from cpd.study.credits.rules import CreditStatus
from cpd.study.credits.words import CLAIMED_ANEW, NEXT_STEPS
from tests.home.test_query_counts import asks_as_often, queries
from tests.study.test_credits_claims import ELSEWHERE, PDF, PORTFOLIO
from tests.study.test_credits_ledger import said

__all__ = ["asks_as_often"]

AHEAD = date(2019, 6, 1)
CLAIM = {"learning_ended_on": ["1", "12", "2018"], "link": "https://portfolio.example/7"}
SENT = {
    "seen": "1",
    "university": "Midlands University",
    "submitted_on": ["2", "1", "2019"],
    "board_on": ["1", "2", "2019"],
    "credits": "20",
    "academic_level": "7",
}
BOARD = {"board_on": ["2", "1", "2019"], "university": "Midlands University", "credits": "20", "academic_level": "7"}


def expect(person, officer, code="WA-PE-1", **more):
    return service.enter(said(person, CreditStatus.EXPECTED, code, board_on=AHEAD, **more), by=officer.id)


def newest(person):
    db.session.rollback()
    return [each.newest for each in ledger_of(person.id)]


def made_by(person):
    db.session.rollback()
    return claims_of(person.id)


def test_she_sees_what_is_awarded_first_and_what_is_only_expected_apart(app, ward, county_officer, sign_in):
    assert "You have no credits yet" in sign_in(ward).get("/my/credits").text
    service.enter(said(ward, title="Stage one"), by=county_officer.id)
    expect(ward, county_officer, "WA-RESEARCH", title="Research Module")

    page = sign_in(ward).get("/my/credits").text

    words = ["Level 7 (postgraduate)", "20 credits awarded", "20 credits expected, not counted yet", "Stage one"]
    places = [page.index(each) for each in words]
    assert places == sorted(places)
    assert "Expected by 1 June 2019" in page


def test_an_expected_board_that_is_over_says_that_no_result_has_come(app, ward, county_officer, sign_in, clock_at):
    expect(ward, county_officer)
    clock_at(2019, 6, 2, 9)

    assert "Was expected by 1 June 2019, no result yet" in sign_in(ward).get("/my/credits").text


def test_she_claims_hands_in_and_withdraws(app, ward, sign_in):
    browser = sign_in(ward)
    assert "Worth 20 credits at level 7" in browser.get("/my/credits/prior-learning").text

    answer = browser.post(
        "/my/credits/prior-learning/new/asye-apel",
        data=CLAIM | {"evidence": (io.BytesIO(PDF.content), "portfolio.pdf"), "hand_in": "y"},
    )

    (claim,) = made_by(ward)
    address = f"/my/credits/prior-learning/{claim.id}"
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert claim.status is ClaimStatus.READY
    page = browser.get(address).text
    assert "With Workforce Development" in page
    assert "Next: Workforce Development sends it to the university" in page
    assert browser.get(f"{address}/evidence").data == PDF.content
    assert browser.post(f"{address}/withdraw").status_code == 303
    assert "Make a new claim" in browser.get(address).text
    assert browser.post(f"{address}/withdraw").status_code == 409


def test_a_claim_saved_for_later_is_hers_alone_until_she_hands_it_in(app, ward, county_officer, sign_in):
    browser = sign_in(ward)
    browser.post("/my/credits/prior-learning/new/asye-apel", data=CLAIM | {"keep": "y", "words": "So far"})
    (claim,) = made_by(ward)
    assert claim.status is ClaimStatus.DRAFT
    assert sign_in(county_officer).get(f"/workforce/credits/claims/{claim.id}").status_code == 404
    assert "So far" in browser.get(f"/my/credits/prior-learning/{claim.id}").text

    browser.post(f"/my/credits/prior-learning/{claim.id}", data=CLAIM | {"hand_in": "y"})

    db.session.rollback()
    assert find_claim(claim.id).status is ClaimStatus.READY
    again = browser.post(f"/my/credits/prior-learning/{claim.id}", data=CLAIM | {"hand_in": "y"})
    assert again.status_code == 409


def test_nobody_else_sees_a_claim_that_was_never_handed_in_even_once_it_is_withdrawn(
    app, ward, county_manager, county_officer, sign_in
):
    claim_id = claiming.begin(ward.id, replace(ELSEWHERE, words="Never said"), None, hand_in=False)
    for _ in ("kept for later", "withdrawn"):
        for reader in (county_manager, county_officer):
            assert ELSEWHERE.title not in sign_in(reader).get(f"/people/{ward.id}/credits").text
        assert sign_in(county_officer).get(f"/workforce/credits/claims/{claim_id}").status_code == 404
        if find_claim(claim_id).status is ClaimStatus.DRAFT:
            claiming.withdraw(claim_id, by=ward.id)
    claiming.begin(ward.id, ELSEWHERE, None, hand_in=True)

    assert ELSEWHERE.title in sign_in(county_manager).get(f"/people/{ward.id}/credits").text


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("asye-apel", {"learning_ended_on": ""}, "Enter when the learning ended"),
        ("asye-apel", {"learning_ended_on": ["3", "1", "2019"]}, "enter a day that is not in the future"),
        ("asye-apel", {"link": ""}, "Choose a file or enter a link"),
        ("asye-apel", {"link": "http://a.example"}, "begins with https://"),
        ("apcl", {}, "Enter what the module or course was called"),
        ("apcl", {"title": "Leading"}, "Enter which university or college it was"),
        ("apcl", {"title": "Leading", "provider": "Severn", "module": "M1"}, "Choose from the list"),
    ],
)
def test_what_is_wrong_with_a_claim_stands_beside_its_box(app, ward, sign_in, kind, typed, words):
    answer = sign_in(ward).post(f"/my/credits/prior-learning/new/{kind}", data=CLAIM | {"hand_in": "y"} | typed)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert claims_of(ward.id) == []


def test_her_manager_reads_what_comes_next_and_nothing_that_is_said_to_her(app, ward, county_manager, sign_in):
    claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)

    shown = sign_in(county_manager).get(f"/people/{ward.id}/credits").text

    assert "Next: Workforce Development sends it to the university." in shown
    said = " ".join((*NEXT_STEPS.values(), CLAIMED_ANEW))
    assert re.findall(r"\b[Yy]ou", said) == []


def test_there_is_nothing_to_claim_where_the_scheme_names_nothing(app, stranger, sign_in):
    browser = sign_in(stranger)

    assert "There is nothing to claim for" in browser.get("/my/credits/prior-learning").text
    assert browser.get("/my/credits/prior-learning/new/asye-apel").status_code == 404


def test_workforce_development_sends_a_claim_on_and_enters_the_answer(app, ward, county_officer, sign_in):
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    browser = sign_in(county_officer)
    assert "To send on" in browser.get("/workforce/credits").text
    address = f"/workforce/credits/claims/{claim}"
    assert browser.get(f"{address}/evidence").data == PDF.content

    assert browser.post(f"{address}/send", data=SENT).status_code == 303
    assert "Midlands University is to answer by 1 February 2019" in browser.get("/workforce/credits").text
    refused = {"decision": "refused", "board_on": ["2", "1", "2019"]}
    assert "Enter why it was refused" in browser.post(f"{address}/decide", data=refused).text
    assert browser.post(f"{address}/decide", data=refused | {"reason": "Too short"}).status_code == 303

    (entry,) = newest(ward)
    assert (entry.status, entry.reason) == (CreditStatus.REFUSED, "Too short")
    assert browser.post(f"{address}/decide", data=refused | {"reason": "Too short"}).status_code == 409
    page = sign_in(ward).get("/my/credits").text
    assert "Too short" in page
    assert "A new claim can be made" in page


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"submitted_on": ["3", "1", "2019"]}, 422, "Enter a day that is not in the future"),
        ({"board_on": ["1", "1", "2019"]}, 422, "The board that is expected has still to meet"),
        ({"credits": "twenty"}, 422, "Credits must be a number"),
        ({"credits": "0"}, 422, "The credits must be more than 0"),
        ({"credits": ""}, 422, "Enter the credits"),
        ({"academic_level": ""}, 422, "Enter the academic level"),
        ({"university": ""}, 422, "Enter the university"),
        ({"seen": "2"}, 409, "This claim was changed since you read it"),
        ({"seen": "x"}, 409, "This claim was changed since you read it"),
    ],
)
def test_a_claim_is_sent_on_only_with_all_that_is_needed(app, ward, county_officer, sign_in, typed, status, words):
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)

    answer = sign_in(county_officer).post(f"/workforce/credits/claims/{claim}/send", data=SENT | typed)

    assert (answer.status_code, words in answer.text) == (status, True)


def test_workforce_development_gives_a_claim_back(app, ward, county_officer, sign_in):
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)

    answer = sign_in(county_officer).post(
        f"/workforce/credits/claims/{claim}/return", data={"seen": "1", "comment": "Page 3 is missing"}
    )

    assert answer.status_code == 303
    assert "To put right: Page 3 is missing" in sign_in(ward).get(f"/my/credits/prior-learning/{claim}").text


def test_one_board_for_many_people(app, ward, wanda, county_officer, make_person, county, sign_in):
    entries = [expect(person, county_officer) for person in (ward, wanda)]
    other = make_person("Olga Other", employer=county)
    browser = sign_in(county_officer)
    page = browser.get("/workforce/credits/board/WA-PE-1").text
    assert page.index("Wanda Worker") < page.index("Ward Worker")

    answer = browser.post(
        "/workforce/credits/board/WA-PE-1",
        data=BOARD
        | {f"result_{entries[0]}": "passed", f"result_{entries[1]}": "referred", "others": f"\n{other.email}\n"},
    )

    assert answer.status_code == 303
    assert [newest(person)[0].status for person in (ward, wanda, other)] == ["awarded", "refused", "awarded"]
    assert "2 people have the credits, 1 not" in browser.get("/workforce/credits").text


def test_a_long_list_of_others_who_passed_asks_as_often_as_a_short_one(
    app, ward, wanda, make_person, county, county_officer, sign_in
):
    number = make_person("Nora Number", employer=county).employee_number
    browser, asked = sign_in(county_officer), []
    for named in ([ward.email], [wanda.email.upper(), number, *(f"nobody{each}@x.example" for each in range(50))]):
        with queries() as kept:
            answer = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD | {"others": "\n".join(named)})
        asked.append(sum("person.employee_number IN" in each for each in kept))

    assert (answer.status_code, asked) == (422, [1, 1])
    assert "nobody49@x.example" in answer.text
    assert wanda.email.upper() not in answer.text.partition("Nobody here has")[2].partition("</")[0]


def test_a_board_says_whom_it_cannot_take_and_takes_nobody(app, ward, wanda, county_officer, sign_in):
    entry = expect(ward, county_officer)
    service.enter(said(wanda, board_on=date(2018, 12, 1)), by=county_officer.id)
    browser, passed = sign_in(county_officer), {f"result_{entry}": "passed"}

    twice = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD | passed | {"others": wanda.email})
    nobody = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD | passed | {"others": "nobody@x.example"})
    above = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD | passed | {"others": ward.email})
    nothing = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD)
    ahead = browser.post("/workforce/credits/board/WA-PE-1", data=BOARD | passed | {"board_on": ["3", "1", "2019"]})

    assert twice.status_code == 409
    assert "Wanda Worker: The credits for this are awarded already" in twice.text
    assert "Nobody here has the address or number nobody@x.example" in nobody.text
    assert "stands above already" in above.text
    assert "Choose a result for somebody" in nothing.text
    assert "A board that has decided has met" in ahead.text
    assert {each.status_code for each in (nobody, above, nothing, ahead)} == {422}
    assert newest(ward)[0].status is CreditStatus.EXPECTED


def test_credits_are_entered_corrected_and_withdrawn_for_one_person(app, ward, county_officer, sign_in):
    browser = sign_in(county_officer)
    typed = BOARD | {"source": "WA-RESEARCH", "status": "awarded", "credits": "", "academic_level": ""}
    assert browser.post(f"/people/{ward.id}/credits/enter", data=typed).status_code == 303
    again = browser.post(f"/people/{ward.id}/credits/enter", data=typed | {"university": "Another"})
    assert (again.status_code, "nothing is credited twice" in again.text) == (409, True)
    (entry,) = newest(ward)
    assert (entry.credits, entry.academic_level) == (20, 7)

    address = f"/workforce/credits/entries/{entry.id}"
    same = browser.post(address, data=BOARD | {"status": "awarded", "reason": "Why"})
    assert (same.status_code, "Nothing would change" in same.text) == (409, True)
    assert (
        browser.post(address, data=BOARD | {"status": "awarded", "credits": "7.5", "reason": "Why"}).status_code == 303
    )
    (corrected,) = newest(ward)
    assert corrected.credits == 7.5
    assert browser.get(address).status_code == 409
    assert (
        browser.post(f"/workforce/credits/entries/{corrected.id}/withdraw", data={"why": "Not hers"}).status_code == 303
    )
    assert newest(ward)[0].status is CreditStatus.WITHDRAWN
    assert "because: Not hers" in browser.get(f"/people/{ward.id}/credits").text


def test_an_officer_cannot_enter_her_own(app, county_officer, sign_in):
    typed = BOARD | {"source": "WA-RESEARCH", "status": "awarded"}

    answer = sign_in(county_officer).post(f"/people/{county_officer.id}/credits/enter", data=typed)

    assert (answer.status_code, "ask a colleague" in answer.text) == (409, True)
    assert newest(county_officer) == []


def test_nobody_elses_credits_and_claims_are_to_be_seen(
    app, ward, wanda, county_manager, county_officer, officer, stranger, sign_in
):
    entry = expect(ward, county_officer)
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    page = f"/people/{ward.id}/credits"

    seen = {
        each: sign_in(each).get(page).status_code for each in (ward, wanda, county_manager, county_officer, officer)
    }
    assert list(seen.values()) == [302, 404, 200, 200, 404]
    assert "Correct" not in sign_in(county_manager).get(page).text
    for path in (f"claims/{claim}", f"claims/{claim}/evidence", f"entries/{entry}"):
        assert sign_in(officer).get(f"/workforce/credits/{path}").status_code == 404
        assert sign_in(wanda).get(f"/workforce/credits/{path}").status_code == 403
    for path in (f"/my/credits/prior-learning/{claim}", f"/my/credits/prior-learning/{claim}/evidence"):
        assert {sign_in(each).get(path).status_code for each in (wanda, county_officer, stranger)} == {404}


def test_somebody_is_found_by_name(app, ward, county_officer, sign_in):
    browser = sign_in(county_officer)

    assert f"/people/{ward.id}/credits" in browser.get("/workforce/credits?person=ward").text
    assert "Nobody here is called zzz" in browser.get("/workforce/credits?person=zzz").text


@pytest.fixture
def fill(ward, county):
    """Add so many entries of as many people, the worker's own among them, and as many claims."""

    def make(numbers):
        people = [
            {
                "organisation_id": county.id,
                "employee_number": f"X{number}",
                "email": f"x{number}@demo.example",
                "name": f"Xenia {number}",
                "created_at": ward.created_at,
            }
            for number in numbers
        ]
        ids = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people))
        owner = {"organisation_id": county.id}
        entry = owner | {"entry_number": 1, "earned_by": "module", "credits": 20, "academic_level": 7}
        entry |= {"university": "Midlands University", "board_on": AHEAD, "credit_status": "expected", "reason": ""}
        entry |= {"entered_at": ward.created_at, "recorded_at": ward.created_at, "recorded_by_id": ward.id}
        mine = [
            entry | {"person_id": ward.id, "activity": f"mine:{number}", "source": "WA-PE-2", "title": f"Mine {number}"}
            for number in numbers
        ]
        theirs = [
            entry | {"person_id": person, "activity": "module:WA-PE-1", "source": "WA-PE-1", "title": "Stage one"}
            for person in ids
        ]
        db.session.execute(insert(CreditAward), mine + theirs)
        claim = owner | {"kind": "apcl", "kind_title": "Elsewhere", "claim_type": "apcl", "title": "A long title here"}
        claim |= {"claim_status": "submitted", "learning_ended_on": AHEAD - timedelta(days=900), "sends": 1}
        claim |= {"submitted_on": AHEAD, "decision_expected_on": AHEAD, "university": "Midlands University"}
        claim |= {"begun_at": ward.created_at, "changed_at": ward.created_at}
        claims = [claim | {"person_id": ward.id, "activity": f"apcl:{number}"} for number in numbers]
        db.session.execute(insert(PriorLearningClaim), claims)
        db.session.commit()

    return make


@pytest.mark.parametrize(
    "path", ["/my/credits", "/people/{ward}/credits", "/workforce/credits", "/workforce/credits/board/WA-PE-1"]
)
def test_pages_ask_as_often_for_many_as_for_few(app, ward, county_officer, fill, asks_as_often, path):
    viewer = ward if path.startswith("/my") else county_officer

    asks_as_often(viewer, path.format(ward=ward.id), fill)
