"""What people did before this system knew them comes in a file: whole or not at all, and once."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from sqlalchemy import select

from cpd.commands.completions import completions
from cpd.people.models import Person
from cpd.record import service as record
from cpd.record.importing import Outcome, import_completions
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.tables import TableRefused
from tests.catalogue.conftest import counted_queries

TODAY = date(2019, 1, 2)
HEADER = "email,module,completed_on,source\n"


@pytest.fixture
def programme(adopt_real, organisation):
    """Gateshead's scheme, whose Module 1 is called Genograms."""
    adopt_real("gateshead")


def take(*rows: str, header: str = HEADER, **more) -> Outcome:
    return import_completions("completions.csv", (header + "\n".join(rows)).encode(), by=None, **more)


def done_by(person) -> list[tuple[str, date]]:
    db.session.rollback()
    facts = record.records_of([person.id], TODAY)[person.id].facts
    return [(fact.subject, fact.happened_on) for fact in facts if fact.kind == "completed"]


def notes(outcome) -> list[str]:
    return [str(note) for note in (*outcome.held_back, *outcome.refused)]


def test_a_file_of_completions_is_taken_and_the_same_again_changes_nothing(both, alice, bob, programme):
    rows = (f"{alice.email},M1,2018-11-30,sheet", f"{bob.email.upper()},M2,2018-11-29,")

    assert take(*rows) == Outcome(2, 0, (), ())
    assert take(*rows) == Outcome(0, 2, (), ())

    assert done_by(alice) == [("M1", date(2018, 11, 30))]
    assert done_by(bob) == [("M2", date(2018, 11, 29))]


@pytest.mark.parametrize(
    "written",
    ["2018-11-30", "30/11/2018", "30.11.2018", "30 November 2018", "30th Nov 2018", "30-11-2018", "2018-11-30 00:00"],
)
def test_a_day_may_be_written_in_several_ways(app, alice, programme, written):
    assert take(f"{alice.email},M1,{written},").taken == 1

    assert done_by(alice) == [("M1", date(2018, 11, 30))]


@pytest.mark.parametrize("written", ["M1", "m1", "Module 1", "Genograms", "Module 1: Genograms", " module  1 "])
def test_a_module_may_be_called_by_its_code_or_a_name(app, alice, programme, written):
    assert take(f"{alice.email},{written},2018-11-30,").taken == 1

    assert done_by(alice) == [("M1", date(2018, 11, 30))]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody@demo.example,M1,2018-11-30,", "column email: nobody has the e-mail address nobody@demo.example"),
        (",M1,2018-11-30,", "column email: is empty: an e-mail address is needed"),
        ("{email},,2018-11-30,", "column module: is empty: a module is needed"),
        ("{email},M99,2018-11-30,", "column module: there is no module M99"),
        ("{email},Genogramms,2018-11-30,", "column module: there is no module Genogramms; did you mean Genograms?"),
        ("{email},M1,,", "column completed_on: no date is given"),
        ("{email},M1,30 February 2018,", "column completed_on: 30 February is not a date"),
        ("{email},M1,30 Movember 2018,", 'column completed_on: "30 Movember 2018" is not a date'),
        ("{email},M1,11/30/2018,", 'column completed_on: "11/30/2018" is not a date'),
        ("{email},M1,30/11/18,", 'column completed_on: "30/11/18" does not give the year with four figures'),
        ("{email},M1,0018-11-30,", "column completed_on: the year 18 cannot be right"),
        ("{email},M1,2019-01-03,", "column completed_on: 2019-01-03 is in the future"),
        ("{email},M1,2018-11-30," + "x" * 501, "column source: has 501 characters; at most 500 can be kept"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_cell(app, alice, programme, row, reason):
    outcome = take(f"{alice.email},M2,2018-11-30,", row.format(email=alice.email))

    assert outcome.taken == 0
    (note,) = notes(outcome)
    assert note.startswith(f"row 3, {reason}")
    assert done_by(alice) == []


def test_everything_wrong_with_a_row_is_said_at_once(app, alice, programme):
    outcome = take("x@demo.example,M99,soon,")

    assert [note.column for note in outcome.refused] == ["email", "module", "completed_on"]


def test_a_near_address_is_suggested(app, alice, programme):
    outcome = take(f"{alice.email[:-1]},M1,2018-11-30,")

    assert notes(outcome)[0].endswith(f"; did you mean {alice.email}?")


@pytest.mark.parametrize("written", ["TBC", "tba", "to be confirmed"])
def test_a_day_still_to_be_confirmed_holds_its_row_back_and_no_other(app, alice, bob, programme, written):
    outcome = take(f"{alice.email},M1,{written},", f"{bob.email},M1,2018-11-30,")

    assert (outcome.taken, notes(outcome)) == (1, ["row 2, column completed_on: the day is still to be confirmed"])


def test_the_same_completion_twice_in_a_file_is_refused(app, alice, programme):
    outcome = take(f"{alice.email},M1,2018-11-30,a", f"{alice.email},Genograms,30/11/2018,b")

    assert notes(outcome) == ["row 3, column email: the row says the same as row 2: remove one of them"]


def test_a_name_that_two_modules_share_must_be_given_by_code(app, alice, make_module):
    make_module("A1", title="Basics")
    make_module("A2", title="Basics")

    outcome = take(f"{alice.email},Basics,2018-11-30,")

    assert notes(outcome) == ["row 2, column module: Basics is the name of A1 and of A2: give the code"]


def test_a_name_is_looked_for_in_the_persons_own_council(app, alice, stranger, make_module):
    make_module("A1", title="Basics")

    assert take(f"{stranger.email},Basics,2018-11-30,").refused
    assert take(f"{stranger.email},A1,2018-11-30,").taken == 1


def test_a_changed_source_supersedes_what_was_imported(both, alice, programme):
    take(f"{alice.email},M1,2018-11-30,sheet 1")

    assert take(f"{alice.email},M1,2018-11-30,sheet 2").taken == 1

    assert [row.source for row in db.session.scalars(select(RecordFact).order_by(RecordFact.id))] == [
        "sheet 1",
        "sheet 2",
    ]
    assert done_by(alice) == [("M1", date(2018, 11, 30))]


def test_an_old_file_does_not_undo_a_correction(both, alice, officer, programme):
    row = f"{alice.email},M1,2018-11-30,"
    take(row)
    fact_id = db.session.scalars(select(RecordFact.id)).one()
    said = record.FactSaid(
        person_id=alice.id, kind="completed", subject="M1", happened_on=date(2018, 12, 3), source_kind="hand"
    )
    record.correct_fact(fact_id, said, by=officer.id, reason="wrong day")

    outcome = take(row)

    assert outcome.taken == 0
    assert notes(outcome) == [
        "row 2, column completed_on: this was corrected or withdrawn since and is not taken again"
    ]
    assert done_by(alice) == [("M1", date(2018, 12, 3))]


def test_what_a_register_says_already_is_not_said_twice(app, alice, officer, programme):
    said = record.FactSaid(
        person_id=alice.id, kind="completed", subject="M1", happened_on=date(2018, 11, 30), source_kind="register"
    )
    record.add_fact(said, by=officer.id)

    assert take(f"{alice.email},M1,2018-11-30,").unchanged == 1


def test_a_trial_changes_nothing(both, alice, programme):
    assert take(f"{alice.email},M1,2018-11-30,", dry_run=True).taken == 1

    assert done_by(alice) == []


def test_columns_come_in_any_order_and_wording_and_others_are_named(app, alice, programme):
    outcome = take(f"x,30/11/2018,M1,{alice.email}", header="Team,Date completed,Course,E-mail\n")

    assert (outcome.taken, outcome.unknown_columns) == (1, ("Team",))


def test_a_file_in_the_encoding_of_windows_is_read(app, alice, programme):
    content = (HEADER + f"{alice.email},M1,2018-11-30,Café").encode("cp1252")

    assert import_completions("completions.csv", content, by=None).taken == 1
    assert db.session.scalars(select(RecordFact.source)).one() == "Café"


def test_a_workbook_is_read(app, alice, programme):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["email", "module", "completed_on"])
        sheet.write_row(1, 0, [alice.email, "M1"])
        sheet.write_datetime(1, 2, date(2018, 11, 30), workbook.add_format({"num_format": "dd/mm/yyyy"}))

    assert import_completions("completions.xlsx", stream.getvalue(), by=None).taken == 1
    assert done_by(alice) == [("M1", date(2018, 11, 30))]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"email,module\nx,y", "There is no column for completed_on"),
        (b"email,module,completed_on\nx\0,y,z", "NUL"),
        (b"x" * (10 * 1024 * 1024), "at most 5 MB"),
    ],
    ids=["empty", "a column missing", "NUL characters", "ten megabytes"],
)
def test_a_file_that_is_no_such_table_is_refused_whole(app, content, reason):
    with pytest.raises(TableRefused, match=reason):
        import_completions("completions.csv", content, by=None)


def test_a_formula_is_text(app, alice, programme):
    take(f"{alice.email},M1,2018-11-30,=HYPERLINK(1)")

    assert db.session.scalars(select(RecordFact.source)).one() == "=HYPERLINK(1)"


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_rows_asks_the_same_questions(both, make_person, programme, count, monkeypatch):
    monkeypatch.setitem(both.extensions, "followers", [])
    rows = [f"{make_person().email},M1,2018-11-30," for _ in range(count)]
    db.session.rollback()

    with counted_queries() as sent:
        take(*rows)

    assert len([statement for statement in sent if not statement.startswith("INSERT")]) == 7


def test_the_command_prints_each_row_and_a_last_line(app, alice, programme, tmp_path):
    file = tmp_path / "completions.csv"
    file.write_text(HEADER + f"{alice.email},M1,2018-11-30,\n{alice.email},M2,TBC,\n")
    run = app.test_cli_runner().invoke

    first, again = run(completions, [str(file)]), run(completions, [str(file)])
    assert (first.exit_code, first.stdout.splitlines()) == (
        0,
        [
            "row 3, column completed_on: the day is still to be confirmed",
            "1 completions taken; 1 held back; 0 refused",
        ],
    )
    assert again.stdout.splitlines()[-1] == "0 completions taken; 1 unchanged; 1 held back; 0 refused"

    file.write_text(HEADER + f"{alice.email},M2,2018-11-30,\nx@demo.example,M1,2018-11-30,\n")
    refused = run(completions, [str(file)])
    assert refused.exit_code == 1
    assert refused.stdout.splitlines()[-1] == "0 completions taken; 0 held back; 1 refused"
    assert done_by(db.session.get(Person, alice.id)) == [("M1", date(2018, 11, 30))]


def test_the_command_says_when_it_was_a_trial(app, alice, programme, tmp_path):
    file = tmp_path / "completions.csv"
    file.write_text(HEADER + f"{alice.email},M1,2018-11-30,\n")

    result = app.test_cli_runner().invoke(completions, [str(file), "--dry-run"])

    assert result.stdout.splitlines() == ["1 completions taken; 0 held back; 0 refused"]
    assert "trial" in result.stderr
    assert done_by(alice) == []
