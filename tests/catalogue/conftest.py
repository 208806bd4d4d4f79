"""What the catalogue's tests share: real packs and a small invented one, adopted; and a count of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module, SchemeVersion
from cpd.catalogue.service import Adoption
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession
from tests.cast import LONG_AGO, saved

SMALL = """
organisation: {code: bury, name: Bury Council, colour: red}
version: 1
source: {title: A report, body: A committee, published: 2019-03, cites: [G-1]}
assumptions:
  - {id: AMB-21, sentence: Basics need no booking.}
settings: {booking_closes_days_before: 3}
terms:
  - {term: Non-Violent Resistance, other_names: [NVR], cites: [G-1]}
modules:
  - {code: BASICS, title: The basics, module_format: taught, booking_mode: drop_in, cites: [AMB-21]}
  - {code: SHORT, title: The basics in short, module_format: practice_short}
  - code: FURTHER
    title: Going further
    module_format: taught
    prerequisites: {completed: BASICS}
    validity_months: 12
equivalences:
  - {module: BASICS, other: SHORT, valid_from: 2018-11-01, valid_to: 2018-12-31}
programmes:
  - code: way
    title: The way
    elements: [{module: BASICS, is_mandatory: true}, {module: FURTHER, is_mandatory: false}]
"""


def adopt(text: str, **more) -> Adoption:
    """Adopt a pack given as text."""
    return catalogue.adopt_scheme(read_pack(text), text, by=None, **more)


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
def hold() -> Callable[..., TrainingSession]:
    """Hold a session of a module of an adopted pack: `hold("M2", london(2019, 1, 15, 9, 30))`."""

    def make(code: str, starts_at: datetime, places: int | None = 20, status: str = "published") -> TrainingSession:
        module = db.session.scalars(select(Module).where(Module.code == code)).one()
        ends_at = starts_at + timedelta(hours=3)
        return saved(
            TrainingSession(
                organisation_id=module.organisation_id,
                module_id=module.id,
                status=status,
                capacity=places,
                starts_at=starts_at,
                ends_at=ends_at,
                created_at=LONG_AGO,
                days=[SessionDay(starts_at=starts_at, ends_at=ends_at)],
            )
        )

    return make


@pytest.fixture
def adopt_real() -> Callable[..., SchemeVersion]:
    """Adopt the real pack of a council: `adopt_real("gateshead")`."""

    def adopt_it(council: str) -> SchemeVersion:
        path = PACKS / f"{council}.yaml"
        return catalogue.adopt_pack(read_pack(path), path.read_text(), by=None)

    return adopt_it
