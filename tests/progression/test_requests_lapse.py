"""Requests that lead nowhere any more end by themselves, and none waits where nobody is told of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from cpd.people import away
from cpd.people.models import Post
from cpd.people.rules import Away, AwayKind
from cpd.progression.panels import service as panels
from cpd.progression.requests import service
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.raising import let_lapse
from cpd.progression.requests.rules import Held, RequestFault, RequestKind, has_lapsed
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from tests.progression import appealing
from tests.progression.careers import observed
from tests.progression.judging import meet, said, sit
from tests.progression.requesting import adopt, approve, ask, enact, facts, opened, statuses, told

TODAY = date(2019, 1, 2)
GOES_ON, BACK = RequestKind.PROGRESSION, RequestKind.REVERSAL
ABLE, WISE, AGENCY = Held("able", True), Held("wise", True), Held("able", False)


@pytest.mark.parametrize(
    ("kind", "now", "ahead", "expected"),
    [
        (GOES_ON, ABLE, [], False),
        (GOES_ON, WISE, [], True),
        (GOES_ON, AGENCY, [], True),
        (GOES_ON, None, [], True),
        (GOES_ON, None, [ABLE], False),
        (BACK, ABLE, [], False),
        (BACK, WISE, [ABLE], False),
        (BACK, AGENCY, [], False),
        (BACK, WISE, [], True),
        (BACK, None, [], True),
    ],
    ids=[
        "the level is held",
        "another level is held",
        "now of agency staff",
        "has left",
        "between two posts",
        "taking back what is held",
        "taking back what is yet to begin",
        "taking back from somebody who is agency staff now",
        "taking back what is held no longer",
        "taking back from somebody who has left",
    ],
)
def test_a_request_lapses_once_it_leads_nowhere(kind, now, ahead, expected):
    assert has_lapsed(kind, "able", now, ahead) is expected


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def wise(app_in_use, make_person):
    return make_person("Wendy Wise", career_level="wise")


def set_posts(person, **values):
    held = Post.ends_on.is_(None), Post.superseded_at.is_(None)
    db.session.execute(update(Post).where(Post.person_id == person.id, *held).values(**values))
    db.session.commit()


@pytest.mark.parametrize("becomes", ["agency staff", "staff of another council"])
def test_whoever_works_here_no_more_as_before_has_no_request_under_way(careers, wise, make_organisation, becomes):
    request_id = ask(wise, "wise-lead")
    other = make_organisation("coventry", "Coventry City Council")
    set_posts(wise, **({"staff_type": "agency"} if becomes == "agency staff" else {"organisation_id": other.id}))

    assert let_lapse([wise.id]) == 1
    assert statuses(request_id)[0] == "withdrawn"


def test_a_reversal_for_somebody_who_has_left_ends_and_whoever_asked_is_told(
    careers, wise, director, operations, officer, clock_at
):
    request_id = ask(wise, "wise-lead")
    approve(request_id, director)
    enact(request_id, operations)
    back = service.ask_for_reversal(request_id, reasons="The record was wrong", by=officer.id)
    set_posts(wise, ends_on=date(2019, 1, 4))
    service.raise_what_time_made_ready()
    assert statuses(back)[0] == "open"

    clock_at(2019, 1, 4, 9)
    service.raise_what_time_made_ready()

    assert statuses(back)[0] == "withdrawn"
    assert "progression_in_team" in told(officer)


def refused(act, *args, **kwargs):
    with pytest.raises(RequestRefused) as info:
        act(*args, **kwargs)
    db.session.rollback()
    return info.value.faults


HEAD_BY_PANEL = (
    """        transition_mode: vacancy
        cites: [W-4]
        steps:
""",
    """        transition_mode: vacancy
        cites: [W-4]
        steps:
          - {step: panel, panel: managers}
""",
)
LEAD_BY_PANEL = (
    """        cites: [W-1]
        steps:
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
      - code: wise-head
""",
    """        cites: [W-1]
        steps:
          - {step: panel, panel: managers}
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
      - code: wise-head
""",
)


def test_a_panel_has_one_request_of_somebodys_at_a_time(app_in_use, organisation, wise, operations):
    adopt(LEAD_BY_PANEL, HEAD_BY_PANEL)
    post = opened(organisation, operations)
    first = ask(wise, "wise-lead")

    assert refused(ask, wise, "wise-head", vacancy_id=post) == [RequestFault.SAME_PANEL]
    service.withdraw(first, by=wise.id)
    second = ask(wise, "wise-head", vacancy_id=post)
    assert statuses(second)[0] == "open"
    assert refused(ask, wise, "wise-lead") == [RequestFault.SAME_PANEL]


def test_where_all_who_decide_are_away_workforce_development_is_told(careers, wise, director, officer):
    away.record_away(director.id, Away(AwayKind.LEAVE, TODAY, date(2019, 1, 9)), by=officer.id)
    ask(wise, "wise-lead")

    assert told(director) == ["progression_to_decide"]
    assert told(officer) == ["progression_without_decider"]


def test_after_an_appeal_nobody_left_to_decide_is_told_to_workforce_development(careers, wise, director, officer):
    request_id = ask(wise, "wise-lead")
    approve(request_id, director, approved=False)
    service.open_again(request_id, reason="The appeal was upheld", by=officer.id)

    assert told(director) == ["progression_to_decide"]
    assert told(officer) == ["progression_without_decider"]


def test_a_panel_that_decides_anew_after_an_appeal_stops_the_request_that_rests_on_it(
    app_in_use, organisation, abel, make_person, director, officer
):
    appealing.adopt()
    other = make_person("Dina Director", Role.ASSISTANT_DIRECTOR)
    judge = make_person("Judge", Role.SERVICE_MANAGER)
    sit("managers", judge, role="service_manager")
    observed(abel)
    request_id = ask(abel, "able-wise")
    case_id = facts(request_id).steps[0].case_id
    panels.give_meeting(case_id, meet("managers", judge, by=officer, at=clock.now()), by=officer.id)
    panels.decide(case_id, said("recommended", judge), by=officer.id)
    approve(request_id, director, approved=False)
    again = service.open_again(request_id, reason="The appeal was upheld", by=officer.id)

    panels.decide_anew(case_id, said("not_recommended", judge, because="A page was missing"), by=officer.id)

    assert refused(approve, again, other) == [RequestFault.FELL_AWAY]
    wanted = db.session.query(OutboxMessage.facts).filter_by(person_id=officer.id, kind="progression_ground_gone")
    assert [row.facts["path"] for row in wanted] == [f"/progression/requests/{again}"]

    panels.decide_anew(case_id, said("recommended", judge, because="It was there"), by=officer.id)
    approve(again, other)
    assert statuses(again) == ("open", ["done", "open"])
