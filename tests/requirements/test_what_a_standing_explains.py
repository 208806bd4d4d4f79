"""How lines are rolled up, and what can be said of the result."""

import pytest

from cpd.requirements.evaluator import RecordIndex, State, Unit, standing_of
from cpd.requirements.language import NOTHING, AllOf, AnyOf, AtLeast, Completed, Distinct, Evidence
from tests.requirements.making import at, booked, day, done, evidence, named, record

TODAY = day("2019-06-01")
A, B, C = Completed("A"), Completed("B"), Completed("C")
DONE_EARLY, DONE_LATE = done("A", "2019-01-10"), done("B", "2019-02-10")
BOOKED_SOON, BOOKED_LATER = booked("A", "2019-07-01 12:00"), booked("B", "2019-08-01 12:00")


def ask(requirement, *facts):
    return standing_of(requirement, record(*facts), TODAY)


@pytest.mark.parametrize(
    ("requirement", "facts", "expected"),
    **named(
        ("all: both done", AllOf((A, B)), [DONE_EARLY, DONE_LATE], State.MET),
        ("all: one done, one booked", AllOf((A, B)), [DONE_EARLY, BOOKED_LATER], State.IN_HAND),
        ("all: one booked, one missing", AllOf((A, B)), [BOOKED_LATER], State.OUTSTANDING),
        ("all of nothing is met", NOTHING, [], State.MET),
        ("any: one done, the other missing", AnyOf((A, B)), [DONE_LATE], State.MET),
        ("any: one booked, the other missing", AnyOf((A, B)), [BOOKED_LATER], State.IN_HAND),
        ("any: none", AnyOf((A, B)), [], State.OUTSTANDING),
        ("any of nothing cannot be met", AnyOf(()), [], State.OUTSTANDING),
        ("two of three: two done", AtLeast(2, (A, B, C)), [DONE_EARLY, DONE_LATE], State.MET),
        ("two of three: one done, one booked", AtLeast(2, (A, B, C)), [DONE_EARLY, BOOKED_LATER], State.IN_HAND),
        ("two of three: one done", AtLeast(2, (A, B, C)), [DONE_EARLY], State.OUTSTANDING),
        ("none of three", AtLeast(0, (A, B, C)), [], State.MET),
        ("two of one cannot be met", AtLeast(2, (A,)), [DONE_EARLY], State.OUTSTANDING),
    ),
)
def test_lines_are_rolled_up(requirement, facts, expected):
    standing = ask(requirement, *facts)

    assert standing.state is expected
    assert bool(standing.outstanding_leaves()) == (expected is State.OUTSTANDING)


@pytest.mark.parametrize(
    ("requirement", "met_on"),
    **named(
        ("all since the last", AllOf((A, B)), "2019-02-10"),
        ("any since the first", AnyOf((B, A)), "2019-01-10"),
        ("two of three since the second", AtLeast(2, (C, B, A)), "2019-02-10"),
        ("one of three since the first", AtLeast(1, (C, B, A)), "2019-01-10"),
        ("any, where one line asks nothing, since ever", AnyOf((A, NOTHING)), None),
    ),
)
def test_a_met_requirement_says_since_when(requirement, met_on):
    standing = ask(requirement, DONE_EARLY, DONE_LATE)

    assert standing.met_on == (day(met_on) if met_on else None)
    assert standing.expected_at is None


@pytest.mark.parametrize(
    ("requirement", "facts", "expected_at", "rests_on"),
    **named(
        ("all at the last", AllOf((A, B)), [BOOKED_SOON, BOOKED_LATER],
         "2019-08-01 12:00", [BOOKED_SOON, BOOKED_LATER]),
        ("any at the first", AnyOf((B, A)), [BOOKED_SOON, BOOKED_LATER], "2019-07-01 12:00", [BOOKED_SOON]),
        ("two of three, one done", AtLeast(2, (A, B, C)), [done("C", "2019-01-01"), BOOKED_SOON, BOOKED_LATER],
         "2019-07-01 12:00", [BOOKED_SOON]),
        ("what is done needs no booking", AllOf((A, B)), [DONE_EARLY, BOOKED_SOON, BOOKED_LATER],
         "2019-08-01 12:00", [BOOKED_LATER]),
    ),
)  # fmt: skip
def test_what_is_in_hand_says_when_and_on_which_bookings_it_rests(requirement, facts, expected_at, rests_on):
    standing = ask(requirement, *facts)

    assert standing.expected_at == at(expected_at)
    assert standing.expected_on == at(expected_at).date()
    assert list(standing.rests_on()) == rests_on
    assert standing.met_on is None


def test_no_booking_is_named_that_may_fall_away():
    """B is booked, because all of A and B are asked for; then A or B needs no A of its own accord."""
    requirement = AllOf((B, AnyOf((A, B))))

    assert ask(requirement, BOOKED_SOON, BOOKED_LATER).rests_on() == (BOOKED_LATER,)


def test_in_an_award_both_bookings_are_needed_because_one_fact_serves_one_line():
    award = Distinct((B, AnyOf((A, B))))

    assert set(ask(award, BOOKED_SOON, BOOKED_LATER).rests_on()) == {BOOKED_SOON, BOOKED_LATER}


def test_neither_what_is_met_nor_what_is_outstanding_rests_on_anything():
    assert ask(AllOf((A, B)), DONE_EARLY, DONE_LATE).rests_on() == ()
    assert ask(AllOf((A, B)), BOOKED_SOON).rests_on() == ()


def test_of_a_choice_that_is_made_nothing_is_still_to_do():
    standing = ask(AllOf((AnyOf((A, B)), C)), DONE_EARLY)

    assert [leaf.requirement for leaf in standing.outstanding_leaves()] == [C]


def test_of_a_choice_that_is_open_every_way_is_named():
    standing = ask(AllOf((AnyOf((A, B)), C)))

    assert [leaf.requirement for leaf in standing.outstanding_leaves()] == [A, B, C]


def test_of_what_is_booked_only_what_is_needed_is_named():
    one_way = AllOf((A, C))
    standing = ask(AnyOf((one_way, B)), BOOKED_SOON, BOOKED_LATER)

    assert [leaf.requirement for leaf in standing.in_hand_leaves()] == [B]
    assert [leaf.requirement for leaf in ask(one_way, BOOKED_SOON).in_hand_leaves()] == [A]
    assert [leaf.requirement for leaf in ask(AllOf((one_way, B)), BOOKED_SOON).in_hand_leaves()] == [A]
    assert ask(AnyOf((A, B)), DONE_EARLY, BOOKED_LATER).in_hand_leaves() == ()


def test_how_many_more_of_n_are_needed():
    shortfall = ask(AtLeast(3, (A, B, C)), DONE_EARLY, BOOKED_LATER).shortfall

    assert shortfall.unit is Unit.LINES
    assert (shortfall.needed, shortfall.done, shortfall.in_hand, shortfall.missing) == (3, 1, 1, 1)


def test_more_in_hand_than_needed_leaves_nothing_missing():
    shortfall = ask(AtLeast(2, (C, A, B)), done("C", "2019-01-01"), BOOKED_SOON, BOOKED_LATER).shortfall

    assert (shortfall.done, shortfall.in_hand, shortfall.missing) == (1, 1, 0)


def test_what_counts_towards_an_outstanding_line_is_named():
    seen = evidence("observation", "2019-01-10")

    assert ask(Evidence("observation", 3), seen).by == (seen,)
    assert ask(AllOf((A, B)), DONE_EARLY).by == (DONE_EARLY,)


def test_every_single_line_can_be_gone_through_in_the_order_written():
    standing = ask(AllOf((AnyOf((B, A)), Distinct((C,)), NOTHING)))

    assert [leaf.requirement for leaf in standing.leaves()] == [B, A, C]
    assert [leaf.requirement for leaf in ask(A).leaves()] == [A]


def test_one_index_answers_many_questions_like_the_record_itself():
    facts = record(DONE_EARLY, BOOKED_LATER)
    index = RecordIndex(facts)

    for requirement in (A, B, C, AllOf((A, B)), AnyOf((A, C))):
        assert standing_of(requirement, index, TODAY) == standing_of(requirement, facts, TODAY)
