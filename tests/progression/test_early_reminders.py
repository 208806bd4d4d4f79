"""Fourteen and three days before something is due and once when it is late, whoever must act is reminded."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.people.models import Post
from cpd.progression.early import reviews
from cpd.progression.early.reminding import remind_of_reviews
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.home.test_query_counts import queries
from tests.progression.early_fixtures import assessor, first_years, ned, nell, year
from tests.progression.early_years import day, paused, put_on

__all__ = ["assessor", "first_years", "ned", "nell", "year"]


def reminded(person):
    """Of what somebody was reminded, with the days left."""
    db.session.rollback()
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id, OutboxMessage.kind == "early_review_due")
    rows = db.session.scalars(wanted.order_by(OutboxMessage.id))
    return [(row.facts["point"], row.facts["days_left"]) for row in rows]


@pytest.fixture
def settled(app, year, nell, assessor, manager):
    """What is due at the start is done."""
    number = reviews.write_agreement(year.id, "a", "b", "c", by=assessor.id)
    assert number
    for person in (nell, assessor, manager):
        reviews.sign_agreement(year.id, 1, by=person.id)
    answers = {str(number): 2 for number in range(1, 10)}
    reviews.assess_self(year.id, "self-start", answers, "", by=nell.id)
    return year


@pytest.mark.parametrize(
    ("on", "left"),
    [
        ((2019, 3, 17), []),
        ((2019, 3, 18), [14]),
        ((2019, 3, 28), [4]),
        ((2019, 3, 29), [3]),
        ((2019, 4, 1), [0]),
        ((2019, 4, 2), [-1]),
    ],
)
def test_the_assessor_is_reminded_of_a_review(app, settled, nell, assessor, clock_at, on, left):
    reviews.hold_review(settled.id, "three", day("2019-01-02"), summary="x", actions="", shown="", by=assessor.id)
    clock_at(*on, 9)
    assert remind_of_reviews() == len(left)
    assert remind_of_reviews() == 0

    assert reminded(assessor) == [("Six-month review", each) for each in left]
    assert reminded(nell) == []


def test_three_reminders_in_all_and_the_last_once(app, settled, assessor, clock_at):
    for on in ((2018, 12, 18), (2018, 12, 20), (2018, 12, 29), (2019, 1, 2), (2019, 1, 3), (2019, 2, 20)):
        clock_at(*on, 9)
        remind_of_reviews()

    assert [left for title, left in reminded(assessor) if title == "Three-month review"] == [14, 3, -1]


def test_a_day_that_moved_is_reminded_of_anew(app, settled, assessor, officer, clock_at):
    clock_at(2018, 12, 18, 9)
    remind_of_reviews()
    paused(settled, "2018-12-18", "2018-12-28", by=officer)
    clock_at(2018, 12, 28, 9)
    remind_of_reviews()

    assert reminded(assessor) == [("Three-month review", 14), ("Three-month review", 14)]


def test_while_she_pauses_nobody_is_reminded(app, settled, officer, clock_at):
    paused(settled, "2018-12-10", by=officer)
    clock_at(2019, 1, 5, 9)

    assert remind_of_reviews() == 0


def test_she_is_reminded_of_what_she_writes_and_her_manager_where_nobody_assesses(
    app, first_years, ned, manager, officer, clock_at
):
    put_on(ned, by=officer)
    clock_at(2018, 10, 20, 9)
    remind_of_reviews()

    assert reminded(ned) == [("Self-assessment at the start", 9)]
    assert reminded(manager) == [("Support and assessment agreement", 9)]


def test_of_an_agreement_those_are_reminded_who_have_not_signed(app, year, nell, assessor, manager, clock_at):
    clock_at(2018, 10, 20, 9)
    reviews.write_agreement(year.id, "a", "b", "c", by=assessor.id)
    reviews.sign_agreement(year.id, 1, by=assessor.id)
    remind_of_reviews()

    point = ("Support and assessment agreement", 9)
    assert (point in reminded(nell), point in reminded(manager), point in reminded(assessor)) == (True, True, False)


def test_nobody_is_reminded_for_somebody_who_has_left(app, settled, nell, assessor, clock_at):
    db.session.query(Post).filter_by(person_id=nell.id).update({"ends_on": day("2019-01-05")})
    db.session.commit()
    clock_at(2019, 1, 6, 9)

    assert remind_of_reviews() == 0


def test_while_nothing_is_due_a_few_questions_are_asked(app, settled, ned, officer, clock_at):
    clock_at(2018, 11, 15, 9)
    remind_of_reviews()
    with queries() as asked:
        assert remind_of_reviews() == 0
    assert len(asked) <= 8
