"""A panel from the first seat to the decision: who is told what, what stands where, and what is refused."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from cpd.people.models import Post, RoleGrant
from cpd.progression.panels import facts, reading, service
from cpd.progression.panels.ahead import pending_facts
from cpd.progression.panels.models import PanelDecision
from cpd.progression.panels.ready import ready_for
from cpd.progression.panels.rules import CaseStatus, PanelFault, Shortfall
from cpd.progression.panels.service import MeetingWanted, PanelRefused
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import Follower
from tests.cast import LONG_AGO, london
from tests.progression.careers import day, say, standing
from tests.progression.judging import (
    MEETING_DAY,
    NOT_YET,
    adopt_panels,
    case,
    case_for,
    diary_of,
    facts_of,
    kinds_told,
    meet,
    refused,
    said,
    sit,
    status_of,
    told,
)


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels()


@pytest.fixture
def pat(make_person):
    return make_person("Pat Panel", Role.PANEL_MEMBER)


@pytest.fixture
def pip(make_person):
    return make_person("Pip Panel", Role.PANEL_MEMBER)


@pytest.fixture
def open_(version, nell, pat, pip, officer, clock_at):
    """Nell's case before the moderation panel, of which Pat and Pip come to the meeting; it has just begun."""
    sit("moderation", pat, pip)
    meeting_id = meet("moderation", pat, pip, by=officer)
    case_id = case_for(nell, "moderation", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    return case_id


@pytest.fixture
def published(app_in_use):
    """What is published to the floors above."""
    heard = []
    followers = app_in_use.extensions["followers"]
    follower = Follower(facts.DECIDED, 9, lambda _session, values: heard.extend(values))
    app_in_use.extensions["followers"] = [*followers, follower]
    yield heard
    app_in_use.extensions["followers"] = followers


# --- who sits


def test_a_seat_is_given_for_a_reason_and_she_is_told(version, pat, officer):
    service.appoint(
        officer.organisation_id,
        "moderation",
        pat.id,
        role="panel_member",
        starts_on=day("2019-01-02"),
        reason="She knows portfolios",
        by=officer.id,
    )
    seat = reading.who_sits(officer.organisation_id, day("2019-01-02"))["moderation"][0]

    assert (seat.name, seat.role, seat.because) == ("Pat Panel", "panel_member", "She knows portfolios")
    assert reading.who_sits(officer.organisation_id, day("2019-01-01")) == {}
    assert kinds_told(pat) == ["panel_appointed"]


@pytest.mark.parametrize(
    ("panel", "role", "reason", "why"),
    [
        ("moderation", "panel_member", " ", [PanelFault.NO_REASON]),
        ("moderation", "service_manager", "x", [PanelFault.WRONG_ROLE]),
        ("interview", "service_manager", "x", [PanelFault.ROLE_NOT_HELD]),
        ("young", "panel_member", "x", [PanelFault.NO_MEMBERS_HERE]),
        ("nowhere", "panel_member", "x", [PanelFault.NO_PANEL]),
    ],
)
def test_a_seat_is_refused(version, pat, officer, panel, role, reason, why):
    parts = {"role": role, "starts_on": day("2019-01-02"), "reason": reason, "by": officer.id}

    assert refused(service.appoint, officer.organisation_id, panel, pat.id, **parts) == why


def test_nobody_appoints_herself_or_sits_twice_in_one_role(version, pat, officer, make_person):
    sit("moderation", pat)
    both = make_person("Wil Both", Role.WORKFORCE_DEVELOPMENT, Role.PANEL_MEMBER)
    parts = {"role": "panel_member", "starts_on": day("2019-01-02"), "reason": "x"}

    assert refused(service.appoint, pat.organisation_id, "moderation", pat.id, by=officer.id, **parts) == [
        PanelFault.SITS_ALREADY
    ]
    assert refused(service.appoint, pat.organisation_id, "moderation", both.id, by=both.id, **parts) == [
        PanelFault.APPOINTS_HERSELF
    ]


def test_a_seat_ends_after_its_last_day_for_a_reason(version, pat, officer):
    sit("moderation", pat)
    seat = reading.who_sits(pat.organisation_id, day("2019-01-02"))["moderation"][0]
    end = {"last_day": day("2019-01-31"), "by": officer.id}

    assert refused(service.end_seat, seat.id, pat.organisation_id, reason="", **end) == [PanelFault.NO_REASON]
    service.end_seat(seat.id, pat.organisation_id, reason="She moves to another service", **end)

    assert "moderation" in reading.who_sits(pat.organisation_id, day("2019-01-31"))
    assert "moderation" not in reading.who_sits(pat.organisation_id, day("2019-02-01"))
    assert kinds_told(pat) == ["panel_seat_ended"]
    assert refused(service.end_seat, seat.id, pat.organisation_id, reason="x", **end) == [PanelFault.SITS_NO_MORE]


def test_a_seat_does_not_end_before_what_was_judged_in_it(version, open_, pat, officer):
    service.decide(open_, said("pass", pat), by=officer.id)
    seat = next(each.id for each in reading.seats_here(pat.organisation_id) if each.person_id == pat.id)
    end = {"reason": "She moves on", "by": officer.id}

    assert refused(service.end_seat, seat, pat.organisation_id, last_day=day("2019-01-14"), **end) == [
        PanelFault.JUDGED_SINCE
    ]
    service.end_seat(seat, pat.organisation_id, last_day=day("2019-01-15"), **end)
    service.decide_anew(open_, said("fail", pat, because="The wrong box"), by=officer.id)


def test_whoever_loses_the_role_sits_no_more(version, open_, pat):
    db.session.execute(update(RoleGrant).where(RoleGrant.person_id == pat.id).values(revoked_at=LONG_AGO))
    db.session.commit()

    assert [each.name for each in reading.who_sits(pat.organisation_id, day("2019-01-02"))["moderation"]] == [
        "Pip Panel"
    ]
    assert not case(open_).is_assigned_to(pat.id)


# --- meetings and diaries


def test_a_meeting_stands_in_its_members_diaries_and_moves_with_it(version, pat, pip, officer):
    sit("moderation", pat, pip)
    meeting_id = meet("moderation", pat, by=officer)
    assert diary_of(pat) == [("Moderation panel", MEETING_DAY, True)]

    later = london(2019, 1, 22, 9, 30)
    wanted = MeetingWanted(later, london(2019, 1, 22, 11), "Town Hall", frozenset({pat.id, pip.id}))
    service.change_meeting(meeting_id, wanted, by=officer.id)
    assert diary_of(pat) == diary_of(pip) == [("Moderation panel", later, True)]
    assert kinds_told(pat) == ["panel_sitting", "panel_sitting"]
    assert told(pat)[1][1]["before"] == "Tuesday 15 January 2019, 9:30am to 11:30am"

    service.cancel_meeting(meeting_id, reason="Snow", by=officer.id)
    assert diary_of(pip) == [("Moderation panel", later, False)]
    assert kinds_told(pip) == ["panel_sitting", "panel_sitting_off"]


def test_whoever_no_longer_comes_has_it_no_more_and_is_told(version, open_, pat, pip, officer, clock_at):
    clock_at(2019, 1, 10, 10)
    meeting = case(open_).meeting
    wanted = MeetingWanted(meeting.starts_at, meeting.ends_at, meeting.place, frozenset({pat.id}))
    service.change_meeting(meeting.id, wanted, by=officer.id)

    assert diary_of(pip)[0][2] is False
    assert kinds_told(pip)[-1] == "panel_sitting_off"
    assert kinds_told(pat) == ["panel_sitting", "panel_case_assigned"]  # nothing changed for him


def test_only_members_can_be_put_on_a_meeting(version, pat, alice, officer):
    sit("moderation", pat)

    assert refused(meet, "moderation", pat, alice, by=officer) == [PanelFault.NOT_A_MEMBER]
    assert refused(meet, "moderation", by=officer) == [PanelFault.NOBODY_COMES]
    assert refused(meet, "moderation", pat, by=officer, hours=0) == [PanelFault.NO_SPAN]
    assert refused(meet, "moderation", pat, by=officer, at=london(2021, 2, 1, 9)) == [PanelFault.TOO_FAR_AHEAD]
    assert refused(meet, "moderation", pat, by=officer, at=london(2017, 12, 1, 9)) == [
        PanelFault.TOO_LONG_AGO,
        PanelFault.NOT_A_MEMBER,
    ]


def test_a_cancelled_meeting_gives_its_cases_back_and_the_person_is_told(version, open_, nell, officer):
    meeting = case(open_).meeting
    service.cancel_meeting(meeting.id, reason="Snow", by=officer.id)

    assert case(open_).meeting is None
    assert kinds_told(nell) == ["panel_meeting", "panel_meeting_off"]
    assert refused(service.give_meeting, open_, meeting.id, by=officer.id) == [PanelFault.CANCELLED]


def test_to_an_interview_the_person_is_invited_too(version, abel, make_person, officer):
    psw, head = make_person("Percy"), make_person("Sage")
    sit("interview", psw, role="principal_social_worker")
    sit("interview", head, role="service_manager")
    meeting_id = meet("interview", psw, head, by=officer)
    case_id = case_for(abel, "interview", version, meeting_id=meeting_id, by=officer)
    assert diary_of(abel) == [("Interview", MEETING_DAY, True)]
    assert told(abel)[0][1]["invited"] is True

    service.withdraw_case(case_id, reason="", by=abel.id)
    assert diary_of(abel) == [("Interview", MEETING_DAY, False)]
    assert diary_of(psw) == [("Interview", MEETING_DAY, True)]


def test_a_case_moved_to_another_meeting_leaves_the_first(version, abel, make_person, officer):
    psw, head = make_person("Percy"), make_person("Sage")
    sit("interview", psw, role="principal_social_worker")
    sit("interview", head, role="service_manager")
    first = meet("interview", psw, head, by=officer)
    case_id = case_for(abel, "interview", version, meeting_id=first, by=officer)
    second = meet("interview", psw, head, at=london(2019, 2, 5, 9), by=officer)
    service.give_meeting(case_id, second, by=officer.id)

    assert diary_of(abel) == [("Interview", MEETING_DAY, False), ("Interview", london(2019, 2, 5, 9), True)]
    assert kinds_told(abel) == ["panel_meeting", "panel_meeting"]


def test_a_case_takes_no_meeting_of_another_panel_or_before_its_time(version, nell, pat, officer, make_person):
    head = make_person("Sage")
    sit("interview", head, role="service_manager")
    sit("moderation", pat)
    case_id = case_for(nell, "moderation", version)
    other = meet("interview", head, by=officer)
    early = meet("moderation", pat, at=london(2018, 12, 12, 9), by=officer)

    assert refused(service.give_meeting, case_id, other, by=officer.id) == [PanelFault.ANOTHER_PANEL]
    assert refused(service.give_meeting, case_id, early, by=officer.id) == [PanelFault.BEFORE_IT_WAS_OPENED]


# --- cases and conflicts


def test_one_case_at_a_time_before_a_panel(both, version, nell):
    first = case_for(nell, "moderation", version)

    assert case_for(nell, "moderation", version, request_id=7) == first
    assert case(first).request_id == 7
    assert [each.id for each in reading.cases_of_request(7)] == [first]


def test_a_case_is_pending_for_the_day_of_its_meeting(version, open_, nell, clock_at):
    clock_at(2019, 1, 10, 9)
    fact = pending_facts([nell.id])[nell.id][0]
    assert (fact.kind, fact.subject, fact.value, fact.happened_on) == (
        FactKind.PENDING,
        "moderation",
        "outcome",
        day("2019-01-15"),
    )
    clock_at(2019, 1, 20, 9)
    assert pending_facts([nell.id])[nell.id][0].happened_on == day("2019-01-20")
    lines = {each.criterion.code: each for each in standing(nell).to("new-able").lines}
    assert lines["judged"].expected_on == day("2019-01-20")


def test_the_line_manager_of_today_does_not_judge_and_is_not_told_of_the_case(version, nell, manager, pat, officer):
    sit("moderation", manager, pat)
    meeting_id = meet("moderation", manager, pat, by=officer)
    case_id = case_for(nell, "moderation", version, meeting_id=meeting_id, by=officer)

    assert [each.person_id for each in case(case_id).assigned] == [pat.id]
    assert "panel_case_assigned" not in kinds_told(manager)
    db.session.execute(update(Post).where(Post.person_id == nell.id).values(manager_id=None))
    db.session.commit()
    assert [each.person_id for each in case(case_id).assigned] == [manager.id, pat.id]


def test_a_declared_interest_takes_the_case_away(version, open_, pat, pip, officer, alice):
    assert refused(service.declare_interest, open_, pat.id, " ", by=pat.id) == [PanelFault.NO_WORDS]
    assert refused(service.declare_interest, open_, pat.id, "A cousin", by=pip.id) == [PanelFault.NOT_THE_RECORDER]
    assert refused(service.declare_interest, open_, alice.id, "x", by=officer.id) == [PanelFault.NOT_ASSIGNED]
    service.declare_interest(open_, pat.id, "Nell is my cousin", by=pat.id)

    assert not case(open_).is_assigned_to(pat.id)
    assert refused(service.declare_interest, open_, pat.id, "x", by=officer.id) == [PanelFault.DECLARED_ALREADY]
    assert refused(service.decide, open_, said("pass", pat), by=officer.id) == [
        PanelFault.JUDGE_IN_CONFLICT,
        PanelFault.TOO_FEW,
    ]
    assert refused(service.decide, open_, said("pass", pip), by=pat.id) == [PanelFault.RECORDER_IN_CONFLICT]


def test_workforce_development_is_told_of_an_interest_of_whoever_has_judged(version, open_, pat, pip, officer):
    service.decide(open_, said("pass", pat), by=officer.id)
    service.declare_interest(open_, pip.id, "A neighbour", by=pip.id)
    assert told(officer, "panel_judge_has_interest") == []
    service.declare_interest(open_, pat.id, "Nell is my cousin", by=pat.id)

    ((_, of_it),) = told(officer, "panel_judge_has_interest")
    assert (of_it["judge"], of_it["path"]) == ("Pat Panel", f"/progression/cases/{open_}")
    assert "cousin" not in str(of_it)


def test_an_interest_entered_by_mistake_is_taken_back_for_a_reason(version, open_, pat, officer):
    service.declare_interest(open_, pat.id, "A cousin", by=officer.id)
    back = {"by": officer.id}

    assert refused(service.take_interest_back, open_, pat.id, reason="", **back) == [PanelFault.NO_REASON]
    assert refused(service.take_interest_back, open_, pat.id, reason="x", by=pat.id) == [
        PanelFault.RECORDER_IN_CONFLICT
    ]
    service.take_interest_back(open_, pat.id, reason="It was another Nell", **back)
    assert case(open_).is_assigned_to(pat.id)


def test_too_few_are_said_beforehand(version, abel, make_person, officer):
    psw, both = make_person("Percy"), make_person("Bo")
    sit("interview", psw, role="principal_social_worker")
    sit("interview", both, role="service_manager")
    meeting_id = meet("interview", psw, both, by=officer)
    case_id = case_for(abel, "interview", version, meeting_id=meeting_id, by=officer)
    assert not case(case_id).shortfall

    service.declare_interest(case_id, both.id, "A neighbour", by=both.id)
    assert case(case_id).shortfall == Shortfall(1, (Role.SERVICE_MANAGER,))


# --- deciding


def test_a_pass_is_on_the_record_as_of_the_day_of_the_meeting_and_everybody_is_told(
    both, version, open_, nell, manager, pat, officer, published
):
    service.decide(open_, said("pass", pat), by=officer.id)

    assert facts_of(nell, "moderation") == [("pass", "2019-01-15", True)]
    assert status_of(open_) == CaseStatus.DECIDED
    assert case(open_).judges == (reading.JudgeFacts(pat.id, "Pat Panel", "panel_member"),)
    assert [(each.case_id, each.outcome, each.request_id, each.is_anew) for each in published] == [
        (open_, "pass", None, False)
    ]
    kind, facts_told = told(nell)[-1]
    assert (kind, facts_told["outcome"], facts_told["reasons"]) == (
        "panel_decided",
        "Passed",
        "The portfolio shows it",
    )
    assert kinds_told(manager) == ["panel_decided_in_team"]
    lines = {each.criterion.code: each for each in standing(nell).to("new-able").lines}
    assert lines["judged"].standing.is_met


def test_not_yet_says_what_helps_and_when_it_is_looked_at_again(both, version, open_, nell, pat, officer, published):
    parts = {"outcome": "deferred_with_support", "reasons": "Close", "judges": frozenset({pat.id})}
    without = service.Decision(**parts)
    assert refused(service.decide, open_, without, by=officer.id) == [PanelFault.NO_PLAN, PanelFault.NO_REVIEW_DAY]

    service.decide(open_, service.Decision(**parts, **NOT_YET), by=officer.id)
    assert (published[0].support_plan, published[0].review_on) == ("Two observed visits by May", day("2019-06-03"))
    assert told(nell)[-1][1]["review_on"] == "3 June 2019"
    assert facts_of(nell, "moderation") == [("deferred_with_support", "2019-01-15", True)]


def test_of_two_secretaries_at_once_one_writes_the_decision(both, version, open_, nell, pat, officer, make_person):
    other = make_person("Otis Officer", Role.WORKFORCE_DEVELOPMENT)
    came_to, ready = [], threading.Barrier(2)
    wanted = [(said("pass", pat), officer.id), (said("fail", pat), other.id)]
    db.session.remove()

    def write(decision, by):
        with both.app_context():
            ready.wait()
            try:
                came_to.append(service.decide(open_, decision, by=by) and "done")
            except PanelRefused as refused_:
                came_to.append(refused_.faults)
            db.session.remove()

    threads = [threading.Thread(target=write, args=each) for each in wanted]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(map(str, came_to)) == sorted(["done", str((PanelFault.DECIDED_ALREADY,))])
    assert len(facts_of(nell, "moderation")) == 1
    assert len(db.session.scalars(select(PanelDecision)).all()) == 1


def test_a_decision_and_a_withdrawal_at_once_come_to_one_of_them(both, version, open_, nell, pat, officer):
    came_to, ready = [], threading.Barrier(2)
    officer_id, nell_id, decision = officer.id, nell.id, said("pass", pat)
    acts = [
        lambda: service.decide(open_, decision, by=officer_id),
        lambda: service.withdraw_case(open_, reason="", by=nell_id),
    ]
    db.session.remove()

    def run(act):
        with both.app_context():
            ready.wait()
            try:
                act()
                came_to.append("done")
            except PanelRefused as refused_:
                came_to.append(refused_.faults[0])
            db.session.remove()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert came_to.count("done") == 1
    assert status_of(open_) in (CaseStatus.DECIDED, CaseStatus.WITHDRAWN)
    assert len(facts_of(nell, "moderation")) == (status_of(open_) == CaseStatus.DECIDED)


def test_a_decision_is_changed_only_by_a_new_one_with_a_reason_and_the_earlier_stays(
    both, version, open_, nell, pat, pip, officer, published
):
    service.decide(open_, said("fail", pat), by=officer.id)
    assert refused(service.decide, open_, said("pass", pat), by=officer.id) == [PanelFault.DECIDED_ALREADY]
    assert refused(service.decide_anew, open_, said("pass", pip), by=officer.id) == [PanelFault.NO_REASON]

    service.decide_anew(open_, said("pass", pat, pip, because="The wrong box was ticked"), by=officer.id)
    found = case(open_)
    assert (found.outcome, [each.outcome for each in found.earlier]) == ("pass", ["fail"])
    assert found.earlier[0].because == "The wrong box was ticked"
    assert facts_of(nell, "moderation") == [("fail", "2019-01-15", False), ("pass", "2019-01-15", True)]
    assert [each.is_anew for each in published] == [False, True]
    assert told(nell)[-1][1]["because"] == "The wrong box was ticked"


def test_only_the_newest_outcome_counts_once_she_comes_again(version, open_, nell, pat, officer, clock_at):
    service.decide(open_, said("fail", pat), by=officer.id)
    again = case_for(nell, "moderation", version)
    same_day = meet("moderation", pat, at=london(2019, 1, 15, 9, 45), by=officer)
    service.give_meeting(again, same_day, by=officer.id)
    assert refused(service.decide, again, said("pass", pat), by=officer.id) == [PanelFault.DECIDED_THAT_DAY]

    service.give_meeting(again, meet("moderation", pat, at=london(2019, 3, 5, 9), by=officer), by=officer.id)
    clock_at(2019, 3, 5, 12)
    service.decide(again, said("pass", pat), by=officer.id)
    assert facts_of(nell, "moderation") == [("fail", "2019-01-15", True), ("pass", "2019-03-05", True)]
    lines = {each.criterion.code: each for each in standing(nell).to("new-able").lines}
    assert lines["judged"].standing.is_met


def test_until_it_is_decided_she_withdraws_it_and_nothing_stands_on_her_record(
    both, version, open_, nell, officer, published, alice, pat
):
    assert refused(service.withdraw_case, open_, reason="x", by=alice.id) == [PanelFault.NOT_HERS]
    assert refused(service.withdraw_case, open_, reason="", by=officer.id) == [PanelFault.NO_REASON]
    service.withdraw_case(open_, reason="", by=nell.id)

    assert facts_of(nell, "moderation") == []
    assert (case(open_).outcome, case(open_).reasons) == ("withdrawn", "At the person's own wish")
    assert [each.outcome for each in published] == ["withdrawn"]
    assert refused(service.decide, open_, said("pass", pat), by=officer.id) == [PanelFault.WITHDRAWN]
    assert refused(service.withdraw_case, open_, reason="", by=nell.id) == [PanelFault.WITHDRAWN]


def test_what_workforce_development_withdraws_she_is_told(version, open_, nell, officer):
    service.withdraw_case(open_, reason="She asked by telephone", by=officer.id)

    assert told(nell)[-1] == (
        "panel_case_withdrawn",
        {"panel": "Moderation panel", "reason": "She asked by telephone", "path": "/my/panels"},
    )


def test_the_history_names_nobody(version, open_, nell, pat, officer):
    service.declare_interest(open_, pat.id, "Nell is my cousin", by=pat.id)
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.subject.startswith("panel_"))).all()

    assert {row.verb for row in rows} == {"planned", "opened", "given_meeting", "interest_declared"}
    assert not any("Nell" in f"{row.before}{row.after}" for row in rows)


# --- recommendations first


@pytest.fixture
def managers(make_person):
    """A service manager, an operations manager and an Assistant Director, all members."""
    people = [make_person("Sage Service"), make_person("Ola Operations"), make_person("Darcy Director")]
    for person, role in zip(people, ("service_manager", "operations_manager", "assistant_director"), strict=True):
        sit("managers", person, role=role)
    return people


@pytest.fixture
def before_managers(version, abel, managers, officer, clock_at):
    meeting_id = meet("managers", *managers, by=officer)
    case_id = case_for(abel, "managers", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    return case_id


def test_what_each_recommends_is_known_once_all_have(both, before_managers, abel, managers, officer):
    sage, ola, darcy = managers
    decision = said("recommended")
    assert service.recommend(before_managers, sage.id, "recommended", "Strong") is False
    assert service.recommend(before_managers, ola.id, "not_recommended", "Too early") is False
    assert service.recommend(before_managers, ola.id, "recommended", "On second thoughts, strong") is False
    assert case(before_managers).to_recommend == [darcy.id]
    assert refused(service.decide, before_managers, decision, by=officer.id) == [PanelFault.RECOMMENDATIONS_MISSING]

    assert service.recommend(before_managers, darcy.id, "recommended", "Yes") is True
    assert refused(service.recommend, before_managers, sage.id, "not_recommended", "x") == [PanelFault.ALL_KNOWN]
    service.decide(before_managers, decision, by=officer.id)
    assert {each.person_id for each in case(before_managers).judges} == {each.id for each in managers}
    assert facts_of(abel, "managers") == [("recommended", "2019-01-15", True)]


def test_without_all_it_is_said_who_is_missing_and_why(before_managers, managers, officer):
    sage, ola, darcy = managers
    service.recommend(before_managers, sage.id, "recommended", "Strong")
    service.recommend(before_managers, ola.id, "recommended", "Strong")
    assert refused(service.reveal, before_managers, "Ill", by=darcy.id) == [PanelFault.NOT_THE_RECORDER]
    service.reveal(before_managers, "Darcy Director is ill", by=sage.id)

    service.decide(before_managers, said("not_recommended"), by=ola.id)
    found = case(before_managers)
    assert found.missing == "Darcy Director is ill"
    assert {each.name for each in found.judges} == {"Sage Service", "Ola Operations"}


def test_one_recommendation_is_too_few_for_two(before_managers, managers, officer):
    service.recommend(before_managers, managers[0].id, "recommended", "Strong")
    service.reveal(before_managers, "The others are ill", by=officer.id)

    assert refused(service.decide, before_managers, said("recommended"), by=officer.id) == [PanelFault.TOO_FEW]


def test_an_interest_of_the_last_one_missing_lets_it_be_known(before_managers, managers, officer):
    sage, ola, darcy = managers
    service.recommend(before_managers, sage.id, "recommended", "Strong")
    service.recommend(before_managers, ola.id, "recommended", "Strong")
    service.declare_interest(before_managers, darcy.id, "A friend", by=darcy.id)

    assert case(before_managers).revealed_at is not None


# --- young people


def test_the_participation_worker_writes_down_what_young_people_recommend(version, abel, pat, officer, clock_at):
    meeting_id = meet("young", pat, by=officer)
    case_id = case_for(abel, "young", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    assert refused(service.decide, case_id, said("recommended", names_nobody=True), by=officer.id) == [
        PanelFault.NOT_THE_RECORDER
    ]
    assert refused(service.decide, case_id, said("recommended"), by=pat.id) == [PanelFault.NAMES_A_YOUNG_PERSON]

    service.decide(case_id, said("recommended", names_nobody=True), by=pat.id)
    assert facts_of(abel, "young") == [("recommended", "2019-01-15", True)]
    assert case(case_id).judges == ()


# --- what waits, and days of review


def test_what_waits_is_counted_for_each(before_managers, managers, officer, version, nell, pat):
    organisation_id = officer.organisation_id
    assert service.waiting_count(managers[0].id, organisation_id, [Role.SERVICE_MANAGER]) == 1
    assert service.waiting_count(officer.id, organisation_id, [Role.WORKFORCE_DEVELOPMENT]) == 1
    case_for(nell, "moderation", version)
    assert service.waiting_count(officer.id, organisation_id, [Role.WORKFORCE_DEVELOPMENT]) == 2
    service.recommend(before_managers, managers[0].id, "recommended", "Strong")
    assert service.waiting_count(managers[0].id, organisation_id, [Role.SERVICE_MANAGER]) == 0
    assert service.waiting_count(nell.id, organisation_id, []) == 0


def test_two_weeks_before_it_is_looked_at_again_she_and_her_manager_are_reminded_once(
    both, version, open_, nell, manager, pat, officer, clock_at
):
    service.decide(open_, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    clock_at(2019, 5, 19, 9)
    assert service.remind_of_panel_reviews() == 0
    clock_at(2019, 5, 20, 9)
    assert service.remind_of_panel_reviews() == 1
    assert service.remind_of_panel_reviews() == 0
    assert told(nell)[-1][0] == "panel_review_due"
    assert told(manager)[-1][0] == "panel_review_due_in_team"


def test_whoever_has_come_again_is_not_reminded(version, open_, nell, pat, officer, clock_at):
    service.decide(open_, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    case_for(nell, "moderation", version)
    clock_at(2019, 5, 20, 9)

    assert service.remind_of_panel_reviews() == 0


# --- who is ready for the panel


def test_whoever_has_an_accepted_portfolio_is_ready_for_the_panel_until_it_has_passed(
    version, nell, pat, officer, clock_at
):
    assert [each.person_id for each in ready_for("moderation", officer.organisation_id)] == []
    assert refused(service.open_ready_case, nell.id, "moderation", by=officer.id) == [PanelFault.NOT_READY]
    say(nell, FactKind.EVIDENCE, "portfolio", "2018-12-20")
    assert [each.person_id for each in ready_for("moderation", officer.organisation_id)] == [nell.id]

    case_id = service.open_ready_case(nell.id, "moderation", by=officer.id)
    assert case(case_id).request_id is None
    assert ready_for("moderation", officer.organisation_id) == []
    sit("moderation", pat)
    service.give_meeting(case_id, meet("moderation", pat, by=officer), by=officer.id)
    clock_at(2019, 1, 15, 10)
    service.decide(case_id, said("pass", pat), by=officer.id)
    assert ready_for("moderation", officer.organisation_id) == []


def test_a_panel_that_a_request_passes_through_is_opened_by_no_list(version, abel, officer):
    say(abel, FactKind.EVIDENCE, "portfolio", "2018-12-20")

    assert ready_for("managers", officer.organisation_id) == []
