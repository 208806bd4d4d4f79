"""The documents say what is there: every id, function, test, variable and link that they name."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"
DOCUMENTS = sorted([*TOP.glob("*.md"), *DOCS.rglob("*.md")])
IDS = [
    *(f"W-{number}" for number in range(1, 26)),
    *(f"L-{number}" for number in range(1, 8)),
    *(f"C-{number}" for number in range(1, 11)),
    *(f"S-{number}" for number in range(1, 12)),
    *(f"G-{number}" for number in range(1, 22) if number != 9),
    *(f"G-M{number}" for number in range(1, 8)),
    *(f"AMB-{number:02}" for number in range(1, 45)),
]
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
FUNCTION = re.compile(r"`(cpd(?:\.\w+)+)`")


def rows_of(name):
    """The cells of each row of a page's tables, without headings and rules."""
    lines = (DOCS / name).read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [cells for cells in rows if not set("".join(cells)) <= set("-: ") and cells[0] != "id"]


def missing_tests(text):
    """Tests named in a text that are not there."""
    return [
        "::".join(filter(None, (path, name)))
        for path, name in TEST.findall(text)
        if not (TOP / path).is_file() or (name and not re.search(rf"def {name}\b", (TOP / path).read_text()))
    ]


def exists(dotted):
    """Whether a dotted name is a module, or something in one."""
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        return hasattr(importlib.import_module(module), name)
    return True


COVERAGE = rows_of("coverage.md")
RULES = rows_of("rules.md")


def test_the_coverage_page_holds_every_id_once_and_in_order():
    assert [row[0] for row in COVERAGE] == IDS


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: row[0])
def test_whatever_is_covered_names_a_test_and_whatever_is_not_says_so(row):
    _, _, where, test = row

    assert missing_tests(test) == []
    assert TEST.search(test) or where == "planned" or where.startswith(("planned: ", "not built, because "))


@pytest.mark.parametrize("row", RULES, ids=lambda row: row[0])
def test_a_rule_names_its_function_and_its_test(row):
    identity, _, source, function, test = row

    assert identity in IDS
    assert source
    assert FUNCTION.search(function) or "`cpd/schemes/packs/" in function
    assert [name for name in FUNCTION.findall(function) if not exists(name)] == []
    assert TEST.search(test)
    assert missing_tests(test) == []


def test_the_glossary_names_what_the_code_names():
    page = (DOCS / "glossary.md").read_text().split("## Agreed for what is planned")[0]
    names = {
        name for row in page.splitlines() for quoted in re.findall(r"`([\w.]+)`", row) for name in quoted.split(".")
    }
    code = "\n".join(file.read_text() for file in TOP.glob("cpd/**/*.py"))

    assert names
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("file", ["config.py", "gunicorn.conf.py"])
def test_every_variable_is_explained(file):
    asked = re.findall(r"(?:env|environ)\.get\(\"(\w+)\"|env\.get\('(\w+)'", (TOP / file).read_text())
    explained = (DOCS / "running.md").read_text()

    assert asked
    assert [name for names in asked for name in names if name and f"`{name}`" not in explained] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.relative_to(TOP).as_posix())
def test_every_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())

    assert [link for link in links if ":" not in link and not (document.parent / link).exists()] == []


def test_the_readme_opens_with_the_two_commands():
    opening = (TOP / "README.md").read_text()[:400]

    assert "make run" in opening
    assert "make test" in opening


def test_the_licence_is_the_one_that_is_declared():
    declared = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["license"]

    assert declared == "AGPL-3.0-or-later"
    assert (TOP / "LICENCE").read_text().startswith("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3")


def test_what_is_served_is_what_was_tested():
    def pins(lock):
        return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (TOP / lock).read_text(), re.MULTILINE))

    serving, testing = pins("requirements.lock"), pins("requirements-dev.lock")

    assert serving
    assert {name: testing.get(name) for name in serving} == serving
