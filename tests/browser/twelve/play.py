"""The story in its order, with the clock moved from one thing to the next, and the worker at work every evening."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask

from cpd.schemes.reading import PACKS
from tests.browser.twelve.story import (
    ACTS,
    CORRECTIONS,
    DONE_BEFORE,
    LAST_DAY,
    MANAGED_BY,
    OTHERS,
    REGISTERS,
    ROLES,
    TWELVE,
)
from tests.browser.twelve.term import Term, moment

TIMETABLE = Path(__file__).parents[2] / "data" / "gateshead-systemic-2019.csv"
COLUMNS = "organisation,employee_number,email,name,team,manager_employee_number,roles,career_level,staff_type,starts_on"
EVENING = "18:00"
AFTER_THE_START, AFTER_THE_END = timedelta(minutes=10), timedelta(minutes=5)

Step = tuple[datetime, Callable[[Term], None]]


def open_council(app: Flask, folder: Path) -> None:
    """Gateshead on 2 January: its scheme, its people, what two of them did before, and the printed timetable."""
    (folder / "people.csv").write_text(_people())
    (folder / "before.csv").write_text(DONE_BEFORE)
    (folder / "timetable.csv").write_text(_timetable())
    for words in (
        ["scheme", PACKS / "gateshead.yaml"],
        ["people", folder / "people.csv"],
        ["completions", folder / "before.csv"],
        ["timetable", folder / "timetable.csv", "--programme", "systemic", "--publish"],
    ):
        result = app.test_cli_runner().invoke(args=["import", *map(str, words)])
        assert result.exit_code == 0, result.output


def live(term: Term, *, until: str) -> None:
    """Let everything happen that has not happened yet, up to a moment."""
    now = term.app.extensions["frozen_clock"]
    for at, step in STEPS:
        if now <= at < moment(until):
            term.app.extensions["frozen_clock"] = at
            step(term)
    term.at(until)


def _steps() -> list[Step]:
    """Everything that happens, in the order of time; at one moment in the order of the story."""
    found: list[Step] = [(moment(each.at), partial(Term.do, act=each)) for each in ACTS]
    for register in REGISTERS:
        begins, ends = HOURS[register.module, register.on]
        if not register.marked_with:
            found.append((begins + AFTER_THE_START, partial(Term.keep, register=register)))
        found.append((ends + AFTER_THE_END, partial(Term.close, register=register)))
    found += [(moment(each.at), partial(Term.correct, correction=each)) for each in CORRECTIONS]
    found += [(evening, partial(Term.run, words="worker --once")) for evening in _evenings()]
    return sorted(found, key=lambda step: step[0])


def _evenings() -> list[datetime]:
    """Every evening of the term."""
    first, last = moment(f"2 Jan {EVENING}"), moment(LAST_DAY)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _hours() -> dict[tuple[str, str], tuple[datetime, datetime]]:
    """From when to when each day of each module is, by the printed timetable."""
    found = {}
    with TIMETABLE.open() as lines:
        for row in csv.DictReader(lines):
            first, last = (date.fromisoformat(row[f"{end}_date"]) for end in ("start", "end"))
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                short = f"{day.day} {day:%b}"
                found[row["module"], short] = tuple(moment(f"{short} {row[f'{end}_time']}") for end in ("start", "end"))
    return found


HOURS = _hours()


def _people() -> str:
    """The people of the story as HR's file has them."""
    numbers = {who: f"G{number}" for number, who in enumerate((*OTHERS, *TWELVE))}
    rows = [COLUMNS]
    for who, name in (OTHERS | TWELVE).items():
        manager, level = numbers.get(MANAGED_BY.get(who, ""), ""), "nqsw" if who in TWELVE else ""
        rows.append(
            f"gateshead,{numbers[who]},{who.lower()}@demo.example,{name},Assessment Team,{manager},"
            f"{ROLES.get(who, '')},{level},employee,2018-10-01"
        )
    return "\n".join(rows)


def _timetable() -> str:
    """The printed timetable, with the facilitator of all but Module 6, which the university's tutor gives."""
    head, *rows = TIMETABLE.read_text().splitlines()
    named = [row if row.startswith("M6") else f"{row},fay@demo.example" for row in rows]
    return "\n".join([f"{head},facilitator", *(row if row not in rows else f"{row}," for row in named)])


STEPS = _steps()
