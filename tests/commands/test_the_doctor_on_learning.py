"""`flask doctor` finds learning from elsewhere that stands otherwise on the record, and certificates that are gone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from cpd.record.claims import service
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.reading import find_claim
from cpd.record.claims.rules import ClaimStatus
from cpd.record.models import RecordFact
from cpd.shared import clock
from cpd.shared.kept_files import path_of
from tests.commands.conftest import change
from tests.record.test_learning_from_elsewhere import PDF, SAID


@pytest.fixture
def accepted(app_in_use, alice, officer):
    """Learning that was accepted, and its fact."""
    claim = service.send_in(alice.id, SAID, PDF)
    return claim, service.accept(claim, seen=1, module_id=None, reason="", by=officer.id)


def test_it_is_content_with_learning_at_every_stage(both, accepted, alice, officer, finds_nothing):
    _, fact = accepted
    service.send_in(alice.id, SAID, PDF)
    returned = service.send_in(alice.id, SAID, None)
    service.send_back(returned, seen=1, comment="Who ran it?", by=officer.id)
    service.take_back(fact, reason="Another Alice", by=officer.id)

    finds_nothing()


def test_accepted_learning_whose_fact_has_ended(both, accepted, finds):
    claim, fact = accepted
    change(update(RecordFact).values(superseded_at=clock.real_now(), supersede_reason="by nobody"))

    finds(
        f"learning accepted: learning {claim} is accepted, and fact {fact} says something else",
        f"what the history tells of: fact {fact} is not as the history has it: in_force",
    )


def test_learning_that_was_withdrawn_and_still_counts(both, accepted, finds):
    claim, fact = accepted
    change(update(LearningClaim).values(claim_status=ClaimStatus.WITHDRAWN))

    finds(f"learning accepted: learning {claim} is withdrawn, and fact {fact} says something else")


def test_a_fact_from_learning_that_is_not_there(both, accepted, finds):
    claim, fact = accepted
    change(delete(LearningClaim))

    finds(f"learning counted: fact {fact} comes from claim:{claim}, which does not name it")


def test_a_certificate_that_is_gone(both, accepted, finds):
    claim, _ = accepted
    stored_as = find_claim(claim).stored_as
    path_of(stored_as).unlink()

    finds(f"certificates kept: the file {stored_as} of learning {claim} is missing")
