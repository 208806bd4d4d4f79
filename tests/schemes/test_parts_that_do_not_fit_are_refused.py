"""Parts of a pack that are right in themselves but do not fit together are refused, everything at once."""

import pytest

from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (
            "default_venue: hall",
            "default_venue: hal",
            "27: modules, A1, default_venue: there is no venue 'hal'; did you mean hall?",
        ),
        (
            "completed: A1\n  -",
            "completed: A9\n  -",
            "35: modules, A2, prerequisites, completed, module: there is no module 'A9'",
        ),
        ("other: A3", "other: B", "45: equivalences, A1, other: there is no module 'B'"),
        ("{module: A2, is", "{module: B, is", "53: programmes, both, elements, B, module: there is no module 'B'"),
        (
            "completed: A1\n  -",
            "attended: {programme: bot, count: 1}\n  -",
            "35: modules, A2, prerequisites, attended, programme: there is no programme 'bot'; did you mean both?",
        ),
        (
            "completed: A1\n  -",
            "attended: {programme: both, count: 3}\n  -",
            "35: modules, A2, prerequisites, attended, count: asks for 3 modules of both, which has 2",
        ),
        ("code: A3", "code: a1", "36: modules, a1, code: 'a1' is given twice: first in line 23"),
        ("code: annexe", "code: Hall", "20: venues, Hall, code: 'Hall' is given twice: first in line 13"),
        ("code: red", "code: blue", "19: venues, hall, rooms, blue, code: 'blue' is given twice: first in line 18"),
        (
            "  - {id: AMB-21,",
            "  - {id: AMB-21, sentence: The same.}\n  - {id: AMB-21,",
            "12: assumptions, AMB-21, id: 'AMB-21' is given twice: first in line 11",
        ),
        (
            "name: The Annexe",
            "name: The Annexe\n    other_names: [TOWN  HALL]",
            "22: venues, annexe, other_names, number 1: 'TOWN  HALL' is given twice: first in line 14",
        ),
        (
            "name: Red Room",
            "name: blue room",
            "19: venues, hall, rooms, red, name: 'blue room' is given twice: first in line 18",
        ),
        (
            "number_label: Module 2",
            "number_label: First",
            "30: modules, A2, number_label: 'First' is given twice: first in line 24",
        ),
        (
            "{module: A2, is",
            "{module: A1, is",
            "53: programmes, both, elements, A1, module: 'A1' is given twice: first in line 52",
        ),
        (
            "length_minutes: 90",
            "prerequisites: {completed: A2}",
            "26: modules, A1, prerequisites: goes in a circle: A1 needs A2, which needs A1",
        ),
        (
            "length_minutes: 90",
            "prerequisites: {completed: A1}",
            "26: modules, A1, prerequisites: goes in a circle: A1 needs A1",
        ),
        (
            "valid_from: 2018-11-01",
            "valid_from: 2019-11-01",
            "44: equivalences, A1: is the wrong way round: valid_from 2019-11-01 is after valid_to 2018-12-31",
        ),
        ("other: A3", "other: A1", "44: equivalences, A1: says that A1 counts as itself"),
        (
            "programmes:\n",
            "  - {module: A3, other: A2}\nprogrammes:\n",
            "45: equivalences, A1, other: is a chain: something else counts as A3 already, in line 48",
        ),
        (
            "[G-1, AMB-21]",
            "[G-2]",
            "28: modules, A1, cites, number 1: cites G-2, which stands neither under source nor under assumptions",
        ),
        (
            "equivalences:\n",
            "prior_learning:\n  - {code: a2, title: Portfolio, claim_type: apel}\nequivalences:\n",
            "44: prior_learning, a2, code: 'a2' is a module too, in line 29",
        ),
        (
            "equivalences:\n",
            "prior_learning:\n  - {code: p, title: P, claim_type: apel, needs: {completed: A7}}\nequivalences:\n",
            "44: prior_learning, p, needs, completed, module: there is no module 'A7'",
        ),
        (
            "completed: A1\n  -",
            "credits: {credits: 20, academic_level: 7, sources: [A1, A7]}\n  -",
            "35: modules, A2, prerequisites, credits, sources, number 2: there is no module and no prior learning 'A7'",
        ),
        (
            "    length_minutes: 90\n",
            "    credits: 20\n",
            "23: modules, A1: must give both its credits and their academic_level, or neither",
        ),
        (
            "    length_minutes: 90\n",
            "    credits: 20\n    academic_level: 7\n",
            "23: modules, A1: carries credits, which only a module with module_kind university can",
        ),
        (
            "equivalences:\n",
            "prior_learning:\n  - {code: p, title: P, claim_type: apel, credits: 20}\nequivalences:\n",
            "44: prior_learning, p: must give both its credits and their academic_level, or neither",
        ),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(right, wrong, expected, small, refusal):
    assert small.count(right) == 1
    assert f"small.yaml:{expected}" in refusal(small.replace(right, wrong))


def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(small, refusal):
    wrong = (
        small.replace("version: 1", "version: one").replace("completed: A1", "completed: B1").replace("other:", "othr:")
    )

    assert [line.partition(": ")[0] for line in refusal(wrong)] == [
        "small.yaml:4",
        "small.yaml:35",
        "small.yaml:41",
        "small.yaml:44",
        "small.yaml:45",
    ]


def test_a_key_given_twice_does_not_hide_what_else_is_wrong(small, refusal):
    assert refusal(small.replace("version: 1", "version: 1\nversion: 2\nverison: 3")) == [
        "small.yaml:5: 'version' is given twice: first in line 4",
        "small.yaml:6: 'verison' is not known here; did you mean version?",
    ]


def test_of_a_hopeless_file_the_first_faults_are_shown_and_the_others_counted(small, refusal):
    lines = refusal(small + "".join(f"x{number}: 1\n" for number in range(1000)))

    assert len(lines) == 501
    assert lines[-1] == "small.yaml:554: and 500 more faults of this kind"


def test_every_problem_knows_its_file_line_and_column(small):
    with pytest.raises(PackRefused) as refused:
        read_pack(small.replace("length_minutes: 90", "length_minutes: long"), "small.yaml")

    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.column) == ("small.yaml", 26, 5)


def test_a_wrong_edit_of_a_real_pack_is_found_in_its_line(refusal):
    text = (PACKS / "gateshead.yaml").read_text(encoding="utf-8")
    edited = text.replace("        - completed: M5\n", "        - completed: M8\n")
    line = edited[: edited.index("M8")].count("\n") + 1

    (found,) = refusal(edited, "gateshead.yaml")
    assert found.startswith(f"gateshead.yaml:{line}: modules, M6, prerequisites, all_of, number 5, completed, module")
