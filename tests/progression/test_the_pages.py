"""Pages of progress: what a worker, her manager and those who look after progression see, and who gets nothing."""

from __future__ import annotations

import pytest

from cpd.booking.models import Booking
from cpd.catalogue.models import Module
from cpd.people.models import Person, Post
from cpd.progression.pathways import service
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.cast import LONG_AGO, london, saved
from tests.home.test_query_counts import FEW, MANY, added, queries
from tests.progression.careers import NEWER, adopt, completed, day, enrolments, observed, put_on

HARDER = ("requirement: {evidence: observation}", "requirement: {evidence: {kind: observation, count: 2}}")
HARD = {"why": "The union has agreed"}


@pytest.fixture
def booked(careers, nell, make_session):
    """Nell has a place for court skills on 15 March 2019."""
    training_session = make_session(db.session.query(Module).filter_by(code="C1").one(), london(2019, 3, 15, 9, 30))
    about = {"organisation_id": nell.organisation_id, "person_id": nell.id, "booked_by_id": nell.id}
    times = {"requested_at": LONG_AGO, "confirmed_at": LONG_AGO}
    return saved(
        Booking(**about, **times, training_session_id=training_session.id, status="confirmed", request_number=1)
    )


def test_my_progress_says_line_by_line_what_is_done_booked_and_still_to_do(app, booked, nell, sign_in):
    completed(nell, "W1")
    page = sign_in(nell).get("/my/progress").text

    assert 'data-verdict="to_do"' in page
    assert (
        page.count('data-line="met"') == page.count('data-line="in_hand"') == page.count('data-line="outstanding"') == 1
    )
    assert "Booked, counts once you attend" in page
    assert "Court skills, booked for 15 March 2019." in page
    assert f'href="/sessions/{booked.training_session_id}"' in page
    assert "Ask your assessor." in page
    assert "1 of 3" in page  # workshops, apart
    assert "1 January 2018; what lies before is not known here" in page
    assert "Usually after 12 to 18 months in the level before; 12 months so far. This is a guide, not a limit." in page


def test_what_is_still_to_do_leads_to_where_it_can_be_done(app, careers, nell, sign_in):
    page = sign_in(nell).get("/my/progress").text

    assert '<a class="govuk-link" href="/modules/C1">Book Court skills</a>' in page
    assert 'href="/catalogue/workshops"' in page


def test_time_alone_says_its_month(app, careers, nell, sign_in, clock_at):
    clock_at(2018, 9, 3, 9)
    page = sign_in(nell).get("/my/progress").text

    assert "Expected in January 2019" in page
    assert "8 of 12 months; reached on 1 January 2019." in page


def test_the_route_is_a_picture_and_a_list(app, careers, nell, sign_in):
    page = sign_in(nell).get("/my/progress").text

    assert page.count('role="img"') == 2  # for a wide page and a narrow one
    assert 'data-level="new" aria-current="step"' in page
    assert "You are here" in page
    assert "To Social worker, by a panel" in page
    assert "Another pathway: Family support" in page


def test_what_is_invented_or_assumed_is_said(app, careers, nell, sign_in):
    page = sign_in(nell).get("/my/progress").text

    assert "Invented</strong>" in page
    assert "Workshops are counted and block nothing." in page


def test_where_no_criteria_are_published_the_page_says_so(app, careers, abel, sign_in):
    page = sign_in(abel).get("/my/progress").text

    assert "The council has published no criteria for this step." in page
    assert "Assistant Director approves" in page
    assert "Before joining: not known" in page


def test_agency_staff_are_told_why_they_do_not_progress(app, careers, make_person, sign_in):
    page = sign_in(make_person(career_level="new", staff_type="agency")).get("/my/progress").text

    assert "Career progression here is for the council&#39;s own employees" in page
    assert "Agency worker" in page


def test_whoever_has_no_pathway_is_told_whom_to_ask(app, careers, alice, sign_in):
    assert "ask HR to enter its career level" in sign_in(alice).get("/my/progress").text


def test_whoever_is_under_older_rules_is_told(app, careers, nell, sign_in):
    put_on(nell)
    adopt(NEWER, HARDER)

    assert "Version 2 of the scheme, not the newest" in sign_in(nell).get("/my/progress").text


def test_her_manager_and_those_who_look_after_progression_see_somebodys_progress(
    app, careers, nell, manager, officer, operations, make_person, sign_in
):
    principal = make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)
    for viewer in (manager, officer, operations, principal):
        assert "Nell Newly" in sign_in(viewer).get(f"/people/{nell.id}/progress").text


def test_nobody_else_sees_it(app, careers, nell, bob, stranger, make_organisation, make_person, sign_in):
    elsewhere = make_organisation("coventry", "Coventry City Council")
    operations = make_person("Olaf Operations", Role.OPERATIONS_MANAGER, employer=elsewhere)
    officer = make_person("Otto Officer", Role.WORKFORCE_DEVELOPMENT, employer=elsewhere)
    for viewer in (bob, stranger, operations, officer):
        assert sign_in(viewer).get(f"/people/{nell.id}/progress").status_code == 404
    assert "Nell Newly" not in sign_in(officer).get("/workforce/progress").text
    assert sign_in(bob).get("/workforce/progress").status_code == 403


def test_my_own_page_of_progress_is_mine(app, careers, nell, sign_in):
    answer = sign_in(nell).get(f"/people/{nell.id}/progress")

    assert (answer.status_code, answer.location) == (302, "/my/progress")


def test_my_team_by_criterion(app, booked, nell, abel, manager, sign_in):
    page = sign_in(manager).get("/team/progress").text

    assert f'data-person="{nell.id}" data-status="to_do"' in page
    assert f'data-person="{abel.id}" data-status="no_criteria"' in page
    assert "Newly qualified to Social worker" in page
    assert "Booked</strong>" in page


def test_the_team_can_be_filtered_by_verdict_next_step_and_what_is_lacking(
    app, careers, nell, manager, make_person, sign_in
):
    ready = make_person("Rita Ready", career_level="new", manager=manager)
    completed(ready, "C1")
    observed(ready)
    browser = sign_in(manager)

    for query, seen in (
        ("status=ready", {ready.id}),
        ("status=to_do", {nell.id}),
        ("way=new-able", {ready.id, nell.id}),
        ("lacks=court", {nell.id}),
        ("status=nonsense", {ready.id, nell.id}),
    ):
        page = browser.get(f"/team/progress?{query}").text
        assert {each.id for each in (nell, ready) if f'data-person="{each.id}"' in page} == seen, query


def test_everybody_by_pathway_with_those_who_have_no_next_step(app, careers, nell, abel, officer, make_person, sign_in):
    make_person("Agnes Agency", career_level="new", staff_type="agency")
    page = sign_in(officer).get("/workforce/progress").text

    assert "Social worker to Experienced social worker" in page
    assert "With no next step" in page
    assert "Agnes Agency" in page


def test_an_officer_sees_who_loses_before_anybody_is_moved(app, careers, nell, officer, sign_in):
    put_on(nell)
    completed(nell, "C1")
    observed(nell)
    newest = adopt(NEWER, HARDER)
    browser = sign_in(officer)
    assert "1 person is under older rules" in browser.get("/workforce/progress").text
    preview = browser.get("/workforce/progress/rules").text

    assert "By the rules in force: 1 person loses." in preview
    assert "Loses</strong>" in preview
    assert "Loses: “Observed in practice” is further from done" in preview
    assert browser.post("/workforce/progress/rules", data=HARD).status_code == 422
    assert browser.post("/workforce/progress/rules", data=HARD | {"people": nell.id}).status_code == 303
    assert enrolments(nell)[-1] == ("social-work", newest.id, True)
    assert "Everybody is under the rules in force" in browser.get("/workforce/progress/rules").text


def test_only_workforce_development_moves_people(app, careers, nell, operations, sign_in):
    assert sign_in(operations).get("/workforce/progress").status_code == 200
    assert sign_in(operations).get("/workforce/progress/rules").status_code == 403


def test_a_move_that_came_too_late_is_refused(app, careers, nell, officer, sign_in, monkeypatch):
    put_on(nell)
    adopt(NEWER, HARDER)
    real = service.move_to_rules_in_force

    def after_a_colleague(person_ids, organisation_id, **more):
        real(person_ids, organisation_id, **more)
        return real(person_ids, organisation_id, **more)

    monkeypatch.setattr(service, "move_to_rules_in_force", after_a_colleague)
    answer = sign_in(officer).post("/workforce/progress/rules", data=HARD | {"people": nell.id})

    assert answer.status_code == 409
    assert "There is nobody left to move" in answer.text


@pytest.fixture
def fill(careers, organisation, manager):
    """Give Mary so many newly qualified people, each with things on her record."""

    def make(numbers):
        owner = {"organisation_id": organisation.id}
        people = [
            {
                **owner,
                "employee_number": f"Q{n}",
                "email": f"q{n}@demo.example",
                "name": f"Q {n}",
                "created_at": LONG_AGO,
            }
            for n in numbers
        ]
        ids = added(Person, people)
        post = {**owner, "manager_id": manager.id, "career_level": "new", "starts_on": day("2018-01-01")}
        added(Post, [{**post, "person_id": each, "recorded_at": LONG_AGO} for each in ids])
        fact = {**owner, "kind": "completed", "subject": "C1", "happened_on": day("2018-06-01"), "source_kind": "test"}
        added(RecordFact, [{**fact, "person_id": each, "recorded_at": LONG_AGO} for each in ids])
        db.session.commit()
        service.settle_enrolments(ids)

    return make


@pytest.mark.parametrize("path", ["/team/progress", "/workforce/progress"])
def test_more_people_take_no_more_queries(app, fill, manager, officer, sign_in, path):
    browser = sign_in(manager if path.startswith("/team") else officer)
    fill(range(FEW))
    browser.get(path)
    with queries() as for_few:
        browser.get(path)
    fill(range(FEW, MANY))
    with queries() as for_many:
        page = browser.get(path).text

    assert page.count("data-person") == MANY
    assert len(for_few) == len(for_many) <= 16, "\n".join(for_many)


def test_my_progress_takes_few_queries(app, careers, nell, sign_in):
    browser = sign_in(nell)
    browser.get("/my/progress")
    with queries() as asked:
        browser.get("/my/progress")

    assert len(asked) <= 15, "\n".join(asked)
