"""An invented council whose pathway has every way up: automatic, by panels, by approval, and into a vacancy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from cpd.people.models import Post
from cpd.progression.panels.facts import CaseDecided
from cpd.progression.requests import following, reading, service
from cpd.progression.requests.models import ProgressionRequest, ProgressionStep
from cpd.progression.vacancies import service as vacancies
from cpd.progression.vacancies.rules import VacancyWanted
from cpd.record import service as record
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import unit_of_work
from tests.packs import adopt_text

PACK = """
organisation: {code: gateshead, name: Gateshead Council}
version: 2
source: {title: Careers for a test, body: The council, published: 2018-09, cites: [W-1, W-4, C-1]}
modules:
  - {code: C1, title: Court skills, module_format: taught, cites: [W-1]}
career_levels:
  - {code: new, title: Newly qualified, grade: J, cites: [W-1]}
  - {code: able, title: Social worker, grade: K, cites: [W-1]}
  - {code: wise, title: Experienced social worker, grade: L, cites: [W-1]}
  - {code: lead, title: Lead social worker, grade: M, cites: [W-1]}
  - {code: head, title: Team head, cites: [W-1]}
panels:
  - code: young
    title: Young people's panel
    panel_kind: young_people
    recorded_by: panel_member
    outcomes: [recommended, not_recommended, deferred_with_support, withdrawn]
    cites: [C-1]
  - code: managers
    title: Managers' panel
    panel_kind: progression
    roles: [service_manager]
    outcomes: [recommended, not_recommended, deferred_with_support, withdrawn]
    cites: [C-1]
evidence_kinds:
  - {code: observation, title: Direct observation, cites: [W-1]}
career_pathways:
  - code: social-work
    title: Social work
    levels: [new, able, wise, lead]
    beside: [head]
    cites: [W-1]
    transitions:
      - code: new-able
        title: Newly qualified to social worker
        from_level: new
        to_level: able
        transition_mode: automatic
        appeal_within_days: 28
        cites: [W-1]
        criteria:
          - code: year
            title: A year in the level
            requirement: {time_in_career_level: {career_level: new, months: 12}}
          - {code: court, title: Court skills, requirement: {completed: C1}}
        steps:
          - {step: enactment, role: operations_manager}
      - code: able-wise
        title: Social worker to experienced social worker
        from_level: able
        to_level: wise
        transition_mode: panel
        appeal_within_days: 28
        cites: [C-1]
        criteria:
          - code: seen
            title: Observed in practice
            requirement: {evidence: observation}
            next_step: Ask your line manager to observe you.
        steps:
          - {step: panel, panel: young}
          - {step: panel, panel: managers}
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
        ceiling_fte: 1
      - code: wise-lead
        title: Experienced to lead social worker
        from_level: wise
        to_level: lead
        transition_mode: approval
        cites: [W-1]
        steps:
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
      - code: wise-head
        title: Into a post as team head
        from_level: wise
        to_level: head
        transition_mode: vacancy
        cites: [W-4]
        steps:
          - {step: enactment, role: operations_manager}
"""


def adopt(*changes):
    """Adopt the pack, with some of its text changed; return the version."""
    text = PACK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return adopt_text(text)


def ask(person, code, **more):
    return service.ask(person.id, code, **more)


def panel(request_id, code, outcome, *, reasons="Said so", plan="", review_on=None, is_anew=False):
    """A panel has decided on a request: what it publishes is followed in one act."""
    with unit_of_work() as session:
        row = db.session.get(ProgressionRequest, request_id)
        wanted = select(ProgressionStep).where(
            ProgressionStep.request_id == request_id, ProgressionStep.panel_code == code
        )
        step = db.session.scalars(wanted).one()
        said = CaseDecided(
            step.case_id,
            row.person_id,
            row.organisation_id,
            code,
            outcome,
            request_id,
            reasons,
            plan,
            review_on,
            is_anew,
        )
        following.follow_panels(session, [said])


def approve(request_id, by, *, approved=True, reasons="She is ready"):
    service.decide(request_id, approved=approved, reasons=reasons, by=by.id)


def enact(request_id, by, on=None, **more):
    return service.enact(request_id, effective_on=on or clock.today(), by=by.id, **more)


def facts(request_id):
    db.session.rollback()
    return reading.request_of(request_id)


def statuses(request_id):
    """How a request and its steps stand."""
    found = facts(request_id)
    return str(found.status), [str(each.status) for each in found.steps]


def posts(person):
    """The posts that somebody holds as far as is known: level, grade, from, until, source."""
    db.session.rollback()
    wanted = select(Post).where(Post.person_id == person.id, Post.superseded_at.is_(None)).order_by(Post.starts_on)
    return [(row.career_level, row.grade, row.starts_on, row.ends_on, row.source) for row in db.session.scalars(wanted)]


def request_ids(person):
    db.session.rollback()
    wanted = select(ProgressionRequest.id).where(ProgressionRequest.person_id == person.id)
    return list(db.session.scalars(wanted.order_by(ProgressionRequest.id)))


def told(person):
    """What kinds of message about requests somebody got, in order."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith("progression_")]


def take_back(fact_id, reason="It was somebody else"):
    record.withdraw_fact(fact_id, by=None, reason=reason)


def day(text):
    return date.fromisoformat(text)


def opened(organisation, by):
    """A vacancy as team head, open from today on."""
    wanted = VacancyWanted(
        title="Team head",
        service="Assessment",
        career_level="head",
        fte=Decimal(1),
        open_from=clock.today(),
        open_until=None,
        how_to_apply="Ask here",
        note="",
    )
    return vacancies.open_vacancy(organisation.id, wanted, by=by.id)
