"""The floors of the bench show, send and write the same as what they are the floor of."""

from __future__ import annotations

import re

import pytest
from flask import current_app
from sqlalchemy import func, select

from bench import floor, readiness, world
from bench.measuring import Measured
from bench.route import KINDS, route_distribution
from cpd.application import create_app
from cpd.booking.models import Booking
from cpd.diary.models import DiaryEntry
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from tests.conftest import Browserlike

SESSIONS = 500
WRITTEN = (Booking, AuditEvent, OutboxMessage, DiaryEntry)
KEPT = ("TESTING", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_ENGINE_OPTIONS", "CPD_INSTANCE", "SECRET_KEY")


@pytest.fixture
def with_floors(app):
    """The application with the floors beside its pages, on the large demonstration."""
    loaded = app.test_cli_runner().invoke(args=["demo", "--people", "60", "--sessions", str(SESSIONS)])
    assert loaded.exit_code == 0, loaded.output
    made = create_app({name: app.config[name] for name in KEPT} | {"WTF_CSRF_ENABLED": False})
    made.register_blueprint(floor.blueprint)
    made.extensions["frozen_clock"] = current_app.extensions["frozen_clock"]
    made.test_client_class = Browserlike
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def open_as(with_floors):
    def browser(signed):
        name, _, value = signed.cookie.partition("=")
        client = with_floors.test_client()
        client.set_cookie(name, value)
        return client

    return browser


def rows_written():
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in WRITTEN]


def test_the_timetable_and_its_floor_show_the_same_500_rows(with_floors, open_as):
    browser = open_as(world.visitor(with_floors))

    pages = [browser.get(f"{prefix}/timetable?per_page={SESSIONS}").text for prefix in ("", "/floor")]

    ours, its_floor = (re.findall(r'<li class="app-session".*?</li>', page, re.DOTALL) for page in pages)
    assert len(ours) == SESSIONS
    assert ours == its_floor


def test_a_booking_and_its_floor_write_as_many_rows(with_floors, open_as):
    places = dict(zip(("", "/floor"), world.empty_sessions(2), strict=True))
    *people, _ = world.free_people(with_floors, world.PLACES + 2)
    written = {}

    for prefix, training_session_id in places.items():
        written[prefix] = []
        for person in people:
            before = rows_written()
            answer = open_as(person).post(f"{prefix}/sessions/{training_session_id}/book")
            assert answer.status_code == 303
            written[prefix].append([now - then for now, then in zip(rows_written(), before, strict=True)])

    assert written["/floor"] == written[""]
    assert written[""][0] != written[""][-1]  # the last of them waits


def test_a_feed_and_its_floor_send_the_same_bytes(with_floors):
    reader, *_ = world.free_people(with_floors, 1)
    feed = world.calendar(reader.person_id)

    ours, its_floor = (with_floors.test_client().get(prefix + feed) for prefix in ("", "/floor"))

    assert ours.data.count(b"BEGIN:VEVENT") == world.ENTRIES
    assert its_floor.data == ours.data


def test_a_rush_of_fewer_people_than_it_says_is_refused(with_floors):
    with pytest.raises(RuntimeError, match="1000 people without bookings are needed"):
        world.free_people(with_floors, 1000)


def test_the_share_of_the_floor_is_taken_pair_by_pair():
    quiet, noisy = (2.0, 1.0), (20.0, 10.0)
    took = Measured(*map(list, zip(quiet, noisy, quiet, strict=True)))

    assert took.shares == (0.5, 0.5, 0.5)


def test_routes_are_searched_for_each_kind_of_timetable():
    assert [line.partition(":")[0] for line in route_distribution(2)] == [words for words, *_ in KINDS]


def test_readiness_is_measured_over_the_rows_that_are_read_as_tuples(app):
    ids = readiness.load(3)
    look = readiness.Look(ids, readiness.TODAY)
    found = [look.readiness(each) for each in ids]

    assert all(len(each.transitions[0].lines) == readiness.LINES for each in found)
    assert readiness._as_tuples(ids) == sum(len(look.record(each).facts) for each in ids) - len(ids)
