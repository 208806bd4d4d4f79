"""What holds for every record and every requirement, tried on many made-up ones."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cpd.requirements.evaluator import State, is_monotone, standing_of
from cpd.requirements.language import (
    ANY_TIME,
    AllOf,
    AnyOf,
    ApprovedBy,
    AtLeast,
    Attended,
    Bounds,
    Branch,
    Completed,
    Credits,
    Distinct,
    Evidence,
    Leaf,
    Outcome,
    TimeInCareerLevel,
    YearsQualified,
)
from cpd.requirements.record import Fact, FactKind
from cpd.requirements.structure import leaves_of
from tests.requirements.making import STEADY, at, day, pending, record

TODAY = day("2019-06-01")
DAYS = st.integers(-900, 200).map(lambda number: TODAY + timedelta(days=number))
HOURS = st.sampled_from([None, "09:00", "12:30", "13:30"])
CODES = st.sampled_from("AB")
MOMENTS = st.sampled_from([None, at("2019-06-01 13:30"), at("2019-07-15 09:00")])
BOUNDS = st.sampled_from(
    [
        ANY_TIME,
        ANY_TIME,
        ANY_TIME,
        Bounds(within_months=18),
        Bounds(since=day("2018-01-01")),
        Bounds(since=day("2017-09-01"), before=day("2019-07-01")),
    ]
)
LEAVES = st.one_of(
    st.builds(Completed, CODES, BOUNDS),
    st.builds(Attended, st.just("programme"), st.integers(0, 2), BOUNDS),
    st.builds(
        Credits,
        st.sampled_from([Decimal(10), Decimal(20), Decimal(40)]),
        st.sampled_from([6, 7]),
        st.sampled_from([(), ("A",)]),
        st.sampled_from([None, None, Decimal(20)]),
    ),
    st.builds(Outcome, CODES, st.just("passed"), BOUNDS),
    st.builds(Evidence, CODES, st.integers(1, 2)),
    st.builds(TimeInCareerLevel, CODES, st.integers(1, 24)),
    st.builds(YearsQualified, st.integers(1, 2), st.sampled_from(["qualified", "registered"]), st.booleans()),
    st.builds(ApprovedBy, CODES),
)


def _branches(lines):
    several = st.lists(lines, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, several),
        st.builds(AnyOf, several),
        st.builds(AtLeast, st.integers(0, 3), several),
        st.builds(Distinct, several),
    )


REQUIREMENTS = st.shared(st.recursive(LEAVES, _branches, max_leaves=6), key="asked")
"""What is asked: the same in all parts of one example, so that facts can be made that matter to it."""


KINDS = st.sampled_from([*FactKind, FactKind.COMPLETED, FactKind.CREDIT, FactKind.EVIDENCE, FactKind.EVIDENCE])
ENDS = st.sampled_from([None, None, None, None, 0, 30, 400])


AMOUNTS = st.sampled_from([None, Decimal(10), Decimal(20), Decimal(40)])
ACADEMIC_LEVELS = st.sampled_from([None, 6, 7, 7, 7])
REFERENCES = st.sampled_from(["", "fact:1", "fact:2", "fact:3"])
ABOUT = st.integers(0, 11)
"""Which line of what is asked a fact is about; of the first four none in particular."""
DRAWN = st.tuples(
    ABOUT,
    KINDS,
    CODES,
    DAYS,
    HOURS,
    ENDS,
    KINDS,
    st.integers(0, 3),
    AMOUNTS,
    ACADEMIC_LEVELS,
    st.booleans(),
    REFERENCES,
)


def _fact(requirement, drawn):
    about, kind, subject, happened_on, hour, ends_after, awaited, good, amount, academic_level, ahead, reference = drawn
    lines = list(leaves_of(requirement))
    if about > 3 and lines:
        kind, awaited, subject = _asked_for(lines[about % len(lines)], subject, pending=good == 3)
    values = {FactKind.PENDING: awaited.value, FactKind.OUTCOME: "passed" if good else "failed"}
    return Fact(
        kind,
        subject,
        happened_on,
        happened_at=at(f"{happened_on} {hour}") if hour else None,
        ends_on=None if ends_after is None else happened_on + timedelta(days=ends_after),
        value=values.get(kind, ""),
        amount=amount,
        academic_level=academic_level,
        programme="programme",
        ahead=ahead,
        reference=reference,
    )


def _asked_for(leaf, subject, *, pending):
    """The kind of fact that a line asks for, what it will be once decided, and its subject."""
    match leaf:
        case Completed():
            asked = FactKind.RECOGNISED if pending else FactKind.COMPLETED, leaf.module
        case Attended():
            return FactKind.COMPLETED, FactKind.COMPLETED, subject
        case Credits():
            asked = FactKind.CREDIT, leaf.sources[0] if leaf.sources else subject
        case Outcome():
            asked = FactKind.OUTCOME, leaf.panel
        case Evidence():
            asked = FactKind.EVIDENCE, leaf.kind
        case TimeInCareerLevel():
            return FactKind.CAREER_LEVEL, FactKind.CAREER_LEVEL, leaf.career_level
        case YearsQualified():
            return FactKind(leaf.counted_from), FactKind.QUALIFIED, subject
        case ApprovedBy():
            asked = FactKind.APPROVAL, leaf.role
    return FactKind.PENDING if pending else asked[0], *asked


FACTS = st.builds(_fact, REQUIREMENTS, DRAWN)
RECORDS = st.builds(
    lambda requirement, all_drawn: [_fact(requirement, drawn) for drawn in all_drawn],
    REQUIREMENTS,
    st.lists(DRAWN, min_size=6, max_size=16),
)


def ask(requirement, some_facts, before=None):
    return standing_of(requirement, record(*some_facts), TODAY, before=before)


def every(standing):
    """The standing itself and every line below it."""
    yield standing
    for line in standing.lines:
        yield from every(line)


def as_its_lines_say(standing):
    """The verdict worked out again, from the single lines alone."""
    if not isinstance(standing.requirement, AllOf | AnyOf | AtLeast | Distinct):
        return standing.state
    states = [as_its_lines_say(line) for line in standing.lines]
    counts = {AnyOf: 1, AtLeast: getattr(standing.requirement, "count", 0)}
    needed = counts.get(type(standing.requirement), len(states))
    if states.count(State.MET) >= needed:
        return State.MET
    in_hand_or_met = states.count(State.MET) + states.count(State.IN_HAND)
    return State.IN_HAND if in_hand_or_met >= needed else State.OUTSTANDING


@STEADY
@given(
    REQUIREMENTS,
    RECORDS.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))),
    MOMENTS,
)
def test_the_order_of_facts_never_matters(requirement, orders, before):
    one, another = orders

    assert ask(requirement, one, before) == ask(requirement, another, before)


def test_two_pending_decisions_that_differ_only_in_being_marked_as_ahead_are_in_order():
    one = pending(FactKind.OUTCOME, "A", "2019-07-01")
    another = replace(one, ahead=True)

    assert ask(Outcome("A", "passed"), [one, another]) == ask(Outcome("A", "passed"), [another, one])


@STEADY
@given(REQUIREMENTS, RECORDS, MOMENTS)
def test_a_fact_given_twice_counts_once(requirement, some_facts, before):
    assert ask(requirement, some_facts, before) == ask(requirement, some_facts + some_facts, before)


@STEADY
@given(REQUIREMENTS, RECORDS, FACTS, MOMENTS)
def test_a_further_fact_never_undoes_what_cannot_be_undone(requirement, some_facts, further, before):
    assume(is_monotone(requirement))
    order = list(State)

    before_it, after_it = ask(requirement, some_facts, before), ask(requirement, [*some_facts, further], before)

    assert order.index(after_it.state) <= order.index(before_it.state)
    if not any(isinstance(part.requirement, Distinct) for part in every(before_it)):
        pairs = zip(every(before_it), every(after_it), strict=True)
        assert all(now.is_met for then, now in pairs if then.is_met)


@STEADY
@given(REQUIREMENTS, RECORDS, MOMENTS)
def test_verdict_and_explanation_agree(requirement, some_facts, before):
    for standing in every(ask(requirement, some_facts, before)):
        assert standing.state is as_its_lines_say(standing)
        assert bool(standing.outstanding_leaves()) == (standing.state is State.OUTSTANDING)
        assert all(leaf.state is State.OUTSTANDING for leaf in standing.outstanding_leaves())
        assert all(leaf.state is State.IN_HAND for leaf in standing.in_hand_leaves())
        if standing.state is State.IN_HAND:
            assert standing.in_hand_leaves()
            assert standing.rests_on()
            assert standing.expected_at == max(fact.moment for fact in standing.by if fact.still_ahead)
        if standing.is_met:
            assert not any(fact.still_ahead for fact in standing.by)
            assert standing.in_hand_leaves() == standing.rests_on() == ()


@STEADY
@given(REQUIREMENTS, RECORDS, MOMENTS)
def test_the_facts_named_are_reason_enough(requirement, some_facts, before):
    for standing in every(ask(requirement, some_facts, before)):
        if standing.state is not State.OUTSTANDING:
            assert ask(standing.requirement, standing.by, before).state is standing.state


@STEADY
@given(REQUIREMENTS, RECORDS, MOMENTS)
def test_the_bookings_named_are_reason_enough_beside_what_is_done(requirement, some_facts, before):
    only_done = [fact for fact in some_facts if not fact.still_ahead]
    for line in every(ask(requirement, some_facts, before)):
        standing = ask(line.requirement, some_facts, before)  # a line by itself, outside its award
        if standing.state is State.IN_HAND:
            assert ask(line.requirement, [*only_done, *standing.rests_on()], before).state is State.IN_HAND
            assert ask(line.requirement, only_done, before).state is State.OUTSTANDING


@STEADY
@given(REQUIREMENTS, RECORDS, MOMENTS)
def test_a_shortfall_adds_up(requirement, some_facts, before):
    for standing in every(ask(requirement, some_facts, before)):
        if shortfall := standing.shortfall:
            assert not standing.is_met
            assert shortfall.needed == shortfall.done + shortfall.in_hand + shortfall.missing
            assert shortfall.done >= 0 <= shortfall.in_hand
            assert (shortfall.missing > 0) == (standing.state is State.OUTSTANDING)


@STEADY
@given(REQUIREMENTS, RECORDS)
def test_what_time_alone_will_meet_is_met_on_the_day_named_and_not_before(requirement, some_facts):
    for leaf in ask(requirement, some_facts).leaves():
        if leaf.shortfall and leaf.shortfall.reached_on:
            on, lasting = leaf.shortfall.reached_on, record(*(replace(fact, ends_on=None) for fact in leaf.by))
            assume(ask(leaf.requirement, lasting.facts).shortfall == leaf.shortfall)
            assert standing_of(leaf.requirement, lasting, on).met_on == on
            assert not standing_of(leaf.requirement, lasting, on - timedelta(days=1)).is_met


def test_the_records_tried_come_to_every_answer_of_every_kind_of_line():
    """Otherwise what is said above would be said of nothing. Time is never in hand."""
    found = set()

    @settings(STEADY, max_examples=400)
    @given(REQUIREMENTS, RECORDS, MOMENTS)
    def look(requirement, some_facts, before):
        found.update((type(part.requirement), part.state) for part in every(ask(requirement, some_facts, before)))

    look()
    kinds = {*get_args(Leaf), *get_args(Branch)}
    never = {(TimeInCareerLevel, State.IN_HAND), (YearsQualified, State.IN_HAND)}
    assert found == {(kind, state) for kind in kinds for state in State} - never
