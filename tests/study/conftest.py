"""Warwickshire as its pack has it, with an invented worker, her manager and an officer of Workforce Development."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.people.models import Organisation, Person
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.packs import adopt_text, pack_text


@pytest.fixture
def county(app_in_use) -> Organisation:
    """Warwickshire, with its scheme in force."""
    version = adopt_text(pack_text("warwickshire"))
    return db.session.get(Organisation, version.organisation_id)


@pytest.fixture
def county_manager(make_person, county) -> Person:
    return make_person("Minnie Manager", employer=county)


@pytest.fixture
def ward(make_person, county, county_manager) -> Person:
    """A social worker of the county."""
    return make_person("Ward Worker", employer=county, manager=county_manager)


@pytest.fixture
def wanda(make_person, county, county_manager) -> Person:
    """Her colleague."""
    return make_person("Wanda Worker", employer=county, manager=county_manager)


@pytest.fixture
def county_officer(make_person, county) -> Person:
    return make_person("Wilma Workforce", Role.WORKFORCE_DEVELOPMENT, employer=county)


PROTECTED_TIME = """
organisation: {code: gateshead, name: Gateshead Council}
version: 2
source:
  title: A scheme that promises protected time
  body: The council
  published: 2018-09
  cites: [S-1]
career_levels:
  - {code: nqsw, title: Newly qualified social worker, cites: [S-1]}
protected_time:
  - {career_levels: [nqsw], percent: 10, full_time_hours: 37, since: 2018-12-17, cites: [S-1]}
"""


@pytest.fixture
def promised(app_in_use, organisation):
    """The council promises newly qualified social workers a tenth of their hours, from 17 December 2018 on."""
    return adopt_text(PROTECTED_TIME)


@pytest.fixture
def nell(app_in_use, promised, make_person, manager):
    """Newly qualified; Mary manages her."""
    return make_person("Nell Newly", career_level="nqsw", manager=manager)


@pytest.fixture
def slough(app_in_use) -> Organisation:
    """Slough, with its scheme in force: three places a year on each of two awards (S-5)."""
    version = adopt_text(pack_text("slough"))
    return db.session.get(Organisation, version.organisation_id)


@pytest.fixture
def slough_manager(make_person, slough) -> Person:
    return make_person("Mina Manager", employer=slough)


@pytest.fixture
def slough_officer(make_person, slough) -> Person:
    return make_person("Wes Workforce", Role.WORKFORCE_DEVELOPMENT, employer=slough)


@pytest.fixture
def slough_worker(make_person, slough, slough_manager):
    """Make social workers of Slough: `slough_worker("Sky")`."""

    def make(name: str, **more) -> Person:
        return make_person(name, employer=slough, manager=slough_manager, **more)

    return make


@pytest.fixture
def registered(make_person, county, county_manager) -> Person:
    """A social worker of the county who has been on the regulator's register since 2015."""
    person = make_person("Rhea Registered", employer=county, manager=county_manager)
    person.registered_on = date(2015, 9, 1)
    db.session.commit()
    return person
