"""`flask import people FILE` tells row by row what it did, and ends with the figures."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cpd.commands.people import people
from cpd.people.models import Person
from cpd.shared.database import db
from tests.people.conftest import ALICE, MARY, file_of, row


@pytest.fixture
def run(app, organisation, tmp_path):
    def run_with(*arguments: str, content: bytes):
        file = tmp_path / "people.csv"
        file.write_bytes(content)
        result = app.test_cli_runner().invoke(people, [str(file), *arguments])
        return result.exit_code, result.stdout.splitlines()

    return run_with


def test_the_last_line_says_how_many_were_taken(run):
    assert run(content=file_of(MARY, ALICE)) == (0, ["2 people taken; 0 held back; 0 refused"])
    assert run(content=file_of(MARY, ALICE)) == (0, ["0 people taken; 2 unchanged; 0 held back; 0 refused"])


def test_a_dry_run_tells_the_same_and_changes_nothing(run):
    assert run("--dry-run", content=file_of(MARY)) == (0, ["1 people taken; 0 held back; 0 refused"])
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_a_refused_row_is_named_and_nothing_is_taken(run):
    code, lines = run(content=file_of(MARY, row(fte="2")))

    assert code == 1
    assert lines[0].startswith("row 3, column fte: it must be between 0 and 1")
    assert lines[1:] == ["0 people taken; 0 held back; 1 refused"]


def test_good_rows_are_taken_where_that_is_asked_for(run):
    code, lines = run("--take-good-rows", content=file_of(MARY, row(fte="2")))
    assert (code, lines[-1]) == (1, "1 people taken; 0 held back; 1 refused")


def test_whoever_is_absent_is_listed(run):
    run(content=file_of(MARY, ALICE))
    assert run(content=file_of(MARY)) == (
        0,
        ["not in the file, and left as it was: gateshead N2", "0 people taken; 1 unchanged; 0 held back; 0 refused"],
    )


def test_a_file_that_cannot_be_read_is_one_refusal(run):
    assert run(content=b"") == (1, ["The file is empty.", "0 people taken; 0 held back; 1 refused"])
