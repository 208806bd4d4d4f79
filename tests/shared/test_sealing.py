"""The history is sealed: whatever is done to it behind the application's back is found, and the entry is named."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from cpd.shared import clock, history, sealing
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.seal_chain import Entry, faults_in, sealed
from cpd.shared.sealing import (
    SealsAreLateError,
    broken_seals,
    count_seals,
    count_unsealed,
    newest_seal,
    seal_everything,
    seal_history,
)
from cpd.shared.unit_of_work import unit_of_work
from tests.people.conftest import counted_queries

NOW = datetime(2019, 1, 2, 9, tzinfo=UTC)
GUARDS = {
    "sqlite": (
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
        "DROP TRIGGER audit_seal_no_update",
        "DROP TRIGGER audit_seal_no_delete",
    ),
    "postgresql": ("SET LOCAL session_replication_role = replica",),
}


def write(count=1, **more):
    """Write so many entries, each with something in it that JSON must keep."""
    with unit_of_work():
        for number in range(count):
            after = {"name": "Ærø – „quoted“", "number": number, "more": [1, None, True]}
            history.note("tested", "thing", number, actor_id=None, organisation_id=None, after=after, **more)


def tamper(*statements):
    """Change the database as somebody could who owns it; what stands guard is back afterwards."""
    with db.engine.connect().execution_options(cpd_write=True) as connection, connection.begin():
        guards = []
        if connection.dialect.name == "sqlite":
            names = [each.rsplit(" ", 1)[-1] for each in GUARDS["sqlite"]]
            wanted = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
            guards = [connection.exec_driver_sql(wanted, (name,)).scalar_one() for name in names]
        for each in GUARDS[connection.dialect.name]:
            connection.exec_driver_sql(each)
        for each in statements:
            connection.execute(text(each) if isinstance(each, str) else each)
        for each in guards:
            connection.exec_driver_sql(each)


def faults():
    db.session.rollback()
    return list(broken_seals())


@pytest.fixture
def chain(both, monkeypatch):
    """Three seals of four entries each, and two entries that are not sealed yet."""
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 4)
    write(12)
    assert seal_everything() == 12
    write(2)
    return both


def test_a_whole_chain_has_no_fault_and_the_tail_is_counted(chain):
    assert faults() == []
    assert (count_seals(), count_unsealed()) == (3, 2)
    assert newest_seal().number == 3


def test_sealing_goes_on_where_it_ended_and_seals_nothing_twice(chain):
    assert seal_everything() == 2
    assert seal_everything() == 0
    assert (count_seals(), count_unsealed(), faults()) == (4, 0, [])


@pytest.mark.parametrize(
    "column",
    ["verb = 'x'", "reason = 'other'", "after = NULL", "subject_id = 99", "recorded_at = '2018-01-01 00:00:00+00:00'"],
)
def test_a_changed_entry_is_found_and_named(chain, column):
    if db.engine.dialect.name == "sqlite":
        column = column.replace("+00:00", "")
    tamper(f"UPDATE audit_event SET {column} WHERE id = 6")  # noqa: S608 - our own words

    assert faults() == ["entry 6 of the history was changed after it was sealed (seal 2)"]


def test_an_entry_taken_out_is_found_and_named(chain):
    tamper("DELETE FROM audit_event WHERE id = 8")

    assert faults() == ["entry 8 of the history was taken out after it was sealed (seal 2)"]


def test_an_entry_put_in_where_a_number_was_free_is_found_and_named(both, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 4)
    write(2)
    row = {"verb": "tested", "subject": "thing", "subject_id": 1, "happened_at": NOW, "recorded_at": NOW}
    with unit_of_work():
        db.session.execute(insert(AuditEvent).values(id=9, **row))  # numbers 3 to 8 were lost
    seal_everything()
    assert faults() == []

    tamper(insert(AuditEvent).values(id=5, **row))

    assert faults() == ["entry 5 of the history was put in after its time had been sealed (seal 1)"]


def test_a_seal_taken_out_of_the_chain_is_found(chain):
    tamper("DELETE FROM audit_seal WHERE id = 2")

    assert "seal 2 is missing: the next one found is 3" in faults()


def test_the_first_seal_taken_out_is_found(chain):
    tamper("DELETE FROM audit_seal WHERE id = 1")

    assert "seal 1 is missing: the next one found is 2" in faults()


@pytest.mark.parametrize("column", ["marks = ''", "count = 3", "last_id = 9", "sealed_at = '2018-01-01 00:00:00'"])
def test_a_changed_seal_is_found(chain, column):
    tamper(f"UPDATE audit_seal SET {column} WHERE id = 2")  # noqa: S608 - our own words

    assert "seal 2 was changed after it was made" in faults()


def test_a_chain_made_anew_is_whole_but_is_not_the_one_of_which_a_seal_was_kept(chain):
    kept = newest_seal()
    tamper("UPDATE audit_event SET reason = 'because' WHERE id = 6", "DELETE FROM audit_seal")
    seal_everything()

    assert faults() == []
    assert "was kept elsewhere: the history was made anew" in sealing.fault_of_kept_seal(kept.number, kept.hash)


def test_the_newest_seals_taken_out_are_told_by_the_one_that_was_kept(chain):
    kept = newest_seal()
    tamper("DELETE FROM audit_seal WHERE id = 3")

    assert faults() == []
    assert sealing.fault_of_kept_seal(kept.number, kept.hash) == "seal 3, which was kept elsewhere, is not there"
    assert sealing.fault_of_kept_seal(2, sealing.find_seal(2).hash) is None


@pytest.mark.parametrize("act", ["UPDATE audit_seal SET count = 1", "DELETE FROM audit_seal"])
def test_seals_can_be_neither_changed_nor_deleted(chain, act):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act))
    db.session.rollback()


def test_neither_history_nor_seals_can_be_emptied_at_a_stroke(chain):
    if db.engine.dialect.name == "sqlite":
        return  # it knows no such statement
    for table in ("audit_event", "audit_seal"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(f"TRUNCATE {table}"))
        db.session.rollback()


def test_two_sealers_at_once_make_one_chain(both, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 3)
    write(30)
    begin, counts = threading.Barrier(3), []

    def run():
        with both.app_context():
            begin.wait()
            counts.append(seal_everything())

    threads = [threading.Thread(target=run) for _ in range(3)]
    [each.start() for each in threads]
    [each.join() for each in threads]

    assert (sum(counts), count_seals(), count_unsealed(), faults()) == (30, 10, 0, [])


def test_writers_and_a_sealer_at_once_leave_nothing_out(both):
    """Eight threads write while one seals: every entry is sealed once, none was waited for in vain."""
    begin, stop = threading.Barrier(9), threading.Event()

    def busy(number):
        with both.app_context():
            begin.wait()
            for _ in range(10):
                write(1, reason=f"thread {number}")
            db.session.remove()

    def seal():
        with both.app_context():
            begin.wait()
            while not stop.is_set():
                seal_everything()
            db.session.remove()

    writers = [threading.Thread(target=busy, args=(number,)) for number in range(8)]
    sealer = threading.Thread(target=seal)
    for each in (*writers, sealer):
        each.start()
    for each in writers:
        each.join()
    stop.set()
    sealer.join()
    seal_everything()

    assert (count_unsealed(), faults()) == (0, [])
    assert count_seals() >= 1


def test_what_an_act_under_way_has_numbered_already_is_waited_for(both, monkeypatch):
    """A lower number may be committed after a higher: while such an act is under way, nothing is sealed beyond it."""
    if db.engine.dialect.name == "sqlite":
        return  # one writer at a time: numbers are committed in their order
    monkeypatch.setattr(sealing, "TRIES", 2)
    with db.engine.connect().execution_options(cpd_write=True) as slow, slow.begin():
        row = {"verb": "slow", "subject": "thing", "subject_id": 1, "happened_at": NOW, "recorded_at": NOW}
        slow.execute(insert(AuditEvent).values(**row))
        write(1)
        assert seal_everything() == 0  # put off, and no writer had to wait: the line before was not stopped
    assert seal_everything() == 2
    assert faults() == []


def test_a_sealer_killed_half_way_leaves_a_whole_chain(chain, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "asdict", die)
        with pytest.raises(KeyboardInterrupt):
            seal_everything()
    db.session.rollback()

    assert (count_seals(), count_unsealed(), faults()) == (3, 2, [])
    assert seal_everything() == 2


def test_the_worker_leaves_a_few_new_entries_a_minute(app, monkeypatch):
    write(3)
    assert seal_history() == 0
    later = clock.real_now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "real_now", lambda: later)

    assert seal_history() == 3
    assert seal_history() == 0


def test_the_worker_says_so_when_acts_leave_it_no_moment_to_seal(app, monkeypatch):
    write(3)
    monkeypatch.setattr(sealing, "_settled_up_to", lambda: 0)  # as on PostgreSQL while some act is always under way
    begun = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: begun + timedelta(minutes=14))
    assert seal_history() == 0

    monkeypatch.setattr(clock, "real_now", lambda: begun + timedelta(minutes=20, seconds=30))
    with pytest.raises(SealsAreLateError, match="3 entries wait for a seal, the oldest for 20 minutes"):
        seal_history()


def test_after_a_long_stop_the_worker_seals_and_says_nothing(app, monkeypatch):
    write(3)
    later = clock.real_now() + timedelta(days=2)
    monkeypatch.setattr(clock, "real_now", lambda: later)

    assert seal_history() == 3


def test_the_worker_seals_many_at_once(app, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 3)
    write(3)

    assert seal_history() == 3


def test_reading_the_whole_chain_takes_two_queries(chain):
    with counted_queries() as sent:
        assert list(broken_seals()) == []
    assert len(sent) == 2


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    gaps=st.lists(st.integers(1, 3), min_size=20, max_size=20),
    data=st.data(),
)
def test_any_one_change_to_sealed_entries_or_seals_is_found(sizes, gaps, data):
    """In plain values: some chain, and one entry changed, taken out or put in, or one part of a seal changed."""
    entries, seals, last = [], [], 0
    for size in sizes:
        batch = []
        for _ in range(size):
            last += gaps[len(entries) + len(batch)]
            batch.append(Entry(last, f"said {last}"))
        seals.append(sealed(batch, seals[-1] if seals else None, NOW))
        entries += batch
    assert list(faults_in(seals, entries)) == []

    act = data.draw(st.sampled_from(["change", "remove", "insert", "seal", "no seal"]))
    if act == "change":
        place = data.draw(st.integers(0, len(entries) - 1))
        entries[place] = Entry(entries[place].id, "something else")
        named = f"entry {entries[place].id} of the history was changed"
    elif act == "remove":
        named = f"entry {entries.pop(data.draw(st.integers(0, len(entries) - 1))).id} of the history was taken out"
    elif act == "insert":
        free = sorted(set(range(1, last)) - {each.id for each in entries})
        if not free:
            return
        number = data.draw(st.sampled_from(free))
        entries = sorted([*entries, Entry(number, "new")], key=lambda each: each.id)
        named = f"entry {number} of the history was put in"
    elif act == "seal":
        place = data.draw(st.integers(0, len(seals) - 1))
        changes = {"count": 99, "marks": "1:aa", "rows_hash": "0" * 64, "hash": "1" * 64, "previous_hash": "2" * 64}
        name = data.draw(st.sampled_from(sorted(changes)))
        seals[place] = replace(seals[place], **{name: changes[name]})
        named = f"seal {place + 1} was changed"
    else:
        if len(seals) == 1:
            return
        place = data.draw(st.integers(0, len(seals) - 2))
        del seals[place]
        named = f"seal {place + 1} is missing"
    assert any(fault.startswith(named) for fault in faults_in(seals, entries))
