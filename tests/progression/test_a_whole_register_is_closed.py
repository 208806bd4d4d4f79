"""A register of sixty is closed: what follows from it in progression asks as often as for three."""

from __future__ import annotations

import pytest

from cpd.progression.early import following as early_following
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import following
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.unit_of_work import publish, unit_of_work
from tests.home.test_query_counts import queries
from tests.progression import early_years, requesting
from tests.progression.careers import day

FEW, MANY = 3, 60


@pytest.fixture
def group(make_person, manager):
    """Make so many people of a career level, who are on their pathway."""

    def make(number, career_level):
        found = [make_person(f"Person {each}", career_level=career_level, manager=manager) for each in range(number)]
        pathways.settle_enrolments([each.id for each in found])
        return [each.id for each in found]

    return make


def asked_for(act):
    """How often the database is asked while an act is done, without what is written down."""
    db.session.rollback()
    with queries() as asked:
        act()
    return [each for each in asked if not each.startswith(("INSERT", "UPDATE", "SAVEPOINT", "RELEASE"))]


def changed(person_ids):
    """Let the records of people have changed, and everybody who follows keep up."""
    with unit_of_work():
        for each in person_ids:
            publish("record.changed", each)


def posts_changed(person_ids):
    with unit_of_work() as session:
        following.follow_people(session, person_ids)


def words_changed(person_ids):
    with unit_of_work() as session:
        early_following.follow_records(session, person_ids)


def same_for_many(act, make):
    """Expect that an act on many asks as often as on few."""
    act(make(FEW))  # what is asked once per process is known from here on
    few, many = make(FEW), make(MANY)
    for_few, for_many = asked_for(lambda: act(few)), asked_for(lambda: act(many))
    assert len(for_many) == len(for_few), "\n".join(for_many)
    return len(for_many)


@pytest.mark.parametrize("act", [changed, posts_changed])
@pytest.mark.parametrize("career_level", ["new", "wise"], ids=["on an automatic step", "on none"])
def test_of_people_on_pathways(app, organisation, group, act, career_level):
    requesting.adopt()

    assert same_for_many(act, lambda number: group(number, career_level)) <= 40


@pytest.mark.parametrize("act", [changed, words_changed])
def test_of_people_on_early_career_programmes(app, organisation, group, officer, act):
    early_years.adopt()

    def make(number):
        person_ids = group(number, "new")
        more = {"organisation_id": officer.organisation_id, "cohort_id": None, "starts_on": day("2018-10-01")}
        early_years.service.enrol(person_ids, "asye", **more, by=officer.id)
        return person_ids

    assert same_for_many(act, make) <= 40


def test_whoever_it_makes_ready_is_put_forward_by_a_few_questions_each(app, organisation, group):
    requesting.adopt()

    def close(person_ids):
        about = {"kind": FactKind.COMPLETED, "subject": "C1", "happened_on": day("2019-01-02"), "source_kind": "test"}
        record.add_facts([FactSaid(person_id=each, **about) for each in person_ids], by=None)

    close(group(FEW, "new"))
    few, many = group(FEW, "new"), group(MANY, "new")
    for_few, for_many = asked_for(lambda: close(few)), asked_for(lambda: close(many))
    assert len(for_many) - len(for_few) <= 15 * (MANY - FEW)
    assert len(requesting.reading.open_requests(organisation.id)) == FEW + FEW + MANY
