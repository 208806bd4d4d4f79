"""Careers in packs that do not fit together are refused, each with its line and reason."""

from decimal import Decimal

import pytest

from cpd.requirements.language import NOTHING
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.schemes.reading import read_pack

CAREERS = """\
awards:
  - {code: diploma, title: Diploma, academic_level: 6}
career_levels:
  - {code: low, title: Low}
  - {code: middle, title: Middle}
  - {code: high, title: High}
  - {code: aside, title: Aside}
career_pathways:
  - code: work
    title: Work
    levels: [low, middle, high]
    beside: [aside]
    transitions:
      - code: first
        title: First step
        from_level: low
        to_level: middle
        transition_mode: automatic
        criteria:
          - {code: folder, title: Folder, requirement: {evidence: folder}}
          - {code: time, title: Time, requirement: {time_in_career_level: {career_level: low, months: 12}}}
          - {code: held, title: Held, requirement: {outcome: {panel: diploma, outcome: awarded}}}
          - {code: seen, title: Seen, requirement: {outcome: {panel: board, outcome: recommended}}}
          - {code: agreed, title: Agreed, requirement: {approved_by: hr}}
        steps:
          - {step: approval, role: assistant_director}
          - {step: enactment, role: operations_manager}
        expected_months: [12, 18]
      - code: second
        title: Second step
        from_level: middle
        to_level: high
        transition_mode: panel
        steps:
          - {step: panel, panel: youth}
          - {step: enactment, role: operations_manager}
        ceiling_fte: 2.5
panels:
  - code: board
    title: Board
    panel_kind: progression
    outcomes: [recommended, not_recommended]
    roles: [service_manager, principal_social_worker]
    at_least: 2
    different_people: true
  - code: youth
    title: Young people
    panel_kind: young_people
    recorded_by: panel_member
evidence_kinds:
  - {code: folder, title: Folder, is_portfolio: true}
"""
ENACTED = "          - {step: enactment, role: operations_manager}\n"


@pytest.fixture
def with_careers(small):
    """Give the small pack with careers, to be made wrong."""
    return small + CAREERS


def test_the_small_pack_with_careers_is_right(with_careers):
    pack = read_pack(with_careers, "small.yaml")
    first, second = pack.career_pathways[0].transitions

    assert (first.expected_months, second.ceiling_fte, second.requirement) == ((12, 18), Decimal("2.5"), NOTHING)
    assert [panel.favourable for panel in pack.panels] == [PanelOutcome.RECOMMENDED, PanelOutcome.PASS]


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("levels: [low, middle", "levels: [lov, middle", "levels, number 1: there is no career level 'lov'"),
        ("beside: [aside]", "beside: [a-side]", "beside, number 1: there is no career level 'a-side'"),
        ("beside: [aside]", "beside: [high]", "beside, number 1: 'high' is given twice: first in line"),
        ("to_level: high", "to_level: higher", "to_level: there is no career level 'higher'; did you mean high?"),
        ("[low, middle, high]", "[low, middle]", "to_level: high is not among the levels of work, nor beside them"),
        ("panel: youth}", "panel: yuth}", "panel: there is no panel 'yuth'; did you mean youth?"),
        ("panel: diploma", "panel: diplom", "panel: there is no panel and no award 'diplom'; did you mean diploma?"),
        ("outcome: awarded", "outcome: pass", "outcome: diploma never comes to 'pass', but to awarded"),
        (
            "outcome: recommended}",
            "outcome: pass}",
            "outcome: board never comes to 'pass', but to not_recommended, recommended",
        ),
        ("{evidence: folder}", "{evidence: folders}", "kind: there is no kind of evidence 'folders'; did you mean"),
        ("{evidence: folder}", "{completed: A9}", "module: there is no module 'A9'"),
        ("{evidence: folder}", "{attended: {programme: both, count: 3}}", "asks for 3 modules of both, which has 2"),
        ("career_level: low,", "career_level: lo,", "career_level: there is no career level 'lo'"),
        ("approved_by: hr", "approved_by: hrr", "role: there is no role 'hrr'; did you mean hr?"),
        (
            "approved_by: hr",
            "approved_by: assistant_director",
            "asks for what assistant_director approves, which is a step that comes after",
        ),
        (
            "        transition_mode: panel\n",
            "        transition_mode: panel\n        criteria:\n"
            "          - {code: y, title: Y, requirement: {outcome: {panel: youth, outcome: pass}}}\n",
            "asks for what youth decides, which is a step that comes after",
        ),
        ("code: diploma,", "code: board,", "panels, board, code: 'board' is an award too, in line"),
        ("code: second", "code: First", "transitions, First, code: 'First' is given twice: first in line"),
        (
            "from_level: middle\n        to_level: high",
            "from_level: low\n        to_level: middle",
            "leads from low to middle, as another does in line",
        ),
        ("to_level: high", "to_level: low", "goes in a circle: low leads to middle, which leads to low"),
        ("to_level: high", "to_level: middle", "leads from middle to itself"),
        ("code: time,", "code: folder,", "criteria, folder, code: 'folder' is given twice: first in line"),
        ("mode: panel", "mode: approval", "has transition_mode approval, but no step of that kind"),
        ("panel: youth}\n", "panel: youth}\n" + ENACTED, "must end with its one enactment"),
        (
            "          - {step: panel, panel: youth}\n",
            "          - {step: panel, panel: youth}\n" * 2,
            "is a panel by youth, as an earlier step is",
        ),
        ("step: approval, role: assistant_director", "step: approval, panel: board", "which needs a role"),
        ("step: panel, panel: youth", "step: panel, role: hr", "which needs a panel"),
        ("role: assistant_director", "role: director", "must be 'workforce_development'"),
        ("[12, 18]", "[18, 12]", "expects months from more to fewer"),
        ("[12, 18]", "[12]", "must be two numbers of months, such as [12, 18]"),
        ("[12, 18]", "[12, 0]", "must be 1 or more, not 0"),
        ("ceiling_fte: 2.5", "ceiling_fte: 0", "must be a number above 0"),
        ("mode: panel", "mode: automatic", "is automatic without a criterion, so everybody would be put forward"),
        ("[recommended, not_recommended]", "[not_recommended]", "exactly one of pass and recommended"),
        ("[recommended, not_recommended]", "[recommended, pass]", "exactly one of pass and recommended"),
        ("[recommended, not_recommended]", "[recommended, fail, fail]", "names fail twice"),
        ("    recorded_by: panel_member\n", "", "has no members with accounts, so it needs recorded_by and no roles"),
        ("recorded_by: panel_member", "roles: [panel_member]", "so it needs recorded_by and no roles"),
        ("    roles: [service_manager, principal_social_worker]\n", "", "names no role that may sit on it"),
        ("at_least: 2", "at_least: 1", "needs a person for each of its 2 roles, but at_least is 1"),
        ("is_portfolio: true", "is_portfolio: 1", "must be true or false, not 1"),
        ("    title: Work\n", "    title: Work\n    staff_types: []\n", "must not be an empty list"),
        ("    title: Work\n", "    title: Work\n    staff_types: [contractor]\n", "must be 'employee'"),
        ("code: high,", "code: high, pcf_level: expert,", "must be 'newly_qualified'"),
    ],
)
def test_careers_that_do_not_fit_are_refused_with_the_line(with_careers, refusal, right, wrong, expected):
    assert right in with_careers
    lines = refusal(with_careers.replace(right, wrong, 1))

    about = next((line for line in lines if expected in line), None)
    assert about, lines
    assert int(about.split(":")[1]) > SMALL_ENDS


def test_a_level_belongs_to_one_pathway(with_careers, refusal):
    other = "  - {code: other, title: Other, levels: [middle]}\npanels:\n"

    assert any(
        "other, levels, number 1: 'middle' is given twice: first in line" in line
        for line in refusal(with_careers.replace("panels:\n", other))
    )


def test_a_council_can_have_several_pathways(with_careers):
    """W-17: family support and youth workers will have their own."""
    other = "  - {code: other, title: Other, levels: [youth-worker]}\npanels:\n"
    level = "  - {code: aside, title: Aside}\n"
    text = with_careers.replace("panels:\n", other).replace(level, level + "  - {code: youth-worker, title: Youth}\n")

    assert [each.code for each in read_pack(text, "small.yaml").career_pathways] == ["work", "other"]


SMALL_ENDS = 53
"""The last line of the small pack: careers stand below it."""
