"""The doctor finds every award that does not stand as its credits say, each broken behind the rules' back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.study_awards import CHECKS
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.awards import service
from cpd.study.awards.models import AwardEnrolment
from tests.cast import LONG_AGO, saved
from tests.study.awarding import CERTIFICATE, award, council, day, enrolment


@pytest.fixture
def held(app, county, make_person):
    """Hope holds the certificate since 20 December 2018."""
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)
    person = make_person("Hope Holder", employer=county, career_level="nqsw")
    service.enrol(person.id, CERTIFICATE, enrolled_on=day("2018-09-03"), by=officer.id)
    for source, on in (("asye-apel", "2018-10-01"), ("WA-PE-1", "2018-11-05"), ("WA-RESEARCH", "2018-12-20")):
        award(officer, person, source, on)
    return enrolment(person)


def faults():
    return [fault for check in CHECKS for fault in check.faults()]


def alter(table, number, **values):
    db.session.execute(update(table).where(table.id == number).values(**values))
    db.session.commit()


def test_nothing_is_wrong_with_what_was_done_properly(held):
    assert faults() == []
    assert [check.count() for check in CHECKS] == [1, 1]


def test_an_award_without_its_credits_is_found(held):
    db.session.execute(update(RecordFact).where(RecordFact.subject == "WA-PE-1").values(amount=19))
    db.session.commit()

    assert faults() == [f"award enrolment {held.id} is completed, and its credits say outstanding"]


def test_credits_without_their_award_are_found(held):
    alter(AwardEnrolment, held.id, status="enrolled", completed_on=None, record_fact_id=None)

    assert faults() == [
        f"award enrolment {held.id} is enrolled, and its credits say met",
        f"fact {held.record_fact_id} says that person {held.person_id} holds {CERTIFICATE}, and no enrolment does",
    ]


def test_an_award_of_another_day_is_found(held):
    alter(AwardEnrolment, held.id, completed_on=date(2018, 12, 19))

    assert faults() == [
        f"award enrolment {held.id} is completed on 2018-12-19, and not on 2018-12-20",
        f"award enrolment {held.id} is completed on 2018-12-19, and the record does not say so",
    ]


def test_an_award_that_the_record_does_not_say_is_found(held):
    alter(RecordFact, held.record_fact_id, superseded_at=LONG_AGO)

    assert faults() == [f"award enrolment {held.id} is completed on 2018-12-20, and the record does not say so"]


def test_an_award_that_no_version_has_is_found(held):
    alter(AwardEnrolment, held.id, award_code="made-up")

    assert faults()[0] == f"award enrolment {held.id} is on an award that its version of the scheme does not have"


def test_an_enrolment_by_the_rules_of_another_council_is_found(held, make_organisation):
    text = db.session.get(SchemeVersion, held.scheme_version_id).content
    other = make_organisation("bury", "Bury Council")
    version = saved(
        SchemeVersion(organisation_id=other.id, version=1, content=text, content_hash="other", adopted_at=LONG_AGO)
    )
    alter(AwardEnrolment, held.id, scheme_version_id=version.id)

    assert faults() == [f"award enrolment {held.id} is by the rules of another council"]
    assert council().id != other.id
