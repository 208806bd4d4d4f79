"""What holds of an award whatever is on a record: credits toward it never exceed its rule, and nothing counts twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.catalogue.service import Scheme
from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import AnyOf
from cpd.requirements.record import Fact, FactKind, Record
from cpd.schemes.reading import PACKS, read_pack
from cpd.study.awards.rules import compositions_of, place_of, requirement_of, ways_left
from cpd.study.awards.terms import terms_of

STEADY = settings(derandomize=True, deadline=None, max_examples=60, database=None)
TODAY = date(2019, 6, 1)
SOURCES = ("asye-apel", "apcl", "WA-PE-1", "WA-PE-2", "WA-RESEARCH")


@cache
def warwickshire():
    return terms_of(Scheme(1, read_pack(PACKS / "warwickshire.yaml")))


@st.composite
def facts(draw):
    """One award of credits, or one that is expected."""
    source, amount = draw(st.sampled_from(SOURCES)), draw(st.sampled_from([10, 15, 19, 20, 30, 60]))
    ahead = draw(st.booleans())
    return Fact(
        FactKind.PENDING if ahead else FactKind.CREDIT,
        source,
        TODAY + timedelta(days=draw(st.integers(1, 9)) * (1 if ahead else -1)),
        value="credit" if ahead else "",
        amount=Decimal(amount),
        academic_level=draw(st.sampled_from([6, 7])),
        reference=f"fact:{draw(st.integers(1, 10_000))}",
    )


records = st.builds(Record, st.just(1), st.lists(facts(), max_size=7, unique=True).map(tuple))
caps = st.sampled_from([None, Decimal(20), Decimal(40)])
ways = st.integers(0, 1)


def award_with(cap):
    return warwickshire().awards["pg-certificate"].model_copy(update={"prior_learning_at_most": cap})


@STEADY
@given(records, caps, ways)
def test_credits_toward_an_award_never_exceed_its_rule(record, cap, way):
    award, modules = award_with(cap), warwickshire().modules
    place = place_of(award, compositions_of(award)[way], record, TODAY, modules, ())
    counted = place.counted

    assert 0 <= counted.done <= counted.done + counted.in_hand <= counted.total == 60
    assert (counted.done == 60) == (place.standing.state is State.MET)
    assert (counted.missing > 0) == (place.standing.state is State.OUTSTANDING)
    used = [fact for line in place.lines for fact in line.by]
    assert len(used) == len(set(used))
    awarded = [fact for fact in record.facts if fact.kind is FactKind.CREDIT and fact.academic_level == 7]
    assert counted.done <= sum(fact.amount for fact in awarded)
    if cap is not None:
        lines = [line for line in place.lines if any(fact.subject not in modules for fact in line.by)]
        assert sum(line.requirement.credits for line in lines) <= cap
    assert not {fact for fact, _ in place.left_out} & set(used)


@STEADY
@given(records, caps, ways)
def test_the_shortest_ways_are_the_shortest(record, cap, way):
    """Against a plain search: no smaller set of offers would do, and each of those named does."""
    award, modules = award_with(cap), warwickshire().modules
    requirement = requirement_of(award, compositions_of(award)[way], modules)
    offers = warwickshire().offers_for(requirement)

    found = ways_left(requirement, record, TODAY, offers)

    had = {fact.subject for fact in record.facts}
    open_offers = [each for each in offers if not (each.once and each.code in had)]
    sets = [each for size in range(len(open_offers) + 1) for each in combinations(open_offers, size)]
    enough = [each for each in sets if does(each, requirement, record)]
    if enough == [] or enough[0] == ():
        assert found == []
    else:
        assert {*map(frozenset, found)} == {frozenset(each) for each in enough if len(each) == len(enough[0])}


def does(offers, requirement, record):
    taken = [
        Fact(FactKind.CREDIT, each.code, TODAY, amount=each.credits, academic_level=7, reference=each.code)
        for each in offers
    ]
    return standing_of(requirement, Record(1, (*record.facts, *taken)), TODAY).state is not State.OUTSTANDING


def test_a_cap_that_lets_one_of_two_lines_have_prior_learning_leaves_the_choice():
    """AMB-42 and B6: with 20 of 40 let in, either line may have it, but not both."""
    award = warwickshire().awards["pg-certificate"]
    composition = compositions_of(award)[1]
    two = composition.lines[2]
    either = type(composition)("two", "Two lines that prior learning could fill", (composition.lines[0], two, two))

    requirement = requirement_of(award, either, warwickshire().modules)

    assert isinstance(requirement, AnyOf)
    assert [[("apcl" in line.sources) for line in way.lines] for way in requirement.lines] == [
        [False, True, False],
        [False, False, True],
    ]
