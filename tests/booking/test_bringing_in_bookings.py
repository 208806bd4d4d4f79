"""Going live in the middle of a term: the bookings given before are taken as promised, in their order, once."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter
from sqlalchemy import select

from cpd.booking.importing import BookingsRefused, take_bookings, try_bookings
from cpd.booking.models import Booking
from cpd.booking.places import positions_of
from cpd.booking.service import book_places, cancel_booking
from cpd.diary import service as diary
from cpd.requirements.language import AllOf, Completed
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.shared.tables import TableRefused
from tests.cast import london
from tests.catalogue.conftest import counted_queries

HEADER = "email,module,start_date,status,received_at\n"


def take(*rows: str, header: str = HEADER, encoding: str = "utf-8", **more):
    """Take rows; what was refused is an answer like any other."""
    try:
        return take_bookings("bookings.csv", (header + "\n".join(rows)).encode(encoding), by=more.get("by"))
    except BookingsRefused as refused:
        return refused.outcome


def row(person, status="confirmed", received="2018-12-03 09:00", *, module="M2", on="15/01/2019"):
    return f"{person.email},{module},{on},{status},{received}"


def notes(outcome) -> list[str]:
    return [str(note) for note in (*outcome.held_back, *outcome.refused)]


def bookings():
    db.session.rollback()
    return list(db.session.scalars(select(Booking).order_by(Booking.id)))


def standing(person) -> list[str]:
    return [booking.status for booking in bookings() if booking.person_id == person.id]


def messages() -> list[tuple[str, int]]:
    return [tuple(told) for told in db.session.execute(select(OutboxMessage.kind, OutboxMessage.person_id))]


@pytest.fixture
def second(make_module):
    """Module 2."""
    return make_module("M2", number_label="Module 2", title="Family stories", other_names=["Stories"])


@pytest.fixture
def morning(second, make_session):
    """Module 2 on 15 January at half past nine."""
    return make_session(second, london(2019, 1, 15, 9, 30))


def test_bookings_are_taken_and_the_same_file_again_changes_nothing(both, alice, bob, make_session, second):
    training_session = make_session(second, london(2019, 1, 15, 9, 30), places=1)
    rows = (row(alice), row(bob, "waiting", "2018-12-01"))

    assert (take(*rows).taken, take(*rows).taken, take(*rows).unchanged) == (2, 0, 2)

    assert (standing(alice), standing(bob)) == (["confirmed"], ["waiting"])
    assert diary.busy([alice.id], london(2019, 1, 2))[alice.id][0].source_id == training_session.id
    assert diary.busy([bob.id], london(2019, 1, 2))[bob.id] == []


def test_order_is_the_moment_of_receipt_behind_those_already_there(both, make_person, make_session, second):
    training_session = make_session(second, london(2019, 1, 15, 9, 30), places=1)
    holder, early, first, second_, third = (make_person(name) for name in ("H", "E", "F", "S", "T"))
    for person in (holder, early):
        book_places(person.id, [training_session.id], by=person.id)

    take(
        row(third, "reserve", "3 December 2018 2.05pm"),
        row(second_, "waiting list", "03/12/2018 14:04"),
        row(first, "Waiting", "2018-12-03"),
    )

    order = positions_of([each.id for each in bookings() if each.status == "waiting"])
    named = {booking.id: booking.person_id for booking in bookings()}
    assert {named[booking]: position for booking, position in order.items()} == {
        early.id: 1,
        first.id: 2,
        second_.id: 3,
        third.id: 4,
    }


def test_at_one_moment_the_order_of_the_file_holds(app, alice, bob, make_session, second):
    make_session(second, london(2019, 1, 15, 9, 30), places=0)

    take(row(bob, "waiting", "03/12/2018"), row(alice, "waiting", "2018-12-03"))

    numbers = {booking.person_id: booking.request_number for booking in bookings()}
    assert numbers[bob.id] < numbers[alice.id]


def test_a_promised_place_goes_before_an_earlier_request_that_was_not_promised(both, alice, bob, make_session, second):
    make_session(second, london(2019, 1, 15, 9, 30), places=1)

    take(row(bob, "waiting", "2018-12-01"), row(alice, "confirmed", "2018-12-20"))

    assert (standing(alice), standing(bob)) == (["confirmed"], ["waiting"])


def test_more_places_than_there_are_are_refused_with_row_and_capacity(both, alice, bob, make_session, second):
    make_session(second, london(2019, 1, 15, 9, 30), places=1)

    outcome = take(row(bob, received="2018-12-04"), row(alice, received="2018-12-03"))

    assert notes(outcome) == [
        "row 2, column status: the session has 1 places, and all of them are taken before this row"
    ]
    assert bookings() == []


def test_somebody_waiting_gets_a_place_that_is_free_and_is_told_of_that_alone(app, alice, bob, manager, morning):
    take(row(alice), row(bob, "waiting"))

    assert standing(bob) == ["confirmed"]
    assert set(messages()) == {("promoted", bob.id), ("manager_informed", manager.id)}


def test_what_was_promised_stays_so_whatever_it_needs_and_she_learns_what_is_missing(
    app, alice, make_module, make_session
):
    third = make_module(
        "M3",
        number_label="Module 3",
        needs=AllOf((Completed("M2"),)),
        audience={"staff_types": ["agency"], "career_levels": [], "words": "Agency"},
    )
    make_module("M2", title="Family stories")
    make_session(third, london(2019, 2, 15, 9, 30))

    (taken,) = take(row(alice, module="M3", on="15/02/2019")).rows

    assert (standing(alice), taken.lacks_basis) == (["confirmed"], True)
    assert alice.id in {person for kind, person in messages() if "booked" not in kind}


def test_nobody_is_told_of_what_she_knows_and_the_history_says_where_it_is_from(app, alice, morning):
    take(row(alice, received="03/12/2018 14:05"))

    assert messages() == []
    asked = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "brought_in")).one()
    assert asked.reason == "brought in from bookings.csv"
    assert asked.happened_at == datetime(2018, 12, 3, 14, 5, tzinfo=UTC)


def test_a_session_two_days_ahead_is_taken_as_well(app, alice, clock_at, morning):
    clock_at(2019, 1, 15, 9, 0)

    take(row(alice))

    assert standing(alice) == ["confirmed"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2018-12-03T14:05:00", (2018, 12, 3, 14, 5)),
        ("2018-12-03T14:05:00Z", (2018, 12, 3, 14, 5)),
        ("2018-12-03 14:05", (2018, 12, 3, 14, 5)),
        ("03/12/2018 14:05", (2018, 12, 3, 14, 5)),
        ("03/12/2018 14:05:33", (2018, 12, 3, 14, 5)),
        ("3 December 2018 2.05pm", (2018, 12, 3, 14, 5)),
        ("Monday 3 December 2018 at 2pm", (2018, 12, 3, 14, 0)),
        ('"Mon, 3 Dec 2018 14:05:33 +0000"', (2018, 12, 3, 14, 5, 33)),
        ("3rd Dec 2018", (2018, 12, 3, 0, 0)),
        ("2018-12-03 00:00", (2018, 12, 3, 0, 0)),
        ("1 July 2018 9am", (2018, 7, 1, 9, 0)),
    ],
)
def test_a_moment_may_be_written_in_several_ways(app, alice, morning, written, moment):
    assert take(row(alice, received=written)).taken == 1

    assert in_london(bookings()[0].requested_at) == london(*moment)


@pytest.mark.parametrize("module", ["M2", "m2", "Module 2", "Family stories", "Stories", "Module 2 - Family stories"])
def test_a_module_may_be_called_by_any_of_its_names(app, alice, morning, module):
    assert take(row(alice, module=module)).taken == 1


@pytest.mark.parametrize("on", ["2019-01-15", "15.1.2019", "Tue 15 January 2019", "15 January", "15/01/2019 9.30am"])
def test_a_date_may_be_written_in_several_ways(app, alice, morning, on):
    assert take(row(alice, on=on)).taken == 1


def test_two_sessions_on_one_day_are_told_apart_by_the_time(app, alice, bob, morning, second, make_session):
    afternoon = make_session(second, london(2019, 1, 15, 13, 30))

    refused = take(row(alice))
    take(row(alice, on="15/01/2019 1.30pm"), row(bob, on="2019-01-15 09:30"))

    assert notes(refused) == [
        "row 2, column start_date: on 15 January 2019 Module 2: Family stories begins at 9:30am and 1:30pm: "
        "write the time with the date"
    ]
    assert {booking.person_id: booking.training_session_id for booking in bookings()} == {
        alice.id: afternoon.id,
        bob.id: morning.id,
    }


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("nobody@demo.example,M2,15/01/2019,booked,2018-12-03", 'column email: nobody has the e-mail address "nobody@'),
        ("=1+1,M2,15/01/2019,booked,2018-12-03", "column email: nobody has the e-mail address"),
        ("{email},M9,15/01/2019,booked,2018-12-03", 'column module: "M9" is not a known module; the known ones are M2'),
        ("{email},M2,16/01/2019,booked,2018-12-03", "column start_date: there is no session of Module 2: Family stories"
         " on 16 January 2019; the nearest are on 15 January 2019"),
        ("{email},M2,Wed 15/01/2019,booked,2018-12-03", "column start_date: 15 January 2019 is a Tuesday, not a Wed"),
        ("{email},M2,15/01/2019 2pm,booked,2018-12-03", "column start_date: on 15 January 2019 Module 2: Family stories"
         " begins at 9:30am: write that time, or another date"),
        ("{email},M2,15/01/2019,cancelled,2018-12-03", 'column status: "cancelled" is neither confirmed nor waiting'),
        ("{email},M2,15/01/2019,booked,", "column received_at: this cell must be filled in"),
        ("{email},M2,15/01/2019,booked,2019-01-03", 'column received_at: "2019-01-03" is in the future'),
        ("{email},M2,15/01/2019,booked,3.5", 'column received_at: "3.5" does not give the year'),
        ("{email},M2,15/01/2019,booked,03/12/2018 2:05", 'column received_at: "2:05" does not say am or pm'),
        ("{email},M2,15/01/2019,booked,2018-13-03 10:00", "column received_at: "),
        ("{email},M2," + "1" * 5000 + ",booked,2018-12-03", "column start_date: more than 1000 characters"),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_its_column_and_reason_and_nothing_is_written(app, alice, bob, morning, written, reason):
    outcome = take(row(bob), written.format(email=alice.email))

    (said,) = notes(outcome)
    assert said.startswith(f"row 3, {reason}")
    assert (outcome.taken, bookings()) == (0, [])


@pytest.mark.parametrize("cell", ["TBC", "to be confirmed"])
def test_a_row_that_is_not_settled_is_held_back_and_stops_no_other(app, alice, bob, morning, cell):
    outcome = take(row(alice, cell), row(bob))

    assert (outcome.taken, notes(outcome)) == (
        1,
        [f'row 2, column status: "{cell}" is not settled yet, so the row is held back'],
    )


def test_two_places_at_one_time_are_refused(app, alice, morning, make_module, make_session):
    make_session(make_module("M5", title="Five"), london(2019, 1, 15, 11))

    outcome = take(row(alice), row(alice, module="M5", received="2018-12-04"))

    assert notes(outcome) == [
        "row 3, column start_date: it clashes with Module 2: Family stories in the same diary on Tuesday 15 January"
    ]


def test_two_places_of_one_module_are_refused(app, alice, morning, second, make_session):
    make_session(second, london(2019, 1, 21, 9, 30))

    outcome = take(row(alice), row(alice, on="21/01/2019", received="2018-12-04"))

    assert notes(outcome) == [
        "row 3, column start_date: there is a place on another session of this module, on Tuesday 15 January"
    ]


def test_she_may_wait_for_another_date_and_would_exchange_her_place(both, alice, bob, morning, second, make_session):
    later = make_session(second, london(2019, 1, 21, 9, 30), places=1)

    take(row(alice), row(bob, on="21/01/2019"), row(alice, "waiting", on="21/01/2019"))
    assert standing(alice) == ["confirmed", "waiting"]

    bobs = next(booking for booking in bookings() if booking.person_id == bob.id)
    cancel_booking(bobs.id, by=bob.id)

    live = [booking for booking in bookings() if booking.person_id == alice.id and booking.status != "cancelled"]
    assert [(booking.training_session_id, booking.status) for booking in live] == [(later.id, "confirmed")]


def test_the_same_person_and_session_twice_is_refused(app, alice, morning):
    assert notes(take(row(alice), row(alice))) == ["row 3, column email: row 2 is of the same person and session"]


def test_what_was_cancelled_since_is_not_brought_back(app, alice, morning):
    take(row(alice))
    cancel_booking(bookings()[0].id, by=alice.id)

    outcome = take(row(alice))

    assert notes(outcome) == ["row 2, column status: this booking has ended since and is not taken again"]
    assert standing(alice) == ["cancelled"]


def test_whoever_waits_here_gets_no_place_from_a_file(app, alice, bob, second, make_session):
    make_session(second, london(2019, 1, 15, 9, 30), places=1)
    take(row(bob), row(alice, "waiting"))

    outcome = take(row(alice, "booked"))

    assert notes(outcome) == [
        "row 2, column status: this person waits for the session here: give the place on the session's list"
    ]


def test_what_is_over_is_held_back_and_a_draft_is_refused(app, alice, bob, second, make_session, clock_at):
    make_session(second, london(2019, 1, 15, 9, 30))
    make_session(second, london(2019, 2, 15, 9, 30), status="draft")
    clock_at(2019, 1, 20, 9, 0)

    outcome = take(row(alice, on="15/01/2019"), row(bob, on="15/02/2019"))

    assert notes(outcome) == [
        "row 2, column start_date: this session has begun; bring in who has done it with the completions",
        "row 3, column start_date: this session is a draft: publish it first",
    ]


def test_a_session_that_needs_no_booking_goes_into_the_diary_and_nobody_waits_for_it(
    app, alice, bob, make_module, make_session
):
    session = make_session(
        make_module("D1", title="Drop in", booking_mode="drop_in"), london(2019, 1, 15, 12), places=None
    )

    take(row(alice, module="D1"))
    outcome = take(row(bob, "waiting", module="D1"))

    (booking,) = bookings()
    assert (booking.status, booking.takes_place) == ("confirmed", False)
    assert diary.busy([alice.id], london(2019, 1, 2))[alice.id][0].source_id == session.id
    assert "nobody waits for a session that needs no booking" in notes(outcome)[0]


def test_a_trial_says_what_would_happen_and_changes_nothing(both, alice, bob, second, make_session):
    make_session(second, london(2019, 1, 15, 9, 30), places=1)
    content = (HEADER + "\n".join([row(alice), row(bob, "waiting")])).encode()

    outcome = try_bookings("bookings.csv", content, by=None)

    assert [(each.name, each.status, each.is_new) for each in outcome.rows] == [
        ("Alice Learner", "confirmed", True),
        ("Bob Colleague", "waiting", True),
    ]
    assert bookings() == []


def test_an_officer_brings_in_her_own_people_only(app, officer, stranger, morning):
    assert "nobody has the e-mail address" in notes(take(row(stranger), by=officer.id))[0]


def test_columns_may_be_worded_otherwise_and_the_file_be_of_windows(app, alice, morning):
    header = "Received on;Naïve remarks;E-mail address;Course;Date;Booking status\n"

    outcome = take(f"03/12/2018;café;{alice.email};M2;15/01/2019;Booked", header=header, encoding="cp1252")

    assert (outcome.taken, outcome.unknown_columns) == (1, ("Naïve remarks",))


def test_a_workbook_is_taken(app, alice, morning):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        dated = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, [alice.email, "M2", "", "confirmed"])
        sheet.write_datetime(1, 2, datetime(2019, 1, 15), dated)
        sheet.write_datetime(1, 4, datetime(2018, 12, 3, 14, 5), dated)

    assert take_bookings("b.xlsx", content.getvalue(), by=None).taken == 1
    assert in_london(bookings()[0].requested_at) == london(2018, 12, 3, 14, 5)


@pytest.mark.parametrize("content", [b"", b"email,module\n", b"\0" * 10, b"x" * 6_000_000])
def test_a_file_that_is_none_is_refused_as_a_whole(app, content):
    with pytest.raises(TableRefused):
        take_bookings("bookings.csv", content, by=None)


def test_a_file_without_rows_takes_nothing(app):
    assert take().taken == 0


def test_no_row_adds_a_query_but_what_it_writes(app, make_person, manager, second, make_session):
    few, many = ([make_person(manager=manager) for _ in range(count)] for count in (3, 42))
    make_session(second, london(2019, 1, 15, 9, 30), places=2)
    make_session(second, london(2019, 1, 21, 9, 30), places=28)

    def reads(people, on) -> int:
        db.session.rollback()
        rows = (row(each, "booked" if at % 3 else "waiting", on=on) for at, each in enumerate(people))
        with counted_queries() as sent:
            assert take(*rows).taken == len(people)
        return len([statement for statement in sent if statement.startswith("SELECT")])

    assert reads(few, "15/01/2019") == reads(many, "21/01/2019")
