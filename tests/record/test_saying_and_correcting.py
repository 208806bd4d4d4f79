"""Facts are said once, corrected by a new fact, and never edited or lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import current_app
from sqlalchemy import select

from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.record.service import FactRefused, FactSaid, Fault
from cpd.requirements.record import FactKind
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.history import AuditEvent
from cpd.shared.unit_of_work import Follower
from tests.cast import london
from tests.catalogue.conftest import counted_queries

TODAY = date(2019, 1, 2)


def completed(person, module="M1", on=date(2018, 11, 30), **more) -> FactSaid:
    more = {"source_kind": "register", **more}
    return FactSaid(person_id=person.id, kind=FactKind.COMPLETED, subject=module, happened_on=on, **more)


def recognised(person, **more) -> FactSaid:
    more = {"source_kind": "hand", **more}
    return FactSaid(person_id=person.id, kind=FactKind.RECOGNISED, subject="M1", happened_on=date(2018, 6, 1), **more)


def rows() -> list[RecordFact]:
    db.session.rollback()
    return list(db.session.scalars(select(RecordFact).order_by(RecordFact.id)))


def dates_of(person) -> list[date]:
    return [fact.happened_on for fact in record.records_of([person.id], TODAY)[person.id].facts]


@pytest.fixture
def told(monkeypatch):
    """Whose record changed, as the floors above are told; ask for it after the application."""
    people = []
    follower = Follower("record.changed", 7, lambda _session, values: people.extend(values))
    monkeypatch.setitem(current_app.extensions, "followers", [follower])
    return people


def test_a_fact_is_recorded_with_who_said_it(both, alice, officer):
    fact_id = record.add_fact(completed(alice, happened_at=london(2018, 11, 30, 12, 30)), by=officer.id)

    (row,) = rows()
    assert (row.id, row.organisation_id, row.recorded_by_id) == (fact_id, alice.organisation_id, officer.id)
    assert dates_of(alice) == [date(2018, 11, 30)]


def test_the_same_said_again_changes_nothing(both, alice, officer):
    first = record.add_fact(completed(alice), by=officer.id)

    assert record.add_fact(completed(alice), by=officer.id) == first
    assert record.add_facts([completed(alice), completed(alice)], by=officer.id) == [first, first]
    assert len(rows()) == 1


def test_the_same_source_cannot_say_two_things(app, alice, officer):
    record.add_fact(completed(alice), by=officer.id)

    with pytest.raises(FactRefused) as refused:
        record.add_fact(completed(alice, value="distinction"), by=officer.id)
    assert refused.value.faults == (Fault.SAID_DIFFERENTLY,)


@pytest.mark.parametrize(
    ("on", "at", "known"),
    [
        (date(2019, 1, 2), None, True),
        (date(2019, 1, 3), None, False),
        (date(2019, 1, 2), london(2019, 1, 2, 9, 0), True),
        (date(2019, 1, 2), london(2019, 1, 2, 9, 1), False),
    ],
    ids=["today", "tomorrow", "just now", "in a minute"],
)
def test_nobody_can_know_the_future(app, alice, officer, on, at, known):
    said = completed(alice, on=on, happened_at=at)
    if known:
        assert record.add_fact(said, by=officer.id)
        return
    with pytest.raises(FactRefused) as refused:
        record.add_fact(said, by=officer.id)
    assert refused.value.faults == (Fault.IN_THE_FUTURE,)


def test_learning_is_recognised_by_hand_only_for_a_reason_and_by_somebody(app, alice, officer):
    with pytest.raises(FactRefused) as refused:
        record.add_fact(recognised(alice), by=officer.id)
    assert refused.value.faults == (Fault.NO_REASON, Fault.NOBODY_ACCEPTED_IT)

    said = recognised(alice, source="The same course at her last council", accepted_by_id=officer.id)
    assert record.add_fact(said, by=officer.id)


def test_one_wrong_fact_of_many_means_that_none_is_recorded(both, alice, bob, officer):
    with pytest.raises(FactRefused):
        record.add_facts([completed(alice), completed(bob, on=date(2019, 2, 1))], by=officer.id)
    with pytest.raises(LookupError, match="no person 999"):
        record.add_facts([completed(alice), replace(completed(alice), person_id=999)], by=officer.id)

    assert rows() == []


def test_a_correction_supersedes_and_keeps_what_was_believed(both, alice, officer):
    wrong = record.add_fact(completed(alice, on=date(2018, 11, 30)), by=officer.id)

    right = record.correct_fact(wrong, completed(alice, on=date(2018, 12, 3)), by=officer.id, reason="wrong day")

    old, new = rows()
    assert (old.superseded_by_id, old.supersede_reason) == (officer.id, "wrong day")
    assert new.id == right
    assert dates_of(alice) == [date(2018, 12, 3)]
    known_at = old.superseded_at
    just_before = known_at.replace(microsecond=known_at.microsecond - 1) if known_at.microsecond else known_at
    then = record.records_of([alice.id], TODAY, known_at=just_before)[alice.id].facts
    assert [fact.happened_on for fact in then] == [date(2018, 11, 30)]


def test_a_correction_may_keep_the_day_and_change_the_rest(both, alice, officer):
    wrong = record.add_fact(completed(alice, source="sheet 1"), by=officer.id)

    record.correct_fact(wrong, completed(alice, source="sheet 2"), by=officer.id, reason="wrong sheet")

    assert [row.source for row in rows()] == ["sheet 1", "sheet 2"]
    assert dates_of(alice) == [date(2018, 11, 30)]


def test_a_withdrawn_fact_no_longer_counts(both, alice, officer):
    fact_id = record.add_fact(completed(alice), by=officer.id)

    record.withdraw_fact(fact_id, by=officer.id, reason="she was not there")

    assert dates_of(alice) == []
    assert [event.verb for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))] == [
        "recorded",
        "withdrawn",
    ]


def test_a_fact_is_ended_only_once_and_only_for_a_reason(app, alice, bob, officer):
    fact_id = record.add_fact(completed(alice), by=officer.id)

    with pytest.raises(FactRefused) as refused:
        record.withdraw_fact(fact_id, by=officer.id, reason="  ")
    assert refused.value.faults == (Fault.NO_REASON,)
    with pytest.raises(FactRefused) as refused:
        record.correct_fact(fact_id, completed(bob), by=officer.id, reason="it was Bob")
    assert refused.value.faults == (Fault.OF_SOMEBODY_ELSE,)
    record.withdraw_fact(fact_id, by=officer.id, reason="she was not there")
    with pytest.raises(FactRefused) as refused:
        record.withdraw_fact(fact_id, by=officer.id, reason="again")
    assert refused.value.faults == (Fault.NO_LONGER_IN_FORCE,)
    assert len(rows()) == 1


@pytest.mark.parametrize("fact_id", [0, -1, 77, LARGEST_ID + 1])
def test_an_unknown_fact_is_not_found(app, officer, fact_id):
    with pytest.raises(LookupError):
        record.withdraw_fact(fact_id, by=officer.id, reason="gone")


def test_the_floors_above_hear_whose_record_changed(app, told, alice, bob, officer):
    first = record.add_fact(completed(alice), by=officer.id)
    record.add_fact(completed(alice), by=officer.id)
    record.correct_fact(first, completed(alice, on=date(2018, 12, 3)), by=officer.id, reason="wrong day")
    record.add_fact(completed(bob), by=officer.id)

    assert told == [alice.id, alice.id, alice.id, bob.id]


@pytest.mark.parametrize("count", [1, 40])
def test_any_number_of_facts_take_the_same_questions(both, told, alice, officer, count):
    said = [completed(alice, f"X{number}") for number in range(count)]
    officer_id = officer.id
    db.session.rollback()

    with counted_queries() as sent:
        record.add_facts(said, by=officer_id)

    assert len([statement for statement in sent if not statement.startswith("INSERT")]) == 3
