"""Each council's golden people: what is to be said of somebody's next step on a day, as tables that anybody can read.

The tables stand in `tests/schemes/golden/`, one for each council.
"""

from datetime import date

import pytest

from cpd.requirements.evaluator import standing_of
from cpd.schemes.reading import PACKS, read_pack
from tests.schemes.golden_people import GOLDEN, facts_in, golden_rows, in_words, level_of, record_of, verdict_on

COUNCILS = ["coventry", "gateshead", "slough", "walsall", "warwickshire"]
FEWEST = 12
A_YEAR_LATER = date(2020, 3, 16)
ROWS = [
    pytest.param(council, row, id=f"{council}: {row.who}, {row.on}, {row.step}")
    for council in COUNCILS
    for row in golden_rows(council)
]


@pytest.mark.parametrize(("council", "row"), ROWS)
def test_this_is_to_be_said_of_her_next_step(packs, council, row):
    pack = packs[council]
    (pathway,) = (each for each in pack.career_pathways if level_of(row) in (*each.levels, *each.beside))
    ways = {each.code: each for each in pathway.transitions if each.from_level == level_of(row)}

    if row.staff_type not in pathway.staff_types:
        assert (row.step, row.verdict, row.lines) == ("none", "does not progress", {})
    elif row.step == "none":
        assert (list(ways), row.verdict, row.lines) == ([], "no way on is published", {})
    else:
        way, record = ways[row.step], record_of(row, pack)
        assert {line.code: in_words(standing_of(line.asked, record, row.on)) for line in way.criteria} == row.lines
        assert verdict_on(way, record, row.on) == row.verdict


@pytest.mark.parametrize("council", COUNCILS)
def test_there_are_enough_golden_people_and_each_is_asked_about_every_step_with_criteria(packs, council):
    rows = golden_rows(council)
    ways = [way for pathway in packs[council].career_pathways for way in pathway.transitions]

    assert len({row.who.split(",")[0] for row in rows}) >= FEWEST
    assert {row.step for row in rows} - {"none"} == {way.code for way in ways}
    for row in rows:
        asked = {each.step for each in rows if (each.who, each.on) == (row.who, row.on)}
        if row.step != "none":
            assert {way.code for way in ways if way.criteria and way.from_level == level_of(row)} <= asked


@pytest.mark.parametrize("council", COUNCILS)
def test_every_line_is_seen_done_and_not_done(packs, council):
    rows = golden_rows(council)
    for way in (way for pathway in packs[council].career_pathways for way in pathway.transitions):
        for line in way.criteria:
            said = {row.lines[line.code].startswith("done") for row in rows if row.step == way.code}
            assert said == {True, False}, f"{way.code}, {line.code}"


def test_where_a_council_deducts_career_breaks_a_year_away_is_a_year_later():
    """AMB-40: a setting, off in the pack; Cal has been away for a year."""
    text = (PACKS / "coventry.yaml").read_text()
    assert text.count("deduct_breaks: false") == 1
    deducting = read_pack(text.replace("deduct_breaks: false", "deduct_breaks: true"), "coventry.yaml")
    three_years = deducting.career_pathways[0].transitions[0].criteria[0].asked
    (cal,) = (row for row in golden_rows("coventry") if row.who.startswith("Cal,"))

    later = {on: in_words(standing_of(three_years, record_of(cal, deducting), on)) for on in (cal.on, A_YEAR_LATER)}
    assert later == {cal.on: "still to do until 16 March 2020", A_YEAR_LATER: "done 16 March 2020"}


def test_words_that_say_nothing_are_an_error_and_not_an_empty_record():
    with pytest.raises(ValueError, match="nobody knows what this says"):
        facts_in("completed M1 some time in spring")


def test_there_is_one_table_for_each_council():
    assert sorted(path.stem for path in GOLDEN.iterdir()) == COUNCILS


@pytest.fixture(scope="module")
def packs():
    return {council: read_pack(PACKS / f"{council}.yaml") for council in COUNCILS}
