"""What packs say of yearly award places and of funding, and what is refused of it (S-5, AMB-41, W-13)."""

from __future__ import annotations

import pytest

from cpd.schemes.award_places_shape import PlaceDecider, PlaceYear
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.values import StaffType

PLACES = """\
awards:
  - {code: diploma, title: Diploma, academic_level: 6}
award_places:
  - {award: diploma, title: Diploma, places: 3}
"""


def test_slough_has_three_places_a_year_on_each_of_two_awards():
    pack = read_pack(PACKS / "slough.yaml")

    assert [(each.award, each.places, each.year) for each in pack.award_places] == [
        ("graduate-diploma", 3, PlaceYear.FINANCIAL),
        ("practice-educator", 3, PlaceYear.FINANCIAL),
    ]
    assert {each.decided_by for each in pack.award_places} == {PlaceDecider.WORKFORCE_DEVELOPMENT}
    assert {each.staff_types for each in pack.award_places} == {(StaffType.EMPLOYEE,)}
    (assumed,) = [each.sentence for each in pack.assumptions if each.id == "AMB-41"]
    assert "financial year" in assumed
    assert "Workforce Development" in assumed


def test_only_warwickshire_takes_requests_for_funding():
    packs = {path.stem: read_pack(path) for path in PACKS.glob("*.yaml")}

    assert [name for name, pack in packs.items() if pack.funding] == ["warwickshire"]
    assert packs["warwickshire"].funding.staff_types == (StaffType.EMPLOYEE,)
    assert packs["warwickshire"].funding.cites == ("W-13",)


def test_the_smallest_is_enough(small):
    (places,) = read_pack(small + PLACES).award_places

    assert (places.year, places.opens_days_before, places.closes_days_after) == (PlaceYear.FINANCIAL, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("award: diploma", "award: diplom", "award: there is no award 'diplom'; did you mean diploma?"),
        ("places: 3", "places: 0", "places: must be 1 or more, not 0"),
        ("places: 3", "places: 3, year: school", "year: must be 'financial' or 'calendar', not 'school'"),
        ("places: 3", "places: 3, closes_days_after: 365", "closes_days_after: must be 364 or less, not 365"),
        ("places: 3", "places: 3, staff_types: []", "staff_types: must not be an empty list"),
        ("places: 3", "places: 3, decided_by: director", "decided_by: must be 'workforce_development'"),
        ("places: 3", "places: 3, cites: [S-5]", "cites S-5, which stands neither under source nor under assumptions"),
        (
            "places: 3}",
            "places: 3}\n  - {award: Diploma, title: Again, places: 1}",
            "'Diploma' is given twice: first in line",
        ),
    ],
)
def test_what_leads_nowhere_is_refused_with_its_line(small, refusal, right, wrong, expected):
    text = small + PLACES
    assert right in text

    lines = refusal(text.replace(right, wrong))

    assert any(expected in line and line.startswith("small.yaml:") for line in lines), lines


def test_funding_must_say_for_what_it_is(small, refusal):
    (line,) = refusal(small + "funding: {staff_types: [employee]}\n")

    assert line.endswith("funding: covers is missing")
