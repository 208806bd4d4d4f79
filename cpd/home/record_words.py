"""Facts of a record in words: what happened, from where it is known, and what was put right."""

from __future__ import annotations

from collections.abc import Mapping

from cpd.progression.pathways.words import role_name
from cpd.record.entries import Entry
from cpd.record.importing import IMPORT
from cpd.requirements.record import FactKind
from cpd.shared.wording import date_words

WHAT = {
    FactKind.COMPLETED: "Completed",
    FactKind.RECOGNISED: "Recognised as done",
    FactKind.LEARNING: "Accepted as other learning",
    FactKind.CREDIT: "Credits awarded",
    FactKind.OUTCOME: "Decided",
    FactKind.EVIDENCE: "Evidence accepted",
    FactKind.CAREER_LEVEL: "Career level",
    FactKind.CAREER_BREAK: "Career break",
    FactKind.QUALIFIED: "Qualified",
    FactKind.REGISTERED: "Registered",
    FactKind.APPROVAL: "Approved",
    FactKind.PENDING: "Waiting for a decision",
}
"""What a fact says, by its kind."""

OF_HERSELF = frozenset({FactKind.QUALIFIED, FactKind.REGISTERED, FactKind.CAREER_BREAK})
"""Kinds that are about the person and nothing else."""


def what_words(entry: Entry) -> str:
    """`Completed`, `Recognised as done`, `Credits awarded: 20 at level 7`, `Deferred with support`."""
    if entry.kind is FactKind.OUTCOME and entry.value:
        return entry.value.replace("_", " ").capitalize()
    more = [f"{entry.amount.normalize():f}"] if entry.amount else []
    more += [f"at level {entry.academic_level}"] if entry.academic_level else []
    more += [entry.value.replace("_", " ")] if entry.value else []
    return f"{WHAT[entry.kind]}: {' '.join(more)}" if more else WHAT[entry.kind]


def title_of(entry: Entry, titles: Mapping[str, str]) -> str:
    """Name what a fact is about; the words for its kind where it is about nothing else."""
    if entry.kind is FactKind.APPROVAL:
        return f"Approval by the {role_name(entry.subject)}"
    return WHAT[entry.kind] if entry.kind in OF_HERSELF else titles.get(entry.subject, entry.subject)


def source_words(entry: Entry) -> str:
    """`Register of 15 January 2019.`, `Brought in from a file on …`, `Recognised by …, because: …`."""
    if entry.accepted_by and entry.kind is FactKind.EVIDENCE:
        _, as_what, role = entry.source.rpartition("Accepted as ")
        return _sentence(f"Accepted by {entry.accepted_by}{' as ' if as_what else ': '}{role}")
    if entry.accepted_by:
        verb = "Accepted" if entry.kind is FactKind.COMPLETED else WHAT[entry.kind].split()[0]
        why = ":" if entry.kind is FactKind.LEARNING else ", because:"
        return _sentence(f"{verb} by {entry.accepted_by}{why} {entry.source}")
    if entry.source_kind == IMPORT:
        file = f"Brought in from a file on {date_words(entry.recorded_at)}"
        return _sentence(f"{file}: {entry.source}" if entry.source else file)
    words = entry.source or entry.source_kind
    return _sentence(words[:1].upper() + words[1:])


def before_words(entry: Entry, titles: Mapping[str, str]) -> str:
    """`Module 2: completed on 14 January 2019. Register of …`: what stood there before somebody put it right."""
    said = f"{title_of(entry, titles)}: {what_words(entry).lower()} on {date_words(entry.happened_on)}"
    return f"{said}. {source_words(entry)}"


def ended_words(entry: Entry, verb: str) -> str:
    """`Corrected on 3 March 2019 by Olive Officer, because: the wrong Alice.`."""
    by = f" by {entry.superseded_by}" if entry.superseded_by else ""
    on = f" on {date_words(entry.superseded_at)}" if entry.superseded_at else ""
    return _sentence(f"{verb}{on}{by}, because: {entry.supersede_reason}")


def _sentence(words: str) -> str:
    """End what somebody wrote with one full stop."""
    return f"{words.rstrip('. ')}."
