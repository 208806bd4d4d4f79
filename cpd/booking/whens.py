"""Dates and times within a line of prose: `Tuesday 15th January at 9.30am and the 22nd in the afternoon`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from cpd.shared.dates import WrittenDate, dates_in, read_dates
from cpd.shared.reading import Unreadable
from cpd.timetable.reading.moments import starts_at
from cpd.timetable.reading.times import spans_in

_SINGLE = re.compile(
    r"(?:\b(?:at|from)\s+|@\s*)(?P<after>[0-9]{1,2}(?:[.:][0-9]{2})?)(?![0-9./]|\s*(?:st|nd|rd|th|of)\b)(?:\s*[ap]\.?m\b\.?)?"
    r"|(?<![0-9.:/])[0-9]{1,2}(?:[.:][0-9]{2})?\s*[ap]\.?m\b\.?"
    r"|(?<![0-9.:/])[0-9]{1,2}:[0-9]{2}(?![0-9:])"
    r"|(?<![0-9.:/])[0-9]{1,2}\.(?:00|1[3-9]|[2-5][0-9])(?![0-9]|\.[0-9])"
    r"|\b(?:noon|midday)\b",
    re.IGNORECASE,
)
_COULD_BE_DATES = re.compile(r"[0-9]{1,2}\.(?:0[1-9]|1[0-2])\b(?!\s*[ap]\.?m)", re.IGNORECASE)
_HALF = re.compile(r"\b(?:(?P<am>morning|a\.?m)|(?P<pm>afternoon|p\.?m))\b", re.IGNORECASE)
_LEADING = re.compile(r"^(?:at|from|@)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """Dates of a line that share a time: those at which it may begin, or no more than a half of the day."""

    dates: tuple[WrittenDate, ...] = ()
    starts: frozenset[time] = frozenset()
    half: str = ""
    trouble: str = ""


def whens_in(line: str) -> list[When]:
    """Find the dates of a cleaned line, each with the time that follows it, or else the one that stands before it."""
    whens: list[When] = []
    before = When()
    for _, said in sorted(_said_in(line), key=lambda each: each[0]):
        if said.dates or said.trouble:
            whens.append(replace(said, starts=before.starts, half=before.half))
            before = When()
        elif not whens:
            before = said
        elif said.starts and whens[-1].starts:
            whens.append(replace(whens[-1], starts=said.starts))
        else:
            whens[-1] = replace(whens[-1], starts=said.starts or whens[-1].starts, half=said.half or whens[-1].half)
    return whens


def _said_in(line: str) -> Iterator[tuple[int, When]]:
    """Find dates, times and halves of the day, each with where it stands; no letter is read twice."""
    rest = line
    for begins, ends, starts in _times_in(line):
        yield begins, When(starts=starts)
        rest = rest[:begins] + "|" * (ends - begins) + rest[ends:]
    for begins, ends in dates_in(rest):
        yield begins, _dates(rest[begins:ends])
    for half in _HALF.finditer(rest):
        yield half.start(), When(half="am" if half["am"] else "pm")


def _times_in(line: str) -> Iterator[tuple[int, int, frozenset[time]]]:
    """Find the times at which something begins; `15.01 - 22.01` is no span of them."""
    reached = 0
    for begins, ends, span in spans_in(line):
        if begins >= reached and not isinstance(span, Unreadable) and not _COULD_BE_DATES.search(line[begins:ends]):
            yield begins, ends, frozenset((span[0],))
            line = line[:begins] + "|" * (ends - begins) + line[ends:]
            reached = ends
    for single in _SINGLE.finditer(line):
        try:
            yield single.start(), single.end(), starts_at(_LEADING.sub("", single[0]))
        except Unreadable:
            continue


def _dates(text: str) -> When:
    """Read what is written like dates; the first and the last of a run are enough to know what is meant."""
    try:
        return When(tuple(one for run in read_dates(text) for one in (run.first, run.last) if one))
    except Unreadable as unreadable:
        return When(trouble=unreadable.reason)
