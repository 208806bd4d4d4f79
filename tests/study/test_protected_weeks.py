"""Saying how a week was with one tap, and what she and her manager see of it."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from cpd.people.away import Away, AwayKind, record_away
from cpd.people.models import Post
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.study.protected import service
from cpd.study.protected.models import ProtectedTimeEntry
from cpd.study.protected.rules import Answer, Balance, Fault, Said
from cpd.study.protected.service import WeekRefused, say_week, standing_of, summary_of, team_page
from tests.home.test_query_counts import asks_as_often, queries

__all__ = ["asks_as_often"]

THIS_WEEK = date(2018, 12, 31)
CHRISTMAS = date(2018, 12, 24)
WEEK_BEFORE = date(2018, 12, 17)
HAD, PART, NO = Said(Answer.HAD), Said(Answer.PART), Said(Answer.NO)


def answers_of(person):
    db.session.rollback()
    wanted = select(ProtectedTimeEntry.week_of, ProtectedTimeEntry.answer, ProtectedTimeEntry.minutes)
    of_her = wanted.where(ProtectedTimeEntry.person_id == person.id, ProtectedTimeEntry.superseded_at.is_(None))
    return [tuple(row) for row in db.session.execute(of_her.order_by(ProtectedTimeEntry.week_of))]


def test_each_week_is_said_once_and_the_balance_is_their_sum(app, nell):
    say_week(nell.id, WEEK_BEFORE, HAD)
    say_week(nell.id, CHRISTMAS, NO)

    assert standing_of(nell.id).balance == Balance(due=222 + 133, had=222)

    say_week(nell.id, THIS_WEEK, PART)

    assert standing_of(nell.id).balance == Balance(due=222 + 133 + 178, had=222 + 89)
    assert summary_of(nell.id) == standing_of(nell.id).balance


def test_an_answer_is_corrected_by_a_new_one(app, nell):
    say_week(nell.id, CHRISTMAS, HAD)
    say_week(nell.id, CHRISTMAS, HAD)
    say_week(nell.id, CHRISTMAS, Said(Answer.PART, 90))

    wanted = select(ProtectedTimeEntry.answer, ProtectedTimeEntry.minutes, ProtectedTimeEntry.supersede_reason)
    assert db.session.execute(wanted.order_by(ProtectedTimeEntry.id)).all() == [
        ("had", None, "corrected"),
        ("part", 90, None),
    ]
    events = select(AuditEvent.verb, AuditEvent.before, AuditEvent.after)
    assert db.session.execute(
        events.where(AuditEvent.subject == "protected_time_entry").order_by(AuditEvent.id)
    ).all() == [
        ("said", None, {"week_of": "2018-12-24", "answer": "had", "minutes": None}),
        (
            "corrected",
            {"week_of": "2018-12-24", "answer": "had", "minutes": None},
            {"week_of": "2018-12-24", "answer": "part", "minutes": 90},
        ),
    ]


def test_two_taps_at_one_time_leave_one_answer(both, nell):
    hers, together = nell.id, threading.Barrier(2)
    errors = []

    def tap(said):
        with both.app_context():
            together.wait()
            try:
                say_week(hers, CHRISTMAS, said)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                errors.append(error)
            db.session.remove()

    taps = [threading.Thread(target=tap, args=(said,)) for said in (HAD, NO)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()

    assert errors == []
    assert len(answers_of(nell)) == 1
    assert len(db.session.execute(select(ProtectedTimeEntry.id)).all()) == 2


@pytest.mark.parametrize(
    ("week", "said", "fault"),
    [
        (date(2019, 1, 7), HAD, Fault.AHEAD),
        (date(2018, 12, 10), HAD, Fault.NOTHING_DUE),
        (date(2018, 12, 18), HAD, Fault.NOT_A_WEEK),
        (CHRISTMAS, Said(Answer.PART, 134), Fault.TOO_LONG),
        (CHRISTMAS, Said(Answer.PART, 0), Fault.NO_TIME),
    ],
    ids=["next week", "before it was promised", "from a Tuesday", "more than the week has", "no time"],
)
def test_an_answer_is_refused(app, nell, week, said, fault):
    with pytest.raises(WeekRefused) as refused:
        say_week(nell.id, week, said)

    assert refused.value.fault is fault
    assert answers_of(nell) == []


def test_nobody_without_a_promise_is_asked(app, promised, alice):
    assert summary_of(alice.id) is None
    assert standing_of(alice.id).begins_on is None
    with pytest.raises(WeekRefused):
        say_week(alice.id, CHRISTMAS, HAD)


def test_leave_recorded_later_takes_days_out_of_what_was_due(app, nell, manager):
    say_week(nell.id, WEEK_BEFORE, HAD)
    say_week(nell.id, CHRISTMAS, PART)
    record_away(nell.id, Away(AwayKind.LEAVE, date(2018, 12, 20), date(2018, 12, 28)), by=manager.id)

    balance = standing_of(nell.id).balance

    assert balance == Balance(due=133, had=133)  # three days are left of the first week, none of the second


def test_her_post_decides_and_its_correction_counts_back(app, nell):
    db.session.execute(update(Post).where(Post.person_id == nell.id).values(fte="0.6"))
    db.session.commit()
    say_week(nell.id, WEEK_BEFORE, HAD)

    assert standing_of(nell.id).balance.had == 133


def test_the_team_is_sorted_by_who_is_furthest_behind(app, nell, manager, alice, make_person):
    oona = make_person("Oona Often", career_level="nqsw", manager=manager)
    nina = make_person("Nina Never", career_level="nqsw", manager=manager)
    make_person("Elsa Elsewhere", career_level="nqsw")
    for week in (WEEK_BEFORE, CHRISTMAS):
        say_week(oona.id, week, HAD)
        say_week(nina.id, week, NO)
    say_week(nell.id, WEEK_BEFORE, PART)

    members = team_page(manager.id, manager.organisation_id)

    assert [(each.person.name, each.balance.left, each.balance.weeks_not_said) for each in members] == [
        ("Nina Never", 355, 0),
        ("Nell Newly", 244, 1),
        ("Oona Often", 0, 0),
    ]


def test_another_organisations_people_are_not_seen(app, nell, stranger, officer, manager, bob, sign_in):
    assert sign_in(stranger).get(f"/people/{nell.id}/protected-time").status_code == 404
    assert sign_in(bob).get(f"/people/{nell.id}/protected-time").status_code == 404
    assert sign_in(officer).get(f"/people/{nell.id}/protected-time").status_code == 200
    assert sign_in(manager).get(f"/people/{nell.id}/protected-time").status_code == 200
    assert sign_in(nell).get(f"/people/{nell.id}/protected-time").location == "/my/protected-time"


def test_one_tap_for_this_week_and_for_each_before(app, nell, sign_in):
    client = sign_in(nell)

    page = client.get("/my/protected-time")
    asked = re.findall(r'data-asked="([^"]+)"', page.text)
    taps = [client.post(f"/my/protected-time/{week}", data={"answer": "had"}) for week in asked]

    assert asked == ["2018-12-31", "2018-12-24", "2018-12-17"]
    assert "2 hours 13 minutes" in page.text
    assert "2 bank holidays left out" in page.text
    assert [(tap.status_code, tap.location) for tap in taps] == [(303, "/my/protected-time")] * 3
    after = client.get("/my/protected-time").text
    assert "data-asked" not in after
    assert "Nothing: all of it was had" in after
    assert [answer for _, answer, _ in answers_of(nell)] == ["had"] * 3


def test_a_part_is_half_unless_she_says_how_long(app, nell, sign_in):
    client = sign_in(nell)

    client.post("/my/protected-time/2018-12-17", data={"answer": "part"})
    half = client.get("/my/protected-time").text
    assert "Recorded as half of it: 1 hour 51 minutes" in half
    client.post("/my/protected-time/2018-12-17", data={"answer": "part", "hours": "3", "minutes": ""})
    more = client.get("/my/protected-time").text
    shown = client.get("/my/protected-time/2018-12-17").text

    assert "1 hour 51 minutes" in half
    assert "3 hours</td>" in more
    assert 'name="hours"' in shown
    assert 'value="3"' in shown
    assert answers_of(nell) == [(WEEK_BEFORE, "part", 180)]


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({}, 422, "Choose whether you had it, part of it, or not"),
        ({"answer": "perhaps"}, 422, "Choose whether you had it, part of it, or not"),
        ({"answer": "part", "minutes": "99"}, 422, "Minutes must be between 0 and 59"),
        ({"answer": "part", "hours": "2", "minutes": "14"}, 409, "You had at most 2 hours 13 minutes in this week"),
        ({"answer": "part", "hours": "0"}, 409, "Enter how long it was, or choose No"),
    ],
    ids=["nothing", "another answer", "too many minutes", "more than the week has", "no time"],
)
def test_what_is_wrong_is_said_on_the_weeks_page(app, nell, sign_in, typed, status, words):
    answer = sign_in(nell).post("/my/protected-time/2018-12-24", data=typed)

    assert answer.status_code == status
    assert words in answer.text
    assert answers_of(nell) == []


def test_a_week_of_leave_says_that_nothing_was_due(app, nell, manager, sign_in):
    record_away(nell.id, Away(AwayKind.LEAVE, CHRISTMAS, date(2018, 12, 28)), by=manager.id)
    client = sign_in(nell)

    assert client.get("/my/protected-time/2018-12-24").status_code == 404
    refused = client.post("/my/protected-time/2018-12-24", data={"answer": "had"})

    assert refused.status_code == 409
    assert "ask your manager to look at the days that you were away" in refused.text
    assert "Nothing due" in client.get("/my/protected-time").text


@pytest.mark.parametrize(
    "week", ["2019-01-07", "2018-12-18", "1800-01-06", "0001-01-01", "9999-12-27", "x", "20181217"]
)
def test_a_week_that_is_none_is_not_found(app, nell, sign_in, week):
    client = sign_in(nell)

    assert client.get(f"/my/protected-time/{week}").status_code == 404
    assert client.post(f"/my/protected-time/{week}", data={"answer": "had"}).status_code == 404


def test_who_is_promised_none_is_told_whom_to_ask(app, promised, alice, sign_in):
    page = sign_in(alice).get("/my/protected-time").text

    assert "ask HR to look at the career level" in page
    assert "data-asked" not in page


def test_who_has_not_begun_is_told_when(app, promised, make_person, sign_in):
    nora = make_person("Nora New", career_level="nqsw")
    db.session.execute(update(Post).where(Post.person_id == nora.id).values(starts_on=date(2019, 2, 4)))
    db.session.commit()

    assert "It begins on 4 February 2019" in sign_in(nora).get("/my/protected-time").text
    assert summary_of(nora.id) == Balance()


def test_what_is_over_is_still_shown_and_no_longer_asked(app, nell, manager, sign_in):
    db.session.execute(update(Post).where(Post.person_id == nell.id).values(ends_on=CHRISTMAS))
    after = {"career_level": "3a", "starts_on": CHRISTMAS, "recorded_at": nell.created_at, "staff_type": "employee"}
    of = {"organisation_id": nell.organisation_id, "person_id": nell.id, "manager_id": manager.id}
    db.session.execute(insert(Post).values(**after, **of))
    db.session.commit()

    page = sign_in(nell).get("/my/protected-time").text

    assert "The time for which it is promised is over" in page
    assert re.findall(r'data-asked="([^"]+)"', page) == ["2018-12-17"]
    assert team_page(manager.id, manager.organisation_id) == []


def test_the_plot_stands_there_as_a_table_too(app, nell, sign_in):
    say_week(nell.id, WEEK_BEFORE, PART)

    page = sign_in(nell).get("/my/protected-time").text

    assert "In 3 weeks 8 hours 53 minutes were due; 1 hour 51 minutes of it are known to have been had" in page
    assert re.findall(r'data-week="([^"]+)"', page) == ["2018-12-31", "2018-12-24", "2018-12-17"]


def test_a_manager_sees_weeks_not_said(app, nell, manager, sign_in):
    page = sign_in(manager).get("/team/protected-time").text

    assert f'href="/people/{nell.id}/protected-time"' in page
    assert "5 hours 55 minutes" in page


def test_whoever_manages_nobody_is_told_so(app, promised, alice, sign_in):
    assert "Nobody in your team has protected time" in sign_in(alice).get("/team/protected-time").text


def test_the_teams_page_asks_as_often_for_many(app, nell, manager, organisation, make_person, asks_as_often):
    def fill(numbers):
        for number in numbers:
            person = make_person(f"Person of a team {number}", career_level="nqsw", manager=manager)
            db.session.execute(
                insert(ProtectedTimeEntry).values(
                    organisation_id=organisation.id,
                    person_id=person.id,
                    week_of=WEEK_BEFORE,
                    answer="had",
                    recorded_at=person.created_at,
                )
            )
        db.session.commit()

    asks_as_often(manager, "/team/protected-time", fill)


def test_her_page_asks_as_often_after_many_weeks(app, nell, sign_in, clock_at):
    def asked():
        with queries() as statements:
            assert sign_in(nell).get("/my/protected-time").status_code == 200
        return len(statements)

    asked()
    few = asked()
    clock_at(2019, 12, 30, 9)
    for number in range(20):
        say_week(nell.id, WEEK_BEFORE + timedelta(weeks=number), HAD)

    asked()
    assert asked() == few
    assert few <= 12


def test_the_team_is_read_in_five_queries(app, nell, manager):
    who, of = manager.id, manager.organisation_id
    service.team_page(who, of)
    db.session.rollback()

    with queries() as statements:
        service.team_page(who, of)

    assert len(statements) == 5, "\n".join(statements)
