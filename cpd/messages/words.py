"""What a message says: its kind and the facts as they then were, put into plain words.

Each kind has one template, `templates/messages/words/<kind>.txt`: the subject, an empty line, the text.
A secret link is only put in for the eyes of the person herself (and on the demonstration's page).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import current_app
from jinja2 import TemplateNotFound

from cpd.people import links
from cpd.shared.wording import day_words, span_words, time_words

HIDDEN = "(a link that only the person herself is shown)"

HAPPENED: Mapping[str, str] = MappingProxyType(
    {
        "booked": "has a place on",
        "booked_on_condition": "has a place, on condition of earlier bookings, on",
        "promoted": "has come from the waiting list to a place on",
        "waiting": "is on the waiting list for",
        "sent_back": "is back on the waiting list, because there are fewer places, for",
        "cancelled": "is no longer booked on",
        "session_changed": "is booked on a session that has changed:",
        "session_cancelled": "was booked on a session that will not take place:",
    }
)
"""What a line manager is told of somebody in her team (AMB-34), by the kind of message that the person got."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it is read: paragraphs are parted by empty lines, and an address stands on a line of its own."""

    subject: str
    body: str


def words_of(kind: str, facts: Mapping[str, Any], *, name: str, link_shown: bool) -> Words:
    """Put a message into words. Raises LookupError for a kind that has none."""
    try:
        template = current_app.jinja_env.get_template(f"messages/words/{kind}.txt")
    except TemplateNotFound as missing:
        raise LookupError(f"There are no words for a message of the kind {kind}") from missing
    subject, _, body = template.render(_context(facts, name, link_shown=link_shown)).strip().partition("\n")
    return Words(subject, body.strip())


def _context(facts: Mapping[str, Any], name: str, *, link_shown: bool) -> dict[str, Any]:
    """Return the facts, and beside them what follows from them, each in words."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    context: dict[str, Any] = {**facts, "name": name, "base": base}
    if "nonce" in facts:
        context["link"] = f"{base}/password/{links.token_of(facts['nonce'])}" if link_shown else HIDDEN
        expires_at = links.expiry(dict(facts))
        context["until"] = f"{time_words(expires_at)} on {day_words(expires_at, year=True)}"
    if "days" in facts:
        context["when"] = [_say_day(*day) for day in facts["days"]]
        context["address"] = f"{base}/sessions/{facts['session_id']}"
    if "happened" in facts:
        context["what"] = HAPPENED[facts["happened"]]
    return context


def _say_day(starts_at: str, ends_at: str, place: str) -> str:
    """`Tuesday 15 January 2019, 9:30am to 12:30pm, Bridges Room`."""
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    words = f"{day_words(start, year=True)}, {span_words(start, end)}"
    return f"{words}, {place}" if place else words
