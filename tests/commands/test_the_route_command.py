"""`flask route` prints the earliest way to finish a programme."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.booking.service import book_places
from cpd.commands.route import route
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.home.term import session_on, take_the_term

LAST_LINE = (
    "Thursday 31 January 2019 and Friday 1 February 2019, 9:30am to 4:30pm: Module 6: Practical Simulation, "
    "Northumbria University, Coach Lane Campus"
)


@pytest.fixture
def say(both):
    """Run the command: `say("systemic", "--from", "2019-01-02")`; gives its lines."""

    def run(*arguments, exit_code=0):
        db.session.rollback()
        result = both.test_cli_runner().invoke(route, list(arguments), catch_exceptions=False)
        assert result.exit_code == exit_code, result.output
        return result.output.splitlines()

    return run


def has_done(person, *modules):
    for module in modules:
        said = FactSaid(
            person_id=person.id,
            kind=FactKind.COMPLETED,
            subject=module,
            happened_on=date(2018, 12, 3),
            source_kind="import",
        )
        add_fact(said, by=None)


@pytest.mark.parametrize("publish", [True, False], ids=["published", "drafts"])
def test_from_2_january_the_programme_is_finished_on_1_february(say, organisation, publish):
    take_the_term(publish=publish)

    assert say("systemic", "--from", "2019-01-02") == [
        "Thursday 10 January 2019, midday to 2pm: Module 1: Genograms, Bridges Room, Civic Centre",
        "Tuesday 15 January 2019, 9:30am to 12:30pm: Module 2, Room 2, Dryden Road PDC",
        "Tuesday 15 January 2019, 1:30pm to 4:30pm: Module 3, Room 2, Dryden Road PDC",
        "Friday 18 January 2019, 9:30am to 12:30pm: Module 4, Room 3, Dryden Road PDC",
        "Friday 18 January 2019, 1:30pm to 4:30pm: Module 5, Room 3, Dryden Road PDC",
        LAST_LINE,
        "Finished on 1 February 2019",
    ]


@pytest.mark.parametrize(
    ("since", "last"),
    [
        ("2019-01-16", "Finished on 1 February 2019"),
        ("2019-01-17", "Finished on 21 February 2019"),
        ("2019-03-06", "Finished on 19 March 2019"),
        ("2019-03-07", "No route: Module 1 was last on 6 March 2019."),
        ("2025-01-01", "No route: Module 1 has no dates yet."),
    ],
)
def test_from_another_day_it_ends_otherwise(say, organisation, since, last):
    take_the_term()

    assert say("systemic", "--from", since)[-1] == last


def test_without_a_day_it_begins_today(say, organisation, clock_at):
    take_the_term()
    clock_at(2019, 1, 17, 8)

    assert say("systemic")[-1] == "Finished on 21 February 2019"


def test_the_day_asked_for_counts_whatever_today_is(say, organisation, alice, clock_at):
    take_the_term()
    clock_at(2026, 1, 1, 9)

    assert say("systemic", "--from", "2019-01-02")[-1] == "Finished on 1 February 2019"
    assert say("systemic", "--from", "2019-01-02", "--person", alice.email)[-1] == "Finished on 1 February 2019"


def test_for_somebody_what_she_has_done_and_booked_counts(say, organisation, alice):
    take_the_term()
    has_done(alice, "M1")
    book_places(alice.id, [session_on("M2", 2, 4).id], by=alice.id)

    lines = say("systemic", "--from", "2019-01-02", "--person", alice.email.upper())

    assert lines[0] == "Monday 4 February 2019, 9:30am to 12:30pm: Module 2, Room 2, Dryden Road PDC"
    assert lines[-1] == "Finished on 21 February 2019"


def test_for_somebody_a_full_session_is_left_out(say, organisation, alice):
    take_the_term()
    session_on("M6", 1, 31).capacity = 0
    db.session.commit()

    assert say("systemic", "--from", "2019-01-02", "--person", alice.email)[-1] == "Finished on 7 February 2019"
    assert say("systemic", "--from", "2019-01-02")[-1] == "Finished on 1 February 2019"


def test_for_somebody_who_has_done_everything_it_was_finished_then(say, organisation, alice):
    take_the_term()
    has_done(alice, "M1", "M2", "M3", "M4", "M5", "M6")

    assert say("systemic", "--from", "2019-01-02", "--person", alice.email) == ["Finished on 3 December 2018"]


def test_what_is_not_there_is_said(say, organisation):
    take_the_term()

    assert say("nothing", "--from", "2019-01-02", exit_code=1) == [
        "No route: there is no programme nothing; `flask import scheme` brings programmes."
    ]
    assert say("systemic", "--person", "nobody@demo.example", exit_code=1) == [
        "No route: nobody has the e-mail address nobody@demo.example."
    ]


def test_what_is_no_day_is_refused(say):
    assert "does not match the format" in say("systemic", "--from", "2 January", exit_code=2)[-1]
