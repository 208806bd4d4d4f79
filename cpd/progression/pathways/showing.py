"""Readiness put together for a page: the verdict first, then each line with what comes next, then who decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cpd.progression.pathways.route import CareerRoute, route_of
from cpd.progression.pathways.rules import Compared, LineStanding, Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import Terms, cited
from cpd.progression.pathways.under_way import Courses, Now, course_of, evidence_under_way
from cpd.progression.pathways.words import (
    CHANGES,
    STAFF_WORDS,
    WHY_NOT,
    Label,
    change_words,
    course_label,
    course_words,
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
from cpd.schemes.pathway_shape import TransitionMode
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
    """One step up as a page shows it; `done`, `ahead` and `total` count its lines for the bar.

    `course` says what became of it where it was asked for or judged, with `link` its own page; `next` is the one thing
    to do now. `can_ask` is whether to offer to ask.
    """

    code: str
    title: str
    verdict: Verdict
    label: Label
    course: Sequence[str]
    link: Link | None
    next: str
    can_ask: bool
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


def shown_progress(found: Readiness, *, is_own: bool, in_force: int, courses: Courses | None = None) -> ShownProgress:
    """Put somebody's progress together; only on her own page lead links to her own pages.

    `courses` is what became of what she asked for, on pages that say so.
    """
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
        [_transition(each, found, terms, courses or {}, is_own=is_own) for each in found.transitions] if terms else [],
        route_of(pathway, terms, found, is_own=is_own, courses=courses or {}) if pathway and terms else None,
        [route_of(each, terms, None, is_own=is_own) for each in others] if terms else [],
    )


def _transition(
    each: TransitionStanding, found: Readiness, terms: Terms, courses: Courses, *, is_own: bool
) -> ShownTransition:
    """Put one step up together."""
    transition = each.transition
    course = course_of(each, courses)
    may_ask = transition.transition_mode is not TransitionMode.AUTOMATIC and each.verdict in ASKED_FROM
    criteria = (*each.way.criteria, *each.way.flags)
    cites = (*transition.cites, *(cite for criterion in criteria for cite in criterion.cites))
    ahead = sum(line.standing.state is not State.MET and line.expected_on is not None for line in each.lines)
    ceiling = transition.ceiling_fte
    return ShownTransition(
        transition.code,
        terms.level_title(transition.to_level),
        each.verdict,
        course_label(course) if course else verdict_label(each),
        course_words(course, is_own=is_own) if course else (),
        Link(course.href, "See where it is, and what was decided") if course and is_own else None,
        "" if course and course.now in (Now.ASKED, Now.AGREED) else _next(each, courses, is_own=is_own),
        may_ask and not (course and course.now in (Now.ASKED, Now.AGREED)),
        figure_words(each),
        each.count(State.MET),
        ahead,
        len(each.lines),
        [_line(line, terms, courses, is_own=is_own) for line in each.lines],
        [(line.criterion.title, flag_words(line), _flag_links(line, terms, is_own=is_own)) for line in each.flags],
        steps_words(transition, terms),
        time_words(each, found.months_in_level),
        f"There is room for {ceiling.normalize():f} full-time equivalents in all." if ceiling is not None else "",
        transition.note or "",
        any(criterion.is_invented for criterion in criteria),
        cited(cites, terms),
    )


ASKED_FROM = (Verdict.READY, Verdict.NO_CRITERIA)
"""Asking leads somewhere from here on; before, it would be refused with what is still to do."""


def _next(each: TransitionStanding, courses: Courses, *, is_own: bool) -> str:
    """Say the one thing to do now: what was returned, else the first that is still to do, else to ask."""
    if not is_own:
        return ""
    is_automatic = each.transition.transition_mode is TransitionMode.AUTOMATIC
    undone = [line for line in each.lines if line.standing.state is State.OUTSTANDING and line.is_known]
    course = next((found for line in undone if (found := evidence_under_way(line, courses))), None)
    if course:
        return f"Next: read the comments on your {course.title.lower()}, change it and hand it in again."
    waits_for_time = [line for line in undone if line.expected_on is not None]
    undone = [line for line in undone if line.expected_on is None]
    need_not = "You need not ask: you are put forward once everything is done." if is_automatic else ""
    if undone:
        return f"Next: {undone[0].criterion.title}. {need_not}".strip()
    if is_automatic and each.verdict is not Verdict.NO_CRITERIA:
        return need_not
    if waits_for_time or each.verdict is Verdict.EXPECTED:
        return "There is nothing to do now. You can ask once everything below is done."
    return "Everything is done. You can ask to progress." if each.verdict is Verdict.READY else ""


def _line(line: LineStanding, terms: Terms, courses: Courses, *, is_own: bool) -> ShownLine:
    """Show one criterion; what is still to do says how, and leads to where it can be done."""
    standing, criterion, asked = line.standing, line.criterion, line.standing.requirement
    course = evidence_under_way(line, courses)
    below = [_below(each, terms, is_own=is_own) for each in standing.lines]
    words = [] if below else facts_words(standing, terms)
    if course:
        below = []
        words = course_words(course, is_own=is_own)
        if course.now is Now.HANDED_IN and line.expected_on:
            words.append(f"If it is accepted within four weeks, this is done by {date_words(line.expected_on)}.")
    elif standing.state is State.OUTSTANDING and not line.is_known:
        words.append("It asks about a time before the first post here, of which nothing is known. Ask HR to enter it.")
    elif standing.state is State.OUTSTANDING and (step := criterion.next_step or next_words(asked, terms)):
        words.append(step if is_own else f"The person reads here: “{step}”")
    if below:
        words.append(f"{leaf_words(standing.requirement, terms)}:")
    links = [] if below else _links(standing, terms, is_own=is_own)
    if course:
        links = [Link(course.href, f"See your {course.title.lower()}")] if is_own else []
    label = line_label(line, courses)
    return ShownLine(criterion.title, str(standing.state), label, words, links, below, criterion.is_invented)


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
