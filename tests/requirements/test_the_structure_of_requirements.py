"""What requirements name, and how modules lean on each other."""

from decimal import Decimal
from graphlib import CycleError

import pytest

from cpd.requirements.evaluator import cycles_in, is_monotone, modules_in, needed_first
from cpd.requirements.language import (
    NOTHING,
    AllOf,
    AnyOf,
    ApprovedBy,
    AtLeast,
    Attended,
    Bounds,
    Completed,
    Credits,
    Distinct,
    Evidence,
    Outcome,
    TimeInCareerLevel,
    YearsQualified,
)
from tests.requirements.making import named

FIRST_TWO = AllOf((Completed("M1"), Completed("M2")))


def test_every_module_is_named_once_in_the_order_written():
    requirement = AllOf(
        (AnyOf((Completed("B"), Completed("A"))), Distinct((Completed("B"), AtLeast(1, (Completed("C"),)))))
    )

    assert modules_in(requirement) == ("B", "A", "C")
    assert modules_in(NOTHING) == ()
    assert modules_in(Attended("asye", 3)) == ()


@pytest.mark.parametrize(
    ("requirement", "expected"),
    **named(
        ("a completion stays", Completed("A"), True),
        ("also when only the last year counts", Completed("A", Bounds(within_months=12)), True),
        ("more credits do no harm", Credits(Decimal(20), 7), True),
        ("more workshops do no harm", Attended("asye", 3), True),
        ("more evidence does no harm", Evidence("observation", 3), True),
        ("another approval does no harm", ApprovedBy("assistant_director"), True),
        ("more time does no harm", TimeInCareerLevel("3a", 12), True),
        ("nor does an older registration", YearsQualified(3), True),
        ("a newer outcome can undo the older", Outcome("panel", "passed"), False),
        ("a career break can undo years", YearsQualified(3, deduct_breaks=True), False),
        ("one such line is enough", AllOf((Completed("A"), AnyOf((Outcome("panel", "passed"),)))), False),
        ("nothing cannot be undone", NOTHING, True),
    ),
)
def test_whether_a_further_fact_can_undo_it(requirement, expected):
    assert is_monotone(requirement) is expected


@pytest.mark.parametrize(
    ("needs", "expected"),
    **named(
        ("Gateshead's order has no circle", {"M1": NOTHING, "M2": NOTHING, "M3": FIRST_TWO}, []),
        ("a module that needs itself", {"M1": Completed("M1")}, [["M1"]]),
        ("two that need each other", {"B": Completed("A"), "A": Completed("B")}, [["A", "B"]]),
        (
            "a long way round, each needing the next",
            {"C": Completed("A"), "A": AllOf((Completed("B"), Completed("D"))), "B": AnyOf((Completed("C"),))},
            [["A", "B", "C"]],
        ),
        (
            "two circles apart",
            {"A": Completed("B"), "B": Completed("A"), "C": Completed("D"), "D": Completed("C")},
            [["A", "B"], ["C", "D"]],
        ),
        ("credits lean on the module that carries them", {"A": Credits(Decimal(20), 7, ("B",)), "B": Completed("A")},
         [["A", "B"]]),
        ("a module of somebody else's pack", {"A": Completed("elsewhere")}, []),
    ),
)  # fmt: skip
def test_circles_are_named_as_ways_round(needs, expected):
    assert sorted(cycles_in(needs)) == expected


def test_circles_do_not_depend_on_the_order_of_the_pack():
    needs = {"A": AllOf((Completed("B"), Completed("C"))), "B": Completed("A"), "C": Completed("B")}

    assert cycles_in(needs) == cycles_in(dict(reversed(needs.items())))


def test_with_the_named_circles_broken_none_is_left():
    everyone = [Completed(code) for code in "ABCD"]
    needs = {code: AllOf(tuple(other for other in everyone if other.module != code)) for code in "ABCD"}

    for circle in cycles_in(needs):
        step = circle[1 % len(circle)]
        needs[circle[0]] = AllOf(tuple(line for line in needs[circle[0]].lines if line.module != step))

    assert cycles_in(needs) == []
    assert len(needed_first(needs)) == 4


def test_modules_come_after_what_they_need():
    needs = {"M6": AllOf((Completed("M3"), FIRST_TWO)), "M3": FIRST_TWO, "M2": NOTHING, "M1": Completed("elsewhere")}

    order = needed_first(needs)

    assert set(order) == set(needs)
    assert order.index("M1") < order.index("M3") < order.index("M6")
    assert order.index("M2") < order.index("M3")
    with pytest.raises(CycleError):
        needed_first({"A": Completed("A")})
