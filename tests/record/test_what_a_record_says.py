"""What is known of people on a day: done, recognised by rule, lapsed, and what was known at an earlier moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpd.catalogue.models import Equivalence
from cpd.people.models import Post
from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.record.rules import ModuleTerms, Window, lapses_on, recognised
from cpd.record.service import BY_RULE
from cpd.requirements.record import Fact, FactKind
from cpd.shared.database import db
from tests.cast import LONG_AGO, london, saved
from tests.catalogue.conftest import counted_queries

TODAY = date(2019, 1, 2)


@pytest.fixture
def did(organisation):
    """Write down that somebody completed a module: `did(alice, "M1", date(2018, 11, 30))`."""

    def write(person, subject, on, *, recorded_at=LONG_AGO, kind=FactKind.COMPLETED, **more):
        return saved(
            RecordFact(
                organisation_id=organisation.id,
                person_id=person.id,
                kind=kind,
                subject=subject,
                happened_on=on,
                source_kind="import",
                recorded_at=recorded_at,
                **more,
            )
        )

    return write


def said_of(person, on=TODAY, **more):
    facts = record.records_of([person.id], on, **more)[person.id].facts
    return {(str(fact.kind), fact.subject, fact.happened_on) for fact in facts}


@pytest.fixture
def genograms(organisation, make_module):
    """Module 1, and the practice short that counts as it when done in November or December 2018 (G-5)."""
    module, short = make_module("M1"), make_module("PS-GENOGRAMS")
    return saved(
        Equivalence(
            organisation_id=organisation.id,
            module_id=module.id,
            other_module_id=short.id,
            valid_from=date(2018, 11, 1),
            valid_to=date(2018, 12, 31),
            recorded_at=LONG_AGO,
        )
    )


def test_everybody_asked_for_has_a_record_even_an_empty_one(both, alice, bob, did):
    did(alice, "M1", date(2018, 11, 30))

    records = record.records_of([alice.id, bob.id], TODAY)

    assert records.keys() == {alice.id, bob.id}
    assert [fact.subject for fact in records[alice.id].facts] == ["M1"]
    assert records[bob.id].facts == ()


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2018, 10, 31), False),
        (date(2018, 11, 1), True),
        (date(2018, 12, 31), True),
        (date(2019, 1, 1), False),
    ],
    ids=["the day before the window", "its first day", "its last day", "the day after"],
)
def test_the_genograms_practice_short_counts_as_module_1_in_its_window(both, alice, did, genograms, on, counts):
    did(alice, "PS-GENOGRAMS", on)

    assert (("recognised", "M1", on) in said_of(alice)) is counts


def test_what_is_recognised_by_rule_says_so_and_names_its_evidence(app, alice, did, genograms):
    evidence = did(alice, "PS-GENOGRAMS", date(2018, 11, 30))

    (fact,) = [each for each in record.records_of([alice.id], TODAY)[alice.id].facts if each.subject == "M1"]

    assert fact.value == BY_RULE
    assert fact.reference == f"fact:{evidence.id}"


def test_module_1_does_not_count_as_the_practice_short(app, alice, did, genograms):
    did(alice, "M1", date(2018, 11, 30))

    assert said_of(alice) == {("completed", "M1", date(2018, 11, 30))}


def test_recognised_learning_is_not_taken_further(app, alice, did, genograms, make_module, organisation):
    saved(
        Equivalence(
            organisation_id=organisation.id,
            module_id=make_module("M9").id,
            other_module_id=genograms.module_id,
            recorded_at=LONG_AGO,
        )
    )
    did(alice, "PS-GENOGRAMS", date(2018, 11, 30))

    assert {subject for _, subject, _ in said_of(alice)} == {"PS-GENOGRAMS", "M1"}


def test_a_practice_short_granted_by_hand_is_a_fact_of_its_own(app, alice, did, genograms):
    did(alice, "M1", date(2018, 6, 1), kind=FactKind.RECOGNISED, value="granted")

    assert said_of(alice) == {("recognised", "M1", date(2018, 6, 1))}


def test_a_module_that_must_be_repeated_lapses(both, alice, did, make_module):
    make_module("SAFE", validity_months=36)
    did(alice, "SAFE", date(2016, 2, 29))

    (fact,) = record.records_of([alice.id], TODAY)[alice.id].facts

    assert fact.ends_on == date(2019, 2, 28)


def test_an_end_of_its_own_goes_before_the_rule(app, alice, did, make_module):
    make_module("SAFE", validity_months=36)
    did(alice, "SAFE", date(2018, 2, 1), ends_on=date(2018, 12, 1))

    (fact,) = record.records_of([alice.id], TODAY)[alice.id].facts

    assert fact.ends_on == date(2018, 12, 1)


def test_what_happened_later_is_not_known_on_an_earlier_day(app, alice, did):
    did(alice, "M1", date(2018, 11, 30))

    assert said_of(alice, date(2018, 11, 29)) == set()
    assert len(said_of(alice, date(2018, 11, 30))) == 1


def test_a_report_for_last_september_says_what_it_said_then(both, alice, did):
    september, october = datetime(2018, 9, 30, tzinfo=UTC), datetime(2018, 10, 15, tzinfo=UTC)
    did(alice, "M1", date(2018, 9, 3), recorded_at=LONG_AGO, superseded_at=october)
    did(alice, "M1", date(2018, 9, 10), recorded_at=october)
    did(alice, "M2", date(2018, 9, 5), recorded_at=october)

    on = date(2018, 9, 30)
    assert said_of(alice, on, known_at=september) == {("completed", "M1", date(2018, 9, 3))}
    assert said_of(alice, on, known_at=october) == said_of(alice, on)
    assert said_of(alice, on) == {("completed", "M1", date(2018, 9, 10)), ("completed", "M2", date(2018, 9, 5))}


def test_an_equivalence_counts_as_long_as_it_was_known(both, alice, did, genograms):
    did(alice, "PS-GENOGRAMS", date(2018, 11, 30))
    ended = datetime(2018, 12, 24, tzinfo=UTC)
    genograms.superseded_at = ended
    db.session.commit()

    recognised_then = ("recognised", "M1", date(2018, 11, 30))
    assert recognised_then in said_of(alice, known_at=ended - timedelta(seconds=1))
    assert recognised_then not in said_of(alice, known_at=ended)
    assert recognised_then not in said_of(alice)


def test_a_completion_knows_its_programme(app, adopt_real, alice, did):
    adopt_real("warwickshire")
    did(alice, "ASYE-3", date(2018, 11, 30))

    (fact,) = record.records_of([alice.id], TODAY)[alice.id].facts

    assert fact.programme == "asye-workshops"


def test_the_moment_is_kept_where_it_is_known(both, alice, did):
    did(alice, "M1", date(2018, 11, 30), happened_at=london(2018, 11, 30, 12, 30))

    (fact,) = record.records_of([alice.id], TODAY)[alice.id].facts

    assert fact.happened_at == datetime(2018, 11, 30, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 60])
def test_any_number_of_people_take_two_queries(both, alice, make_person, did, genograms, count):
    people = [alice, *(make_person() for _ in range(count - 1))]
    for person in people:
        did(person, "PS-GENOGRAMS", date(2018, 11, 30))
    ids = [person.id for person in people]
    db.session.rollback()

    with counted_queries() as sent:
        records = record.records_of(ids, TODAY)

    assert len(sent) == 2
    assert all(len(each.facts) == 2 for each in records.values())


@pytest.mark.parametrize(
    ("happened_on", "months", "lapses"),
    [
        (date(2018, 1, 31), 1, date(2018, 2, 28)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2018, 3, 3), 36, date(2021, 3, 3)),
        (date(2018, 3, 3), None, None),
    ],
    ids=["a month without such a day", "the leap day", "three years", "for good"],
)
def test_the_first_day_on_which_something_done_no_longer_counts(happened_on, months, lapses):
    assert lapses_on(happened_on, months) == lapses


def test_an_open_window_takes_any_day():
    terms = ModuleTerms("M1", None, "", (Window("X", None, None),))
    fact = Fact(FactKind.COMPLETED, "X", date(1999, 1, 1))

    assert [each.subject for each in recognised([fact], [terms])] == ["M1"]


def test_a_record_says_since_when_somebody_is_qualified_and_registered(both, alice):
    alice.qualified_on, alice.registered_on = date(2016, 7, 1), date(2016, 9, 1)
    db.session.commit()

    assert said_of(alice) == {("qualified", "", date(2016, 7, 1)), ("registered", "", date(2016, 9, 1))}
    assert said_of(alice, date(2016, 8, 31)) == {("qualified", "", date(2016, 7, 1))}


def test_a_record_says_how_long_somebody_has_been_in_each_career_level(both, organisation, make_person):
    person = make_person(career_level="nqsw")
    first = db.session.scalars(select(Post).where(Post.person_id == person.id)).one()
    first.ends_on = date(2018, 12, 1)
    later = {"career_level": "3a", "starts_on": date(2018, 12, 1), "recorded_at": london(2018, 12, 10, 9, 0)}
    saved(Post(organisation_id=organisation.id, person_id=person.id, **later))

    facts = record.records_of([person.id], TODAY)[person.id].facts
    assert {(fact.subject, fact.happened_on, fact.ends_on) for fact in facts} == {
        ("nqsw", date(2018, 1, 1), date(2018, 12, 1)),
        ("3a", date(2018, 12, 1), None),
    }
    assert said_of(person, known_at=london(2018, 12, 9, 9, 0)) == {("career_level", "nqsw", date(2018, 1, 1))}
