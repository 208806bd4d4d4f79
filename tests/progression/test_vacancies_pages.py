"""Vacancies: HR and the operations manager keep them, everybody of the council sees them; ceilings name nobody."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from cpd.people.models import Person
from cpd.progression.vacancies import service
from cpd.progression.vacancies.models import ProgressionCeiling, Vacancy
from cpd.progression.vacancies.rules import RoomReason, VacancyFault, VacancyStatus
from cpd.progression.vacancies.service import NoRoom, VacancyRefused
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from tests.cast import LONG_AGO
from tests.home.test_query_counts import asks_as_often
from tests.progression.careers import adopt as adopt_without_vacancies
from tests.progression.free_posts import FTE, adopt, higher, step, take, wanted
from tests.progression.test_ceilings_all_at_once import at_once

__all__ = ["asks_as_often"]

TYPED = {
    "title": "Experienced social worker",
    "service": "East team",
    "career_level": "wise",
    "fte": "0.6",
    "open_from": "2019-01-02",
    "open_until": "2019-01-31",
    "how_to_apply": "Ask to progress, and name this post.",
    "note": "Evenings now and then.",
}


@pytest.fixture
def capped(app_in_use, organisation):
    return adopt()


@pytest.fixture
def hr(app_in_use, make_person) -> Person:
    return make_person("Harriet Resources", Role.HR)


def rows():
    db.session.rollback()
    return db.session.scalars(select(Vacancy).order_by(Vacancy.id)).all()


def verbs(subject):
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.verb).where(AuditEvent.subject == subject)))


def test_hr_opens_a_vacancy_and_everybody_sees_it_with_what_it_asks(app, capped, hr, abel, nell, sign_in):
    answer = sign_in(hr).post("/progression/vacancies/new", data=TYPED)

    assert answer.status_code == 303
    (row,) = rows()
    assert (row.title, row.fte_thousandths, row.open_until, row.status) == (
        "Experienced social worker",
        600,
        date(2019, 1, 31),
        "open",
    )
    page = sign_in(abel).get("/progression/vacancies").text
    assert "On your way: your next step leads there" in page
    assert "Experienced social worker, grade L" in page
    assert "0.6" in page
    other = sign_in(nell).get("/progression/vacancies").text
    assert "No step leads from your career level into one of these posts." in other
    detail = sign_in(abel).get(f"/progression/vacancies/{row.id}").text
    assert f'href="/my/progress/ask/able-wise?vacancy={row.id}"' in detail
    assert "What it takes from Social worker" in detail
    assert "Operations manager makes the change" in detail
    assert "Apply for this post" not in sign_in(nell).get(f"/progression/vacancies/{row.id}").text


def test_whoever_does_not_progress_here_is_told_where_to_see_why(app, capped, hr, make_person, sign_in):
    service.open_vacancy(hr.organisation_id, wanted(), by=hr.id)
    agency = make_person("Agnes Agency", career_level="able", staff_type="agency")

    assert "Your post is not on a pathway here" in sign_in(agency).get("/progression/vacancies").text


def test_only_hr_and_the_operations_manager_keep_vacancies(app, capped, hr, operations, officer, alice, sign_in):
    for person in (officer, alice):
        assert sign_in(person).get("/progression/vacancies/new").status_code == 403
    for person in (hr, operations):
        assert sign_in(person).get("/progression/vacancies/new").status_code == 200
    with pytest.raises(VacancyRefused) as refused:
        service.open_vacancy(hr.organisation_id, wanted(), by=officer.id)
    assert refused.value.faults == [VacancyFault.NOT_HER_TASK]


def test_what_is_missing_or_wrong_is_said_beside_its_field(app, capped, hr, sign_in):
    answer = sign_in(hr).post("/progression/vacancies/new", data=TYPED | {"title": "", "fte": "half"})

    assert answer.status_code == 422
    assert "Enter what the post is called" in answer.text
    assert "Enter full-time equivalents above 0 and up to 1" in answer.text
    again = sign_in(hr).post("/progression/vacancies/new", data=TYPED | {"open_until": "2019-01-01", "fte": "1.5"})
    assert again.status_code == 422
    assert "Enter full-time equivalents above 0 and up to 1" in again.text
    assert "The last day must be the same as or after the first day" in again.text
    assert rows() == []


def test_a_scheme_without_such_a_step_takes_no_vacancies(app, careers, hr, sign_in):
    adopt_without_vacancies(("version: 2\n", "version: 3\n"))

    assert "has no step that leads into a free post" in sign_in(hr).get("/progression/vacancies/new").text


def test_a_vacancy_is_changed_and_what_it_said_before_stays_known(app, capped, hr, sign_in):
    vacancy_id = service.open_vacancy(hr.organisation_id, wanted(), by=hr.id)
    browser = sign_in(hr)
    assert 'value="Assessment Team 2"' in browser.get(f"/progression/vacancies/{vacancy_id}/change").text

    assert browser.post(f"/progression/vacancies/{vacancy_id}/change", data=TYPED).status_code == 303

    (row,) = rows()
    assert (row.service, row.fte_thousandths) == ("East team", 600)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "changed")).one()
    assert (event.before["service"], event.after["service"]) == ("Assessment Team 2", "East team")
    assert (event.before["fte"], event.after["fte"]) == ("1", "0.6")


def test_a_vacancy_is_closed_for_a_reason_and_then_stays_as_it_is(app, capped, hr, alice, sign_in):
    vacancy_id = service.open_vacancy(hr.organisation_id, wanted(), by=hr.id)
    browser = sign_in(hr)
    assert browser.post(f"/progression/vacancies/{vacancy_id}/close", data={}).status_code == 422

    assert browser.post(f"/progression/vacancies/{vacancy_id}/close", data={"reason": "No money"}).status_code == 303

    assert rows()[0].status == "closed"
    assert "No money" in sign_in(alice).get(f"/progression/vacancies/{vacancy_id}").text
    assert "Experienced social worker" not in sign_in(alice).get("/progression/vacancies").text
    late = browser.post(f"/progression/vacancies/{vacancy_id}/close", data={"reason": "Again"})
    assert late.status_code == 409
    assert "This vacancy was closed already. Open a new one if the post is free again." in late.text
    changed = browser.post(f"/progression/vacancies/{vacancy_id}/change", data=TYPED)
    assert changed.status_code == 409
    with pytest.raises(NoRoom) as refused:
        take(hr.organisation, alice, 1, code="able-wise", vacancy_id=vacancy_id)
    assert refused.value.reasons == [
        "This vacancy was closed. Choose another open vacancy, or ask HR why it was closed."
    ]


def test_whoever_is_enacted_fills_the_vacancy_and_a_reversal_frees_it(both, capped, organisation, hr, abel, sign_in):
    vacancy_id = service.open_vacancy(organisation.id, wanted(fte=FTE("0.6")), by=hr.id)

    take(organisation, abel, 1, code="able-wise", vacancy_id=vacancy_id)

    assert rows()[0].status == "filled"
    assert service.open_vacancies(organisation.id, "wise") == []
    assert "by Abel Able" in sign_in(hr).get("/progression/vacancies").text
    assert "Abel Able" not in sign_in(abel).get("/progression/vacancies").text.split("<main")[1]
    assert service.give_room_back(abel.id)
    assert [each.id for each in service.open_vacancies(organisation.id, "wise")] == [vacancy_id]
    assert verbs("vacancy") == ["opened", "filled", "free_again"]
    assert verbs("progression_ceiling") == ["room_taken", "room_given_back"]


def test_a_step_by_way_of_a_vacancy_needs_one_of_its_level(app, capped, organisation, hr, abel):
    with pytest.raises(NoRoom) as refused:
        take(organisation, abel, 1, code="able-wise")
    assert [each.reason for each in refused.value.objections] == [RoomReason.NO_VACANCY]
    with pytest.raises(LookupError):
        take(organisation, abel, 1, code="able-wise", vacancy_id=12345)


def test_people_apply_within_the_days_of_a_vacancy(app, capped, organisation, hr, abel, clock_at):
    vacancy_id = service.open_vacancy(
        organisation.id, wanted(open_from=date(2019, 1, 7), open_until=date(2019, 1, 31)), by=hr.id
    )
    way = step(organisation, "able-wise")
    for day, open_then in (((2019, 1, 6), False), ((2019, 1, 7), True), ((2019, 1, 31), True), ((2019, 2, 1), False)):
        clock_at(*day, 12)
        assert [each.id for each in service.open_vacancies(organisation.id, "wise")] == [vacancy_id] * open_then
        if open_then:
            service.check_open(vacancy_id, organisation.id, way)
        else:
            with pytest.raises(NoRoom):
                service.check_open(vacancy_id, organisation.id, way)
    take(organisation, abel, 1, code="able-wise", vacancy_id=vacancy_id)  # she applied in time
    assert rows()[0].status == VacancyStatus.FILLED


def test_what_is_not_open_yet_only_those_see_who_keep_it(app, capped, organisation, hr, alice, sign_in):
    vacancy_id = service.open_vacancy(organisation.id, wanted(open_from=date(2019, 3, 1), open_until=None), by=hr.id)

    assert sign_in(alice).get(f"/progression/vacancies/{vacancy_id}").status_code == 404
    assert "Not open yet" in sign_in(hr).get(f"/progression/vacancies/{vacancy_id}").text


def test_nobody_of_another_council_sees_or_keeps_it(app, capped, organisation, hr, stranger, make_person, sign_in):
    vacancy_id = service.open_vacancy(organisation.id, wanted(), by=hr.id)
    elsewhere = make_person("Hugo Resources", Role.HR, employer=stranger.organisation)

    assert sign_in(stranger).get(f"/progression/vacancies/{vacancy_id}").status_code == 404
    assert "Experienced" not in sign_in(elsewhere).get("/progression/vacancies").text
    assert sign_in(elsewhere).post(f"/progression/vacancies/{vacancy_id}/change", data=TYPED).status_code == 404
    assert (
        sign_in(elsewhere).post(f"/progression/vacancies/{vacancy_id}/close", data={"reason": "x"}).status_code == 404
    )


def test_everybody_sees_how_much_room_there_is_and_no_names(app, capped, organisation, alice, bob, nell, sign_in):
    take(organisation, alice, "0.9")
    page = sign_in(nell).get("/progression/ceilings").text

    assert "0.9 of 2 FTE taken; 1.1 left" in page
    assert "Alice" not in page
    take(organisation, bob, "0.9")
    adopt(*higher(1))
    assert "Nobody loses a level by that" in sign_in(nell).get("/progression/ceilings").text


def test_a_scheme_without_ceilings_says_so(app, careers, nell, sign_in):
    assert "No step has a ceiling" in sign_in(nell).get("/progression/ceilings").text


@pytest.fixture
def many_vacancies(capped, organisation):
    def make(numbers):
        usual = {
            "organisation_id": organisation.id,
            "service": "East team",
            "career_level": "wise",
            "fte_thousandths": 1000,
            "open_from": date(2019, 1, 1),
            "open_until": date(2019, 1, 31),
            "how_to_apply": "Ask",
            "note": "",
            "opened_at": LONG_AGO,
            "closed_reason": "",
        }
        both = [{**usual, "title": f"Post {number}", "status": "open"} for number in numbers]
        closed = {"status": "closed", "closed_reason": "No money", "closed_at": LONG_AGO}
        both += [
            {**usual, "title": f"Closed {number}", "open_until": date(2019, 1, 31) - timedelta(1), **closed}
            for number in numbers
        ]
        for row in both:
            db.session.execute(insert(Vacancy).values(**row))
        db.session.commit()

    return make


def test_more_vacancies_take_no_more_queries(app, many_vacancies, hr, abel, asks_as_often):
    asks_as_often(hr, "/progression/vacancies", many_vacancies)


def test_more_vacancies_take_no_more_queries_for_a_worker(app, many_vacancies, abel, asks_as_often):
    asks_as_often(abel, "/progression/vacancies", many_vacancies)


def test_more_ceilings_take_no_more_queries(app, capped, organisation, alice, asks_as_often):
    def make(numbers):
        for number in numbers:
            values = {"transition_code": f"old-{number}", "title": f"An older step {number}", "taken_thousandths": 600}
            db.session.execute(insert(ProgressionCeiling).values(organisation_id=organisation.id, **values))
        db.session.commit()

    asks_as_often(alice, "/progression/ceilings", make)


def test_a_form_that_is_sent_twice_opens_one_vacancy_and_another_post_from_it_a_second(app, capped, hr, sign_in):
    browser = sign_in(hr)
    key = re.search(r'name="form_key"[^>]* value="([0-9a-f]{32})"', browser.get("/progression/vacancies/new").text)
    typed = TYPED | {"form_key": key[1]}

    first, again = (browser.post("/progression/vacancies/new", data=typed) for _ in range(2))
    assert (first.status_code, again.location) == (303, first.location)
    assert len(rows()) == 1

    assert browser.post("/progression/vacancies/new", data=typed | {"title": "Senior practitioner"}).status_code == 303
    assert [row.title for row in rows()] == ["Experienced social worker", "Senior practitioner"]


def test_of_two_presses_at_once_one_opens_the_vacancy(both, capped, hr):
    ours, by = hr.organisation_id, hr.id

    def press():
        return service.open_vacancy(ours, wanted(), by=by, form_key="a form")

    came_to = at_once(both, press, press)

    assert len(set(came_to)) == 1
    assert len(rows()) == 1
