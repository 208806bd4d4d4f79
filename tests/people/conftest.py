"""What the tests of people share: files of people, the clock of limits, and a signed-in client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from cpd.people import passwords
from cpd.people.importing import Outcome, import_people
from cpd.people.models import Person, Post
from cpd.people.reading import read_people
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage

HEADER = (
    "organisation,employee_number,email,name,team,manager_employee_number,roles,career_level,staff_type,fte,"
    "qualified_on,registered_on,starts_on,leaves_on"
)
MARY = "gateshead,N1,mary@demo.example,Mary Manager,Assessment Team 1,,,,employee,1,2005-07-01,2005-09-01,2017-04-01,"
ALICE = "gateshead,N2,alice@demo.example,Alice Learner,Assessment Team 1,N1,,ASYE,employee,0.6,2018-07-02,,2018-09-03,"
GOOD_PASSWORD = "tractor window lemon"


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def take(*rows: str, header: str = HEADER, by: int | None = None, **more) -> Outcome:
    return import_people(read_people("people.csv", file_of(*rows, header=header)), by=by, **more)


def row(start: str = ALICE, **changes: str) -> str:
    """A row with some of its cells changed."""
    cells = dict(zip(HEADER.split(","), start.split(","), strict=True)) | changes
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def notes(outcome) -> list[str]:
    return [str(note) for note in outcome.refused]


def person(number: str) -> Person:
    """Somebody as she now stands in the database."""
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.employee_number == number)).unique().one()


def posts_of(number: str, *, superseded: bool = False) -> list[Post]:
    """Her posts in the order of time; with `superseded`, those that no longer hold."""
    wanted = select(Post).join(Person, Person.id == Post.person_id).where(Person.employee_number == number)
    in_force = Post.superseded_at.is_not(None) if superseded else Post.superseded_at.is_(None)
    return list(db.session.scalars(wanted.where(in_force).order_by(Post.starts_on)))


def messages(kind: str) -> list[OutboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id)))


def error_on(answer) -> str:
    """The first thing that the page asks to be put right."""
    found = re.search(r"govuk-error-summary__body.*?<li>\s*(?:<a[^>]*>)?([^<]+)", answer.text, re.DOTALL)
    return found[1].strip() if found else ""


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the statements sent to the database within a block."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def later(monkeypatch) -> Callable[..., None]:
    """Let real time pass: `later(minutes=16)`."""
    start = datetime.now(clock.LONDON)
    passed = timedelta()

    def pass_by(**much: float) -> None:
        nonlocal passed
        passed += timedelta(**much)
        monkeypatch.setattr(clock, "real_now", lambda: start + passed)

    pass_by()
    return pass_by


@pytest.fixture
def with_password(request) -> Callable[..., Person]:
    """Give somebody a password, as if she had chosen it long ago."""

    def give(somebody: Person, password: str = GOOD_PASSWORD) -> Person:
        somebody.password_hash = passwords.hash_password(password)
        db.session.commit()
        return somebody

    return give


@pytest.fixture
def signed_in() -> Callable:
    """A client in which somebody is signed in: `signed_in(app, alice)`."""

    def sign_in(app, somebody: Person):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = somebody.get_id()
            cookie["_fresh"] = True
        return client

    return sign_in
