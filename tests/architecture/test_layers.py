"""What import-linter cannot say by a module's name alone (its contracts are in pyproject.toml)."""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
MODULES = sorted(TOP.glob("cpd/**/*.py"))
TABLES = {"sqlalchemy", "flask_sqlalchemy"}


def name_of(file):
    return file.relative_to(TOP).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def imports_of(file):
    """Every dotted name that the file imports: `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def speaks_of_tables(name):
    parts = name.split(".")
    return parts[0] in TABLES or "models" in parts or name.startswith("cpd.shared.database")


PAGES = [file for file in MODULES if {"flask.Blueprint", "flask.render_template"} & set(imports_of(file))]


def test_there_are_pages_to_check():
    assert "cpd.home.views" in map(name_of, PAGES)


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_whatever_renders_a_page_asks_services_and_never_tables(file):
    assert [name for name in imports_of(file) if speaks_of_tables(name)] == []


@pytest.mark.parametrize("file", [file for file in MODULES if file.name == "rules.py"], ids=name_of)
def test_rules_are_told_the_time_and_never_ask_for_it(file):
    tree = ast.parse(file.read_text())
    asked = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }

    assert (
        asked
        & {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "clock.now", "clock.today"}
        == set()
    )


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_package_takes_only_public_names_from_another(file):
    own = name_of(file).split(".")[1] if file.parent != TOP / "cpd" else ""
    private = [
        name
        for name in imports_of(file)
        if name.startswith("cpd.")
        and name.split(".")[1] != own
        and any(part.startswith("_") for part in name.split("."))
    ]

    assert private == []


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_no_name_is_a_bare_level(file):
    """AMB-33: career level, PCF level, academic level and training tier are four things."""
    tree = ast.parse(file.read_text())
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg | ast.keyword)}

    assert "level" not in names
