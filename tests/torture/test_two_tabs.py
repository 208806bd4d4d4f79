"""Ten people in two tabs each book, move and cancel over five linked sessions: nobody sees an error, nothing breaks."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.diary.models import DiaryEntry
from cpd.shared.database import db
from cpd.timetable.models import SessionDay
from tests.databases import stricter_first
from tests.torture.test_the_rush import assert_nothing_is_wrong
from tests.torture.two_tabs import FORESEEN, torture

SAMPLE, THOUSANDS = 200, 4000


def diaries() -> Counter:
    """What stands in people's diaries: who is to be where, and when."""
    columns = (DiaryEntry.person_id, DiaryEntry.source_id, DiaryEntry.starts_at, DiaryEntry.ends_at)
    return Counter(map(tuple, db.session.execute(select(*columns).where(DiaryEntry.cancelled_at.is_(None)))))


def places() -> Counter:
    """Who has a place on what, and when."""
    columns = (Booking.person_id, Booking.training_session_id, SessionDay.starts_at, SessionDay.ends_at)
    wanted = select(*columns).join(SessionDay, SessionDay.training_session_id == Booking.training_session_id)
    return Counter(map(tuple, db.session.execute(wanted.where(Booking.status == Status.CONFIRMED))))


def assert_people_in_two_tabs_break_nothing(app, folder, steps):
    answers = torture(app, folder, steps)

    assert {code for _, code in answers} <= FORESEEN, answers
    assert diaries() == places()
    assert_nothing_is_wrong(app)
    return answers


@stricter_first
@pytest.mark.lengthy
def test_people_in_two_tabs_break_nothing(both, tmp_path):
    answers = assert_people_in_two_tabs_break_nothing(both, tmp_path, SAMPLE)

    assert answers["book", 303] > 0


@pytest.mark.torture
def test_people_in_two_tabs_break_nothing_in_thousands_of_steps(both, tmp_path):
    answers = assert_people_in_two_tabs_break_nothing(both, tmp_path, THOUSANDS)

    assert all(answers[act, code] for act in ("book", "book together", "move", "cancel") for code in (303, 409)), (
        answers
    )
