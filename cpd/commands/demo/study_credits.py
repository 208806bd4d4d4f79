"""The demonstration's credits: an invented portfolio refused once, two modules awarded, and what is still expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from cpd.people.models import Person
from cpd.shared import clock
from cpd.study.credits import claiming, service
from cpd.study.credits.claim_rules import ClaimSaid
from cpd.study.credits.offer import said_about, sources_of
from cpd.study.credits.reading import ledger_of
from cpd.study.credits.rules import CreditStatus

UNIVERSITY = "Invented University"
WORKER, OFFICER = "worker@warwickshire.demo.example", "workforce@warwickshire.demo.example"
PORTFOLIO = ClaimSaid(
    kind="asye-apel",
    learning_ended_on=date(2015, 9, 1),
    words="My first year: three observations, and what I learned from each",
    link="https://portfolio.example/ward",
)
ELSEWHERE = ClaimSaid(
    kind="apcl",
    title="Leading practice",
    provider="Severn University (invented)",
    learning_ended_on=date(2017, 7, 14),
    words="How a practice leader makes room for reflection",
    link="https://portfolio.example/ward/transcript",
)


def load_credits(people: Mapping[str, Person]) -> None:
    """Give one worker credits and claims at every stage, once; `people` are the demonstration's, by address."""
    worker, officer = people[WORKER], people[OFFICER]
    if ledger_of(worker.id):
        return
    _claim(worker, officer, days_ago=900, awarded=False)
    _claim(worker, officer, days_ago=700, awarded=True)
    sources = sources_of(worker.organisation_id)
    for code, status, days in (
        ("WA-PE-1", CreditStatus.AWARDED, -200),
        ("WA-RESEARCH", CreditStatus.EXPECTED, 120),
    ):
        board_on = clock.today() + timedelta(days=days)
        said = said_about(sources[code], worker.id, status=status, board_on=board_on, university=UNIVERSITY)
        service.enter(said, by=officer.id)
    claiming.begin(worker.id, ELSEWHERE, None, hand_in=True)


def _claim(worker: Person, officer: Person, *, days_ago: int, awarded: bool) -> None:
    """Claim for the portfolio, as if so many days ago, and let the university answer a month later."""
    now = clock.now()
    with clock.set_back_to(now - timedelta(days=days_ago)):
        claim_id = claiming.begin(worker.id, PORTFOLIO, None, hand_in=True)
        claiming.send_on(
            claim_id,
            seen=1,
            university=UNIVERSITY,
            submitted_on=clock.today(),
            decision_expected_on=clock.today() + timedelta(days=30),
            credits_=Decimal(20),
            academic_level=7,
            by=officer.id,
        )
    with clock.set_back_to(now - timedelta(days=days_ago - 30)):
        reason = "" if awarded else "The third observation is missing. Add it, and claim again"
        claiming.decide(claim_id, awarded=awarded, board_on=clock.today(), reason=reason, by=officer.id)
