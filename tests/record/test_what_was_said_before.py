"""What a fact said before it was put right: by the correction itself, however long ago, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cpd.record import service as record
from cpd.record.entries import said_of
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def said(alice):
    """Alice completed Module 1, as a file says."""
    return FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M1",
        happened_on=date(2018, 11, 1),
        source_kind="import",
    )


def shown(alice):
    """What her record shows: each fact by its day, with the days that it said before."""
    return [
        (each.entry.happened_on.day, [before.happened_on.day for before in each.before]) for each in said_of(alice.id)
    ]


def test_each_correction_knows_what_it_puts_right(alice, officer, said):
    first = record.add_fact(said, by=None)
    second = record.correct_fact(
        first, replace(said, happened_on=date(2018, 11, 2)), by=officer.id, reason="Typed wrong"
    )
    record.correct_fact(second, replace(said, happened_on=date(2018, 11, 3)), by=officer.id, reason="Still wrong")

    assert shown(alice) == [(3, [2, 1])]


def test_a_module_put_right_as_another_is_one_correction(alice, officer, said):
    first = record.add_fact(said, by=None)
    record.correct_fact(first, replace(said, subject="M2"), by=officer.id, reason="It was Module 2")

    [corrected] = said_of(alice.id)
    assert (corrected.entry.subject, [each.subject for each in corrected.before]) == ("M2", ["M1"])


def test_what_is_said_right_after_something_was_withdrawn_corrects_nothing(alice, officer, said):
    withdrawn = record.add_fact(said, by=None)
    record.withdraw_fact(withdrawn, by=officer.id, reason="Not her")
    record.add_fact(replace(said, happened_on=date(2018, 11, 9)), by=officer.id)

    assert sorted(shown(alice)) == [(1, []), (9, [])]


def test_a_correction_to_what_another_source_says_already_points_nowhere_wrong(alice, officer, said):
    hand = replace(said, source_kind="hand", happened_on=date(2018, 11, 5))
    record.add_fact(hand, by=officer.id)
    imported = record.add_fact(said, by=None)
    record.correct_fact(imported, hand, by=officer.id, reason="Same day as the paper says")

    assert sorted(shown(alice)) == [(1, []), (5, [])]
