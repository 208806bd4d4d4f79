"""A rush for the places of one session: many people, few places, every page and form step, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, insert, text

from cpd.people.models import Organisation, Person, Post
from cpd.people.passwords import hash_password
from cpd.requirements.language import NOTHING
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared.database import db
from tests.cast import london
from tests.serving import Server, Visitor, serving

from cpd.catalogue.models import Module, SchemeVersion  # isort: skip
from cpd.timetable.models import SessionDay, TrainingSession  # isort: skip

LONG_AGO = datetime(2018, 9, 1, tzinfo=UTC)
AT_ONCE = 32


def fill(app: Flask, people: int, places: int) -> int:
    """Put people and one session with so many places into an empty database; returns the session's id."""
    with app.app_context():
        organisation = Organisation(code="gateshead", name="Gateshead Council", created_at=LONG_AGO)
        db.session.add(organisation)
        db.session.flush()
        password = hash_password("demonstration")
        rows = [
            {
                "organisation_id": organisation.id,
                "employee_number": f"E{number}",
                "email": f"person{number:05}@demo.example",
                "name": f"Person {number}",
                "password_hash": password,
                "session_version": 1,
                "created_at": LONG_AGO,
            }
            for number in range(1, people + 1)
        ]
        ids = list(db.session.scalars(insert(Person).returning(Person.id), rows))
        post = {"organisation_id": organisation.id, "starts_on": date(2018, 1, 1), "recorded_at": LONG_AGO}
        db.session.execute(insert(Post), [{"person_id": each, **post} for each in ids])
        scheme = SchemeVersion(
            organisation_id=organisation.id, version=1, content="", content_hash="", adopted_at=LONG_AGO
        )
        db.session.add(scheme)
        db.session.flush()
        module = Module(
            organisation_id=organisation.id,
            scheme_version_id=scheme.id,
            code="RUSH",
            title="Rush",
            prerequisite=requirement_to_json(NOTHING),
            audience={"staff_types": [], "career_levels": [], "words": ""},
        )
        db.session.add(module)
        db.session.flush()
        starts_at, ends_at = london(2019, 1, 15, 9, 30), london(2019, 1, 15, 12, 30)
        session = TrainingSession(
            organisation_id=organisation.id,
            module_id=module.id,
            status="published",
            capacity=places,
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=LONG_AGO,
            days=[SessionDay(starts_at=starts_at, ends_at=ends_at)],
        )
        db.session.add(session)
        db.session.commit()
        number = session.id
        db.session.remove()
        db.engine.dispose()
    return number


def book_as_a_person_does(server: Server, number: int, training_session_id: int) -> list[str]:
    """Sign in, look at the timetable and the session, book, and look again; returns what went wrong."""
    visitor = Visitor(server.url)
    visitor.sign_in(f"person{number:05}@demo.example")
    wrong = []
    for path in ("/timetable", f"/sessions/{training_session_id}"):
        if not (answer := visitor.get(path)).ok:
            wrong.append(f"{path}: {answer.status_code}")
    answer = visitor.post(f"/sessions/{training_session_id}/book")
    if not answer.ok:
        wrong.append(f"booking: {answer.status_code}")
    state = re.search(r'data-state="(\w+)"', answer.text)
    if state is None or state.group(1) not in ("booked", "waiting"):
        wrong.append(f"booking led to {state and state.group(1)}")
    return wrong


@contextmanager
def rushed(app: Flask, database_url: str, folder: Path, people: int, places: int) -> Iterator[tuple[list[str], list[tuple[str, int]]]]:
    """Let everybody book at once; gives what went wrong, and each booking's status and number in order."""
    training_session_id = fill(app, people, places)
    with serving(database_url, folder) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = pool.map(lambda number: book_as_a_person_does(server, number, training_session_id), range(1, people + 1))
        wrong = [each for one in asked for each in one]
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT status, request_number FROM booking ORDER BY request_number")).all()
    engine.dispose()
    yield wrong, [(row[0], row[1]) for row in rows]
