"""One fact serves one line of an award: Warwickshire's PG Certificate (W-5, AMB-01) and the exact assignment."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import (
    AllOf,
    AnyOf,
    AtLeast,
    Attended,
    Completed,
    Credits,
    Distinct,
    Evidence,
    Outcome,
    TimeInCareerLevel,
)
from cpd.requirements.record import Fact, FactKind
from tests.requirements.making import (
    STEADY,
    booked,
    credit,
    day,
    done,
    evidence,
    in_level,
    named,
    outcome,
    pending,
    record,
)

TODAY = day("2019-06-01")


def twenty(*sources):
    return Credits(Decimal(20), 7, sources)


PG_CERTIFICATE = AllOf(
    (
        Distinct((Credits(Decimal(20), 7, ("APEL",), at_most=Decimal(20)), twenty("PE1"), twenty("PE2", "RES"))),
        Credits(Decimal(60), 7, ("APEL", "PE1", "PE2", "RES")),
    )
)
"""AMB-01: 20 credits by APEL of the ASYE portfolio, stage one, and stage two or the research module."""


def ask(requirement, *facts, on=TODAY):
    return standing_of(requirement, record(*facts), on)


@pytest.mark.parametrize(
    ("facts", "expected", "missing"),
    **named(
        ("APEL, stage one and research", [credit("APEL", 20), credit("PE1", 20), credit("RES", 20)], State.MET, []),
        ("APEL, stage one and stage two", [credit("APEL", 20), credit("PE1", 20), credit("PE2", 20)], State.MET, []),
        (
            "59 of 60 credits",
            [credit("APEL", 20), credit("PE1", 20), credit("RES", 19)],
            State.OUTSTANDING,
            [1, 1],
        ),
        ("nothing but a large APEL", [credit("APEL", 60)], State.OUTSTANDING, [20, 20]),
        (
            "60 credits without stage one",
            [credit("APEL", 20), credit("PE2", 20), credit("RES", 20)],
            State.OUTSTANDING,
            [20],
        ),
        (
            "one APEL entered as two halves",
            [credit("APEL", 10, reference="fact:1"), credit("APEL", 10, reference="fact:2"), credit("PE1", 20)],
            State.OUTSTANDING,
            [20, 20],
        ),
        (
            "60 credits, one module at level 6",
            [credit("APEL", 20), credit("PE1", 20), credit("RES", 20, academic_level=6)],
            State.OUTSTANDING,
            [20, 20],
        ),
        (
            "the APEL claim is with the university (AMB-37)",
            [
                pending(FactKind.CREDIT, "APEL", "2019-09-01", amount=Decimal(20), academic_level=7),
                credit("PE1", 20),
                credit("PE2", 20),
            ],
            State.IN_HAND,
            [],
        ),
    ),
)
def test_the_pg_certificate_needs_60_credits_from_the_right_modules(facts, expected, missing):
    standing = ask(PG_CERTIFICATE, *facts)

    assert standing.state is expected
    assert [leaf.shortfall.missing for leaf in standing.outstanding_leaves()] == missing


def test_one_apel_is_not_counted_for_two_lines():
    """AMB-01, AMB-42: prior learning may stand on two lines of an award, but one claim serves one of them."""
    award = Distinct((twenty("APEL"), twenty("PE1", "APEL"), twenty("RES")))
    apel, research = credit("APEL", 20), credit("RES", 20)

    standing = ask(award, apel, research)

    assert [line.state for line in standing.lines] == [State.MET, State.OUTSTANDING, State.MET]
    assert [line.by for line in standing.lines] == [(apel,), (), (research,)]
    assert ask(award, apel, research, credit("PE1", 20)).is_met


def test_a_fact_goes_where_it_is_needed_most():
    """The module that could serve either line goes to the line that nothing else serves."""
    award = Distinct((Completed("A"), AnyOf((Completed("A"), Completed("B")))))
    a, b = done("A", "2018-01-01"), done("B", "2019-01-01")

    assert [line.by for line in ask(award, a, b).lines] == [(a,), (b,)]
    assert [line.by for line in ask(Distinct(award.lines[::-1]), a, b).lines] == [(b,), (a,)]


def test_a_chain_of_exchanges_is_found():
    """Every line could take the first of its choices only if all the others move on by one."""
    choices = [AnyOf((Completed(f"A{number}"), Completed(f"A{number + 1}"))) for number in range(5)]
    award = Distinct((*choices, Completed("A0")))
    facts = [done(f"A{number}", f"2018-01-{number + 1:02}") for number in range(6)]

    assert ask(award, *facts).is_met
    assert [line.state for line in ask(award, *facts[:-1]).lines].count(State.MET) == 5


def test_as_many_lines_as_possible_are_done_before_any_is_only_in_hand():
    award = Distinct((Evidence("observation"), Evidence("observation")))
    seen = [evidence("observation", "2018-05-01", reference=f"fact:{number}") for number in (1, 2)]
    to_come = pending(FactKind.EVIDENCE, "observation", "2019-07-01")

    assert ask(award, seen[0], to_come).state is State.IN_HAND
    assert ask(award, to_come, *seen).is_met


def test_the_earliest_bookings_are_used():
    award = Distinct((Completed("A"), AnyOf((Completed("A"), Completed("B")))))
    first, second = (booked("A", f"2019-0{month}-01 12:00", reference=f"booking:{month}") for month in (7, 9))

    standing = ask(award, second, booked("B", "2019-08-01 12:00"), first)

    assert standing.expected_on == day("2019-08-01")
    assert [fact.expected_on for fact in standing.lines] == [day("2019-07-01"), day("2019-08-01")]


def test_an_award_is_met_as_soon_as_it_could_be():
    award = Distinct((Completed("A"), AnyOf((Completed("A"), Completed("B")))))
    facts = [done("A", "2018-01-01"), done("B", "2018-02-01"), done("A", "2018-03-01")]

    assert ask(award, *facts).met_on == day("2018-02-01")
    assert ask(award, facts[0], facts[2]).met_on == day("2018-03-01")


def test_an_award_is_met_as_soon_as_it_could_be_even_if_that_takes_more_credits():
    award = Distinct((twenty("A"), twenty("A", "B")))
    first, again = credit("A", 20, "2018-01-01"), credit("A", 20, "2018-03-01")

    assert ask(award, first, again, credit("B", 30, "2018-02-01")).met_on == day("2018-02-01")
    halves = [credit("B", 15, "2017-12-01"), credit("B", 15, "2018-04-01")]
    assert ask(award, first, again, *halves).met_on == day("2018-03-01")


def test_a_line_done_and_one_in_hand_late_is_better_than_two_in_hand_early():
    def expected(source, amount, when):
        return pending(FactKind.CREDIT, source, when, amount=Decimal(amount), academic_level=7)

    award = Distinct((twenty("A", "B"), twenty("B", "C", "D")))
    awarded = [credit("A", 10), credit("B", 10)]
    early, late = [expected("A", 10, "2019-07-01"), expected("C", 10, "2019-07-02")], expected("D", 20, "2019-09-01")

    assert [line.state for line in ask(award, *awarded, *early).lines] == [State.IN_HAND, State.IN_HAND]
    assert [line.state for line in ask(award, *awarded, *early, late).lines] == [State.MET, State.IN_HAND]


def test_what_is_done_goes_where_it_completes_a_line():
    """Of one observation done and two to come, the line that asks for one gets the one that is done."""
    award = Distinct((Evidence("observation", 2), Evidence("observation")))
    to_come = [pending(FactKind.EVIDENCE, "observation", f"2019-07-0{number}") for number in (1, 2)]

    standing = ask(award, evidence("observation", "2019-01-01"), *to_come)

    assert [line.state for line in standing.lines] == [State.IN_HAND, State.MET]


def test_a_line_of_credits_takes_several_facts_and_leaves_the_rest_to_the_other_lines():
    award = Distinct((Credits(Decimal(30), 7), Credits(Decimal(30), 7)))
    exact = [credit("A", 15), credit("B", 20), credit("C", 15), credit("D", 10)]

    assert ask(award, *exact).is_met
    assert not ask(award, *exact[:3]).is_met


def test_what_is_left_over_counts_towards_a_line_still_outstanding():
    """Of 20, 19 and 30 credits, two lines of twenty take 20 and 30, and the third has 19."""
    award = Distinct((twenty(), twenty(), twenty()))

    standing = ask(award, credit("A", 19), credit("B", 30), credit("C", 20))

    (outstanding,) = standing.outstanding_leaves()
    assert outstanding.shortfall.missing == 1


def test_no_more_credits_are_missing_than_must_be():
    """15 and 15 make one line of twenty, so that 19 are left for the other; 15 and 19 would leave 15."""
    award = Distinct((twenty(), twenty()))

    standing = ask(award, credit("A", 15, "2018-01-01"), credit("B", 19, "2018-02-01"), credit("C", 15, "2018-03-01"))

    (outstanding,) = standing.outstanding_leaves()
    assert outstanding.shortfall.missing == 1


def test_attending_different_modules_is_counted_within_what_a_line_is_given():
    award = Distinct((Attended("asye", 2), Completed("W1")))
    first, again = (done("W1", f"2019-0{month}-01", programme="asye") for month in (1, 2))
    second = done("W2", "2019-03-01", programme="asye")

    assert not ask(award, first, second).is_met
    assert ask(award, first, again, second).is_met
    assert not ask(award, first, again).is_met


def test_a_module_attended_twice_may_serve_two_lines_but_not_one_line_twice():
    award = Distinct((Attended("asye", 2), Attended("asye", 1)))
    first, again = (done("W1", f"2019-0{month}-01", programme="asye") for month in (1, 2))
    second = done("W2", "2019-03-01", programme="asye")

    assert [line.by for line in ask(award, first, again, second).lines] == [(first, second), (again,)]


def test_time_is_not_used_up():
    award = Distinct((TimeInCareerLevel("3a", 12), AllOf((TimeInCareerLevel("3a", 6), Completed("A"))), Completed("A")))
    facts = [in_level("3a", "2017-01-01"), done("A", "2018-01-01"), done("A", "2018-02-01")]

    assert ask(award, *facts).is_met
    assert ask(award, *facts[1:]).state is State.OUTSTANDING
    assert [line.state for line in ask(award, *facts[:2]).lines].count(State.MET) == 2


def test_a_superseded_outcome_does_not_come_back_in_an_award():
    award = Distinct((Outcome("panel", "passed"), AnyOf((Outcome("panel", "passed"), Completed("A")))))
    facts = [
        outcome("panel", "passed", "2017-01-01"),
        outcome("panel", "failed", "2018-01-01"),
        done("A", "2018-01-01"),
    ]

    assert [line.state for line in ask(award, *facts).lines] == [State.OUTSTANDING, State.MET]


def test_an_award_within_an_award_has_its_own_lines_apart():
    inner = Distinct((Evidence("observation"), Evidence("observation")))
    award = Distinct((inner, Evidence("observation")))
    seen = [evidence("observation", "2018-05-01", reference=f"fact:{number}") for number in range(3)]

    assert ask(award, *seen).is_met
    assert not ask(award, *seen[:2]).is_met


def test_many_facts_that_are_alike_make_no_difference():
    """Forty observations for three lines: they are alike, so there is only one way to share them out."""
    seen = [
        evidence("observation", f"2018-01-{number % 28 + 1:02}", reference=f"fact:{number}") for number in range(40)
    ]
    award = Distinct((Evidence("observation", 15), Evidence("observation", 15), Evidence("observation", 10)))

    assert ask(award, *seen).is_met
    assert not ask(award, *seen[:-1]).is_met


MODULES = st.sampled_from("AB")
SMALL_LEAVES = st.one_of(
    st.builds(Completed, MODULES),
    st.builds(
        Credits,
        st.sampled_from([Decimal(10), Decimal(20)]),
        st.just(7),
        st.sampled_from([(), ("A",), ("B",)]),
        st.sampled_from([None, Decimal(15)]),
    ),
    st.builds(Attended, st.just("asye"), st.integers(1, 2)),
    st.builds(Evidence, st.just("observation"), st.integers(1, 2)),
)
SMALL_LINES = st.one_of(
    SMALL_LEAVES,
    st.builds(AnyOf, st.tuples(SMALL_LEAVES, SMALL_LEAVES)),
    st.builds(AllOf, st.tuples(SMALL_LEAVES, SMALL_LEAVES)),
    st.builds(AtLeast, st.integers(1, 2), st.tuples(SMALL_LEAVES, SMALL_LEAVES, SMALL_LEAVES)),
)
SOME_DAYS = st.integers(1, 28).map(lambda number: day(f"2019-05-{number:02}"))
SMALL_FACTS = st.one_of(
    st.builds(Fact, st.just(FactKind.COMPLETED), MODULES, SOME_DAYS, programme=st.just("asye"), ahead=st.booleans()),
    st.builds(
        Fact,
        st.just(FactKind.CREDIT),
        MODULES,
        SOME_DAYS,
        amount=st.sampled_from([Decimal(5), Decimal(10), Decimal(20)]),
        academic_level=st.just(7),
        ahead=st.booleans(),
    ),
    st.builds(Fact, st.just(FactKind.EVIDENCE), st.just("observation"), SOME_DAYS, ahead=st.booleans()),
)


def badness(lines):
    """What is bad about a way to share out the facts: lines outstanding, lines in hand, the last day to wait for."""
    in_hand = [line.expected_on for line in lines if line.state is State.IN_HAND]
    outstanding = sum(line.state is State.OUTSTANDING for line in lines)
    return outstanding, len(in_hand), max(in_hand, default=day("2000-01-01"))


def the_least_bad(lines, facts):
    """Try every way to give each fact to one line or to none."""
    ways = product(range(len(lines) + 1), repeat=len(facts))
    shares = (
        [[fact for fact, to in zip(facts, way, strict=True) if to == line] for line in range(len(lines))]
        for way in ways
    )
    return min(
        badness([ask(line, *share) for line, share in zip(lines, shared, strict=True)]) for shared in shares
    )  # fmt: skip


@STEADY
@given(st.lists(SMALL_LINES, min_size=1, max_size=3), st.lists(SMALL_FACTS, max_size=4, unique=True))
def test_the_assignment_is_as_good_as_the_best_of_all_assignments(lines, facts):
    standing = ask(Distinct(tuple(lines)), *facts)

    assert badness(standing.lines) == the_least_bad(lines, facts)


@STEADY
@given(st.lists(SMALL_LINES, min_size=1, max_size=4), st.lists(SMALL_FACTS, max_size=8, unique=True))
def test_no_fact_is_used_by_two_lines_and_each_line_stands_on_what_it_is_given(lines, facts):
    standing = ask(Distinct(tuple(lines)), *facts)

    used = [fact for line in standing.lines for fact in line.by]
    assert len(used) == len(set(used))
    for line in standing.lines:
        assert ask(line.requirement, *line.by).state is line.state


def test_an_award_without_lines_asks_nothing():
    assert ask(Distinct(())).is_met
