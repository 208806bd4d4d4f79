"""A new version of the scheme: who gains and who loses is shown, and people stay where they are until moved."""

from __future__ import annotations

import pytest

from cpd.shared.roles import Role
from cpd.study.awards import reading, service
from cpd.study.awards.rules import Status
from cpd.study.awards.service import AwardRefused
from cpd.study.awards.words import verdict_of
from tests.study.awarding import CERTIFICATE, adopt, award, council, day, enrolment, outcomes, told

NEWER = ("version: 4\n", "version: 5\n")
ANOTHER_INSTEAD = (
    ("  - code: pg-certificate\n", "  - code: another\n"),
    ("outcome: {panel: pg-certificate,", "outcome: {panel: another,"),
)
ONLY_RESEARCH = (
    "      - credits: {credits: 20, academic_level: 7, sources: [WA-PE-2, WA-RESEARCH]}\n",
    "      - credits: {credits: 20, academic_level: 7, sources: [WA-RESEARCH]}\n",
)
"""Only the Research Module completes the certificate: the first such line is the usual composition's."""

ANY_THREE = (
    "      - credits: {credits: 20, academic_level: 7, sources: [asye-apel], at_most: 20}\n",
    "      - credits: {credits: 20, academic_level: 7, sources: [asye-apel, WA-RESEARCH]}\n",
)
"""The Research Module may stand in for the portfolio."""


@pytest.fixture
def officer(county, make_person):
    return make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)


@pytest.fixture
def worker(county, make_person, officer):
    """Make somebody who is enrolled and has the credits of some modules."""

    def make(name, *sources):
        person = make_person(name, employer=county, career_level="nqsw")
        service.enrol(person.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=officer.id)
        for source in sources:
            award(officer, person, source)
        return person

    return make


def verdicts():
    """What other rules would do for each, by name."""
    rows = reading.under_other_rules(council().id)
    return {now.enrolment.person: verdict_of(now, then)[0] for now, then in rows}


def test_nobody_is_under_older_rules_while_there_is_one_version(app, worker):
    worker("Ann")

    assert verdicts() == {}
    assert reading.count_under_other_rules(council().id) == 0


def test_who_gains_and_who_loses_is_shown_before_anybody_is_moved(app, worker, make_person):
    worker("Ann Neither", "asye-apel", "WA-PE-1")
    worker("Ben Loses", "asye-apel", "WA-PE-2")
    worker("Cyd Gains", "WA-PE-1", "WA-RESEARCH", "WA-PE-2")
    worker("Dot Holds", "asye-apel", "WA-PE-1", "WA-PE-2")

    adopt("warwickshire", NEWER, ONLY_RESEARCH)
    assert verdicts() == {"Ann Neither": "No change", "Ben Loses": "Loses", "Cyd Gains": "No change"}
    assert reading.count_under_other_rules(council().id) == 3

    adopt("warwickshire", ("version: 4\n", "version: 6\n"), ANY_THREE)
    assert verdicts() == {"Ann Neither": "No change", "Ben Loses": "No change", "Cyd Gains": "Gains"}


def test_a_new_version_changes_nothing_for_those_enrolled(app, worker, officer):
    person = worker("Ben", "asye-apel", "WA-PE-1")
    adopt("warwickshire", NEWER, ONLY_RESEARCH)

    award(officer, person, "WA-PE-2", "2018-12-20")

    assert outcomes(person) == [(CERTIFICATE, "awarded", day("2018-12-20"))]


def test_whoever_enrols_after_a_new_version_has_its_rules(app, worker, officer):
    adopt("warwickshire", NEWER, ONLY_RESEARCH)
    person = worker("Eve", "asye-apel", "WA-PE-1", "WA-PE-2")

    assert outcomes(person) == []
    assert verdicts() == {}


def test_people_are_moved_for_a_reason_and_hold_the_award_where_the_new_rules_say_so(app, worker, officer):
    person = worker("Cyd", "WA-PE-1", "WA-RESEARCH", "WA-PE-2")
    stays = worker("Ann")
    adopt("warwickshire", NEWER, ANY_THREE)

    moved = service.move_to_rules_in_force(
        [enrolment(person).id], council().id, reason="She asked for it", by=officer.id
    )

    assert moved == 1
    assert outcomes(person) == [(CERTIFICATE, "awarded", day("2018-12-01"))]
    assert told(person)[-2:] == ["award_rules_changed", "award_completed"]
    assert list(verdicts()) == [stays.name]


def test_whoever_holds_the_award_keeps_it_and_is_not_moved(app, worker, officer):
    person = worker("Dot", "asye-apel", "WA-PE-1", "WA-PE-2")
    adopt("warwickshire", NEWER, ONLY_RESEARCH)

    with pytest.raises(AwardRefused, match="same_rules"):
        service.move_to_rules_in_force([enrolment(person).id], council().id, reason="All of them", by=officer.id)
    assert enrolment(person).status is Status.COMPLETED


@pytest.mark.parametrize(
    ("changes", "reason", "fault"),
    [
        ([NEWER, ONLY_RESEARCH], " ", "no_reason"),
        ([], "Because", "same_rules"),
        ([NEWER, *ANOTHER_INSTEAD], "Because", "no_such_award"),
    ],
    ids=["no reason", "the same rules", "the award is gone"],
)
def test_a_move_is_refused(app, worker, officer, changes, reason, fault):
    person = worker("Ann")
    if changes:
        adopt("warwickshire", *changes)

    with pytest.raises(AwardRefused, match=fault):
        service.move_to_rules_in_force([enrolment(person).id], council().id, reason=reason, by=officer.id)
    assert told(person) == ["award_enrolled"]


def test_an_award_that_the_scheme_drops_goes_on_for_those_enrolled(app, worker, officer):
    person = worker("Ann", "asye-apel", "WA-PE-1")
    adopt("warwickshire", NEWER, *ANOTHER_INSTEAD)

    assert verdicts() == {"Ann": "The award is no longer in the scheme"}
    award(officer, person, "WA-PE-2")
    assert outcomes(person) == [(CERTIFICATE, "awarded", day("2018-12-01"))]


def test_people_of_another_council_are_not_moved(app, worker, officer):
    person = worker("Ann")
    adopt("warwickshire", NEWER, ONLY_RESEARCH)
    adopt("slough")

    with pytest.raises(AwardRefused, match="same_rules"):
        service.move_to_rules_in_force([enrolment(person).id], council("slough").id, reason="Ours", by=officer.id)
