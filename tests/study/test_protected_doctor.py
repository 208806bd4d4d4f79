"""`flask doctor` finds every answer about protected time, and every time away, that is not as it must be."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, update

from cpd.people.away import Away, AwayKind, record_away
from cpd.people.models import TimeAway
from cpd.study.protected.models import ProtectedTimeEntry
from cpd.study.protected.rules import Answer, Said
from cpd.study.protected.service import say_week
from tests.commands.conftest import change, finds, finds_nothing, flask, without_constraints

__all__ = ["finds", "finds_nothing", "flask"]

CHRISTMAS, THIS_WEEK = date(2018, 12, 24), date(2018, 12, 31)


def another_answer(person, week_of, **values):
    known = {"organisation_id": person.organisation_id, "person_id": person.id, "week_of": week_of}
    return insert(ProtectedTimeEntry).values(known | {"answer": "had", "recorded_at": person.created_at} | values)


def test_what_was_said_properly_is_as_it_must_be(both, nell, finds_nothing):
    say_week(nell.id, CHRISTMAS, Said(Answer.NO))
    say_week(nell.id, CHRISTMAS, Said(Answer.PART, 133))
    say_week(nell.id, THIS_WEEK, Said(Answer.HAD))

    finds_nothing()


def test_two_answers_for_one_week(app, nell, finds):
    say_week(nell.id, CHRISTMAS, Said(Answer.HAD))
    without_constraints("protected_time_entry")
    change(another_answer(nell, CHRISTMAS, id=9))

    finds(f"protected weeks: person {nell.id} has 2 answers for the week of 2018-12-24")


def test_an_answer_for_a_week_that_has_not_begun(both, nell, finds):
    change(another_answer(nell, THIS_WEEK), another_answer(nell, date(2019, 1, 7)))

    finds("protected days: answer 2 is about the week of 2019-01-07, which has not begun")


def test_an_answer_for_no_week_or_another_organisation(both, nell, stranger, finds):
    change(another_answer(nell, date(2018, 12, 26), organisation_id=stranger.organisation_id))

    finds(
        "protected days: answer 1 is about the week of 2018-12-26, which does not begin on a Monday",
        f"protected days: answer 1 is organisation {stranger.organisation_id}'s, and its person is "
        f"{nell.organisation_id}'s",
    )


def test_more_than_any_week_has(both, nell, finds, finds_nothing):
    change(another_answer(nell, CHRISTMAS, answer="part", minutes=222))
    finds_nothing()

    change(update(ProtectedTimeEntry).values(minutes=223))

    finds("protected minutes: answer 1 says 223 minutes, and a whole week has 222")


def test_an_answer_superseded_without_a_reason(both, nell, finds):
    say_week(nell.id, CHRISTMAS, Said(Answer.HAD))
    say_week(nell.id, CHRISTMAS, Said(Answer.NO))
    change(
        update(ProtectedTimeEntry).where(ProtectedTimeEntry.superseded_at.is_not(None)).values(supersede_reason=None)
    )

    finds("superseded rows: protected_time_entry 1 was superseded without a reason")


def test_two_times_away_on_one_day(both, alice, manager, finds, finds_nothing):
    record_away(alice.id, Away(AwayKind.LEAVE, date(2019, 1, 7), date(2019, 1, 11)), by=manager.id)
    record_away(alice.id, Away(AwayKind.CAREER_BREAK, date(2019, 1, 12), None), by=manager.id)
    finds_nothing()

    change(update(TimeAway).where(TimeAway.id == 2).values(first_day=date(2019, 1, 11)))

    finds(f"times away: person {alice.id} is away twice on one day: 1 and 2")
