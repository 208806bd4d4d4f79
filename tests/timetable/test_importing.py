"""A timetable is taken whole or not at all; the same again changes nothing, and a change moves what is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.desk.service import cancel_session
from cpd.diary.models import DiaryEntry
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.timetable.models import Room, SessionDay, TrainingSession
from cpd.timetable.reading import ReadDay
from cpd.timetable.rules import DayThere, pair_days
from tests.cast import london
from tests.timetable.conftest import (
    AFTERNOON,
    CSV,
    DATA,
    HEADER,
    MORNING,
    TWO_DAYS,
    TXT,
    days,
    filled,
    notes,
    session_of,
    sessions,
    taken_file,
)


def ask(person, training_session):
    return book_places(person.id, [training_session.id], by=person.id)[0]


def entries_of(person):
    db.session.expire_all()
    wanted = select(DiaryEntry).where(DiaryEntry.person_id == person.id).order_by(DiaryEntry.id)
    return list(db.session.scalars(wanted))


def test_the_real_timetable_is_38_sessions_on_42_days(both, take_real):
    assert str(take_real(CSV)) == "38 sessions, 42 session days taken; 0 held back; 0 refused"
    assert (len(sessions()), len(days())) == (38, 42)
    assert {each.status for each in sessions()} == {"draft"}


@pytest.mark.parametrize("again", [(CSV, None), (TXT, 2019)], ids=["the same file", "as it was printed"])
def test_the_same_timetable_again_changes_nothing(both, take_real, again):
    take_real(CSV)
    before = [(day.id, day.starts_at, day.ends_at, day.room_id, day.raw) for day in days()]
    events = db.session.scalar(select(func.count(AuditEvent.id)))
    db.session.rollback()

    outcome = take_real(again[0], year=again[1])

    assert str(outcome) == "0 sessions, 0 session days taken; 38 unchanged; 0 held back; 0 refused"
    assert [(day.id, day.starts_at, day.ends_at, day.room_id, day.raw) for day in days()] == before
    assert db.session.scalar(select(func.count(AuditEvent.id))) == events


def test_what_is_written_is_kept_beside_what_was_understood(app, take_real):
    take_real(TXT, year=2019)

    day = next(day for day in days() if day.starts_at == london(2019, 2, 28, 9, 30))

    assert day.raw == "28th February - 9.30am to 12.30pm (Lamesley Room, Civic Centre)"
    assert (day.room.name, day.venue.name) == ("Lamesley Room", "Civic Centre")


def test_a_trial_says_the_same_and_writes_nothing(app, take):
    assert str(take(MORNING, TWO_DAYS, dry_run=True)) == str(take(MORNING, TWO_DAYS))
    assert str(take(MORNING, AFTERNOON, dry_run=True)).startswith("1 sessions, 1 session days taken; 1 unchanged")
    assert len(sessions()) == 2


def test_sessions_can_be_published_at_once_or_by_the_same_file_later(app, take):
    take(MORNING, publish=True)
    take(AFTERNOON)
    assert [each.status for each in sessions()] == ["published", "draft"]

    outcome = take(MORNING, AFTERNOON, publish=True)

    assert (outcome.updated, outcome.unchanged) == (1, 1)
    assert [each.status for each in sessions()] == ["published", "published"]


def test_one_refused_row_means_that_nothing_is_written(both, take):
    outcome = take(MORNING, "M9,,2019-01-16,09:30,,12:30,Dryden,Room 2")

    assert str(outcome) == "0 sessions, 0 session days taken; 0 held back; 1 refused"
    assert [note.split(":")[0] for note in notes(outcome.refused)] == ["row 3, column module"]
    assert sessions() == []


def test_a_row_that_is_held_back_does_not_stop_the_others(app, take):
    outcome = take(MORNING, "M3,,TBC,13:30,,16:30,Dryden,Room 2")

    assert str(outcome) == "1 sessions, 1 session days taken; 1 held back; 0 refused"
    assert len(sessions()) == 1


def test_a_changed_row_moves_what_people_have_in_their_calendars(both, take, alice):
    take(MORNING, publish=True)
    ask(alice, session_of("M2"))
    (before,) = entries_of(alice)
    uid, sequence = before.uid, before.sequence

    outcome = take(MORNING.replace("12:30", "13:00").replace("Room 2", "Room 3"))

    (entry,) = entries_of(alice)
    assert str(outcome) == "0 sessions, 0 session days taken; 1 updated; 0 held back; 0 refused"
    assert (entry.uid, entry.sequence) == (uid, sequence + 1)
    assert (entry.ends_at, entry.location) == (london(2019, 1, 15, 13), "Room 3, Dryden Road PDC")
    assert session_of("M2").ends_at == london(2019, 1, 15, 13)
    told = select(OutboxMessage.kind).where(OutboxMessage.person_id == alice.id).order_by(OutboxMessage.id.desc())
    assert db.session.scalars(told).first() == "session_changed"


def test_an_unchanged_row_tells_nobody_anything(app, take, alice):
    take(MORNING, AFTERNOON, publish=True)
    ask(alice, session_of("M2"))
    messages = db.session.scalar(select(func.count(OutboxMessage.id)))
    db.session.rollback()

    take(MORNING, AFTERNOON.replace("16:30", "17:00"))

    assert db.session.scalar(select(func.count(OutboxMessage.id))) == messages
    assert [entry.sequence for entry in entries_of(alice)] == [0]


def test_a_session_with_a_reference_may_move_to_another_date(both, take, alice):
    take(f"{MORNING},A7", publish=True)
    ask(alice, session_of("M2"))
    (day,) = days()

    outcome = take(f"{MORNING.replace('2019-01-15', '2019-01-22')},A7")

    assert (outcome.updated, outcome.absent) == (1, ())
    assert [(each.id, each.starts_at) for each in days()] == [(day.id, london(2019, 1, 22, 9, 30))]
    assert [entry.starts_at for entry in entries_of(alice)] == [london(2019, 1, 22, 9, 30)]


def test_without_a_reference_another_date_is_another_session_and_the_first_is_only_listed(app, take):
    take(MORNING)

    outcome = take(MORNING.replace("2019-01-15", "2019-01-22"))

    assert (outcome.sessions, outcome.absent) == (1, ("Module 2, 15 January 2019, 09:30",))
    assert [each.status for each in sessions()] == ["draft", "draft"]


def test_what_is_absent_from_the_file_but_over_for_long_is_not_listed(app, take, clock_at):
    take(MORNING)
    clock_at(2019, 4, 1, 9)

    assert take(MORNING.replace("2019-01-15", "2019-05-14")).absent == ()


def test_a_reference_given_later_is_the_same_session(app, take):
    take(MORNING)

    outcome = take(f"{MORNING},A7")

    assert (outcome.sessions, outcome.updated) == (0, 1)
    assert session_of("M2").session_ref == "A7"


def test_two_sessions_at_one_time_are_told_apart_by_their_references(app, take):
    rows = (f"{MORNING},A7", f"{MORNING.replace('Room 2', 'Room 3')},A8")
    assert take(*rows).sessions == 2

    assert take(*rows).unchanged == 2
    assert notes(take(MORNING).refused) == [
        "row 2, column session_ref: 2 sessions of M2 start then: give the reference of the one that is meant"
    ]


def test_a_reference_stays_with_its_module(app, take):
    take(f"{MORNING},A7")

    assert notes(take(f"{AFTERNOON},A7").refused) == [
        "row 2, column session_ref: the reference A7 belongs to a session of another module"
    ]


def test_a_day_that_falls_away_is_cancelled_in_calendars_and_the_other_stays(both, take, make_person):
    take(f"{TWO_DAYS},S1", publish=True)
    training_session = session_of("M6")
    learner = make_person("Lou Learner")
    book_places(learner.id, [training_session.id], by=learner.id, override_reason="agreed")
    first, second = days()

    take(f"{TWO_DAYS.replace('2019-01-31', '2019-02-01')},S1")

    assert [day.id for day in days()] == [second.id]
    assert [(day.id, day.holds_room) for day in days(removed=True)] == [(first.id, False)]
    assert [entry.cancelled_at is not None for entry in entries_of(learner)] == [True, False]
    assert session_of("M6").starts_at == london(2019, 2, 1, 9, 30)


def test_a_day_is_added_to_a_session(app, take):
    take(f"{TWO_DAYS},S1")
    kept = [day.id for day in days()]

    take(f"{TWO_DAYS.replace('2019-02-01', '2019-02-02')},S1")

    assert [day.id for day in days()][:2] == kept
    assert session_of("M6").ends_at == london(2019, 2, 2, 16, 30)


def test_a_room_that_another_session_has_is_refused_naming_both(both, take, systemic, organisation):
    take(MORNING)
    room = db.session.scalars(select(Room).where(Room.name == "Room 2")).one()
    span = {"starts_at": london(2019, 1, 16, 9), "ends_at": london(2019, 1, 16, 12)}
    other = TrainingSession(
        organisation_id=organisation.id,
        module_id=db.session.scalars(select(Module.id).where(Module.code == "CO-AIM")).one(),
        created_at=london(2019, 1, 1),
        days=[SessionDay(room_id=room.id, venue_id=room.venue_id, **span)],
        **span,
    )
    db.session.add(other)
    db.session.commit()

    outcome = take("M3,,2019-01-16,11:30,,14:30,Dryden,Room 2")

    wants = "Module 3 wants it on Wednesday 16 January 2019 from 11:30am to 2:30pm"
    has = "AIM has Room 2, Dryden Road PDC from 9am to midday"
    assert notes(outcome.refused) == [f"row 2, column room: {wants}, but {has}"]
    assert len(sessions()) == 2


def test_a_room_is_free_when_the_session_before_it_ends(app, take):
    take(MORNING)

    assert take("M3,,2019-01-15,12:30,,15:30,Dryden,Room 2").sessions == 1


def test_two_sessions_may_exchange_their_rooms_and_their_times(both, take):
    take(f"{MORNING},A7", f"{AFTERNOON.replace('Room 2', 'Room 3')},A8")

    outcome = take(
        f"{MORNING.replace('09:30', '13:30').replace('12:30', '16:30').replace('Room 2', 'Room 3')},A7",
        f"{AFTERNOON.replace('13:30', '09:30').replace('16:30', '12:30')},A8",
    )

    assert (outcome.updated, len(days())) == (2, 2)
    assert [(day.room.name, day.holds_room) for day in days()] == [("Room 2", True), ("Room 3", True)]


def test_a_room_that_is_new_to_its_venue_is_made_once(both, take):
    rows = (MORNING.replace("Room 2", "The Ösel Room"), AFTERNOON.replace("Room 2", "the ösel room"))
    outcome = take(*rows)

    made = db.session.scalars(select(Room).where(Room.name.like("%sel%"))).all()
    assert [(room.code, room.name) for room in made] == [("the-sel-room", "The Ösel Room")]
    assert {day.room_id for day in days()} == {made[0].id}
    assert len(outcome.warnings) == 1
    assert take(*rows).unchanged == 2


def test_what_a_file_leaves_empty_stays(app, take):
    take(f"{MORNING},A7,12,Fay Facilitator")

    assert take(f"{MORNING},,,").unchanged == 1
    assert (session_of("M2").capacity, session_of("M2").facilitator_names) == (12, "Fay Facilitator")


def test_without_a_number_of_places_there_is_no_limit(app, take):
    """AMB-27: the council's report prints none."""
    take(MORNING)

    assert session_of("M2").capacity is None


def test_whoever_waits_gets_a_place_when_the_file_brings_more(both, take, alice, bob):
    take(f"{MORNING},A7,1", publish=True)
    training_session = session_of("M2")
    ask(alice, training_session)
    assert ask(bob, training_session).status is Status.WAITING

    outcome = take(f"{MORNING},A7,2")

    assert outcome.updated == 1
    db.session.expire_all()
    assert set(db.session.scalars(select(Booking.status))) == {Status.CONFIRMED}
    assert (session_of("M2").capacity, session_of("M2").places_taken) == (2, 2)


def test_fewer_places_than_are_taken_are_refused(both, take, alice, bob):
    take(f"{MORNING},A7,2", publish=True)
    for person in (alice, bob):
        ask(person, session_of("M2"))

    outcome = take(f"{MORNING},A7,1")

    assert notes(outcome.refused) == ["row 2, column capacity: 2 people have a place: 1 places are too few for them"]
    assert session_of("M2").capacity == 2


def test_what_was_cancelled_since_is_held_back(app, take, officer):
    take(MORNING, AFTERNOON)
    cancel_session(session_of("M2").id, by=officer.id, reason="Snow")

    outcome = take(MORNING, AFTERNOON)

    assert str(outcome) == "0 sessions, 0 session days taken; 1 unchanged; 1 held back; 0 refused"
    assert session_of("M2").status == "cancelled"


def test_history_says_who_took_what_without_names(app, take, officer):
    take(f"{MORNING},A7,,Fay Facilitator", by=officer.id)
    take(f"{MORNING.replace('12:30', '13:00')},A7,,Fred Facilitator", by=officer.id)

    wanted = select(AuditEvent).where(AuditEvent.subject == "training_session").order_by(AuditEvent.id)
    first, second = db.session.scalars(wanted)

    assert [(each.verb, each.actor_id) for each in (first, second)] == [
        ("imported", officer.id),
        ("changed", officer.id),
    ]
    assert second.after["changed"] == ["time", "facilitator"]
    assert "Fred" not in repr((first.after, second.before, second.after))


def test_a_bank_holiday_is_pointed_out(app, take):
    outcome = take("M2,,2019-04-22,09:30,,12:30,Dryden,Room 2")

    assert notes(outcome.warnings) == [
        "row 2, column start_date: Monday 22 April 2019 is a bank holiday: Easter Monday"
    ]


def test_another_organisations_sessions_and_rooms_are_left_alone(both, take, make_organisation):
    other = make_organisation("elsewhere", "Elsewhere Council")
    take(f"{MORNING},A7")
    db.session.execute(TrainingSession.__table__.update().values(organisation_id=other.id))
    db.session.execute(SessionDay.__table__.update().values(room_id=None))
    db.session.commit()

    assert take(f"{MORNING},A7").sessions == 1
    assert {each.organisation_id for each in sessions()} == {other.id, sessions()[-1].organisation_id}


def test_the_same_timetable_sent_twice_at_once_is_taken_once(both, systemic):
    start, outcomes = Barrier(2), []

    def send():
        with both.app_context():
            start.wait()
            outcomes.append(taken_file(systemic, CSV, (DATA / CSV).read_bytes()))
            db.session.remove()

    db.session.remove()
    senders = [Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(outcome.sessions for outcome in outcomes) == [0, 38]
    assert len(sessions()) == 38


def many(count):
    """Rows of one-day sessions on distinct dates."""
    first = date(2019, 2, 4)
    on = (first + timedelta(days=n // 2 + n // 10 * 2) for n in range(count))
    halves = (("09:30", "12:30"), ("13:30", "16:30"))
    return [f"M2,,{day},{halves[n % 2][0]},,{halves[n % 2][1]},Dryden,Room 2,R{n},20" for n, day in enumerate(on)]


def test_five_hundred_sessions_take_as_many_queries_as_ten(both, systemic, counted_queries):
    def queries(count, end="16:30"):
        content = "\n".join([HEADER, *(filled(row) for row in many(count))]).replace("16:30", end).encode()
        with counted_queries() as sent:
            outcome = taken_file(systemic, "t.csv", content)
        one_by_one = db.engine.dialect.name == "sqlite"  # its driver inserts rows that way, without a round trip
        return len([each for each in sent if not (one_by_one and each.startswith("INSERT"))]), outcome

    queries(1)
    ten, _ = queries(10)
    many_new, outcome = queries(500)
    many_again, _ = queries(500)
    changed_ten, _ = queries(10, "16:45")
    many_changed, _ = queries(500, "16:45")

    assert outcome.sessions == 490
    assert many_new <= ten + 2  # 500 rows of history are written in more than one batch
    assert many_again < ten
    assert many_changed <= changed_ten + 2


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        (("2019-02-04", "2019-02-05"), [0, 1]),
        (("2019-02-05", "2019-02-06"), [1, 0]),
        (("2019-02-11",), [0]),
        (("2019-02-03", "2019-02-04", "2019-02-05"), [None, 0, 1]),
    ],
    ids=["the same dates", "one date stays", "all moved: the first goes first", "one before them"],
)
def test_a_day_stays_itself_on_its_date_and_the_others_go_on_in_order(ranks, expected):
    def on(day, kind=ReadDay, *rest):
        return kind(
            *rest, datetime.fromisoformat(f"{day}T09:30+00:00"), datetime.fromisoformat(f"{day}T16:30+00:00"), 1, 1
        )

    there = [on("2019-02-04", DayThere, 0), on("2019-02-05", DayThere, 1)]

    pairs, removed = pair_days(there, [on(day) for day in ranks])

    assert [day.id if day else None for day, _ in pairs] == expected
    assert {day.id for day, _ in pairs if day} | {day.id for day in removed} == {0, 1}
