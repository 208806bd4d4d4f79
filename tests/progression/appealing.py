"""Requests that were not agreed, with real panels, and appeals against them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cpd.progression.appeals import reading, service
from cpd.progression.appeals.service import AppealRefused
from cpd.progression.requests import service as requests
from cpd.progression.requests.course import RequestRefused
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from tests.progression.requesting import adopt as adopt_pack

APPROVAL = (
    """          - {step: panel, panel: young}
          - {step: panel, panel: managers}
          - {step: approval, role: assistant_director}
""",
    """          - {step: panel, panel: managers}
          - {step: approval, role: assistant_director}
""",
)


def adopt(*changes):
    """One panel of managers, then the Assistant Director, then the change; an appeal within 28 days."""
    return adopt_pack(APPROVAL, *changes)


def decline(request_id, by, reasons="More court work first"):
    requests.decide(request_id, approved=False, reasons=reasons, by=by.id)


def appeal(request_id, person, grounds="My court work was not looked at"):
    return service.appeal(request_id, grounds=grounds, by=person.id)


def assign(appeal_id, decider, officer, decide_by=date(2019, 1, 31)):
    service.assign(appeal_id, decider.id, decide_by=decide_by, by=officer.id)


def decide(appeal_id, by, *, upheld=True, reasons="Your court work counts"):
    return service.decide(appeal_id, upheld=upheld, reasons=reasons, by=by.id)


def refused(act, *args, **kwargs):
    """Why nothing is done."""
    try:
        act(*args, **kwargs)
    except (AppealRefused, RequestRefused) as refused_:
        return list(refused_.faults)
    return []


def facts(appeal_id):
    db.session.rollback()
    return reading.find_appeal(appeal_id)


def told(person):
    """What kinds of message about appeals somebody got, in order."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith("appeal_")]


def verbs():
    db.session.rollback()
    wanted = select(AuditEvent.verb).where(AuditEvent.subject == "progression_appeal").order_by(AuditEvent.id)
    return list(db.session.scalars(wanted))
