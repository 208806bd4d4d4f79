"""Awards in packs: what Warwickshire's and Slough's reports say, and what is refused with its line and reason."""

from decimal import Decimal

import pytest

from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.requirement_shape import requirement_from

AWARDS = """\
career_levels:
  - {code: low, title: Low}
  - {code: high, title: High}
prior_learning:
  - {code: before, title: Before, claim_type: apel, credits: 20, academic_level: 7}
awards:
  - code: award
    title: An award
    academic_level: 7
    credits: 40
    prior_learning_at_most: 20
    lines:
      - credits: {credits: 20, academic_level: 7, sources: [before]}
      - credits: {credits: 20, academic_level: 7, sources: [A1, A2]}
    instead:
      - code: other
        title: Another way
        above: low
        lines:
          - credits: {credits: 20, academic_level: 7, sources: [A1]}
          - credits: {credits: 20, academic_level: 7, sources: [A2]}
practice_educator_stages:
  - stage: 1
    title: Stage one
    allows: Teach
    holds: {credits: {credits: 20, academic_level: 7, sources: [A1]}}
    entry: {years_qualified: 2}
"""


TEN = "{credits: {credits: 10, academic_level: 7}}"


@pytest.fixture
def with_awards(small):
    """Give the small pack with awards, to be made wrong."""
    return small + AWARDS


def pack(council):
    return read_pack(PACKS / f"{council}.yaml")


def test_the_small_pack_with_awards_is_right(with_awards):
    assert [award.code for award in read_pack(with_awards, "small.yaml").awards] == ["award"]


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("sources: [A1, A2]", "sources: [A1, A9]", "there is no module and no prior learning 'A9'"),
        ("above: low", "above: lowest", "there is no career level 'lowest'"),
        ("credits: 40", "credits: 60", "is 60 credits, but its lines come to 40"),
        ("    credits: 40\n", "", "needs both credits and lines, or neither where the report does not say"),
        (
            "prior_learning_at_most: 20",
            "prior_learning_at_most: 10",
            "need 20 credits of prior learning, but at most 10 may count",
        ),
        ("code: other", "code: award\n        titel: x", "'titel' is not known here; did you mean title?"),
        (
            "      - credits: {credits: 20, academic_level: 7, sources: [A1, A2]}\n",
            f"      - all_of: [{TEN}, {TEN}]\n",
            "could count one activity twice: join lines of credits by distinct or any_of",
        ),
        ("credits: 40\n", "credits: 40\n    currency_years: 0\n", "must be 1 or more"),
        ("stage: 1", "stage: 3", "must be 2 or less"),
        (
            "holds: {credits: {credits: 20, academic_level: 7, sources: [A1]}}",
            "holds: {completed: A9}",
            "no module 'A9'",
        ),
        ("academic_level: 7\n    credits", "academic_level: 9\n    credits", "must be 8 or less"),
    ],
)
def test_a_wrong_award_is_refused_with_its_reason(with_awards, refusal, right, wrong, expected):
    assert right in with_awards
    lines = refusal(with_awards.replace(right, wrong, 1))

    assert any(expected in line and line.startswith("small.yaml:") for line in lines)


def test_two_compositions_or_stages_of_one_name_are_refused(with_awards, refusal):
    instead = with_awards[with_awards.index("      - code: other") : with_awards.index("practice_educator")]
    twice = with_awards.replace(instead, instead + instead, 1)
    stages = with_awards[with_awards.index("  - stage: 1") :]

    assert any("'other' is given twice" in line for line in refusal(twice))
    assert any("'1' is given twice" in line for line in refusal(with_awards + stages))


def credits_of(lines):
    """What each line asks: how many credits, at which level, from where, at most."""
    asked = [requirement_from(line) for line in lines]
    return [(line.credits, line.academic_level, line.sources, line.at_most) for line in asked]


def test_warwickshire_s_postgraduate_certificate_takes_60_credits():
    """W-5, AMB-01: 20 by the portfolio, 20 by stage one, and 20 by stage two or the Research Module."""
    (award,) = pack("warwickshire").awards

    assert (award.academic_level, award.credits, award.prior_learning_at_most) == (7, 60, 20)
    assert credits_of(award.lines) == [
        (Decimal(20), 7, ("asye-apel",), Decimal(20)),
        (Decimal(20), 7, ("WA-PE-1",), None),
        (Decimal(20), 7, ("WA-PE-2", "WA-RESEARCH"), None),
    ]


def test_who_joined_above_has_a_third_module_or_one_taken_elsewhere():
    """AMB-42, shown as an assumption."""
    warwickshire = pack("warwickshire")
    (instead,) = warwickshire.awards[0].instead

    assert (instead.above, instead.cites) == ("nqsw", ("AMB-42",))
    assert [sources for _, _, sources, _ in credits_of(instead.lines)] == [
        ("WA-PE-1",), ("WA-PE-2", "WA-RESEARCH"), ("WA-PE-2", "WA-RESEARCH", "apcl")
    ]  # fmt: skip
    assert {"AMB-01", "AMB-42", "B6"} <= {each.id for each in warwickshire.assumptions}


def test_currency_is_off_in_every_pack():
    """B6: no source settles it, so no council asks for it until it says so."""
    packs = [pack(path.stem) for path in PACKS.glob("*.yaml")]

    assert [award.currency_years for each in packs for award in each.awards] == [None, None, None]
    assert [stage.currency for each in packs for stage in each.practice_educator_stages] == [None, None]


def test_slough_s_awards_carry_their_own_level_and_no_composition():
    """S-5, AMB-19."""
    awards = pack("slough").awards

    assert [(each.code, each.academic_level, each.credits, each.lines) for each in awards] == [
        ("graduate-diploma", 6, None, ()),
        ("practice-educator", 7, None, ()),
    ]
