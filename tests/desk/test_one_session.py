"""Workforce Development makes and changes a session, and sees first what that means for people."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.booking.service import book_places
from cpd.diary.models import DiaryEntry
from cpd.people.models import Organisation
from cpd.requirements.language import Completed
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue
from tests.cast import london, saved


@pytest.fixture
def room(organisation):
    venue = saved(Venue(organisation_id=organisation.id, code="civic", name="Civic Centre", other_names=[]))
    return saved(Room(venue_id=venue.id, code="bridges", name="Bridges Room", other_names=[]))


def typed(module_id, **more):
    day = {"on_0": "2019-01-15", "time_0": "9:30am to 12:30pm", "place_0": "0-0"}
    return {"module": module_id, **day, **{f"place_{number}": "0-0" for number in (1, 2, 3)}, **more}


def the_session():
    db.session.rollback()
    return db.session.scalars(select(TrainingSession)).one()


def test_a_session_of_two_days_is_made_and_published(app, officer, sign_in, make_module, room):
    browser = sign_in(officer)
    second = {"on_1": "2019-01-16", "time_1": "10am to 4pm", "place_1": f"{room.venue_id}-{room.id}"}

    made = browser.post("/workforce/sessions/new", data=typed(make_module().id, capacity=12, **second))

    assert made.status_code == 303
    session = the_session()
    assert (session.status, session.capacity) == ("draft", 12)
    assert [day.starts_at for day in session.days] == [london(2019, 1, 15, 9, 30), london(2019, 1, 16, 10)]
    assert [day.room_id for day in session.days] == [None, room.id]
    browser.post(f"/sessions/{session.id}/publish")
    assert the_session().status == "published"


def test_moving_a_session_says_first_whom_it_touches(app, officer, alice, sign_in, make_module, make_session):
    first = make_session(make_module("M2"), london(2019, 1, 15, 9, 30))
    second = make_session(make_module("M3", number_label="Module 3", needs=Completed("M2")), london(2019, 1, 16, 9))
    book_places(alice.id, [first.id, second.id], by=alice.id)
    module = typed(first.module_id, on_0="2019-01-17")
    browser = sign_in(officer)

    shown = browser.post(f"/workforce/sessions/{first.id}/edit", data=module)

    assert shown.status_code == 200
    assert "1 person has a place" in shown.text
    assert "Alice Learner: Module 3" in shown.text
    db.session.rollback()
    assert db.session.get(TrainingSession, first.id).starts_at == london(2019, 1, 15, 9, 30)

    done = browser.post(f"/workforce/sessions/{first.id}/edit", data={**module, "confirmed": "y"})

    assert done.status_code == 303
    db.session.rollback()
    entry = db.session.scalars(select(DiaryEntry).where(DiaryEntry.source_id == first.id)).one()
    assert (entry.starts_at, entry.sequence) == (london(2019, 1, 17, 9, 30), 1)
    assert "session_changed" in db.session.scalars(select(OutboxMessage.kind)).all()


def test_a_room_that_somebody_has_is_refused(both, officer, sign_in, make_module, make_session, room):
    other = make_session(make_module(title="Court skills"), london(2019, 1, 15, 11))
    day = db.session.scalars(select(SessionDay).where(SessionDay.training_session_id == other.id)).one()
    day.room_id, day.venue_id = room.id, room.venue_id
    db.session.commit()

    refused = sign_in(officer).post(
        "/workforce/sessions/new", data=typed(make_module().id, place_0=f"{room.venue_id}-{room.id}")
    )

    assert refused.status_code == 409
    assert "Court skills has Bridges Room" in refused.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"on_0": ""}, "Enter the date of day 1"),
        ({"time_0": "half nine"}, "Enter the time like 9:30am"),
        ({"on_0": "2018-12-01"}, "The first day must begin in the future"),
        ({"online_0": "y"}, "Enter the link for joining online"),
        ({"facilitators": "nobody@demo.example"}, "Nobody here has the e-mail address"),
        ({"capacity": "-1"}, "Places must be"),
    ],
)
def test_what_cannot_be_is_said_beside_the_box(app, officer, sign_in, make_module, wrong, words):
    refused = sign_in(officer).post("/workforce/sessions/new", data=typed(make_module().id, **wrong))

    assert refused.status_code in (409, 422)
    assert words in refused.text
    assert db.session.scalars(select(TrainingSession)).all() == []


def test_only_people_with_a_place_see_the_joining_link(app, officer, alice, bob, sign_in, make_session):
    session = make_session(online_link="https://meet.example/court")
    db.session.get(TrainingSession, session.id).days[0].is_online = True
    db.session.commit()
    book_places(alice.id, [session.id], by=alice.id)

    assert "https://meet.example/court" in sign_in(alice).get(f"/sessions/{session.id}").text
    assert "https://meet.example/court" not in sign_in(bob).get(f"/sessions/{session.id}").text


def test_a_session_opened_to_another_council_can_be_booked_from_there(
    app, officer, stranger, sign_in, make_module, make_session
):
    session = make_session(make_module("M2"), london(2019, 1, 15, 9, 30))
    slough = db.session.scalars(select(Organisation.id).where(Organisation.code == "slough")).one()
    assert sign_in(stranger).get(f"/sessions/{session.id}").status_code == 404

    opened = sign_in(officer).post(
        f"/workforce/sessions/{session.id}/edit", data=typed(session.module_id, open_to=slough)
    )

    assert opened.status_code == 303
    assert sign_in(stranger).post(f"/sessions/{session.id}/book").status_code == 303
