"""Pages of appeals: hers, Workforce Development's and those of whoever decides, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert

from cpd.people.models import Person
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.requests.models import DecisionLetter, ProgressionRequest
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.cast import LONG_AGO
from tests.home.test_query_counts import added, asks_as_often
from tests.progression.appealing import adopt, appeal, assign, decline, facts

__all__ = ["asks_as_often"]

WHY = {"grounds": "My court work was not looked at"}


@pytest.fixture
def careers(app_in_use, organisation):
    """The Assistant Director approves the step to lead social worker, with an appeal within 28 days."""
    return adopt(
        ("        transition_mode: approval\n", "        transition_mode: approval\n        appeal_within_days: 28\n")
    )


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def principal(app_in_use, make_person):
    return make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)


@pytest.fixture
def wendy(app_in_use, make_person, manager):
    return make_person("Wendy Wise", career_level="wise", manager=manager)


@pytest.fixture
def declined(careers, wendy, director):
    from tests.progression.requesting import ask

    number = ask(wendy, "wise-lead")
    decline(number, director)
    return number


def test_she_appeals_follows_it_and_withdraws_it(app, declined, wendy, officer, sign_in):
    browser = sign_in(wendy)
    page = browser.get(f"/my/progress/requests/{declined}/appeal").text
    assert "You can appeal until 30 January 2019, that day included." in page
    assert "More court work first" in page
    assert browser.post(f"/my/progress/requests/{declined}/appeal", data={}).status_code == 422

    answer = browser.post(f"/my/progress/requests/{declined}/appeal", data=WHY)

    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Sent, not yet with anybody" in page
    assert "My court work was not looked at" in page
    assert browser.get(f"/my/progress/requests/{declined}/appeal").location == answer.location
    again = browser.post(f"/my/progress/requests/{declined}/appeal", data=WHY)
    assert again.status_code == 409
    assert "You have appealed against this decision already. Look at your appeal." in again.text
    assert browser.post(f"{answer.location}/withdraw").status_code == 303
    assert "Withdrawn" in browser.get(answer.location).text
    assert browser.post(f"{answer.location}/withdraw").status_code == 409


def test_too_late_is_said_with_what_to_do(app, declined, wendy, sign_in, clock_at):
    clock_at(2019, 2, 1, 9)
    answer = sign_in(wendy).get(f"/my/progress/requests/{declined}/appeal")

    assert answer.status_code == 409
    assert "The last day for an appeal has passed. Ask again on My progress" in answer.text


def test_workforce_development_finds_somebody_and_sees_who_cannot(
    app, declined, wendy, officer, director, principal, sign_in
):
    number = appeal(declined, wendy)
    browser = sign_in(officer)
    assert "To be decided: 1" in browser.get("/progression/appeals").text
    page = browser.get(f"/progression/appeals/{number}").text
    assert "Paula Principal, Principal Social Worker" in page
    assert "Dora Director: had a part in the decision" in page
    assert "More court work first" in page
    who = {"decider": str(principal.id), "decide_by": "2019-01-16"}

    assert browser.post(f"/progression/appeals/{number}/assign", data={"decide_by": "2019-01-16"}).status_code == 422
    late = browser.post(f"/progression/appeals/{number}/assign", data=who | {"decide_by": "2019-01-01"})
    assert late.status_code == 422
    assert "The day by which it is decided must be today or later" in late.text
    assert browser.post(f"/progression/appeals/{number}/assign", data=who).status_code == 303
    assert facts(number).decider == "Paula Principal"
    mine = sign_in(wendy).get(f"/my/progress/appeals/{number}").text
    assert "Paula Principal decides on it by 16 January 2019" in mine


def test_where_everybody_had_a_part_it_is_said(app, declined, wendy, officer, director, sign_in):
    number = appeal(declined, wendy)

    assert (
        "Nobody who could decide is without a part in it."
        in sign_in(officer).get(f"/progression/appeals/{number}").text
    )


def test_whoever_it_was_given_to_decides_with_reasons(app, declined, wendy, bob, officer, principal, sign_in):
    number = appeal(declined, wendy)
    assign(number, principal, officer)
    browser = sign_in(principal)
    assert f"/progression/appeals/{number}" in browser.get("/progression/appeals").text
    assert browser.post(f"/progression/appeals/{number}/decide", data={"decision": "uphold"}).status_code == 422

    answer = browser.post(
        f"/progression/appeals/{number}/decide", data={"decision": "uphold", "reasons": "Your court work counts"}
    )

    assert answer.status_code == 303
    page = sign_in(wendy).get(f"/my/progress/appeals/{number}").text
    assert "Your appeal is upheld." in page
    assert "Your court work counts" in page
    assert f'href="/my/progress/requests/{facts(number).new_request_id}"' in page
    letter = sign_in(wendy).get(f"/my/progress/appeals/{number}/letter").text
    assert "You appealed on 2 January 2019 against the decision" in letter
    assert "Paula Principal, Principal Social Worker, who had no part in the decision before." in letter
    assert sign_in(wendy).get(f"/my/progress/appeals/{number}/letter.pdf").data.startswith(b"%PDF")
    assert "Your appeal is upheld" in browser.get(f"/progression/appeals/{number}/letter").text
    assert sign_in(bob).get(f"/my/progress/appeals/{number}/letter").status_code == 404
    browser = sign_in(principal)
    again = browser.post(f"/progression/appeals/{number}/decide", data={"decision": "dismiss", "reasons": "No"})
    assert again.status_code == 409
    assert "This appeal was decided or withdrawn already." in again.text


def test_nobody_else_sees_an_appeal(
    app, declined, wendy, officer, principal, operations, bob, stranger, make_person, sign_in
):
    number = appeal(declined, wendy)
    assign(number, principal, officer)
    elsewhere = make_person("Otto Officer", Role.WORKFORCE_DEVELOPMENT, employer=stranger.organisation)

    for person in (bob, stranger):
        assert sign_in(person).get(f"/progression/appeals/{number}").status_code == 403
        assert sign_in(person).get(f"/my/progress/appeals/{number}").status_code == 404
        assert sign_in(person).get(f"/my/progress/requests/{declined}/appeal").status_code == 404
    for person in (operations, elsewhere):
        assert sign_in(person).get(f"/progression/appeals/{number}").status_code == 404
        assert "Wendy Wise" not in sign_in(person).get("/progression/appeals").text
    assert sign_in(operations).post(f"/progression/appeals/{number}/decide", data={}).status_code == 404


def test_an_officer_leaves_her_own_appeal_to_a_colleague(app, careers, officer, make_person, director, sign_in):
    from tests.progression.requesting import ask

    own = make_person("Wilma Wise", Role.WORKFORCE_DEVELOPMENT, career_level="wise")
    number = ask(own, "wise-lead")
    decline(number, director)
    appeal_id = appeal(number, own)

    assert sign_in(own).get(f"/progression/appeals/{appeal_id}").status_code == 404
    assert f'href="/progression/appeals/{appeal_id}"' not in sign_in(own).get("/progression/appeals").text
    assert sign_in(officer).get(f"/progression/appeals/{appeal_id}").status_code == 200


@pytest.fixture
def many_appeals(declined, organisation, careers):
    """So many appeals that wait, and as many that were decided."""
    request = db.session.get(ProgressionRequest, declined)
    letter = db.session.query(DecisionLetter).filter_by(request_id=declined).one()

    def make(numbers):
        owner = {"organisation_id": organisation.id}
        for number in numbers:
            about = {"employee_number": f"Q{number}", "email": f"q{number}@demo.example", "name": f"Q {number}"}
            (person_id,) = added(Person, [{**owner, **about, "created_at": LONG_AGO}])
            for place, status in enumerate(("sent", "withdrawn")):
                kept = {column.name: getattr(request, column.name) for column in ProgressionRequest.__table__.columns}
                (request_id,) = added(ProgressionRequest, [{**kept, "id": None, "person_id": person_id}])
                said = {column.name: getattr(letter, column.name) for column in DecisionLetter.__table__.columns}
                told = {"id": None, "request_id": request_id, "person_id": person_id}
                (letter_id,) = added(DecisionLetter, [{**said, **told}])
                row = {
                    **owner,
                    "person_id": person_id,
                    "request_id": request_id,
                    "letter_id": letter_id,
                    "grounds": "Court",
                    "status": status,
                    "appealed_on": date(2019, 1, 2),
                    "appealed_at": LONG_AGO,
                    "in_time_until": date(2019, 1, 30),
                    "reasons": "",
                    "withdrawn_at": LONG_AGO if place else None,
                }
                db.session.execute(insert(ProgressionAppeal).values(**row))
        db.session.commit()

    return make


def test_more_appeals_take_no_more_queries(app, many_appeals, officer, asks_as_often):
    asks_as_often(officer, "/progression/appeals", many_appeals)
