"""The code of the day: it marks whoever is there, once, and is of no use to anybody else."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cpd.attendance.models import Mark
from cpd.attendance.registers import Keeper, marks_of
from cpd.attendance.rules import CODE_ALPHABET, AttendanceStatus, CodeRefusal, code_of, day_of_code
from cpd.attendance.service import close_register, mark
from cpd.attendance.signing_in import CodeRefused, code_shown, sign_in
from cpd.booking.service import book_places, cancel_booking
from cpd.people import attempts
from cpd.people.attempts import ENTERING_CODES, TooManyAttempts
from cpd.people.models import Attempt
from cpd.shared.database import db
from tests.attendance.conftest import FIRST, crowd_on, days_of
from tests.cast import london

NOW = london(2019, 1, 15, 9, 31)
HERE = "192.0.2.1"


def test_a_code_has_six_characters_that_nobody_confuses():
    codes = {code_of("secret", 7, NOW + timedelta(minutes=number)) for number in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {6}
    assert set("".join(codes)) <= set(CODE_ALPHABET)
    assert not set("01ILOU") & set(CODE_ALPHABET) - {"U"}


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        (timedelta(0), True),
        (timedelta(seconds=59), True),
        (timedelta(minutes=2), True),
        (timedelta(minutes=3), False),
        (timedelta(days=1), False),
        (timedelta(minutes=-1), False),
    ],
    ids=["at once", "within its minute", "for two minutes more", "then no longer", "yesterday's", "not in advance"],
)
def test_a_code_is_taken_for_its_minute_and_a_little_longer(later, taken):
    code = code_of("secret", 7, NOW)

    assert day_of_code("secret", code, [5, 7], NOW + later) == (7 if taken else None)
    assert day_of_code("another secret", code, [5, 7], NOW + later) is None
    assert day_of_code("secret", code, [5], NOW + later) is None


def test_a_code_is_read_as_people_type_it():
    code = code_of("secret", 7, NOW)

    assert day_of_code("secret", f" {code[:3].lower()} - {code[3:]} ", [7], NOW) == 7


def test_whoever_enters_the_code_is_marked_and_a_second_time_changes_nothing(both, held, alice, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 31)
    for _ in range(2):
        there = sign_in(alice.id, code_shown(day).code, HERE)

    assert there.training_session_id == held.id
    assert str(marks_of([day])[day, alice.id].source) == "code"
    assert len(db.session.scalars(select(Mark)).all()) == 1


def test_the_code_does_not_undo_part_of_a_day_but_does_undo_absent(app, held, alice, bob, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 31)
    mark([day], alice.id, AttendanceStatus.PART_ATTENDED, 90, by=keeper)
    mark([day], bob.id, AttendanceStatus.ABSENT, by=keeper)
    for person in (alice, bob):
        sign_in(person.id, code_shown(day).code, HERE)

    marks = marks_of([day])
    assert (str(marks[day, alice.id].status), str(marks[day, bob.id].status)) == ("part_attended", "attended")


def refusal(person, code):
    with pytest.raises(CodeRefused) as refused:
        sign_in(person.id, code, HERE)
    return refused.value


def test_a_code_that_is_none_is_refused(app, held, alice, stranger, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 14, 9, 31)
    of_the_day_before = code_shown(day).code
    clock_at(2019, 1, 15, 9, 31)
    for wrong in ("", "AAAAAA", "é", "x" * 20, of_the_day_before):
        assert refusal(alice, wrong).reason is CodeRefusal.NOT_VALID
    assert refusal(stranger, code_shown(day).code).reason is CodeRefusal.NOT_VALID


def test_each_other_reason_is_named_with_the_session_that_is_hers(
    app, make_held, make_module, make_person, held, keeper, clock_at
):
    [day] = days_of(held)
    module = make_module("M9")
    today, later = make_held(module=module, starts_at=london(2019, 1, 15, 10)), make_held("M8", starts_at=FIRST)
    from cpd.catalogue.models import Module

    next_week = make_held(module=db.session.get_one(Module, held.module_id), starts_at=london(2019, 1, 22, 9, 30))
    people = {name: make_person(name) for name in ("nobody", "cancelled", "elsewhere", "another day")}
    place = book_places(people["cancelled"].id, [held.id], by=people["cancelled"].id)[0]
    cancel_booking(place.booking_id, by=people["cancelled"].id)
    book_places(people["elsewhere"].id, [today.id], by=people["elsewhere"].id)
    book_places(people["another day"].id, [next_week.id], by=people["another day"].id)
    clock_at(2019, 1, 15, 9, 31)
    code = code_shown(day).code
    found = {name: refusal(person, code) for name, person in people.items()}

    assert {name: each.reason for name, each in found.items()} == {
        "nobody": CodeRefusal.NO_BOOKING,
        "cancelled": CodeRefusal.PLACE_CANCELLED,
        "elsewhere": CodeRefusal.ANOTHER_SESSION,
        "another day": CodeRefusal.ANOTHER_DAY,
    }
    assert found["elsewhere"].booked_on.training_session_id == today.id
    assert found["another day"].booked_on.training_session_id == next_week.id
    assert later.id


def test_whoever_waits_is_not_let_in_by_the_code(app, make_held, alice, bob, clock_at):
    session = make_held("M7", places=1)
    for person in (alice, bob):
        book_places(person.id, [session.id], by=person.id)
    clock_at(2019, 1, 15, 9, 31)

    assert refusal(bob, code_shown(days_of(session)[0]).code).reason is CodeRefusal.WAITING


def test_a_drop_in_lets_anybody_in(app, make_held, make_module, alice, clock_at):
    session = make_held(module=make_module("M1", booking_mode="drop_in"), places=None)
    [day] = days_of(session)
    clock_at(2019, 1, 15, 9, 31)
    sign_in(alice.id, code_shown(day).code, HERE)

    assert (day, alice.id) in marks_of([day])


def test_nobody_signs_in_once_the_register_is_closed(app, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    close_register(day, by=keeper, absent_rest=True)

    assert refusal(alice, code_shown(day).code).reason is CodeRefusal.CLOSED


def test_after_ten_wrong_codes_even_the_right_one_waits_and_nobody_else_is_kept_out(app, held, alice, bob, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 31)
    for _ in range(ENTERING_CODES.per_account):
        assert refusal(alice, "AAAAAA").reason is CodeRefusal.NOT_VALID

    with pytest.raises(TooManyAttempts) as refused:
        sign_in(alice.id, code_shown(day).code, HERE)
    assert refused.value.minutes == 15
    assert sign_in(bob.id, code_shown(day).code, HERE).training_session_id == held.id


def test_one_address_tries_only_so_often_whoever_it_is(app, held, alice, bob, clock_at, monkeypatch):
    monkeypatch.setattr(attempts, "ENTERING_CODES", replace(ENTERING_CODES, per_address=2))
    clock_at(2019, 1, 15, 9, 31)
    for person in (alice, bob):
        refusal(person, "AAAAAA")

    with pytest.raises(TooManyAttempts):
        sign_in(bob.id, "AAAAAA", HERE)
    with pytest.raises(CodeRefused):
        sign_in(bob.id, "AAAAAA", "192.0.2.2")


def test_right_codes_are_not_counted(app, held, alice, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 9, 31)
    for _ in range(3 * ENTERING_CODES.per_account):
        sign_in(alice.id, code_shown(day).code, HERE)

    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_the_page_says_when_to_try_again(app, held, alice, sign_in, clock_at):
    clock_at(2019, 1, 15, 9, 31)
    client = sign_in(alice)
    for _ in range(ENTERING_CODES.per_account):
        client.post("/attend", data={"code": "AAAAAA"})

    page = client.post("/attend", data={"code": "AAAAAA"})
    assert page.status_code == 429
    assert "Try again in 15 minutes, or ask the facilitator to mark you" in page.text


def rush(app, day, person_ids, *, threads):
    """Let everybody enter the code at once, each twice; returns what went wrong."""
    code, wrong = code_shown(day).code, []
    todo = iter([*person_ids, *person_ids])
    lock = threading.Lock()

    def enter():
        while True:
            with lock:
                person_id = next(todo, None)
            if person_id is None:
                return
            try:
                with app.app_context():
                    sign_in(person_id, code, HERE)
                    db.session.remove()
            except Exception as failure:  # noqa: BLE001 - whatever it is, it must not be
                wrong.append(repr(failure))

    db.session.remove()
    started = [threading.Thread(target=enter) for _ in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    return wrong


def assert_all_are_marked_once(app, make_held, keeper, clock_at, count):
    session = make_held(places=count)
    person_ids = crowd_on(session, count)
    [day] = days_of(session)
    clock_at(2019, 1, 15, 9, 31)

    assert rush(app, day, person_ids, threads=10) == []
    assert sorted(db.session.scalars(select(Mark.person_id))) == sorted(person_ids)


def test_twenty_people_who_enter_the_code_at_once_are_all_marked_once(both, make_held, keeper, clock_at):
    assert_all_are_marked_once(both, make_held, keeper, clock_at, 20)


@pytest.mark.torture
def test_two_hundred_people_who_enter_the_code_at_once_are_all_marked_once(both, make_held, keeper, clock_at):
    assert_all_are_marked_once(both, make_held, keeper, clock_at, 200)


def test_two_people_who_mark_at_once_lose_no_mark(both, make_held, fay, officer, clock_at):
    session = make_held(places=20)
    person_ids = crowd_on(session, 20)
    [day] = days_of(session)
    clock_at(2019, 1, 15, 9, 31)
    wrong = []

    def mark_all(keeper):
        with both.app_context():
            for person_id in person_ids:
                try:
                    mark([day], person_id, AttendanceStatus.ATTENDED, by=keeper)
                except Exception as failure:  # noqa: BLE001 - whatever it is, it must not be
                    wrong.append(repr(failure))
            db.session.remove()

    keepers = (Keeper(fay.id), Keeper(officer.id, officer=True))
    db.session.remove()
    threads = [threading.Thread(target=mark_all, args=(each,)) for each in keepers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert wrong == []
    assert sorted(db.session.scalars(select(Mark.person_id))) == sorted(person_ids)
