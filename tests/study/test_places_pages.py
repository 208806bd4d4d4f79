"""The pages of award places: applying, commenting, and choosing side by side (S-5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.places import reading, service
from cpd.study.places.rules import PlaceDecision, PlaceFault, PlaceStatus
from cpd.study.places.wording import CHOICES, FAULTS, STATES
from tests.home.test_query_counts import queries

AWARD = "practice-educator"
THIS_YEAR = date(2018, 4, 1)
APPLY = f"/my/award-places/{AWARD}/2018-04-01/apply"
LIST = f"/workforce/award-places/{AWARD}/2018-04-01"
SELECT, WAIT, DECLINE = PlaceDecision


def one_of(application_id):
    return f"/workforce/award-places/applications/{application_id}"


def apply(person, award=AWARD):
    return service.apply(person.id, award, THIS_YEAR, "I want to teach students\nand have done so before")


def decide(application_id, decision, officer):
    return service.decide(application_id, decision, reasons="Because it fits", by=officer.id)


@pytest.mark.parametrize("words", [FAULTS, STATES, CHOICES], ids=["faults", "states", "choices"])
def test_there_are_words_for_everything(words):
    (kind,) = {type(each) for each in words}

    assert set(words) == set(kind)
    assert kind in (PlaceFault, PlaceStatus, PlaceDecision)


def test_she_applies_and_sees_how_her_application_stands(app, slough_worker, sign_in):
    browser = sign_in(slough_worker("Sky"))
    offers = browser.get("/my/award-places").text
    assert offers.count("3 of 3 places left") == 2
    assert "Apply by 31 March 2019" in offers

    answer = browser.post(APPLY, data={"statement": "I want to teach"})

    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Sent in, no comment yet" in page
    assert "I want to teach" in page
    again = browser.get(APPLY)
    assert (again.status_code, FAULTS[PlaceFault.APPLIED_ALREADY] in again.text) == (409, True)
    assert "See your application" in browser.get("/my/award-places").text


def test_an_application_without_a_statement_is_sent_back(app, slough_worker, sign_in):
    answer = sign_in(slough_worker("Sky")).post(APPLY, data={"statement": " "})

    assert (answer.status_code, "Write why you want this place" in answer.text) == (422, True)


def test_agency_staff_are_told_why_they_cannot_apply(app, slough_worker, sign_in):
    browser = sign_in(slough_worker("Gil", staff_type="agency"))

    assert "These places are for employees of the council" in browser.get("/my/award-places").text
    assert browser.get(APPLY).status_code == 409
    assert browser.post(APPLY, data={"statement": "Please"}).status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/my/award-places/doctorate/2018-04-01/apply",
        f"/my/award-places/{AWARD}/2018-05-01/apply",
        f"/my/award-places/{AWARD}/tomorrow/apply",
        "/my/award-places/99",
    ],
)
def test_what_is_not_there_is_not_found(app, slough_worker, sign_in, path):
    assert sign_in(slough_worker("Sky")).get(path).status_code == 404


def test_a_council_without_award_places_says_so(app, alice, sign_in):
    assert "Your council has no yearly award places here" in sign_in(alice).get("/my/award-places").text


def test_her_manager_comments_and_she_can_read_it(app, slough_worker, slough_manager, sign_in):
    sky = slough_worker("Sky")
    application_id = apply(sky)
    browser = sign_in(slough_manager)
    assert "Waits for your comment" in browser.get("/team/award-places").text
    wrong = browser.post(f"/team/award-places/{application_id}", data={"comment": "Good"})
    assert (wrong.status_code, "Choose whether you support it" in wrong.text) == (422, True)

    answer = browser.post(f"/team/award-places/{application_id}", data={"supports": "yes", "comment": "She is ready"})

    assert (answer.status_code, answer.location) == (303, "/team/award-places")
    page = sign_in(sky).get(f"/my/award-places/{application_id}").text
    assert all(words in page for words in ("Supports it", "Mina Manager", "She is ready"))
    again = browser.post(f"/team/award-places/{application_id}", data={"supports": "no", "comment": "She is not"})
    assert (again.status_code, FAULTS[PlaceFault.COMMENTED_ALREADY] in again.text) == (409, True)


def test_only_whoever_decides_sees_who_has_applied(
    app, slough, slough_worker, slough_manager, slough_officer, officer, make_person, sign_in
):
    ann, ben = slough_worker("Ann Applicant"), slough_worker("Ben")
    application_id = apply(ann)
    service_manager = make_person("Sam", Role.SERVICE_MANAGER, employer=slough)

    assert "Ann Applicant" in sign_in(slough_officer).get(LIST).text
    assert "Ann Applicant" in sign_in(slough_manager).get("/team/award-places").text
    assert "Ann Applicant" not in sign_in(ben).get("/my/award-places").text
    assert sign_in(ben).get(LIST).status_code == 403
    paths = (f"/my/award-places/{application_id}", f"/team/award-places/{application_id}")
    assert {sign_in(ben).get(path).status_code for path in paths} == {404}
    for stranger in (officer, service_manager):  # of another council, and of a role that does not decide on this
        assert {sign_in(stranger).get(path).status_code for path in (LIST, one_of(application_id))} == {404}
        assert sign_in(stranger).post(one_of(application_id), data={"decision": "select"}).status_code == 404
    assert (
        "There are no award places on which you decide" in sign_in(service_manager).get("/workforce/award-places").text
    )


def test_applications_stand_side_by_side_with_what_their_people_have_already(
    app, slough_worker, slough_manager, slough_officer, sign_in
):
    ann, ben = slough_worker("Ann"), slough_worker("Ben")
    hers, his = apply(ann), apply(ben)
    service.comment(his, "He is ready", supports=True, by=slough_manager.id)
    earlier = apply(ann, "graduate-diploma")
    decide(earlier, SELECT, slough_officer)
    credit = FactSaid(
        person_id=ann.id,
        kind=FactKind.CREDIT,
        subject="SL-CONSOLIDATION",
        happened_on=date(2018, 7, 1),
        amount=Decimal(20),
        academic_level=7,
        source_kind="hand",
    )
    add_fact(credit, by=slough_officer.id)

    page = sign_in(slough_officer).get(LIST).text

    assert "0 of 3 places taken, 2 to decide, 0 waiting" in page
    assert "Consolidation module: 20 credits at level 7, 1 July 2018" in page
    assert "A place on Graduate Diploma, 1 April 2018 to 31 March 2019" in page
    assert "No credits and no other place on record." in page
    assert f'data-application="{hers}"' in page
    assert "He is ready" in page


def test_the_decider_gives_a_place_for_reasons(app, slough_worker, slough_officer, sign_in):
    sky = slough_worker("Sky")
    application_id = apply(sky)
    browser = sign_in(slough_officer)
    form = browser.get(one_of(application_id)).text
    assert "Give a place" in form
    assert "Put on the waiting list" not in form  # a place is free
    missing = browser.post(one_of(application_id), data={"decision": "select", "reasons": ""})
    assert (missing.status_code, "Write your reasons" in missing.text) == (422, True)

    answer = browser.post(one_of(application_id), data={"decision": "select", "reasons": "You teach well"})

    assert (answer.status_code, answer.location) == (303, LIST)
    assert "1 of 3 places taken, 0 to decide, 0 waiting" in browser.get(LIST).text
    page = sign_in(sky).get(f"/my/award-places/{application_id}").text
    assert all(words in page for words in ("Has a place", "You teach well", "Give your place up"))


def test_whoever_comes_second_to_the_last_place_is_told_why_and_what_to_do(app, slough_worker, slough_officer, sign_in):
    for name in ("Ann", "Ben", "Cyd"):
        decide(apply(slough_worker(name)), SELECT, slough_officer)
    dot = slough_worker("Dot")
    application_id = apply(dot)
    browser = sign_in(slough_officer)

    answer = browser.post(one_of(application_id), data={"decision": "select", "reasons": "She too"})

    assert (answer.status_code, FAULTS[PlaceFault.NO_PLACE_LEFT] in answer.text) == (409, True)
    assert "All places are taken." in browser.get(one_of(application_id)).text
    assert browser.post(one_of(application_id), data={"decision": "wait", "reasons": "Next"}).status_code == 303
    assert "On the waiting list: 1st" in sign_in(dot).get("/my/award-places").text
    assert "0 of 3 places left, 1 waiting" in sign_in(dot).get("/my/award-places").text


def test_she_gives_her_place_up_and_the_next_one_has_it(app, slough_worker, slough_officer, sign_in):
    people = [slough_worker(name) for name in ("Ann", "Ben", "Cyd", "Dot")]
    applications = [apply(each) for each in people]
    for each in applications[:3]:
        decide(each, SELECT, slough_officer)
    decide(applications[3], WAIT, slough_officer)
    browser = sign_in(people[0])
    assert "Give your place up" in browser.get(f"/my/award-places/{applications[0]}/give-up").text

    answer = browser.post(f"/my/award-places/{applications[0]}/give-up", data={"reason": "I move away"})

    assert (answer.status_code, answer.location) == (303, "/my/award-places")
    assert "Withdrawn" in browser.get("/my/award-places").text
    assert "The place came from the waiting list" in sign_in(people[3]).get(f"/my/award-places/{applications[3]}").text
    again = browser.post(f"/my/award-places/{applications[0]}/give-up", data={"reason": ""})
    assert again.status_code == 409


def test_the_decider_ends_the_application_of_somebody_who_left(app, slough_worker, slough_officer, sign_in):
    application_id = apply(slough_worker("Ann"))
    browser = sign_in(slough_officer)
    assert browser.post(f"{one_of(application_id)}/end", data={"reason": ""}).status_code == 422

    answer = browser.post(f"{one_of(application_id)}/end", data={"reason": "She has left"})

    assert (answer.status_code, answer.location) == (303, LIST)
    db.session.rollback()
    assert reading.find_application(application_id).ended_reason == "She has left"


def test_her_own_application_is_for_a_colleague(app, slough_officer, sign_in):
    application_id = apply(slough_officer)
    browser = sign_in(slough_officer)

    assert "A colleague in the same role must decide on it" in browser.get(one_of(application_id)).text
    assert browser.post(one_of(application_id), data={"decision": "select", "reasons": "Me"}).status_code == 409


def test_a_year_that_is_over_can_be_read_and_not_changed(app, slough_worker, slough_officer, sign_in, clock_at):
    application_id = apply(slough_worker("Ann"))
    clock_at(2019, 4, 1, 9)
    browser = sign_in(slough_officer)

    assert "1 April 2018 to 31 March 2019 (over)" in browser.get("/workforce/award-places").text
    assert "This year is over" in browser.get(LIST).text
    answer = browser.post(one_of(application_id), data={"decision": "select", "reasons": "Late"})
    assert (answer.status_code, FAULTS[PlaceFault.YEAR_OVER] in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("worker", "/my/award-places", 9),
        ("manager", "/team/award-places", 8),
        ("officer", "/workforce/award-places", 8),
        ("officer", LIST, 13),
    ],
)
def test_each_page_asks_as_often_for_many_as_for_few(
    app, slough_worker, slough_manager, slough_officer, sign_in, who, path, most
):
    worker = slough_worker("Sky")
    apply(worker)
    apply(slough_worker("Ann"))
    browser = sign_in({"worker": worker, "manager": slough_manager, "officer": slough_officer}[who])
    browser.get(path)
    with queries() as for_few:
        assert browser.get(path).status_code == 200
    for number in range(20):
        apply(slough_worker(f"Applicant {number}"))
    for _ in range(10):  # she changes her mind
        service.give_up(reading.applications_of(worker.id)[0].id, reason="", by=worker.id)
        apply(worker)

    with queries() as for_many:
        browser.get(path)

    assert len(for_many) == len(for_few), "\n".join(for_many)
    assert len(for_many) <= most, "\n".join(for_many)


def test_what_was_typed_stays_where_it_is_refused(app, slough_worker, slough_manager, slough_officer, sign_in):
    for name in ("Ann", "Ben", "Cyd"):
        decide(apply(slough_worker(name)), SELECT, slough_officer)
    dot = slough_worker("Dot")
    application_id = apply(dot)
    service.comment(application_id, "Yes", supports=True, by=slough_manager.id)
    hers, typed = sign_in(dot), "Words that took an hour"
    mine = f"/my/award-places/{application_id}"

    def refused(browser, path, fault, **fields):
        answer = browser.post(path, data=fields)
        assert answer.status_code == 409
        summary = answer.text[answer.text.index("There is a problem") :]
        assert FAULTS[fault] in summary
        assert f"{typed}</textarea>" in summary
        return summary

    refused(hers, APPLY, PlaceFault.APPLIED_ALREADY, statement=typed)
    team = f"/team/award-places/{application_id}"
    refused(sign_in(slough_manager), team, PlaceFault.COMMENTED_ALREADY, supports="no", comment=typed)
    officer = sign_in(slough_officer)
    page = refused(officer, one_of(application_id), PlaceFault.NO_PLACE_LEFT, decision="select", reasons=typed)
    assert CHOICES[WAIT] in page
    assert CHOICES[SELECT] not in page  # what can be decided now
    service.give_up(application_id, reason="", by=dot.id)
    refused(hers, f"{mine}/give-up", PlaceFault.ENDED_ALREADY, reason=typed)
    refused(officer, f"{one_of(application_id)}/end", PlaceFault.ENDED_ALREADY, reason=typed)
    refused(officer, one_of(application_id), PlaceFault.ENDED_ALREADY, decision="wait", reasons=typed)
