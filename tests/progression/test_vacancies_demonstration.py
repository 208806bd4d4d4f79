"""The demonstration's vacancies, appeals and files are there once, however often they are loaded."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.commands.demo.progression_vacancies import POSTS, load_appeals, load_exports, load_vacancies
from cpd.people.models import Organisation, Person
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.exports.models import ChangeExport
from cpd.progression.requests import service as requests
from cpd.progression.vacancies import service
from cpd.progression.vacancies.models import Vacancy
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.packs import adopt_text, pack_text

COUNCILS = ("gateshead", "warwickshire", "coventry", "slough", "walsall")
STAFF = {
    "hr": (Role.HR,),
    "workforce": (Role.WORKFORCE_DEVELOPMENT,),
    "director": (Role.ASSISTANT_DIRECTOR,),
    "operations": (Role.OPERATIONS_MANAGER,),
    "advanced": (),
}


@pytest.fixture
def people(app, organisation, make_person):
    """HR and whoever decides at each council; and Alba, an advanced social worker of Warwickshire."""
    found: dict[str, Person] = {}
    for council in COUNCILS:
        version = adopt_text(pack_text(council))
        employer = db.session.get(Organisation, version.organisation_id)
        ending = "" if council == "gateshead" else f"{council}."
        for who, roles in STAFF.items():
            career_level = "4a" if (who, council) == ("advanced", "warwickshire") else ""
            person = make_person(who, *roles, employer=employer, career_level=career_level)
            found[f"{who}@{ending}demo.example"] = person
    return found


def rows(table):
    db.session.rollback()
    return list(db.session.scalars(select(table).order_by(table.id)))


def test_each_council_with_such_a_step_has_its_vacancies_once(people):
    load_vacancies(people)
    load_vacancies(people)

    assert [(row.title, row.service) for row in rows(Vacancy)] == [(post.title, post.service) for post in POSTS]
    for row in rows(Vacancy):
        assert row.id in {each.id for each in service.open_vacancies(row.organisation_id, row.career_level)}


def test_what_was_declined_is_appealed_against_and_what_was_changed_is_taken_once(people):
    def who(name):
        return people[f"{name}@warwickshire.demo.example"]

    declined = requests.ask(who("advanced").id, "4a-to-4b")
    requests.decide(declined, approved=False, reasons="Not this year", by=who("director").id)
    load_appeals(people)
    load_appeals(people)
    assert [row.request_id for row in rows(ProgressionAppeal)] == [declined]

    load_exports(people)
    assert rows(ChangeExport) == []  # nothing was changed
    made = requests.ask(who("advanced").id, "4a-to-4b")
    requests.decide(made, approved=True, reasons="Now", by=who("director").id)
    requests.enact(made, effective_on=clock.today(), by=who("operations").id)
    load_exports(people)
    load_exports(people)
    assert [row.entered_at is not None for row in rows(ChangeExport)] == [True]
