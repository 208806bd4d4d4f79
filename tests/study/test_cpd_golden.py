"""The tables of golden/cpd.md, which anybody can read, against the rules of every pack (B1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cpd.schemes.reading import PACKS, read_pack
from cpd.study.regulator.rules import (
    Duty,
    PeerTalk,
    Piece,
    PieceSaid,
    duty_in,
    reminder_on,
    standing_in,
    year_of,
)

TABLE = Path(__file__).with_name("golden") / "cpd.md"
RULES = read_pack(PACKS / "warwickshire.yaml").cpd_rules
TALK = PeerTalk("My line manager or supervisor", date(2019, 1, 2), "To ask sooner")


def rows(heading: str, columns: list[str]) -> list[list[str]]:
    """The rows of the table under a heading."""
    part = TABLE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line[1:-1].split("|") for line in part.splitlines() if line.startswith("| ")]
    header, *body = [[cell.strip() for cell in line] for line in lines]
    assert header == columns
    return body


def cases(heading: str, columns: list[str]):
    return [pytest.param(*row[1:], id=row[0]) for row in rows(heading, columns)]


def pieces_in(text: str) -> Iterator[Piece]:
    for number, written in enumerate(text.split("; ") if text else [], start=1):
        day, words = written.removesuffix(" +").split(" ", 1)
        learnt = "" if words.endswith("(unfinished)") else f"About {words}"
        said = PieceSaid("Training or a workshop", words, date.fromisoformat(day), learnt, "I listen longer")
        yield Piece(number, said, TALK if written.endswith(" +") else None)


def in_words(duty: Duty | None) -> str:
    return f"{duty.pieces} and {duty.with_peer_reflection}" if duty else "none"


@pytest.mark.parametrize(
    ("today", "pieces", "rule", "counted", "reflected", "left"),
    cases(
        "Whether a registration year is done",
        ["case", "today", "pieces", "rule", "counted", "reflected", "left"],
    ),
)
def test_a_year_is_done_or_this_is_left(today, pieces, rule, counted, reflected, left):
    year = year_of(date.fromisoformat(today), RULES)
    standing = standing_in(year, duty_in(year, RULES), pieces_in(pieces))

    assert in_words(standing.duty) == rule
    assert (str(standing.counted), str(standing.reflected)) == (counted, reflected)
    assert standing.is_done == (left == "done")
    assert left in ("done", f"{standing.pieces_left} and {standing.reflections_left}")


@pytest.mark.parametrize(
    ("today", "year", "window", "days_left"),
    cases("When registration is renewed", ["case", "today", "year", "window", "days left"]),
)
def test_registration_is_renewed_in_this_window(today, year, window, days_left):
    day = date.fromisoformat(today)
    found = year_of(day, RULES)

    assert f"{found.first_day} to {found.last_day}" == year
    assert found.window_on(day).replace("_", " ") == window
    assert found.days_left(day) == int(days_left)


@pytest.mark.parametrize(("today", "reminder"), cases("Which reminder is due", ["case", "today", "reminder"]))
def test_this_reminder_is_due(today, reminder):
    day = date.fromisoformat(today)

    assert str(reminder_on(day, year_of(day, RULES), RULES.remind_days_before)).lower() == reminder


@pytest.mark.parametrize("words", cases("What people read of the rest", ["line of B1", "what the page says"]))
def test_people_read_each_other_line_with_its_source(words):
    found = [note for note in RULES.notes if words in note.sentence]

    assert len(found) == 1
    assert re.fullmatch(r"https://\S+", found[0].page)


def test_the_form_asks_these_questions_in_this_order():
    asked = [row[0] for row in rows("What the form asks, in its order", ["question"])]

    assert [each.label for each in RULES.form] == asked


def test_every_council_follows_the_same_regulator():
    found = {path.stem: read_pack(path).cpd_rules for path in sorted(PACKS.glob("*.yaml"))}

    assert len(found) == 5
    assert all(rules == RULES for rules in found.values()), [name for name, each in found.items() if each != RULES]
