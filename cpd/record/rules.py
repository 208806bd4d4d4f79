"""What follows from dated facts: how long they hold, and what other learning counts as. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from cpd.requirements.months import months_after
from cpd.requirements.record import Fact, FactKind

BY_RULE = "by rule"
"""The `value` of a recognition that follows from an equivalence, not from anybody's decision."""


@dataclass(frozen=True, slots=True)
class Window:
    """What else counts as a module when done between two days, both inclusive; None leaves that end open."""

    other: str
    valid_from: date | None
    valid_to: date | None

    def covers(self, on: date) -> bool:
        """Say whether a day lies within the window."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ModuleTerms:
    """What the scheme says of having done a module: how long it holds, in which programme it is, what counts as it."""

    code: str
    validity_months: int | None
    programme: str
    windows: tuple[Window, ...]


def lapses_on(happened_on: date, validity_months: int | None) -> date | None:
    """Return the first day on which something done no longer counts; None: it always will."""
    return months_after(happened_on, validity_months) if validity_months else None


def on_terms(fact: Fact, terms: ModuleTerms) -> Fact:
    """Give a module's fact its end and its programme, unless it was recorded with its own."""
    return replace(
        fact,
        ends_on=fact.ends_on or lapses_on(fact.happened_on, terms.validity_months),
        programme=fact.programme or terms.programme,
    )


def recognised(facts: Iterable[Fact], all_terms: Iterable[ModuleTerms]) -> list[Fact]:
    """List what facts count as by rule, each with the day of the other learning (G-5, AMB-24, AMB-25).

    Only a completion counts as something else: what was itself recognised is not taken further.
    """
    completed = [fact for fact in facts if fact.kind is FactKind.COMPLETED]
    return [
        replace(
            fact,
            kind=FactKind.RECOGNISED,
            subject=terms.code,
            ends_on=lapses_on(fact.happened_on, terms.validity_months),
            value=BY_RULE,
            programme=terms.programme,
        )
        for terms in all_terms
        for window in terms.windows
        for fact in completed
        if fact.subject == window.other and window.covers(fact.happened_on)
    ]
