"""What tests of registers share: a facilitator, sessions of one day or two, and people with places on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from cpd.attendance.registers import Keeper
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.people.models import Person
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.timetable.models import SessionDay, SessionFacilitator
from tests.cast import LONG_AGO, london, saved

FIRST = london(2019, 1, 15, 9, 30)


@pytest.fixture
def fay(make_person):
    """A facilitator."""
    return make_person("Fay Facilitator", Role.FACILITATOR)


@pytest.fixture
def keeper(fay):
    """The facilitator as she keeps registers."""
    return Keeper(fay.id)


@pytest.fixture
def make_held(make_session, make_module, fay):
    """Make a session that Fay facilitates: `make_held("M6", days=2)`; each day is three hours from half past nine."""

    def make(code="M2", *, starts_at=FIRST, days=1, module=None, **more):
        training_session = make_session(module or make_module(code, number_label=f"Module {code}"), starts_at, **more)
        for number in range(1, days):
            begins = starts_at + timedelta(days=number)
            ends = begins + timedelta(hours=3)
            saved(SessionDay(training_session_id=training_session.id, starts_at=begins, ends_at=ends))
            training_session.ends_at = ends
        saved(SessionFacilitator(training_session_id=training_session.id, person_id=fay.id))
        db.session.refresh(training_session)
        return training_session

    return make


@pytest.fixture
def held(make_held, alice, bob):
    """Module 2 on 15 January, with Alice and Bob on it."""
    training_session = make_held()
    for person in (alice, bob):
        book_places(person.id, [training_session.id], by=person.id)
    return training_session


def days_of(training_session):
    """The ids of a session's days, in their order."""
    return list(
        db.session.scalars(
            select(SessionDay.id)
            .where(SessionDay.training_session_id == training_session.id)
            .order_by(SessionDay.starts_at)
        )
    )


def completions():
    """Who has completed what by the registers, as it stands: (person, module, day, source)."""
    db.session.rollback()
    wanted = select(RecordFact).where(RecordFact.superseded_at.is_(None), RecordFact.source_kind.startswith("register"))
    return [
        (fact.person_id, fact.subject, fact.happened_on.isoformat(), fact.source)
        for fact in db.session.scalars(wanted.order_by(RecordFact.person_id, RecordFact.subject))
    ]


def crowd_on(training_session, count):
    """Give so many new people a place, past the services and in two statements; returns who they are."""
    first = training_session.next_number
    people = [
        {
            "organisation_id": training_session.organisation_id,
            "employee_number": f"C{training_session.id}-{number}",
            "email": f"crowd{training_session.id}-{number}@demo.example",
            "name": f"Crowd {number}",
            "created_at": LONG_AGO,
        }
        for number in range(first, first + count)
    ]
    ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
    bookings = [
        {
            "organisation_id": training_session.organisation_id,
            "person_id": person_id,
            "training_session_id": training_session.id,
            "status": "confirmed",
            "takes_place": True,
            "request_number": number,
            "requested_at": LONG_AGO,
            "confirmed_at": LONG_AGO,
            "booked_by_id": person_id,
        }
        for number, person_id in enumerate(ids, start=first)
    ]
    db.session.execute(insert(Booking), bookings)
    training_session.places_taken += count
    training_session.next_number += count
    db.session.commit()
    return ids
