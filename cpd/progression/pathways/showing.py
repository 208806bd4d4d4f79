"""Readiness put together for a page: the verdict first, then each line with what comes next, then who decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cpd.people.service import PersonFacts
from cpd.progression.pathways.route import CareerRoute, route_of
from cpd.progression.pathways.rules import Compared, LineStanding, Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import Terms, Way, cited
from cpd.progression.pathways.words import (
    CHANGES,
    STAFF_WORDS,
    WHY_NOT,
    Label,
    change_words,
    facts_words,
    figure_words,
    flag_words,
    leaf_words,
    line_label,
    next_words,
    short_label,
    steps_words,
    time_words,
    verdict_label,
)
from cpd.requirements.evaluator import Standing, State
from cpd.requirements.language import Attended, Completed, Credits, Outcome, Requirement
from cpd.shared.wording import counted, date_words

CLAIMS = "/my/credits/prior-learning"
"""Where prior learning is claimed."""


MOST_LINKS = 4


class Link(NamedTuple):
    """Where to go on, and in which words."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: its title, how it stands, on what, what comes next; and the lines below it where it joins several."""

    title: str
    state: str
    label: Label
    words: Sequence[str]
    links: Sequence[Link]
    lines: Sequence[ShownLine]
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class ShownTransition:
    """One step up as a page shows it; `done`, `ahead` and `total` count its lines for the bar."""

    code: str
    title: str
    verdict: Verdict
    label: Label
    figure: str
    done: int
    ahead: int
    total: int
    lines: Sequence[ShownLine]
    flags: Sequence[tuple[str, str, Sequence[Link]]]
    steps: Sequence[str]
    time: str
    ceiling: str
    note: str
    has_invented: bool
    assumptions: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownProgress:
    """Where somebody stands, as a page shows it; `why_not` says why there is no way for her, and what to do."""

    person_id: int
    why_not: tuple[str, str] | None
    pathway: str
    career_level: str
    since: str
    staff: str
    rules: str
    is_of_older_rules: bool
    transitions: Sequence[ShownTransition]
    route: CareerRoute | None
    others: Sequence[CareerRoute]


def shown_progress(found: Readiness, *, is_own: bool, in_force: int) -> ShownProgress:
    """Put somebody's progress together; only on her own page lead links to her own pages."""
    terms = found.terms
    pathway = found.pathway
    others = [each for each in terms.pathways.values() if each is not pathway] if terms else []
    return ShownProgress(
        found.person_id,
        WHY_NOT[found.why_not] if found.why_not else None,
        pathway.title if pathway else "",
        _level(found),
        _since(found),
        STAFF_WORDS.get(found.post.staff_type, found.post.staff_type) if found.post else "",
        f"Version {terms.version} of the scheme" if terms else "",
        bool(found.enrolment and terms and terms.scheme_version_id != in_force),
        [_transition(each, found, terms, is_own=is_own) for each in found.transitions] if terms else [],
        route_of(pathway, terms, found, is_own=is_own) if pathway and terms else None,
        [route_of(each, terms, None, is_own=is_own) for each in others] if terms else [],
    )


def _transition(each: TransitionStanding, found: Readiness, terms: Terms, *, is_own: bool) -> ShownTransition:
    """Put one step up together."""
    transition = each.transition
    criteria = (*each.way.criteria, *each.way.flags)
    cites = (*transition.cites, *(cite for criterion in criteria for cite in criterion.cites))
    ahead = sum(line.standing.state is not State.MET and line.expected_on is not None for line in each.lines)
    ceiling = transition.ceiling_fte
    return ShownTransition(
        transition.code,
        terms.level_title(transition.to_level),
        each.verdict,
        verdict_label(each),
        figure_words(each),
        each.count(State.MET),
        ahead,
        len(each.lines),
        [_line(line, terms, is_own=is_own) for line in each.lines],
        [(line.criterion.title, flag_words(line), _flag_links(line, terms, is_own=is_own)) for line in each.flags],
        steps_words(transition, terms),
        time_words(each, found.months_in_level),
        f"There is room for {ceiling.normalize():f} full-time equivalents in all." if ceiling is not None else "",
        transition.note or "",
        any(criterion.is_invented for criterion in criteria),
        cited(cites, terms),
    )


def _line(line: LineStanding, terms: Terms, *, is_own: bool) -> ShownLine:
    """Show one criterion; what is still to do says how, and leads to where it can be done."""
    standing, criterion, asked = line.standing, line.criterion, line.standing.requirement
    below = [_below(each, terms, is_own=is_own) for each in standing.lines]
    words = [f"{leaf_words(standing.requirement, terms)}:"] if below else facts_words(standing, terms)
    if standing.state is State.OUTSTANDING and not line.is_known:
        words.append("It asks about a time before the first post here, of which nothing is known. Ask HR to enter it.")
    elif standing.state is State.OUTSTANDING and (step := criterion.next_step or next_words(asked, terms)):
        words.append(step)
    links = [] if below else _links(standing, terms, is_own=is_own)
    return ShownLine(criterion.title, str(standing.state), line_label(line), words, links, below, criterion.is_invented)


def _below(standing: Standing, terms: Terms, *, is_own: bool) -> ShownLine:
    """Show a line that is part of a criterion."""
    below = [_below(each, terms, is_own=is_own) for each in standing.lines]
    labels = {
        State.MET: ("Done", "done"),
        State.IN_HAND: ("Booked or expected", "waiting"),
        State.OUTSTANDING: ("Still to do", "neutral"),
    }
    words = [] if below else facts_words(standing, terms)
    links = [] if below else _links(standing, terms, is_own=is_own)
    title = leaf_words(standing.requirement, terms)
    return ShownLine(title, str(standing.state), labels[standing.state], words, links, below)


def _flag_links(line: LineStanding, terms: Terms, *, is_own: bool) -> list[Link]:
    """Lead on from a flag, from the first few of its lines where it joins several."""
    if line.standing.state is State.MET:
        return []
    leaves = [each for each in line.standing.leaves() if each.state is not State.MET]
    return [link for leaf in leaves for link in _links(leaf, terms, is_own=is_own)][:MOST_LINKS]


def _links(standing: Standing, terms: Terms, *, is_own: bool) -> list[Link]:
    """Lead on from a line: to what is booked for it, and to where what it lacks can be done."""
    if standing.state is State.MET:
        return []
    booked = dict.fromkeys(fact.session_id for fact in standing.by if fact.still_ahead and fact.session_id is not None)
    links = [Link(f"/sessions/{session_id}", "See the booking") for session_id in booked] if is_own else []
    return links + (_ways_on(standing.requirement, terms, is_own) if standing.state is State.OUTSTANDING else [])


def _ways_on(asked: Requirement, terms: Terms, is_own: bool) -> list[Link]:
    """Say where what a line asks can be done."""
    match asked:
        case Completed() if asked.module in terms.modules:
            return [Link(f"/modules/{asked.module}", f"{'Book' if is_own else 'Dates of'} {terms.title(asked.module)}")]
        case Attended() if asked.programme in terms.programmes:
            return [Link(f"/catalogue/{asked.programme}", f"Dates of {terms.title(asked.programme)}")]
        case Outcome() if asked.panel in terms.awards and is_own:
            return [Link(f"/my/awards/{asked.panel}", f"See how far you are with {terms.title(asked.panel)}")]
        case Credits():
            open_ = [code for code in asked.sources if code in terms.modules]
            links = [Link(f"/modules/{code}", terms.title(code)) for code in open_]
            claimable = is_own and len(open_) < len(asked.sources)
            return [*links, Link(CLAIMS, "Claim prior learning")] if claimable else links
        case _:
            return []


def _level(found: Readiness) -> str:
    """`Experienced social worker`."""
    return found.terms.level_title(found.career_level) if found.terms and found.career_level else ""


def _since(found: Readiness) -> str:
    """`1 January 2018; what lies before is not known here`."""
    if found.level_since is None:
        return ""
    since = date_words(found.level_since)
    return f"{since}; what lies before is not known here" if found.is_first_known else since


class MatrixRow(NamedTuple):
    """One person of a matrix: how she stands in all, and to each criterion in its order."""

    person: PersonFacts
    team: str
    label: Label
    verdict: Verdict
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
    rows: Sequence[MatrixRow]

    @property
    def words(self) -> str:
        """`2 ready, 1 expected, 3 with something still to do`."""
        found = [row.verdict for row in self.rows]
        said = (
            (Verdict.READY, "ready"),
            (Verdict.NO_CRITERIA, "without published criteria"),
            (Verdict.EXPECTED, "expected"),
            (Verdict.TO_DO, "with something still to do"),
        )
        return ", ".join(f"{found.count(verdict)} {words}" for verdict, words in said if verdict in found)


class Chosen(NamedTuple):
    """What somebody wants to see of the matrix; empty: everything."""

    verdict: str = ""
    way: str = ""
    lacks: str = ""


def matrices(
    people: Iterable[tuple[PersonFacts, str]], found: dict[int, Readiness], chosen: Chosen
) -> tuple[list[Matrix], list[tuple[PersonFacts, str]]]:
    """Group people by what is next for them, in the order of pathways; and name those who do not progress, and why."""
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
            if _is_wanted(each, chosen):
                key = (hers.pathway.code, each.transition.code, hers.terms.scheme_version_id)
                grouped.setdefault(key, (each.way, hers.terms, []))[2].append(_row(person, team, each))
    return [_matrix(key, *parts) for key, parts in sorted(grouped.items(), key=_order)], aside


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


def _is_wanted(each: TransitionStanding, chosen: Chosen) -> bool:
    """Say whether somebody who stands so is to be shown."""
    lacks = {line.criterion.code for line in each.lines if line.standing.state is State.OUTSTANDING}
    return (
        chosen.verdict in ("", each.verdict)
        and chosen.way in ("", each.transition.code)
        and (not chosen.lacks or chosen.lacks in lacks)
    )


def _row(person: PersonFacts, team: str, each: TransitionStanding) -> MatrixRow:
    flags = [flag_words(line) for line in each.flags]
    return MatrixRow(person, team, verdict_label(each), each.verdict, [short_label(line) for line in each.lines], flags)


def _matrix(key: tuple[str, str, int], way: Way, terms: Terms, rows: Sequence[MatrixRow]) -> Matrix:
    from_level, to_level = (terms.level_title(each) for each in (way.transition.from_level, way.transition.to_level))
    return Matrix(
        "-".join(str(part) for part in key),
        terms.pathways[key[0]].title,
        f"{from_level} to {to_level}",
        terms.version,
        [each.title for each in way.criteria],
        [f"{each.title} (for reviews)" for each in way.flags],
        rows,
    )


def _order(item: tuple[tuple[str, str, int], tuple[Way, Terms, list[MatrixRow]]]) -> tuple[int, int, int]:
    """Order transitions as the pack has them, newer rules first."""
    (pathway, transition, version), (_, terms, _) = item
    codes = [each.code for each in terms.pathways[pathway].transitions]
    return list(terms.pathways).index(pathway), codes.index(transition), -version


class ShownChange(NamedTuple):
    """What moving somebody to the rules in force would mean."""

    person_id: int
    name: str
    label: Label
    now: Label
    then: Label
    lines: Sequence[str]
    may_move: bool


def shown_changes(rows: Iterable[Compared]) -> list[ShownChange]:
    """Put the preview of a move into words."""
    return [
        ShownChange(
            each.now.person_id,
            each.now.post.person_name if each.now.post else "",
            CHANGES[each.change],
            _headline(each.now),
            _headline(each.then),
            change_words([(change, criterion.title) for change, criterion in each.lines]),
            each.then.pathway is not None,
        )
        for each in rows
    ]


def _headline(found: Readiness) -> Label:
    """Say in a tag how somebody stands to what she is nearest to."""
    if found.best is None:
        return WHY_NOT[found.why_not][0] if found.why_not else "Nothing further", "neutral"
    return verdict_label(found.best)


def aside_words(aside: Sequence[tuple[PersonFacts, str]]) -> list[tuple[str, Sequence[PersonFacts], str]]:
    """Group those who do not progress by why: the reason, who, and how many."""
    grouped: dict[str, list[PersonFacts]] = {}
    for person, why in aside:
        grouped.setdefault(why, []).append(person)
    return [(why, people, counted(len(people), "person", "people")) for why, people in grouped.items()]
