"""Learning from elsewhere in words: what kind it is, how it stands, when it was and how long it took."""

from __future__ import annotations

from datetime import date

from cpd.record.claims.rules import ClaimKind, ClaimStatus
from cpd.shared.wording import counted, date_words

KINDS = {
    ClaimKind.E_LEARNING: "E-learning",
    ClaimKind.EXTERNAL_COURSE: "External course or conference",
    ClaimKind.PREVIOUS_EMPLOYER: "Training with a previous employer",
    ClaimKind.HOST: "Training with a host, such as a partner council",
    ClaimKind.OTHER: "Something else",
    ClaimKind.BY_HAND: "Recognised by Workforce Development",
}
STATES = {
    ClaimStatus.SENT: ("Sent in, not checked yet", "waiting"),
    ClaimStatus.RETURNED: ("Returned to you", "attention"),
    ClaimStatus.ACCEPTED: ("Accepted", "done"),
    ClaimStatus.WITHDRAWN: ("Withdrawn: it does not count", "neutral"),
}
"""How a claim stands to the person who sent it in: the words and the tone of its status tag."""


def when_words(starts_on: date, ends_on: date) -> str:
    """`3 May 2018`, `3 May 2018 to 5 May 2018`."""
    return date_words(starts_on) if starts_on == ends_on else f"{date_words(starts_on)} to {date_words(ends_on)}"


def length_words(minutes: int | None) -> str:
    """`2 hours 30 minutes`; empty where it is not known."""
    hours, rest = divmod(minutes or 0, 60)
    return " ".join(part for part in (hours and counted(hours, "hour"), rest and counted(rest, "minute")) if part)


def origin_words(kind: ClaimKind, title: str, provider: str, minutes: int | None) -> str:
    """`E-learning "Safe hands", Skills Academy, 3 hours`: what a fact says of where it comes from."""
    name = f"“{title}”" if kind in (ClaimKind.BY_HAND, ClaimKind.OTHER) else f"{KINDS[kind]} “{title}”"
    return ", ".join(part for part in (name, provider, length_words(minutes)) if part)
