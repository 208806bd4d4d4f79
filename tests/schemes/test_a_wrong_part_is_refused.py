"""A part of a pack that is wrong in itself is refused with file, line and reason."""

import pytest

from cpd.schemes.reading import read_pack

KINDS = "all_of, any_of, at_least, distinct, completed, attended, credits, outcome, evidence, time_in_career_level"


def test_the_pack_that_is_made_wrong_below_is_right(small):
    assert [module.code for module in read_pack(small, "small.yaml").modules] == ["A1", "A2", "A3"]


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("version: 1", "version: yes", "4: version: must be a whole number, not 'yes'"),
        ("version: 1", "version: true", "4: version: must be a whole number, not true"),
        ("version: 1", "version: 1.0", "4: version: must be a whole number, not 1.0"),
        ("version: 1", "version: '1'", "4: version: must be a whole number, not '1'"),
        ("version: 1", "version: 0", "4: version: must be 1 or more, not 0"),
        ("version: 1", "version:", "4: version: must be a whole number, not nothing"),
        ("version: 1", "verison: 1", "4: 'verison' is not known here; did you mean version?"),
        ("version: 1", "version: 1\nversion: 2", "5: 'version' is given twice: first in line 4"),
        ("  name: Small Council\n", "", "1: organisation: name is missing"),
        ("Small Council", "2019", "3: organisation, name: must be text (put a number in quotes), not 2019"),
        ("Small Council", "'  '", "3: organisation, name: must be one line of text, not '  '"),
        (
            "Small Council",
            "x" * 201,
            f"3: organisation, name: must have at most 200 characters, not '{'x' * 59}…",
        ),
        (
            "published: 2019-03",
            "published: March 2019",
            "8: source, published: must be a month or a day, such as 2014-09 or 2019-03-07, not 'March 2019'",
        ),
        (
            "code: hall",
            "code: the hall",
            "13: venues, the hall, code: must be a code: letters and figures, with single hyphens or underscores",
        ),
        (
            "    address: 1 Example Street\n",
            "",
            "13: venues, hall: calls address invented but does not give it",
        ),
        ("title: First", "covers: First", "23: modules, A1: has no title, so it needs both a number_label and a line"),
        (
            "length_minutes: 90",
            "length_minutes: 1 hour",
            "26: modules, A1, length_minutes: must be a whole number, not '1 hour'",
        ),
        (
            "booking_mode: drop_in",
            "booking_mode: maybe",
            "33: modules, A2, booking_mode: must be 'required' or 'drop_in', not 'maybe'",
        ),
        (
            "is_mandatory: false",
            "is_mandatory: no",
            "53: programmes, both, elements, A2, is_mandatory: must be true or false, not 'no'",
        ),
        (
            "valid_to: 2018-12-31",
            "valid_to: 2018-11-31",
            "47: equivalences, A1, valid_to: must be a day between 1900 and 2199 that exists, such as 2018-11-30",
        ),
        (
            "valid_to: 2018-12-31",
            "valid_to: 9999-12-31",
            "47: equivalences, A1, valid_to: must be a day between 1900 and 2199 that exists, such as 2018-11-30",
        ),
        (
            "valid_to: 2018-12-31",
            "valid_to: 20181231",
            "47: equivalences, A1, valid_to: must be a day between 1900 and 2199 that exists, such as 2018-11-30",
        ),
        (
            "[G-1, AMB-21]",
            "[rule 3]",
            "28: modules, A1, cites, number 1: must be the id of a rule or an ambiguity, such as G-3 or AMB-23, not",
        ),
        ("rooms:\n", "rooms: none\n    rums:\n", "17: venues, hall, rooms: must be a list, not 'none'"),
        (
            "    elements:\n      - {module: A1, is_mandatory: true}\n      - {module: A2, is_mandatory: false}\n",
            "    elements: []\n",
            "51: programmes, both, elements: must not be an empty list",
        ),
    ],
)
def test_a_part_that_is_wrong_in_itself_is_refused(right, wrong, expected, small, refusal):
    assert small.count(right) == 1
    assert any(line.startswith(f"small.yaml:{expected}") for line in refusal(small.replace(right, wrong)))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("complete: A1", "'complete' is not known here; did you mean completed?"),
        ("{}", f"asks nothing: say one of {KINDS}, years_qualified, approved_by"),
        ("A1", "must have keys of its own, not 'A1'"),
        ("completed:", "says completed but not what"),
        (
            "{completed: A1, approved_by: hr}",
            "asks approved_by and completed in one line: give each its own line under all_of or any_of",
        ),
        ("any_of: []", "any_of: must not be an empty list"),
        ("at_least: {count: 2, of: [completed: A1]}", "at_least: asks for 2 lines, but only 1 are listed"),
        ("at_least: {count: 0, of: []}", "at_least, count: must be 1 or more, not 0"),
        ("outcome: {panel: moderation}", "outcome: outcome is missing"),
        ("years_qualified: three", "years_qualified, years: must be a whole number, not 'three'"),
        (
            "years_qualified: {years: 3, counted_from: birth}",
            "years_qualified, counted_from: must be 'qualified' or 'registered', not 'birth'",
        ),
        ("evidence: {kind: observation, count: 1.5}", "evidence, count: must be a whole number, not 1.5"),
        (
            "time_in_career_level: {career_level: 3, months: 12}",
            "time_in_career_level, career_level: must be text (put a number in quotes), not 3",
        ),
        ("credits: {credits: 20, academic_level: 9}", "credits, academic_level: must be 8 or less, not 9"),
        (
            "credits: {credits: true, academic_level: 7}",
            "credits, credits: must be a number above 0 and up to 1000, with at most two decimals",
        ),
        (
            "credits: {credits: .inf, academic_level: 7}",
            "credits, credits: must be a number above 0 and up to 1000, with at most two decimals",
        ),
        (
            "completed: {module: A1, since: 2019-02-01, before: 2019-01-01}",
            "completed: since (2019-02-01) is later than before (2019-01-01), so nothing could count",
        ),
        ("completed: {module: A1, within_months: -1}", "completed, within_months: must be 1 or more, not -1"),
    ],
)
def test_a_requirement_that_makes_no_sense_is_refused(wrong, expected, small, refusal):
    lines = refusal(small.replace("- completed: A1", f"- {wrong}"))

    assert [line for line in lines if line.startswith("small.yaml:41: modules, A3, prerequisites, all_of, number 1")]
    assert expected in "\n".join(lines)
