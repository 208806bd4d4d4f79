"""`flask worker` does what is due: once, or again and again."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from cpd.booking.models import AccessNeed, Booking, SettleRequest
from cpd.booking.rules import Status
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable.models import TrainingSession
from tests.cast import london
from tests.commands.conftest import ask, change


@pytest.fixture
def asked_to_settle(full):
    """A place has become free for which Bob waits, and somebody noted it down."""
    change(
        update(TrainingSession).values(capacity=2),
        insert(SettleRequest).values(training_session_id=full.id, requested_at=clock.real_now()),
    )


def test_it_gives_the_place_that_somebody_was_noted_down_for(both, asked_to_settle, flask, finds_nothing):
    assert flask("worker", "--once") == (0, ["1 sessions settled"])

    assert db.session.get_one(Booking, 2).status == Status.CONFIRMED
    assert db.session.query(SettleRequest).count() == 0
    finds_nothing()
    assert flask("worker", "--once") == (0, ["nothing was due"])


def test_it_erases_needs_once_their_time_is_over(both, alice, make_session, clock_at, flask):
    ask(alice, make_session(starts_at=london(2019, 1, 15, 9)), access_needs="No nuts")
    clock_at(2019, 1, 22, 11, 59)
    assert flask("worker", "--once") == (0, ["nothing was due"])

    clock_at(2019, 1, 22, 12)

    assert flask("worker", "--once") == (0, ["1 access needs erased"])
    assert db.session.query(AccessNeed).count() == 0


def test_it_goes_on_until_it_is_ended(app, asked_to_settle, flask, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) > 10:
            raise SystemExit(0)

    monkeypatch.setattr("time.sleep", sleep)

    assert flask("worker") == (0, ["1 sessions settled"])
