"""What an officer can do about a case that she is close to: her own, of somebody she manages, or with an interest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cpd.catalogue import service as catalogue
from cpd.people.models import Post
from cpd.progression.panels import reading, service
from cpd.progression.panels.models import PanelMeeting, PanelMembership
from cpd.progression.panels.rules import PanelFault
from cpd.progression.panels.service import MeetingWanted
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.packs import adopt_text
from tests.progression.careers import day
from tests.progression.judging import MEETING_DAY, adopt_panels, case_for, meet, pack, refused, sit, status_of

LATER = MEETING_DAY + timedelta(days=7)


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels()


@pytest.fixture
def pat(make_person):
    return make_person("Pat Panel", Role.PANEL_MEMBER)


@pytest.fixture
def hers(make_person):
    """An officer of Workforce Development who comes before the panel herself."""
    return make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, career_level="new")


def wanted(*people, at=LATER):
    return MeetingWanted(at, at + timedelta(hours=2), "Civic Centre", frozenset(each.id for each in people))


@pytest.mark.parametrize("close", ["her own", "of somebody she manages"])
def test_she_arranges_nothing_about_who_judges_it(version, hers, nell, pat, officer, make_person, close):
    person = hers if close == "her own" else nell
    if person is nell:
        db.session.execute(update(Post).where(Post.person_id == nell.id).values(manager_id=hers.id))
        db.session.commit()
    pip = make_person("Pip Panel", Role.PANEL_MEMBER)
    sit("moderation", pat)
    meeting_id = meet("moderation", pat, by=officer)
    case_id = case_for(person, "moderation", version, meeting_id=meeting_id, by=officer)
    seat_id = db.session.scalar(select(PanelMembership.id))
    ours = officer.organisation_id
    seat = {"role": "panel_member", "starts_on": day("2019-01-02"), "reason": "A friend"}
    ends = {"last_day": day("2019-01-02"), "reason": "Too strict"}
    too_close, in_conflict = [PanelFault.CLOSE_TO_A_CASE], [PanelFault.RECORDER_IN_CONFLICT]

    assert refused(service.change_meeting, meeting_id, wanted(pat), by=hers.id) == too_close
    assert refused(service.cancel_meeting, meeting_id, reason="Not now", by=hers.id) == too_close
    assert refused(service.appoint, ours, "moderation", pip.id, **seat, by=hers.id) == too_close
    assert refused(service.end_seat, seat_id, ours, **ends, by=hers.id) == too_close
    assert refused(service.give_meeting, case_id, meeting_id, by=hers.id) == in_conflict
    assert refused(service.declare_interest, case_id, pat.id, "They are strict", by=hers.id) == in_conflict
    service.declare_interest(case_id, pat.id, "A neighbour", by=pat.id)
    assert refused(service.take_interest_back, case_id, pat.id, reason="No", by=hers.id) == in_conflict
    if person is nell:
        assert refused(service.withdraw_case, case_id, reason="She said so", by=hers.id) == in_conflict
    else:  # her own wish is enough
        service.withdraw_case(case_id, reason="", by=hers.id)
        assert status_of(case_id) == "withdrawn"

    service.change_meeting(meeting_id, wanted(pat), by=officer.id)
    service.appoint(ours, "moderation", pip.id, **seat, by=officer.id)


def test_her_page_of_the_meeting_leaves_changing_it_to_a_colleague(version, hers, pat, officer, sign_in):
    sit("moderation", pat)
    meeting_id = meet("moderation", pat, by=officer)
    case_for(hers, "moderation", version, meeting_id=meeting_id, by=officer)

    page = sign_in(hers).get(f"/progression/meetings/{meeting_id}").text
    assert f"/progression/meetings/{meeting_id}/change" not in page
    assert "a colleague looks after it, and changes or cancels this meeting if that is needed" in page
    assert (
        f"/progression/meetings/{meeting_id}/change" in sign_in(officer).get(f"/progression/meetings/{meeting_id}").text
    )


def test_a_form_that_is_sent_twice_plans_one_meeting(both, version, pat, officer):
    sit("moderation", pat)
    ours, by = officer.organisation_id, officer.id
    service.plan_meeting(ours, "moderation", wanted(pat), by=by)

    assert refused(service.plan_meeting, ours, "moderation", wanted(pat), by=by) == [PanelFault.MEETS_THEN]
    db.session.rollback()
    assert db.session.query(PanelMeeting).count() == 1


def test_a_case_by_older_rules_finds_members_in_the_roles_that_it_asks_for(version, abel, make_person, officer):
    case_id = case_for(abel, "moderation", version)
    older = "{code: moderation, title: Moderation panel, panel_kind: moderation, roles: [panel_member]"
    newer = older.replace("panel_member", "service_manager")
    adopt_text(pack(("version: 2\n", "version: 3\n"), (older, newer)))
    ours, pat, sage = officer.organisation_id, make_person("Pat", Role.PANEL_MEMBER), make_person("Sage")
    seat = {"starts_on": day("2018-01-01"), "reason": "The case asks for it", "by": officer.id}
    service.appoint(ours, "moderation", pat.id, role="panel_member", **seat)
    service.give_meeting(case_id, meet("moderation", pat, by=officer), by=officer.id)

    assert not reading.case_of(case_id).shortfall
    service.withdraw_case(case_id, reason="", by=abel.id)
    assert refused(service.appoint, ours, "moderation", sage.id, role="panel_member", **seat) == [PanelFault.WRONG_ROLE]


def test_a_panel_that_the_newest_scheme_has_no_more_judges_what_is_before_it(version, abel, make_person, officer):
    case_id = case_for(abel, "interview", version)
    newer = pack(("version: 2\n", "version: 3\n"))
    gone = newer[newer.index("  - code: interview\n") : newer.index("  - code: young\n")]
    adopt_text(newer.replace(gone, ""))
    ours = officer.organisation_id

    assert "interview" not in {each.code for each in catalogue.scheme_in_force(ours).pack.panels}
    psw, head = make_person("Paula Principal"), make_person("Sage Service")
    sit("interview", psw, role="principal_social_worker")
    sit("interview", head, role="service_manager")
    meeting_id = meet("interview", psw, head, by=officer)
    service.give_meeting(case_id, meeting_id, by=officer.id)
    assert not reading.case_of(case_id).shortfall
    service.withdraw_case(case_id, reason="", by=abel.id)
    assert "interview" not in reading.panels_of(ours)
