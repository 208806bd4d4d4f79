"""A request goes through real panels: their cases, their decisions, decisions put right, and cases withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from cpd.progression.appeals.part import took_part
from cpd.progression.panels import reading as panels_reading
from cpd.progression.panels import service as panels
from cpd.progression.panels.models import PanelCase
from cpd.progression.requests import course, service
from cpd.progression.requests.models import Enactment
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import observed
from tests.progression.judging import kinds_told, meet, said, sit, status_of
from tests.progression.requesting import adopt, approve, ask, enact, facts, posts, request_ids, statuses


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def recorder(app_in_use, make_person):
    """The participation worker, who writes down what the young people's panel recommends."""
    return make_person("Pat Participation", Role.PANEL_MEMBER)


@pytest.fixture
def sage(app_in_use, make_person):
    person = make_person("Sage Service", Role.SERVICE_MANAGER)
    sit("managers", person, role="service_manager")
    return person


@pytest.fixture
def asked(careers, abel):
    observed(abel)
    return ask(abel, "able-wise")


def case_of(request_id, panel_code):
    db.session.rollback()
    return next(each for each in panels_reading.cases_of_request(request_id) if each.panel_code == panel_code)


def judged(request_id, panel_code, outcome, judges, by, officer, clock_at, **more):
    """The panel meets on the case tomorrow and comes to something."""
    starts_at = clock.now() + timedelta(days=1)
    meeting_id = meet(panel_code, *judges, by=officer, at=starts_at)
    case_id = case_of(request_id, panel_code).id
    panels.give_meeting(case_id, meeting_id, by=officer.id)
    clock_at(starts_at.year, starts_at.month, starts_at.day, 23)
    who = () if "names_nobody" in more else judges
    panels.decide(case_id, said(outcome, *who, **more), by=by.id)
    return case_id


def by_young(request_id, outcome, recorder, officer, clock_at, **more):
    return judged(request_id, "young", outcome, [recorder], recorder, officer, clock_at, names_nobody=True, **more)


def test_from_asking_to_the_change_through_both_panels(
    both, asked, abel, recorder, sage, officer, director, operations, clock_at
):
    by_young(asked, "recommended", recorder, officer, clock_at)
    assert statuses(asked)[1] == ["done", "open", "ahead", "ahead"]
    assert facts(asked).steps[0].outcome == "recommended"

    judged(asked, "managers", "recommended", [sage], officer, officer, clock_at)
    approve(asked, director)
    enact(asked, operations)

    assert statuses(asked) == ("enacted", ["done"] * 4)
    assert posts(abel)[-1][:2] == ("wise", "L")


def test_a_decision_put_right_takes_the_request_back(
    app, asked, recorder, sage, officer, director, operations, clock_at
):
    case_id = by_young(asked, "recommended", recorder, officer, clock_at)
    judged(asked, "managers", "recommended", [sage], officer, officer, clock_at)
    approve(asked, director)

    wrong = said("not_recommended", because="The form was of somebody else", names_nobody=True)
    panels.decide_anew(case_id, wrong, by=recorder.id)

    assert statuses(asked) == ("refused", ["against", "ahead", "ahead", "ahead"])
    assert facts(asked).letter.result == "refused"


def test_withdrawing_closes_the_case_and_a_withdrawn_case_ends_the_request(app, asked, abel, officer):
    case_id = facts(asked).steps[0].case_id
    service.withdraw(asked, by=abel.id)
    assert case_of(asked, "young").status == "withdrawn"
    assert statuses(asked)[0] == "withdrawn"

    again = ask(abel, "able-wise")
    other = facts(again).steps[0].case_id
    assert other != case_id
    panels.withdraw_case(other, reason="She is ill", by=officer.id)
    assert statuses(again)[0] == "withdrawn"
    assert facts(again).reasons == "She is ill"
    assert request_ids(abel) == [asked, again]


def test_when_something_fails_half_way_nothing_has_happened(
    both, asked, abel, recorder, sage, officer, director, operations, clock_at, monkeypatch
):
    by_young(asked, "recommended", recorder, officer, clock_at)
    judged(asked, "managers", "recommended", [sage], officer, officer, clock_at)
    approve(asked, director)
    before = posts(abel)

    def fail(_request_id):
        raise RuntimeError("The machine stops")

    monkeypatch.setattr(course, "write_letter", fail)
    with pytest.raises(RuntimeError):
        enact(asked, operations)
    db.session.rollback()

    assert posts(abel) == before
    assert statuses(asked) == ("open", ["done", "done", "done", "open"])
    assert db.session.query(Enactment).count() == 0


def test_a_later_panel_that_has_not_decided_has_nothing_to_judge_once_an_earlier_one_is_against_her(
    both, asked, abel, recorder, sage, officer, clock_at
):
    young = by_young(asked, "recommended", recorder, officer, clock_at)
    managers = facts(asked).steps[1].case_id
    panels.give_meeting(managers, meet("managers", sage, by=officer), by=officer.id)
    wrong = said("not_recommended", because="The form was of somebody else", names_nobody=True)
    panels.decide_anew(young, wrong, by=recorder.id)

    assert statuses(asked) == ("refused", ["against", "ahead", "ahead", "ahead"])
    assert status_of(managers) == "withdrawn"
    assert "panel_case_withdrawn" not in kinds_told(abel)  # the letter tells her

    right = said("recommended", because="It was hers after all", names_nobody=True)
    panels.decide_anew(young, right, by=recorder.id)
    assert statuses(asked) == ("open", ["done", "open", "ahead", "ahead"])
    assert facts(asked).steps[1].case_id != managers


def test_whoever_judged_at_a_step_had_a_part_whatever_request_the_case_was_first_for(
    app, asked, recorder, sage, officer, clock_at
):
    by_young(asked, "recommended", recorder, officer, clock_at)
    number = judged(asked, "managers", "not_recommended", [sage], officer, officer, clock_at)
    db.session.execute(update(PanelCase).where(PanelCase.id == number).values(request_id=None))
    db.session.commit()

    assert sage.id in took_part(asked)
