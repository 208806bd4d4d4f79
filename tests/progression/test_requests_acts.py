"""Asking, deciding, making the change and taking it back, through the steps that the pack gives."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from cpd.people import away
from cpd.people.models import Post
from cpd.people.rules import Away, AwayKind
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import letters, reading, service
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.models import Approval, Enactment
from cpd.progression.requests.reminding import remind_of_decisions
from cpd.progression.requests.rules import RequestFault, RequestStatus
from cpd.progression.vacancies import service as vacancies
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import completed, observed
from tests.progression.requesting import (
    adopt,
    approve,
    ask,
    enact,
    facts,
    opened,
    panel,
    posts,
    request_ids,
    statuses,
    take_back,
    told,
)

TODAY = date(2019, 1, 2)
LATER = date(2019, 3, 1)


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def wise(app_in_use, make_person, manager):
    return make_person("Wendy Wise", career_level="wise", manager=manager)


@pytest.fixture
def asked(careers, abel):
    """Abel has asked to become an experienced social worker."""
    observed(abel)
    return ask(abel, "able-wise")


@pytest.fixture
def to_approve(asked):
    panel(asked, "young", "recommended")
    panel(asked, "managers", "recommended")
    return asked


@pytest.fixture
def to_enact(to_approve, director):
    approve(to_approve, director)
    return to_approve


def refused(act, *args, **kwargs):
    """For which reasons an act is refused."""
    with pytest.raises(RequestRefused) as info:
        act(*args, **kwargs)
    db.session.rollback()
    return info.value.faults


# Asking


def test_who_has_something_still_to_do_is_refused_and_then_helped_on(careers, abel):
    assert refused(ask, abel, "able-wise") == [RequestFault.STILL_TO_DO]
    assert service.prospect_of(abel.id, "able-wise").faults == [RequestFault.STILL_TO_DO]

    observed(abel)

    request = facts(ask(abel, "able-wise"))
    assert request.status is RequestStatus.OPEN
    assert [(line.code, line.state) for line in request.standing] == [("seen", "met")]
    assert request.standing[0].words == ("Direct observation, dated 1 July 2018, accepted.",)


def test_one_request_at_a_time_for_each_step(asked, abel):
    assert refused(ask, abel, "able-wise") == [RequestFault.LIVE_ALREADY]


def test_a_post_that_is_agency_by_the_day_of_the_change_gets_no_level(careers, wise, director, operations):
    agency_from(wise, LATER)
    request_id = ask(wise, "wise-lead")
    approve(request_id, director)

    assert refused(enact, request_id, operations, LATER) == [RequestFault.OTHER_STAFF_THEN]
    enact(request_id, operations)
    assert [(spell[0], spell[2], spell[3]) for spell in posts(wise)][-2:] == [
        ("lead", TODAY, LATER),
        ("wise", LATER, None),
    ]


def agency_from(person, day):
    """HR knows that somebody's post is one of agency staff from a day on."""
    held = db.session.scalars(select(Post).where(Post.person_id == person.id, Post.superseded_at.is_(None))).one()
    kept = ("organisation_id", "person_id", "career_level", "team_id", "manager_id", "fte", "recorded_at", "source")
    values = {name: getattr(held, name) for name in kept}
    held.ends_on = day
    db.session.flush()
    db.session.add(Post(**values, starts_on=day, staff_type="agency"))
    db.session.commit()


def test_agency_staff_are_told_why_not(careers, make_person):
    agency = make_person(career_level="able", staff_type="agency")

    assert refused(ask, agency, "able-wise") == [RequestFault.NOT_ON_A_WAY]


def test_a_step_from_another_level_is_refused(careers, nell):
    assert refused(ask, nell, "able-wise") == [RequestFault.NO_SUCH_STEP]


def test_where_no_criteria_are_published_she_may_ask(careers, wise, director, manager):
    request_id = ask(wise, "wise-lead")

    assert statuses(request_id) == ("open", ["open", "ahead"])
    assert told(director) == ["progression_to_decide"]
    assert told(manager) == ["progression_in_team"]
    assert told(wise) == []


def test_whoever_can_decide_is_reminded_once_when_it_has_waited_two_weeks(
    careers, wise, director, operations, officer, clock_at
):
    request_id = ask(wise, "wise-lead")
    clock_at(2019, 1, 16, 8)
    assert remind_of_decisions() == 0
    clock_at(2019, 1, 16, 10)
    assert [remind_of_decisions(), remind_of_decisions()] == [1, 0]
    assert told(director) == ["progression_to_decide", "progression_waits_long"]
    approve(request_id, director)
    assert remind_of_decisions() == 0
    clock_at(2019, 2, 1, 10)
    assert [remind_of_decisions(), remind_of_decisions()] == [1, 0]
    assert told(operations) == ["progression_to_decide", "progression_waits_long"]
    assert told(officer) == []


def test_where_nobody_can_decide_workforce_development_is_reminded(careers, wise, officer, clock_at):
    ask(wise, "wise-lead")
    clock_at(2019, 1, 17, 10)

    assert [remind_of_decisions(), remind_of_decisions()] == [1, 0]
    assert told(officer) == ["progression_without_decider", "progression_waits_long"]


def test_for_a_vacancy_one_is_chosen(careers, wise, operations, organisation):
    assert refused(ask, wise, "wise-head") == [RequestFault.NO_VACANCY_CHOSEN]
    assert service.prospect_of(wise.id, "wise-head").faults == []
    assert refused(ask, wise, "wise-head", vacancy_id=77) == [RequestFault.VACANCY_NOT_OPEN]
    assert refused(ask, wise, "wise-lead", vacancy_id=77) == [RequestFault.NO_VACANCY_NEEDED]

    vacancy_id = opened(organisation, operations)
    request_id = ask(wise, "wise-head", vacancy_id=vacancy_id)

    enact(request_id, operations)
    assert vacancies.find_vacancy(vacancy_id, organisation.id).status == "filled"
    assert posts(wise)[-1][0] == "head"


@pytest.mark.parametrize("how", ["filled by another", "closed"])
def test_whoever_applied_for_a_post_that_is_gone_is_told_and_can_have_another(
    careers, wise, make_person, operations, organisation, how
):
    vacancy_id = opened(organisation, operations)
    other = make_person("Wilf Wise", career_level="wise")
    request_id = ask(wise, "wise-head", vacancy_id=vacancy_id)
    if how == "closed":
        vacancies.close_vacancy(vacancy_id, organisation.id, reason="The money is gone", by=operations.id)
    else:
        enact(ask(other, "wise-head", vacancy_id=vacancy_id), operations)
        assert "progression_post_gone" not in told(other)

    assert told(wise) == ["progression_post_gone"]
    assert statuses(request_id)[0] == "open"
    enact(request_id, operations, vacancy_id=opened(organisation, operations))
    assert posts(wise)[-1][0] == "head"


# The system asks


def test_whoever_is_ready_is_put_forward_by_the_system_and_her_manager_has_no_task(careers, nell, manager, operations):
    pathways.settle_enrolments([nell.id])
    completed(nell, "C1")

    (request_id,) = request_ids(nell)
    assert statuses(request_id) == ("open", ["open"])
    assert facts(request_id).requested_by == ""
    assert told(nell) == ["progression_raised"]
    assert told(manager) == ["progression_in_team"]
    assert told(operations) == ["progression_to_decide"]

    completed(nell, "C1", "2018-06-02")
    assert request_ids(nell) == [request_id]


def test_what_time_alone_makes_ready_the_worker_finds_on_the_very_day(careers, nell, clock_at):
    pathways.settle_enrolments([nell.id])
    clock_at(2018, 12, 31, 23)
    completed(nell, "C1")
    assert service.raise_what_time_made_ready() == 0
    assert request_ids(nell) == []

    clock_at(2019, 1, 1, 0, 5)
    assert service.raise_what_time_made_ready() == 1
    assert service.raise_what_time_made_ready() == 0
    assert len(request_ids(nell)) == 1


def test_what_was_declined_or_taken_back_is_not_raised_again_by_itself(careers, nell, operations):
    pathways.settle_enrolments([nell.id])
    completed(nell, "C1")
    (request_id,) = request_ids(nell)
    service.decide(request_id, approved=False, reasons="The record is of another Nell", by=operations.id)

    completed(nell, "C1", "2018-06-03")
    assert request_ids(nell) == [request_id]
    assert statuses(ask(nell, "new-able")) == ("open", ["open"])  # she can ask herself


# From step to step


def test_each_step_opens_the_next_and_the_change_is_made_by_a_person(to_enact, abel, operations, director):
    assert statuses(to_enact) == ("open", ["done", "done", "done", "open"])
    assert posts(abel)[0][0] == "able"  # nothing but the enactment changes a grade

    enact(to_enact, operations, LATER)

    assert statuses(to_enact) == ("enacted", ["done"] * 4)
    assert posts(abel) == [
        ("able", "", date(2018, 1, 1), LATER, ""),
        ("wise", "L", LATER, None, "progression"),
    ]
    made = facts(to_enact).enactment
    assert (made.from_level, made.to_level, made.to_grade, str(made.fte)) == ("able", "wise", "L", "1.000")
    assert "progression_decided" in told(abel)
    fact = db.session.scalars(select(RecordFact).where(RecordFact.kind == "approval")).one()
    assert (fact.subject, fact.source) == (
        "assistant_director",
        f"Request to progress {to_enact}: Social worker to experienced social worker",
    )


def test_a_panel_that_does_not_recommend_ends_it_with_a_letter(asked, abel):
    panel(asked, "young", "not_recommended", reasons="Did not listen")

    found = facts(asked)
    assert found.status is RequestStatus.REFUSED
    assert statuses(asked)[1] == ["against", "ahead", "ahead", "ahead"]
    letter = reading.find_letter(asked, 1)
    assert letter.facts["heading"] == "Your request is not agreed"
    assert letter.facts["reasons"] == "Did not listen"
    assert letter.appeal_until == date(2019, 1, 30)
    assert "30 January 2019, that day included" in letter.facts["appeal"]


def test_deferred_with_support_is_not_yet_with_the_plan_and_the_day(asked):
    panel(asked, "young", "recommended")
    panel(asked, "managers", "deferred_with_support", plan="Shadow a colleague", review_on=LATER)

    found = facts(asked)
    assert (found.status, found.support_plan, found.review_on) == (RequestStatus.NOT_YET, "Shadow a colleague", LATER)
    letter = reading.find_letter(asked, 1)
    assert letter.facts["review_on"] == "1 March 2019"
    assert "We look at it again on 1 March 2019." in letter.facts["next_steps"]


def test_a_panel_that_puts_its_decision_right_opens_the_request_again(asked, abel):
    panel(asked, "young", "not_recommended")
    panel(asked, "young", "recommended", is_anew=True)

    assert statuses(asked) == ("open", ["done", "open", "ahead", "ahead"])
    assert facts(asked).reasons == ""
    assert [each.number for each in facts(asked).letters] == [1]


def test_but_not_where_she_has_asked_anew_since(asked, abel):
    panel(asked, "young", "not_recommended")
    again = ask(abel, "able-wise")
    panel(asked, "young", "recommended", is_anew=True)

    assert statuses(asked)[0] == "refused"
    assert statuses(again)[0] == "open"


def test_nor_where_another_request_has_led_on_since(asked, abel, director, operations):
    panel(asked, "young", "not_recommended")
    again = ask(abel, "able-wise")
    for code in ("young", "managers"):
        panel(again, code, "recommended")
    approve(again, director)
    enact(again, operations)
    panel(asked, "young", "recommended", is_anew=True)

    assert statuses(asked)[0] == "refused"
    assert request_ids(abel) == [asked, again]


def test_a_panel_that_decides_against_her_later_takes_back_the_approval_that_came_after(to_enact, abel):
    panel(to_enact, "young", "not_recommended", is_anew=True)

    assert statuses(to_enact) == ("refused", ["against", "ahead", "ahead", "ahead"])
    assert db.session.scalars(select(Approval.supersede_reason)).all() == ["The panel decided anew"]
    assert db.session.scalars(select(RecordFact.superseded_at).where(RecordFact.kind == "approval")).one() is not None


def test_what_was_enacted_stays_whatever_a_panel_says_later_and_workforce_development_is_told(
    to_enact, abel, operations, officer, sign_in
):
    enact(to_enact, operations)
    panel(to_enact, "young", "recommended", is_anew=True)
    assert told(officer) == []
    panel(to_enact, "young", "not_recommended", is_anew=True)

    assert statuses(to_enact)[0] == "enacted"
    assert posts(abel)[-1][0] == "wise"
    assert told(officer) == ["progression_ground_gone"]
    assert sign_in(officer).get(f"/progression/requests/{to_enact}").status_code == 200


# Who decides


def test_nobody_decides_about_herself_or_without_the_role(to_approve, abel, operations, make_person, director):
    from cpd.people.models import RoleGrant
    from tests.cast import LONG_AGO, saved

    assert refused(approve, to_approve, operations) == [RequestFault.NOT_THE_ROLE]
    saved(RoleGrant(person_id=abel.id, role=Role.ASSISTANT_DIRECTOR, granted_at=LONG_AGO))
    assert refused(approve, to_approve, abel) == [RequestFault.OWN]
    assert refused(approve, to_approve, director, reasons=" ") == [RequestFault.NO_REASONS]


def test_her_own_line_manager_may_approve_who_holds_the_role(careers, make_person, director):
    hers = make_person("Wanda Wise", career_level="wise", manager=director)
    request_id = ask(hers, "wise-lead")

    approve(request_id, director)
    assert statuses(request_id) == ("open", ["done", "open"])


def test_somebody_elsewhere_finds_no_such_request(to_approve, make_person, make_organisation):
    elsewhere = make_organisation("slough", "Slough Borough Council")
    other = make_person("Otto Other", Role.ASSISTANT_DIRECTOR, employer=elsewhere)
    with pytest.raises(LookupError):
        approve(to_approve, other)
    db.session.rollback()


def test_declined_with_reasons(to_approve, director):
    approve(to_approve, director, approved=False, reasons="The audit is not done")

    assert statuses(to_approve) == ("refused", ["done", "done", "against", "ahead"])
    letter = reading.find_letter(to_approve, 1)
    assert letter.facts["decisions"][-1] == {
        "title": "Approval by the Assistant Director",
        "what": "Declined",
        "who": "Dora Director, Assistant Director",
        "on": "2 January 2019",
        "reasons": "",
    }
    assert letter.facts["reasons"] == "The audit is not done"
    assert refused(approve, to_approve, director) == [RequestFault.NOT_OPEN]


def test_whoever_is_to_make_the_change_can_decline_it(to_enact, operations):
    approve(to_enact, operations, approved=False, reasons="There is no budget")

    assert statuses(to_enact) == ("refused", ["done", "done", "done", "against"])


def test_the_enactment_is_not_a_decision_to_approve(to_enact, operations):
    assert refused(approve, to_enact, operations) == [RequestFault.NOT_ITS_TURN]
    assert refused(enact, to_enact, operations, date(2019, 1, 1)) == [RequestFault.IN_THE_PAST]


def test_the_change_is_not_made_before_its_turn_or_by_others(to_approve, operations, director):
    assert refused(enact, to_approve, operations) == [RequestFault.NOT_ITS_TURN]
    approve(to_approve, director)
    assert refused(enact, to_approve, director) == [RequestFault.NOT_THE_ROLE]


def test_nobody_makes_her_own_change(careers, make_person):
    opal = make_person("Opal", Role.ASSISTANT_DIRECTOR, Role.OPERATIONS_MANAGER, career_level="wise")
    request_id = ask(opal, "wise-lead")
    assert refused(approve, request_id, opal) == [RequestFault.OWN]


# What it rests on


def test_where_a_line_fell_away_it_is_neither_approved_nor_made_until_it_stands_again(to_approve, abel, director):
    fact_id = db.session.scalars(select(RecordFact.id).where(RecordFact.subject == "observation")).one()
    take_back(fact_id)

    with pytest.raises(RequestRefused) as info:
        approve(to_approve, director)
    assert (info.value.faults, info.value.more) == ([RequestFault.FELL_AWAY], ["Observed in practice"])
    db.session.rollback()

    observed(abel, "2018-11-01")
    approve(to_approve, director)
    assert statuses(to_approve)[1] == ["done", "done", "done", "open"]


def test_it_blocks_the_enactment_too_and_can_be_declined(to_enact, operations):
    fact_id = db.session.scalars(select(RecordFact.id).where(RecordFact.subject == "observation")).one()
    take_back(fact_id)

    assert refused(enact, to_enact, operations) == [RequestFault.FELL_AWAY]
    approve(to_enact, operations, approved=False, reasons="The observation was of somebody else")
    assert statuses(to_enact)[0] == "refused"


def test_what_only_time_has_run_out_of_while_she_waited_is_not_held_against_her(
    app, abel, director, operations, clock_at
):
    adopt(("requirement: {evidence: observation}", "requirement: {evidence: {kind: observation, within_months: 12}}"))
    observed(abel, "2018-02-01")
    request_id = ask(abel, "able-wise")
    panel(request_id, "young", "recommended")
    panel(request_id, "managers", "recommended")
    clock_at(2019, 6, 1, 9)

    approve(request_id, director)
    enact(request_id, operations)
    assert statuses(request_id)[0] == "enacted"


def test_nor_what_it_has_run_out_of_while_an_appeal_was_decided(app, abel, director, officer, make_person, clock_at):
    adopt(("requirement: {evidence: observation}", "requirement: {evidence: {kind: observation, within_months: 12}}"))
    observed(abel, "2018-02-01")
    request_id = ask(abel, "able-wise")
    panel(request_id, "young", "recommended")
    panel(request_id, "managers", "recommended")
    approve(request_id, director, approved=False, reasons="No")
    clock_at(2019, 3, 1, 9)
    again = service.open_again(request_id, reason="The appeal was upheld", by=officer.id)

    approve(again, make_person("Dina Director", Role.ASSISTANT_DIRECTOR))
    assert statuses(again) == ("open", ["done", "open"])


def test_a_request_lapses_when_the_level_is_no_longer_held(asked, abel):
    from cpd.people.posts import change_career_level

    change_career_level(abel.id, career_level="wise", grade="L", from_day=TODAY, by=abel.id, reason="HR")

    assert statuses(asked)[0] == "withdrawn"
    assert "is held no longer" in facts(asked).reasons


# The day of the change


def test_the_change_begins_after_the_level_that_it_is_from(careers, make_person, operations, director):
    late = make_person("Lena Late", career_level="wise")
    db.session.execute(update(Post).where(Post.person_id == late.id).values(starts_on=TODAY))
    db.session.commit()
    request_id = ask(late, "wise-lead")
    approve(request_id, director)

    assert refused(enact, request_id, operations, TODAY) == [RequestFault.BEFORE_HER_LEVEL]
    enact(request_id, operations, date(2019, 1, 3))
    assert [post[0] for post in posts(late)] == ["wise", "lead"]


def test_a_post_that_has_ended_by_then_is_refused(to_enact, abel, operations):
    db.session.execute(update(Post).where(Post.person_id == abel.id).values(ends_on=LATER))
    db.session.commit()

    assert refused(enact, to_enact, operations, LATER) == [RequestFault.NO_POST_THEN]


def test_a_change_that_is_ahead_comes_first(careers, wise, director, operations):
    request_id = ask(wise, "wise-lead")
    approve(request_id, director)
    enact(request_id, operations, LATER)

    assert refused(ask, wise, "wise-lead") == [RequestFault.CHANGE_AHEAD]


def test_without_room_nothing_is_changed_and_the_reason_is_said(to_enact, abel, make_person, operations, director):
    other = make_person("Olga Able", career_level="able")
    observed(other)
    first = ask(other, "able-wise")
    panel(first, "young", "recommended")
    panel(first, "managers", "recommended")
    approve(first, director)
    enact(first, operations)

    with pytest.raises(RequestRefused) as info:
        enact(to_enact, operations)
    db.session.rollback()
    assert info.value.faults == [RequestFault.NO_ROOM]
    assert "no room for 1 FTE" in info.value.more[0]
    assert statuses(to_enact)[0] == "open"
    assert posts(abel)[-1][0] == "able"


# Taking back


def test_a_change_is_taken_back_only_by_a_new_decision(to_enact, abel, operations, director, officer):
    enact(to_enact, operations)
    back = service.ask_for_reversal(to_enact, reasons="It was decided on a wrong record", by=officer.id)
    assert posts(abel)[-1][0] == "wise"
    assert refused(service.ask_for_reversal, to_enact, reasons="Again", by=officer.id) == [RequestFault.LIVE_ALREADY]

    approve(back, director, reasons="Agreed")
    enact(back, operations, LATER, reasons="As decided")

    assert posts(abel) == [
        ("able", "", date(2018, 1, 1), TODAY, ""),
        ("wise", "L", TODAY, LATER, "progression"),
        ("able", "K", LATER, None, "progression"),
    ]
    assert facts(to_enact).enactment.is_reversed
    assert reading.find_letter(back, 1).facts["heading"] == "The change of your career level is taken back"
    transition = reading.transition_of(facts(back).scheme_version_id, "able-wise")
    assert vacancies.room_of(abel.organisation_id, transition).taken == 0
    assert refused(service.ask_for_reversal, to_enact, reasons="Again", by=officer.id) == [
        RequestFault.REVERSED_ALREADY
    ]


def test_who_may_ask_for_that_and_when(to_enact, abel, operations, director, bob, officer):
    assert refused(service.ask_for_reversal, to_enact, reasons="Why", by=officer.id) == [RequestFault.NOT_ENACTED]
    enact(to_enact, operations, LATER)
    assert refused(service.ask_for_reversal, to_enact, reasons="Why", by=bob.id) == [RequestFault.MAY_NOT_ASK_FOR_IT]
    back = service.ask_for_reversal(to_enact, reasons="Why", by=operations.id)
    approve(back, director)
    assert refused(enact, back, operations, TODAY) == [RequestFault.OTHER_LEVEL_THEN, RequestFault.BEFORE_THE_CHANGE]
    enact(back, operations, LATER)
    assert posts(abel) == [("able", "", date(2018, 1, 1), LATER, ""), ("able", "K", LATER, None, "progression")]


def test_whoever_asked_for_it_does_not_approve_it(to_enact, operations, director, make_person, sign_in):
    enact(to_enact, operations)
    other = make_person("Dina Director", Role.ASSISTANT_DIRECTOR)
    back = service.ask_for_reversal(to_enact, reasons="Why", by=director.id)

    assert refused(approve, back, director) == [RequestFault.ASKED_FOR_IT]
    assert told(other) == ["progression_to_decide"]
    assert "progression_to_decide" not in told(director)
    roles = frozenset({Role.ASSISTANT_DIRECTOR})
    assert [service.waiting_count(each.id, each.organisation_id, roles) for each in (director, other)] == [0, 1]
    page = sign_in(director).get(f"/progression/requests/{back}").text
    assert "You asked for this change to be taken back. Another holder of the role must decide" in page
    approve(back, other)
    assert statuses(back)[1] == ["done", "open"]


def test_where_she_has_gone_on_the_later_change_is_taken_back_first(to_enact, abel, operations, director, officer):
    enact(to_enact, operations)
    further = ask(abel, "wise-lead")
    approve(further, director)
    enact(further, operations, LATER)

    assert refused(service.ask_for_reversal, to_enact, reasons="Why", by=officer.id) == [RequestFault.CHANGED_SINCE]


def test_a_reversal_that_is_declined_leaves_everything_as_it_is(to_enact, abel, operations, director, officer):
    enact(to_enact, operations)
    back = service.ask_for_reversal(to_enact, reasons="Why", by=officer.id)
    approve(back, director, approved=False, reasons="The record was right")

    assert statuses(back)[0] == "refused"
    assert posts(abel)[-1][0] == "wise"
    assert reading.find_letter(back, 1).facts["heading"] == "The change of your career level stays"


# Withdrawing, and taking up again


def test_she_can_withdraw_until_the_change_is_made(to_enact, abel, bob, operations):
    with pytest.raises(LookupError):
        service.withdraw(to_enact, by=bob.id)
    db.session.rollback()
    service.withdraw(to_enact, by=abel.id)

    assert statuses(to_enact) == ("withdrawn", ["done", "done", "done", "against"])
    assert refused(enact, to_enact, operations) == [RequestFault.NOT_OPEN]
    assert facts(to_enact).letters == ()
    assert statuses(ask(abel, "able-wise"))[0] == "open"


def test_after_an_appeal_it_is_taken_up_again_where_it_was_refused_and_others_decide(
    to_approve, director, officer, make_person
):
    approve(to_approve, director, approved=False, reasons="No")
    again = service.open_again(to_approve, reason="The appeal was upheld", by=officer.id)

    assert statuses(again) == ("open", ["open", "ahead"])
    assert facts(again).again_of_id == to_approve
    assert refused(approve, again, director) == [RequestFault.DECLINED_BEFORE]
    approve(again, make_person("Dina Director", Role.ASSISTANT_DIRECTOR))
    assert statuses(again) == ("open", ["done", "open"])


def test_nobody_who_declined_decides_again_however_often_it_is_taken_up(to_approve, director, officer, make_person):
    second, third = (make_person(name, Role.ASSISTANT_DIRECTOR) for name in ("Dina Director", "Dola Director"))
    approve(to_approve, director, approved=False, reasons="No")
    again = service.open_again(to_approve, reason="The appeal was upheld", by=officer.id)
    approve(again, second, approved=False, reasons="No")
    once_more = service.open_again(again, reason="The second was upheld too", by=officer.id)

    assert reading.line_of(once_more) == [once_more, again, to_approve]
    for before in (director, second):
        assert refused(approve, once_more, before) == [RequestFault.DECLINED_BEFORE]
    approve(once_more, third)
    assert statuses(once_more) == ("open", ["done", "open"])


# Letters


def test_a_letter_is_frozen_with_its_fingerprint_and_made_of_it_alone(to_enact, operations, app):
    enact(to_enact, operations, LATER)
    letter = reading.find_letter(to_enact, 1)

    assert letters.fingerprint(letter.facts) == letter.sha256
    assert letter.facts["change"] == {
        "before": "Social worker, grade K, 1 FTE",
        "after": "Experienced social worker, grade L, 1 FTE",
        "from_day": "1 March 2019",
    }
    assert [each["what"] for each in letter.facts["decisions"]] == ["Recommended", "Recommended", "Approved", "Made"]
    assert letter.facts["criteria"][0]["title"] == "Observed in practice"
    assert letter.facts["appeal"] == ""
    assert letters.letters_altered() == []
    assert letters.letter_pdf(letter.facts, letter.sha256).startswith(b"%PDF")


def test_enactments_and_letters_are_counted_once(to_enact, operations):
    enact(to_enact, operations)
    assert db.session.query(Enactment).count() == 1
    assert refused(enact, to_enact, operations) == [RequestFault.NOT_OPEN]


def test_a_role_whose_every_holder_is_away_is_shown(to_approve, director, organisation, officer):
    assert service.roles_without_anybody(organisation.id, TODAY) == {}
    away.record_away(director.id, Away(AwayKind.LEAVE, TODAY, LATER), by=officer.id)
    assert service.roles_without_anybody(organisation.id, TODAY) == {Role.ASSISTANT_DIRECTOR: ["Dora Director"]}
