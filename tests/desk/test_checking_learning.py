"""Workforce Development checks what people sent in, recognises learning by hand, and puts records right, on pages."""

from __future__ import annotations

import io
from datetime import date

import pytest

from cpd.record import service as record
from cpd.record.claims import service
from cpd.record.claims.reading import find_claim
from cpd.record.claims.rules import ClaimStatus
from cpd.record.entries import said_of
from cpd.record.service import FactSaid
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.home.test_query_counts import asks_as_often
from tests.record.test_learning_from_elsewhere import PDF, SAID

__all__ = ["asks_as_often"]

BY_HAND = {
    "title": "Genograms course at the university",
    "happened_on": ["4", "5", "2018"],
    "reason": "It covers all of it",
    "words": "Certificate of 4 May 2018",
}


@pytest.fixture
def module(make_module):
    return make_module("M1", number_label="Module 1")


@pytest.fixture
def claim(app, alice):
    return service.send_in(alice.id, SAID, PDF)


@pytest.fixture
def desk(app, officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def fact(app, alice, module):
    """That Alice completed Module 1, by a file."""
    said = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M1",
        happened_on=date(2018, 5, 4),
        source_kind="import",
        source="Old spreadsheet",
    )
    return record.add_fact(said, by=None)


def in_force(person):
    """What stands on her record now: the subject and the day of each fact."""
    db.session.rollback()
    return [(each.entry.subject, each.entry.happened_on) for each in said_of(person.id) if each.entry.is_in_force]


def test_the_desk_says_how_much_waits_and_lists_the_oldest_first(app, alice, bob, desk, clock_at):
    service.send_in(bob.id, SAID, None)
    clock_at(2019, 1, 3, 9)
    service.send_in(alice.id, SAID, None)

    assert "2 pieces of learning were sent in" in desk.get("/workforce").text
    page = desk.get("/workforce/claims").text
    assert page.index("Bob Colleague") < page.index("Alice Learner")
    assert "2 January 2019" in page


def test_it_is_accepted_as_a_module_for_a_reason(app, alice, desk, claim, module):
    page = desk.get(f"/workforce/claims/{claim}").text
    assert all(words in page for words in ("Alice Learner", "E-learning", "2 hours 30 minutes", "certificate.pdf"))
    assert desk.get(f"/workforce/claims/{claim}/evidence").data == PDF.content
    typed = {"seen": "1", "counts_as": str(module.id)}
    refused = desk.post(f"/workforce/claims/{claim}/accept", data=typed)
    assert (refused.status_code, "Enter why it counts as the module" in refused.text) == (422, True)

    answer = desk.post(f"/workforce/claims/{claim}/accept", data=typed | {"reason": "The same content"})

    assert (answer.status_code, in_force(alice)) == (303, [("M1", date(2018, 5, 4))])
    assert "Nothing waits to be checked" in desk.get("/workforce/claims").text


def test_it_is_accepted_as_other_learning_without_a_reason(app, alice, desk, claim, module):
    answer = desk.post(f"/workforce/claims/{claim}/accept", data={"seen": "1", "counts_as": "other"})

    assert (answer.status_code, in_force(alice)) == (303, [("Safe hands", date(2018, 5, 4))])


def test_it_is_returned_only_with_a_comment(app, alice, desk, claim):
    refused = desk.post(f"/workforce/claims/{claim}/return", data={"seen": "1"})
    assert (refused.status_code, "Enter what should be mended" in refused.text) == (422, True)

    answer = desk.post(f"/workforce/claims/{claim}/return", data={"seen": "1", "comment": "The name is cut off"})

    db.session.rollback()
    assert (answer.status_code, find_claim(claim).status) == (303, ClaimStatus.RETURNED)


def test_whoever_comes_second_is_told_what_was_decided(app, make_person, desk, claim):
    other = make_person("Otto Other")
    service.accept(claim, seen=1, module_id=None, reason="", by=other.id)

    answer = desk.post(f"/workforce/claims/{claim}/return", data={"seen": "1", "comment": "No"})

    assert answer.status_code == 409
    assert "This was decided already" in answer.text
    assert "Accepted as other learning by Otto Other" in answer.text


@pytest.mark.parametrize("seen", ["", "0", "2", "x", "9" * 30, "-1", "²"])
def test_an_answer_to_something_else_than_was_read_is_not_taken(app, desk, claim, seen):
    answer = desk.post(f"/workforce/claims/{claim}/return", data={"seen": seen, "comment": "No"})

    assert (answer.status_code, "This was changed since you read it" in answer.text) == (409, True)


def test_her_own_learning_is_for_a_colleague_to_check(app, officer, desk, module):
    own = service.send_in(officer.id, SAID, None)

    assert "A colleague in Workforce Development must check it" in desk.get(f"/workforce/claims/{own}").text
    answer = desk.post(f"/workforce/claims/{own}/accept", data={"seen": "1", "counts_as": "other"})
    assert (answer.status_code, "You cannot decide on your own learning" in answer.text) == (409, True)
    assert desk.get(f"/people/{officer.id}/recognise").status_code == 409


def test_other_councils_see_nothing_of_it(app, alice, make_person, make_organisation, sign_in, claim, fact):
    from cpd.shared.roles import Role

    elsewhere = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=make_organisation("slough", "Slough"))
    browser = sign_in(elsewhere)
    pages = [
        f"/workforce/claims/{claim}",
        f"/workforce/claims/{claim}/evidence",
        f"/people/{alice.id}/recognise",
        f"/people/{alice.id}/put-right",
        f"/people/{alice.id}/put-right/{fact}",
    ]
    acts = [
        *(f"/workforce/claims/{claim}/{act}" for act in ("accept", "return")),
        *(f"/people/{alice.id}/put-right/{fact}/{act}" for act in ("correct", "withdraw")),
    ]

    assert {browser.get(page).status_code for page in pages} == {404}
    assert {browser.post(act).status_code for act in acts} == {404}
    assert "Nothing waits to be checked" in browser.get("/workforce/claims").text


def test_learning_is_recognised_by_hand_with_its_certificate(app, alice, desk, module):
    typed = BY_HAND | {"module": str(module.id), "certificate": (io.BytesIO(PDF.content), "c.pdf")}

    answer = desk.post(f"/people/{alice.id}/recognise", data=typed)

    assert (answer.status_code, in_force(alice)) == (303, [("M1", date(2018, 5, 4))])
    page = desk.get(f"/people/{alice.id}").text
    assert "Recognised by Olive Officer, because: It covers all of it" in page
    (number,) = (each.entry.id for each in said_of(alice.id))
    assert 'href="/workforce/claims/1"' in desk.get(f"/people/{alice.id}/put-right/{number}").text
    assert desk.get("/workforce/claims/1/evidence").data == PDF.content


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("module", "Choose a module"),
        ("title", "Enter what was done"),
        ("happened_on", "Enter when it was done"),
        ("reason", "Enter why it counts"),
        ("words", "Enter what you have seen as evidence"),
    ],
)
def test_nothing_is_recognised_by_hand_without_reason_and_evidence(app, alice, desk, module, missing, words):
    answer = desk.post(f"/people/{alice.id}/recognise", data=BY_HAND | {"module": str(module.id), missing: ""})

    assert (answer.status_code, words in answer.text, in_force(alice)) == (422, True, [])


def test_nothing_is_recognised_that_is_still_ahead(app, alice, desk, module):
    typed = BY_HAND | {"module": str(module.id), "happened_on": ["3", "1", "2019"]}

    answer = desk.post(f"/people/{alice.id}/recognise", data=typed)

    assert answer.status_code == 422
    assert 'href="#happened_on-day"' in answer.text
    assert "not in the future" in answer.text


def test_a_fact_is_corrected_and_the_record_shows_what_it_said_before(app, alice, desk, module, fact):
    assert "Correct or withdraw" in desk.get(f"/people/{alice.id}/put-right").text
    typed = {"module": str(module.id), "happened_on": ["5", "5", "2018"], "reason": "The list says the 5th"}

    answer = desk.post(f"/people/{alice.id}/put-right/{fact}/correct", data=typed)

    assert (answer.status_code, in_force(alice)) == (303, [("M1", date(2018, 5, 5))])
    page = desk.get(f"/people/{alice.id}").text
    assert "What it said before" in page
    assert "by Olive Officer, because: The list says the 5th." in page


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"reason": ""}, 422, "Enter why it is corrected"),
        ({"happened_on": ["3", "1", "2019"]}, 422, "Enter a day that is not in the future"),
        ({"happened_on": ["4", "5", "2018"]}, 409, "Nothing is different"),
    ],
    ids=["no reason", "ahead", "the same"],
)
def test_a_correction_that_cannot_be_is_refused_in_words(app, alice, desk, module, fact, typed, status, words):
    right = {"module": str(module.id), "happened_on": ["5", "5", "2018"], "reason": "The list says the 5th"}

    answer = desk.post(f"/people/{alice.id}/put-right/{fact}/correct", data=right | typed)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert in_force(alice) == [("M1", date(2018, 5, 4))]


def test_a_fact_is_withdrawn_for_a_reason_once(app, alice, desk, fact):
    address = f"/people/{alice.id}/put-right/{fact}"
    assert desk.post(f"{address}/withdraw").status_code == 422

    first, second = (desk.post(f"{address}/withdraw", data={"why": "Another Alice"}) for _ in range(2))

    assert (first.status_code, second.status_code, in_force(alice)) == (303, 409, [])
    assert "This was put right already" in second.text
    assert "withdrawn: it does not count" in desk.get(f"/people/{alice.id}").text
    assert desk.get(address).status_code == 409


def test_a_fact_of_somebody_else_is_not_found_at_this_persons_address(app, bob, desk, fact):
    assert desk.get(f"/people/{bob.id}/put-right/{fact}").status_code == 404
    assert desk.post(f"/people/{bob.id}/put-right/{fact}/withdraw", data={"why": "x"}).status_code == 404


def test_other_learning_can_be_given_another_day(app, alice, officer, desk, claim):
    number = service.accept(claim, seen=1, module_id=None, reason="", by=officer.id)
    address = f"/people/{alice.id}/put-right/{number}"
    assert 'name="module"' not in desk.get(address).text

    answer = desk.post(f"{address}/correct", data={"happened_on": ["5", "5", "2018"], "reason": "A slip"})

    assert (answer.status_code, in_force(alice)) == (303, [("Safe hands", date(2018, 5, 5))])


def test_what_a_register_says_leads_to_the_register(app, alice, desk, module, make_session):
    session = make_session(module)
    said = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M1",
        happened_on=date(2018, 5, 4),
        source_kind=f"register:{session.id}",
    )
    number = record.add_fact(said, by=None)

    assert f'href="/sessions/{session.id}/register"' in desk.get(f"/people/{alice.id}/put-right").text
    answer = desk.get(f"/people/{alice.id}/put-right/{number}")
    assert (answer.status_code, "A register says this" in answer.text) == (409, True)


def test_the_list_asks_as_often_for_many_as_for_few(app, alice, officer, make_person, asks_as_often):
    people = [make_person().id for _ in range(30)]

    def fill(numbers):
        for number in numbers:
            service.send_in(people[number % 30], SAID, None)

    asks_as_often(officer, "/workforce/claims?page=1", fill)
