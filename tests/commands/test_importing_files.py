"""`flask import …` takes an installation's files one after the other, and says in its last line what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cpd.booking.models import Booking
from cpd.people.models import Organisation, Person
from cpd.record.models import RecordFact
from cpd.schemes.reading import PACKS
from cpd.shared.database import db
from cpd.timetable.models import TrainingSession

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"
PEOPLE = """organisation,employee_number,email,name,team,starts_on
gateshead,1,ann@demo.example,Ann Invented,Assessment Team,2018-01-01
gateshead,2,bea@demo.example,Bea Invented,Assessment Team,2018-01-01
"""
COMPLETIONS = """email,module,completed_on,source
ann@demo.example,M1,2018-10-11,An earlier term
bea@demo.example,M1,TBC,An earlier term
"""
BOOKINGS = """email,module,start_date,status,received_at
ann@demo.example,M2,15/01/2019 9.30am,confirmed,03/12/2018 14:05
bea@demo.example,M2,15/01/2019 9.30am,waiting,03/12/2018
"""


@pytest.fixture
def file(tmp_path):
    """Write a file to import: `file("people.csv", PEOPLE)`."""

    def write(name, content):
        path = tmp_path / name
        path.write_text(content)
        return path

    return write


@pytest.fixture
def files(file):
    """The files of a new installation, each with its kind, in the order in which they are taken."""
    return [
        ("scheme", PACKS / "gateshead.yaml"),
        ("people", file("people.csv", PEOPLE)),
        ("timetable", TIMETABLE, "--programme", "systemic", "--publish"),
        ("completions", file("completions.csv", COMPLETIONS)),
        ("bookings", file("bookings.csv", BOOKINGS)),
    ]


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_each_file_is_taken_once(both, files, flask, finds_nothing):
    modules = 26
    taken = [
        f"{modules} modules, 1 programmes taken; 0 held back; 0 refused",
        "2 people taken; 0 held back; 0 refused",
        "38 sessions, 42 session days taken; 0 held back; 0 refused",
        "1 completions taken; 1 held back; 0 refused",
        "2 bookings taken; 0 held back; 0 refused",
    ]
    unchanged = [
        f"0 modules, 0 programmes taken; {modules} unchanged; 0 held back; 0 refused",
        "0 people taken; 2 unchanged; 0 held back; 0 refused",
        "0 sessions, 0 session days taken; 38 unchanged; 0 held back; 0 refused",
        "0 completions taken; 1 unchanged; 1 held back; 0 refused",
        "0 bookings taken; 2 unchanged; 0 held back; 0 refused",
    ]
    for last_lines in (taken, unchanged):
        outcomes = [flask("import", *words) for words in files]
        assert [code for code, _ in outcomes] == [0, 0, 0, 0, 0]
        assert [lines[-1] for _, lines in outcomes] == last_lines
    finds_nothing()


def test_a_trial_changes_nothing(app, files, flask):
    for table, words in zip((Organisation, Person, TrainingSession, RecordFact, Booking), files, strict=True):
        assert flask("import", *words, "--dry-run")[0] == 0
        assert count(table) == 0
        flask("import", *words)


@pytest.mark.parametrize(
    ("kind", "content", "first_line"),
    [
        ("people", PEOPLE + "gateshead,3,nonsense,Cat,,\n", "row 4, column email:"),
        ("completions", COMPLETIONS + "who@demo.example,M1,2018-10-11,\n", "row 4, column email:"),
        ("bookings", BOOKINGS + "who@demo.example,M2,15/01/2019,booked,2018-12-03\n", "row 4, column email:"),
        (
            "timetable",
            TIMETABLE.read_text() + "M9,,2019-01-11,09:00,2019-01-11,11:00,Civic Centre,\n",
            "row 40, column module:",
        ),
    ],
)
def test_one_refused_row_means_that_nothing_is_written(app, files, file, flask, kind, content, first_line):
    tables = {"people": Person, "completions": RecordFact, "timetable": TrainingSession, "bookings": Booking}
    words = next(words for words in files if words[0] == kind)
    for before in files[: files.index(words)]:
        flask("import", *before)

    code, lines = flask("import", kind, file(f"wrong-{kind}.csv", content), *words[2:])

    assert code == 1
    assert any(line.startswith(first_line) for line in lines)
    assert lines[-1].endswith("1 refused")
    assert count(tables[kind]) == 0


def test_a_wrong_scheme_is_refused_with_file_and_line(app, file, flask):
    wrong = (PACKS / "walsall.yaml").read_text().replace("module_format: taught", "module_format: shouted", 1)

    code, lines = flask("import", "scheme", file("wrong.yaml", wrong))

    number = next(n for n, line in enumerate(wrong.splitlines(), start=1) if "shouted" in line)
    assert code == 1
    assert lines[0].startswith(f"wrong.yaml:{number}:")
    assert lines[-1] == "0 modules, 0 programmes taken; 0 held back; 1 refused"
    assert count(Organisation) == 0


def test_the_schema_of_schemes_is_printed(app, flask):
    code, lines = flask("schema", "scheme")

    assert code == 0
    assert json.loads("\n".join(lines))["title"] == "Pack"
