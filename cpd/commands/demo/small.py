"""The usual demonstration: Gateshead's programme moved to next week, and people in the midst of it."""

from __future__ import annotations

from pathlib import Path

from cpd.commands.demo.dates import shift_dates
from cpd.commands.demo.story import load_story
from cpd.commands.demo.shim import take

PRINTED = Path(__file__).with_name("gateshead-systemic-2019.csv")


def load_small(weeks: int) -> None:
    """Take the timetable as a council would, then let people ask for it."""
    content = shift_dates(PRINTED.read_text(), weeks).encode()
    take(PRINTED.name, content)
    load_story(weeks)
