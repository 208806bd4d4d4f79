"""A pause for leave is time away as well, entered once (S-3, B8, AMB-40)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.people.away import record_away, times_away
from cpd.people.rules import Away, AwayKind
from cpd.progression.early import service
from cpd.progression.early.course import PauseKind
from cpd.progression.early.enrolled import find_enrolled
from cpd.progression.early.time_away import without
from cpd.shared.database import db
from tests.progression.early_fixtures import assessor, first_years, mentor, nell, year
from tests.progression.early_years import day, paused

__all__ = ["assessor", "first_years", "mentor", "nell", "year"]

START = date(2019, 1, 1)


def away_of(person):
    """What is kept of somebody's time away, the earliest first: kind and days."""
    db.session.rollback()
    rows = reversed(times_away(person.id))
    return [(str(each.kind), str(each.first_day), str(each.last_day or "")) for each in rows]


def test_a_pause_for_leave_is_time_away_until_the_day_before_she_is_back(both, year, nell, officer):
    paused(year, "2018-12-03", by=officer)
    assert away_of(nell) == [("pause", "2018-12-03", "")]

    service.rejoin(year.id, day("2018-12-20"), None, by=officer.id)
    assert away_of(nell) == [("pause", "2018-12-03", "2018-12-19")]

    (kept,) = find_enrolled(year.id).course.pauses
    service.withdraw_pause(year.id, kept.id, reason="A slip", by=officer.id)
    assert away_of(nell) == []


@pytest.mark.parametrize("kind", [PauseKind.SUPPORT, PauseKind.OTHER])
def test_who_pauses_for_another_reason_is_at_work(app, year, nell, officer, kind):
    service.pause(year.id, day("2018-12-03"), None, kind, by=officer.id)

    assert away_of(nell) == []


def test_what_her_manager_has_recorded_already_stays(app, year, nell, officer, manager):
    record_away(nell.id, Away(AwayKind.LEAVE, day("2018-12-10"), day("2018-12-14")), by=manager.id)
    record_away(nell.id, Away(AwayKind.PAUSE, day("2018-11-05"), day("2018-11-09")), by=manager.id)
    paused(year, "2018-12-03", "2018-12-31", by=officer)
    assert away_of(nell) == [
        ("pause", "2018-11-05", "2018-11-09"),
        ("pause", "2018-12-03", "2018-12-09"),
        ("leave", "2018-12-10", "2018-12-14"),
        ("pause", "2018-12-15", "2018-12-30"),
    ]


def test_around_her_managers_entry_the_pause_ends_on_its_day(app, year, nell, officer, manager):
    record_away(nell.id, Away(AwayKind.LEAVE, day("2018-12-10"), day("2018-12-14")), by=manager.id)
    paused(year, "2018-12-03", by=officer)
    service.rejoin(year.id, day("2018-12-31"), None, by=officer.id)
    assert away_of(nell) == [
        ("pause", "2018-12-03", "2018-12-09"),
        ("leave", "2018-12-10", "2018-12-14"),
        ("pause", "2018-12-15", "2018-12-30"),
    ]


SPANS = st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 12)))


def span(said, kind=AwayKind.LEAVE):
    first, lasts = said
    begins = START + timedelta(days=first)
    return Away(kind, begins, None if lasts is None else begins + timedelta(days=lasts))


@given(SPANS, st.lists(SPANS, max_size=4))
def test_each_day_is_spoken_of_once_and_none_is_left_out(said, others):
    wanted, rest = span(said, AwayKind.PAUSE), [span(each) for each in others]
    free = without(wanted, rest)

    for number in range(70):
        on = START + timedelta(days=number)
        spoken = sum(each.covers(on) for each in free)
        assert spoken == int(wanted.covers(on) and not any(each.covers(on) for each in rest))
