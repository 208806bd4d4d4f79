"""How somebody stands to the next career level, in one sentence for lists."""

from __future__ import annotations

from cpd.progression.pathways.service import Readiness
from cpd.progression.pathways.words import standing_words


def career_words(found: Readiness) -> str:
    """`To Experienced social worker: 3 of 5 done`, or why somebody is on no way there."""
    words = standing_words(found)
    return f"{words[:1].upper()}{words[1:]}"
