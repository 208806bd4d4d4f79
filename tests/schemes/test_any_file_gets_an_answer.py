"""Whatever is handed in as a pack, the answer is a pack or a refusal with a line, never an accident."""

import json
import re

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

A_PART = {"code": "p", "title": "First"}
PANELS = [
    {"code": "m", "title": "Moderation", "panel_kind": "moderation", "roles": ["panel_member"]},
    {
        "code": "i",
        "title": "Interview",
        "panel_kind": "interview",
        "roles": ["principal_social_worker", "service_manager"],
        "at_least": 2,
        "different_people": True,
        "of_her_service": ["service_manager"],
    },
    {
        "code": "y",
        "title": "Young people",
        "panel_kind": "young_people",
        "outcomes": ["recommended", "not_recommended"],
        "recorded_by": "panel_member",
    },
]
ENACTED = {"step": "enactment", "role": "operations_manager"}
ASKED = [
    {"all_of": [{"completed": "A1"}, {"completed": {"module": "A2", "since": "2019-01-01"}}]},
    {"any_of": [{"evidence": "e"}, {"outcome": {"panel": "m", "outcome": "pass"}}]},
    {"at_least": {"count": 1, "of": [{"attended": {"programme": "both", "count": 2}}, {"evidence": "e"}]}},
    {"distinct": [{"credits": {"credits": 20, "academic_level": 7, "sources": ["A1"], "at_most": 20}}]},
    {"time_in_career_level": {"career_level": "a", "months": 12}},
    {"years_qualified": {"years": 3, "counted_from": "registered", "deduct_breaks": True}},
    {"outcome": {"panel": "w", "outcome": "awarded"}},
    {"evidence": {"kind": "e", "count": 2, "within_months": 12}},
    {"approved_by": "hr"},
]
TRANSITIONS = [
    {
        "code": "a-b",
        "title": "Up",
        "from_level": "a",
        "to_level": "b",
        "transition_mode": "automatic",
        "criteria": [{"code": f"c{place}", "title": "Line", "requirement": each} for place, each in enumerate(ASKED)],
        "steps": [{"step": "approval", "role": "assistant_director"}, ENACTED],
        "expected_months": [12, 18],
    },
    {
        "code": "b-c",
        "title": "Further up",
        "from_level": "b",
        "to_level": "c",
        "transition_mode": "panel",
        "steps": [{"step": "panel", "panel": "y"}, {"step": "panel", "panel": "i"}, ENACTED],
        "ceiling_fte": 0.6,
    },
]
UNIVERSITY = {"module_kind": "university", "credits": 20, "academic_level": 7}
RIGHT = {
    "organisation": {"code": "small", "name": "Small Council"},
    "version": 1,
    "source": {"title": "A report", "body": "A committee", "published": "2019-03", "cites": []},
    "modules": [
        {"code": "A1", "title": "First", "module_format": "taught", **UNIVERSITY},
        {"code": "A2", "title": "Second", "module_format": "taught", "prerequisites": {"completed": "A1"}},
    ],
    "programmes": [
        {"code": "both", "title": "Both", "elements": [{"module": each, "is_mandatory": True} for each in ("A1", "A2")]}
    ],
    "career_levels": [{"code": code, "title": "Level"} for code in "abcd"],
    "panels": PANELS,
    "evidence_kinds": [{"code": "e", "title": "Evidence", "is_portfolio": True, "contents": [A_PART]}],
    "awards": [{"code": "w", "title": "Award", "academic_level": 7}],
    "career_pathways": [
        {"code": "way", "title": "Way", "levels": list("abc"), "beside": ["d"], "transitions": TRANSITIONS}
    ],
}
"""A pack whose careers are right and ask for everything that can be asked."""

SHARE = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(
    st.one_of(
        st.tuples(SHARE, st.just("as"), SHARE),
        st.tuples(SHARE, st.just("as"), SHARE),
        st.tuples(SHARE, st.sampled_from(["leave out", "twice", "any"]), SINGLES),
    ),
    max_size=2,
)


def places_in(value, way=()):
    """Every place in a structure: the keys and numbers that lead to it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*way, key)
        yield from places_in(each, (*way, key))


def part_at(value, way):
    for key in way:
        value = value[key]
    return value


def changed(whole, changes):
    """Leave a part out, say it twice, put anything in its place, or put one word of the pack where another stands."""
    whole = json.loads(json.dumps(whole))
    for where, how, more in changes:
        ways = [way for way in places_in(whole) if how != "as" or isinstance(part_at(whole, way), str)]
        way = ways[int(where * len(ways))]
        around, part = part_at(whole, way[:-1]), part_at(whole, way)
        if how == "leave out":
            del around[way[-1]]
        elif how == "twice" and isinstance(around, list):
            around.append(part)
        else:
            around[way[-1]] = part_at(whole, ways[int(more * len(ways))]) if how == "as" else more
    return whole


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


def refusal_of(content):
    """Give the reasons for which a pack is refused."""
    with pytest.raises(PackRefused) as refused:
        read_pack(content)
    return [problem.reason for problem in refused.value.problems]


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


def test_careers_that_are_nearly_right_are_taken_or_refused_for_many_reasons():
    """Were they all refused for a part that is missing, nothing would be said of what parts ask of each other."""
    taken, reasons = [], set()

    @given(CHANGES)
    @often
    def look(changes):
        content = json.dumps(changed(RIGHT, changes))
        if pack := answer(content):
            taken.extend(pack.career_pathways)
        else:
            assert changes
            reasons.update(" ".join(re.findall(r"[a-z ]+", line))[:60] for line in refusal_of(content))

    look()
    assert len(taken) > 30
    assert len(reasons) > 30


@pytest.mark.parametrize("cut", range(0, len(GATESHEAD), 997))
def test_a_real_pack_cut_off(cut):
    pack = answer(GATESHEAD[:cut])

    assert pack is None or pack.organisation.code == "gateshead"


START = """\
organisation: {code: small, name: Small Council}
version: 1
source: {title: A report, body: A committee, published: 2019-03, cites: []}
"""
