"""What a message says: its kind and the facts as they then were, put into plain words.

Each kind has one template, `templates/messages/words/<kind>.txt`: the subject, an empty line, the text, which
begins with a greeting. A secret link is only put in for the eyes of the person herself (and on the
demonstration's page).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import current_app
from jinja2 import TemplateNotFound

from cpd.people import links
from cpd.shared.wording import day_words, span_words, time_words

MOST_PRESSING = frozenset({"basis_lost", "award_completed", "award_reopened"})
"""What stands first in a mail that says several things: what asks somebody to do something, and an award before the
credits from which it follows."""

HIDDEN = "(a link that only the person herself is shown)"

HAPPENED: Mapping[str, str] = MappingProxyType(
    {
        "booked": "has a place on",
        "booked_on_condition": "has a place, on condition of earlier bookings, on",
        "moved": "has moved from another date to a place on",
        "promoted": "has come from the waiting list to a place on",
        "waiting": "is on the waiting list for",
        "sent_back": "is back on the waiting list, because there are fewer places, for",
        "cancelled": "is no longer booked on",
        "place_requested": "has asked Workforce Development for a place, which is kept until it is answered, on",
        "request_agreed": "has a place, to which Workforce Development agreed, on",
        "request_agreed_waiting": "is on the waiting list, to which Workforce Development agreed, for",
        "request_declined": "asked for a place, to which Workforce Development could not agree, on",
        "request_expired": "asked for a place, and was not answered in time, on",
        "session_changed": "is booked on a session that has changed:",
        "session_cancelled": "was booked on a session that will not take place:",
        "basis_lost": "has a place that lacks what it rests on now:",
        "basis_restored": "again has what is needed for",
        "released": "has lost a place, because what it rested on was missing:",
    }
)
"""What a line manager is told of somebody in her team (AMB-34), by the kind of message that the person got."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it is read: paragraphs are parted by empty lines, and an address stands on a line of its own."""

    subject: str
    body: str
    headings: frozenset[str] = frozenset()

    @property
    def paragraphs(self) -> list[list[Line]]:
        """The text, line by line."""
        return [
            [
                Line(line, line.startswith(("http://", "https://")), line in self.headings)
                for line in paragraph.split("\n")
            ]
            for paragraph in self.body.split("\n\n")
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text; an address is shown as a link."""

    words: str
    is_address: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go: a building, its address in words, and a map of it."""

    name: str
    address: str
    map: str


@dataclass(frozen=True, slots=True)
class Around:
    """What helps beside the facts, as it stands when the words are made.

    `give_back` is the address at which the place can be given back, empty where there is none to give back.
    """

    places: tuple[Place, ...] = ()
    bring: str = ""
    give_back: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that somebody is told."""

    kind: str
    facts: Mapping[str, Any]
    around: Around = Around()


def words_of(
    kind: str,
    facts: Mapping[str, Any],
    *,
    name: str,
    link_shown: bool,
    around: Around | None = None,
    alone: bool = True,
) -> Words:
    """Put a message into words. Raises LookupError for a kind that has none.

    Args:
        alone: whether it is all that its mail says; else it is said more shortly.
    """
    try:
        template = current_app.jinja_env.get_template(f"messages/words/{kind}.txt")
    except TemplateNotFound as missing:
        raise LookupError(f"There are no words for a message of the kind {kind}") from missing
    context = _context(facts, name, around or Around(), link_shown=link_shown) | {"alone": alone}
    subject, _, body = template.render(context).strip().partition("\n")
    return Words(_one_line(subject), re.sub(r"\n\s*\n", "\n\n", body.strip()))


def mail_words(told: Sequence[Told], *, name: str, link_shown: bool) -> Words:
    """Put into one mail all that somebody is told of one act: each thing under its subject, the places once."""
    told = sorted(told, key=lambda each: each.kind not in MOST_PRESSING)
    parts = [
        words_of(each.kind, each.facts, name=name, link_shown=link_shown, around=each.around, alone=len(told) == 1)
        for each in told
    ]
    if len(parts) == 1:
        return parts[0]
    headings = [f"{number}. {part.subject}" for number, part in enumerate(parts, start=1)]
    sections = [f"Hello {_one_line(name)},"]
    for heading, part in zip(headings, parts, strict=True):
        greeting, _, text = part.body.partition("\n\n")
        sections += [heading, text if greeting.startswith("Hello ") else part.body]
    places = dict.fromkeys(place for each in told for place in each.around.places)
    sections += [f"{place.name}: {place.address}\n{place.map}" for place in places]
    subject = f"{parts[0].subject}, and {len(parts) - 1} more"
    return Words(subject, "\n\n".join(sections), frozenset(headings))


def _context(facts: Mapping[str, Any], name: str, around: Around, *, link_shown: bool) -> dict[str, Any]:
    """Return the facts, and beside them what follows from them, each in words."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    said = {key: _one_line(value) if isinstance(value, str) else value for key, value in facts.items()}
    context: dict[str, Any] = {**said, "name": _one_line(name), "base": base}
    context |= {"places": around.places, "bring": around.bring}
    context["give_back"] = around.give_back and (around.give_back if link_shown else HIDDEN)
    if "nonce" in facts:
        context["link"] = f"{base}/password/{links.token_of(facts['nonce'])}" if link_shown else HIDDEN
        expires_at = links.expiry(dict(facts))
        context["until"] = f"{time_words(expires_at)} on {day_words(expires_at, year=True)}"
    if "days" in facts:
        context["when"] = [_say_day(*day) for day in facts["days"]]
        context["on"] = day_words(datetime.fromisoformat(facts["days"][0][0]))
    if "days_before" in facts:
        context["when_before"] = [_say_day(*day) for day in facts["days_before"]]
    if "ways" in facts:
        context["ways"] = [_say_way(*way) for way in facts["ways"]]
    if facts.get("release_at"):
        at = datetime.fromisoformat(facts["release_at"])
        context["release_at"] = f"{day_words(at)} at {time_words(at)}"
    if facts.get("answer_by"):
        at = datetime.fromisoformat(facts["answer_by"])
        context["answer_by"] = f"{day_words(at)} at {time_words(at)}"
    if "session_id" in facts:
        context["address"] = f"{base}/sessions/{facts['session_id']}"
    if "happened" in facts:
        context["what"] = HAPPENED[facts["happened"]]
    return context


def _one_line(words: str) -> str:
    """Put on one line what people wrote: a subject ends where its line does."""
    return " ".join(words.split())


def _say_way(title: str, starts_at: str, ends_at: str, place: str, full: bool) -> str:
    """`Module 2: Monday 21 January 2019, 9:30am to 12:30pm, Room 2, Dryden Road (full: you can wait)`."""
    return f"{title}: {_say_day(starts_at, ends_at, place)}" + (" (full: you can wait)" if full else "")


def _say_day(starts_at: str, ends_at: str, place: str) -> str:
    """`Tuesday 15 January 2019, 9:30am to 12:30pm, Bridges Room`."""
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    words = f"{day_words(start, year=True)}, {span_words(start, end)}"
    return f"{words}, {place}" if place else words
