"""People on an invented early-career programme; a test file takes them by importing the names."""

from __future__ import annotations

import pytest

from cpd.people.models import Person
from cpd.progression.early.rules import RelationshipKind
from cpd.progression.early.supporting import support
from cpd.shared.roles import Role
from tests.progression.early_years import adopt, day, put_on


@pytest.fixture
def first_years(app_in_use, organisation):
    """The invented programmes are in force; returns the version."""
    return adopt()


@pytest.fixture
def assessor(make_person) -> Person:
    return make_person("Asa Assessor", Role.ASSESSOR)


@pytest.fixture
def mentor(make_person) -> Person:
    return make_person("Mo Mentor")


@pytest.fixture
def nell(app_in_use, make_person, manager) -> Person:
    """Newly qualified; Mary manages her."""
    return make_person("Nell Newly", career_level="new", manager=manager)


@pytest.fixture
def ned(app_in_use, make_person, manager) -> Person:
    """Newly qualified too."""
    return make_person("Ned Newly", career_level="new", manager=manager)


@pytest.fixture
def year(first_years, nell, assessor, officer):
    """Nell began the first year on 1 October 2018, and Asa assesses her."""
    support(nell.id, assessor.id, RelationshipKind.ASSESSOR, day("2018-10-01"), by=officer.id)
    return put_on(nell, by=officer)[0]
