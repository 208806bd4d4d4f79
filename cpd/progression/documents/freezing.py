"""How somebody stands, frozen: line by line in words, with the facts and rules from which it is worked out anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cpd.catalogue.facts import Scheme
from cpd.progression.documents.rules import Frozen, frozen_standing, way_of
from cpd.progression.pathways.reading import Look
from cpd.progression.pathways.rules import LineStanding, Verdict, standing_to
from cpd.progression.pathways.terms import Terms, cited, terms_of
from cpd.progression.pathways.words import facts_words, flag_words, leaf_words, line_label, next_words, plain
from cpd.requirements.evaluator import RecordIndex, Standing, State
from cpd.schemes.pathway_shape import Transition
from cpd.shared.wording import MONTHS, date_words

VERDICTS = {
    Verdict.READY: "Every criterion was met",
    Verdict.NO_CRITERIA: "The council has published no criteria for this step",
    Verdict.EXPECTED: "Not every criterion was met yet; what was missing was booked, pending or a matter of time",
    Verdict.TO_DO: "Something was still to do",
}
STATES = {State.MET: "done", State.IN_HAND: "booked or expected", State.OUTSTANDING: "still to do"}


def rules_content(scheme: Scheme, content_hash: str, transition: Transition | None) -> Frozen:
    """Write down by which rules it was decided: which version of which published scheme, and what that hashes to."""
    source, terms = scheme.pack.source, terms_of(scheme)
    cites = [*transition.cites, *(cite for each in transition.criteria for cite in each.cites)] if transition else []
    return {
        "scheme_version_id": scheme.id,
        "version": scheme.pack.version,
        "title": source.title,
        "body": source.body,
        "published": source.published,
        "sha256": content_hash,
        "cites": list(dict.fromkeys(cites)),
        "assumptions": cited(cites, terms),
    }


def transition_content(transition: Transition, terms: Terms) -> Frozen:
    """Write down which step up it is, in the words that the council uses."""
    return {
        "code": transition.code,
        "title": transition.title,
        "from": terms.level_title(transition.from_level),
        "to": terms.level_title(transition.to_level),
        "mode": str(transition.transition_mode),
        "appeal_within_days": transition.appeal_within_days,
    }


def standing_content(person_id: int, transition: Transition, terms: Terms, on: date) -> Frozen:
    """Work out how somebody stands to a transition on a day, by these rules, and write it down."""
    look, way = Look([person_id], on), way_of(transition)
    record = look.record(person_id)
    found = standing_to(way, transition.from_level, RecordIndex(record), on)
    frozen = frozen_standing(found, transition.from_level, on, record.facts)
    frozen["verdict_words"] = VERDICTS[found.verdict]
    for kept, line in zip(frozen["lines"], found.lines, strict=True):
        kept.update(_words(line, terms))
    for kept, line in zip(frozen["flags"], found.flags, strict=True):
        kept.update(_words(line, terms), label=flag_words(line))
    return frozen


def _words(line: LineStanding, terms: Terms) -> Frozen:
    """Say of one criterion how it stands, by what, and what comes next."""
    criterion, standing = line.criterion, line.standing
    words = list(_below(standing, terms)) if standing.lines else facts_words(standing, terms)
    next_step = ""
    if standing.state is not State.MET:
        next_step = criterion.next_step or next_words(standing.requirement, terms)
    return {
        "title": criterion.title,
        "label": line_label(line)[0],
        "words": words,
        "next_step": next_step,
        "is_invented": criterion.is_invented,
    }


def _below(standing: Standing, terms: Terms) -> Iterator[str]:
    """Say how each line stands that a criterion joins."""
    for line in standing.lines:
        yield " ".join([f"{leaf_words(line.requirement, terms)}: {STATES[line.state]}.", *facts_words(line, terms)])


def published_words(published: str) -> str:
    """`16 April 2018`, or `September 2014` where the pack knows only the month."""
    year, month, *day = (int(part) for part in published.split("-"))
    return date_words(date(year, month, day[0])) if day else f"{MONTHS[month - 1]} {year}"


def role_words(role: str) -> str:
    """`Assistant director`."""
    return plain(role)
