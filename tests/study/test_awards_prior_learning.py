"""Prior learning on the way to an award: too old without proof, current with it, and not to be earned again (B6)."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.shared.roles import Role
from cpd.study.awards import reading, service
from cpd.study.awards.prior_learning import source_of
from cpd.study.awards.rules import LeftOut
from cpd.study.credits.rules import EarnedBy
from tests.study.awarding import CERTIFICATE, adopt, award, council, day, expect, outcomes, place
from tests.study.test_awards_enrolment import enrol

TODAY = date(2019, 1, 2)
CURRENT_FOR_5_YEARS = ("    prior_learning_at_most: 20\n", "    prior_learning_at_most: 20\n    currency_years: 5\n")


def test_proof_lets_old_learning_count(app, make_person):
    """B6: a council may ask for proof that prior learning is current; then it counts however old it is."""
    adopt("warwickshire", CURRENT_FOR_5_YEARS)
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    person = make_person("Ada Above", employer=council(), career_level="3b")
    enrol(person, officer)
    for source in ("WA-PE-1", "WA-PE-2"):
        award(officer, person, source)
    award(officer, person, "apcl", learning_ended_on=day("2010-07-01"))
    assert (place(person).counted.done, outcomes(person)) == (40, [])

    service.prove_currency(person.id, "apcl", proved_on=TODAY, proof="Taught the subject in 2018", by=officer.id)

    assert outcomes(person) == [(CERTIFICATE, "awarded", day("2018-12-01"))]


def test_one_proof_is_about_one_piece_of_learning(app, make_person):
    adopt("warwickshire", CURRENT_FOR_5_YEARS)
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    person = make_person("Ada Above", employer=council(), career_level="3b")
    enrol(person, officer)
    for source in ("WA-PE-1", "WA-PE-2"):
        award(officer, person, source)
    for activity in ("apcl:law", "apcl:leading"):
        award(officer, person, "apcl", activity=activity, learning_ended_on=day("2010-07-01"))

    service.prove_currency(person.id, "apcl:law", proved_on=TODAY, proof="Taught it in 2018", by=officer.id)

    assert place(person).counted.done == 60
    assert [why for _, why in place(person).left_out] == [LeftOut.TOO_OLD]


def test_old_learning_counts_no_more_while_it_is_expected_than_once_it_is_awarded(app, make_person):
    """B6: what would be too old on the day of the board is not shown as expected until then."""
    adopt("warwickshire", CURRENT_FOR_5_YEARS)
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    person = make_person("Ada Above", employer=council(), career_level="3b")
    enrol(person, officer)
    expect(officer, person, "apcl", learning_ended_on=day("2010-07-01"))
    expected = place(person).counted

    award(officer, person, "apcl", learning_ended_on=day("2010-07-01"))

    assert (expected.done, expected.in_hand) == (0, 0)
    assert place(person).counted.done == 0


@pytest.mark.parametrize(
    ("old", "earned_by", "others"),
    [("asye-apel", EarnedBy.APEL, ("WA-PE-1", "WA-PE-2")), ("WA-PE-1", EarnedBy.APCL, ("asye-apel", "WA-PE-2"))],
    ids=["the portfolio", "a module by prior learning"],
)
def test_what_is_there_once_only_and_too_old_is_not_offered_again(app, make_person, old, earned_by, others):
    adopt("warwickshire", CURRENT_FOR_5_YEARS)
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    person = make_person("Wendy Worker", employer=council(), career_level="nqsw")
    enrol(person, officer)
    for source in others:
        award(officer, person, source)
    award(officer, person, old, earned_by=earned_by, learning_ended_on=day("2010-07-01"))

    view = reading.awards_of(person.id, person.organisation_id).view(CERTIFICATE)

    assert [(source_of(fact.subject), why) for fact, why in view.place.left_out] == [(old, LeftOut.TOO_OLD)]
    assert list(view.ways) == []
