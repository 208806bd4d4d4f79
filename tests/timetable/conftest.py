"""What the tests of taking timetables share: Gateshead's programme, its real timetable, and smaller files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module
from cpd.catalogue.service import ProgrammeFacts
from cpd.desk.importing import take_timetable
from cpd.shared.database import db
from cpd.timetable.files import open_file, read_opened
from cpd.timetable.importing import Outcome, import_timetable
from cpd.timetable.models import SessionDay, TrainingSession
from tests.packs import adopt_text, pack_text

DATA = Path(__file__).parents[1] / "data"
CSV = "gateshead-systemic-2019.csv"
TXT = "gateshead-systemic-2019.txt"
HEADER = "module,title,start_date,start_time,end_date,end_time,venue,room,session_ref,capacity,facilitator"
MORNING = "M2,,2019-01-15,09:30,2019-01-15,12:30,Dryden Road PDC,Room 2"
AFTERNOON = "M3,,2019-01-15,13:30,2019-01-15,16:30,Dryden Road PDC,Room 2"
TWO_DAYS = "M6,,2019-01-31,09:30,2019-02-01,16:30,UNN,"


@pytest.fixture
def systemic(app_in_use, organisation) -> ProgrammeFacts:
    """Gateshead's programme, from its real pack."""
    adopt_text(pack_text("gateshead"))
    programme = catalogue.programme_by_code("systemic")
    assert programme
    return programme


@pytest.fixture
def take(systemic) -> Callable[..., Outcome]:
    """Take a timetable given as rows below `HEADER`: `take(MORNING, publish=True)`."""

    def taken(*rows: str, header: str = HEADER, dry_run: bool = False, publish: bool = False, by=None) -> Outcome:
        content = "\n".join([header, *(filled(row) for row in rows)]).encode()
        return taken_file(systemic, "t.csv", content, dry_run=dry_run, publish=publish, by=by)

    return taken


@pytest.fixture
def take_real(systemic) -> Callable[..., Outcome]:
    """Take one of the real files: `take_real(CSV)`."""

    def taken(name: str, *, year: int | None = None, publish: bool = False) -> Outcome:
        return taken_file(systemic, name, (DATA / name).read_bytes(), year=year, publish=publish)

    return taken


@pytest.fixture
def counted_queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements that are sent to the database within a block."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if not statement.startswith("BEGIN"):
                sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count


def taken_file(programme, name, content, *, year=None, dry_run=False, publish=False, by=None):
    read = read_opened(open_file(name, content), programme, year=year)
    if dry_run:
        return import_timetable(programme, read, by=by, dry_run=True, publish=publish)
    return take_timetable(programme, read, by=by, publish=publish)


def filled(row):
    """Fill a row up to the header's width."""
    return row + "," * (HEADER.count(",") - row.count(","))


def sessions():
    """Every session that is there, in the order in which they start."""
    db.session.rollback()
    return list(db.session.scalars(select(TrainingSession).order_by(TrainingSession.starts_at, TrainingSession.id)))


def session_of(module):
    """The one session of a module."""
    db.session.rollback()
    wanted = select(TrainingSession).join(Module, Module.id == TrainingSession.module_id).where(Module.code == module)
    return db.session.scalars(wanted).one()


def days(*, removed=False):
    """Every day that is there, in order."""
    db.session.rollback()
    wanted = select(SessionDay).where(SessionDay.is_removed.is_(removed)).order_by(SessionDay.starts_at, SessionDay.id)
    return list(db.session.scalars(wanted))


def notes(found):
    return [str(note) for note in found]
