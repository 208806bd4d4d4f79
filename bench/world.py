"""What is measured: the large demonstration, one visitor with a typical record, and people who rush."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, insert, select

from cpd.booking.models import Booking
from cpd.booking.service import BookingRefused, book_places
from cpd.catalogue import service as catalogue
from cpd.diary import service as diary
from cpd.diary.service import Entry
from cpd.people.models import Person
from cpd.record.models import RecordFact
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from cpd.timetable.models import SessionDay, TrainingSession

TOP = Path(__file__).resolve().parents[1]
EVE_OF_TERM = "2019-01-02T09:00"
FREE = datetime(2020, 1, 6, 9, 30, tzinfo=LONDON)
"""A day on which the demonstration has nothing, and so no one who rushes is busy."""

HOURS = timedelta(hours=3)
PLACES = 20
ENTRIES = 200
WAITS = 2


@dataclass(frozen=True)
class Signed:
    """What the browser of somebody who is signed in sends: her cookie and her form's token."""

    person_id: int
    cookie: str
    token: str


def load(environment: dict[str, str], people: int, sessions: int) -> None:
    """Migrate an empty database and load the large demonstration into it."""
    for command in (["db", "upgrade"], ["demo", "--people", str(people), "--sessions", str(sessions)]):
        run = [sys.executable, "-m", "flask", "--app", "app", *command]
        subprocess.run(run, cwd=TOP, env=os.environ | environment, check=True, capture_output=True)


def sign_in(app: Flask, person: Person) -> Signed:
    """Sign somebody in without asking for her password."""
    with app.app_context(), app.test_request_context():  # each with a `g` of her own, where her token is kept
        session["_user_id"], session["_fresh"] = person.get_id(), True
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)
        return Signed(person.id, f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token)


def visitor(app: Flask) -> Signed:
    """Choose somebody on her way who has places, and let her wait for two sessions as well."""
    places = select(func.count()).where(Booking.person_id == Person.id, Booking.status == "confirmed").scalar_subquery()
    wanted = (
        select(Person)
        .join(RecordFact, RecordFact.person_id == Person.id)
        .where(places > WAITS)
        .group_by(Person.id)
        .having(func.count() > WAITS)
        .order_by(Person.id)
    )
    person = db.session.scalars(wanted).unique().first()
    signed, waits = sign_in(app, person), 0
    full = select(TrainingSession.id).where(TrainingSession.places_taken == TrainingSession.capacity)
    for training_session_id in db.session.scalars(full.order_by(TrainingSession.id)).all():
        try:
            book_places(signed.person_id, [training_session_id], by=signed.person_id)
        except BookingRefused:
            continue
        waits += 1
        if waits == WAITS:
            break
    return signed


def free_people(app: Flask, size: int) -> list[Signed]:
    """Sign in the first people who have no bookings. Raises RuntimeError where they are too few."""
    busy = select(Booking.person_id)
    wanted = select(Person).where(Person.email.like("person%"), Person.id.not_in(busy)).order_by(Person.id).limit(size)
    found = list(db.session.scalars(wanted).unique())
    if len(found) < size:
        raise RuntimeError(f"{size} people without bookings are needed, and there are {len(found)}")
    return [sign_in(app, person) for person in found]


def empty_sessions(count: int) -> Iterator[int]:
    """Make sessions of 20 places, each of another module that is open to everybody, each on another day."""
    modules = [each for each in catalogue.modules_of([1]).values() if each.asks_nothing and not each.is_drop_in]
    for number, module in enumerate(modules[:count]):
        with unit_of_work() as unit:
            starts_at = FREE + timedelta(days=number)
            times = {"starts_at": starts_at, "ends_at": starts_at + HOURS}
            row = {"organisation_id": 1, "module_id": module.id, "status": "published", "capacity": PLACES}
            made = insert(TrainingSession).values(**row, **times, created_at=starts_at - timedelta(days=400))
            training_session_id = unit.scalar(made.returning(TrainingSession.id))
            unit.execute(insert(SessionDay).values(training_session_id=training_session_id, **times))
        yield training_session_id


def calendar(person_id: int) -> str:
    """Put 200 entries into somebody's diary, and return the path of her feed."""
    diary.put(
        [
            Entry(
                person_id=person_id,
                organisation_id=1,
                key=f"session-day-{number}-person-{person_id}",
                source="session",
                source_id=number,
                title=f"Module {number % 7 + 1}: Systemic practice",
                location="Bridges Room, Civic Centre",
                description="Bring a genogram of a family you know well, and something to write with.",
                path=f"/sessions/{number}",
                starts_at=FREE + timedelta(days=number),
                ends_at=FREE + timedelta(days=number) + HOURS,
            )
            for number in range(ENTRIES)
        ]
    )
    return f"/calendar/{diary.feed_token(person_id)}.ics"
