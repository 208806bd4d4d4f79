"""People by criterion: the nearest to the next step first, a page at a time, and counts of all."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cpd.people.service import PersonFacts
from cpd.progression.pathways.matrix import MOST_NAMED, Matrix, MatrixRow, _counted, _nearness, aside_words, paged
from cpd.progression.pathways.rules import Verdict


def row(number, verdict=Verdict.TO_DO, expected_on=None):
    return MatrixRow(PersonFacts(number, f"Person {number}", "", ""), "", ("", ""), verdict, expected_on, (), ())


def matrix(key, rows):
    return Matrix(key, "", "", 1, (), (), f"{len(rows)} in all", rows)


def test_who_is_ready_stands_first_then_who_will_be_soonest():
    later, sooner = date(2019, 3, 1), date(2019, 2, 1)
    rows = [row(1), row(2, Verdict.EXPECTED, later), row(3, Verdict.READY), row(4, Verdict.EXPECTED, sooner)]

    assert [each.person.id for each in sorted(rows, key=_nearness)] == [3, 4, 2, 1]


def test_all_are_counted_in_words():
    assert (
        _counted([Verdict.TO_DO, Verdict.READY, Verdict.TO_DO])
        == "1 ready, not asked for; 2 with something still to do"
    )


def test_a_page_keeps_the_counts_of_everybody():
    page = paged([matrix("a", [row(1), row(2), row(3)])], 2, per_page=2)

    assert [[each.person.id for each in found.rows] for found in page.matrices] == [[3]]
    assert (page.matrices[0].words, page.page, page.pages) == ("3 in all", 2, 2)


@given(st.lists(st.integers(0, 7), max_size=5), st.integers(1, 4))
def test_the_pages_together_show_everybody_once_and_in_order(sizes, per_page):
    numbers = iter(range(1000))
    found = [matrix(str(key), [row(next(numbers)) for _ in range(size)]) for key, size in enumerate(sizes)]
    pages = paged(found, 1, per_page).pages

    shown = [
        each.person.id
        for page in range(1, pages + 1)
        for part in paged(found, page, per_page).matrices
        for each in part.rows
    ]
    assert shown == list(range(sum(sizes)))
    assert all(
        sum(len(part.rows) for part in paged(found, page, per_page).matrices) <= per_page
        for page in range(1, pages + 1)
    )


@given(st.integers(-3, 99))
def test_a_page_that_is_not_there_is_the_nearest_that_is(page):
    assert 1 <= paged([matrix("a", [row(1), row(2), row(3)])], page, per_page=2).page <= 2


def test_of_many_with_no_next_step_some_are_named_and_the_others_counted():
    people = [(PersonFacts(number, "", "", ""), "Agency staff") for number in range(MOST_NAMED + 3)]

    [(why, named, words, more)] = aside_words(people)
    assert (why, len(named), words, more) == ("Agency staff", MOST_NAMED, "203 people", 3)
