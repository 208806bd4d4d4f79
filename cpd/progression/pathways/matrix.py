"""People by criterion: who is ready for what is next, who will be when, and what each of the others lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from cpd.people.service import PersonFacts
from cpd.progression.pathways.rules import Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import Terms, Way
from cpd.progression.pathways.under_way import Courses, Now, course_of
from cpd.progression.pathways.words import WHY_NOT, Label, course_label, flag_words, short_label, verdict_label
from cpd.requirements.evaluator import State
from cpd.schemes.pathway_shape import TransitionMode
from cpd.shared.wording import counted

PER_PAGE = 100
MOST_NAMED = 200
"""So many of those with no next step are named for each reason; the others are counted."""


Status = Verdict | Now
STATUSES: dict[Status, str] = {
    Verdict.READY: "ready, not asked for",
    Now.NOT_YET: "not yet, with support",
    Now.REFUSED: "not agreed",
    Now.ASKED: "asked for or with a panel",
    Now.AGREED: "agreed",
    Verdict.NO_CRITERIA: "without published criteria",
    Verdict.EXPECTED: "expected",
    Verdict.TO_DO: "with something still to do",
}
"""How somebody stands to the next step in all, whom to look at first; the words follow a number."""


class MatrixRow(NamedTuple):
    """One person of a matrix: how she stands in all, and to each criterion in its order."""

    person: PersonFacts
    team: str
    label: Label
    status: Status
    expected_on: date | None
    cells: Sequence[Label]
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """People by criterion: one transition by one version of the rules, and who is on her way by it."""

    key: str
    pathway: str
    title: str
    version: int
    columns: Sequence[str]
    flags: Sequence[str]
    words: str
    rows: Sequence[MatrixRow]


class Page(NamedTuple):
    """One page of people: those on it, still by what is next for them, and which page of how many it is."""

    matrices: Sequence[Matrix]
    page: int
    pages: int


class Chosen(NamedTuple):
    """What somebody wants to see of the matrix; empty: everything."""

    status: str = ""
    way: str = ""
    lacks: str = ""


def matrices(
    people: Iterable[tuple[PersonFacts, str]],
    found: Mapping[int, Readiness],
    courses: Mapping[int, Courses],
    chosen: Chosen,
) -> tuple[list[Matrix], list[tuple[PersonFacts, str]]]:
    """Group people by what is next for them, in the order of pathways, the nearest to it first.

    Those who do not progress are named apart, each with why.
    """
    grouped: dict[tuple[str, str, int], tuple[Way, Terms, list[MatrixRow]]] = {}
    aside = []
    for person, team in people:
        hers = found[person.id]
        if hers.why_not or hers.pathway is None or hers.terms is None:
            aside.append((person, WHY_NOT[hers.why_not][0] if hers.why_not else ""))
            continue
        if not hers.transitions:
            aside.append((person, f"{hers.terms.level_title(hers.career_level)}: nothing further is published"))
        for each in hers.transitions:
            row = _row(person, team, each, courses[person.id])
            if _is_wanted(row, each, chosen):
                key = (hers.pathway.code, each.transition.code, hers.terms.scheme_version_id)
                grouped.setdefault(key, (each.way, hers.terms, []))[2].append(row)
    return [_matrix(key, *parts) for key, parts in sorted(grouped.items(), key=_order)], aside


def paged(found: Sequence[Matrix], page: int, per_page: int = PER_PAGE) -> Page:
    """Take one page of the people in some matrices; what each says in words stays that of all its people."""
    number = sum(len(each.rows) for each in found)
    pages = max(1, -(-number // per_page))
    page = min(max(page, 1), pages)
    first, shown = (page - 1) * per_page, []
    for each in found:
        rows = each.rows[max(first, 0) : max(first + per_page, 0)]
        first -= len(each.rows)
        if rows:
            shown.append(replace(each, rows=rows))
    return Page(shown, page, pages)


def ways_offered(found: Collection[Readiness]) -> list[tuple[str, str]]:
    """List the transitions that some of these people are at, for a filter: code and words."""
    ways = {each.transition.code: each.transition.title for hers in found for each in hers.transitions}
    return sorted(ways.items(), key=lambda each: each[1])


def criteria_offered(found: Collection[Readiness]) -> list[tuple[str, str]]:
    """List the criteria that some of these people lack, for a filter: code and title."""
    lacking = {
        line.criterion.code: line.criterion.title
        for hers in found
        for each in hers.transitions
        for line in each.lines
        if line.standing.state is State.OUTSTANDING
    }
    return sorted(lacking.items(), key=lambda each: each[1])


def _is_wanted(row: MatrixRow, each: TransitionStanding, chosen: Chosen) -> bool:
    """Say whether somebody who stands so is to be shown."""
    lacks = {line.criterion.code for line in each.lines if line.standing.state is State.OUTSTANDING}
    return (
        chosen.status in ("", row.status)
        and chosen.way in ("", each.transition.code)
        and (not chosen.lacks or chosen.lacks in lacks)
    )


def _row(person: PersonFacts, team: str, each: TransitionStanding, courses: Courses) -> MatrixRow:
    """Show somebody's standing; what became of a step that was asked for says more than the criteria."""
    course = course_of(each, courses)
    asks = each.transition.transition_mode is not TransitionMode.AUTOMATIC
    if course:
        label = course_label(course)
    elif each.verdict is Verdict.READY and asks:
        label = ("Ready, has not asked", "done")
    else:
        label = verdict_label(each)
    flags = [flag_words(line) for line in each.flags]
    cells = [short_label(line, courses) for line in each.lines]
    return MatrixRow(person, team, label, course.now if course else each.verdict, each.expected_on, cells, flags)


def _matrix(key: tuple[str, str, int], way: Way, terms: Terms, rows: Sequence[MatrixRow]) -> Matrix:
    from_level, to_level = (terms.level_title(each) for each in (way.transition.from_level, way.transition.to_level))
    return Matrix(
        "-".join(str(part) for part in key),
        terms.pathways[key[0]].title,
        f"{from_level} to {to_level}",
        terms.version,
        [each.title for each in way.criteria],
        [f"{each.title} (for reviews)" for each in way.flags],
        _counted([row.status for row in rows]),
        sorted(rows, key=_nearness),
    )


def _nearness(row: MatrixRow) -> tuple[int, date]:
    """Put who is ready first, then who will be soonest; those alike stay in the order of their names."""
    return list(STATUSES).index(row.status), row.expected_on or date.max


def _counted(statuses: Sequence[Status]) -> str:
    """`2 ready, not asked for; 1 expected; 3 with something still to do`."""
    return "; ".join(f"{statuses.count(each)} {words}" for each, words in STATUSES.items() if each in statuses)


def _order(item: tuple[tuple[str, str, int], tuple[Way, Terms, list[MatrixRow]]]) -> tuple[int, int, int]:
    """Order transitions as the pack has them, newer rules first."""
    (pathway, transition, version), (_, terms, _) = item
    codes = [each.code for each in terms.pathways[pathway].transitions]
    return list(terms.pathways).index(pathway), codes.index(transition), -version


def aside_words(
    aside: Sequence[tuple[PersonFacts, str]],
) -> list[tuple[str, Sequence[PersonFacts], str, int]]:
    """Group those who do not progress by why: the reason, whom to name, how many there are, and how many more."""
    grouped: dict[str, list[PersonFacts]] = {}
    for person, why in aside:
        grouped.setdefault(why, []).append(person)
    return [
        (why, people[:MOST_NAMED], counted(len(people), "person", "people"), max(0, len(people) - MOST_NAMED))
        for why, people in grouped.items()
    ]
