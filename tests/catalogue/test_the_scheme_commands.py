"""`flask import scheme` and `flask schema scheme`."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from cpd.catalogue.models import Module
from cpd.commands.schemes import schema_scheme, scheme
from cpd.schemes.reading import PACKS
from cpd.shared.database import db
from tests.catalogue.conftest import SMALL, adopt


@pytest.fixture
def run(app, tmp_path):
    """Import a pack given as text: `run(SMALL)`."""

    def import_it(text: str, *options: str):
        file = tmp_path / "bury.yaml"
        file.write_text(text)
        result = app.test_cli_runner().invoke(scheme, [str(file), *options])
        return result.exit_code, result.stdout.splitlines()

    return import_it


def test_a_pack_is_taken_and_the_same_again_changes_nothing(run):
    assert run(SMALL) == (0, ["3 modules, 1 programmes taken; 0 held back; 0 refused"])
    assert run(SMALL) == (0, ["0 modules, 0 programmes taken; 3 unchanged; 0 held back; 0 refused"])


def test_a_trial_says_the_same_and_changes_nothing(run):
    assert run(SMALL, "--dry-run") == (0, ["3 modules, 1 programmes taken; 0 held back; 0 refused"])

    assert db.session.scalars(select(Module)).all() == []


def test_what_is_no_longer_in_the_pack_is_listed(run):
    run(SMALL)
    without = "\n".join(line for line in SMALL.splitlines() if "SHORT" not in line and line != "equivalences:")

    code, lines = run(without.replace("version: 1", "version: 2"))

    assert (code, lines) == (
        0,
        [
            "module SHORT: not in this version, so it is marked as withdrawn",
            "0 modules, 0 programmes taken; 2 unchanged; 0 held back; 0 refused",
        ],
    )


def test_a_wrong_pack_is_refused_with_file_line_and_reason(run):
    code, lines = run(SMALL.replace("{completed: BASICS}", "{completed: BASIC}").replace("is_mandatory: false", ""))

    assert code == 1
    assert lines[0].startswith("bury.yaml:16: modules, FURTHER, prerequisites")
    assert lines[-1] == f"0 modules, 0 programmes taken; 0 held back; {len(lines) - 1} refused"


def test_a_code_of_another_council_is_refused_with_its_line(run):
    adopt(SMALL)

    code, lines = run(SMALL.replace("code: bury", "code: bolton"))

    assert code == 1
    assert lines[0] == (
        "bury.yaml:11: modules, BASICS: the code belongs to Bury Council already, and codes are unique here"
    )


def test_a_real_pack_is_taken(app):
    result = app.test_cli_runner().invoke(scheme, [str(PACKS / "gateshead.yaml")])

    assert result.stdout.splitlines()[-1] == "26 modules, 1 programmes taken; 0 held back; 0 refused"


def test_the_schema_of_packs_is_printed(app):
    result = app.test_cli_runner().invoke(schema_scheme)

    assert "modules" in json.loads(result.stdout)["properties"]
