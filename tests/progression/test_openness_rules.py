"""What is published tells nothing about anybody: hidden counts cannot be worked out, and no text names the people."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.progression.openness.rules import Band, band_of, published, together, without_names

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 25))


@st.composite
def tables(draw):
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(COUNTS, min_size=width, max_size=width).filter(any), min_size=1, max_size=4))
    return {f"R{number}": row for number, row in enumerate(rows)}


def alternatives(table, code):
    """Every way to fill one row that whoever knows the rules and sees everything published could think of."""
    seen = published(table)
    shown = seen.rows.get(code) or seen.small
    for way in product(*(range(each.least, each.most + 1) for each in shown)):
        other = {**table, code: list(way)} if code in seen.rows else {code: list(way)}
        if any(way) and (published(other) == seen if code in seen.rows else published(other).small == seen.small):
            yield list(way)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_nobody_can_work_out_a_number_or_that_all_of_a_row_went_the_same_way(table):
    """Whoever sees the table finds for each number another that it could be, and for each row that it was mixed."""
    for code in published(table).rows:
        possible = list(alternatives(table, code))

        assert all(len(set(column)) > 1 for column in zip(*possible, strict=True)), (table, code)
        assert any(sum(map(bool, row)) > 1 for row in possible), (table, code)


@given(tables())
def test_each_number_is_within_its_band_and_nobody_is_left_out(table):
    seen = published(table)
    small = [sum(column) for column in zip(*(each for code, each in table.items() if code not in seen.rows))]  # noqa: B905

    for counts, bands in [*((table[code], bands) for code, bands in seen.rows.items()), (small, seen.small or ())]:
        assert all(band.least <= count <= band.most for count, band in zip(counts, bands, strict=True))


@given(tables(), st.data())
def test_a_row_of_fewer_than_five_people_never_stands_by_itself(table, data):
    code = data.draw(st.sampled_from(sorted(table)))

    assert (code in published(table).rows) == (sum(table[code]) >= 5)


NONE_TO_FOUR, FIVE_TO_NINE = Band(0, 4), Band(5, 9)


@pytest.mark.parametrize(
    ("counts", "rows", "small"),
    [
        ({"a": [12, 6, 0]}, {"a": (Band(10, 14), FIVE_TO_NINE, NONE_TO_FOUR)}, None),
        ({"a": [0, 0, 5]}, {"a": (NONE_TO_FOUR, NONE_TO_FOUR, FIVE_TO_NINE)}, None),
        ({"a": [3, 3, 0]}, {"a": (NONE_TO_FOUR,) * 3}, None),
        ({"a": [1, 0, 0]}, {}, (NONE_TO_FOUR,) * 3),
        ({"a": [4, 0, 0], "b": [3, 0, 1]}, {}, (FIVE_TO_NINE, NONE_TO_FOUR, NONE_TO_FOUR)),
        ({"a": [9, 0, 0], "b": [1, 0, 0]}, {"a": (FIVE_TO_NINE, NONE_TO_FOUR, NONE_TO_FOUR)}, (NONE_TO_FOUR,) * 3),
        ({}, {}, None),
    ],
    ids=[
        "all large",
        "all refused: it could be otherwise",
        "small numbers",
        "one person",
        "two small rows",
        "a rest",
        "-",
    ],
)
def test_what_is_published_of_a_table(counts, rows, small):
    seen = published(counts)

    assert (seen.rows, seen.small) == (rows, small)


@pytest.mark.parametrize(
    ("count", "band"), [(0, NONE_TO_FOUR), (4, NONE_TO_FOUR), (5, FIVE_TO_NINE), (9, FIVE_TO_NINE), (10, Band(10, 14))]
)
def test_where_bands_begin_and_end(count, band):
    assert band_of(count) == band


def test_what_shares_anything_comes_together():
    found = together(map(frozenset, ("ax", "b", "cy", "dxy")))

    assert sorted("".join(sorted(each)) for each in found) == ["acdxy", "b"]


PEOPLE = {
    "Nell Newly-Wed": "the person",
    "Mary Manager": "the line manager",
    "Ann O’Neill": "who judged",
    "Zoë Ærø": "the officer",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nell Newly-Wed is ready", "[the person] is ready"),
        ("NELL  newly-wed and mary", "[the person] and [the line manager]"),
        ("Nell’s work, says Mary.", "[the person]’s work, says [the line manager]."),
        ("zoe and ZOË AERO", "[the officer] and [the officer] AERO"),
        ("Newly came back", "[the person] came back"),
        ("Ask Manager or Ann  O'Neill or Neill", "Ask [the line manager] or [who judged] or [who judged]"),
        ("write to nell.newly@council.example, please", "write to [an address], please"),
        ("Marylebone and nellie stay", "Marylebone and nellie stay"),
        ("Nothing to hide", "Nothing to hide"),
        ("", ""),
    ],
)
def test_names_are_taken_out(text, expected):
    assert without_names(text, PEOPLE) == expected


names = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=3, max_size=8)


@given(
    st.lists(names, min_size=1, max_size=3),
    st.lists(st.sampled_from(["is", "ready", "says", ",", "."]), max_size=6),
    st.data(),
)
def test_no_part_of_a_name_that_is_known_stays(words, others, data):
    """However a name is put among other words: none of its words is left where it stood alone."""
    name = " ".join(words)
    text = " ".join(data.draw(st.permutations([*words, *others])))
    left = without_names(text, {name: "X"})

    tokens = {each.casefold() for each in left.replace("[", " ").replace("]", " ").split()}
    assert not tokens & {each.casefold() for each in words if each.casefold() != "x"}


def test_without_people_nothing_changes_but_addresses():
    assert without_names("Nell, n@x.example", {}) == "Nell, [an address]"
