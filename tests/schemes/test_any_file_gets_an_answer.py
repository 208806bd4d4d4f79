"""Whatever is handed in as a pack, the answer is a pack or a refusal with a line, never an accident."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cpd.schemes.pathway_shape import CareerPathway, Criterion, EvidenceKind, Panel, Step, Transition
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.requirement_shape import RequirementShape
from cpd.schemes.shape import Module, Pack, Programme, Venue

GATESHEAD = (PACKS / "gateshead.yaml").read_bytes()
COVENTRY = (PACKS / "coventry.yaml").read_bytes()
REAL = st.sampled_from([GATESHEAD, COVENTRY])
SIGNS = st.sampled_from(
    [*"abM1 \n\t:-,?[]{}#&*!|>'\"%@`~\\0", "\n  ", "- ", ": ", "---", "...", "<<", '"\\U', "\x85", "\ufeff"]
)
CAREERS = (CareerPathway, Transition, Criterion, Step, Panel, EvidenceKind)
SHAPES = (Pack, Module, Venue, Programme, RequirementShape, *CAREERS)
KEYS = st.sampled_from(
    sorted({*(key for shape in SHAPES for key in shape.model_fields), "module", "count", "of", "id"})
)
SINGLES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str) | KEYS
ANYTHING = st.recursive(
    SINGLES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)

CODE = st.sampled_from("abc")
ROLE = st.sampled_from(["hr", "operations_manager", "anybody"])
LINE = st.sampled_from(
    [
        {"outcome": {"panel": "a", "outcome": "pass"}},
        {"outcome": {"panel": "b", "outcome": "passed"}},
        {"evidence": "a"},
        {"evidence": "c"},
        {"time_in_career_level": {"career_level": "a", "months": 12}},
        {"years_qualified": 3},
        {"approved_by": "hr"},
    ]
)
CRITERIA = st.fixed_dictionaries(
    {"code": CODE, "title": st.just("Line"), "requirement": LINE}, optional={"is_flag": st.booleans()}
)
STEPS = st.fixed_dictionaries(
    {"step": st.sampled_from(["panel", "approval", "enactment"])}, optional={"panel": CODE, "role": ROLE}
) | st.sampled_from([{"step": "panel", "panel": "a"}, {"step": "approval", "role": "hr"}])
ENACTED = {"step": "enactment", "role": "operations_manager"}
ENDS = st.sampled_from(["ab", "bc", "ac"]) | st.tuples(CODE, CODE)
MODES = st.sampled_from(["vacancy", "vacancy", "automatic", "approval", "panel"])


def _transition(parts, ends):
    return {**parts, "code": "".join(ends), "from_level": ends[0], "to_level": ends[1]}


TRANSITIONS = st.builds(
    _transition,
    st.fixed_dictionaries(
        {
            "title": st.just("Step"),
            "transition_mode": MODES,
            "criteria": st.lists(CRITERIA, max_size=2),
            "steps": st.lists(STEPS, max_size=1).map(lambda steps: [*steps, ENACTED]),
        },
        optional={
            "expected_months": st.lists(st.integers(0, 24), min_size=1, max_size=3),
            "ceiling_fte": st.sampled_from([50, 0.6, 0, "half", None]),
        },
    ),
    ENDS,
)
LEVELS = st.permutations("abc").map(list) | st.lists(CODE, max_size=3)
PATHWAYS = st.fixed_dictionaries(
    {
        "code": CODE,
        "title": st.just("Way"),
        "levels": LEVELS,
        "transitions": st.lists(TRANSITIONS, max_size=2, unique_by=lambda each: each["code"]),
    },
    optional={"beside": st.lists(CODE, max_size=1)},
)
PANELS = st.fixed_dictionaries(
    {"code": CODE, "title": st.just("Panel"), "panel_kind": st.just("moderation"), "roles": st.just(["hr"])},
    optional={"recorded_by": ROLE, "at_least": st.integers(0, 2), "outcomes": st.lists(st.just("fail"), max_size=1)},
)
CAREER_LEVELS = [{"code": code, "title": "Level"} for code in "abc"]
EVIDENCE_KINDS = [{"code": code, "title": "Kind"} for code in "ab"]

often = settings(derandomize=True, deadline=None, max_examples=150)


def answer(content):
    """Give the pack, or None after looking at the refusal."""
    try:
        return read_pack(content, "any.yaml")
    except PackRefused as refused:
        problems, lines = refused.problems, str(refused).splitlines()
    assert lines == [f"any.yaml:{problem.line}: {problem.reason}" for problem in problems]
    assert problems
    assert all(problem.line >= 1 and problem.column >= 1 and problem.reason for problem in problems)
    return None


@given(st.binary(max_size=200))
@often
def test_any_bytes(content):
    assert answer(content) is None


@given(st.lists(SIGNS, max_size=40).map("".join))
@example("%YAML 1.1\n---\na: 1")
@example("%YAML 1." + "9" * 5000 + "\n---\na: 1")
@example("%TAG ! tag:x,2000:\n--- !a b")
@example("a: !<%FF> b")
@example('"\\xZZ"')
@example("a: |9999\n x")
@example("? ? ? ? a")
@example("<<: {a: 1}")
@example("=: 1")
@example("1: 2\n1: 3")
@example("\ufeff\ufeffa: 1")
@example(f"version: {'9' * 5000}")
@example(f"version: -{'9' * 18}")
@example("version: 0x10\nsettings: 1e400\nterms: 12:30:45\nvenues: 1_000")
@often
def test_any_text_of_yaml_signs(text):
    assert answer(text) is None


@given(REAL, st.floats(0, 1, exclude_max=True), st.binary(max_size=4), st.integers(0, 4))
@often
def test_a_real_pack_with_some_bytes_changed(real, where, inserted, removed):
    place = int(where * len(real))

    pack = answer(real[:place] + inserted + real[place + removed :])
    assert pack is None or isinstance(pack, Pack)


@given(REAL, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(0, 3))
@often
def test_a_real_pack_with_lines_moved(real, whence, whither, count):
    lines = real.decode().splitlines()
    taken, put = int(whence * len(lines)), int(whither * len(lines))
    rest = lines[:taken] + lines[taken + count :]

    pack = answer("\n".join([*rest[:put], *lines[taken : taken + count], *rest[put:]]))
    assert pack is None or isinstance(pack, Pack)


@given(st.dictionaries(KEYS, ANYTHING, max_size=8))
@often
def test_any_structure_with_a_packs_own_keys(value):
    assert answer(json.dumps(value)) is None


SECTIONS = ["venues", "modules", "equivalences", "programmes", "terms", "settings"]
SECTIONS += ["career_levels", "career_pathways", "panels", "evidence_kinds"]


@given(st.sampled_from(SECTIONS), ANYTHING)
@often
def test_a_small_pack_with_one_section_of_anything(section, value):
    pack = answer(f"{START}{section}: {json.dumps(value)}\n")

    assert pack is None or pack.organisation.code == "small"


@given(st.lists(PATHWAYS, max_size=1), st.lists(PANELS, max_size=3, unique_by=lambda panel: panel["code"]))
@often
def test_careers_that_are_nearly_right(pathways, panels):
    parts = {"career_levels": CAREER_LEVELS, "evidence_kinds": EVIDENCE_KINDS}
    parts |= {"career_pathways": pathways, "panels": panels}
    sections = "".join(f"{section}: {json.dumps(items)}\n" for section, items in parts.items())

    pack = answer(START + sections)
    assert pack is None or [each.code for each in pack.panels] == [each["code"] for each in panels]


@pytest.mark.parametrize("cut", range(0, len(GATESHEAD), 997))
def test_a_real_pack_cut_off(cut):
    pack = answer(GATESHEAD[:cut])

    assert pack is None or pack.organisation.code == "gateshead"


START = """\
organisation: {code: small, name: Small Council}
version: 1
source: {title: A report, body: A committee, published: 2019-03, cites: []}
"""
