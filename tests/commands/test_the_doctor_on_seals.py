"""`flask doctor` reads the whole chain of seals, and `flask seal` gives the newest to be kept elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpd.shared import clock, history, sealing
from cpd.shared.unit_of_work import unit_of_work
from tests.shared.test_sealing import tamper


@pytest.fixture
def sealed(both):
    """Three entries of the history, sealed, and one that is not."""
    for number in range(3):
        write(number)
    sealing.seal_everything()
    write(3)


def write(number):
    with unit_of_work():
        history.note("tested", "thing", number, actor_id=None, organisation_id=None)


def line(lines, name):
    return next(each for each in lines if each.startswith(f"{name}:"))


def test_a_whole_chain_and_its_tail_are_told(sealed, flask):
    code, lines = flask("doctor")

    assert code == 0
    assert line(lines, "seals of the history") == "seals of the history: 1 seals"
    assert line(lines, "history not sealed yet") == "history not sealed yet: 1 entries"


def test_entries_that_nobody_seals_for_a_day_are_a_fault(sealed, finds, monkeypatch):
    later = clock.real_now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)

    finds("history not sealed yet: 1 entry waits for a seal, the oldest for 24 hours: is the worker running?")


def test_a_changed_entry_is_named(sealed, finds):
    tamper("UPDATE audit_event SET verb = 'other' WHERE id = 2")

    finds("seals of the history: entry 2 of the history was changed after it was sealed (seal 1)")


def test_a_missing_guard_is_told(app, flask):
    from cpd.shared.database import db

    with db.engine.connect().execution_options(cpd_write=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER audit_seal_no_update")
    code, lines = flask("doctor")

    assert code == 1
    assert "guard of the seals: seals can be changed: a trigger of audit_seal is missing" in lines


def test_the_newest_seal_is_printed_and_compared_later(sealed, flask):
    code, (kept,) = flask("seal", "--newest")
    assert code == 0
    assert kept == f"1:{sealing.newest_seal().hash}"

    code, (newest,) = flask("seal")
    assert (code, newest.partition(":")[0]) == (0, "2")

    code, lines = flask("doctor", "--seal", kept)
    assert code == 0
    assert line(lines, "seal kept elsewhere") == "seal kept elsewhere: 1 seals up to it"


def test_a_history_made_anew_is_told_by_the_seal_that_was_kept(sealed, flask):
    _, (kept,) = flask("seal", "--newest")
    tamper("UPDATE audit_event SET reason = 'other' WHERE id = 2", "DELETE FROM audit_seal")
    sealing.seal_everything()

    assert flask("doctor")[0] == 0
    code, lines = flask("doctor", "--seal", kept)
    assert code == 1
    assert "not the one that was kept elsewhere" in line(lines, "seal kept elsewhere")


@pytest.mark.parametrize("typed", ["x", "1", "1:abc", "one:" + "0" * 64])
def test_what_is_no_seal_is_refused(app, flask, typed):
    assert flask("doctor", "--seal", typed)[0] == 2


def test_where_nothing_is_sealed_nothing_is_printed(app, flask):
    assert flask("seal", "--newest") == (1, [])
