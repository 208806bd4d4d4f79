"""A request as people send it today: an e-mail with name, team, titles and dates, pasted as it is (G-6).

    Please could you book me on to: Module 2 - 15th January, Module 3 15/1 at 1.30pm
    Many thanks, Alice Learner, Assessment Team 1

Plain values in and out; nothing is guessed in silence. What cannot be understood is shown with its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cpd.booking.letters import Message, messages_in
from cpd.booking.meant import Offering, Wish, day_to_come, session_meant
from cpd.booking.whens import When, whens_in
from cpd.shared.reading import LONGEST_TEXT, Unreadable, clean
from cpd.timetable.facts import SessionFacts
from cpd.timetable.reading.values import LONDON

MOST_LINES = 1000
MOST_ASKED = 60

_BULLET = re.compile(r"^(?:[•·▪●◦‣*]\s*|-\s+|[0-9]{1,2}[.)]\s+(?=[A-Za-z]))")
_SIGN_OFF = re.compile(
    r"(?:(?:many|kind|best|warm)\s+)?(?:regards|thanks|wishes|thank you|cheers|yours (?:sincerely|faithfully))[\s,.!]*"
    r"|-{2,}",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\bmod(?:ule)?s?\.?\s*([0-9]{1,2}(?:\s*(?:,|&|\+|\band\b)\s*[0-9]{1,2}(?![0-9./:]|\s*(?:st|nd|rd|th|am|pm|[A-Z][a-z]{2,})\b))*)"
    r"(?![0-9])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,&+/-]*(?:\band\b)?[\s,&+/-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One thing that a request asks for: which session is meant, or the trouble with what is written.

    `row` is the line of the text. With a trouble the module may be known all the same, and the session not.
    """

    row: int
    text: str
    module: str = ""
    session: SessionFacts | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a pasted e-mail asks for, and when it was sent if it says so; `message` is the part that asks."""

    lines: tuple[AskedLine, ...]
    message: Message
    received_at: datetime | None = None


def read_request(text: str, offered: Offering, now: datetime) -> Request:
    """Read the first message of a pasted text that asks for something; what it answers to is left alone."""
    messages = messages_in(text)
    for message in messages:
        received_at = message.sent_at(now)
        lines = tuple(_Reader(offered, (received_at or now).astimezone(LONDON).date()).read(message))
        if any(line.module for line in lines):
            return Request(lines, message, received_at)
    return Request(lines if len(messages) == 1 else (), messages[0], messages[0].sent_at(now))


@dataclass(slots=True)
class _Reader:
    """Reads the lines of one message and keeps what the lines above said."""

    offered: Offering
    asked_on: date
    module: str = ""
    signed: bool = False
    found: list[AskedLine] = field(default_factory=list)
    dateless: list[AskedLine] = field(default_factory=list)

    def read(self, message: Message) -> Iterator[AskedLine]:
        """Give each thing that is asked for once, in the order of the lines."""
        for row, raw in message.lines[:MOST_LINES]:
            self._read(row, raw)
        if not self.found and message.subject:
            self._read(0, message.subject)
        dated = {line.module for line in self.found if line.session or line.trouble}
        lines = self.found + [line for line in self.dateless if line.module not in dated]
        seen: set[tuple[object, ...]] = set()
        for line in sorted(lines, key=lambda each: each.row):
            key = ("session", line.session.id) if line.session else (line.row, line.module, line.trouble)
            if key not in seen and len(seen) < MOST_ASKED:
                seen.add(key)
                yield line

    def _read(self, row: int, raw: str) -> None:
        line = _BULLET.sub("", clean(raw[:LONGEST_TEXT]))
        if _SIGN_OFF.fullmatch(line):
            self.signed = True
            return
        line = _SEVERAL.sub(_each_module, line)
        parts = list(_parts(line, list(self.offered.modules.mentions_in(line))))
        if not parts and line:
            self._dates_below(AskedLine(row, line), whens_in(line))
        for name, about in parts:
            self._part(AskedLine(row, line), name, whens_in(about))

    def _part(self, line: AskedLine, name: str, whens: Sequence[When]) -> None:
        """Read one module of a line with the dates that go with it."""
        try:
            line = replace(line, module=self.offered.modules.get(name).code)
        except Unreadable as unreadable:
            self.found.append(replace(line, trouble=unreadable.reason))
            return
        self.module = line.module
        if not whens and not self.signed:
            self.dateless.append(replace(line, trouble="no date is given"))
        for when in whens:
            self._ask(line, when)

    def _dates_below(self, line: AskedLine, whens: Sequence[When]) -> None:
        """Read a line of dates without a module: they are of the one that was named above."""
        if not whens or self.signed:
            return
        if not self.module:
            self.found.append(replace(line, trouble="no module is named with this date"))
        for when in whens if self.module else ():
            self._ask(replace(line, module=self.module), when)

    def _ask(self, line: AskedLine, when: When) -> None:
        if when.trouble:
            self.found.append(replace(line, trouble=when.trouble))
        for written in when.dates:
            try:
                wish = Wish(line.module, day_to_come(written, self.asked_on), when.starts, when.half)
                self.found.append(replace(line, session=session_meant(wish, self.offered)))
            except Unreadable as unreadable:
                self.found.append(replace(line, trouble=unreadable.reason))


def _each_module(found: re.Match[str]) -> str:
    """Write `Modules 2, 3 and 4` as `Module 2, Module 3 and Module 4`."""
    return re.sub(r"[0-9]+", r"Module \g<0>", found[1])


def _parts(line: str, mentions: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Give each module named in a line with the text that goes with it: what follows, or what stands before.

    Modules joined by no more than `and` share what follows the last of them; a number with its title is one.
    """
    if not mentions:
        return
    date_first = bool(whens_in(line[: mentions[0][0]])) and not whens_in(line[mentions[-1][1] :])
    waiting: list[str] = []
    for at, (begins, ends) in enumerate(mentions):
        before = mentions[at - 1][1] if at else 0
        after = mentions[at + 1][0] if at + 1 < len(mentions) else len(line)
        waiting.append(line[begins:ends])
        if date_first:
            yield waiting.pop(), line[before:begins]
        elif at + 1 == len(mentions) or not _JOINED.fullmatch(line[ends:after]):
            yield from ((name, line[ends:after]) for name in waiting)
            waiting = []
