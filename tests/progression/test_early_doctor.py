"""The doctor finds every programme that does not fit, each broken behind the rules' back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cpd.commands.checks.early_career import CHECKS
from cpd.diary.models import DiaryEntry
from cpd.progression.early.models import EarlyCareerEnrolment, EnrolmentTerms, PausePeriod, SupportRelationship
from cpd.shared.database import db
from tests.cast import LONG_AGO, saved
from tests.progression.early_fixtures import assessor, first_years, nell, year
from tests.progression.early_years import day, paused

__all__ = ["assessor", "first_years", "nell", "year"]


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def alter(table, **values):
    db.session.execute(update(table).values(**values))
    db.session.commit()


def test_nothing_is_wrong_with_a_year_as_it_was_made(app, year, officer):
    paused(year, "2018-12-10", "2018-12-20", by=officer)

    assert faults() == []
    assert [check.count() for check in CHECKS] == [1, 1, 1, 12, 1]


def test_a_pause_that_is_planned_leaves_no_day_that_will_move(app, year, officer, clock_at):
    paused(year, "2019-02-01", by=officer)
    assert faults() == []
    clock_at(2019, 2, 3, 9)
    assert faults() == []


def test_a_day_that_only_went_by_is_no_fault(app, year, clock_at):
    clock_at(2019, 7, 3, 9)  # the optional review was left out
    assert faults() == []


def test_rules_of_another_council_are_found(app, year, make_organisation):
    other = make_organisation("slough", "Slough Borough Council")
    alter(EarlyCareerEnrolment, organisation_id=other.id)

    assert "early-career enrolment 1 is by the rules of another council" in faults()


def test_a_programme_that_the_rules_do_not_have_is_found(app, year):
    alter(EarlyCareerEnrolment, programme_code="nowhere")

    assert faults()[0] == "early-career enrolment 1 is on a programme that its version of the scheme does not have"


def test_what_is_neither_live_nor_ended_is_found(app, year):
    alter(EarlyCareerEnrolment, is_live=False)

    assert "early-career enrolment 1 is not live and never ended" in faults()


def test_an_enrolment_without_a_start_is_found(app, year):
    alter(EnrolmentTerms, superseded_at=LONG_AGO)

    assert "early-career enrolment 1 has no start" in faults()


@pytest.mark.parametrize(
    ("first", "fault"),
    [
        ("2018-12-15", "pause 2 of early-career enrolment 1 overlaps another"),
        ("2018-09-01", "pause 2 begins before early-career enrolment 1 does"),
    ],
)
def test_pauses_that_do_not_fit_are_found(app, year, officer, first, fault):
    paused(year, "2018-12-10", "2018-12-20", by=officer)
    row = PausePeriod(enrolment_id=year.id, first_day=day(first), back_on=day("2018-12-30"), pause_kind="other")
    row.recorded_at = LONG_AGO
    saved(row)

    assert fault in faults()


def test_a_diary_that_does_not_say_what_is_due_is_found(app, year, nell):
    alter(DiaryEntry, cancelled_at=LONG_AGO)

    assert f"early-career enrolment 1: 2019-04-01 is not in the diary of person {nell.id}" in faults()


def test_a_diary_that_says_what_is_not_due_is_found(app, year, nell, assessor, officer):
    alter(EnrolmentTerms, starts_on=day("2018-10-02"))

    assert f"early-career enrolment 1: 2019-04-01 in the diary of person {assessor.id} is nothing due" in faults()


def test_two_assessors_on_one_day_and_one_from_elsewhere_are_found(
    app, year, nell, make_person, make_organisation, officer
):
    elsewhere = make_organisation("slough", "Slough Borough Council")
    stranger = make_person("Olga Elsewhere", employer=elsewhere)
    alter(SupportRelationship, last_day=day("2018-12-31"))
    row = SupportRelationship(
        organisation_id=nell.organisation_id,
        person_id=nell.id,
        supporter_id=stranger.id,
        relationship_kind="assessor",
        first_day=day("2018-12-31"),
        recorded_at=LONG_AGO,
    )
    saved(row)

    assert "support 2 is by somebody of another council" in faults()
    assert f"support 2 makes a second assessor of person {nell.id} on one day" in faults()
