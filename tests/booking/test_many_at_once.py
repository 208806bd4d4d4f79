"""Promoting through a long list asks the database as often as through a short one, the writes themselves left aside."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import func, select

from cpd.booking.capacity import change_capacity
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.requirements.language import Completed
from cpd.shared.database import db
from tests.cast import london
from tests.home.test_query_counts import queries

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE")
MANY = int(os.environ.get("MANY", "15"))
"""How many wait on the longer list: a moderate number in the usual tests."""


@pytest.fixture
def wait_for(make_person, manager, make_session):
    """Make twice as many people wait: every other one on condition of a place before, the rest set down by hand."""

    def make(module, count: int, before) -> int:
        session = make_session(module, london(2019, 1, 22, 9, 30), places=0)
        for number in range(2 * count):
            person = make_person(manager=manager)
            if number % 2:
                book_places(person.id, [session.id], by=person.id, override_reason="Kept by hand")
            else:
                book_places(person.id, [before.id, session.id], by=person.id)
        return session.id

    return make


def test_promoting_through_a_long_list_takes_no_more_questions(both, make_module, make_session, wait_for, officer):
    first = make_session(make_module("FIRST"), london(2019, 1, 15, 9, 30), places=None)
    second = make_module("SECOND", needs=Completed("FIRST"))
    asked = []
    for count in (3, MANY):
        session_id = wait_for(second, count, first)
        db.session.rollback()
        with queries() as statements:
            change_capacity(session_id, 2 * count, by=officer.id)
        asked.append([each for each in statements if not each.startswith(WRITES)])
        confirmed = select(func.count()).where(Booking.training_session_id == session_id, Booking.status == "confirmed")
        assert db.session.scalar(confirmed) == 2 * count

    assert len(asked[1]) == len(asked[0]), "\n".join(asked[1])
