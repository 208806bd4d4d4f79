"""The table of golden/study_days.md, which anybody can read, against the rules (W-2, W-14, AMB-06, AMB-07)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cpd.people.rules import Away, AwayKind, PostHeld
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.study_days_shape import (
    Absence,
    AllowancePeriod,
    Rounding,
    StudyDayEntitlement,
    StudyDayKind,
)
from cpd.study.days.allowances import allowance_on

TABLE = Path(__file__).with_name("golden") / "study_days.md"
COLUMNS = ["case", "rule", "posts", "away", "day", "half days", "from", "to"]
STAGE, YEAR = AllowancePeriod.STAGE, AllowancePeriod.YEAR


def rule(title: str, half_days: int, **more) -> StudyDayKind:
    return StudyDayKind(code="test", title=title, entitlements=(StudyDayEntitlement(half_days=half_days, **more),))


PART_YEAR = {
    "period": YEAR,
    "year_begins": "04-01",
    "by_hours": True,
    "by_part_year": True,
    "reduced_by": (Absence.PAUSE, Absence.CAREER_BREAK),
}
RULES = {kind.code: kind for kind in read_pack(PACKS / "warwickshire.yaml").study_days} | {
    "by hours": rule("By hours", 7, period=STAGE, by_hours=True),
    "by part year": rule("By part year", 10, **PART_YEAR),
    "rounded down": rule("Rounded down", 10, **PART_YEAR, rounding=Rounding.DOWN),
    "whole year": rule("Whole year", 10, period=YEAR, year_begins="01-01", by_hours=True),
}


def cases():
    rows = [line.strip("\n")[1:-1].split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    header, *body = [[cell.strip() for cell in row] for row in rows]
    assert header == COLUMNS
    return [pytest.param(*row[1:], id=row[0]) for row in body]


def posts_in(text: str) -> list[PostHeld]:
    held = []
    for post in text.split("; "):
        level, fte, starts_on, *until = post.replace(" until", "").split()
        ends_on = date.fromisoformat(until[0]) if until else None
        held.append(PostHeld(date.fromisoformat(starts_on), ends_on, level.replace("-", ""), Decimal(fte)))
    return held


def away_in(text: str) -> list[Away]:
    if not text:
        return []
    kind, first, *last = text.replace(" to", "").split()
    return [Away(AwayKind(kind), date.fromisoformat(first), date.fromisoformat(last[0]) if last else None)]


@pytest.mark.parametrize(("kind", "posts", "away", "day", "half_days", "first", "last"), cases())
def test_somebody_has_so_many_half_days(kind, posts, away, day, half_days, first, last):
    found = allowance_on(RULES[kind], posts_in(posts), away_in(away), date.fromisoformat(day))

    if half_days == "none":
        assert found is None
        return
    assert found.half_days == (None if half_days == "not set" else int(half_days))
    assert found.first_day.isoformat() == first
    assert (found.last_day.isoformat() if found.last_day else "") == last
