"""A rush for the places of one session: many people, few places, every page and form step, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

import requests
from flask import Flask
from sqlalchemy import create_engine, insert, text

from cpd.catalogue.models import Module, SchemeVersion
from cpd.catalogue.packed import hash_of
from cpd.people.models import Organisation, Person, Post
from cpd.people.passwords import hash_password
from cpd.requirements.language import NOTHING
from cpd.schemes.reading import read_adopted
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession
from tests.cast import BARE_PACK, EVERYBODY, london
from tests.serving import Server, Visitor, serving

LONG_AGO = datetime(2018, 9, 1, tzinfo=UTC)
AT_ONCE = 32
MOST_TRIES = 50
Answer = TypeVar("Answer")


@dataclass
class Outcome:
    """What came of a rush: what people saw go wrong, what they were told, and what is kept."""

    wrong: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    broken: int = 0
    kept: list[tuple[str, str, int]] = field(default_factory=list)
    """Each booking's person, status and number, in the order of the numbers."""


def fill(app: Flask, people: int, places: int) -> int:
    """Put people and one session with so many places into an empty database; returns the session's id."""
    with app.app_context():
        organisation = Organisation(code="gateshead", name="Gateshead Council", created_at=LONG_AGO)
        db.session.add(organisation)
        db.session.flush()
        fill_people(organisation.id, people)
        pack = BARE_PACK.format(code=organisation.code, name=organisation.name)
        scheme = SchemeVersion(
            organisation_id=organisation.id,
            version=1,
            content=pack,
            content_hash=hash_of(read_adopted(pack)),
            adopted_at=LONG_AGO,
        )
        db.session.add(scheme)
        db.session.flush()
        nothing = requirement_to_json(NOTHING)
        module = Module(
            organisation_id=organisation.id, scheme_version_id=scheme.id, code="RUSH", title="Rush",
            prerequisite=nothing, audience=EVERYBODY,
        )  # fmt: skip
        db.session.add(module)
        db.session.flush()
        times = {"starts_at": london(2019, 1, 15, 9, 30), "ends_at": london(2019, 1, 15, 12, 30)}
        what = {"organisation_id": organisation.id, "module_id": module.id, "status": "published"}
        session = TrainingSession(**what, **times, capacity=places, created_at=LONG_AGO, days=[SessionDay(**times)])
        db.session.add(session)
        db.session.commit()
        number = session.id
        db.session.remove()
        db.engine.dispose()
    return number


def fill_people(organisation_id: int, count: int) -> None:
    """Put people by number: the first is the manager of all others, so that somebody else is told too."""
    shared = {"organisation_id": organisation_id, "password_hash": hash_password("demonstration")}
    people = [
        {**shared, "employee_number": f"E{number}", "email": email(number), "name": f"Person {number}"}
        | {"session_version": 1, "created_at": LONG_AGO}
        for number in range(1, count + 1)
    ]
    ids = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people))
    post = {"organisation_id": organisation_id, "starts_on": date(2018, 1, 1), "recorded_at": LONG_AGO}
    posts = [{"person_id": each, "manager_id": ids[0] if each != ids[0] else None, **post} for each in ids]
    db.session.execute(insert(Post), posts)


def email(number: int) -> str:
    """Name somebody by number."""
    return f"person{number:05}@demo.example"


@dataclass
class Rush:
    """People who want the same session, each at a browser of her own."""

    server: Server
    training_session_id: int
    outcome: Outcome = field(default_factory=Outcome)
    kill_at: Collection[int] = ()
    """A worker is killed each time that so many bookings were acknowledged."""

    _lock: Lock = field(default_factory=Lock)

    def let_everybody_book(self, people: int) -> None:
        """Let so many people look and book, 32 at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self._book, number) for number in range(1, people + 1)]:
                done.result()

    def _book(self, number: int) -> None:
        """Sign in, look at the timetable and the session, book, and look at what came of it."""
        visitor = Visitor(self.server.url)
        try:
            self._persist(lambda: visitor.sign_in(email(number)))
            self._look(visitor, "/timetable")
            page = f"/sessions/{self.training_session_id}"
            for _ in range(MOST_TRIES):
                if _row(self._look(visitor, page))[0] in ("booked", "waiting"):
                    break  # an answer was lost on its way, but the booking is there
                if self._ask(visitor, number):
                    break
            state, position = _row(self._look(visitor, page))
            self.outcome.states.append(state)
            if position:
                self.outcome.positions.append(int(position))
        finally:
            visitor.close()

    def _ask(self, visitor: Visitor, number: int) -> bool:
        """Send the form once; False where the connection broke, so that nobody knows what came of it."""
        try:
            answer = visitor.post(f"/sessions/{self.training_session_id}/book", follow=False)
        except requests.RequestException:
            self._count_break()
            return False
        if answer.status_code != requests.codes.see_other:
            self.outcome.wrong.append(f"person {number} was answered {answer.status_code}")
            return True
        with self._lock:
            self.outcome.acknowledged.add(email(number))
            if len(self.outcome.acknowledged) in self.kill_at:
                self.server.kill_a_worker()
        return True

    def _look(self, visitor: Visitor, path: str) -> str:
        """Open a page, again and again where the connection breaks."""
        answer = self._persist(lambda: visitor.get(path))
        if not answer.ok:
            self.outcome.wrong.append(f"{path} was answered {answer.status_code}")
        return answer.text

    def _persist(self, act: Callable[[], Answer]) -> Answer:
        for _ in range(MOST_TRIES):
            try:
                return act()
            except requests.RequestException:
                self._count_break()
        raise AssertionError("The server does not answer any more")

    def _count_break(self) -> None:
        with self._lock:
            self.outcome.broken += 1


def _row(page: str) -> tuple[str, str]:
    """Read how the session stands: its state, and the position on its waiting list."""
    found = re.search(r'data-state="(\w+)"[^>]*data-position="(\d*)"', page)
    return (found[1], found[2]) if found else ("unknown", "")


def rush(app: Flask, folder: Path, people: int, places: int, kill_at: Collection[int] = ()) -> Outcome:
    """Let everybody book at once; a worker is killed each time that so many bookings were acknowledged."""
    training_session_id = fill(app, people, places)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with serving(url, folder) as server:
        going = Rush(server, training_session_id, kill_at=kill_at)
        going.let_everybody_book(people)
        if going.outcome.wrong:
            going.outcome.wrong.append(server.first_fault())
    engine = create_engine(url)
    with engine.connect() as connection:
        wanted = "SELECT email, status, request_number FROM booking JOIN person ON person.id = person_id ORDER BY 3"
        going.outcome.kept = [tuple(row) for row in connection.execute(text(wanted))]
    engine.dispose()
    return going.outcome
