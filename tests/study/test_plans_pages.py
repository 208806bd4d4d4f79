"""The pages of development plans: mine, that of somebody I manage, and my team's (W-14, S-4)."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.study.plans import reading, service
from cpd.study.plans.rules import Aim, Fault
from cpd.study.plans.words import FAULTS
from tests.home.test_query_counts import queries
from tests.study.test_days_pages import words_of
from tests.study.test_plans import COURT, SAFETY

AIM = {
    "aim": "Write safety plans with families",
    "target_on": ["30", "9", "2019"],
    "module_code": "WA-NVR",
    "award_code": "",
    "pcf_domains": ["6", "7"],
}
REVIEW = {"held_on": ["2", "1", "2019"], "notes": "On we go"}


@pytest.fixture
def agreed(ward, county_manager) -> None:
    service.set_aim(ward.id, SAFETY)
    service.agree(ward.id, 1, by=ward.id)
    service.agree(ward.id, 1, by=county_manager.id)


def test_a_plan_is_written_and_agreed_by_both_through_the_pages(app, ward, county_manager, sign_in):
    hers, his = sign_in(ward), sign_in(county_manager)
    assert "No plan yet" in words_of(hers.get("/my/plan"))
    assert hers.post("/my/plan/aims/new", data=AIM).status_code == 303
    assert hers.post("/my/plan/write", data={"needs": "I hurry", "support": "Time"}).status_code == 303
    words = words_of(hers.get("/my/plan"))
    assert "Not agreed yet, review by 2 January 2020 Still to agree: you and your line manager." in words
    assert "PCF 6: Critical reflection and analysis" in words

    assert hers.post("/my/plan/agree", data={"version": 2}).status_code == 303
    page = f"/people/{ward.id}/plan"
    assert "Still to agree: you." in words_of(his.get(page))
    assert his.post(f"{page}/agree", data={"version": 2}).status_code == 303

    words = words_of(hers.get("/my/plan"))
    assert "Agreed, review by 2 January 2020" in words
    assert "Agreed by Ward Worker on 2 January 2019, Minnie Manager on 2 January 2019." in words
    assert "I agree to this plan" not in words


def test_an_aim_shows_what_it_is_linked_to_and_that_it_is_done(app, ward, agreed, sign_in):
    add_fact(
        FactSaid(
            person_id=ward.id,
            kind=FactKind.COMPLETED,
            subject="WA-NVR",
            happened_on=date(2018, 12, 3),
            source_kind="import",
        ),
        by=None,
    )
    browser = sign_in(ward)
    assert browser.post("/my/plan/aims/1/progress", data={"progress": "begun", "note": "One"}).status_code == 303

    words = words_of(browser.get("/my/plan"))
    assert "Non-Violent Resistance : done on 3 December 2018" in words
    assert "Begun By 30 September 2019 One" in words
    assert "Still to agree" not in words


def test_a_review_is_written_down_and_moves_the_next_one_on(app, ward, county_manager, agreed, sign_in, clock_at):
    clock_at(2020, 1, 3, 9)
    his = sign_in(county_manager)
    assert "Review overdue since 2 January 2020" in words_of(his.get("/team/plans"))
    page = f"/people/{ward.id}/plan/review"
    assert his.post(page, data=REVIEW | {"held_on": ["3", "1", "2020"]}).status_code == 303

    assert "Agreed, review by 3 January 2021 3 January 2020" in words_of(his.get("/team/plans"))
    words = words_of(sign_in(ward).get("/my/plan"))
    assert "On we go Written down by Minnie Manager, on version 1." in words


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("/my/plan/aims/new", AIM | {"aim": ""}, "Enter the aim"),
        ("/my/plan/aims/new", AIM | {"module_code": "M9"}, "Choose from the list"),
        ("/my/plan/aims/new", AIM | {"pcf_domains": ["10"]}, "Choose from the list"),
        ("/my/plan/aims/1", AIM | {"target_on": ""}, "Enter the date by which you want to reach it"),
        ("/my/plan/aims/1/progress", {"progress": "soon"}, "Choose how it stands"),
        ("/my/plan/review", REVIEW | {"held_on": ["3", "1", "2019"]}, FAULTS[Fault.REVIEW_AHEAD]),
        ("/my/plan/review", REVIEW | {"held_on": ["1", "1", "2019"]}, FAULTS[Fault.REVIEW_TOO_EARLY]),
        ("/my/plan/review", REVIEW | {"notes": ""}, "Write what you agreed on"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(app, ward, agreed, sign_in, path, data, said):
    answer = sign_in(ward).post(path, data=data)

    assert (answer.status_code, answer.text.count(said)) == (422, 2)


def test_agreeing_to_what_has_changed_is_refused_with_the_next_step(app, ward, county_manager, agreed, sign_in):
    service.set_aim(ward.id, COURT)
    answer = sign_in(county_manager).post(f"/people/{ward.id}/plan/agree", data={"version": 1})

    assert answer.status_code == 409
    assert FAULTS[Fault.CHANGED] in words_of(answer)
    assert sign_in(ward).post("/my/plan/agree", data={"version": "²"}).status_code == 422


def test_a_review_of_what_was_never_agreed_is_refused(app, ward, sign_in):
    service.set_aim(ward.id, COURT)
    answer = sign_in(ward).post("/my/plan/review", data=REVIEW)

    assert answer.status_code == 409
    assert FAULTS[Fault.NOT_AGREED] in words_of(answer)


def test_an_aim_is_taken_out(app, ward, agreed, sign_in):
    assert sign_in(ward).post("/my/plan/aims/1/remove").status_code == 303
    assert reading.plans_of([ward.id])[ward.id].aims == ()


def test_only_the_two_of_them_read_a_plan(app, ward, wanda, county_officer, stranger, agreed, sign_in):
    for somebody in (wanda, county_officer, stranger):
        browser = sign_in(somebody)
        assert browser.get(f"/people/{ward.id}/plan").status_code == 404
        assert browser.post(f"/people/{ward.id}/plan/agree", data={"version": 1}).status_code == 404
        assert browser.post(f"/people/{ward.id}/plan/review", data=REVIEW).status_code == 404
        assert "Ward Worker" not in browser.get("/team/plans").text
    assert sign_in(ward).get(f"/people/{ward.id}/plan").headers["Location"] == "/my/plan"


def test_the_pages_ask_as_often_for_many_people_and_aims_as_for_one(
    app, ward, county, county_manager, agreed, make_person, sign_in
):
    hers = ward.id

    def fill(numbers):
        for number in numbers:
            person = make_person(f"Worker {number}", employer=county, manager=county_manager)
            service.set_aim(person.id, COURT)
            service.set_aim(hers, Aim(0, f"Aim {number}", date(2019, 6, 30)))

    pages = [(sign_in(ward), "/my/plan"), (sign_in(county_manager), "/team/plans")]
    fill(range(2))
    for browser, path in pages:
        assert browser.get(path).status_code == 200
    few = [_asked(*page) for page in pages]
    fill(range(2, 20))
    many = [_asked(*page) for page in pages]

    assert many == few
    assert max(many) <= 14


def _asked(browser, path) -> int:
    with queries() as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
