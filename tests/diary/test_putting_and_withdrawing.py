"""What is written into a diary, and how calendars are told of each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cpd.diary import service as diary
from cpd.shared import clock
from cpd.shared.unit_of_work import unit_of_work
from tests.cast import london
from tests.diary.conftest import put, rows_of, withdraw

LATER = timedelta(hours=1)


def replace_all(persons, source_id, *entries) -> set[int]:
    with unit_of_work():
        return diary.replace([person.id for person in persons], "session", source_id, entries)


def test_an_entry_is_written_with_all_that_it_says(both, alice, make_entry):
    entry = make_entry(alice)
    put(entry)

    [row] = rows_of(alice)
    for name in ("person_id", "organisation_id", "source", "source_id", *diary.SHOWN):
        assert getattr(row, name) == getattr(entry, name)
    assert row.uid == f"session-day-1-person-{alice.id}@127.0.0.1"
    assert (row.sequence, row.cancelled_at) == (0, None)
    assert row.created_at == row.changed_at == clock.now()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Module 2: context"},
        {"location": "Emily Davis, Dryden Road"},
        {"description": "Bring a pen."},
        {"path": "/sessions/6"},
        {"starts_at": london(2019, 1, 15, 9, 0)},
        {"ends_at": london(2019, 1, 15, 13, 0)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_a_calendar_shows_raises_the_sequence_when_it_changes(both, alice, make_entry, clock_at, change):
    put(make_entry(alice))
    [before] = rows_of(alice)
    created_at, uid = before.created_at, before.uid
    moment = clock_at(2019, 1, 3, 10, 0)
    changed = replace(make_entry(alice), **change)
    put(changed)

    [row] = rows_of(alice)
    assert (row.uid, row.sequence, row.created_at, row.changed_at) == (uid, 1, created_at, moment)
    assert [getattr(row, name) for name in diary.SHOWN] == [getattr(changed, name) for name in diary.SHOWN]


def test_the_same_again_changes_nothing(both, alice, make_entry, clock_at):
    put(make_entry(alice))
    [before] = rows_of(alice)
    changed_at = before.changed_at
    clock_at(2019, 1, 3, 10, 0)
    put(make_entry(alice))

    [row] = rows_of(alice)
    assert (row.sequence, row.changed_at) == (0, changed_at)


def test_what_is_withdrawn_stays_as_cancelled_with_a_higher_sequence(both, alice, make_entry, clock_at):
    put(make_entry(alice, 1), make_entry(alice, 2))
    moment = clock_at(2019, 1, 3, 10, 0)
    withdraw(alice, 5)

    assert [(row.sequence, row.cancelled_at, row.changed_at) for row in rows_of(alice)] == [(1, moment, moment)] * 2


def test_withdrawing_twice_is_withdrawing_once(both, alice, make_entry, clock_at):
    put(make_entry(alice))
    moment = clock_at(2019, 1, 3, 10, 0)
    withdraw(alice, 5)
    clock_at(2019, 1, 4, 10, 0)
    withdraw(alice, 5)

    [row] = rows_of(alice)
    assert (row.sequence, row.cancelled_at) == (1, moment)


def test_what_was_cancelled_can_be_on_again_under_its_old_name(both, alice, make_entry):
    put(make_entry(alice))
    [before] = rows_of(alice)
    uid = before.uid
    withdraw(alice, 5)
    put(make_entry(alice))

    [row] = rows_of(alice)
    assert (row.uid, row.sequence, row.cancelled_at) == (uid, 2, None)


def test_only_those_named_are_withdrawn_and_only_from_the_sources_named(both, alice, bob, make_entry):
    put(
        make_entry(alice, 1, source_id=5),
        make_entry(alice, 2, source_id=6),
        replace(make_entry(alice, 3, source_id=5), source="study_day"),
        make_entry(bob, 1, source_id=5),
    )
    withdraw(alice, 5)

    assert [row.cancelled_at is not None for row in rows_of(alice)] == [True, False, False]
    assert [row.cancelled_at is not None for row in rows_of(bob)] == [False]


def test_what_a_source_no_longer_has_is_cancelled_and_the_rest_untouched(both, alice, bob, make_entry):
    for person in (alice, bob):
        put(make_entry(person, 1), make_entry(person, 2), make_entry(person, 4, source_id=6))
    moved = replace(make_entry(alice, 1), location="Emily Davis")

    assert replace_all([alice], 5, moved, make_entry(alice, 3)) == {alice.id}
    assert [(row.location, row.sequence, row.cancelled_at is not None) for row in rows_of(alice)] == [
        ("Emily Davis", 1, False),
        ("Room 2, Dryden Road", 1, True),
        ("Room 2, Dryden Road", 0, False),
        ("Room 2, Dryden Road", 0, False),
    ]
    assert [row.sequence for row in rows_of(bob)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("days_before", "days_after", "differs"),
    [([1], [1], False), ([], [1], True), ([1, 2], [1], True), ([1], [], True), ([], [], False)],
    ids=["the same", "new", "a day less", "none left", "none at all"],
)
def test_replacing_tells_whose_diary_shows_a_difference(both, alice, bob, make_entry, days_before, days_after, differs):
    put(make_entry(bob, 1), *(make_entry(alice, day) for day in days_before))
    after = [make_entry(alice, day) for day in days_after]

    assert replace_all([alice, bob], 5, make_entry(bob, 1), *after) == ({alice.id} if differs else set())


def test_a_name_once_given_stays_when_the_installation_moves(both, alice, make_entry, monkeypatch):
    put(make_entry(alice, 1))
    monkeypatch.setitem(both.config, "BASE_URL", "https://training.example/")
    put(replace(make_entry(alice, 1), title="Module 2, moved"), make_entry(alice, 2))

    assert [(row.uid, row.sequence) for row in rows_of(alice)] == [
        (f"session-day-1-person-{alice.id}@127.0.0.1", 1),
        (f"session-day-2-person-{alice.id}@training.example", 0),
    ]


def test_of_two_entries_with_one_key_the_last_counts(both, alice, make_entry):
    put(make_entry(alice), replace(make_entry(alice), title="Module 3"))

    assert [row.title for row in rows_of(alice)] == ["Module 3"]


def test_nothing_to_put_and_nobody_to_withdraw_is_no_fault(both, alice, make_entry):
    put(make_entry(alice))
    put()
    with unit_of_work():
        diary.withdraw([], "session", [5])
        diary.withdraw([alice.id], "session", [])

    assert [row.cancelled_at for row in rows_of(alice)] == [None]


def test_what_fails_later_in_the_same_act_leaves_the_diary_as_it_was(both, alice, make_entry):
    put(make_entry(alice))
    before = make_entry(alice)

    def fail_after_changing() -> None:
        with unit_of_work():
            diary.put([replace(before, title="Module 3"), replace(before, key="another")])
            diary.withdraw([before.person_id], "session", [5])
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_changing()
    assert [(row.title, row.sequence, row.cancelled_at) for row in rows_of(alice)] == [("Module 2", 0, None)]


def test_each_person_is_busy_with_what_is_live_and_not_over(both, alice, bob, make_entry):
    first, second = make_entry(alice, 1), make_entry(alice, 2)
    put(second, first, make_entry(alice, 3, source_id=6))
    withdraw(alice, 6)

    def busy(since):
        return diary.busy([alice.id, bob.id], since)

    times = [diary.Busy(each.starts_at, each.ends_at, "Module 2", "session", 5) for each in (first, second)]
    assert busy(first.starts_at) == {alice.id: times, bob.id: []}
    assert busy(first.ends_at) == {alice.id: times[1:], bob.id: []}


def test_one_source_can_be_read_alone_with_what_was_cancelled(both, alice, make_entry, clock_at):
    put(make_entry(alice, 1, source_id=5), make_entry(alice, 2, source_id=6))
    withdraw(alice, 5)
    clock_at(2020, 1, 2, 9, 0)

    assert [(event.url, event.cancelled) for event in diary.entries_about(alice.id, "session", 5)] == [
        ("http://127.0.0.1:5000/sessions/5", True)
    ]


@pytest.mark.parametrize("many", [1, 200])
def test_a_change_to_any_number_of_entries_takes_the_same_queries(both, alice, make_entry, queries, many):
    entries = [make_entry(alice, number + 1, source_id=number // 2) for number in range(many)]
    moved = [replace(entry, starts_at=entry.starts_at + LATER, ends_at=entry.ends_at + LATER) for entry in entries]
    moved.append(make_entry(alice, 1000, source_id=0))
    person_id = alice.id
    with unit_of_work(), queries() as to_write:
        diary.put(entries)
    with unit_of_work(), queries() as to_move:
        diary.put(moved)
    with unit_of_work(), queries() as to_replace:
        diary.replace([person_id], "session", 0, [replace(entries[0], title="Module 3")])
    with unit_of_work(), queries() as to_withdraw:
        diary.withdraw([person_id], "session", range(many))
    with queries() as to_ask:
        diary.busy([person_id], clock.now())

    assert [len(sent) for sent in (to_write, to_move, to_replace, to_withdraw, to_ask)] == [2, 3, 2, 1, 1]
    assert {row.cancelled_at for row in rows_of(alice)} == {clock.now()}
