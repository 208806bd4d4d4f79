"""Dates, times and place written on one line: `10th January - 12.00 to 2.00pm (Bridges Room)`."""

from __future__ import annotations

import re
from datetime import time
from itertools import islice

from cpd.shared.dates import MONTH, Run, read_dates
from cpd.shared.reading import Unreadable, clean, quoted
from cpd.timetable.reading.times import spans_in

MOST_SPANS = 12  # a line with more is none of a timetable

_LEADS_ON = re.compile(r"[\s,:;@|(-]*(?:\b(?:at|from|times?)\b[\s:]*)?$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:-|,|;|&|\b(?:to|until|and)\b)\s*[0-9]{1,2}(?:[.:]?[0-9]{2})?\s*(?:[ap]\.?m|[-.:]|to\b|$)", re.IGNORECASE
)
_DATED = re.compile(
    rf"(?<![0-9])[0-9]{{1,2}}(?:\s?(?:st|nd|rd|th))?\s*(?:of\s+)?{MONTH}|\b{MONTH}\.?\s+[0-9]{{1,2}}(?![0-9])"
    r"|(?<![0-9])[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}",
    re.IGNORECASE,
)
_TIMED = re.compile(
    r"(?<![0-9])[0-9]{1,2}(?:[.:][0-9]{2})?\s*[ap]\.?m\b|(?<![0-9])[0-9]{1,2}[.:][0-9]{2}(?![0-9])|(?!20[0-9]{2}\s*(?:-|to)\s*20)[0-9]{4}\s*(?:-|to)\s*[0-9]{4}"
    r"|\b(?:noon|midday|o'?clock|half (?:past )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))\b",
    re.IGNORECASE,
)


def read_line(text: str) -> tuple[tuple[Run, ...], tuple[time, time], str]:
    """Read a line as its dates, its start and end, and what it says after them: the place.

    Raises `Unreadable`, with the field at fault, where any of it is not understood.
    """
    line = clean(text)
    reason = f"{quoted(text)} does not give a start and an end: write them like 9.30am to 12.30pm"
    trouble = Unreadable(reason, field="start_time")
    several: Unreadable | None = None
    spans = list(islice(spans_in(line), MOST_SPANS))
    for begins, ends, span in spans:
        try:
            runs = read_dates(_LEADS_ON.sub("", line[:begins]))
        except Unreadable as unreadable:
            trouble = Unreadable(unreadable.reason, field="start_date")
            continue
        if isinstance(span, Unreadable):
            trouble = Unreadable(span.reason, field="start_time")
        elif _GOES_ON.match(line[ends:]) or any(
            at >= ends and not isinstance(later, Unreadable) for at, _, later in spans
        ):
            several = Unreadable(f"{quoted(text)} gives more than one start and end", field="start_time")
        else:
            return runs, span, _place(line[ends:])
    raise several or trouble


def _place(after: str) -> str:
    """Give the place at the end of a line without what leads on to it: brackets, a dash, `in`."""
    place = re.sub(r"^[\s,:;|)-]*(?:(?:in|at|venue:?|room:)\s+)?", "", after, flags=re.IGNORECASE).strip()
    whole = re.fullmatch(r"\(([^()]*)\)\.?", place)
    return (whole[1] if whole else place).strip()


def speaks_of_a_date(text: str) -> bool:
    """Say whether a line has a day and a month in it, understood or not."""
    return _DATED.search(clean(text)) is not None


def speaks_of_a_time(text: str) -> bool:
    """Say whether a line has a time of day in it, understood or not."""
    return _TIMED.search(clean(text)) is not None
