"""What holds for every record and everything that the five packs ask on the way to a next level."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.requirements.evaluator import State, is_monotone, standing_of
from cpd.requirements.language import (
    NOTHING,
    Attended,
    Completed,
    Distinct,
    Evidence,
    Outcome,
    TimeInCareerLevel,
    YearsQualified,
)
from cpd.requirements.record import Fact, FactKind
from cpd.requirements.structure import leaves_of
from cpd.schemes.reading import PACKS, read_pack
from tests.requirements.making import STEADY, day, record
from tests.requirements.test_what_always_holds import as_its_lines_say, every

ON = day("2020-06-01")
DAYS = st.integers(-1600, 120).map(lambda number: ON + timedelta(days=number))
COUNCILS = ["coventry", "gateshead", "slough", "walsall", "warwickshire"]
PROGRAMME = "asye-workshops"
OF_TIME = (TimeInCareerLevel, YearsQualified)


def asked_in(council):
    """Everything that a council's steps ask, whole and line by line."""
    steps = [step for each in read_pack(PACKS / f"{council}.yaml").career_pathways for step in each.transitions]
    lines = [line.asked for step in steps for line in step.criteria]
    return [*lines, *(step.requirement for step in steps if step.requirement != NOTHING)]


ASKED = [requirement for council in COUNCILS for requirement in asked_in(council)]
GAINING = [requirement for requirement in ASKED if is_monotone(requirement)]


def facts_about(requirement):
    """Facts that could matter to a requirement, with the values that panels and awards give."""
    pairs = [pair for leaf in leaves_of(requirement) for pair in _what_serves(leaf)]
    kinds = st.tuples(st.sampled_from(list(FactKind)), st.sampled_from([subject for _, subject in pairs]))
    return st.builds(
        _fact,
        st.one_of(st.sampled_from(pairs), st.sampled_from(pairs), kinds),
        DAYS,
        st.sampled_from([None, None, 30, 400]),
        st.sampled_from(["pass", "awarded", "pass", "awarded", "fail", "deferred_with_support"]),
        st.booleans(),
    )


def _what_serves(leaf):
    """The kinds and subjects of facts that a line counts."""
    match leaf:
        case Completed():
            return [(FactKind.COMPLETED, leaf.module), (FactKind.RECOGNISED, leaf.module)]
        case Attended():
            return [(FactKind.COMPLETED, f"ASYE-{number}") for number in range(1, 9)]
        case Outcome():
            return [(FactKind.OUTCOME, leaf.panel), (FactKind.PENDING, leaf.panel)]
        case Evidence():
            return [(FactKind.EVIDENCE, leaf.kind)]
        case TimeInCareerLevel():
            return [(FactKind.CAREER_LEVEL, leaf.career_level)]
        case YearsQualified():
            return [(FactKind.QUALIFIED, ""), (FactKind.CAREER_BREAK, "")]
    raise AssertionError(f"nobody made facts for {leaf}")


def _fact(said, happened_on, lasts, value, ahead):
    kind, subject = said
    return Fact(
        kind,
        subject,
        happened_on,
        ends_on=happened_on + timedelta(days=lasts) if lasts else None,
        value="outcome" if kind is FactKind.PENDING else value,
        amount=Decimal(20),
        academic_level=7,
        programme=PROGRAMME if subject.startswith("ASYE-") else "",
        ahead=ahead,
    )


def with_a_record(requirements):
    """One of the requirements, each kind as often, and the facts of somebody, in two orders, with one fact more."""
    of_a_kind = defaultdict(list)
    for each in requirements:
        of_a_kind[frozenset(map(type, leaves_of(each)))].append(each)
    return st.one_of(*map(st.sampled_from, of_a_kind.values())).flatmap(
        lambda requirement: st.builds(
            list.__add__, st.sampled_from(beginnings(requirement)), st.lists(facts_about(requirement), max_size=10)
        ).flatmap(
            lambda facts: st.tuples(
                st.just(requirement), st.just(facts), st.permutations(facts), facts_about(requirement)
            )
        )
    )


def beginnings(requirement):
    """A record with nothing, with everything asked for long ago, and with the last of it still ahead."""
    leaves = list(leaves_of(requirement))
    pairs = dict.fromkeys((*_what_serves(leaf)[0], getattr(leaf, "outcome", "")) for leaf in leaves)
    pairs |= dict.fromkeys((*pair, "") for leaf in leaves if isinstance(leaf, Attended) for pair in _what_serves(leaf))
    done = [
        _fact((kind, subject), ON - timedelta(days=1200), None, value, ahead=False) for kind, subject, value in pairs
    ]
    return [[], done, [*done[:-1], replace(done[-1], ahead=True)]]


@STEADY
@given(with_a_record(GAINING))
def test_a_further_fact_never_makes_a_done_line_undone(case):
    requirement, facts, _, further = case
    before, after = standing_of(requirement, record(*facts), ON), standing_of(requirement, record(*facts, further), ON)

    assert not any(isinstance(part.requirement, Distinct) for part in every(before))
    assert all(now.is_met for then, now in zip(every(before), every(after), strict=True) if then.is_met)


@STEADY
@given(with_a_record(ASKED))
def test_a_standing_does_not_depend_on_the_order_of_facts(case):
    requirement, facts, another_order, _ = case

    assert standing_of(requirement, record(*facts), ON) == standing_of(requirement, record(*another_order), ON)


@STEADY
@given(with_a_record(ASKED))
def test_verdict_and_explanation_always_agree(case):
    requirement, facts, _, _ = case
    for standing in every(standing_of(requirement, record(*facts), ON)):
        assert standing.state is as_its_lines_say(standing)
        assert bool(standing.outstanding_leaves()) == (standing.state is State.OUTSTANDING)
        assert bool(standing.rests_on()) == (standing.state is State.IN_HAND)
        if standing.state is not State.OUTSTANDING:
            assert standing_of(standing.requirement, record(*standing.by), ON).state is standing.state


def test_the_records_tried_come_to_every_answer_of_every_kind_of_line():
    """Otherwise what is said above would be said of nothing. Time is never in hand."""
    found = set()

    @settings(STEADY, max_examples=400)
    @given(with_a_record(ASKED))
    def look(case):
        requirement, facts, _, _ = case
        found.update(
            (type(part.requirement), part.state) for part in every(standing_of(requirement, record(*facts), ON))
        )

    look()
    kinds = {kind for kind, _ in found}
    assert kinds >= {type(leaf) for requirement in ASKED for leaf in leaves_of(requirement)}
    assert found >= {(kind, state) for kind in kinds for state in State} - {(kind, State.IN_HAND) for kind in OF_TIME}
