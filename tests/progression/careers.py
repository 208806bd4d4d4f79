"""An invented council's careers, as a pack: two levels up by a panel, one by approval alone, and a second pathway."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cpd.people.models import Post
from cpd.progression.pathways import service
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.packs import adopt_text

PACK = """
organisation: {code: gateshead, name: Gateshead Council}
version: 2
source:
  title: Careers for a test
  body: The council
  published: 2018-09
  cites: [W-1, W-2, W-3]
assumptions:
  - {id: AMB-36, sentence: Workshops are counted and block nothing.}
modules:
  - {code: C1, title: Court skills, module_format: taught, cites: [W-1]}
  - {code: W1, title: Workshop one, module_format: practice_workshop, cites: [W-1]}
  - {code: W2, title: Workshop two, module_format: practice_workshop, cites: [W-1]}
  - {code: W3, title: Workshop three, module_format: practice_workshop, cites: [W-1]}
programmes:
  - code: workshops
    title: The workshops
    elements:
      - {module: W1, is_mandatory: false}
      - {module: W2, is_mandatory: false}
      - {module: W3, is_mandatory: false}
    cites: [W-1]
career_levels:
  - {code: new, title: Newly qualified, grade: J, cites: [W-1]}
  - {code: able, title: Social worker, grade: K, cites: [W-2]}
  - {code: wise, title: Experienced social worker, grade: L, cites: [W-3]}
  - {code: family, title: Family support worker, cites: [W-1]}
panels:
  - {code: moderation, title: Moderation panel, panel_kind: moderation, roles: [panel_member], cites: [W-1]}
evidence_kinds:
  - {code: observation, title: Direct observation, cites: [W-1]}
career_pathways:
  - code: social-work
    title: Social work
    levels: [new, able, wise]
    cites: [W-1]
    transitions:
      - code: new-able
        title: Newly qualified to social worker
        from_level: new
        to_level: able
        transition_mode: panel
        expected_months: [12, 18]
        appeal_within_days: 28
        cites: [W-1]
        criteria:
          - code: year
            title: A year in the level
            requirement: {time_in_career_level: {career_level: new, months: 12}}
          - {code: court, title: Court skills, requirement: {completed: C1}}
          - code: seen
            title: Observed in practice
            requirement: {evidence: observation}
            next_step: Ask your assessor.
            is_invented: true
          - code: shops
            title: Workshops
            requirement: {attended: {programme: workshops, count: 3}}
            is_flag: true
            cites: [AMB-36]
        steps:
          - {step: panel, panel: moderation}
          - {step: enactment, role: operations_manager}
      - code: able-wise
        title: Social worker to experienced social worker
        from_level: able
        to_level: wise
        transition_mode: approval
        cites: [W-3]
        steps:
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
  - code: family
    title: Family support
    levels: [family]
    cites: [W-1]
"""


def adopt(*changes):
    """Adopt the pack, with some of its text changed; return the version."""
    text = PACK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return adopt_text(text)


NEWER = ("version: 2\n", "version: 3\n")


def day(text):
    return date.fromisoformat(text)


def say(person, kind, subject, on, **more):
    """Put a fact on somebody's record."""
    said = FactSaid(person_id=person.id, kind=kind, subject=subject, happened_on=day(on), source_kind="test", **more)
    return record.add_fact(said, by=None)


def completed(person, code, on="2018-06-01"):
    return say(person, FactKind.COMPLETED, code, on)


def observed(person, on="2018-07-01"):
    return say(person, FactKind.EVIDENCE, "observation", on)


def standing(person, on=None):
    """Where somebody stands."""
    return service.readiness_of([person.id], on or clock.today())[person.id]


def put_on(*people):
    """Put people on their pathways, as their posts say."""
    return service.settle_enrolments([each.id for each in people])


def post_of(person):
    return db.session.scalars(select(Post).where(Post.person_id == person.id)).one()


def enrolments(person):
    """On what somebody was and is, in order: pathway, version, and whether it holds."""
    db.session.rollback()
    wanted = select(PathwayEnrolment).where(PathwayEnrolment.person_id == person.id).order_by(PathwayEnrolment.id)
    return [(row.pathway_code, row.scheme_version_id, row.superseded_at is None) for row in db.session.scalars(wanted)]


def told(person):
    """What kinds of message about pathways somebody got."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith("pathway_")]
