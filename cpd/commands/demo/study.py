"""What the demonstration's people are promised and have earned beside the timetable."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cpd.commands.demo.study_awards import load_awards
from cpd.commands.demo.study_cpd import load_cpd, load_plans
from cpd.commands.demo.study_credits import load_credits
from cpd.commands.demo.study_days import load_days
from cpd.commands.demo.study_funding import load_funding
from cpd.commands.demo.study_places import load_places
from cpd.commands.demo.study_protected import load_protected
from cpd.people.models import Person

PARTS: tuple[Callable[[Mapping[str, Person]], None], ...] = (
    load_days,
    load_protected,
    load_credits,
    load_awards,
    load_places,
    load_funding,
    load_cpd,
    load_plans,
)
"""In this order: credits come before the awards that they count towards. Each does its part once."""


def load_study(people: Mapping[str, Person]) -> None:
    """Load each part; `people` are the demonstration's, by address."""
    for load in PARTS:
        load(people)
