"""The standing cast and the makers: a learner, her colleague, her manager, an officer, somebody elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from cpd.catalogue.models import Module, SchemeVersion
from cpd.catalogue.packed import hash_of
from cpd.people.models import Organisation, Person, Post, RoleGrant, Team
from cpd.requirements.language import NOTHING
from cpd.schemes.reading import read_adopted
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.timetable.models import SessionDay, TrainingSession

EVERYBODY = {"staff_types": [], "career_levels": [], "words": "Everybody"}
LONG_AGO = datetime(2018, 9, 1, tzinfo=UTC)
_numbers = count(1)


BARE_PACK = """\
organisation: {{code: {code}, name: {name}}}
version: 1
source: {{title: Nothing, body: Nobody, published: 2018-01, cites: []}}
"""
"""A scheme that offers nothing."""


def london(*parts: int) -> datetime:
    """A moment on the wall clock of the field."""
    return datetime(*parts, tzinfo=LONDON)


def saved(row):
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def make_organisation() -> Callable[..., Organisation]:
    def make(code: str = "gateshead", name: str = "Gateshead Council") -> Organisation:
        return saved(Organisation(code=code, name=name, created_at=LONG_AGO))

    return make


@pytest.fixture
def organisation(make_organisation) -> Organisation:
    return make_organisation()


@pytest.fixture
def team(organisation) -> Team:
    return saved(Team(organisation_id=organisation.id, name="Assessment Team 1"))


@pytest.fixture
def make_person(organisation, team) -> Callable[..., Person]:
    def make(
        name: str = "", *roles: Role, staff_type: str = "employee", career_level: str = "", manager=None, employer=None
    ) -> Person:
        number = next(_numbers)
        employer = employer or organisation
        person = saved(
            Person(
                organisation_id=employer.id,
                employee_number=f"E{number}",
                email=f"person{number}@demo.example",
                name=name or f"Person {number}",
                created_at=LONG_AGO,
            )
        )
        db.session.add(
            Post(
                organisation_id=employer.id,
                person_id=person.id,
                team_id=team.id if employer is organisation else None,
                manager_id=manager.id if manager else None,
                staff_type=staff_type,
                career_level=career_level,
                starts_on=date(2018, 1, 1),
                recorded_at=LONG_AGO,
            )
        )
        for role in roles:
            db.session.add(RoleGrant(person_id=person.id, role=role, granted_at=LONG_AGO))
        db.session.commit()
        db.session.refresh(person)
        return person

    return make


@pytest.fixture
def alice(make_person, manager) -> Person:
    """A learner."""
    return make_person("Alice Learner", manager=manager)


@pytest.fixture
def bob(make_person, manager) -> Person:
    """Her colleague."""
    return make_person("Bob Colleague", manager=manager)


@pytest.fixture
def manager(make_person) -> Person:
    return make_person("Mary Manager")


@pytest.fixture
def officer(make_person) -> Person:
    """An officer of Workforce Development."""
    return make_person("Olive Officer", Role.WORKFORCE_DEVELOPMENT)


@pytest.fixture
def stranger(make_person, make_organisation) -> Person:
    """Somebody who works for another council."""
    return make_person("Steve Stranger", employer=make_organisation("slough", "Slough Borough Council"))


@pytest.fixture
def scheme(organisation) -> SchemeVersion:
    text = BARE_PACK.format(code=organisation.code, name=organisation.name)
    fits = hash_of(read_adopted(text))
    return saved(
        SchemeVersion(organisation_id=organisation.id, version=1, content=text, content_hash=fits, adopted_at=LONG_AGO)
    )


@pytest.fixture
def make_module(organisation, scheme) -> Callable[..., Module]:
    def make(code: str = "", *, needs=NOTHING, audience=EVERYBODY, **more) -> Module:
        return saved(
            Module(
                organisation_id=organisation.id,
                scheme_version_id=scheme.id,
                code=code or f"T{next(_numbers)}",
                prerequisite=requirement_to_json(needs),
                audience=audience,
                **more,
            )
        )

    return make


@pytest.fixture
def make_session(organisation, make_module) -> Callable[..., TrainingSession]:
    """Make a published session: `make_session(module, london(2019, 1, 15, 9, 30), hours=3, places=20)`."""

    def make(
        module: Module | None = None,
        starts_at: datetime | None = None,
        *,
        hours: float = 3,
        places: int | None = 20,
        **more,
    ) -> TrainingSession:
        module = module or make_module()
        starts_at = starts_at or london(2019, 1, 15, 9, 30) + timedelta(days=next(_numbers) % 40)
        ends_at = starts_at + timedelta(hours=hours)
        return saved(
            TrainingSession(
                organisation_id=organisation.id,
                module_id=module.id,
                status=more.pop("status", "published"),
                capacity=places,
                starts_at=starts_at,
                ends_at=ends_at,
                created_at=LONG_AGO,
                days=[SessionDay(starts_at=starts_at, ends_at=ends_at)],
                **more,
            )
        )

    return make
