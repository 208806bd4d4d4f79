"""The table of golden/plans.md, which anybody can read, against the rules (W-14, S-4), and the domains of the PCF."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cpd.schemes.framework import PCF, framework_on
from cpd.schemes.reading import PACKS, read_pack
from cpd.study.plans.rules import Agreed, Party, Plan, Review, standing_on

TABLE = Path(__file__).with_name("golden") / "plans.md"
COLUMNS = ["case", "months", "begun", "both agreed", "agreed now", "last review", "today", "stands", "due"]


def cases():
    lines = [line[1:-1].split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    header, *body = [[cell.strip() for cell in line] for line in lines]
    assert header == COLUMNS
    return [pytest.param(*row[1:], id=row[0]) for row in body]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def plan_of(begun, agreed_on, agreed_now, last_review) -> Plan | None:
    if not begun:
        return None
    agreed = tuple(Agreed(party, 1, day(agreed_on)) for party in Party) if agreed_now == "yes" else ()
    reviews = (Review(day(last_review), 1, "On we go", 1),) if last_review else ()
    return Plan(1, 1, 1, "", "", day(begun), (), agreed, day(begun), day(agreed_on), reviews)


@pytest.mark.parametrize(
    ("months", "begun", "agreed_on", "agreed_now", "last_review", "today", "stands", "due"), cases()
)
def test_a_plan_stands_like_this(months, begun, agreed_on, agreed_now, last_review, today, stands, due):
    plan = plan_of(begun, agreed_on, agreed_now, last_review)
    found = standing_on(day(today), plan, int(months) if months else None, 30)

    assert (found.state.value, found.due_on) == (stands, day(due))


@pytest.mark.parametrize("council", ["warwickshire", "slough"])
def test_the_schemes_that_promise_a_plan_have_it_reviewed_once_a_year(council):
    rule = read_pack(PACKS / f"{council}.yaml").development_plan

    assert (rule.months, rule.soon_days) == (12, 30)


def test_the_nine_domains_of_the_pcf_have_their_names():
    found = framework_on(PCF, date(2019, 1, 2))

    assert [f"{each.code} {each.title}" for each in found.statements] == [
        "1 Professionalism",
        "2 Values and ethics",
        "3 Diversity and equality",
        "4 Rights, justice and economic wellbeing",
        "5 Knowledge",
        "6 Critical reflection and analysis",
        "7 Skills and interventions",
        "8 Contexts and organisations",
        "9 Professional leadership",
    ]
    assert framework_on(PCF, date(2017, 12, 31)) is None
