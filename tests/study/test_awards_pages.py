"""Pages of awards: what a worker, her manager and Workforce Development see and do, and who gets nothing."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from cpd.people.models import Person, Post
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.awards import service
from cpd.study.awards.models import AwardEnrolment
from cpd.study.awards.rules import Status
from tests.cast import LONG_AGO
from tests.home.test_query_counts import FEW, MANY, added, queries
from tests.study.awarding import CERTIFICATE, adopt, award, council, day, enrolment, expect, outcomes

NEWER = ("version: 4\n", "version: 5\n")
DAY = {"enrolled_on": "2018-09-03"}


@pytest.fixture
def manager_here(county, make_person):
    return make_person("Minnie Manager", employer=county)


@pytest.fixture
def worker(county, make_person, manager_here):
    return make_person("Wendy Worker", employer=county, career_level="nqsw", manager=manager_here)


@pytest.fixture
def officer(county, make_person):
    return make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)


@pytest.fixture
def enrolled(worker, officer):
    """Wendy is enrolled and has 40 of 60 credits."""
    service.enrol(worker.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=officer.id)
    award(officer, worker, "asye-apel")
    award(officer, worker, "WA-PE-1")
    return enrolment(worker)


def test_my_awards_say_how_far_i_am_and_the_shortest_way_left(app, worker, enrolled, sign_in):
    page = sign_in(worker).get("/my/awards").text

    assert "40 of 60 credits" in page
    assert "Shortest way left:</strong> Practice Educator stage two (20) or Research Module (20)." in page
    assert "Practice educator, stage one, since 1 December 2018." in page


def test_an_award_line_by_line(app, worker, officer, enrolled, sign_in):
    expect(officer, worker, "WA-RESEARCH", "2019-07-01")
    page = sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text

    assert page.count('data-line="Done"') == 2
    assert page.count('data-line="Expected"') == 1
    assert "Practice Educator stage one: 20 credits at level 7, awarded on 1 December 2018." in page
    assert "Research Module: 20 credits at level 7, expected on 1 July 2019." in page
    assert "Nothing more to do: the last credits are expected on 1 July 2019." in page
    assert "Credits decide, not the number" in page  # the council's report is read aloud, as an assumption


def test_what_is_still_to_do_leads_to_where_it_can_be_done(app, worker, enrolled, sign_in):
    page = sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text

    assert 'href="/modules/WA-PE-2"' in page
    assert 'href="/modules/WA-RESEARCH"' in page
    assert 'href="/modules/WA-PE-1"' not in page


def test_credits_that_do_not_count_say_why(app, worker, officer, enrolled, sign_in):
    award(officer, worker, "WA-RESEARCH", academic_level=6)
    page = sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text

    assert "Research Module: 20 credits at level 6, awarded on 1 December 2018: its academic level is too low" in page


def test_whoever_is_not_enrolled_sees_how_she_would_stand(app, worker, officer, sign_in):
    award(officer, worker, "WA-PE-1")
    page = sign_in(worker).get("/my/awards").text

    assert "You are not enrolled on an award" in page
    assert "you would have 20 of 60 credits" in page
    assert "This is how you would stand today" in sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text


def test_an_award_that_no_report_describes_says_so(app, slough, slough_worker, sign_in):
    page = sign_in(slough_worker("Sky Slough")).get("/my/awards/graduate-diploma").text

    assert "Your council has not published what this award is made of" in page
    assert "A Graduate Diploma is an award at academic level 6" in page


def test_a_council_without_awards_says_so(app, alice, sign_in):
    page = sign_in(alice).get("/my/awards")

    assert page.status_code == 200
    assert "Your council’s scheme has none" in page.text
    assert sign_in(alice).get("/my/awards/pg-certificate").status_code == 404


def test_her_manager_and_workforce_development_see_her_awards_and_nobody_else(
    app, worker, officer, enrolled, manager_here, stranger, make_person, county, sign_in
):
    colleague = make_person("Cora Colleague", employer=county)
    address = f"/people/{worker.id}/awards"

    assert "40 of 60 credits" in sign_in(manager_here).get(address).text
    assert "Look after this enrolment" not in sign_in(manager_here).get(address).text
    assert "Look after this enrolment" in sign_in(officer).get(address).text
    assert sign_in(colleague).get(address).status_code == 404
    assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(worker).get(address).location == "/my/awards"


def test_workforce_development_enrols_somebody(app, worker, officer, sign_in):
    fields = {"person": worker.email, "award": CERTIFICATE, "composition": "-", **DAY}
    done = sign_in(officer).post("/workforce/awards/enrol", data=fields)

    assert (done.status_code, done.location) == (303, f"/workforce/awards/{enrolment(worker).id}")
    again = sign_in(officer).post("/workforce/awards/enrol", data=fields)
    assert again.status_code == 409
    assert "This person is enrolled on the award already" in again.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": ""}, "Enter a work e-mail address or an employee number"),
        ({"person": "nobody@demo.example"}, "Nobody here has this e-mail address"),
        ({"award": "doctorate"}, "Choose an award"),
        ({"enrolled_on": ["3", "13", "2018"]}, "Enrolled on must be a real date"),
    ],
    ids=["nobody", "unknown", "no such award", "no such day"],
)
def test_a_wrong_form_says_what_to_do(app, worker, officer, sign_in, changes, said):
    fields = {"person": worker.email, "award": CERTIFICATE, "composition": "-", **DAY, **changes}
    answer = sign_in(officer).post("/workforce/awards/enrol", data=fields)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert said in answer.text


def test_a_way_of_the_award_that_was_chosen_is_taken(app, worker, officer, sign_in):
    fields = {"person": worker.email, "award": CERTIFICATE, "composition": f"{CERTIFICATE}:hired-above", **DAY}

    assert sign_in(officer).post("/workforce/awards/enrol", data=fields).status_code == 303
    assert enrolment(worker).composition == "hired-above"


def test_a_way_of_another_award_is_refused_beside_its_box(app, worker, officer, sign_in):
    diploma = "  - {code: diploma, title: Diploma, academic_level: 7}\n\npractice_educator_stages:\n"
    adopt("warwickshire", NEWER, ("\npractice_educator_stages:\n", diploma))
    fields = {"person": worker.email, "award": "diploma", "composition": f"{CERTIFICATE}:hired-above", **DAY}

    answer = sign_in(officer).post("/workforce/awards/enrol", data=fields)

    assert answer.status_code == 422
    assert "This is a way to make up another award" in answer.text
    assert sign_in(officer).post("/workforce/awards/enrol", data=fields | {"composition": "-"}).status_code == 303
    assert enrolment(worker, "diploma").composition == ""


def test_an_officer_is_shown_her_own_enrolment_and_asks_a_colleague(app, officer, make_person, county, sign_in):
    adopt()
    colleague = make_person("Cora Colleague", Role.WORKFORCE_DEVELOPMENT, employer=county)
    browser = sign_in(officer)
    refused = browser.post(
        "/workforce/awards/enrol", data={"person": officer.email, "award": CERTIFICATE, "composition": "-", **DAY}
    )
    assert refused.status_code == 409
    assert "Ask a colleague in Workforce Development" in refused.text
    number = service.enrol(officer.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=colleague.id)

    shown = browser.get(f"/workforce/awards/{number}").text
    assert "Ask a colleague in Workforce Development" in shown
    assert "End this enrolment" not in shown
    assert "End this enrolment" in sign_in(colleague).get(f"/workforce/awards/{number}").text
    adopt("warwickshire", NEWER)
    rules = sign_in(officer).get("/workforce/awards/rules").text
    assert "You cannot move yourself" in rules
    assert "Whom do you move?" not in rules
    assert "Whom do you move?" in sign_in(colleague).get("/workforce/awards/rules").text


@pytest.mark.parametrize(
    ("credits_", "widths"), [("7.5", "12.38% 86.62%"), ("0.25", "0.41% 98.59%")], ids=["a half", "a quarter"]
)
def test_the_bar_is_as_long_as_its_words_say(app, worker, officer, sign_in, credits_, widths):
    service.enrol(worker.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=officer.id)
    award(officer, worker, "WA-PE-1", credits=Decimal(credits_))

    page = sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text

    assert f"{credits_} of 60 credits" in page
    assert re.findall(r'app-bar__part[^>]*width="([^"]*)"', page) == widths.split()


def test_nobody_of_another_council_is_enrolled(app, officer, stranger, sign_in):
    fields = {"person": stranger.email, "award": CERTIFICATE, "composition": "-", **DAY}

    assert sign_in(officer).post("/workforce/awards/enrol", data=fields).status_code == 422


def test_an_enrolment_ends_for_a_reason(app, worker, officer, enrolled, sign_in):
    address = f"/workforce/awards/{enrolled.id}"
    assert sign_in(officer).post(f"{address}/end", data={"reason": ""}).status_code == 422

    assert sign_in(officer).post(f"{address}/end", data={"reason": "She has left"}).status_code == 303

    assert enrolment(worker).status is Status.WITHDRAWN
    assert "Latest change: She has left" in sign_in(officer).get(address).text
    assert sign_in(officer).post(f"{address}/end", data={"reason": "Again"}).status_code == 409


def test_an_award_is_recorded_and_taken_back_by_hand(app, slough, slough_worker, slough_officer, sign_in):
    person = slough_worker("Sky Slough")
    service.enrol(person.id, "graduate-diploma", enrolled_on=day("2018-09-03"), by=slough_officer.id)
    address = f"/workforce/awards/{enrolment(person, 'graduate-diploma').id}"
    given = {"awarded_on": "2018-12-14", "evidence": "Certificate"}

    assert "Record the award" in sign_in(slough_officer).get(address).text
    assert sign_in(slough_officer).post(f"{address}/given", data=given).status_code == 303
    assert outcomes(person) == [("graduate-diploma", "awarded", day("2018-12-14"))]
    assert "Take this award back" in sign_in(slough_officer).get(address).text
    assert sign_in(slough_officer).post(f"{address}/take-back", data={"reason": "A slip"}).status_code == 303
    assert outcomes(person) == []
    ahead = given | {"awarded_on": "2020-12-14"}
    assert sign_in(slough_officer).post(f"{address}/given", data=ahead).status_code == 409
    assert sign_in(slough_officer).post(f"{address}/given", data={}).status_code == 422


def test_an_award_that_credits_decide_is_not_recorded_by_hand(app, officer, enrolled, sign_in):
    address = f"/workforce/awards/{enrolled.id}"
    given = {"awarded_on": "2018-12-14", "evidence": "Certificate"}

    assert "Record the award" not in sign_in(officer).get(address).text
    refused = sign_in(officer).post(f"{address}/given", data=given)
    assert refused.status_code == 409
    assert "Record the credits, and the award follows by itself" in refused.text


def test_proof_that_prior_learning_is_current_is_recorded(app, make_person, sign_in):
    adopt(
        "warwickshire", ("    prior_learning_at_most: 20\n", "    prior_learning_at_most: 20\n    currency_years: 5\n")
    )
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    person = make_person("Ada Above", employer=council(), career_level="3b")
    service.enrol(person.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=officer.id)
    award(officer, person, "apcl", learning_ended_on=day("2010-07-01"))
    address = f"/workforce/awards/{enrolment(person).id}"
    proof = {"kind": "apcl", "proof": "Taught it", "proved_on": "2019-01-01"}

    assert "the learning is too old without proof" in sign_in(officer).get(address).text
    assert sign_in(officer).post(f"{address}/proof", data=proof | {"proof": ""}).status_code == 422
    assert sign_in(officer).post(f"{address}/proof", data=proof).status_code == 303
    shown = sign_in(officer).get(address).text
    assert "20 of 60 credits" in shown
    assert "Record that prior learning is current" not in shown


def test_who_would_gain_and_lose_is_shown_and_people_are_moved(app, worker, officer, enrolled, sign_in):
    adopt("warwickshire", NEWER, ("credits: 20, academic_level: 7, sources: [asye-apel], at_most: 20",
                                  "credits: 20, academic_level: 7, sources: [WA-RESEARCH]"))  # fmt: skip
    shown = sign_in(officer).get("/workforce/awards/rules").text
    assert "Loses" in shown
    assert "1 person is enrolled under older rules" in sign_in(officer).get("/workforce/awards").text
    assert "not the newest" in sign_in(worker).get(f"/my/awards/{CERTIFICATE}").text

    fields = {"people": [enrolled.id], "why": "She agreed"}
    assert sign_in(officer).post("/workforce/awards/rules", data={"people": [enrolled.id]}).status_code == 422
    assert sign_in(officer).post("/workforce/awards/rules", data=fields).status_code == 303

    assert "20 of 60 credits" in sign_in(worker).get("/my/awards").text
    assert "Everybody is under the rules in force" in sign_in(officer).get("/workforce/awards/rules").text


def test_another_council_s_enrolments_are_nowhere(app, enrolled, slough_officer, sign_in):
    browser = sign_in(slough_officer)

    assert "Wendy" not in browser.get("/workforce/awards").text
    assert browser.get(f"/workforce/awards/{enrolled.id}").status_code == 404
    for act in ("end", "given", "take-back", "proof"):
        assert browser.post(f"/workforce/awards/{enrolled.id}/{act}", data={"reason": "Ours"}).status_code == 404


def test_the_list_is_chosen_by_award_and_by_how_it_stands(app, worker, officer, enrolled, sign_in):
    browser = sign_in(officer)

    assert "Wendy Worker" in browser.get("/workforce/awards?status=enrolled&award=pg-certificate").text
    assert "Wendy Worker" not in browser.get("/workforce/awards?status=completed").text
    assert "Nobody is enrolled here" in browser.get("/workforce/awards?award=made-up").text
    assert "Wendy Worker" in browser.get("/workforce/awards?page=99&status=nonsense").text


@pytest.fixture
def students(county):
    """Enrol so many people, each with the credits of two modules, without asking any rule."""
    scheme = adopt()

    def make(numbers):
        shared = {"organisation_id": county.id}
        people = [
            {
                **shared,
                "employee_number": f"S{n}",
                "email": f"s{n}@demo.example",
                "name": f"S {n}",
                "created_at": LONG_AGO,
            }
            for n in numbers
        ]
        ids = added(Person, people)
        added(
            Post, [{**shared, "person_id": each, "starts_on": LONG_AGO.date(), "recorded_at": LONG_AGO} for each in ids]
        )
        facts = {"kind": "credit", "amount": 20, "academic_level": 7, "source_kind": "hand", "recorded_at": LONG_AGO}
        added(
            RecordFact,
            [
                {**shared, **facts, "person_id": each, "subject": source, "happened_on": day("2018-12-01")}
                for each in ids
                for source in ("asye-apel", "WA-PE-1")
            ],
        )
        on = {"award_code": CERTIFICATE, "scheme_version_id": scheme.id, "composition": "", "status": "enrolled"}
        on |= {"enrolled_on": day("2018-09-03"), "reason": "", "changed_at": LONG_AGO}
        added(AwardEnrolment, [{**shared, **on, "person_id": each} for each in ids])
        db.session.commit()

    return make


@pytest.mark.parametrize("path", ["/workforce/awards", "/workforce/awards/rules"])
def test_as_many_queries_for_a_hundred_people_as_for_five(app, officer, students, sign_in, path):
    students(range(FEW))
    if path.endswith("rules"):
        adopt("warwickshire", NEWER)
    browser = sign_in(officer)
    assert browser.get(path).status_code == 200
    with queries() as for_few:
        short = browser.get(path)
    students(range(FEW, MANY))
    with queries() as for_many:
        long = browser.get(path)

    assert len(long.text) > len(short.text) + FEW * 100
    assert len(for_many) == len(for_few), "\n".join(for_many)
    assert len(for_many) <= 14, "\n".join(for_many)


def test_my_awards_ask_a_fixed_number_of_times(app, worker, enrolled, sign_in):
    browser = sign_in(worker)
    browser.get("/my/awards")

    with queries() as asked:
        browser.get("/my/awards")

    assert len(asked) <= 12, "\n".join(asked)
