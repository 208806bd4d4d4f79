"""Where the demonstration's people are on their way to the next career level."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cpd.commands.demo.progression_decided import load_decided
from cpd.commands.demo.progression_early import load_early
from cpd.commands.demo.progression_openness import load_openness
from cpd.commands.demo.progression_panels import load_panels
from cpd.commands.demo.progression_portfolios import load_portfolios
from cpd.commands.demo.progression_requests import load_requests
from cpd.commands.demo.progression_vacancies import load_appeals, load_exports, load_vacancies
from cpd.people.models import Person
from cpd.progression.appeals.service import remind_of_appeals
from cpd.progression.early.reminding import remind_of_reviews
from cpd.progression.panels.service import remind_of_panel_reviews
from cpd.progression.requests.reminding import remind_of_decisions


def _remind(_people: Mapping[str, Person]) -> None:
    """Write the reminders that are due already, so that the worker finds nothing left to do."""
    remind_of_panel_reviews()
    remind_of_reviews()
    remind_of_decisions()
    remind_of_appeals()


PARTS: tuple[Callable[[Mapping[str, Person]], None], ...] = (
    load_early,
    load_portfolios,
    load_vacancies,
    load_requests,
    load_panels,
    load_decided,
    load_appeals,
    load_exports,
    _remind,
    load_openness,
)
"""In this order: evidence comes before the request that rests on it, and the request before the panel that judges."""


def load_progression(people: Mapping[str, Person]) -> None:
    """Load each part; `people` are the demonstration's, by address."""
    for load in PARTS:
        load(people)
