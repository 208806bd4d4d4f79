"""What somebody missed stands on My bookings and on her record, until she has made up for it."""

from __future__ import annotations

import pytest

from cpd.attendance.missed import missed_by
from cpd.attendance.rules import AttendanceStatus, is_held_against
from cpd.attendance.service import close_register, mark, mark_everyone
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.shared.database import db
from tests.attendance.conftest import days_of
from tests.cast import london

ATTENDED, PART, ABSENT, EXCUSED, UNMARKED = AttendanceStatus


@pytest.mark.parametrize(
    ("status", "drop_in", "expected"),
    [
        (ABSENT, False, True),
        (EXCUSED, False, True),
        (PART, False, True),
        (ATTENDED, False, False),
        (UNMARKED, False, False),
        (ABSENT, True, False),
        (PART, True, True),
    ],
)
def test_a_mark_is_held_against_somebody(status, drop_in, expected):
    assert is_held_against(status, drop_in=drop_in) is expected


@pytest.fixture
def missed(held, alice, bob, keeper, clock_at):
    """Module 2, closed: Bob was there, Alice was not."""
    [day] = days_of(held)
    clock_at(2019, 1, 15, 13, 0)
    mark([day], bob.id, ATTENDED, by=keeper)
    close_register(day, by=keeper, absent_rest=True)
    return held


def test_it_says_so_on_my_bookings_and_on_my_record_and_whom_to_tell(both, missed, alice, bob, sign_in):
    for path in ("/my/bookings", "/my/record"):
        page = sign_in(alice).get(path).text
        assert "You were marked absent on Tuesday 15 January 2019" in page
        assert "tell the facilitator" in page
        assert 'id="missed"' not in sign_in(bob).get(path).text


def test_an_open_register_says_nothing_yet(app, held, alice, keeper, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 10, 0)
    mark([day], alice.id, ABSENT, by=keeper)

    assert missed_by(alice.id) == []


def test_who_was_there_for_part_reads_for_how_long(app, held, alice, keeper, sign_in, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 15, 13, 0)
    mark([day], alice.id, PART, 90, by=keeper)
    close_register(day, by=keeper, absent_rest=True)

    assert "You were there for 90 minutes" in sign_in(alice).get("/my/bookings").text


def test_what_was_made_up_for_is_no_longer_there(app, missed, make_held, alice, keeper, clock_at):
    again = make_held(module=db.session.get_one(Module, missed.module_id), starts_at=london(2019, 2, 6, 9, 30))
    book_places(alice.id, [again.id], by=alice.id)
    [day] = days_of(again)
    assert len(missed_by(alice.id)) == 1
    clock_at(2019, 2, 6, 13, 0)
    mark_everyone([day], by=keeper)
    close_register(day, by=keeper)

    assert missed_by(alice.id) == []


def test_after_a_year_it_is_forgotten(app, missed, alice, clock_at):
    clock_at(2020, 1, 14, 12, 0)
    assert len(missed_by(alice.id)) == 1
    clock_at(2020, 1, 16, 12, 0)
    assert missed_by(alice.id) == []
