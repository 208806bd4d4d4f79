"""An invented council's early-career programmes, as a pack, and short words for acts on them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cpd.progression.early import service
from cpd.progression.early.course import PauseKind
from cpd.progression.early.enrolled import find_enrolled, live_of
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.packs import adopt_text

PACK = """
organisation: {code: gateshead, name: Gateshead Council}
version: 2
source:
  title: First years for a test
  body: The council
  published: 2017-09
  cites: [W-1, W-2]
assumptions:
  - {id: AMB-36, sentence: Workshops are counted and block nothing.}
  - {id: B4, sentence: A national programme takes the year's place.}
modules:
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
  - {code: new, title: Newly qualified, cites: [W-1]}
  - {code: able, title: Social worker, cites: [W-2]}
panels:
  - {code: moderation, title: Moderation panel, panel_kind: moderation, roles: [panel_member], cites: [W-1]}
evidence_kinds:
  - {code: induction, title: Induction checklist, cites: [W-1]}
early_career_programmes:
  - code: asye
    title: The first year
    programme_type: asye
    career_levels: [new]
    months: [12, 12]
    complete_within_months: 24
    offered_until: 2028-08-31
    framework: PCF
    review_points:
      - {code: agreement, title: Support and assessment agreement, review_point_kind: agreement, month: 0, days: 28}
      - {code: three, title: Three-month review, month: 3}
      - {code: six, title: Six-month review, month: 6}
      - {code: nine, title: Nine-month review, month: 9, is_optional: true}
      - {code: final, title: Final review, review_point_kind: final, month: 12}
    self_assessments:
      - {code: self-start, title: Self-assessment at the start, month: 0, days: 28}
      - {code: self-end, title: Self-assessment at the end, month: 12}
    supervision:
      - code: manager
        title: Supervision
        with_whom: The line manager
        phases:
          - {frequency: weekly, until_weeks: 6}
          - {frequency: fortnightly, until_months: 6}
          - {frequency: monthly}
      - code: group
        title: Group supervision
        with_whom: A practice educator
        phases: [{frequency: monthly}]
    workshops: workshops
    panel: moderation
    induction: induction
    has_learning_sets: true
    cites: [W-1, AMB-36]
  - code: second
    title: The second year
    programme_type: epd
    career_levels: [able]
    months: [12, 18]
    review_points:
      - {code: half, title: Half-way review, month: 6}
      - {code: final, title: Final review, review_point_kind: final, month: 18, window_days: 184}
    cites: [W-2]
  - code: ecdp
    title: The national programme
    programme_type: ecdp
    career_levels: [new]
    months: [24, 24]
    offered_from: 2027-09-01
    review_points:
      - {code: final, title: Final review, review_point_kind: final, month: 24}
    cites: [B4]
"""


def adopt(*changes):
    """Adopt the pack, with some of its text changed; return the version."""
    text = PACK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return adopt_text(text)


def day(text):
    return date.fromisoformat(text)


def put_on(*people, by, programme="asye", starts_on="2018-10-01", cohort_id=None):
    """Put people on a programme; returns the enrolments as they stand."""
    numbers = service.enrol(
        [each.id for each in people],
        programme,
        organisation_id=people[0].organisation_id,
        cohort_id=cohort_id,
        starts_on=day(starts_on) if starts_on else None,
        by=by.id,
    )
    return [find_enrolled(number) for number in numbers]


def paused(enrolled, first_day, back_on=None, *, by):
    return service.pause(enrolled.id, day(first_day), day(back_on) if back_on else None, PauseKind.LEAVE, by=by.id)


def due(enrolled, code):
    """Return when a point is due, as it stands now."""
    db.session.rollback()
    return find_enrolled(enrolled.id).point(code, clock.today()).due_on.isoformat()


def state(enrolled, code):
    """Return how a point stands now."""
    db.session.rollback()
    return str(find_enrolled(enrolled.id).point(code, clock.today()).state)


def live(person):
    db.session.rollback()
    return live_of([person.id]).get(person.id)


def told(person):
    """What kinds of message about her programme somebody got, in order."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith(("early_", "learning_set"))]
