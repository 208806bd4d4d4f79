"""What a pack may say of study days, and what is refused with its line and reason (AMB-06, AMB-07)."""

from __future__ import annotations

import pytest

from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import pack_schema, read_pack
from cpd.schemes.study_days_shape import Absence, AllowancePeriod

PACK = """organisation: {code: bury, name: Bury Council}
version: 1
source: {title: A report, body: A committee, published: 2019-03, cites: [W-2]}
career_levels:
  - {code: 3a, title: Early}
study_days:
  - code: study
    title: Study day
    entitlements:
      - %s
"""
"""Its tenth line is the entitlement."""


@pytest.mark.parametrize(
    ("entitlement", "reason"),
    [
        ("{half_days: 3.5, period: stage}", "half_days"),
        ("{period: stage}", "half_days"),
        ("{half_days: -1, period: stage}", "half_days"),
        ("{half_days: 7, period: month}", "period"),
        ("{half_days: 7, period: year}", "needs year_begins where its period is a year"),
        ("{half_days: 7, period: stage, year_begins: '04-01'}", "needs year_begins where its period is a year"),
        ("{half_days: 7, period: year, year_begins: '02-29'}", "must be a day of every year"),
        ("{half_days: 7, period: year, year_begins: '04-31'}", "must be a day of every year"),
        ("{half_days: 7, period: stage, by_part_year: true}", "only where its period is a year"),
        ("{half_days: 7, period: stage, reduced_by: [pause]}", "only where its period is a year"),
        ("{half_days: 7, period: stage, career_levels: [3b]}", "there is no career level '3b'"),
        ("{half_days: 7, period: stage, career_levels: [3a, 3a]}", "gives 3a two entitlements"),
        (
            "{half_days: 7, period: stage}\n      - {half_days: 7, period: stage}",
            "gives everybody else two entitlements",
        ),
        ("{half_days: 7, period: stage}\n    morning_ends: '14:00'", "the times of a morning and, after it, of an"),
        ("{half_days: 7, period: stage}\n    morning_ends: '25:00'", "must be a time of day such as 09:00"),
    ],
)
def test_what_cannot_be_is_refused(entitlement, reason):
    with pytest.raises(PackRefused) as refused:
        read_pack(PACK % entitlement)

    [problem] = refused.value.problems
    assert reason in problem.reason
    assert problem.line >= 7


def test_a_kind_without_an_entitlement_is_refused():
    with pytest.raises(PackRefused, match="gives nobody an entitlement"):
        read_pack((PACK % "").replace("entitlements:\n      - ", "entitlements: []"))


def test_what_is_left_out_takes_nothing_off():
    [kind] = read_pack(PACK % "{half_days: null, period: stage}").study_days
    [entitlement] = kind.entitlements

    assert (entitlement.half_days, entitlement.period) == (None, AllowancePeriod.STAGE)
    assert (entitlement.by_hours, entitlement.by_part_year, entitlement.reduced_by) == (False, False, ())
    assert (kind.morning_begins.hour, kind.afternoon_ends.minute) == (9, 30)


def test_pauses_and_part_years_are_data():
    said = "{half_days: 10, period: year, year_begins: '01-01', by_part_year: true, reduced_by: [pause, leave]}"
    [entitlement] = read_pack(PACK % said).study_days[0].entitlements

    assert (entitlement.year_begins, entitlement.reduced_by) == ((1, 1), (Absence.PAUSE, Absence.LEAVE))


def test_the_schema_of_packs_knows_them():
    assert "StudyDayKind" in pack_schema()["$defs"]
