"""The letter of an appeal: what was decided by whom and why, frozen when it was decided, with its fingerprint."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cpd.progression.appeals import reading
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.part import role_list
from cpd.progression.appeals.reading import AppealFacts
from cpd.progression.appeals.rules import AppealStatus
from cpd.progression.requests.letters import fingerprint
from cpd.progression.requests.reading import request_of
from cpd.shared.database import db
from cpd.shared.pdf import pdf_of
from cpd.shared.roles import Role
from cpd.shared.wording import date_words

PAPER = Path(__file__).with_name("letter.typ")

HEADINGS = {AppealStatus.UPHELD: "Your appeal is upheld", AppealStatus.DISMISSED: "Your appeal is dismissed"}
NEXT_STEPS = {
    AppealStatus.UPHELD: (
        "Your request is taken up again at the step where it was not agreed.",
        "People who had no part in that decision decide on it now.",
        "You need to do nothing. You can follow the request under My requests, and have a letter of what is decided.",
    ),
    AppealStatus.DISMISSED: (
        "The decision stands.",
        "Go through the reasons with your line manager, and agree what would help.",
        "You can ask again on My progress when you are ready; the same rules hold.",
    ),
}


def freeze_letter(row: ProgressionAppeal, roles: Collection[Role]) -> None:
    """Freeze the letter of an appeal that has just been decided, in the deciding act's own transaction.

    `roles` are those in which whoever decided could do so.
    """
    db.session.flush()
    found = reading.find_appeal(row.id)
    assert found is not None, "it is held"  # noqa: S101
    row.letter = facts_of(found, role_list(roles))
    row.letter_sha256 = fingerprint(row.letter)


def letter_pdf(facts: dict[str, Any], sha256: str) -> bytes:
    """Set a letter as a tagged PDF, of nothing but what was frozen."""
    return pdf_of(PAPER, {**facts, "sha256": sha256})


def letters_altered() -> list[int]:
    """List the appeals, by id, whose letter no longer has its fingerprint."""
    rows = db.session.execute(
        select(ProgressionAppeal.id, ProgressionAppeal.letter, ProgressionAppeal.letter_sha256)
        .where(ProgressionAppeal.letter.is_not(None))
        .order_by(ProgressionAppeal.id)
    )
    return [number for number, facts, sha256 in rows if fingerprint(facts) != sha256]


def facts_of(found: AppealFacts, role: str) -> dict[str, Any]:
    """Put into words what a letter says; every part is a text, or a list of such."""
    request = request_of(found.request_id)
    against = next(each for each in request.letters if each.number == found.letter_number)
    return {
        "reference": f"A{found.id}",
        "organisation": request.organisation,
        "name": found.person,
        "decided_on": date_words(found.decided_at) if found.decided_at else "",
        "heading": HEADINGS[found.status],
        "step": found.transition_title,
        "against": f"{request.id}-{found.letter_number} of {date_words(against.made_at)}",
        "appealed_on": date_words(found.appealed_at),
        "grounds": found.grounds,
        "decided_by": f"{found.decider}, {role}",
        "reasons": found.reasons,
        "next_steps": list(NEXT_STEPS[found.status]),
    }
