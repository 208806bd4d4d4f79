"""A pasted e-mail taken apart: the message on top, and those below that it answers or passes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from cpd.shared.reading import LONGEST_TEXT, Unreadable, clean
from cpd.timetable.reading.moments import read_moment

MOST_NAME_WORDS = 8

_HEADER = re.compile(r"\*?(?P<name>from|sent|date|to|cc|subject)\s*:\*?\s*(?P<said>.*)", re.IGNORECASE)
_ORIGINAL = re.compile(r"[-_\s]*(?:original message|forwarded message|begin forwarded message)[-_:\s]*", re.IGNORECASE)
_WROTE = re.compile(
    r"On (?P<sent>.{2,40}?[0-9]{4}(?:,? (?:at )?[0-9]{1,2}[.:][0-9]{2}(?:\s*[ap]m)?)?)\b.{0,200}wrote:", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@dataclass(slots=True)
class Message:
    """One message: what stands at its head, and its lines with their numbers in what was pasted."""

    headers: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """What it is about, if it says so."""
        return self.headers.get("subject", "")

    def sent_at(self, now: datetime) -> datetime | None:
        """Return when it was sent, or None where it does not say so, or says something in the future."""
        for name in ("sent", "date"):
            with suppress(Unreadable):
                if (sent := read_moment(self.headers.get(name, ""))) <= now:
                    return sent
        return None

    def addresses(self) -> list[str]:
        """List the e-mail addresses in it, the sender's first; those to whom it was sent are left out."""
        texts = [self.headers.get("from", ""), *(line for _, line in self.lines)]
        return list(dict.fromkeys(found.lower() for text in texts for found in _ADDRESS.findall(text[:LONGEST_TEXT])))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may have written it."""

    id: int
    name: str
    email: str
    team: str


def messages_in(text: str) -> list[Message]:
    """Part a pasted text into its messages, the top one first; there is always one."""
    messages = [Message()]
    at_depth = {0: messages[0]}
    sent = ""
    for row, raw in enumerate(text.splitlines(), start=1):
        marks = re.match(r"[>\s|]*", raw)
        depth = marks[0].count(">") if marks else 0
        line = clean(raw[marks.end() if marks else 0 :][:LONGEST_TEXT])
        wrote = _WROTE.fullmatch(line)
        header = _HEADER.fullmatch(line)
        current = at_depth.get(depth)
        if wrote or _ORIGINAL.fullmatch(line):
            sent = wrote["sent"] if wrote else ""
            at_depth = {each: kept for each, kept in at_depth.items() if each < depth}
            continue
        if current is None or (header and _begins_anew(header["name"].lower(), current)):
            current = Message({"sent": sent} if sent else {})
            sent = ""
            at_depth[depth] = current
            messages.append(current)
        if header and _is_header(header["name"].lower(), header["said"], current):
            current.headers.setdefault(header["name"].lower(), header["said"])
        elif line:
            current.lines.append((row, line))
    return messages


def who_wrote(message: Message, people: Sequence[Colleague], besides: int) -> list[Colleague]:
    """Find who may have written it: by address, else by the full name, and of several by the team.

    `besides` is who pasted it: her own name in it is a greeting.
    """
    others = [each for each in people if each.id != besides]
    by_address = {each.email: each for each in others}
    if found := next((by_address[each] for each in message.addresses() if each in by_address), None):
        return [found]
    texts = [message.headers.get("from", ""), *(line for _, line in message.lines)]
    words = [{word.casefold() for word in _WORD.findall(text)} for text in texts]
    in_all = frozenset[str]().union(*words)
    likely = [(each, name) for each in others if (name := _name_words(each.name)) <= in_all]
    named = [each for each, name in likely if any(name <= said for said in words)]
    said_all = " ".join(text.casefold() for text in texts)
    of_team = [each for each in named if each.team and clean(each.team).casefold() in said_all]
    return of_team if len(named) > 1 and of_team else named


def _name_words(name: str) -> set[str]:
    """Give the words of a full name; one word alone names nobody."""
    words = {word.casefold() for word in _WORD.findall(name)}
    return words if 1 < len(words) <= MOST_NAME_WORDS else {""}


def _begins_anew(name: str, current: Message) -> bool:
    """Say whether a header begins another message: one that is there already, or a sender below some text."""
    return (name in current.headers and name in ("from", "sent")) or (name == "from" and bool(current.lines))


def _is_header(name: str, said: str, current: Message) -> bool:
    """Say whether a line is part of a message's head; `Date: 15 January` below it is a wish."""
    if current.lines:
        return False
    if name != "date":
        return True
    with suppress(Unreadable):
        return ":" in said and read_moment(said) is not None
    return False
