"""The doctor finds whatever is wrong with evidence, each broken behind the rules' back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from cpd.commands.checks.portfolios import CHECKS
from cpd.commands.doctor import CHECKS as ALL_CHECKS
from cpd.progression.portfolios import service
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.kept_files import path_of
from cpd.shared.roles import Role
from tests.cast import saved
from tests.progression.evidence import FIRST, PDF, accepted, adopt_with_a_portfolio, items

NOW = datetime(2019, 1, 2, tzinfo=UTC)


@pytest.fixture
def portfolio_id(app, organisation, nell, make_person):
    """An accepted portfolio with a file."""
    adopt_with_a_portfolio()
    service.add_piece(nell.id, "folder", FIRST, PDF)
    return accepted(nell, make_person("Asta Assessor", Role.ASSESSOR))


def faults():
    return [fault for check in CHECKS for fault in check.faults()]


def alter(table, **values):
    db.session.rollback()
    db.session.execute(update(table).values(**values))
    db.session.commit()


def test_nothing_is_wrong_with_what_was_accepted(portfolio_id):
    assert faults() == []
    assert [check.count() for check in CHECKS] == [1, 1, 1, 1]
    assert set(CHECKS) <= set(ALL_CHECKS)


def test_a_fact_that_says_something_else_is_found(portfolio_id):
    alter(RecordFact, subject="observation")

    assert faults() == [f"portfolio {portfolio_id} is accepted, but its fact does not say so"]


def test_a_fact_that_was_withdrawn_is_found(portfolio_id):
    alter(RecordFact, superseded_at=NOW)

    assert faults() == [f"portfolio {portfolio_id} is accepted, but its fact does not say so"]


def test_a_fact_that_nothing_names_is_found(portfolio_id):
    alter(Portfolio, status="set_aside", record_fact_id=None, accepted_as=None, opened_at=None, opened_by_id=None)

    assert faults() == ["fact 1 comes from evidence, but nothing that is accepted names it"]


def test_an_empty_one_is_found(portfolio_id):
    alter(EvidenceItem, superseded_at=NOW)

    assert faults() == [f"portfolio {portfolio_id} is handed in with nothing in it"]


def test_a_warning_that_nobody_answered_is_found(portfolio_id):
    alter(EvidenceItem, found=["name:words"])

    assert faults() == ["piece of evidence 1 is handed in, and nobody has said why it tells nobody's name"]


def test_one_of_another_council_is_found(portfolio_id, make_organisation):
    alter(Portfolio, organisation_id=make_organisation("slough", "Slough Borough Council").id)

    assert faults() == [f"portfolio {portfolio_id} is kept at another council than its person's"]


def test_a_file_that_is_gone_is_found(portfolio_id):
    (item,) = items(portfolio_id)
    path_of(item.stored_as).unlink()

    assert faults() == [f"the file {item.stored_as} of piece of evidence 1 is missing"]


@pytest.mark.parametrize(
    "values",
    [
        {"status": "preparing"},
        {"record_fact_id": None},
        {"accepted_as": None},
        {"handed_in_at": None},
        {"opened_by_id": None},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(portfolio_id, values):
    with pytest.raises(Exception, match="ck_portfolio"):
        alter(Portfolio, **values)


def test_the_database_keeps_one_open_one_of_a_kind(portfolio_id, nell):
    service.add_piece(nell.id, "folder", FIRST, None)
    db.session.rollback()
    (row,) = db.session.query(Portfolio).filter_by(status="preparing")
    double = {column.name: getattr(row, column.name) for column in Portfolio.__table__.columns if column.name != "id"}
    with pytest.raises(Exception, match=r"uq_portfolio_open|UNIQUE constraint failed: portfolio\.person_id"):
        saved(Portfolio(**double))
