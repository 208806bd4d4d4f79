"""How somebody stands to the next career level, in one sentence for lists."""

from __future__ import annotations

from cpd.progression.pathways.service import Readiness
from cpd.progression.pathways.under_way import Courses
from cpd.progression.pathways.words import standing_words


def career_words(found: Readiness, courses: Courses) -> str:
    """`To Experienced social worker: 3 of 5 done`, what became of it where it was asked for, or why there is no way."""
    words = standing_words(found, courses)
    return f"{words[:1].upper()}{words[1:]}"
