"""Workshops, panels, evidence, approvals and credits: one line each."""

from decimal import Decimal

import pytest

from cpd.requirements.evaluator import State, Unit, standing_of
from cpd.requirements.language import ApprovedBy, Attended, Bounds, Completed, Credits, Evidence, Outcome
from cpd.requirements.record import FactKind
from tests.requirements.making import (
    approval,
    booked,
    credit,
    day,
    done,
    evidence,
    named,
    outcome,
    pending,
    recognised,
    record,
)

TODAY = day("2019-06-01")


def ask(requirement, *facts, on=TODAY):
    return standing_of(requirement, record(*facts), on)


def workshop(number, when="2019-01-10", **more):
    return done(f"workshop-{number}", when, programme="asye", **more)


@pytest.mark.parametrize(
    ("facts", "expected", "missing"),
    **named(
        ("three different workshops", [workshop(1), workshop(2), workshop(3)], State.MET, None),
        ("one workshop three times", [workshop(1, f"2019-0{month}-01") for month in (1, 2, 3)], State.OUTSTANDING, 2),
        (
            "two attended and one booked",
            [workshop(1), workshop(2), booked("workshop-3", "2019-07-01 16:00", programme="asye")],
            State.IN_HAND,
            0,
        ),
        (
            "the booked one is one that she attended already",
            [workshop(1), workshop(2), booked("workshop-2", "2019-07-01 16:00", programme="asye")],
            State.OUTSTANDING,
            1,
        ),
        (
            "one recognised counts as attended (AMB-24)",
            [workshop(1), workshop(2), recognised("workshop-3", "2018-01-01", programme="asye")],
            State.MET,
            None,
        ),
        ("modules of another programme", [workshop(1), workshop(2), done("M1", "2019-01-10", programme="systemic")],
         State.OUTSTANDING, 1),
    ),
)  # fmt: skip
def test_different_modules_of_a_programme_are_counted(facts, expected, missing):
    """AMB-36: n of the eight workshops."""
    standing = ask(Attended("asye", 3), *facts)

    assert standing.state is expected
    assert (standing.shortfall.missing if standing.shortfall else None) == missing


def test_enough_workshops_were_attended_on_the_day_of_the_last_one_needed():
    facts = [workshop(number, f"2019-0{number}-01") for number in (4, 2, 1, 3)]

    standing = ask(Attended("asye", 3), *facts)

    assert standing.met_on == day("2019-03-01")
    assert [fact.subject for fact in standing.by] == ["workshop-1", "workshop-2", "workshop-3"]


def test_a_workshop_attended_again_is_not_named_twice():
    again = [workshop(1, "2019-01-01"), workshop(1, "2019-02-01"), workshop(2, "2019-03-01")]

    assert ask(Attended("asye", 3), *again).by == (again[0], again[2])
    assert ask(Attended("asye", 2), *again).by == (again[0], again[2])


@pytest.mark.parametrize(
    ("facts", "expected"),
    **named(
        ("passed", [outcome("moderation", "passed", "2019-01-10")], State.MET),
        ("not passed", [outcome("moderation", "not_yet", "2019-01-10")], State.OUTSTANDING),
        ("another panel passed her", [outcome("progression", "passed", "2019-01-10")], State.OUTSTANDING),
        (
            "first not yet, then passed",
            [outcome("moderation", "not_yet", "2018-07-01"), outcome("moderation", "passed", "2019-01-10")],
            State.MET,
        ),
        (
            "first passed, then withdrawn: the newest decision counts",
            [outcome("moderation", "passed", "2018-07-01"), outcome("moderation", "withdrawn", "2019-01-10")],
            State.OUTSTANDING,
        ),
        (
            "a decision of tomorrow is not one of today",
            [outcome("moderation", "passed", "2018-07-01"), outcome("moderation", "withdrawn", "2019-06-02")],
            State.MET,
        ),
        (
            "a lapsed decision does not bring back the one before",
            [
                outcome("moderation", "passed", "2015-07-01"),
                outcome("moderation", "passed", "2018-07-01", ends_on=day("2019-06-01")),
            ],
            State.OUTSTANDING,
        ),
        (
            "two decisions of one moment that contradict each other",
            [outcome("moderation", "passed", "2019-01-10"), outcome("moderation", "not_yet", "2019-01-10")],
            State.OUTSTANDING,
        ),
        (
            "the decision is pending",
            [pending(FactKind.OUTCOME, "moderation", "2019-06-20")],
            State.IN_HAND,
        ),
        (
            "deferred, and to be decided again",
            [outcome("moderation", "deferred", "2019-01-10"), pending(FactKind.OUTCOME, "moderation", "2019-06-20")],
            State.IN_HAND,
        ),
        (
            "an approval is pending, which is no outcome",
            [pending(FactKind.APPROVAL, "moderation", "2019-06-20")],
            State.OUTSTANDING,
        ),
    ),
)
def test_a_panel_s_newest_outcome_counts(facts, expected):
    """W-2, C-2: only the newest outcome of that panel."""
    assert ask(Outcome("moderation", "passed"), *facts).state is expected


def test_the_newest_outcome_is_the_one_named():
    first, second = outcome("moderation", "passed", "2018-07-01"), outcome("moderation", "passed", "2019-01-10")

    assert ask(Outcome("moderation", "passed"), second, first).by == (second,)


def test_an_outcome_may_have_to_be_recent():
    long_ago = outcome("moderation", "passed", "2014-01-10")

    assert ask(Outcome("moderation", "passed"), long_ago).is_met
    assert not ask(Outcome("moderation", "passed", Bounds(within_months=60)), long_ago).is_met


def test_three_observations_are_three_facts():
    """B3: three direct observations; the same fact given twice is one."""
    first, second = (evidence("direct_observation", "2019-01-10", reference=f"fact:{number}") for number in (1, 2))
    third = evidence("direct_observation", "2019-05-10", reference="fact:3")
    needed = Evidence("direct_observation", 3)

    assert ask(needed, first, second, second).shortfall.missing == 1
    assert ask(needed, first, second, third).met_on == day("2019-05-10")
    assert (
        ask(needed, first, second, pending(FactKind.EVIDENCE, "direct_observation", "2019-06-20")).state
        is State.IN_HAND
    )


def test_an_approval_counts_from_the_role_asked_for():
    """W-10, W-11: the Assistant Director approves, the operations manager enacts."""
    by_manager = approval("operations_manager", "2019-01-10")

    assert ask(ApprovedBy("operations_manager"), by_manager).by == (by_manager,)
    assert ask(ApprovedBy("assistant_director"), by_manager).state is State.OUTSTANDING
    assert ask(
        ApprovedBy("assistant_director"), pending(FactKind.APPROVAL, "assistant_director", "2019-06-20")
    ).rests_on()


@pytest.mark.parametrize("kind", [FactKind.COMPLETED, FactKind.RECOGNISED])
def test_a_pending_recognition_puts_a_module_in_hand(kind):
    assert ask(Completed("M1"), pending(kind, "M1", "2019-06-20")).state is State.IN_HAND


def test_a_pending_decision_of_an_unknown_sort_puts_nothing_in_hand():
    unknown = pending(FactKind.OUTCOME, "M1", "2019-06-20")

    assert ask(Completed("M1"), unknown).state is State.OUTSTANDING


@pytest.mark.parametrize(
    ("facts", "counted"),
    **named(
        ("at the level asked for", [credit("PE1", 20, academic_level=7)], 20),
        ("at a higher level", [credit("PE1", 20, academic_level=8)], 20),
        ("at a lower level (AMB-19)", [credit("PE1", 20, academic_level=6)], 0),
        ("at no level given", [credit("PE1", 20, academic_level=None)], 0),
        ("from elsewhere", [credit("law", 20)], 0),
        ("a learning day without credits (AMB-31)", [done("PE1", "2019-01-10")], 0),
        ("an award without an amount", [credit("PE1", None)], 0),
        ("halves are exact", [credit("PE1", "7.1"), credit("RES", "0.2")], Decimal("7.3")),
        ("over the cap of the line", [credit("PE1", 30), credit("RES", 15)], 40),
    ),
)
def test_credits_are_counted_from_sources_at_a_level_and_up_to_a_cap(facts, counted):
    standing = ask(Credits(Decimal(60), 7, ("PE1", "RES"), at_most=Decimal(40)), *facts)

    assert standing.state is State.OUTSTANDING
    assert standing.shortfall.unit is Unit.CREDITS
    assert standing.shortfall.done == counted
    assert standing.shortfall.missing == 60 - counted


def test_credits_that_are_not_needed_are_not_named():
    early, small, late = credit("A", 10, "2018-01-01"), credit("B", 5, "2018-02-01"), credit("C", 20, "2018-03-01")

    standing = ask(Credits(Decimal(20), 7), late, small, early)

    assert standing.by == (late,)
    assert standing.met_on == day("2018-03-01")


def test_credits_the_university_has_not_awarded_yet_are_expected():
    """AMB-37: a claim that is submitted is in hand, an awarded one counts."""
    claim = pending(FactKind.CREDIT, "asye-apel", "2019-09-01", amount=Decimal(20), academic_level=7)
    standing = ask(Credits(Decimal(40), 7), credit("PE1", 20), claim)

    assert standing.state is State.IN_HAND
    assert standing.expected_on == day("2019-09-01")
    assert (standing.shortfall.done, standing.shortfall.in_hand, standing.shortfall.missing) == (20, 20, 0)


def test_expected_credits_that_are_not_needed_are_not_named():
    small, large = (
        pending(FactKind.CREDIT, code, when, amount=Decimal(amount), academic_level=7)
        for code, when, amount in (("A", "2019-07-01", 15), ("B", "2019-09-01", 20))
    )
    standing = ask(Credits(Decimal(20), 7), small, large)

    assert standing.by == standing.rests_on() == (large,)
    assert standing.expected_on == day("2019-09-01")
