"""Requirements as written in a pack, as asked of a record, as kept in the database."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.requirements import language
from cpd.requirements.language import AllOf, AnyOf, AtLeast, Bounds, Completed, Distinct
from cpd.schemes.requirement_shape import RequirementShape, requirement_from, requirement_from_json, requirement_to_json
from cpd.schemes.yaml_text import read_document

APEL = language.Credits(Decimal(20), 7, ("apel",), at_most=Decimal(20))
STAGE_1 = language.Credits(Decimal(20), 7, ("stage-1",))
STAGE_2_OR_RESEARCH = language.Credits(Decimal(20), 7, ("stage-2", "research"))


def written(text):
    """Read a requirement as a pack has it."""
    return requirement_from(RequirementShape.model_validate_json(json.dumps(read_document(text, "pack").value)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("completed: M1", Completed("M1")),
        (
            "completed: {module: M1, since: 2018-11-01, before: 2018-12-31}",
            Completed("M1", Bounds(since=date(2018, 11, 1), before=date(2018, 12, 31))),
        ),
        ("completed: {module: M1, within_months: 36}", Completed("M1", Bounds(within_months=36))),
        ("all_of: []", language.NOTHING),
        ("all_of: [completed: M1, completed: M2]", AllOf((Completed("M1"), Completed("M2")))),
        ("any_of: [{completed: M1}, {completed: M2}]", AnyOf((Completed("M1"), Completed("M2")))),
        ("at_least: {count: 1, of: [completed: M1, completed: M2]}", AtLeast(1, (Completed("M1"), Completed("M2")))),
        ("attended: {programme: asye-workshops, count: 6}", language.Attended("asye-workshops", 6)),
        ("outcome: {panel: moderation, outcome: pass}", language.Outcome("moderation", "pass")),
        ("evidence: direct-observation", language.Evidence("direct-observation")),
        (
            "evidence: {kind: direct-observation, count: 3, since: 2026-09-01}",
            language.Evidence("direct-observation", 3, Bounds(since=date(2026, 9, 1))),
        ),
        ("time_in_career_level: {career_level: 3a, months: 12}", language.TimeInCareerLevel("3a", 12)),
        ("years_qualified: 3", language.YearsQualified(3)),
        (
            "years_qualified: {years: 3, counted_from: registered, deduct_breaks: true}",
            language.YearsQualified(3, "registered", deduct_breaks=True),
        ),
        ("approved_by: assistant_director", language.ApprovedBy("assistant_director")),
        ("credits: {credits: 7.5, academic_level: 6}", language.Credits(Decimal("7.5"), 6)),
    ],
)
def test_a_line_in_a_pack_asks_this(text, expected):
    assert written(text) == expected


def test_the_postgraduate_certificate_can_be_written_down():
    text = """
distinct:
  - credits: {credits: 20, academic_level: 7, sources: [apel], at_most: 20}
  - credits: {credits: 20, academic_level: 7, sources: [stage-1]}
  - credits: {credits: 20, academic_level: 7, sources: [stage-2, research]}
"""
    assert written(text) == Distinct((APEL, STAGE_1, STAGE_2_OR_RESEARCH))


def test_what_is_kept_in_the_database_stays_as_it_is():
    requirement = AllOf((Completed("M1"), AtLeast(1, (APEL, language.YearsQualified(3))), language.Evidence("report")))

    assert requirement_to_json(requirement) == {
        "all_of": [
            {"completed": {"module": "M1"}},
            {
                "at_least": {
                    "count": 1,
                    "of": [
                        {"credits": {"credits": "20", "academic_level": 7, "sources": ["apel"], "at_most": "20"}},
                        {"years_qualified": {"years": 3, "counted_from": "qualified", "deduct_breaks": False}},
                    ],
                }
            },
            {"evidence": {"kind": "report", "count": 1}},
        ]
    }


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"completed": None},
        {"completed": {"module": "M1"}, "all_of": []},
        {"passed": "M1"},
        {"any_of": []},
        {"all_of": 3},
    ],
)
def test_what_was_never_kept_is_not_read_back(stored):
    with pytest.raises(ValueError):
        requirement_from_json(stored)


def test_a_choice_of_nothing_is_not_kept():
    with pytest.raises(ValueError, match="any_of"):
        requirement_to_json(AnyOf(()))


CODES = st.from_regex(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})?", fullmatch=True)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
BOUNDS = st.builds(
    lambda days, months: (
        Bounds(since=min(days), before=max(days), within_months=months) if days else Bounds(within_months=months)
    ),
    st.just(()) | st.tuples(DAYS, DAYS),
    st.none() | st.integers(1, 1200),
)
AMOUNTS = st.decimals("0.01", 1000, places=2)
COUNTS = st.integers(1, 1000)
LEAVES = st.one_of(
    st.builds(Completed, CODES, BOUNDS),
    st.builds(language.Attended, CODES, COUNTS, BOUNDS),
    st.builds(
        language.Credits,
        AMOUNTS,
        st.integers(1, 8),
        st.lists(CODES, max_size=3).map(tuple),
        st.none() | AMOUNTS,
        BOUNDS,
    ),
    st.builds(language.Outcome, CODES, CODES, BOUNDS),
    st.builds(language.Evidence, CODES, COUNTS, BOUNDS),
    st.builds(language.TimeInCareerLevel, CODES, st.integers(1, 1200)),
    st.builds(language.YearsQualified, st.integers(1, 60), st.sampled_from(["qualified", "registered"]), st.booleans()),
    st.builds(language.ApprovedBy, CODES, BOUNDS),
)


def branches(lines):
    several = st.lists(lines, max_size=4).map(tuple)
    some = st.lists(lines, min_size=1, max_size=4).map(tuple)
    at_least = some.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of)))
    return st.builds(AllOf, several) | st.builds(AnyOf, some) | at_least | st.builds(Distinct, several)


@given(st.recursive(LEAVES, branches, max_leaves=12))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_every_requirement_comes_back_from_the_database_as_it_went_in(requirement):
    kept = json.dumps(requirement_to_json(requirement))

    assert requirement_from_json(json.loads(kept)) == requirement
    assert json.dumps(requirement_to_json(requirement_from_json(json.loads(kept)))) == kept
