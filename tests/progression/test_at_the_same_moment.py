"""Two at once across the parts: whatever comes first, what is decided, what holds and what is told agree."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from cpd.application.followers import FOLLOWERS
from cpd.commands.checks import documents as documents_checks
from cpd.commands.checks import requests as requests_checks
from cpd.people.models import Post
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.early import reviews
from cpd.progression.early import service as early
from cpd.progression.early.course import PauseKind
from cpd.progression.early.enrolled import find_enrolled
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.panels import service as panels
from cpd.progression.panels.rules import PanelFault
from cpd.progression.panels.service import MeetingWanted, PanelRefused
from cpd.progression.portfolios import service as portfolios
from cpd.progression.portfolios.service import PortfolioRefused
from cpd.progression.requests import service as requests
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.models import DecisionLetter, Enactment, RaisingDay
from cpd.progression.requests.rules import RequestFault
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import Follower
from tests.browser.world import content, differences
from tests.progression.appealing import adopt
from tests.progression.careers import observed
from tests.progression.early_fixtures import assessor, first_years, year
from tests.progression.evidence import facts_of as evidence_on_record
from tests.progression.evidence import handed_in, portfolio_of
from tests.progression.judging import facts_of, meet, said, sit
from tests.progression.requesting import approve, ask, enact, facts, posts, statuses
from tests.progression.somebody_elses import SEEN, director, judge, wendy

__all__ = ["assessor", "director", "first_years", "judge", "wendy", "year"]

REFUSALS = (RequestRefused, PanelRefused, PortfolioRefused, EarlyRefused, LookupError)
ROUNDS = range(3)


def at_once(app, *acts):
    """Let each act run in a thread of its own, all from the same moment; return what refused it, or "done"."""
    came_to, ready = {}, threading.Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                act()
                came_to[number] = "done"
            except REFUSALS as refused:
                came_to[number] = list(getattr(refused, "faults", ["not there"]))
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [came_to[number] for number in range(len(acts))]


def count(model, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def found_by_the_doctor():
    db.session.rollback()
    checks = (*requests_checks.CHECKS, *documents_checks.CHECKS)
    return [fault for check in checks for fault in check.faults()]


@pytest.fixture
def careers_of_managers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def recommended(careers_of_managers, abel, judge, officer):
    """Abel has asked, and the panel of managers recommends: returns his request and its case."""
    observed(abel)
    request_id = ask(abel, "able-wise")
    (case_id,) = [each.case_id for each in facts(request_id).steps if each.panel_code == "managers"]
    panels.give_meeting(case_id, meet("managers", judge, by=officer, at=clock.now()), by=officer.id)
    panels.decide(case_id, said("recommended", judge), by=officer.id)
    return request_id, case_id


@pytest.fixture
def to_enact(recommended, director):
    approve(recommended[0], director)
    return recommended


def test_a_panel_that_decides_anew_against_the_change(both, to_enact, abel, judge, officer, operations):
    (request_id, case_id), today = to_enact, clock.today()
    anew = said("not_recommended", judge, because="A page was missing")
    her, by, officer_id = SimpleNamespace(id=abel.id), operations.id, officer.id

    panel, change = at_once(
        both,
        lambda: panels.decide_anew(case_id, anew, by=officer_id),
        lambda: requests.enact(request_id, effective_on=today, by=by),
    )

    assert panel == "done"
    assert change in ("done", [RequestFault.NOT_OPEN])
    made = change == "done"
    assert statuses(request_id)[0] == ("enacted" if made else "refused")
    assert count(Enactment) == made
    assert count(Post, Post.person_id == her.id, Post.superseded_at.is_(None), Post.career_level == "wise") == made
    assert [value for value, _, holds in facts_of(her, "managers") if holds] == ["not_recommended"]
    assert count(DecisionLetter) == 1
    assert found_by_the_doctor() == []


@pytest.mark.parametrize("number", ROUNDS)
def test_withdrawing_against_the_change_with_a_case_decided(both, to_enact, abel, operations, number):
    (request_id, _), today, her_id, by = to_enact, clock.today(), abel.id, operations.id

    came_to = at_once(
        both,
        lambda: requests.withdraw(request_id, by=her_id),
        lambda: requests.enact(request_id, effective_on=today, by=by),
    )

    assert sorted(map(str, came_to)) == sorted(["done", str([RequestFault.NOT_OPEN])])
    assert statuses(request_id)[0] == ("enacted" if came_to[1] == "done" else "withdrawn")
    assert count(Enactment) == count(DecisionLetter) == (came_to[1] == "done")
    assert found_by_the_doctor() == []


@pytest.fixture
def up_and_back(to_enact, abel, officer, operations, director):
    """Abel is an experienced social worker; taking that back is approved, and so is his next step."""
    enact(to_enact[0], operations)
    back = requests.ask_for_reversal(to_enact[0], reasons="The record was wrong", by=officer.id)
    approve(back, director)
    on = ask(abel, "wise-lead")
    approve(on, director)
    return back, on


@pytest.mark.parametrize(
    ("back_after", "on_after"), [(0, 0), (30, 10), (10, 30)], ids=["one day", "the next step first", "back first"]
)
def test_taking_a_change_back_against_a_later_change(
    both, up_and_back, abel, operations, clock_at, back_after, on_after
):
    (back, on), by, her = up_and_back, operations.id, SimpleNamespace(id=abel.id)
    clock_at(2019, 1, 3, 9)
    today = clock.today()

    def act(request_id, days):
        return lambda: requests.enact(request_id, effective_on=today + timedelta(days=days), by=by)

    came_to = at_once(both, act(back, back_after), act(on, on_after))

    assert came_to.count("done") == 1
    (refused,) = [each for each in came_to if each != "done"]
    assert set(refused) <= {
        RequestFault.OTHER_LEVEL_THEN,
        RequestFault.LEVEL_CHANGED,
        RequestFault.CHANGED_SINCE,
        RequestFault.CHANGE_AHEAD,
        RequestFault.NOT_OPEN,
        RequestFault.BEFORE_HER_LEVEL,
    }
    assert posts(her)[-1][0] == ("able" if came_to[0] == "done" else "lead")
    assert found_by_the_doctor() == []


def test_a_change_that_is_made_for_a_later_day_is_not_undone_by_one_before_it(both, up_and_back, abel, operations):
    back, on = up_and_back
    enact(on, operations, date(2019, 3, 1))

    with pytest.raises(RequestRefused) as refused:
        enact(back, operations, date(2019, 2, 1))

    assert refused.value.faults == [RequestFault.CHANGED_SINCE]
    assert [each[0] for each in posts(abel)][-1] == "lead"


def test_the_next_step_does_not_undo_what_is_taken_back_from_a_later_day(both, up_and_back, abel, operations):
    back, on = up_and_back
    enact(back, operations, date(2019, 3, 1))

    with pytest.raises(RequestRefused) as refused:
        enact(on, operations, date(2019, 2, 1))

    assert refused.value.faults == [RequestFault.CHANGE_AHEAD]
    assert [each[0] for each in posts(abel)][-1] == "able"


@pytest.mark.parametrize("number", ROUNDS)
def test_a_pause_against_a_review(both, year, assessor, officer, clock_at, number):
    clock_at(2019, 1, 9, 9)
    enrolment_id, judge_id, by = year.id, assessor.id, officer.id
    words = {"summary": "Steady", "actions": "Court", "shown": ""}

    came_to = at_once(
        both,
        lambda: early.pause(enrolment_id, date(2019, 1, 7), date(2019, 1, 28), PauseKind.LEAVE, by=by),
        lambda: reviews.hold_review(enrolment_id, "three", date(2019, 1, 8), **words, by=judge_id),
    )

    assert "done" in came_to
    db.session.rollback()
    now = find_enrolled(enrolment_id)
    assert bool(now.course.pauses) == (came_to[0] == "done")
    assert ("three" in now.held) == (came_to[1] == "done")
    assert str(now.point("six", clock.today()).due_on) == ("2019-04-22" if came_to[0] == "done" else "2019-04-01")


@pytest.mark.parametrize("number", ROUNDS)
def test_accepting_evidence_against_taking_it_back(both, abel, manager, organisation, number):
    adopt()
    portfolio_id = handed_in(abel, SEEN, kind="observation")
    her, by = SimpleNamespace(id=abel.id), manager.id

    def accept():
        portfolios.open_it(portfolio_id, by=by)
        portfolios.accept(portfolio_id, seen=1, comments="", by=by)

    accepted, back = at_once(both, accept, lambda: portfolios.take_back(portfolio_id, by=her.id))

    assert (accepted == "done") != (back == "done")
    assert portfolio_of(her, "observation").status == ("accepted" if accepted == "done" else "preparing")
    assert evidence_on_record(her) == ([("observation", "2018-12-03", True)] if accepted == "done" else [])


@pytest.mark.parametrize("number", ROUNDS)
def test_accepting_evidence_against_taking_the_acceptance_back(both, abel, manager, organisation, number):
    adopt()
    portfolio_id = handed_in(abel, SEEN, kind="observation")
    her, by = SimpleNamespace(id=abel.id), manager.id
    portfolios.open_it(portfolio_id, by=by)

    accepted, _ = at_once(
        both,
        lambda: portfolios.accept(portfolio_id, seen=1, comments="", by=by),
        lambda: portfolios.reopen(portfolio_id, reason="By mistake", by=by),
    )

    assert accepted == "done"
    holds = portfolio_of(her, "observation").status == "accepted"
    assert evidence_on_record(her) == [("observation", "2018-12-03", holds)]


class KilledError(Exception):
    """The process has gone."""


def test_a_panels_decision_its_letter_and_its_documents_are_one(both, organisation, abel, judge, officer, monkeypatch):
    adopt()
    observed(abel)
    request_id = ask(abel, "able-wise")
    (case_id,) = [each.case_id for each in facts(request_id).steps if each.panel_code == "managers"]
    panels.give_meeting(case_id, meet("managers", judge, by=officer, at=clock.now()), by=officer.id)
    decision, by, seen = said("not_recommended", judge), officer.id, []
    before = content()

    def killed(_session, _values):
        seen.append((count_here(DecisionLetter), count_here(DecisionDocument)))
        raise KilledError

    last = Follower("progression.decided", 99, killed)
    monkeypatch.setitem(both.extensions, "followers", [*FOLLOWERS, last])
    with pytest.raises(KilledError):
        panels.decide(case_id, decision, by=by)

    assert seen == [(1, 2)]  # the letter, the panel's document and the request's were there, and went with the rest
    db.session.rollback()
    assert differences(before, content()) == []
    assert statuses(request_id)[0] == "open"

    monkeypatch.setitem(both.extensions, "followers", FOLLOWERS)
    panels.decide(case_id, decision, by=by)
    assert statuses(request_id)[0] == "refused"
    assert (count(DecisionLetter), count(DecisionDocument)) == (1, 2)
    assert found_by_the_doctor() == []


def count_here(model):
    """Count rows as the act itself sees them."""
    db.session.flush()
    return db.session.scalar(select(func.count()).select_from(model))


def test_two_officers_plan_the_same_meeting(both, careers_of_managers, judge, make_person, officer):
    other = make_person("Jo Judge", Role.SERVICE_MANAGER)
    sit("managers", other, role="service_manager")
    ours, by, at = officer.organisation_id, officer.id, clock.now() + timedelta(days=7)
    one, two = (MeetingWanted(at, at + timedelta(hours=2), "Room 1", frozenset({each.id})) for each in (judge, other))

    came_to = at_once(
        both,
        lambda: panels.plan_meeting(ours, "managers", one, by=by),
        lambda: panels.plan_meeting(ours, "managers", two, by=by),
    )

    assert sorted(map(str, came_to)) == sorted(["done", str([PanelFault.MEETS_THEN])])


def test_two_workers_on_the_first_day(both, careers_of_managers, organisation):
    assert at_once(both, *[requests.raise_what_time_made_ready] * 4) == ["done"] * 4
    assert count(RaisingDay) == 1
