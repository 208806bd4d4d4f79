"""Each page asks the database as often for a hundred rows as for five, and at most twelve times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from cpd.booking.models import Booking
from cpd.catalogue.models import Module, Programme, ProgrammeElement
from cpd.diary.models import DiaryEntry
from cpd.people.models import Person, Post
from cpd.record.models import RecordFact
from cpd.requirements.language import NOTHING, Completed
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession
from tests.cast import EVERYBODY, LONG_AGO, london, saved

FEW, MANY = 5, 100
MOST_QUERIES = 12
FIRST = london(2019, 2, 1, 9, 30)
LAST = london(2019, 12, 2, 9, 30)


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect what is asked while the block runs, without what begins a transaction."""
    asked: list[str] = []

    def keep(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            asked.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


@pytest.fixture
def asks_as_often(sign_in):
    """Expect that a page with more rows asks as often as before: `fill(rows)` adds so many."""

    def expect(viewer, path, fill, most=MOST_QUERIES):
        browser = sign_in(viewer)
        fill(range(FEW))
        assert browser.get(path).status_code == 200  # what is asked once per process is known from here on
        with queries() as for_few:
            short = browser.get(path)
        fill(range(FEW, MANY))
        with queries() as for_many:
            long = browser.get(path)

        assert len(long.text) > len(short.text) + MANY * 20  # there is more to see
        assert len(for_many) == len(for_few), "\n".join(for_many)
        assert len(for_many) <= most, "\n".join(for_many)

    return expect


@pytest.fixture
def lessons(organisation, scheme):
    """Make one module and one session for each number, on days of their own."""

    def make(numbers, *, status="published", places=20):
        owner = {"organisation_id": organisation.id}
        modules = [
            {**owner, "scheme_version_id": scheme.id, "code": f"L{number}", "title": f"Lesson {number}"}
            | {"prerequisite": requirement_to_json(NOTHING), "audience": EVERYBODY}
            for number in numbers
        ]
        module_ids = added(Module, modules)
        sessions = [
            {**owner, "module_id": module_id, "status": status, "capacity": places, "created_at": LONG_AGO}
            | day(number)
            for number, module_id in zip(numbers, module_ids, strict=True)
        ]
        session_ids = added(TrainingSession, sessions)
        added(
            SessionDay, [{"training_session_id": each} | day(n) for n, each in zip(numbers, session_ids, strict=True)]
        )
        db.session.commit()
        return module_ids, session_ids

    return make


def added(table, rows):
    """Add rows, and return their ids in order."""
    return db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows).all()


def day(number):
    starts_at = FIRST + timedelta(days=number)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}


def booking(person_id, training_session_id, number, status, organisation):
    """A live booking: every third waits."""
    moment = LONG_AGO if status == "confirmed" else None
    return {
        "organisation_id": organisation.id,
        "person_id": person_id,
        "training_session_id": training_session_id,
        "status": status,
        "request_number": number + 1,
        "requested_at": LONG_AGO,
        "confirmed_at": moment,
        "booked_by_id": person_id,
    }


def status_of(number):
    return "waiting" if number % 3 == 0 else "confirmed"


@pytest.fixture
def booked(alice, organisation, lessons):
    """Make sessions, each of another module, on which Alice has a place or waits."""

    def make(numbers):
        module_ids, session_ids = lessons(numbers)
        added(
            Booking,
            [
                booking(alice.id, each, number, status_of(number), organisation)
                for number, each in zip(numbers, session_ids, strict=True)
            ],
        )
        db.session.commit()
        return module_ids

    return make


def test_the_timetable(app, alice, booked, asks_as_often):
    asks_as_often(alice, "/timetable?per_page=500", booked, most=11)


def test_only_what_can_be_booked(app, alice, lessons, asks_as_often):
    asks_as_often(alice, "/timetable?per_page=500&bookable=y", lessons, most=11)


def test_a_session_with_the_ways_to_it(app, alice, organisation, make_module, make_session, asks_as_often):
    module = make_module("FIRST", number_label="Module 1")
    session = make_session(make_module("SECOND", needs=Completed("FIRST")), LAST)

    def fill(numbers):
        rows = [
            {"organisation_id": organisation.id, "module_id": module.id, "status": "published", "created_at": LONG_AGO}
            | day(number)
            for number in numbers
        ]
        ids = added(TrainingSession, rows)
        added(SessionDay, [{"training_session_id": each} | day(n) for n, each in zip(numbers, ids, strict=True)])
        db.session.commit()

    asks_as_often(alice, f"/sessions/{session.id}", fill)


def test_my_bookings(app, alice, booked, asks_as_often):
    asks_as_often(alice, "/my/bookings", booked, most=10)


def test_the_start_page(app, alice, organisation, scheme, booked, asks_as_often):
    programme = saved(
        Programme(organisation_id=organisation.id, scheme_version_id=scheme.id, code="lessons", title="Lessons")
    )

    def fill(numbers):
        places = zip(numbers, booked(numbers), strict=True)
        shared = {"programme_id": programme.id, "is_mandatory": True}
        added(ProgrammeElement, [{**shared, "module_id": module_id, "position": n} for n, module_id in places])
        db.session.commit()

    asks_as_often(alice, "/", fill, most=MOST_QUERIES + 3)  # what became of what she asked for, and her first years


def test_who_is_on_a_session(app, officer, organisation, make_session, asks_as_often):
    session = make_session(starts_at=LAST, places=None)

    def fill(numbers):
        shared = {"organisation_id": organisation.id}
        people = [
            {**shared, "employee_number": f"N{number}", "email": f"n{number}@demo.example", "name": f"N {number}"}
            | {"created_at": LONG_AGO}
            for number in numbers
        ]
        ids = added(Person, people)
        since = {"starts_on": LONG_AGO.date(), "recorded_at": LONG_AGO}
        added(Post, [{**shared, **since, "person_id": each} for each in ids])
        asked = zip(numbers, ids, strict=True)
        added(Booking, [booking(each, session.id, n, status_of(n), organisation) for n, each in asked])
        db.session.commit()

    asks_as_often(officer, f"/sessions/{session.id}/list", fill, most=11)


@pytest.fixture
def staff(manager, organisation):
    """Give somebody a team; everybody in it has a place on one session."""

    def make(numbers, training_session_id):
        shared = {"organisation_id": organisation.id}
        people = [
            {**shared, "employee_number": f"S{number}", "email": f"s{number}@demo.example", "name": f"S {number}"}
            | {"created_at": LONG_AGO}
            for number in numbers
        ]
        ids = added(Person, people)
        since = {"starts_on": LONG_AGO.date(), "recorded_at": LONG_AGO, "manager_id": manager.id}
        added(Post, [{**shared, **since, "person_id": each} for each in ids])
        placed = zip(numbers, ids, strict=True)
        added(Booking, [booking(each, training_session_id, n, "confirmed", organisation) for n, each in placed])
        db.session.commit()
        return ids

    return make


def test_my_team(app, manager, organisation, scheme, staff, make_module, make_session, asks_as_often):
    module = make_module("M1", number_label="Module 1")
    programme = saved(
        Programme(organisation_id=organisation.id, scheme_version_id=scheme.id, code="lessons", title="Lessons")
    )
    saved(ProgrammeElement(programme_id=programme.id, module_id=module.id, position=0, is_mandatory=True))
    session = make_session(module, LAST, places=None)
    staff([-1], session.id)  # whom she manages makes her a manager

    asks_as_often(manager, "/team", lambda numbers: staff(numbers, session.id), MOST_QUERIES + 9)  # and who is ready


def test_my_team_week(app, manager, organisation, staff, make_session, asks_as_often):
    session = make_session(starts_at=LAST, places=None)
    staff([-1], session.id)

    def fill(numbers):
        shared = {"organisation_id": organisation.id, "source": "session", "source_id": session.id, "title": "Lesson"}
        times = {
            "starts_at": LAST,
            "ends_at": LAST + timedelta(hours=3),
            "created_at": LONG_AGO,
            "changed_at": LONG_AGO,
        }
        ids = zip(numbers, staff(numbers, session.id), strict=True)
        added(DiaryEntry, [{**shared, **times, "person_id": each, "uid": f"entry-{n}@test"} for n, each in ids])
        db.session.commit()

    asks_as_often(manager, "/team/week?from=2019-12-02", fill)


@pytest.mark.parametrize("as_manager", [False, True], ids=["her own", "as her manager"])
def test_a_record(app, alice, manager, organisation, booked, asks_as_often, as_manager):
    def fill(numbers):
        booked(numbers)
        shared = {
            "organisation_id": organisation.id,
            "person_id": alice.id,
            "kind": "completed",
            "recorded_at": LONG_AGO,
        }
        facts = [
            {**shared, "subject": f"L{number}", "happened_on": (LONG_AGO + timedelta(days=number)).date()}
            | {"source_kind": "import", "accepted_by_id": manager.id}
            for number in numbers
        ]
        added(RecordFact, facts)
        db.session.commit()

    if as_manager:  # it is asked whether she may see it, and how Alice gets on with career progression
        asks_as_often(manager, f"/people/{alice.id}", fill, MOST_QUERIES + 12)
    else:
        asks_as_often(alice, "/my/record", fill, MOST_QUERIES + 2)  # missed, not checked yet, first years
