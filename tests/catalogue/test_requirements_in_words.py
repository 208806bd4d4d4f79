"""What a module asks for is said in plain words, line by line, with how each line stands; no kind is missing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from flask import current_app

from cpd.requirements.evaluator import standing_of
from cpd.requirements.language import (
    AllOf,
    AnyOf,
    ApprovedBy,
    AtLeast,
    Attended,
    Bounds,
    Branch,
    Completed,
    Credits,
    Distinct,
    Evidence,
    Leaf,
    Outcome,
    TimeInCareerLevel,
    YearsQualified,
)
from cpd.requirements.record import Fact, FactKind, Record
from tests.cast import london

TODAY = date(2019, 3, 4)
TITLES = {"M1": "Module 1: Genograms", "M2": "Module 2", "way": "The way"}
M1, M2 = Completed("M1"), Completed("M2")
WINDOW = Bounds(since=date(2018, 11, 1), within_months=6, before=date(2018, 12, 31))

LINES = [
    (AllOf((M1,)), "All of these:"),
    (AllOf(()), "Nothing"),
    (AnyOf((M1, M2)), "One of these:"),
    (AtLeast(2, (M1, M2)), "At least 2 of these:"),
    (Distinct((M1, M2)), "All of these, and nothing counts for two of them:"),
    (M1, "Module 1: Genograms"),
    (Completed("M9"), "M9"),
    (
        Completed("M1", WINDOW),
        "Module 1: Genograms, on or after 1 November 2018, in the last 6 months, by 31 December 2018",
    ),
    (Attended("way", 3), "3 different modules of The way"),
    (Credits(Decimal(20), 7), "20 credits at academic level 7 or above"),
    (
        Credits(Decimal(20), 6, sources=("M1", "M2", "apel"), at_most=Decimal(10)),
        "20 credits at academic level 6 or above from Module 1: Genograms, Module 2 or apel, of which at most 10 count",
    ),
    (Outcome("young_people", "recommended"), "“Recommended” from the young people panel"),
    (Evidence("direct_observation", 3), "3 accepted pieces of evidence: direct observation"),
    (Evidence("report"), "1 accepted piece of evidence: report"),
    (TimeInCareerLevel("3a", 12), "12 months in career level 3a"),
    (YearsQualified(3), "3 years since qualifying"),
    (YearsQualified(1, "registered", deduct_breaks=True), "1 year since first registration, breaks not counted"),
    (ApprovedBy("assistant_director"), "Approval by the assistant director"),
]


@pytest.fixture
def words(app):
    """Call a macro of the template and return what somebody reads: `words("in_words", ...)`."""

    def call(macro: str, *args) -> str:
        with app.test_request_context():
            template = current_app.jinja_env.get_template("catalogue/requirement.html")
            return " ".join(re.sub("<[^>]+>", "", getattr(template.module, macro)(*args)).split())

    return call


def state_of(words, requirement, *facts, dates=()) -> str:
    return words("state_of", standing_of(requirement, Record(1, facts), TODAY), dict(dates))


@pytest.mark.parametrize(("requirement", "said"), LINES, ids=lambda each: type(each).__name__)
def test_every_line_is_said_in_words(words, requirement, said):
    assert words("in_words", requirement, TITLES) == said


def test_no_kind_of_line_is_missing_here():
    assert {type(requirement) for requirement, _ in LINES} == {*get_args(Leaf), *get_args(Branch)}


def done(module="M1", kind=FactKind.COMPLETED, **more) -> Fact:
    return Fact(kind, module, date(2019, 3, 3), **more)


@pytest.mark.parametrize(
    ("requirement", "facts", "said"),
    [
        (M1, [done()], "Done on 3 March 2019"),
        (M1, [done(kind=FactKind.RECOGNISED)], "Recognised: 3 March 2019"),
        (AllOf(()), [], "Done"),
        (
            M1,
            [Fact(FactKind.COMPLETED, "M1", date(2019, 3, 12), london(2019, 3, 12, 12), ahead=True)],
            "Booked for 12 March 2019, counts once you attend",
        ),
        (
            ApprovedBy("hr"),
            [Fact(FactKind.PENDING, "hr", date(2019, 3, 9), value="approval")],
            "Waiting for a decision",
        ),
        (M1, [], "Still to do: 4 dates"),
        (M2, [], "Still to do"),
        (
            Credits(Decimal(60), 7),
            [done(kind=FactKind.CREDIT, amount=Decimal(20), academic_level=7)],
            "Still to do: 20 of 60",
        ),
        (
            YearsQualified(3),
            [Fact(FactKind.QUALIFIED, "", date(2017, 9, 1))],
            "Still to do: reached on 1 September 2020",
        ),
    ],
    ids=["done", "recognised", "nothing asked", "booked", "pending", "with dates", "without", "counted", "by time"],
)
def test_each_line_says_how_it_stands(words, requirement, facts, said):
    assert state_of(words, requirement, *facts, dates={"M1": 4}) == said


def test_a_tree_is_a_list_of_its_lines(app):
    tree = AllOf((M1, AnyOf((M2, Completed("M3")))))
    with app.test_request_context():
        template = current_app.jinja_env.get_template("catalogue/requirement.html")
        html = template.module.requirement(standing_of(tree, Record(1, (done(),)), TODAY), TITLES, {})

    assert re.findall(r"<li>", html) == ["<li>"] * 4
    assert 'href="/modules/M1"' in html
    assert "Done on 3 March 2019" in html


def test_words_of_a_pack_cannot_break_the_page(words, app):
    with app.test_request_context():
        template = current_app.jinja_env.get_template("catalogue/requirement.html")
        html = template.module.in_words(M1, {"M1": "<script>"})

    assert "<script>" not in html
