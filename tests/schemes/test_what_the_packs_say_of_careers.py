"""What the five councils' reports say of levels, steps and panels, and what is invented: do the packs say it?"""

import re

import pytest

from cpd.requirements.evaluator import is_monotone
from cpd.schemes.pathway_shape import PanelKind, PanelOutcome, StepKind, TransitionMode
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.values import StaffType
from cpd.shared.roles import Role

COUNCILS = ["coventry", "gateshead", "slough", "walsall", "warwickshire"]


@pytest.mark.parametrize(
    ("council", "code", "expected"),
    [
        pytest.param(
            "warwickshire",
            "2-to-3a",
            ("nqsw", "3a", TransitionMode.AUTOMATIC, ["operations_manager"], (12, 12)),
            id="W-1, W-7, W-11, AMB-02: the assessed year leads to 3a",
        ),
        pytest.param(
            "warwickshire",
            "3a-to-3b",
            ("3a", "3b", TransitionMode.AUTOMATIC, ["assistant_director", "operations_manager"], (12, 18)),
            id="W-2, W-7, W-10, AMB-02: early development leads to 3b",
        ),
        pytest.param(
            "warwickshire",
            "3b-to-4a",
            ("3b", "4a", TransitionMode.VACANCY, ["level-4-interview", "operations_manager"], (12, 24)),
            id="W-3, W-8: level 4 only into a vacancy, after an interview",
        ),
        pytest.param(
            "warwickshire",
            "4a-to-4b",
            ("4a", "4b", TransitionMode.APPROVAL, ["assistant_director", "operations_manager"], None),
            id="W-10, AMB-43: the Assistant Director alone",
        ),
        pytest.param(
            "coventry",
            "grade-7-to-8",
            (
                "social-worker",
                "advanced",
                TransitionMode.PANEL,
                ["young-people", "managers", "operations_manager"],
                None,
            ),
            id="C-1, AMB-14: young people first, then managers",
        ),
        pytest.param(
            "gateshead",
            "to-experienced",
            ("nqsw", "experienced", TransitionMode.PANEL, ["experienced-interview", "operations_manager"], None),
            id="G-16: the interview comes after evidence and portfolio",
        ),
        pytest.param(
            "slough",
            "to-social-worker",
            ("nqsw", "social-worker", TransitionMode.APPROVAL, ["service_manager", "operations_manager"], (12, 12)),
            id="S-8: the Head of Service approves",
        ),
        pytest.param(
            "walsall",
            "to-senior-social-worker",
            (
                "social-worker",
                "senior-social-worker",
                TransitionMode.PANEL,
                ["progression-panel", "operations_manager"],
                (24, 36),
            ),
            id="L-3, L-4: reminders from two to three years",
        ),
    ],
)
def test_a_step_leads_here_and_is_decided_by_these(packs, council, code, expected):
    step = way(packs[council], code)
    decided_by = [str(each.panel or each.role) for each in step.steps]

    assert (step.from_level, step.to_level, step.transition_mode, decided_by, step.expected_months) == expected


def test_warwickshires_levels_run_from_grade_j_to_n(packs):
    warwickshire = packs["warwickshire"]
    grades = {each.code: each.grade for each in warwickshire.career_levels}

    (pathway,) = warwickshire.career_pathways
    assert [(code, grades[code]) for code in pathway.levels] == [
        ("nqsw", "J"),
        ("3a", "K"),
        ("3b", "L"),
        ("4a", "M"),
        ("4b", "N"),
    ]
    assert len(pathway.beside) == 4


def test_the_workshops_and_the_systemic_programme_are_shown_and_hold_nobody_back(packs):
    """AMB-36, G-7, L-3."""
    flags = {
        (council, line.code)
        for council in COUNCILS
        for step in ways(packs[council])
        for line in step.criteria
        if line.is_flag
    }

    assert flags == {
        ("warwickshire", "workshops"),
        ("gateshead", "systemic"),
        ("gateshead", "standards"),
        ("slough", "induction"),
        ("slough", "twelve-months"),
        ("walsall", "conversation"),
    }


def test_coventry_converts_50_full_time_equivalents_and_no_other_council_has_a_ceiling(packs):
    """C-3, AMB-39."""
    ceilings = {
        step.code: step.ceiling_fte for council in COUNCILS for step in ways(packs[council]) if step.ceiling_fte
    }

    assert ceilings == {"grade-7-to-8": 50}


def test_both_of_coventrys_panels_recommend_and_may_say_not_yet(packs):
    """C-1, C-2, AMB-14, AMB-15."""
    young_people, managers = packs["coventry"].panels

    assert (young_people.panel_kind, young_people.roles, young_people.recorded_by) == (
        PanelKind.YOUNG_PEOPLE,
        (),
        Role.PANEL_MEMBER,
    )
    for panel in (young_people, managers):
        assert panel.favourable is PanelOutcome.RECOMMENDED
        assert PanelOutcome.DEFERRED_WITH_SUPPORT in panel.outcomes


def test_concerns_about_practice_are_said_to_go_elsewhere(packs):
    """C-2: with the step itself, where whoever asks reads it."""
    assert "C-2" in way(packs["coventry"], "grade-7-to-8").cites
    assert any(each.id == "C-2" and "capability" in each.sentence for each in packs["coventry"].assumptions)


def test_gatesheads_interview_needs_two_different_people(packs):
    """G-16, AMB-44."""
    (interview,) = packs["gateshead"].panels

    assert (set(interview.roles), interview.at_least, interview.different_people) == (
        {Role.PRINCIPAL_SOCIAL_WORKER, Role.SERVICE_MANAGER},
        2,
        True,
    )


def test_sloughs_pathway_is_mapped_to_the_pcf(packs):
    """S-8."""
    slough = packs["slough"]

    assert {each.code: each.pcf_level for each in slough.career_levels if each.pcf_level} == {
        "nqsw": "newly_qualified",
        "social-worker": "social_worker",
        "consultant-practitioner": "advanced",
    }


@pytest.mark.parametrize("council", COUNCILS)
def test_a_person_carries_every_step_out_and_every_decision_can_be_appealed(packs, council):
    """AMB-03, C-4."""
    for step in ways(packs[council]):
        assert step.steps[-1].step is StepKind.ENACTMENT
        assert step.appeal_within_days == 28
        assert step.cites


@pytest.mark.parametrize("council", COUNCILS)
def test_only_employees_progress(packs, council):
    """B8."""
    assert {pathway.staff_types for pathway in packs[council].career_pathways} == {(StaffType.EMPLOYEE,)}


@pytest.mark.parametrize("council", COUNCILS)
def test_every_ambiguity_that_a_career_rests_on_is_shown_to_people(packs, council):
    pack = packs[council]
    assumed = {assumption.id for assumption in pack.assumptions}
    parts = [*pack.career_pathways, *pack.panels, *pack.evidence_kinds, *pack.career_levels, *ways(pack)]
    cited = {each for part in [*parts, *(line for way in ways(pack) for line in way.criteria)] for each in part.cites}

    assert {each for each in cited if each.startswith(("AMB-", "B"))} <= assumed
    assert {"AMB-03", "B8", "C-4"} <= assumed
    assert all(part.cites for part in parts)


def test_what_is_for_the_newly_qualified_is_offered_to_them_alone(packs):
    """W-1, S-1: whoever is at a later level asks Workforce Development."""
    closed = {module.code for council in COUNCILS for module in packs[council].modules if module.audience.career_levels}

    assert closed == {*(f"ASYE-{number}" for number in range(1, 9)), "SL-CONSOLIDATION"}
    for council in ("warwickshire", "slough"):
        (pathway,) = packs[council].career_pathways
        levels = {module.audience.career_levels for module in packs[council].modules} - {()}
        assert levels == {(pathway.levels[0],)}


@pytest.mark.parametrize("council", COUNCILS)
def test_no_sentence_of_a_pack_guesses_whether_somebody_is_a_woman_or_a_man(packs, council):
    sentences = " ".join(each.sentence for each in packs[council].assumptions)

    assert not {"she", "her", "hers", "he", "him", "his"} & {*re.findall(r"[a-z]+", sentences.lower())}


def test_this_is_invented_for_the_demonstration_and_nothing_else(packs):
    invented = {
        council: {line.code for step in ways(packs[council]) for line in step.criteria if line.is_invented}
        | {panel.code for panel in packs[council].panels if panel.is_invented}
        for council in COUNCILS
    }

    assert invented == {
        "warwickshire": set(),
        "gateshead": set(),
        "coventry": {"role-criteria"},
        "slough": {"consolidation", "pcf"},
        "walsall": {"statement", "programme", "progression-panel"},
    }


def test_the_lines_that_a_later_decision_can_undo_are_the_outcomes_of_panels_and_awards(packs):
    """The loader knows which requirements only gain; no pack deducts career breaks."""
    undone = {
        (council, step.code, line.code)
        for council in COUNCILS
        for step in ways(packs[council])
        for line in step.criteria
        if not is_monotone(line.asked)
    }

    assert undone == {
        ("warwickshire", "2-to-3a", "portfolio"),
        ("warwickshire", "2-to-3a", "panel"),
        ("warwickshire", "3a-to-3b", "portfolio"),
        ("warwickshire", "3a-to-3b", "panel"),
        ("warwickshire", "3b-to-4a", "certificate"),
        ("slough", "to-social-worker", "assessed-year"),
        ("walsall", "to-social-worker", "assessed-year"),
    }


def ways(pack):
    return [step for pathway in pack.career_pathways for step in pathway.transitions]


def way(pack, code):
    return next(step for step in ways(pack) if step.code == code)


@pytest.fixture(scope="module")
def packs():
    return {council: read_pack(PACKS / f"{council}.yaml") for council in COUNCILS}
