"""Reads the tables of golden people: what a record says in words, and what is to be said of it."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from cpd.requirements.evaluator import State, Unit, standing_of
from cpd.requirements.language import NOTHING
from cpd.requirements.record import Fact, FactKind, Record
from cpd.study.awards.rules import AWARDED, composition_for, composition_of, requirement_of

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = ("Who", "Staff", "On her record", "Asked on", "Step", "Verdict", "Line by line")
DAY = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
CODES = r"([\w-]+(?:, [\w-]+)*)"


@dataclass(frozen=True)
class GoldenRow:
    """One question about one person, with the answer that is right."""

    who: str
    staff_type: str
    facts: tuple[Fact, ...]
    on: date
    step: str
    verdict: str
    lines: dict[str, str]


def golden_rows(council):
    """Read every row of a council's table, a person's facts put together from the words on her record."""
    rows = []
    for line in (GOLDEN / f"{council}.md").read_text().splitlines():
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if cells == COLUMNS:
            continue
        who, staff_type, record, on, step, verdict, lines = cells
        facts = tuple(fact for phrase in record.split("; ") for fact in facts_in(phrase))
        said = dict(each.split(": ", 1) for each in lines.split("; ")) if lines else {}
        rows.append(GoldenRow(who, staff_type, facts, day(on), step, verdict, said))
    return rows


def facts_in(phrase):
    """Read one phrase, such as `completed M1, M2 on 3 February 2019`; what no pattern fits is an error."""
    for pattern, make in PHRASES:
        if found := re.fullmatch(pattern, phrase):
            return make(*found.groups())
    raise ValueError(f"nobody knows what this says: {phrase}")


def day(words):
    return datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007 - a date of the field


def said_on(on):
    return f"{on.day} {on:%B %Y}"


def each_of(kind, codes, on, **more):
    return [Fact(kind, code, day(on), **more) for code in codes.split(", ")]


def spell(kind, subject, begun, ended):
    return [Fact(kind, subject, day(begun), ends_on=day(ended) if ended else None)]


def credits_of(amount, academic_level, source, on):
    return each_of(FactKind.CREDIT, source, on, amount=Decimal(amount), academic_level=int(academic_level))


PHRASES = (
    (rf"in ([\w-]+) since {DAY}", lambda level, begun: spell(FactKind.CAREER_LEVEL, level, begun, None)),
    (rf"in ([\w-]+) from {DAY} to {DAY}", lambda *parts: spell(FactKind.CAREER_LEVEL, *parts)),
    (rf"away since {DAY}", lambda begun: spell(FactKind.CAREER_BREAK, "", begun, None)),
    (rf"away from {DAY} to {DAY}", lambda *days: spell(FactKind.CAREER_BREAK, "", *days)),
    (rf"qualified on {DAY}", lambda on: each_of(FactKind.QUALIFIED, "", on)),
    (rf"registered on {DAY}", lambda on: each_of(FactKind.REGISTERED, "", on)),
    (rf"completed {CODES} on {DAY}", lambda codes, on: each_of(FactKind.COMPLETED, codes, on)),
    (rf"recognised {CODES} on {DAY}", lambda codes, on: each_of(FactKind.RECOGNISED, codes, on)),
    (rf"booked {CODES} for {DAY}", lambda codes, on: each_of(FactKind.COMPLETED, codes, on, ahead=True)),
    (rf"evidence {CODES} on {DAY}", lambda codes, on: each_of(FactKind.EVIDENCE, codes, on)),
    (
        rf"outcome of ([\w-]+): (\w+) on {DAY}",
        lambda panel, value, on: each_of(FactKind.OUTCOME, panel, on, value=value),
    ),
    (rf"([\w-]+) meets on {DAY}", lambda panel, on: each_of(FactKind.PENDING, panel, on, value=FactKind.OUTCOME)),
    (rf"([\d.]+) credits of ([\w-]+) on {DAY}", lambda amount, source, on: credits_of(amount, 7, source, on)),
    (rf"([\d.]+) credits at level (\d) of ([\w-]+) on {DAY}", credits_of),
)


def record_of(row, pack):
    """Put a record together as the product does: modules say their programmes, awards stand there once earned."""
    programmes = {each.module: programme.code for programme in pack.programmes for each in programme.elements}
    facts = tuple(replace(fact, programme=programmes.get(fact.subject, "")) for fact in row.facts)
    record = Record(1, facts)
    held = [
        Fact(FactKind.OUTCOME, award.code, standing.met_on, value=AWARDED)
        for award in pack.awards
        if award.lines and (standing := _standing_on(award, record, row.on, pack)).is_met
    ]
    return Record(1, (*facts, *held))


def _standing_on(award, record, on, pack):
    composition = composition_of(award, composition_for(award, record, [each.code for each in pack.career_levels]))
    return standing_of(requirement_of(award, composition, [module.code for module in pack.modules]), record, on)


def level_of(row):
    """The career level she is in on the day asked."""
    spells = [
        fact
        for fact in row.facts
        if fact.kind is FactKind.CAREER_LEVEL
        and fact.happened_on <= row.on
        and (fact.ends_on is None or row.on < fact.ends_on)
    ]
    return max(spells, key=lambda fact: fact.happened_on).subject


def in_words(standing):
    """Say what the evaluator found of one line."""
    match standing.state:
        case State.MET:
            return f"done {said_on(standing.met_on)}"
        case State.IN_HAND:
            return f"expected {said_on(standing.expected_on)}"
    shortfall = standing.shortfall
    if shortfall and shortfall.reached_on:
        return f"still to do until {said_on(shortfall.reached_on)}"
    if shortfall and shortfall.unit is Unit.MODULES:
        return f"still to do, {shortfall.done} of {shortfall.needed}"
    return "still to do"


def verdict_on(transition, record, on):
    """Say whether everything is done that is asked before a step can be decided."""
    if transition.requirement == NOTHING:
        return "no criteria published"
    standing = standing_of(transition.requirement, record, on)
    if standing.state is State.IN_HAND:
        return f"expected ready on {said_on(standing.expected_on)}"
    return "ready" if standing.is_met else "still to do"
