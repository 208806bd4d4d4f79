"""An act runs whole again when the database asks for it, and says so when it has to give up."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from cpd.people.models import Organisation
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import MOST_TRIES, TooBusyError, one_transaction, unit_of_work


class DriverError(Exception):
    """What a driver raises, with the database's code."""

    def __init__(self, sqlstate):
        super().__init__()
        self.sqlstate = sqlstate


def act_that_fails(times, sqlstate):
    """An act that others are in the way of so many times; it counts how often it was tried."""
    tries = []

    @one_transaction
    def act():
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError("SELECT", {}, DriverError(sqlstate))
        return len(tries)

    return act, tries


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("cpd.shared.unit_of_work.time.sleep", lambda _seconds: None)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "55P03"], ids=["deadlock", "serialisation", "lock time-out"])
def test_an_act_that_others_were_in_the_way_of_is_done_in_the_end(both, sqlstate):
    act, _ = act_that_fails(MOST_TRIES - 1, sqlstate)

    assert act() == MOST_TRIES


def test_after_five_tries_it_says_that_it_is_too_busy(both):
    act, tries = act_that_fails(MOST_TRIES, "40P01")

    with pytest.raises(TooBusyError):
        act()

    assert len(tries) == MOST_TRIES


def test_what_trying_again_cannot_mend_is_raised_at_once(both):
    act, tries = act_that_fails(1, "42P01")

    with pytest.raises(OperationalError):
        act()

    assert len(tries) == 1


def organisations():
    """How many employers this reader sees."""
    return db.session.scalar(select(func.count()).select_from(Organisation))


def test_a_page_reads_one_moment_whatever_others_change_between_its_questions(both):
    before = organisations()
    with db.engine.begin() as somebody_else:
        somebody_else.execute(Organisation.__table__.insert().values(code="bury", name="Bury", created_at=clock.now()))

    assert organisations() == before
    with unit_of_work():
        assert organisations() == before + 1
