"""A facilitator's own list of registers, and the desk's list of those that are still open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from cpd.attendance.lists import my_registers, registers_left_open
from cpd.attendance.rules import ListedAs, listed_as
from cpd.attendance.service import close_register, mark_everyone
from cpd.booking.service import book_places
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable.models import SessionFacilitator
from tests.attendance.conftest import crowd_on, days_of
from tests.cast import london, saved

BEGINS, ENDS = london(2019, 1, 15, 9, 30), london(2019, 1, 15, 12, 30)


@pytest.mark.parametrize(
    ("now", "is_closed", "is_awaited", "expected"),
    [
        (london(2019, 1, 14, 23, 59), False, True, ListedAs.COMING),
        (london(2019, 1, 15, 0, 0), False, True, ListedAs.TODAY),
        (london(2019, 1, 15, 23, 0), True, True, ListedAs.TODAY),
        (london(2019, 1, 16, 0, 0), False, True, ListedAs.LEFT_OPEN),
        (london(2019, 1, 16, 0, 0), True, True, ListedAs.DONE_WITH),
        (london(2019, 1, 16, 0, 0), False, False, ListedAs.DONE_WITH),
    ],
    ids=[
        "the evening before",
        "from midnight on",
        "until midnight, closed too",
        "open on the next day",
        "closed",
        "nobody was to come, and nobody came",
    ],
)
def test_a_register_belongs(now, is_closed, is_awaited, expected):
    assert listed_as(BEGINS, ENDS, now, is_closed=is_closed, is_awaited=is_awaited) is expected


def ids(listed):
    return [each.day.id for each in listed]


def test_todays_come_first_then_what_is_still_open_then_what_comes(both, make_held, alice, bob, fay, keeper, clock_at):
    sessions = {day: make_held(f"M{day}", starts_at=london(2019, 1, day, 9, 30)) for day in (14, 15, 16, 17)}
    for training_session in sessions.values():
        book_places(alice.id, [training_session.id], by=alice.id)
    days = {day: days_of(each)[0] for day, each in sessions.items()}
    clock_at(2019, 1, 14, 13, 0)
    mark_everyone([days[14]], by=keeper)
    close_register(days[14], by=keeper)

    clock_at(2019, 1, 16, 8, 0)
    page = my_registers(fay.id, clock.now())

    assert [ids(part) for part in (page.today, page.left_open, page.coming, page.done_with)] == [
        [days[16]],
        [days[15]],
        [days[17]],
        [days[14]],
    ]
    assert [each.expected for each in page.today] == [1]
    assert my_registers(bob.id, clock.now()).today == []


def test_the_page_has_one_big_button_for_today(app, held, fay, sign_in, clock_at):
    clock_at(2019, 1, 15, 8, 0)
    client = sign_in(fay)
    page = client.get("/my/registers").text

    [day] = days_of(held)
    assert page.count("Mark the register") == 1
    assert f'href="/sessions/{held.id}/register?day={day}"' in page
    assert ">Registers</a>" in client.get("/").text.replace("\n", "").replace("  ", "")


def test_whoever_is_named_as_facilitator_keeps_the_register_whatever_her_roles(
    app, make_held, alice, bob, sign_in, clock_at
):
    training_session = make_held()
    saved(SessionFacilitator(training_session_id=training_session.id, person_id=bob.id))
    clock_at(2019, 1, 15, 9, 0)

    assert sign_in(bob).get(f"/sessions/{training_session.id}/register").status_code == 200
    assert sign_in(alice).get(f"/sessions/{training_session.id}/register").status_code == 404
    assert "/my/registers" not in sign_in(alice).get("/").text


def test_without_a_session_the_list_says_what_to_do(app, alice, sign_in):
    assert "ask Workforce Development to name you" in sign_in(alice).get("/my/registers").text


def test_the_desk_sees_what_is_still_open_with_its_count(app, held, officer, sign_in, clock_at):
    clock_at(2019, 1, 15, 12, 0)
    assert "still open</a>. Nothing counts" not in sign_in(officer).get("/workforce").text
    assert "Every register is closed" in sign_in(officer).get("/workforce/registers").text

    clock_at(2019, 1, 15, 13, 0)
    [day] = days_of(held)
    assert "1 register is still open" in sign_in(officer).get("/workforce").text
    assert f'href="/sessions/{held.id}/register?day={day}"' in sign_in(officer).get("/workforce/registers").text


def test_another_organisation_sees_none_of_them(app, held, make_organisation, clock_at):
    clock_at(2019, 1, 16, 9, 0)

    assert registers_left_open(make_organisation("elsewhere", "Elsewhere").id, clock.now()) == []


def test_what_is_older_than_two_weeks_was_kept_elsewhere(app, held, clock_at):
    clock_at(2019, 1, 15, 13, 0)
    now = clock.now()
    assert len(registers_left_open(held.organisation_id, now)) == 1
    assert registers_left_open(held.organisation_id, now + timedelta(days=14)) == []


def test_the_lists_ask_as_often_whatever_their_length(app, make_held, fay, clock_at):
    def queries():
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            my_registers(fay_id, clock.now())
            registers_left_open(organisation_id, clock.now())
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len([each for each in sent if each.startswith("SELECT")])

    first = make_held("M2")
    crowd_on(first, 2)
    fay_id, organisation_id = fay.id, first.organisation_id
    clock_at(2019, 1, 16, 9, 0)
    with_one = queries()
    for number in range(5):
        crowd_on(make_held(f"N{number}"), 3)

    assert queries() == with_one == 9
