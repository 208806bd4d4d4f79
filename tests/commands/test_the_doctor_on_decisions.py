"""`flask doctor` sees what somebody changes by hand in what was decided, signed and noted in the history."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from cpd.commands.checks import decided, documents, noted, requests, schemes, signed
from cpd.progression.requests.letters import fingerprint
from cpd.progression.requests.models import DecisionLetter
from cpd.shared.database import db
from tests.people.conftest import counted_queries
from tests.progression.appealing import decide
from tests.progression.careers import completed
from tests.progression.conftest import abel, operations  # noqa: F401
from tests.progression.somebody_elses import (  # noqa: F401 - what was decided, and who decided it
    director,
    enacted,
    judge,
    principal,
    refused,
    scheme_of_requests,
    wendy,
)

CHECKS = (*requests.CHECKS, *decided.CHECKS, *documents.CHECKS, *signed.CHECKS, *noted.CHECKS, *schemes.CHECKS)

QUERIES = 51
"""However many decisions there are: counted on the demonstration, too."""

BY_HAND = {
    # what was signed, and the tables say otherwise
    "UPDATE enactment SET to_grade = 'P'": "request 2 says otherwise: enactment",
    "UPDATE enactment SET effective_on = '2018-06-01'": "request 2 says otherwise: enactment",
    "UPDATE enactment SET to_level = 'head'": "request 2 says otherwise: levels",
    "UPDATE approval SET reasons = 'Quite other'": "request 2 says otherwise: approvals",
    "UPDATE approval SET decided_by_id = (SELECT enacted_by_id FROM enactment)": "request 2 says otherwise: approvals",
    "UPDATE progression_request SET requested_at = '2017-01-01 00:00:00'": "request 2 says otherwise: request",
    "UPDATE progression_request SET transition_mode = 'automatic'": "request 2 says otherwise: transition",
    "UPDATE progression_request SET reasons = 'Other' WHERE id = 1": "request 1 says otherwise: decision",
    "UPDATE progression_step SET place = 9 - place": "request 2 says otherwise: steps",
    "UPDATE panel_decision SET outcome = 'recommended'": "panel case 1 says otherwise: outcome",
    "UPDATE panel_decision SET decided_on = '2018-12-01'": "panel case 1 says otherwise: decided_on",
    "UPDATE panel_decision SET reasons = 'Other'": "panel case 1 says otherwise: reasons",
    "UPDATE panel_judge SET role = 'principal_social_worker'": "panel case 1 says otherwise: judges",
    # each level is the one decided, from its day
    "UPDATE post SET grade = 'P' WHERE source = 'progression'": "is at lead (P), and change 1 made it lead (M)",
    "UPDATE post SET career_level = 'wise', source = 'people file' WHERE source = 'progression'": "is at wise",
    "UPDATE post SET source = 'progression' WHERE source <> 'progression' AND superseded_at IS NULL": "nobody made it",
    "UPDATE post SET starts_on = '2019-06-01' WHERE source = 'progression'": "begins later than change 1 says",
    # who decided
    "UPDATE approval SET approver_role = 'operations_manager'": "and its step asks for assistant_director",
    "UPDATE role_grant SET revoked_at = '2018-01-01 00:00:00'": "who had no right to it then as assistant_director",
    # the rules
    "UPDATE scheme_version SET content = replace(content, 'months: 12', 'months: 1')": "is not what was adopted",
    # what the history tells of
    "UPDATE progression_request SET status = 'withdrawn' WHERE id = 1": "progression request 1 is not as the history",
    "UPDATE progression_request SET standing = '[]'": "progression request 1 is not as the history has it: standing",
    "UPDATE progression_appeal SET reasons = 'Other'": "appeal 1 is not as the history has it: reasons",
    "UPDATE progression_appeal SET letter_sha256 = hex(zeroblob(32))": "appeal 1 is not as the history has it: letter",
    "UPDATE progression_appeal SET grounds = 'Other'": "appeal 1 is not as the history has it: grounds",
    "DELETE FROM progression_appeal": "appeal 1 is gone: the history tells of it",
    "UPDATE record_fact SET happened_on = '2010-01-01' WHERE kind = 'completed'": "as the history has it: happened_on",
    "UPDATE record_fact SET happened_on = '2010-01-01' WHERE kind = 'approval'": "as the history has it: happened_on",
    "UPDATE record_fact SET superseded_at = recorded_at, supersede_reason = 'x'": "as the history has it: in_force",
    "DELETE FROM record_fact WHERE kind = 'completed'": "is gone: the history tells of it",
    "DELETE FROM decision_document": "document 1 is gone: the history tells of it",
    "UPDATE exported_change SET cells = replace(cells, '\"M\"', '\"P\"')": "does not hold the lines that were taken",
    "DELETE FROM audit_event WHERE subject = 'progression_appeal'": "is there, and the history knows nothing of it",
}


@pytest.fixture
def story(refused, enacted, principal, alice):  # noqa: F811 - fixtures
    """Abel was refused, and his appeal dismissed; Wendy was enacted; Alice completed a module."""
    completed(alice, "C1")
    decide(1, principal, upheld=False, reasons="It stays")
    db.session.rollback()


def unguard():
    """Take away, until what is tried is rolled back, what stops all but whoever owns the database."""
    db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for trigger in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(text(f"DROP TRIGGER {trigger}"))


def faults():
    return [fault for check in CHECKS for fault in check.faults()]


def write_a_letter_anew():
    """Change a letter, and give it the fingerprint that fits."""
    row = db.session.scalars(select(DecisionLetter).where(DecisionLetter.result == "enacted")).one()
    row.facts = json.loads(json.dumps(row.facts).replace("Lead", "Head"))
    row.sha256 = fingerprint(row.facts)
    db.session.flush()


def give_the_role_back_later():
    """Whoever approved and made the change has the role no more: what they decided before stands."""
    db.session.execute(text("UPDATE role_grant SET revoked_at = '2030-01-01 00:00:00'"))


def test_it_sees_each_of_many_changes_made_by_hand(story):
    with counted_queries() as sent:
        assert faults() == []
    assert len(sent) <= QUERIES
    give_the_role_back_later()
    assert faults() == []
    db.session.rollback()

    write_a_letter_anew()
    assert faults() == ["document 3 was signed, and request 2 says otherwise: letter"]
    db.session.rollback()

    unseen = {}
    for statement, expected in BY_HAND.items():
        unguard()
        assert db.session.execute(text(statement)).rowcount, statement
        db.session.expire_all()
        found = faults()
        if not any(expected in fault for fault in found):
            unseen[statement] = found
        db.session.rollback()
    assert unseen == {}
