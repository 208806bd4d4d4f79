"""Makers for the tests of awards: Warwickshire's scheme, and credits as its officer enters them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from cpd.people.models import Organisation
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.study.awards import reading
from cpd.study.credits import service as ledger
from cpd.study.credits.rules import CreditSaid, CreditStatus, EarnedBy
from tests.packs import adopt_text, pack_text

CERTIFICATE = "pg-certificate"
PRIOR = {"asye-apel": EarnedBy.APEL, "apcl": EarnedBy.APCL}


def adopt(council="warwickshire", *changes):
    """Adopt a council's pack, with some of its text changed; return the version."""
    text = pack_text(council)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return adopt_text(text)


def council(code="warwickshire"):
    return db.session.scalars(select(Organisation).where(Organisation.code == code)).one()


def day(text):
    return date.fromisoformat(text)


def said(person, source, on, **more):
    """One entry of the ledger: 20 credits at level 7, awarded on a day."""
    parts = {"credits": Decimal(20), "academic_level": 7, "status": CreditStatus.AWARDED, "activity": source}
    parts |= {"earned_by": PRIOR.get(source, EarnedBy.MODULE), **more}
    return CreditSaid(
        person_id=person.id,
        source=source,
        title=source,
        university="Example University",
        board_on=day(on),
        **parts,
    )


def award(officer, person, source, on="2018-12-01", **more):
    """Enter awarded credits, and return the entry's id."""
    return ledger.enter(said(person, source, on, **more), by=officer.id)


def expect(officer, person, source, on="2019-07-01", **more):
    """Enter expected credits, and return the entry's id."""
    return ledger.enter(said(person, source, on, status=CreditStatus.EXPECTED, **more), by=officer.id)


def outcomes(person):
    """What the record says of awards: their codes and days, in force."""
    db.session.rollback()  # what a page has written since is read too
    wanted = select(RecordFact.subject, RecordFact.value, RecordFact.happened_on).where(
        RecordFact.person_id == person.id, RecordFact.kind == "outcome", RecordFact.superseded_at.is_(None)
    )
    return [tuple(row) for row in db.session.execute(wanted)]


def told(person, prefix="award_"):
    """The kinds of message that somebody got, in order."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith(prefix)]


def enrolment(person, award_code=CERTIFICATE):
    """How somebody's enrolment stands, the latest first."""
    db.session.rollback()
    found = [
        each for each in reading.enrolments_where() if (each.person_id, each.award_code) == (person.id, award_code)
    ]
    return found[-1]


def place(person, award_code=CERTIFICATE):
    """Where somebody stands on an award."""
    return reading.awards_of(person.id, person.organisation_id).view(award_code).place
