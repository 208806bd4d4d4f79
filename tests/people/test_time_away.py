"""When people are away: who keeps it, what is refused, and what is asked of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from cpd.people import away
from cpd.people.away import Away, AwayKind, AwayRefused, away_between, record_away
from cpd.people.models import TimeAway
from cpd.people.rules import AwayFault, faults_of_away
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.home.test_query_counts import queries

WEEK = Away(AwayKind.LEAVE, date(2019, 1, 14), date(2019, 1, 18))
FOREVER = Away(AwayKind.CAREER_BREAK, date(2019, 2, 1), None)


@pytest.mark.parametrize(
    ("said", "others", "expected"),
    [
        (WEEK, [], []),
        (replace(WEEK, last_day=date(2019, 1, 14)), [], []),
        (replace(WEEK, last_day=date(2019, 1, 13)), [], [AwayFault.ENDS_FIRST]),
        (WEEK, [Away(AwayKind.PAUSE, date(2019, 1, 18), date(2019, 1, 20))], [AwayFault.OVERLAPS]),
        (WEEK, [Away(AwayKind.PAUSE, date(2019, 1, 19), date(2019, 1, 20))], []),
        (WEEK, [Away(AwayKind.PAUSE, date(2019, 1, 1), date(2019, 1, 13))], []),
        (WEEK, [Away(AwayKind.PAUSE, date(2019, 1, 1), None)], [AwayFault.OVERLAPS]),
        (FOREVER, [WEEK], []),
        (replace(FOREVER, first_day=date(2019, 1, 18)), [WEEK], [AwayFault.OVERLAPS]),
    ],
    ids=[
        "a week",
        "one day",
        "it ends before it begins",
        "its last day is taken",
        "the day after is free",
        "the day before is free",
        "somebody who is away until further notice",
        "until further notice, after a week",
        "until further notice, from the last day of a week",
    ],
)
def test_days_are_kept_once(said, others, expected):
    assert faults_of_away(said, others) == expected


def test_time_away_is_asked_for_between_two_days(app, alice, bob, manager):
    record_away(alice.id, WEEK, by=manager.id)
    record_away(alice.id, FOREVER, by=manager.id)

    hers, his = alice.id, bob.id

    with queries() as statements:
        found = away_between([hers, his], date(2019, 1, 18), date(2019, 1, 31))
        later = away_between([hers], date(2030, 1, 1), date(2030, 1, 1))

    assert [(each.kind, each.first_day, each.last_day) for each in found[alice.id]] == [
        (AwayKind.LEAVE, date(2019, 1, 14), date(2019, 1, 18))
    ]
    assert found[bob.id] == []
    assert [each.kind for each in later[alice.id]] == [AwayKind.CAREER_BREAK]
    assert len(statements) == 2
    assert away_between([alice.id], date(2019, 1, 19), date(2019, 1, 31))[alice.id] == []


def test_a_correction_leaves_what_was_believed_before(both, alice, manager, officer):
    first = record_away(alice.id, WEEK, by=manager.id)

    second = away.correct_away(alice.id, first, replace(WEEK, last_day=date(2019, 1, 16)), by=officer.id)
    same = away.correct_away(alice.id, second, replace(WEEK, last_day=date(2019, 1, 16)), by=officer.id)

    rows = db.session.scalars(select(TimeAway).order_by(TimeAway.id)).all()
    assert [(row.last_day, row.superseded_by_id, row.supersede_reason) for row in rows] == [
        (date(2019, 1, 18), officer.id, "corrected"),
        (date(2019, 1, 16), None, None),
    ]
    assert same == second == rows[1].id
    assert [each.last_day for each in away.times_away(alice.id)] == [date(2019, 1, 16)]


def test_what_was_never_so_is_withdrawn_once(app, alice, manager):
    kept = record_away(alice.id, WEEK, by=manager.id)

    away.withdraw_away(alice.id, kept, by=manager.id)

    assert away.times_away(alice.id) == []
    with pytest.raises(AwayRefused) as refused:
        away.withdraw_away(alice.id, kept, by=manager.id)
    assert refused.value.faults == (AwayFault.NO_LONGER_IN_FORCE,)


def test_nobody_keeps_her_own_time_away(app, officer):
    with pytest.raises(AwayRefused) as refused:
        record_away(officer.id, WEEK, by=officer.id)
    assert refused.value.faults == (AwayFault.OWN,)


def test_the_history_says_nothing_of_when_or_why(app, alice, manager):
    kept = record_away(alice.id, WEEK, by=manager.id)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == "time_away")).one()
    assert (event.verb, event.subject_id, event.actor_id) == ("recorded", kept, manager.id)
    assert (event.reason, event.after) == (None, {"person_id": alice.id})


TYPED = {"kind": "leave", "first_day": "2019-01-14", "last_day": "2019-01-18"}


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_her_manager_and_workforce_development_record_it(app, alice, who, sign_in, request):
    client = sign_in(request.getfixturevalue(who))

    answer = client.post(f"/people/{alice.id}/away", data=TYPED)

    assert (answer.status_code, answer.location) == (303, f"/people/{alice.id}/away")
    assert "14 January 2019 to 18 January 2019" in client.get(f"/people/{alice.id}/away").text


def test_she_sees_it_herself_and_cannot_change_it(app, alice, manager, sign_in):
    kept = record_away(alice.id, FOREVER, by=manager.id)
    client = sign_in(alice)

    page = client.get(f"/people/{alice.id}/away")
    refused = client.post(f"/people/{alice.id}/away", data=TYPED)

    assert "1 February 2019 until further notice" in page.text
    assert '<button class="govuk-button"' not in page.text
    assert refused.status_code == 409
    assert "Ask your manager" in refused.text
    assert client.get(f"/people/{alice.id}/away/{kept}").status_code == 409
    assert client.post(f"/people/{alice.id}/away/{kept}/remove").status_code == 409
    assert db.session.scalar(select(func.count()).select_from(TimeAway)) == 1


@pytest.mark.parametrize("who", ["bob", "stranger"])
def test_nobody_else_sees_that_there_is_anything(app, alice, manager, who, sign_in, request):
    kept = record_away(alice.id, WEEK, by=manager.id)
    client = sign_in(request.getfixturevalue(who))

    assert client.get(f"/people/{alice.id}/away").status_code == 404
    assert client.post(f"/people/{alice.id}/away", data=TYPED).status_code == 404
    assert client.post(f"/people/{alice.id}/away/{kept}/remove").status_code == 404


def test_a_time_away_belongs_to_one_person_only(app, alice, bob, manager, sign_in):
    kept = record_away(alice.id, WEEK, by=manager.id)

    assert sign_in(manager).get(f"/people/{bob.id}/away/{kept}").status_code == 404


def test_it_is_changed_and_removed_on_its_page(app, alice, manager, sign_in):
    kept = record_away(alice.id, WEEK, by=manager.id)
    client = sign_in(manager)

    shown = client.get(f"/people/{alice.id}/away/{kept}")
    changed = client.post(f"/people/{alice.id}/away/{kept}", data=TYPED | {"last_day": "2019-01-15"})
    db.session.rollback()  # what this test has read is from before
    (newest,) = away.times_away(alice.id)
    removed = client.post(f"/people/{alice.id}/away/{newest.id}/remove")

    assert 'value="18"' in shown.text
    assert (changed.status_code, removed.status_code) == (303, 303)
    assert "Nothing is recorded" in client.get(f"/people/{alice.id}/away").text


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({}, 422, "Enter the first day away"),
        (TYPED | {"kind": "holiday"}, 422, "Choose what it is"),
        (TYPED | {"last_day": "2019-01-13"}, 409, "The last day must be the same as or after the first day"),
        (TYPED | {"first_day": "2019-02-01", "last_day": ""}, 409, "Some of these days are recorded already"),
    ],
    ids=["nothing", "another kind", "the wrong way round", "twice"],
)
def test_what_is_wrong_is_said_beside_the_dates(app, alice, manager, sign_in, typed, status, words):
    record_away(alice.id, FOREVER, by=manager.id)

    answer = sign_in(manager).post(f"/people/{alice.id}/away", data=typed)

    assert answer.status_code == status
    assert words in answer.text
