"""The answer for one line: by facts that are counted, or by time that has passed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from cpd.requirements import counting
from cpd.requirements.language import CountedLeaf, TimeInCareerLevel, YearsQualified
from cpd.requirements.months import MONTHS_IN_A_YEAR, Spell, day_reached, merged, months_served, spells_apart_from
from cpd.requirements.question import Question
from cpd.requirements.record import Fact, FactKind
from cpd.requirements.standing import Shortfall, Standing, State, Unit


def counted_standing(leaf: CountedLeaf, question: Question, given: Collection[Fact] | None = None) -> Standing:
    """Answer a line by the earliest facts that suffice: the done alone, else with what is ahead.

    `given` are the facts that the line may use, where others are kept for other lines; None: all.
    """
    done, ahead = counting.facts_for(leaf, question)
    if given is not None:
        done, ahead = [fact for fact in done if fact in given], [fact for fact in ahead if fact in given]
    by = counting.gathered(leaf, done)
    if counting.suffice(leaf, by):
        by = counting.without_surplus(leaf, by)
        return Standing(leaf, State.MET, by=by, met_on=by[-1].happened_on if by else None)
    in_all = counting.gathered(leaf, (*by, *ahead))
    shortfall = _shortfall(leaf, by, in_all)
    if not counting.suffice(leaf, in_all):
        return Standing(leaf, State.OUTSTANDING, by=in_all, shortfall=shortfall)
    last = in_all[-1]
    by = counting.without_surplus(leaf, in_all)
    return Standing(
        leaf, State.IN_HAND, by=by, expected_at=last.moment, expected_on=last.happened_on, shortfall=shortfall
    )


def time_standing(leaf: TimeInCareerLevel | YearsQualified, question: Question) -> Standing:
    """Answer a line by time alone, counted to the day asked.

    The day before three years are over is not three years, the day itself is (C-1). Time is never in
    hand: the shortfall says when it will have passed.
    """
    if isinstance(leaf, TimeInCareerLevel):
        by, spells, months = *_time_in_level(leaf, question), leaf.months
    else:
        by, spells, months = *_time_qualified(leaf, question), leaf.years * MONTHS_IN_A_YEAR
    reached_on = day_reached(spells, months)
    if reached_on is not None and reached_on <= question.on:
        return Standing(leaf, State.MET, by=by, met_on=reached_on)
    served = months_served(spells, question.on)
    return Standing(
        leaf, State.OUTSTANDING, by=by, shortfall=Shortfall(Unit.MONTHS, months, served, reached_on=reached_on)
    )


def _shortfall(leaf: CountedLeaf, done: Sequence[Fact], in_all: Sequence[Fact]) -> Shortfall | None:
    unit = counting.unit_of(leaf)
    if unit is None:
        return None
    needed, so_far = counting.needed(leaf), counting.worth(leaf, done)
    return Shortfall(unit, needed, so_far, min(counting.worth(leaf, in_all), needed) - so_far)


def _time_in_level(leaf: TimeInCareerLevel, question: Question) -> tuple[tuple[Fact, ...], list[Spell]]:
    """Return the spells in a career level and the facts behind those begun: `ends_on` ends a spell, not its worth."""
    facts = [fact for fact in question.facts.about(FactKind.CAREER_LEVEL, leaf.career_level) if not fact.still_ahead]
    return tuple(fact for fact in facts if fact.happened_on <= question.on), merged(map(_spell, facts))


def _time_qualified(leaf: YearsQualified, question: Question) -> tuple[tuple[Fact, ...], list[Spell]]:
    """Return the time since the first qualification or registration, less breaks where they are deducted (AMB-40).

    Somebody who was registered, lapsed and is registered again counts from the first time (AMB-14); who
    is not qualified or registered now has no such time.
    """
    kind = FactKind.REGISTERED if leaf.counted_from == "registered" else FactKind.QUALIFIED
    facts = [fact for fact in question.facts.of_kind(kind) if not fact.still_ahead and fact.happened_on <= question.on]
    in_force = [fact for fact in facts if question.holds(fact)]
    if not in_force:
        return (), []
    breaks = question.facts.of_kind(FactKind.CAREER_BREAK) if leaf.deduct_breaks else ()
    away = [_spell(fact) for fact in breaks if not fact.still_ahead]
    return tuple(dict.fromkeys((facts[0], in_force[0]))), spells_apart_from(away, facts[0].happened_on)


def _spell(fact: Fact) -> Spell:
    return Spell(fact.happened_on, fact.ends_on or date.max)
