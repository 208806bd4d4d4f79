"""How what somebody has set going stands: a step up that was asked for or decided on, evidence that was handed in.

The evaluator says what is done; this says what became of it. The parts of progression above this one each add the
function that knows (`add_source`), one query each for any number of people. Every page that says how somebody stands
asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cpd.catalogue import service as catalogue
from cpd.progression.pathways.rules import LineStanding, TransitionStanding
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.requirements.evaluator import State
from cpd.requirements.language import Evidence, Outcome
from cpd.requirements.structure import leaves_of


class Now(StrEnum):
    """What became of it."""

    ASKED = "asked"
    """Asked for, or before a panel, and not decided."""
    AGREED = "agreed"
    NOT_YET = "not_yet"
    """Deferred, with a support plan and a day on which it is looked at again."""
    REFUSED = "refused"
    RETURNED = "returned"
    """Evidence that was given back with comments."""
    HANDED_IN = "handed_in"


@dataclass(frozen=True, slots=True)
class Course:
    """How one thing stands since a day.

    `of` is the code of the transition, of the panel where nobody asked for anything, or of the kind of evidence; `href`
    its own page. `who` has it: a panel by its code, anybody else in words. `then` is the day of the meeting, on which
    it is looked at again, from which it is agreed, or on which evidence was opened. `title` names the career level
    that it leads to, or the kind of evidence.
    """

    of: str
    now: Now
    on: date
    href: str
    scheme_version_id: int
    title: str = ""
    who: str = ""
    then: date | None = None
    plan: str = ""


Courses = Mapping[str, Course]
"""By what each is of."""

Source = Callable[[Collection[int]], Iterable[tuple[int, Course]]]


def under_way(person_ids: Collection[int]) -> dict[int, Courses]:
    """Return how what these people have set going stands: a query for each source, and one for the words."""
    found = [each for source in _SOURCES for each in source(person_ids)] if person_ids else []
    versions = catalogue.schemes_by_id({course.scheme_version_id for _, course in found})
    terms = {number: terms_of(each) for number, each in versions.items()}
    courses: dict[int, dict[str, Course]] = {each: {} for each in person_ids}
    for person_id, course in found:  # of two of the same the later one holds
        by = terms[course.scheme_version_id]
        courses[person_id][course.of] = replace(course, title=by.title(course.title), who=_who(course.who, by))
    return {person_id: _still_holding(each) for person_id, each in courses.items()}


def _still_holding(courses: Courses) -> Courses:
    """Leave out what a panel put off or turned down before something newer was asked for or agreed."""
    newest = max((each.on for each in courses.values() if each.now in (Now.ASKED, Now.AGREED)), default=None)
    over = (Now.NOT_YET, Now.REFUSED)
    return {code: each for code, each in courses.items() if newest is None or each.now not in over or each.on > newest}


def _who(who: str, terms: Terms) -> str:
    """`the young people's panel`; who is no panel stands in words already."""
    title = terms.panels[who].title if who in terms.panels else ""
    return who if not title else f"the {title if title[:2].isupper() else title[:1].lower() + title[1:]}"


def course_of(step: TransitionStanding, courses: Courses) -> Course | None:
    """Return how a step up stands: by the request for it, or by the case of a panel through which it leads."""
    if step.transition.code in courses:
        return courses[step.transition.code]
    missing = (line.criterion.asked for line in step.lines if line.standing.state is not State.MET)
    leaves = (leaf for asked in missing for leaf in leaves_of(asked))
    panels = [leaf.panel for leaf in leaves if isinstance(leaf, Outcome)]
    panels += [each.panel for each in step.transition.steps if each.panel]
    return next((courses[each] for each in panels if each in courses), None)


def evidence_under_way(line: LineStanding, courses: Courses) -> Course | None:
    """Return how the evidence stands that a criterion still asks for."""
    if line.standing.state is State.MET:
        return None
    leaves = (leaf.kind for leaf in leaves_of(line.criterion.asked) if isinstance(leaf, Evidence))
    return next((courses[kind] for kind in leaves if kind in courses), None)


_SOURCES: list[Source] = []


def add_source(source: Source) -> Source:
    """Ask one more part of progression; for a decorator."""
    _SOURCES.append(source)
    return source
