"""People on an invented pathway, each where a test needs her."""

from __future__ import annotations

import pytest

from cpd.people.models import Person
from cpd.shared.roles import Role
from tests.progression.careers import adopt


@pytest.fixture
def careers(app_in_use, organisation):
    """The invented careers are in force; returns the version."""
    return adopt()


@pytest.fixture
def nell(app_in_use, make_person, manager) -> Person:
    """Newly qualified since 1 January 2018; Mary manages her."""
    return make_person("Nell Newly", career_level="new", manager=manager)


@pytest.fixture
def abel(app_in_use, make_person, manager) -> Person:
    """A social worker, who came in at that level; Mary manages him."""
    return make_person("Abel Able", career_level="able", manager=manager)


@pytest.fixture
def operations(app_in_use, make_person) -> Person:
    return make_person("Opal Operations", Role.OPERATIONS_MANAGER)
