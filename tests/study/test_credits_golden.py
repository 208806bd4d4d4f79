"""What counts after what was entered, case by case as the table tells it."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cpd.record import service as record
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.study.credits import service
from cpd.study.credits.reading import ledger_of
from cpd.study.credits.rules import CreditSaid, CreditStatus, EarnedBy, activity_of_module
from cpd.study.credits.service import CreditsRefused

TABLE = Path(__file__).parent / "golden" / "credits.md"
CODES = {"stage one": "WA-PE-1", "stage two": "WA-PE-2", "research": "WA-RESEARCH", "portfolio": "asye-apel"}
STEP = re.compile(
    r"(?P<corrects>corrected to )?(?P<status>\w+): (?P<what>[a-z ]+)"
    r"(?:, (?P<credits>[0-9.]+) at level (?P<level>[0-9]), (?P<board>.+))?"
)


def cases():
    rows = [line.strip("|").split("|") for line in TABLE.read_text().splitlines() if line.startswith("|")][2:]
    for rule, *rest in rows:
        yield pytest.param(*(cell.strip() for cell in rest), id=rule.strip())


def said(person, step) -> CreditSaid:
    code = CODES[step["what"]]
    is_module = code.startswith("WA-")
    return CreditSaid(
        person_id=person.id,
        activity=activity_of_module(code) if is_module else code,
        source=code,
        earned_by=EarnedBy.MODULE if is_module else EarnedBy.APEL,
        title=step["what"].capitalize(),
        credits=Decimal(step["credits"]),
        academic_level=int(step["level"]),
        university="Midlands University",
        board_on=datetime.strptime(step["board"], "%d %B %Y").date(),  # noqa: DTZ007 - a day has no zone
        status=CreditStatus(step["status"]),
    )


def take(step, person, officer):
    if step["status"] == "withdrawn" and not step["corrects"]:
        return service.withdraw(newest(person, step).id, reason="As the university writes", by=officer.id)
    if step["corrects"]:
        from dataclasses import replace

        mended = replace(said(person, step), reason="A slip of the pen")
        return service.correct(newest(person, step).id, mended, by=officer.id)
    return service.enter(said(person, step), by=officer.id)


def newest(person, step):
    return next(each.newest for each in ledger_of(person.id) if each.newest.source == CODES[step["what"]])


@pytest.mark.parametrize(("steps", "at_seven", "at_six", "expected", "refused"), list(cases()))
def test_what_was_entered_comes_to_this(app, ward, county_officer, steps, at_seven, at_six, expected, refused):
    faults = []
    for words in steps.split("; "):
        try:
            take(STEP.fullmatch(words), ward, county_officer)
        except CreditsRefused as stopped:
            faults += stopped.faults

    summary = service.summary_of(ward.id)
    awarded = {each.academic_level: each.awarded for each in summary.levels}
    assert (awarded.get(7, 0), awarded.get(6, 0)) == (Decimal(at_seven), Decimal(at_six))
    assert summary.expected == Decimal(expected)
    assert [str(fault) for fault in faults] == ([refused] if refused else [])
    facts = record.records_of([ward.id], clock.today())[ward.id].facts
    assert sum(fact.amount for fact in facts if fact.kind is FactKind.CREDIT) == summary.awarded
    assert sum(fact.amount for fact in service.expected_facts([ward.id])[ward.id]) == summary.expected
