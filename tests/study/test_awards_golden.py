"""The tables of golden/awards.md and golden/practice_educators.md, which anybody can read, against the rules."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from cpd.catalogue.service import Scheme
from cpd.requirements.evaluator import State
from cpd.requirements.record import Fact, FactKind, Record
from cpd.schemes.reading import PACKS, read_pack
from cpd.study.awards.prior_learning import CURRENCY_OF, facts_too_old, source_of, told_apart
from cpd.study.awards.rules import (
    LeftOut,
    composition_of,
    place_of,
    requirement_of,
    ways_left,
)
from cpd.study.awards.stages import status_of
from cpd.study.awards.terms import terms_of
from cpd.study.credits.rules import PriorLearning

GOLDEN = Path(__file__).with_name("golden")
TODAY = date(2019, 6, 1)
USUAL_DAY = date(2018, 7, 1)
STANDINGS = {"done": State.MET, "expected": State.IN_HAND, "to do": State.OUTSTANDING}
REASONS = {
    "not needed": LeftOut.NOT_NEEDED,
    "level too low": LeftOut.ACADEMIC_LEVEL,
    "not a part": LeftOut.NOT_A_PART,
    "too old": LeftOut.TOO_OLD,
    "more than counts": LeftOut.OVER_CAP,
}
CREDIT = re.compile(
    r"(?P<expected>expected )?(?P<source>[\w-]+) (?P<amount>[\d.]+)(?:@(?P<level>\d))?(?: on (?P<on>[\d-]+))?"
    r"(?P<prior> by prior learning)?(?: called (?P<called>\w+))?(?: ended (?P<ended>[\d-]+))?"
)


def table(name: str) -> list[SimpleNamespace]:
    """Read the rows of a table; each is named by the words of its first column."""
    rows = [line.split("|")[1:-1] for line in (GOLDEN / name).read_text().splitlines() if line[:1] == "|"]
    header, _, *body = [[cell.strip() for cell in row] for row in rows]
    header = [name.replace(" ", "_") for name in header]
    assert all(len(row) == len(header) for row in body)
    return [SimpleNamespace(**dict(zip(header, row, strict=True))) for row in body]


def cases(name: str):
    return {"argvalues": (rows := table(name)), "ids": [row.case for row in rows]}


@cache
def warwickshire():
    return terms_of(Scheme(1, read_pack(PACKS / "warwickshire.yaml")))


def record_of(written: str) -> tuple[Record, dict[str, PriorLearning]]:
    """Read what stands on a record, and what of it was earned by prior learning."""
    facts, prior = [], {}
    for number, part in enumerate(filter(None, map(str.strip, written.split(";")))):
        reference = f"fact:{number}"
        if part.startswith("proof "):
            facts.append(Fact(FactKind.EVIDENCE, CURRENCY_OF + part.split()[1], USUAL_DAY, reference=reference))
            continue
        said = CREDIT.fullmatch(part)
        assert said, part
        on = date.fromisoformat(said["on"]) if said["on"] else USUAL_DAY
        ahead = {"kind": FactKind.PENDING, "value": "credit"} if said["expected"] else {"kind": FactKind.CREDIT}
        more = {"amount": Decimal(said["amount"]), "academic_level": int(said["level"] or 7), "reference": reference}
        facts.append(Fact(subject=said["source"], happened_on=on, **ahead, **more))
        if said["prior"] or said["source"] not in warwickshire().modules:
            ended = date.fromisoformat(said["ended"]) if said["ended"] else None
            name = said["called"] or said["source"]
            prior[reference] = PriorLearning(name, name, ended)
    return Record(1, tuple(facts)), prior


def award_with(setting: str):
    """Give the award with the settings of a row, and the day of enrolment."""
    award = warwickshire().awards["pg-certificate"]
    changes: dict[str, object] = {}
    if cap := re.search(r"prior learning at most ([\d.]+)", setting):
        changes["prior_learning_at_most"] = Decimal(cap[1])
    if years := re.search(r"currency (\d+) years", setting):
        changes["currency_years"] = int(years[1])
    enrolled = re.search(r"enrolled ([\d-]+)", setting)
    return award.model_copy(update=changes), date.fromisoformat(enrolled[1]) if enrolled else date(2018, 9, 1)


@pytest.mark.parametrize("row", **cases("awards.md"))
def test_the_postgraduate_certificate_stands_as_the_table_says(row):
    award, enrolled_on = award_with(row.setting)
    composition = composition_of(award, {"usual": "", "above": "hired-above"}[row.way])
    record, prior = record_of(row.record)
    modules = warwickshire().modules
    record = told_apart(record, prior, modules)

    too_old = facts_too_old(award, record, prior, enrolled_on)
    place = place_of(award, composition, record, TODAY, modules, too_old)

    assert (place.counted.done, place.counted.in_hand, place.counted.total) == (
        Decimal(row.credits), Decimal(row.expected), 60
    )  # fmt: skip
    assert place.standing.state is STANDINGS[row.standing]
    assert place.standing.met_on == (date.fromisoformat(row.since) if row.since else None)
    assert [(source_of(fact.subject), why) for fact, why in place.left_out] == [
        (part.split(": ")[0], REASONS[part.split(": ")[1]]) for part in row.does_not_count.split("; ") if part
    ]
    counting = Record(1, tuple(fact for fact in record.facts if fact not in too_old))
    requirement = requirement_of(award, composition, modules, counting)
    ways = ways_left(requirement, counting, TODAY, warwickshire().offers_for(requirement))
    expected = [set(way.split(" + ")) for way in row.shortest_ways_left.split(" or ") if way]
    assert sorted(map(sorted, ({each.code for each in way} for way in ways))) == sorted(map(sorted, expected))


@pytest.mark.parametrize("row", **cases("practice_educators.md"))
def test_a_practice_educator_s_stage_follows_from_the_record_as_the_table_says(row):
    record, _ = record_of(row.record)
    qualified = Fact(FactKind.QUALIFIED, "", date.fromisoformat(row.qualified), reference="person:1")

    status = status_of(warwickshire().stages, Record(1, (*record.facts, qualified)), TODAY)

    assert status.peps_stage == int(row.holds_stage)
    since = status.highest.holds.met_on if status.highest else None
    assert since == (date.fromisoformat(row.since) if row.since else None)
    may_begin = [place.entry.is_met for place in status.stages]
    assert may_begin == [row.may_begin_stage_one == "yes", row.may_begin_stage_two == "yes"]


@pytest.mark.parametrize("name", ["awards.md", "practice_educators.md"])
def test_each_case_cites_its_rule(name):
    rules = {rule for row in table(name) for rule in row.rule.split(", ")}

    assert rules <= {"AMB-01", "AMB-19", "AMB-37", "AMB-42", "W-5", "B6"}
