"""The doctor finds every enrolment on a pathway that does not fit, each broken behind the rules' back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cpd.commands.checks.pathways import CHECKS
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.shared.database import db
from tests.progression.careers import put_on


@pytest.fixture
def on_it(app, careers, nell):
    put_on(nell)
    return nell


def faults():
    return [fault for check in CHECKS for fault in check.faults()]


def alter(**values):
    db.session.execute(update(PathwayEnrolment).values(**values))
    db.session.commit()


def test_nothing_is_wrong_with_whoever_is_where_her_post_is(on_it):
    assert faults() == []
    assert [check.count() for check in CHECKS] == [1]


def test_rules_of_another_council_are_found(on_it, make_organisation):
    other = make_organisation("slough", "Slough Borough Council")
    alter(organisation_id=other.id)

    assert "pathway enrolment 1 is by the rules of another council" in faults()


def test_a_pathway_that_the_rules_do_not_have_is_found(on_it):
    alter(pathway_code="nowhere")

    assert "pathway enrolment 1 is on a pathway that its version of the scheme does not have" in faults()
