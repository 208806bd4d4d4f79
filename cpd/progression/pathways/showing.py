"""Readiness put together for a page: the verdict first, then each line with what comes next, then who decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cpd.progression.pathways.route import CareerRoute, route_of
from cpd.progression.pathways.rules import Compared, LineStanding, Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import Terms, cited
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
    steps_words,
    time_words,
    verdict_label,
)
from cpd.requirements.evaluator import Standing, State
from cpd.requirements.language import Attended, Completed, Credits, Evidence, Outcome, Requirement
from cpd.shared.wording import date_words

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
        words.append(step if is_own else f"The person reads here: “{step}”")
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
        case Evidence() if asked.kind in terms.evidence and is_own:
            return [Link(f"/my/evidence/{asked.kind}", f"Hand in: {terms.title(asked.kind)}")]
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
