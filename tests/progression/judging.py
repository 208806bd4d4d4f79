"""An invented council with every kind of panel: moderation, an interview by two, young people's, and managers'."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cpd.diary.models import DiaryEntry
from cpd.people.models import RoleGrant
from cpd.progression.panels import reading, service
from cpd.progression.panels.models import PanelCase, PanelMembership
from cpd.progression.panels.rules import Decision
from cpd.progression.panels.service import MeetingWanted, PanelRefused
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.cast import LONG_AGO, london, saved
from tests.packs import adopt_text
from tests.progression.careers import PACK, day

PANELS = """panels:
  - {code: moderation, title: Moderation panel, panel_kind: moderation, roles: [panel_member], cites: [W-1]}
  - code: interview
    title: Interview
    panel_kind: interview
    roles: [principal_social_worker, service_manager]
    at_least: 2
    different_people: true
    cites: [W-1]
  - code: young
    title: Young people's panel
    panel_kind: young_people
    outcomes: [recommended, not_recommended, deferred_with_support, withdrawn]
    recorded_by: panel_member
    cites: [W-1]
  - code: managers
    title: Panel of managers
    panel_kind: progression
    outcomes: [recommended, not_recommended, deferred_with_support, withdrawn]
    recording: recommendations_first
    roles: [service_manager, operations_manager, assistant_director]
    at_least: 2
    cites: [W-1]
evidence_kinds:
  - {code: portfolio, title: Portfolio, is_portfolio: true, cites: [W-1]}
"""
CRITERIA = """          - {code: shown, title: Portfolio, requirement: {evidence: portfolio}}
          - {code: judged, title: Passed by the panel, requirement: {outcome: {panel: moderation, outcome: pass}}}
          - code: shops
"""
MEETING_DAY = london(2019, 1, 15, 9, 30)
FIRST_PANEL = PACK[PACK.index("panels:") : PACK.index("  - {code: observation")]


def pack(*changes):
    """The pack as text, with some of it changed."""
    text = PACK
    for old, new in (
        (FIRST_PANEL, PANELS),
        ("          - code: shops\n", CRITERIA),
        ("        steps:\n          - {step: panel, panel: moderation}\n", "        steps:\n"),
        ("transition_mode: panel\n        expected", "transition_mode: automatic\n        expected"),
        *changes,
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def adopt_panels(*changes):
    """Adopt the pack; return the version."""
    return adopt_text(pack(*changes))


def sit(panel_code, *people, role="panel_member", starts_on="2018-01-01"):
    """Give people a seat on a panel since long ago, and the role where they lack it."""
    for each in people:
        if role not in {grant.role for grant in db.session.scalars(select(RoleGrant).filter_by(person_id=each.id))}:
            saved(RoleGrant(person_id=each.id, role=role, granted_at=LONG_AGO))
        saved(
            PanelMembership(
                organisation_id=each.organisation_id,
                panel_code=panel_code,
                person_id=each.id,
                role=role,
                starts_on=day(starts_on),
                appointed_at=LONG_AGO,
                appointed_because="For a test",
            )
        )


def meet(panel_code, *attending, at=MEETING_DAY, by, hours=2, place="Civic Centre"):
    """Plan a meeting; returns its number."""
    wanted = MeetingWanted(at, at + timedelta(hours=hours), place, frozenset(each.id for each in attending))
    return service.plan_meeting(by.organisation_id, panel_code, wanted, by=by.id)


def case_for(person, panel_code, version, *, request_id=None, meeting_id=None, by=None):
    """Put somebody before a panel, and on a meeting."""
    case_id = service.open_case(
        person.id, panel_code, scheme_version_id=version.id, request_id=request_id, by=by.id if by else None
    )
    if meeting_id:
        service.give_meeting(case_id, meeting_id, by=by.id)
    return case_id


def said(outcome="pass", *judges, **more):
    """What is written down of a decision."""
    parts = {"reasons": "The portfolio shows it", "judges": frozenset(each.id for each in judges)}
    return Decision(outcome=outcome, **{**parts, **more})


NOT_YET = {"support_plan": "Two observed visits by May", "review_on": day("2019-06-03")}


def refused(act, *args, **kwargs):
    """Why nothing is done."""
    try:
        act(*args, **kwargs)
    except PanelRefused as refused_:
        return list(refused_.faults)
    return []


def facts_of(person, panel_code):
    """The outcomes on somebody's record: value, day, and whether each is in force."""
    db.session.rollback()
    wanted = select(RecordFact).where(RecordFact.person_id == person.id, RecordFact.subject == panel_code)
    rows = db.session.scalars(wanted.order_by(RecordFact.id))
    return [(row.value, row.happened_on.isoformat(), row.superseded_at is None) for row in rows]


def told(person, *kinds):
    """The messages about panels that somebody got: kind and facts."""
    db.session.rollback()
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    rows = [row for row in db.session.scalars(wanted) if row.kind.startswith("panel_")]
    return [(row.kind, row.facts) for row in rows if not kinds or row.kind in kinds]


def kinds_told(person):
    return [kind for kind, _ in told(person)]


def diary_of(person):
    """What stands in somebody's diary: title, start and whether it is on."""
    db.session.rollback()
    wanted = select(DiaryEntry).where(DiaryEntry.person_id == person.id).order_by(DiaryEntry.id)
    return [(row.title, row.starts_at, row.cancelled_at is None) for row in db.session.scalars(wanted)]


def status_of(case_id):
    db.session.rollback()
    return db.session.get_one(PanelCase, case_id).status


def case(case_id):
    db.session.rollback()
    return reading.case_of(case_id)
