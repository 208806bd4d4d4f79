"""Whatever is handed in as a pack, the answer is a pack or a refusal with a line, never an accident."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.requirement_shape import RequirementShape
from cpd.schemes.shape import Module, Pack, Programme, Venue

GATESHEAD = (PACKS / "gateshead.yaml").read_bytes()
LINES = GATESHEAD.decode().splitlines()
SIGNS = st.sampled_from(
    [*"abM1 \n\t:-,?[]{}#&*!|>'\"%@`~\\0", "\n  ", "- ", ": ", "---", "...", "<<", '"\\U', "\x85", "\ufeff"]
)
SHAPES = (Pack, Module, Venue, Programme, RequirementShape)
KEYS = st.sampled_from(
    sorted({*(key for shape in SHAPES for key in shape.model_fields), "module", "count", "of", "id"})
)
SINGLES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str) | KEYS
ANYTHING = st.recursive(
    SINGLES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)

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


@given(st.integers(0, len(GATESHEAD) - 1), st.binary(max_size=4), st.integers(0, 4))
@often
def test_a_real_pack_with_some_bytes_changed(place, inserted, removed):
    edited = GATESHEAD[:place] + inserted + GATESHEAD[place + removed :]

    pack = answer(edited)
    assert pack is None or isinstance(pack, Pack)


@given(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1), st.integers(0, 3))
@often
def test_a_real_pack_with_lines_moved(taken, put, count):
    rest = LINES[:taken] + LINES[taken + count :]

    pack = answer("\n".join([*rest[:put], *LINES[taken : taken + count], *rest[put:]]))
    assert pack is None or isinstance(pack, Pack)


@given(st.dictionaries(KEYS, ANYTHING, max_size=8))
@often
def test_any_structure_with_a_packs_own_keys(value):
    assert answer(json.dumps(value)) is None


@given(st.sampled_from(["venues", "modules", "equivalences", "programmes", "terms", "settings"]), ANYTHING)
@often
def test_a_small_pack_with_one_section_of_anything(section, value):
    pack = answer(f"{START}{section}: {json.dumps(value)}\n")

    assert pack is None or pack.organisation.code == "small"


@pytest.mark.parametrize("cut", range(0, len(GATESHEAD), 997))
def test_a_real_pack_cut_off(cut):
    pack = answer(GATESHEAD[:cut])

    assert pack is None or pack.organisation.code == "gateshead"


START = """\
organisation: {code: small, name: Small Council}
version: 1
source: {title: A report, body: A committee, published: 2019-03, cites: []}
"""
