"""`flask import timetable FILE --programme CODE`: what it prints, and how it ends."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from cpd.shared.database import db
from tests.timetable.conftest import CSV, DATA, HEADER, MORNING, TXT, filled, sessions

TAKEN = "38 sessions, 42 session days taken; 0 held back; 0 refused"


@pytest.fixture
def flask(app_in_use, systemic):
    """Run the command on a file: its exit code, its lines, and what it said besides."""

    def run(file, *options, programme="systemic"):
        db.session.remove()
        words = ["import", "timetable", str(file), "--programme", programme, *options]
        result = app_in_use.test_cli_runner().invoke(args=words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()

    return run


@pytest.fixture
def write(tmp_path):
    """Write a file of rows below the usual header."""

    def written(*rows, name="t.csv"):
        file = tmp_path / name
        file.write_text("\n".join([HEADER, *map(filled, rows)]))
        return file

    return written


def test_both_real_files_are_taken_and_the_other_after_it_changes_nothing(both, flask):
    assert flask(DATA / CSV) == (0, [TAKEN], [])
    unchanged = "0 sessions, 0 session days taken; 38 unchanged; 0 held back; 0 refused"
    assert flask(DATA / CSV) == (0, [unchanged], [])
    assert flask(DATA / TXT, "--year", "2019") == (0, [unchanged], [])


def test_the_printed_timetable_needs_its_year(app, flask):
    code, lines, _ = flask(DATA / TXT)

    assert (code, len(lines), lines[-1]) == (1, 39, "0 sessions, 0 session days taken; 0 held back; 38 refused")
    assert lines[0].startswith("row 3, column start_date: the year is not given")
    assert flask(DATA / TXT, "--year", "2019", "--publish")[1] == [TAKEN]
    assert {each.status for each in sessions()} == {"published"}


def test_a_workbook_is_taken(app, flask, tmp_path):
    file = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([HEADER, filled(MORNING)]):
            sheet.write_row(number, 0, row.split(","))
    file.write_bytes(workbook.filename.getvalue())

    assert flask(file)[:2] == (0, ["1 sessions, 1 session days taken; 0 held back; 0 refused"])


def test_a_trial_changes_nothing(app, flask):
    code, lines, besides = flask(DATA / CSV, "--dry-run")

    assert (code, lines, besides) == (0, [TAKEN], ["This was a trial: nothing was changed."])
    assert sessions() == []


def test_every_line_says_row_column_and_reason(app, flask, write):
    file = write(
        MORNING, "M3,,TBC,13:30,,16:30,Dryden,Room 2", "M3,,2019-01-15,13:30,,16:30,Nowhere Hall,", "M4,,x,y,,z,,"
    )

    code, lines, _ = flask(file)

    assert code == 1
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "row 3, column start_date",
        "row 4, column venue",
        "row 5, column start_date",
        "row 5, column start_time",
    ]
    assert lines[-1] == "0 sessions, 0 session days taken; 1 held back; 3 refused"


def test_what_changes_is_counted_and_what_is_absent_is_named(app, flask, write):
    flask(write(MORNING, MORNING.replace("2019-01-15", "2019-01-22"), MORNING.replace("2019-01-15", "2019-01-29")))

    code, lines, _ = flask(write(MORNING.replace("Room 2", "Room 3"), MORNING.replace("2019-01-15", "2019-01-22")))

    assert (code, lines) == (
        0,
        [
            "not in the file, and left as it was: Module 2, 29 January 2019, 09:30",
            "0 sessions, 0 session days taken; 1 updated; 1 unchanged; 0 held back; 0 refused",
        ],
    )


def test_what_is_odd_is_said_apart(app, flask, write):
    _, lines, besides = flask(write(MORNING.replace("2019-01-15", "2019-01-19")))

    assert lines == ["1 sessions, 1 session days taken; 0 held back; 0 refused"]
    assert besides == ["row 2, column start_date: 19 January 2019 is a Saturday"]


def test_an_unknown_programme_is_named(app, flask):
    assert flask(DATA / CSV, programme="sistemic")[:2] == (
        1,
        [
            "There is no programme sistemic; `flask import scheme` brings programmes.",
            "0 sessions, 0 session days taken; 0 held back; 1 refused",
        ],
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("t.csv", b"", "The file is empty."),
        ("t.xlsx", b"MZ\x90\x00" * 50, "The file is called .xlsx but is no workbook"),
        ("t.csv", b"module,start_date\nM2,2019-01-15\x00", "The file holds NUL characters"),
        ("t.csv", b"M" * (5 * 1024 * 1024 + 1), "The file has 5.0 MB; at most 5 MB can be read"),
        ("t.csv", b"a,b\n1,2\n", "There is no column for module and start_date"),
        ("t.txt", b" \n ", "There is no text."),
        ("t.pdf", b"%PDF-1.4", "Only .csv, .xlsx, .xls and .ods files"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(app, flask, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)

    code, lines, _ = flask(tmp_path / name)

    assert (code, len(lines)) == (1, 2)
    assert lines[0].startswith(reason)
    assert lines[1] == "0 sessions, 0 session days taken; 0 held back; 1 refused"
    assert sessions() == []


def test_a_table_from_an_older_excel_keeps_its_accents(app, flask, tmp_path):
    (tmp_path / "t.csv").write_bytes("\n".join([HEADER, f"{MORNING},,,Zoë Facilitator"]).encode("cp1252"))

    assert flask(tmp_path / "t.csv")[0] == 0
    assert sessions()[0].facilitator_names == "Zoë Facilitator"


def test_a_formula_is_only_text(app, flask, write):
    code, lines, _ = flask(write(MORNING.replace("M2", "=HYPERLINK(1)")))

    assert (code, lines[-1]) == (1, "0 sessions, 0 session days taken; 0 held back; 1 refused")
