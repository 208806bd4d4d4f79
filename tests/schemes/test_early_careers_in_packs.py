"""What the packs say of early-career programmes, and what a pack may not say of them."""

from __future__ import annotations

import pytest

from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from tests.progression.early_years import PACK

COUNCILS = ("coventry", "gateshead", "slough", "walsall", "warwickshire")


def programmes(council):
    return {each.code: each for each in read_pack(PACKS / f"{council}.yaml").early_career_programmes}


@pytest.mark.parametrize("council", COUNCILS)
def test_each_council_has_its_year_and_from_september_2027_the_national_programme(council):
    found = programmes(council)

    assert found["asye"].months == (12, 12)
    assert found["asye"].offered_until.isoformat() == "2028-08-31"
    assert (found["ecdp"].months, found["ecdp"].offered_from.isoformat()) == ((24, 24), "2027-09-01")
    assert found["ecdp"].is_invented
    assert (found["asye"].framework, found["ecdp"].framework) == ("PQS", "ECS")


@pytest.mark.parametrize("council", COUNCILS)
def test_the_year_is_reviewed_as_nationally(council):
    points = programmes(council)["asye"].review_points

    assert [(each.month, each.is_optional) for each in points] == [
        (0, False),
        (3, False),
        (6, False),
        (9, True),
        (12, False),
    ]
    assert [each.month for each in programmes(council)["asye"].self_assessments] == [0, 6, 12]


def test_warwickshire_counts_eight_workshops_and_has_a_second_programme():
    found = programmes("warwickshire")

    assert found["asye"].workshops == "asye-workshops"
    assert found["asye"].panel == "asye-moderation"
    assert (found["epd"].months, found["epd"].panel, found["epd"].career_levels) == (
        (12, 18),
        "epd-moderation",
        ("3a",),
    )
    assert found["asye"].has_learning_sets
    assert found["epd"].has_learning_sets


def test_sloughs_supervision_is_fortnightly_from_the_first_week_with_two_more_kinds_beside():
    patterns = programmes("slough")["asye"].supervision

    assert [(each.code, [str(phase.frequency) for phase in each.phases]) for each in patterns] == [
        ("line-manager", ["fortnightly", "monthly"]),
        ("group", ["monthly"]),
        ("three-way", ["monthly"]),
    ]
    assert programmes("slough")["asye"].induction == "induction-checklist"


def test_elsewhere_supervision_is_as_nationally():
    for council in COUNCILS:
        if council != "slough":
            [pattern] = programmes(council)["asye"].supervision
            assert [str(each.frequency) for each in pattern.phases] == ["weekly", "fortnightly", "monthly"]


def test_walsalls_year_is_to_be_finished_within_two():
    assert {council: programmes(council)["asye"].complete_within_months for council in COUNCILS} == {
        "coventry": None,
        "gateshead": None,
        "slough": None,
        "walsall": 24,
        "warwickshire": None,
    }


LEVELS = "career_levels: [new]\n    months: [12, 12]"
UNTIL = "    offered_until: 2028-08-31\n    offered_from: 2029-01-01"
FINAL = "{code: final, title: Final review, review_point_kind: final, month: 12}"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (LEVELS, LEVELS.replace("[new]", "[nwe]"), "no career level 'nwe'"),
        ("    panel: moderation", "    panel: nobody", "there is no panel 'nobody'"),
        ("    workshops: workshops", "    workshops: shops", "there is no programme 'shops'"),
        ("    induction: induction", "    induction: first-month", "there is no kind of evidence 'first-month'"),
        ("    framework: PCF", "    framework: PFC", "there is no framework 'PFC'; did you mean PCF?"),
        ("code: second\n", "code: asye\n", "'asye' is given twice"),
        ("panel_kind: moderation", "panel_kind: interview", "moderation is no moderation panel"),
        ("    months: [12, 12]", "    months: [13, 12]", "write the smaller number first"),
        ("    complete_within_months: 24", "    complete_within_months: 11", "before it is expected to"),
        ("    offered_until: 2028-08-31", UNTIL, "a day before"),
        (FINAL, "{code: final, title: Final review, month: 12}", "must end with its one final review"),
        (FINAL, FINAL.replace("month: 12", "month: 5"), "not in the order of time"),
        (FINAL, FINAL.replace("month: 12", "month: 14"), "has a point after its 12 months"),
        (FINAL, FINAL.replace("}", ", is_optional: true}"), "only reviews in between can be left out"),
        ("{code: six,", "{code: three,", "names three twice"),
        ("    framework: PCF\n", "", "needs the framework whose statements they ask"),
        ("          - {frequency: weekly, until_weeks: 6}", "          - {frequency: weekly}", "and that is the last"),
        ("until_months: 6}", "until_months: 1}", "each must end later than the one before"),
        ("until_weeks: 6}", "until_weeks: 6, until_months: 2}", "write one of them"),
        ("frequency: monthly}\n      - code: group", "frequency: yearly}\n      - code: group", "not 'yearly'"),
    ],
)
def test_a_programme_that_does_not_fit_is_refused_with_its_line(old, new, reason):
    assert old in PACK
    with pytest.raises(PackRefused) as refusal:
        read_pack(PACK.replace(old, new, 1))

    said = [str(problem) for problem in refusal.value.problems]
    assert any(reason in each for each in said), said
    assert all(each.split(":")[1].isdigit() for each in said)
