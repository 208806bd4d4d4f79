"""Appealing, finding somebody without a part in it, and deciding: upheld appeals are taken up again by others."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cpd.people.models import RoleGrant
from cpd.progression.appeals import letters, service
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.rules import AppealFault, AppealStatus
from cpd.progression.appeals.service import AppealRefused
from cpd.progression.panels import service as panels
from cpd.progression.requests import service as requests
from cpd.progression.requests.rules import RequestFault
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import unit_of_work
from tests.progression import requesting
from tests.progression.appealing import adopt, appeal, assign, decide, decline, facts, refused, told, verbs
from tests.progression.careers import observed
from tests.progression.judging import case, meet, said, sit
from tests.progression.judging import refused as panel_refused
from tests.progression.requesting import ask, statuses


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def principal(app_in_use, make_person):
    return make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)


@pytest.fixture
def judges(app_in_use, make_person):
    """Two service managers who sit on the panel of managers."""
    both = [make_person(f"Judge {name}", Role.SERVICE_MANAGER) for name in ("One", "Two")]
    sit("managers", *both, role="service_manager")
    return both


@pytest.fixture
def asked(careers, abel):
    observed(abel)
    return ask(abel, "able-wise")


def judge(request_id, outcome, judge_, officer, **more):
    """The panel of managers judges the open case of a request."""
    (step,) = [each for each in requesting.facts(request_id).steps if each.panel_code == "managers"]
    meeting = meet("managers", judge_, by=officer, at=clock.now())
    panels.give_meeting(step.case_id, meeting, by=officer.id)
    panels.decide(step.case_id, said(outcome, judge_, **more), by=officer.id)
    return step.case_id


@pytest.fixture
def declined(asked, judges, officer, director):
    """The panel has recommended Abel, and the Assistant Director has declined."""
    judge(asked, "recommended", judges[0], officer)
    decline(asked, director)
    return asked


@pytest.fixture
def failed(asked, judges, officer):
    """The panel has not recommended Abel."""
    judge(asked, "not_recommended", judges[0], officer)
    return asked


def test_an_appeal_goes_to_workforce_development_and_then_to_somebody_outside(
    both, declined, abel, officer, director, principal
):
    number = appeal(declined, abel)

    assert told(officer) == ["appeal_to_assign"]
    assert refused(assign, number, director, officer) == [AppealFault.HAD_A_PART]
    assign(number, principal, officer)
    assign(number, principal, officer)
    assert told(principal) == ["appeal_to_decide"]
    assert told(abel) == ["appeal_assigned"]
    found = facts(number)
    assert (found.status, found.decider, found.decide_by) == (
        AppealStatus.ASSIGNED,
        "Paula Principal",
        date(2019, 1, 31),
    )


def test_an_upheld_appeal_opens_the_request_again_at_the_refused_step_for_others(
    both, declined, abel, officer, director, principal, make_person
):
    number = appeal(declined, abel)
    assign(number, principal, officer)

    new = decide(number, principal)

    assert statuses(new) == ("open", ["open", "ahead"])  # the approval again, and then the change
    assert statuses(declined)[0] == "refused"
    assert facts(number).new_request_id == new
    assert told(abel) == ["appeal_assigned", "appeal_upheld"]
    assert refused(requesting.approve, new, director) == [RequestFault.DECLINED_BEFORE]
    requesting.approve(new, make_person("Didi Director", Role.ASSISTANT_DIRECTOR))
    assert statuses(new) == ("open", ["done", "open"])
    assert verbs() == ["appealed", "assigned", "upheld"]


def test_a_case_that_a_panel_failed_is_heard_again_by_others(
    both, failed, abel, officer, judges, principal, operations, clock_at
):
    number = appeal(failed, abel)
    assign(number, principal, officer)

    new = decide(number, principal)

    (step,) = [each for each in requesting.facts(new).steps if each.panel_code == "managers"]
    assert [each.person_id for each in case(step.case_id).interests] == [judges[0].id]
    meeting = meet("managers", *judges, by=officer, at=clock_at(2019, 1, 20, 10))
    panels.give_meeting(step.case_id, meeting, by=officer.id)
    assert panel_refused(panels.decide, step.case_id, said("recommended", judges[0]), by=officer.id)
    panels.decide(step.case_id, said("recommended", judges[1]), by=officer.id)
    assert statuses(new) == ("open", ["done", "open", "ahead"])


def test_whoever_judged_recommended_or_manages_cannot_decide_on_the_appeal(
    app, failed, abel, officer, judges, manager, make_person
):
    number = appeal(failed, abel)
    for person in (judges[0], manager, abel):
        db.session.add(RoleGrant(person_id=person.id, role=Role.OPERATIONS_MANAGER, granted_at=clock.real_now()))
    db.session.commit()

    assert refused(assign, number, judges[0], officer) == [AppealFault.HAD_A_PART]
    assert refused(assign, number, manager, officer) == [AppealFault.MANAGES_HER]
    assert refused(assign, number, abel, officer) == [AppealFault.IS_THE_PERSON]
    assert refused(assign, number, judges[1], officer) == [AppealFault.NOT_ENTITLED]
    assert refused(assign, number, make_person("Otto Outside", Role.OPERATIONS_MANAGER), officer) == []


def test_a_dismissed_appeal_leaves_the_decision_and_no_second_appeal(app, declined, abel, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)

    assert decide(number, principal, upheld=False, reasons="All was looked at") is None

    assert statuses(declined)[0] == "refused"
    assert told(abel)[-1] == "appeal_dismissed"
    assert refused(appeal, declined, abel) == [AppealFault.APPEALED_ALREADY]
    assert requesting.facts(ask(abel, "able-wise")).is_open  # she can ask anew


def test_not_yet_can_be_appealed_against(app, asked, abel, judges, officer):
    judge(asked, "deferred_with_support", judges[0], officer, support_plan="Court", review_on=date(2019, 6, 3))

    assert facts(appeal(asked, abel)).status is AppealStatus.SENT


def test_nothing_else_can_be_appealed_against(app, asked, abel, bob):
    assert refused(appeal, asked, abel) == [AppealFault.NOTHING_AGAINST_HER]  # under way
    requests.withdraw(asked, by=abel.id)
    assert refused(appeal, asked, abel) == [AppealFault.NOTHING_AGAINST_HER]
    with pytest.raises(LookupError):
        appeal(asked, bob)


def test_the_time_for_an_appeal_is_that_of_the_letter(app, declined, abel, clock_at):
    clock_at(2019, 1, 31, 0, 1)
    assert refused(appeal, declined, abel) == [AppealFault.TOO_LATE]
    clock_at(2019, 1, 30, 23, 59)
    assert facts(appeal(declined, abel)).in_time_until == date(2019, 1, 30)


def test_without_a_time_in_the_scheme_there_is_no_appeal(app, organisation, abel, make_person, director):
    adopt()
    wendy = make_person("Wendy Wise", career_level="wise")
    number = ask(wendy, "wise-lead")
    decline(number, director)

    assert refused(appeal, number, wendy) == [AppealFault.NO_TIME_NAMED]


def test_whoever_asked_again_in_between_waits_for_that(app, declined, abel, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    ask(abel, "able-wise")

    assert refused(decide, number, principal) == [AppealFault.MOVED_ON]
    assert facts(number).status is AppealStatus.ASSIGNED
    assert refused(decide, number, principal, upheld=False) == []


def test_her_own_appeal_is_withdrawn_and_sent_anew_within_the_time(app, declined, abel, bob, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    with pytest.raises(LookupError):
        service.withdraw(number, by=bob.id)

    service.withdraw(number, by=abel.id)

    assert told(principal) == ["appeal_to_decide", "appeal_ended"]
    assert refused(service.withdraw, number, by=abel.id) == [AppealFault.ENDED]
    assert refused(decide, number, principal) == [AppealFault.ENDED]
    assert facts(appeal(declined, abel)).status is AppealStatus.SENT


def test_it_is_given_to_somebody_else_while_it_is_not_decided(app, declined, abel, officer, principal, operations):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    assign(number, operations, officer, date(2019, 2, 5))

    assert told(principal) == ["appeal_to_decide", "appeal_with_somebody_else"]
    assert refused(decide, number, principal) == [AppealFault.NOT_GIVEN_TO_HER]
    decide(number, operations, upheld=False)


def test_whoever_lost_the_role_in_between_decides_no_more(app, declined, abel, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    db.session.execute(update(RoleGrant).where(RoleGrant.person_id == principal.id).values(revoked_at=clock.real_now()))
    db.session.commit()

    assert refused(decide, number, principal) == [AppealFault.NOT_ENTITLED]


def test_whoever_upheld_an_appeal_does_not_decide_on_the_next(
    app, declined, abel, officer, principal, operations, make_person
):
    first = appeal(declined, abel)
    assign(first, principal, officer)
    new = decide(first, principal)
    decline(new, make_person("Didi Director", Role.ASSISTANT_DIRECTOR))

    second = appeal(new, abel)

    assert refused(assign, second, principal, officer) == [AppealFault.HAD_A_PART]
    assert refused(assign, second, operations, officer) == []


def test_whoever_is_to_act_is_reminded_once_for_each_reason(app, declined, abel, officer, principal, clock_at):
    number = appeal(declined, abel)
    assert service.remind_of_appeals() == 0
    clock_at(2019, 1, 5, 8)
    assert [service.remind_of_appeals(), service.remind_of_appeals()] == [1, 0]
    assert told(officer) == ["appeal_to_assign", "appeal_reminder"]
    assign(number, principal, officer)
    clock_at(2019, 1, 28, 8)
    assert [service.remind_of_appeals(), service.remind_of_appeals()] == [1, 0]
    assert told(principal) == ["appeal_to_decide", "appeal_reminder"]
    clock_at(2019, 2, 1, 8)
    assert [service.remind_of_appeals(), service.remind_of_appeals()] == [1, 0]
    assert told(principal)[-1] == told(officer)[-1] == "appeal_reminder"
    assert facts(number).is_late


def at_once(app, *acts):
    """Let each act run in a thread of its own, all from the same moment, and return what each came to."""
    came_to, ready = {}, threading.Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                came_to[number] = act() or "done"
            except AppealRefused as refused_:
                came_to[number] = list(refused_.faults)
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [came_to[number] for number in range(len(acts))]


def test_of_ten_appeals_in_ten_tabs_one_is_taken(both, declined, abel):
    person_id = abel.id

    came_to = at_once(both, *[lambda: service.appeal(declined, grounds="Court", by=person_id)] * 10)

    assert came_to.count([AppealFault.APPEALED_ALREADY]) == 9


def test_of_ten_decisions_at_once_one_is_taken(both, declined, abel, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    by = principal.id

    def act(upheld):
        return lambda: service.decide(number, upheld=upheld, reasons="Because", by=by) or "dismissed"

    came_to = at_once(both, *(act(each % 2 == 0) for each in range(10)))

    assert came_to.count([AppealFault.ENDED]) == 9
    assert facts(number).status in (AppealStatus.UPHELD, AppealStatus.DISMISSED)


def test_an_appeal_is_either_withdrawn_or_decided(both, declined, abel, officer, principal):
    number = appeal(declined, abel)
    assign(number, principal, officer)
    by, her = principal.id, abel.id

    came_to = at_once(
        both,
        lambda: service.decide(number, upheld=False, reasons="Because", by=by),
        lambda: service.withdraw(number, by=her),
    )

    assert sorted(map(str, came_to)) == sorted(["done", str([AppealFault.ENDED])])


@pytest.mark.parametrize(
    "values",
    [
        {"grounds": ""},
        {"status": "upheld"},
        {"status": "assigned"},
        {"in_time_until": date(2018, 1, 1)},
        {"status": "nonsense"},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(both, declined, abel, values):
    appeal(declined, abel)

    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(update(ProgressionAppeal).values(**values))


@pytest.mark.parametrize("upheld", [True, False], ids=["upheld", "dismissed"])
def test_the_outcome_is_a_letter_that_stays_as_it_was(
    app, declined, abel, officer, director, principal, make_person, upheld
):
    make_person("Dina Director", Role.ASSISTANT_DIRECTOR)
    number = appeal(declined, abel)
    assert facts(number).letter is None
    assign(number, principal, officer)
    decide(number, principal, upheld=upheld)

    found = facts(number)
    assert found.letter["heading"] == ("Your appeal is upheld" if upheld else "Your appeal is dismissed")
    assert found.letter["decided_by"] == "Paula Principal, Principal Social Worker"
    assert found.letter["reasons"] == "Your court work counts"
    assert found.letter["against"] == f"{declined}-1 of 2 January 2019"
    assert letters.letters_altered() == []
    assert letters.letter_pdf(found.letter, found.letter_sha256).startswith(b"%PDF")

    db.session.execute(update(ProgressionAppeal).values(letter=found.letter | {"reasons": "Others"}))
    db.session.commit()
    assert letters.letters_altered() == [number]
