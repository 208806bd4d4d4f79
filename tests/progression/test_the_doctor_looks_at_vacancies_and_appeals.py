"""The doctor finds nothing wrong with vacancies, ceilings, appeals and HR's files, and whatever is broken by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, insert, update

from cpd.commands.checks import appeals as appeal_checks
from cpd.commands.checks import vacancies as vacancy_checks
from cpd.people.models import Organisation
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.exports import service as exports
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.panels import service as panels
from cpd.progression.panels.models import PanelInterest
from cpd.progression.requests.models import Enactment
from cpd.progression.vacancies import service as vacancies
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken, Vacancy
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from tests.cast import LONG_AGO, saved
from tests.progression import requesting
from tests.progression.appealing import adopt, appeal, assign, decide
from tests.progression.careers import observed
from tests.progression.free_posts import wanted
from tests.progression.judging import meet, said, sit
from tests.progression.requesting import ask, enact


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def headed(careers, make_person, operations, organisation):
    """Wendy became team head by way of a vacancy."""
    vacancy_id = vacancies.open_vacancy(organisation.id, wanted(career_level="head"), by=operations.id)
    wendy = make_person("Wendy Wise", career_level="wise")
    number = ask(wendy, "wise-head", vacancy_id=vacancy_id)
    enact(number, operations)
    return number


@pytest.fixture
def reheard(careers, abel, officer, director, make_person, clock_at):
    """Abel's case was failed, appealed against, heard again by somebody else, and he became experienced."""
    one, two = (make_person(f"Judge {name}", Role.SERVICE_MANAGER) for name in ("One", "Two"))
    sit("managers", one, two, role="service_manager")
    observed(abel)
    number = ask(abel, "able-wise")
    judged(number, "not_recommended", one, officer, clock_at(2019, 1, 3, 10))
    principal = make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)
    appeal_id = appeal(number, abel)
    assign(appeal_id, principal, officer)
    new = decide(appeal_id, principal)
    case_id = judged(new, "recommended", two, officer, clock_at(2019, 1, 20, 10))
    return case_id, one.id, appeal_id


def judged(number, outcome, judge, officer, at):
    (step,) = [each for each in requesting.facts(number).steps if each.panel_code == "managers"]
    panels.give_meeting(step.case_id, meet("managers", judge, by=officer, at=at), by=officer.id)
    panels.decide(step.case_id, said(outcome, judge), by=officer.id)
    return step.case_id


def found():
    """Everything that the checks of this part find."""
    db.session.rollback()
    checks = (*vacancy_checks.CHECKS, *appeal_checks.CHECKS)
    return [fault for check in checks for fault in check.faults()]


def broken(statement):
    db.session.execute(statement)
    db.session.commit()
    return found()


def test_nothing_is_wrong_with_what_the_services_write(app, headed, reheard, organisation, make_person):
    exports.take_file(organisation.id, last_id=LARGEST_ID, by=make_person("Harriet", Role.HR).id)

    assert found() == []
    assert [check.count() > 0 for check in (*vacancy_checks.CHECKS, *appeal_checks.CHECKS)] == [True] * 7


def test_room_that_is_miscounted_is_found(app, headed):
    (fault,) = broken(update(ProgressionCeiling).values(taken_thousandths=400))

    assert fault.endswith("400 thousandths of an FTE are taken, and requests hold 1000")


def test_room_without_its_change_and_a_change_without_its_room_are_found(app, headed):
    faults = broken(update(RoomTaken).values(request_id=999))

    assert any("is held for request 999, which changed nothing" in each for each in faults)
    assert any("takes no room" in each for each in faults)


def test_room_of_another_size_than_the_change_is_found(app, headed):
    db.session.execute(update(ProgressionCeiling).values(taken_thousandths=600))

    (fault,) = broken(update(RoomTaken).values(fte_thousandths=600))
    assert "is held for 600 thousandths, and the change was of 1.000 FTE" in fault


def test_a_vacancy_that_somebody_has_and_is_open_is_found(app, headed):
    (fault,) = broken(update(Vacancy).values(status="open"))

    assert fault.endswith("is open, and somebody has it")


def test_a_vacancy_that_nobody_has_and_is_filled_is_found(app, careers, operations, organisation):
    vacancies.open_vacancy(organisation.id, wanted(career_level="head"), by=operations.id)

    (fault,) = broken(update(Vacancy).values(status="filled"))
    assert fault.endswith("is filled, and nobody has it")


def test_a_letter_of_an_appeal_that_was_altered_is_found(app, reheard):
    (fault,) = broken(update(ProgressionAppeal).values(letter={"heading": "Your appeal is dismissed"}))
    assert fault == f"the letter of appeal {reheard[2]} is not what it was: its fingerprint does not fit"


def test_an_appeal_in_time_until_another_day_is_found(app, reheard):
    (fault,) = broken(update(ProgressionAppeal).values(in_time_until=date(2030, 1, 1)))

    assert "was in time until another day than its letter names" in fault


def test_an_appeal_decided_by_somebody_with_a_part_is_found(app, reheard):
    _, judge, _ = reheard

    faults = broken(update(ProgressionAppeal).values(decider_id=judge))
    assert any("had a part in the decision" in each for each in faults)


def test_a_case_judged_again_by_the_same_person_is_found(app, reheard):
    from cpd.progression.panels.models import PanelDecision, PanelJudge

    case_id, judge, _ = reheard
    db.session.execute(delete(PanelInterest))
    (decision_id,) = db.session.scalars(db.select(PanelDecision.id).where(PanelDecision.case_id == case_id)).all()

    faults = broken(insert(PanelJudge).values(decision_id=decision_id, person_id=judge, role="service_manager"))
    assert any(each.endswith("before and after an appeal") for each in faults)


def test_a_change_in_another_councils_file_and_an_empty_file_are_found(app, headed, make_person, organisation):
    hr = make_person("Harriet", Role.HR)
    number = exports.take_file(organisation.id, last_id=LARGEST_ID, by=hr.id)
    other = saved(Organisation(code="other", name="Other Council", created_at=LONG_AGO))
    about = {"organisation_id": other.id, "number": 1, "taken_at": LONG_AGO, "taken_by_id": hr.id}
    theirs = saved(ChangeExport(**about))

    faults = broken(update(ExportedChange).values(export_id=theirs.id))
    assert f"file {number} holds no change" in faults
    assert any(f"stands in file {theirs.id} of organisation {other.id}" in each for each in faults)
    assert db.session.query(Enactment).count() == 1
