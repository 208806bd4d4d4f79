"""`flask doctor` finds credits that the ledger and the record tell differently, and claims out of step with them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from cpd.record.models import RecordFact
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.kept_files import path_of
from cpd.study.credits import claiming, service
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.credits.reading import find_claim
from tests.commands.conftest import change
from tests.study.conftest import county, county_manager, county_officer, wanda, ward
from tests.study.test_credits_claims import PDF, PORTFOLIO, TODAY
from tests.study.test_credits_ledger import said

__all__ = ["county", "county_manager", "county_officer", "wanda", "ward"]

NOTED = "what the history tells of"


@pytest.fixture
def entry(app_in_use, ward, county_officer):
    """Twenty credits that were awarded."""
    return service.enter(said(ward), by=county_officer.id)


def add_entry(person, **more):
    """Write into the ledger behind the service's back, and return the entry's id."""
    row = {
        "organisation_id": person.organisation_id,
        "person_id": person.id,
        "activity": "module:WA-RESEARCH",
        "entry_number": 1,
        "source": "WA-RESEARCH",
        "earned_by": "module",
        "title": "Research Module",
        "credits": Decimal(20),
        "academic_level": 7,
        "university": "Midlands University",
        "board_on": date(2018, 12, 1),
        "credit_status": "awarded",
        "entered_at": clock.now(),
        "recorded_at": clock.real_now(),
        "reason": "",
    }
    change(insert(CreditAward).values(row | more))
    return db.session.scalar(select(CreditAward.id).order_by(CreditAward.id.desc()))


def test_it_is_content_with_credits_and_claims_at_every_stage(both, ward, wanda, county_officer, entry, finds_nothing):
    service.correct(entry, said(ward, credits=Decimal(15), reason="15"), by=county_officer.id)
    withdrawn = service.enter(said(wanda), by=county_officer.id)
    service.withdraw(withdrawn, reason="Another Wanda", by=county_officer.id)
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    claiming.send_on(
        claim,
        seen=1,
        university="Midlands University",
        submitted_on=TODAY,
        decision_expected_on=TODAY + timedelta(days=9),
        credits_=Decimal(20),
        academic_level=7,
        by=county_officer.id,
    )
    claiming.begin(wanda.id, PORTFOLIO, PDF, hand_in=False)
    officer_id = county_officer.id
    finds_nothing()
    claiming.decide(claim, awarded=False, board_on=TODAY, reason="Too short", by=officer_id)

    finds_nothing()


def test_credits_that_are_awarded_and_not_on_the_record(both, ward, entry, finds):
    change(update(RecordFact).values(superseded_at=clock.real_now(), supersede_reason="by nobody"))

    finds(
        f"credits awarded: entry {entry} is awarded, and the record does not say so",
        f"credits added up: person {ward.id} has 20.00 credits in the ledger and 0 on the record",
        f"{NOTED}: fact 1 is not as the history has it: in_force",
    )


def test_credits_of_another_amount_on_the_record(both, ward, entry, finds):
    change(update(RecordFact).values(amount=Decimal(60)))

    finds(
        f"credits awarded: entry {entry} is awarded, and the record does not say so",
        f"credits added up: person {ward.id} has 20.00 credits in the ledger and 60.00 on the record",
    )


def test_credits_on_the_record_that_nobody_has_awarded(both, ward, finds):
    fact = add_fact(
        FactSaid(
            person_id=ward.id,
            kind=FactKind.CREDIT,
            subject="WA-PE-1",
            happened_on=TODAY,
            amount=Decimal(20),
            academic_level=7,
            source_kind="hand",
        ),
        by=None,
    )

    finds(
        f"credits on records: fact {fact} says that credits are awarded, and the ledger does not",
        f"credits added up: person {ward.id} has 0 credits in the ledger and 20.00 on the record",
    )


def test_an_entry_that_follows_another_activity(both, ward, entry, finds):
    wrong = add_entry(ward, entry_number=2, supersedes_id=entry, credit_status="refused")
    change(update(RecordFact).values(superseded_at=clock.real_now(), supersede_reason="with it"))

    finds(
        f"credits in order: entry {wrong} follows entry {entry}, which is not the one before it",
        f"{NOTED}: fact 1 is not as the history has it: in_force",
    )


def test_a_claim_that_stands_otherwise_than_the_ledger_says(both, ward, finds):
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    change(update(PriorLearningClaim).values(claim_status="awarded", submitted_on=TODAY))

    finds(f"prior learning: claim {claim} is awarded, and the ledger says nothing")


def test_evidence_that_is_gone(both, ward, finds):
    claim = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=False)
    stored_as = find_claim(claim).stored_as
    path_of(stored_as).unlink()

    finds(f"evidence of prior learning: the file {stored_as} of claim {claim} is missing")
