"""What may tell who a child or family is, and what does not: examples, and for numbers any number (B8)."""

from __future__ import annotations

import string
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.portfolios.identifiers import IdentifierKind, is_nhs_number, looked_through, plain, spans_in
from cpd.progression.portfolios.wording import FOUND, PLACES, found_words

KIND = IdentifierKind


def found(text):
    return [(each.kind, each.excerpt) for each in looked_through({"words": text})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I met Mrs Havisham at home", [(KIND.NAME, "Mrs Havisham")]),
        ("Mr. O'Brien and Ms Nguyen-Smith came", [(KIND.NAME, "Mr. O'Brien"), (KIND.NAME, "Ms Nguyen-Smith")]),
        ("Mr and Mrs Jones", [(KIND.NAME, "Mr and Mrs Jones")]),
        ("Miss É. Zola", [(KIND.NAME, "Miss É. Zola")]),
        ("his date of birth is 3 March 2010", [(KIND.DATE_OF_BIRTH, "date of birth is 3 March 2010")]),
        ("DOB: 03/03/2010", [(KIND.DATE_OF_BIRTH, "DOB: 03/03/2010")]),
        ("born on 2010-03-03", [(KIND.DATE_OF_BIRTH, "born on 2010-03-03")]),
        ("NHS 943 476 5919", [(KIND.NHS_NUMBER, "943 476 5919")]),
        ("QQ is no prefix, AB 12 34 56 C is one", [(KIND.NATIONAL_INSURANCE, "AB 12 34 56 C")]),
        ("ring 0191 433 3000", [(KIND.PHONE, "0191 433 3000")]),
        ("+44 7700 900123", [(KIND.PHONE, "+44 7700 900123")]),
        ("they live in ne8 1hh now", [(KIND.POSTCODE, "ne8 1hh")]),
        ("case no. 12345", [(KIND.CASE_NUMBER, "case no. 12345")]),
        ("Ref: AB/12345", [(KIND.CASE_NUMBER, "Ref: AB/12345")]),
        ("child 7654321 of the family", [(KIND.CASE_NUMBER, "child 7654321")]),
        ("write to a.b@example.org", [(KIND.EMAIL, "a.b@example.org")]),
        ("Jade Smith from Hillfields was late", [(KIND.NAME, "Jade Smith")]),
        (
            "Jade Smith, and her mother Anna, of 12 Hillfields Road",
            [(KIND.NAME, "Jade Smith"), (KIND.NAME, "mother Anna"), (KIND.ADDRESS, "12 Hillfields Road")],
        ),
        ("his son, Ali", [(KIND.NAME, "son, Ali")]),
        ("a boy called Oscar-James left", [(KIND.NAME, "called Oscar-James")]),
        ("I visited the O'Brien family", [(KIND.NAME, "O'Brien family")]),
        ("flat 3, 14b St Mary's Court", [(KIND.ADDRESS, "14b St Mary's Court")]),
        ("The report names Grace Clement.", [(KIND.NAME, "Grace Clement")]),
    ],
)
def test_this_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I met Ms A and her son B on 3 May 2018",
        "The observation of 12/11/2018 lasted 90 minutes; I read 14 files",
        "Grade 8, level 3a, PCF 6, module M2, £1,250.50 in 2018-19",
        "Master class on child protection 2018, the family of four, case file audit 2",
        "943 476 5918 is no such number, for its check figure is wrong",
        "She is mistaken, misses nothing, and the mission goes on",
        "record 2018-19, reference 2018-11-05",
        "Direct Observation of a Family Group Conference for Social Work England, with Children's Services",
        "I used Motivational Interviewing and the Signs of Safety (Turnell, 1999), as Eileen Munro (2011) says",
        "Feedback from a Health Visitor, Section 47 Enquiry, the Children Act and Working Together",
        "the Polish family and the Somali family, 2 Family Court hearings, and the mother and Social Worker",
        "",
    ],
)
def test_this_is_none(text):
    assert found(text) == []


def test_what_was_found_says_where_and_the_same_stands_once():
    said = looked_through({"title": "Mrs Havisham", "words": "Mrs Havisham, and Mrs Havisham again"})

    assert [(each.where, each.excerpt) for each in said] == [("title", "Mrs Havisham"), ("words", "Mrs Havisham")]
    assert found_words(["name:title", "postcode:file"]) == "a name in the title and a postcode in the file itself"


def test_there_are_words_for_each_kind_and_each_place():
    assert set(FOUND) == set(KIND)
    assert set(PLACES) == {"title", "words", "link", "filename", "file", "comments"}


def test_a_long_find_is_cut():
    ((_, excerpt),) = found(f"{'a' * 60}@example.org")

    assert len(excerpt) == 40
    assert excerpt.endswith("…")


def with_check(nine):
    figures = [int(each) for each in nine]
    check = -sum(figure * weight for figure, weight in zip(figures, range(10, 1, -1), strict=True)) % 11
    return f"{nine}{check}" if check < 10 else None


NINES = st.text(string.digits, min_size=9, max_size=9).filter(lambda nine: nine[0] != "0" and len(set(nine)) > 1)
NHS_NUMBERS = NINES.map(with_check).filter(lambda number: number is not None and len(set(number)) > 1)
AROUND = st.text(st.characters(categories=["Ll", "Zs", "Po"], exclude_characters="@.'/£&#:"), max_size=40)


@given(NHS_NUMBERS, st.sampled_from(["", " ", "-", "\u00a0", "\u2011"]), AROUND, AROUND)
def test_any_nhs_number_is_found_however_it_is_spaced_and_whatever_stands_around_it(number, between, before, after):
    written = between.join((number[:3], number[3:6], number[6:]))

    assert is_nhs_number(written)
    assert KIND.NHS_NUMBER in [span.kind for span in spans_in(plain(f"{before} {written} {after}"))]


@given(NHS_NUMBERS, st.integers(1, 9))
def test_a_wrong_check_figure_makes_it_none(number, by):
    wrong = f"{number[:9]}{(int(number[9]) + by) % 10}"

    assert not is_nhs_number(wrong)
    assert KIND.NHS_NUMBER not in [span.kind for span in spans_in(wrong)]


@given(st.text(st.characters(categories=["Ll", "Zs", "Po"], exclude_characters="@"), max_size=300))
def test_plain_words_without_figures_and_capitals_hold_nothing(text):
    assert spans_in(text) == []


@given(st.text(max_size=300))
def test_any_text_is_looked_through_letter_for_letter(text):
    assert len(plain(text)) == len(text)
    spans = spans_in(plain(text))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_further_text_takes_nothing_away(one, other):
    alone = set(looked_through({"title": one}))

    assert alone <= set(looked_through({"title": one, "words": other}))


@pytest.mark.parametrize(
    "letter", ["a", "A", "1", "0 ", "Mr ", "Jo ", "Jo-", "mother Jo ", "a.", "born ", "case ", "(0", "-", "Ab-"]
)
def test_a_long_text_takes_no_longer_than_its_length(letter):
    text = letter * (100_000 // len(letter))
    began = time.perf_counter()
    spans_in(text)

    assert time.perf_counter() - began < 5
