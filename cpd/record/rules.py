"""What follows from dated facts: how long they hold, and what other learning counts as. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

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


class Validity(StrEnum):
    """How something stands that must be done again from time to time."""

    VALID = "valid"
    RUNS_OUT = "runs_out"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Held:
    """How long a module that lapses still holds for somebody, by the fact that holds it longest."""

    module: str
    validity: Validity
    fact: Fact
    lapses_on: date

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.lapses_on - timedelta(days=1)


def held_of(facts: Iterable[Fact], on: date, soon: int) -> dict[str, Held]:
    """Say of each module that was done and lapses how it stands on a day; `soon` is how many days before that is said.

    What was done more than once holds as long as the latest of it; what never lapses is left out.
    """
    longest: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind in (FactKind.COMPLETED, FactKind.RECOGNISED) and not fact.still_ahead:
            other = longest.get(fact.subject)
            if other is None or (fact.ends_on or date.max) > (other.ends_on or date.max):
                longest[fact.subject] = fact
    return {
        code: Held(code, validity_on(fact.ends_on, on, soon), fact, fact.ends_on)
        for code, fact in longest.items()
        if fact.ends_on is not None
    }


def validity_on(ends_on: date, on: date, soon: int) -> Validity:
    """Say how something stands that counts until the day before `ends_on`."""
    if ends_on <= on:
        return Validity.LAPSED
    return Validity.RUNS_OUT if ends_on <= on + timedelta(days=soon) else Validity.VALID


def may_be_renewed(fact: Fact, on: date, days_before: int) -> bool:
    """Say whether something done can be done again already, because it runs out within so many days."""
    return fact.ends_on is not None and fact.ends_on <= on + timedelta(days=days_before)


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
