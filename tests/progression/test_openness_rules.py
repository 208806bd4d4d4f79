"""What is published tells nothing about anybody: hidden counts cannot be worked out, and no text names the people."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.openness.rules import FEWEST, NONE_OR_FEW, Span, published, without_names

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 40))


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=5))


def alternatives(counts, number):
    """Every way to fill the hidden counts of one row that somebody could think of."""
    shown = published(counts).rows[number]
    ways = [range(each.least, each.most + 1) for each in shown]
    return (list(way) for way in product(*ways))


@given(tables())
def test_nobody_can_work_out_a_hidden_count(counts):
    """Whoever knows the rules and sees the whole table with all its sums still finds at least two possible values."""
    seen = published(counts)
    for number, row in enumerate(seen.rows):
        hidden = [place for place, span in enumerate(row) if not span.is_exact]
        if not hidden:
            continue
        possible = {place: set() for place in hidden}
        for other in alternatives(counts, number):
            if published([*counts[:number], other, *counts[number + 1 :]]) == seen:
                for place in hidden:
                    possible[place].add(other[place])
        assert all(len(values) > 1 for values in possible.values()), (counts, number, possible)


@given(tables())
def test_every_count_and_every_sum_is_within_what_is_shown(counts):
    seen = published(counts)
    for row, shown, together in zip(counts, seen.rows, seen.row_sums, strict=True):
        assert all(span.least <= count <= span.most for count, span in zip(row, shown, strict=True))
        assert together.least <= sum(row) <= together.most
    for column, span in zip(zip(*counts, strict=True), seen.column_sums, strict=True):
        assert span.least <= sum(column) <= span.most
    assert seen.total.least <= sum(map(sum, counts)) <= seen.total.most


@given(tables())
def test_no_count_of_fewer_than_five_people_is_shown(counts):
    seen = published(counts)
    shown = [span.least for row in (*seen.rows, seen.row_sums) for span in row if span.is_exact]

    assert not [count for count in shown if 0 < count < FEWEST]


def exact(*counts):
    return tuple(Span(count, count) for count in counts)


@pytest.mark.parametrize(
    ("counts", "row", "together"),
    [
        ([12, 6, 0], exact(12, 6, 0), Span(18, 18)),
        ([12, 3, 0], (Span(12, 12), Span(1, 4), Span(0, 0)), Span(13, 16)),
        ([3, 3, 0], (Span(1, 4), Span(1, 4), Span(0, 0)), Span(5, 8)),
        ([0, 0, 4], (NONE_OR_FEW,) * 3, Span(1, 4)),
        ([1, 0, 0], (NONE_OR_FEW,) * 3, Span(1, 4)),
        ([0, 0, 0], exact(0, 0, 0), Span(0, 0)),
        ([5, 0, 0], exact(5, 0, 0), Span(5, 5)),
    ],
    ids=["all large", "one small", "two small", "few in all", "one person", "nobody", "five"],
)
def test_what_is_shown_of_a_row(counts, row, together):
    seen = published([counts])

    assert (seen.rows[0], seen.row_sums[0]) == (row, together)


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
