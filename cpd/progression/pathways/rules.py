"""Who is ready for what: the evaluator's answers summed up for one person's next steps. Plain Python.

Whether a criterion is met decides the evaluator alone; nothing here changes its answer. Somebody is *ready* when every
criterion is met, *expected* to be on a day when all that is missing is booked, pending or a matter of time, and else
something is still to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cpd.people.rules import PostFacts
from cpd.progression.pathways.terms import Terms, Way
from cpd.requirements.evaluator import RecordIndex, Standing, State, standing_of
from cpd.requirements.language import Requirement, TimeInCareerLevel, YearsQualified
from cpd.requirements.months import Spell, merged, months_served
from cpd.requirements.record import FactKind
from cpd.schemes.pathway_shape import CareerPathway, Criterion, Transition


class Verdict(StrEnum):
    """How somebody stands to the next career level, the best first."""

    READY = "ready"
    NO_CRITERIA = "no_criteria"
    """The report prints none: whoever approves decides alone (AMB-43)."""
    EXPECTED = "expected"
    TO_DO = "to_do"


class NotOnAWay(StrEnum):
    """Why somebody does not progress (B8): she attends and has a record like everybody."""

    NO_POST = "no_post"
    NO_SCHEME = "no_scheme"
    STAFF_TYPE = "staff_type"
    NO_LEVEL = "no_level"
    NO_PATHWAY = "no_pathway"


class Fault(StrEnum):
    """Why nobody was moved to other rules; the words for people stand in `words`."""

    NO_REASON = "no_reason"
    SAME_RULES = "same_rules"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """On which pathway somebody is, by which version of the scheme, and since when."""

    id: int
    organisation_id: int
    person_id: int
    pathway_code: str
    scheme_version_id: int
    enrolled_on: date


@dataclass(frozen=True, slots=True)
class LineStanding:
    """One criterion and the evaluator's answer to it.

    `expected_on` is when it will be met as things are: by what is booked or pending, or by time alone. `is_known` is
    False where it asks only about a time before she came of which nobody here knows anything (W-6, G-21): that is
    never "still to do".
    """

    criterion: Criterion
    standing: Standing
    expected_on: date | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class TransitionStanding:
    """How somebody stands to one transition: line by line, rolled up, and the flags apart (AMB-36)."""

    way: Way
    standing: Standing
    lines: tuple[LineStanding, ...]
    flags: tuple[LineStanding, ...]
    verdict: Verdict
    expected_on: date | None

    @property
    def transition(self) -> Transition:
        """What the pack says of it."""
        return self.way.transition

    @property
    def ready_since(self) -> date | None:
        """Since when every criterion is met, or None."""
        return self.standing.met_on if self.verdict is Verdict.READY else None

    def count(self, state: State) -> int:
        """Count the lines that stand so."""
        return sum(line.standing.state is state for line in self.lines)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where somebody stands on her pathway on a day.

    `why_not` says why she is on none; then there are no transitions. `level_since` is the first day of her present
    spell in her career level; where `is_first_known` is true, what lies before it is not known here. `passed` are the
    levels that she held here before.
    """

    person_id: int
    post: PostFacts | None
    why_not: NotOnAWay | None
    terms: Terms | None
    pathway: CareerPathway | None
    enrolment: Enrolment | None
    on: date
    level_since: date | None = None
    months_in_level: int = 0
    is_first_known: bool = False
    passed: tuple[str, ...] = ()
    transitions: tuple[TransitionStanding, ...] = ()

    @property
    def career_level(self) -> str:
        """Her career level, or nothing."""
        return self.post.career_level if self.post else ""

    @property
    def best(self) -> TransitionStanding | None:
        """The transition that she is nearest to, or None."""
        order = list(Verdict)
        return min(
            self.transitions,
            key=lambda each: (order.index(each.verdict), each.expected_on or date.max, each.count(State.OUTSTANDING)),
            default=None,
        )

    def to(self, transition_code: str) -> TransitionStanding | None:
        """Return how she stands to one transition, or None where it does not lead on from her level."""
        return next((each for each in self.transitions if each.transition.code == transition_code), None)


def why_not_on_a_way(post: PostFacts | None, terms: Terms | None) -> NotOnAWay | None:
    """Say why somebody with this post is on no pathway, or None where there is one for her."""
    if post is None:
        return NotOnAWay.NO_POST
    if terms is None or not terms.pathways:
        return NotOnAWay.NO_SCHEME
    if not any(post.staff_type in each.staff_types for each in terms.pathways.values()):
        return NotOnAWay.STAFF_TYPE
    if not post.career_level:
        return NotOnAWay.NO_LEVEL
    if terms.pathway_for(post.staff_type, post.career_level) is None:
        has_level = any(terms.has_level(code, post.career_level) for code in terms.pathways)
        return NotOnAWay.STAFF_TYPE if has_level else NotOnAWay.NO_PATHWAY
    return None


def still_fits(enrolment: Enrolment, by_its_rules: Terms | None, post: PostFacts) -> bool:
    """Say whether somebody's post is still on the pathway that she is enrolled on, by that enrolment's own rules."""
    return by_its_rules is not None and by_its_rules.has_level(enrolment.pathway_code, post.career_level)


def readiness(
    person_id: int,
    post: PostFacts | None,
    enrolment: Enrolment | None,
    terms: Terms | None,
    index: RecordIndex,
    on: date,
) -> Readiness:
    """Say where somebody stands by one version of the rules: the enrolment's own, or those she would be moved to.

    Without an enrolment it is the pathway that her post is on.
    """
    why_not = why_not_on_a_way(post, terms)
    if why_not or post is None or terms is None:
        return Readiness(person_id, post, why_not, terms, None, enrolment, on)
    hers = enrolment.pathway_code if enrolment and still_fits(enrolment, terms, post) else ""
    pathway = terms.pathways.get(hers) or terms.pathway_for(post.staff_type, post.career_level)
    if pathway is None:
        return Readiness(person_id, post, NotOnAWay.NO_PATHWAY, terms, None, enrolment, on)
    ways = terms.ways.get((pathway.code, post.career_level), ())
    standings = tuple(standing_to(way, post.career_level, index, on) for way in ways)
    history = _history(post.career_level, index, on)
    return Readiness(person_id, post, None, terms, pathway, enrolment, on, *history, standings)


def standing_to(way: Way, career_level: str, index: RecordIndex, on: date) -> TransitionStanding:
    """Ask the evaluator how somebody of a career level stands to a transition, and sum its answer up."""
    standing = standing_of(way.requirement, index, on)
    lines = tuple(
        _line(criterion, line, career_level, index)
        for criterion, line in zip(way.criteria, standing.lines, strict=True)
    )
    flags = tuple(
        _line(criterion, standing_of(asked, index, on), career_level, index)
        for criterion, asked in zip(way.flags, way.flags_asked, strict=True)
    )
    verdict, expected_on = _rolled_up(way, standing, lines, index)
    return TransitionStanding(way, standing, lines, flags, verdict, expected_on)


def _rolled_up(
    way: Way, standing: Standing, lines: Sequence[LineStanding], index: RecordIndex
) -> tuple[Verdict, date | None]:
    """Say whether everything is met, or on which day it will be as things are.

    That day is put to the evaluator too: what is met today may have lapsed by then.
    """
    if not way.is_published:
        return Verdict.NO_CRITERIA, None
    if standing.state is State.MET:
        return Verdict.READY, None
    if any(line.standing.state is not State.MET and line.expected_on is None for line in lines):
        return Verdict.TO_DO, None
    day = max(line.expected_on for line in lines if line.expected_on)
    if standing.state is State.OUTSTANDING and standing_of(way.requirement, index, day).state is State.OUTSTANDING:
        return Verdict.TO_DO, None
    return Verdict.EXPECTED, day


def _line(criterion: Criterion, standing: Standing, career_level: str, index: RecordIndex) -> LineStanding:
    """Add to the evaluator's answer when it will be met, and whether anybody here can know."""
    if standing.state is State.MET:
        return LineStanding(criterion, standing, None, is_known=True)
    is_known = not all(_is_before_she_came(leaf, career_level) for leaf in standing.outstanding_leaves() or (standing,))
    return LineStanding(criterion, standing, _expected_on(standing, index), is_known)


def _expected_on(standing: Standing, index: RecordIndex) -> date | None:
    """Return the day on which a line will be met by what is ahead or by time alone, None where more is needed."""
    if standing.state is not State.OUTSTANDING:
        return standing.expected_on
    if not standing.lines:
        return standing.shortfall.reached_on if standing.shortfall else None
    for day in sorted(_days_reached(standing)):
        then = standing_of(standing.requirement, index, day)
        if then.state is not State.OUTSTANDING:
            return max(day, then.expected_on or day)
    return None


def _days_reached(standing: Standing) -> set[date]:
    """Return the days on which time alone will meet lines of a branch."""
    shortfalls = (leaf.shortfall for leaf in standing.outstanding_leaves())
    return {each.reached_on for each in shortfalls if each and each.reached_on}


def _is_before_she_came(leaf: Standing, career_level: str) -> bool:
    """Say whether a line asks only about a time of which nobody here knows anything."""
    asked: Requirement = leaf.requirement
    if leaf.by or leaf.state is not State.OUTSTANDING:
        return False
    if isinstance(asked, TimeInCareerLevel):
        return asked.career_level != career_level
    return isinstance(asked, YearsQualified)


def _history(career_level: str, index: RecordIndex, on: date) -> tuple[date | None, int, bool, tuple[str, ...]]:
    """Return since when she is in her level, for how many months, whether it is the first known, and levels before."""
    facts = [fact for fact in index.of_kind(FactKind.CAREER_LEVEL) if not fact.still_ahead and fact.happened_on <= on]
    passed = tuple(dict.fromkeys(fact.subject for fact in facts if fact.subject != career_level))
    spells = merged(Spell(fact.happened_on, fact.ends_on or date.max) for fact in facts if fact.subject == career_level)
    spell = next((each for each in spells if each.start <= on < each.end), None)
    if spell is None:
        return None, 0, False, passed
    return spell.start, months_served([spell], on), facts[0].happened_on >= spell.start, passed


class Change(StrEnum):
    """What other rules would mean for somebody."""

    SAME = "same"
    GAINS = "gains"
    LOSES = "loses"
    BOTH = "both"
    NOWHERE = "nowhere"
    """They have no pathway for her post."""


WORST_FIRST = (Change.LOSES, Change.NOWHERE, Change.BOTH, Change.GAINS, Change.SAME)


class LineChange(StrEnum):
    """What other rules would change in one line."""

    NEW_TO_DO = "new_to_do"
    NEW_MET = "new_met"
    DROPPED_TO_DO = "dropped_to_do"
    DROPPED_MET = "dropped_met"
    BETTER = "better"
    WORSE = "worse"


GOOD = (LineChange.DROPPED_TO_DO, LineChange.BETTER)
BAD = (LineChange.NEW_TO_DO, LineChange.WORSE)
_RANK = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Compared:
    """What other rules would mean for somebody: who she is by either, and by which lines she gains or loses."""

    now: Readiness
    then: Readiness
    change: Change
    lines: tuple[tuple[LineChange, Criterion], ...]


def compared(now: Readiness, then: Readiness) -> Compared:
    """Say who would gain and who would lose by other rules, and by which line."""
    if then.why_not:
        return Compared(now, then, Change.NOWHERE, ())
    lines = tuple(_changes(now, then))
    gains, loses = (any(change in kinds for change, _ in lines) for kinds in (GOOD, BAD))
    order = list(Verdict)
    ranks = [order.index(each.best.verdict) if each.best else len(order) for each in (now, then)]
    if ranks[1] > ranks[0]:
        loses = True
    elif ranks[1] < ranks[0]:
        gains = True
    change = Change.BOTH if gains and loses else Change.GAINS if gains else Change.LOSES if loses else Change.SAME
    return Compared(now, then, change, lines)


def _changes(now: Readiness, then: Readiness) -> Iterator[tuple[LineChange, Criterion]]:
    """Compare line by line; a line is the same where transition and criterion have the same codes."""
    before, after = _lines(now), _lines(then)
    for key, line in before.items():
        if key not in after:
            met = line.standing.state is State.MET
            yield LineChange.DROPPED_MET if met else LineChange.DROPPED_TO_DO, line.criterion
    for key, line in after.items():
        state = line.standing.state
        if key not in before:
            yield LineChange.NEW_MET if state is State.MET else LineChange.NEW_TO_DO, line.criterion
        elif state is not before[key].standing.state:
            better = _RANK[state] < _RANK[before[key].standing.state]
            yield LineChange.BETTER if better else LineChange.WORSE, line.criterion


def _lines(readiness_: Readiness) -> dict[tuple[str, str], LineStanding]:
    """Return every line that counts, by the codes of its transition and its criterion."""
    return {(each.transition.code, line.criterion.code): line for each in readiness_.transitions for line in each.lines}
