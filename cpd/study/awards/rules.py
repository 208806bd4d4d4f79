"""What an award asks of somebody, where she stands, and the shortest ways left (W-5, AMB-01). Plain Python.

Whether it is met decides the evaluator alone: what a pack says is put into its language here, and its answers are
summed up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from cpd.requirements.evaluator import RecordIndex, Standing, State, standing_of
from cpd.requirements.language import AnyOf, Branch, Credits, Distinct, Requirement, lines_needed
from cpd.requirements.record import Fact, FactKind, Record
from cpd.requirements.structure import leaves_of
from cpd.schemes.award_shape import Award
from cpd.schemes.requirement_shape import RequirementShape, requirement_from
from cpd.study.awards.prior_learning import is_credit, source_of, with_prior

USUAL = ""
"""The code of an award's usual composition; others have their own (AMB-42)."""

AWARDED = "awarded"
"""The outcome on the record of whoever holds an award; what it is of is the award's code."""


class Status(StrEnum):
    """How somebody's enrolment on an award stands."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Fault(StrEnum):
    """Why nothing was done about an award; the words for people stand in `words`."""

    NO_SUCH_AWARD = "no_such_award"
    NO_SUCH_COMPOSITION = "no_such_composition"
    ENROLLED_ALREADY = "enrolled_already"
    AHEAD = "ahead"
    BEFORE_ENROLMENT = "before_enrolment"
    NO_REASON = "no_reason"
    NOT_ENROLLED = "not_enrolled"
    DECIDED_BY_CREDITS = "decided_by_credits"
    SAME_RULES = "same_rules"
    OWN = "own"


class LeftOut(StrEnum):
    """Why credits that were awarded do not count towards an award."""

    ACADEMIC_LEVEL = "academic_level"
    NOT_A_PART = "not_a_part"
    OVER_CAP = "over_cap"
    NOT_NEEDED = "not_needed"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Composition:
    """One way in which an award is made up; `above` is whom it is for, empty for the usual one."""

    code: str
    title: str
    lines: tuple[Requirement, ...]
    above: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Credits that count towards an award: awarded, expected, and how many it takes."""

    done: Decimal
    in_hand: Decimal
    total: Decimal

    @property
    def missing(self) -> Decimal:
        """What is neither awarded nor expected."""
        return self.total - self.done - self.in_hand


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that brings credits: a module of a university, or a kind of prior learning."""

    code: str
    credits: Decimal
    academic_level: int
    once: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands on an award: line by line, in credits, and what of her credits does not count here."""

    standing: Standing
    counted: Counted
    left_out: tuple[tuple[Fact, LeftOut], ...]

    @property
    def lines(self) -> tuple[Standing, ...]:
        """The lines of the award."""
        return self.standing.lines


def compositions_of(award: Award) -> tuple[Composition, ...]:
    """List how an award may be made up, the usual way first."""
    usual = Composition(USUAL, award.title, _lines(award.lines), cites=award.cites)
    others = (Composition(each.code, each.title, _lines(each.lines), each.above, each.cites) for each in award.instead)
    return (usual, *others)


def composition_of(award: Award, code: str) -> Composition | None:
    """Return one composition of an award, or None."""
    return next((each for each in compositions_of(award) if each.code == code), None)


def composition_for(award: Award, record: Record, career_levels: Sequence[str]) -> str:
    """Choose the composition for somebody by her posts here; `career_levels` from the lowest on (AMB-42)."""
    fitting = (each.code for each in award.instead if came_in_above(each.above, record, career_levels))
    return next(fitting, USUAL)


def came_in_above(career_level: str, record: Record, career_levels: Sequence[str]) -> bool:
    """Say whether somebody's first post here was above a career level, and none since was in it (W-6, AMB-42)."""
    spells = sorted(
        (fact for fact in record.facts if fact.kind is FactKind.CAREER_LEVEL), key=lambda fact: fact.happened_on
    )
    held = [fact.subject for fact in spells]
    if not held or career_level in held or not {career_level, held[0]} <= {*career_levels}:
        return False
    return career_levels.index(held[0]) > career_levels.index(career_level)


def requirement_of(
    award: Award, composition: Composition, modules: Collection[str], record: Record | None = None
) -> Requirement:
    """Put an award into the evaluator's language: nothing serves two lines, and prior learning stays within its cap.

    `modules` are the codes of what is taught; any other source is prior learning, and so are modules that `record`
    says were earned by it. Where the cap does not let every line that could take prior learning have it, each choice
    of lines that it lets is a way of its own.
    """
    lines = with_prior(composition.lines, record)
    choices = [Distinct(each) for each in _within_cap(lines, award.prior_learning_at_most, modules)]
    return choices[0] if len(choices) == 1 else AnyOf(tuple(choices))


def place_of(
    award: Award,
    composition: Composition,
    record: Record,
    on: date,
    modules: Collection[str],
    too_old: Collection[Fact],
) -> Place:
    """Say where somebody stands on an award by her record, told apart; facts in `too_old` are left aside."""
    counting = Record(record.person_id, tuple(fact for fact in record.facts if fact not in too_old))
    standing = _best(standing_of(requirement_of(award, composition, modules, counting), counting, on))
    parts = _sources(Distinct(with_prior(composition.lines, counting)))
    why = ((fact, _why_left_out(fact, standing, too_old, parts)) for fact in _unused(record, standing, on))
    left_out = tuple((fact, reason) for fact, reason in why if reason)
    done, in_hand = credits_in(standing)
    return Place(standing, Counted(done, in_hand, award.credits or Decimal(0)), left_out)


def credits_in(standing: Standing) -> tuple[Decimal, Decimal]:
    """Add up what counts in a standing: credits awarded, and credits expected; no line counts for more than it asks."""
    asked = standing.requirement
    if isinstance(asked, Branch):
        best_first = sorted((credits_in(line) for line in standing.lines), reverse=True)
        counting = best_first[: lines_needed(asked)]
        return sum((done for done, _ in counting), Decimal(0)), sum((ahead for _, ahead in counting), Decimal(0))
    if not isinstance(asked, Credits):
        return Decimal(0), Decimal(0)
    if standing.shortfall is None:
        return asked.credits, Decimal(0)
    return Decimal(standing.shortfall.done), Decimal(standing.shortfall.in_hand)


def ways_left(requirement: Requirement, record: Record, on: date, offers: Iterable[Offer]) -> list[tuple[Offer, ...]]:
    """Find the smallest sets of offers that would complete what is neither done nor expected, all of one size.

    Exact: each set is put to the evaluator. Nothing that has brought credits, or is expected to, is offered again
    where it can be done only once. Empty where nothing is left to do, and where no offers would be enough.
    """
    if standing_of(requirement, record, on).state is not State.OUTSTANDING:
        return []
    sources = _sources(requirement)
    credits_ = [fact for fact in record.facts if is_credit(fact)]
    had = {source_of(fact.subject) for fact in credits_ if fact.still_ahead or fact.happened_on <= on}
    open_offers = [each for each in offers if each.code in sources and not (each.once and each.code in had)]
    if not _completes(open_offers, requirement, record, on):
        return []
    for size in range(1, len(open_offers) + 1):
        found = [each for each in combinations(open_offers, size) if _completes(each, requirement, record, on)]
        if found:
            return found
    return []


def in_common(ways: Sequence[tuple[Offer, ...]]) -> tuple[tuple[Offer, ...], list[tuple[Offer, ...]]]:
    """Split ways into what all of them need, and what each needs besides."""
    if not ways:
        return (), []
    common = tuple(each for each in ways[0] if all(each in way for way in ways))
    rest = [tuple(each for each in way if each not in common) for way in ways]
    return common, [way for way in rest if way]


def against_enrolling(
    award: Award | None, composition: Composition | None, enrolled_on: date, today: date, *, has_one: bool, is_own: bool
) -> list[Fault]:
    """List every reason not to enrol somebody on an award; nobody enrols herself."""
    faults = (
        (Fault.NO_SUCH_AWARD, award is None),
        (Fault.NO_SUCH_COMPOSITION, award is not None and composition is None),
        (Fault.ENROLLED_ALREADY, has_one),
        (Fault.AHEAD, enrolled_on > today),
        (Fault.OWN, is_own),
    )
    return [fault for fault, holds in faults if holds]


def _lines(lines: Iterable[RequirementShape]) -> tuple[Requirement, ...]:
    return tuple(requirement_from(line) for line in lines)


def _sources(requirement: Requirement) -> set[str]:
    """List all that credits are asked from."""
    return {source for leaf in leaves_of(requirement) if isinstance(leaf, Credits) for source in leaf.sources}


def _within_cap(
    lines: Sequence[Requirement], most: Decimal | None, modules: Collection[str]
) -> Iterator[tuple[Requirement, ...]]:
    """Give the lines with prior learning let in wherever its cap allows, once for each largest choice of such lines."""
    taught = [_taught_only(line, modules) for line in lines]
    either = [place for place, line in enumerate(lines) if taught[place] not in (None, line)]
    if most is None:
        yield tuple(lines)
        return
    left = most - sum((_asked(line) for line, only in zip(lines, taught, strict=True) if only is None), Decimal(0))
    chosen: list[set[int]] = []
    for size in range(len(either), -1, -1):
        for places in map(set, combinations(either, size)):
            fits = sum((_asked(lines[place]) for place in places), Decimal(0)) <= left
            if fits and not any(places < larger for larger in chosen):
                chosen.append(places)
    for places in chosen:
        yield tuple(
            line if place in places or taught[place] is None else taught[place] or line
            for place, line in enumerate(lines)
        )


def _taught_only(line: Requirement, modules: Collection[str]) -> Requirement | None:
    """Return a line as modules alone can fill it; None where only prior learning can."""
    if isinstance(line, Credits):
        sources = tuple(each for each in line.sources or sorted(modules) if each in modules)
        return replace(line, sources=sources) if sources else None
    if not isinstance(line, Branch):
        return line
    below = (_taught_only(each, modules) for each in line.lines)
    lines = tuple(each for each in below if each is not None)
    return replace(line, lines=lines) if len(lines) >= lines_needed(line) else None


def _asked(line: Requirement) -> Decimal:
    """Say how many credits a line takes at least."""
    if isinstance(line, Branch):
        below = sorted(_asked(each) for each in line.lines)
        return sum(below[: lines_needed(line)], Decimal(0))
    return line.credits if isinstance(line, Credits) else Decimal(0)


def _best(standing: Standing) -> Standing:
    """Return the way, of those that the cap of prior learning lets, on which somebody is furthest."""
    if not isinstance(standing.requirement, AnyOf):
        return standing
    rank = {state: place for place, state in enumerate(reversed(State))}
    return max(
        standing.lines,
        key=lambda line: (rank[line.state], -(line.met_on or date.max).toordinal(), credits_in(line)),
    )


def _unused(record: Record, standing: Standing, on: date) -> list[Fact]:
    """List credits that were awarded by a day and serve no line."""
    awarded = (fact for fact in record.facts if fact.kind is FactKind.CREDIT and fact.happened_on <= on)
    return [fact for fact in awarded if fact not in standing.by and not any(fact in line.by for line in standing.lines)]


def _why_left_out(fact: Fact, standing: Standing, too_old: Collection[Fact], parts: Collection[str]) -> LeftOut | None:
    """Say why credits do not count; None where they would, were it not that more are expected for the same line.

    `parts` are all sources that the award has, whether or not the cap of prior learning lets them in.
    """
    if fact in too_old:
        return LeftOut.TOO_OLD
    leaves = [(leaf.requirement, leaf) for leaf in standing.leaves()]
    fitting = [
        (asked.academic_level, leaf)
        for asked, leaf in leaves
        if isinstance(asked, Credits) and (not asked.sources or fact.subject in asked.sources)
    ]
    if not fitting:
        return LeftOut.OVER_CAP if fact.subject in parts else LeftOut.NOT_A_PART
    high_enough = [leaf for academic_level, leaf in fitting if (fact.academic_level or 0) >= academic_level]
    if not high_enough:
        return LeftOut.ACADEMIC_LEVEL
    return LeftOut.NOT_NEEDED if all(leaf.is_met for leaf in high_enough) else None


def _completes(offers: Iterable[Offer], requirement: Requirement, record: Record, on: date) -> bool:
    """Say whether a record with these offers taken would leave nothing outstanding."""
    taken = tuple(
        Fact(
            FactKind.CREDIT,
            each.code,
            on,
            amount=each.credits,
            academic_level=each.academic_level,
            reference=f"offer:{each.code}",
        )
        for each in offers
    )
    index = RecordIndex(Record(record.person_id, (*record.facts, *taken)))
    return standing_of(requirement, index, on).state is not State.OUTSTANDING
