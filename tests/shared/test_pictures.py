"""The picture of a route says what the list beside it says, and can be read."""

from __future__ import annotations

import re
from graphlib import CycleError
from itertools import combinations, pairwise, product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.shared.pictures import RouteNode, RouteState, progress_bar, route_picture
from cpd.shared.route_drawing import PAGE, PHONE, Across
from cpd.shared.routes import Bundle, Bypass, lay_out
from cpd.shared.steps import StepBox, broken, width_of
from tests.shared.gallery import NEEDS, STEPS

GATESHEAD = tuple(step.key for step in STEPS)
STEADY = settings(deadline=None, derandomize=True)
SVG = "{http://www.w3.org/2000/svg}"


def _images(markup):
    """The two drawings of a picture, across and downwards."""
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", str(markup), re.DOTALL)]  # noqa: S314 - our own


def _words(element):
    return " ".join(" ".join(element.itertext()).split())


def _picture(*steps, edges=()):
    return route_picture(
        [RouteNode(step, f"Step {step}", RouteState.OPEN) for step in steps], edges, "A route", "In words"
    )


def test_modules_1_and_2_come_first_then_3_to_5_then_6_and_7_stands_apart():
    layout = lay_out(GATESHEAD, NEEDS)
    assert layout.ranks == (("M1", "M2"), ("M3", "M4", "M5"), ("M6",))
    assert layout.apart == ("M7",)


def test_steps_that_need_the_same_share_one_bracket_and_implied_needs_have_no_line():
    assert lay_out(GATESHEAD, NEEDS).bundles == (
        Bundle(("M1", "M2"), ("M3", "M4", "M5")),
        Bundle(("M3", "M4", "M5"), ("M6",)),
    )


@pytest.mark.parametrize(("steps", "drawn"), [("ABCD", 2), ("ABCDEFGH", 1)], ids=["fits the page", "would be wider"])
def test_nothing_of_a_long_route_is_out_of_sight(steps, drawn):
    images = _images(_picture(*steps, edges=list(pairwise(steps))))

    assert len(images) == drawn
    assert all(int(each.get("width")) <= PAGE for each in images)
    assert all(f"Step {steps[-1]}" in _words(each) for each in images)


def test_a_line_that_skips_a_rank_has_its_own_way_past_it():
    layout = lay_out("ABCX", [("A", "B"), ("B", "C"), ("X", "C")])
    assert layout.ranks == (("A", "X"), ("B", Bypass(1, "X", 1)), ("C",))
    assert layout.way(1, "X") == ("X", Bypass(1, "X", 1))


def test_ranks_are_ordered_so_that_lines_do_not_cross_without_need():
    layout = lay_out("ABCD", [("A", "D"), ("B", "C")])
    assert layout.ranks in ((("A", "B"), ("D", "C")), (("B", "A"), ("C", "D")))


def test_a_need_for_an_unknown_step_is_left_out():
    assert lay_out("AB", [("Z", "A"), ("A", "Z")]).apart == ("A", "B")


def test_steps_that_need_each_other_are_refused():
    with pytest.raises(CycleError):
        lay_out("AB", [("A", "B"), ("B", "A")])


def test_a_route_without_steps_is_an_empty_picture():
    assert [len(image.findall(f"{SVG}g")) for image in _images(_picture())] == [0, 0]


def test_both_drawings_name_every_step_and_say_its_state_in_words():
    for image in _images(route_picture(STEPS, NEEDS, "Your route", "Six modules")):
        drawn = {_words(group) for group in image.findall(f"{SVG}g")}
        assert drawn == {" ".join(f"{step.label} {step.title} {step.note}".split()) for step in STEPS}


@pytest.mark.parametrize("state", RouteState)
def test_each_state_has_words_and_a_sign_of_its_own(state):
    node = RouteNode("A", "Module 1", state)
    others = [RouteNode("A", "Module 1", other) for other in RouteState if other is not state]
    wide, _ = _images(route_picture([node], [], "t", "d"))
    looks = [_look(image) for image in (_images(route_picture([other], [], "t", "d"))[0] for other in others)]
    assert len(_words(wide.find(f"{SVG}g"))) > len("Module 1")
    assert _look(wide) not in looks


def _look(image):
    """What a step shows apart from all colour: its words and the shape of its sign."""
    group = image.find(f"{SVG}g")
    return _words(group), [path.get("d") for path in group.iter(f"{SVG}path")]


def test_a_picture_has_a_name_and_a_description_of_its_own():
    images = _images(route_picture(STEPS, NEEDS, "Your route", "Six modules"))
    for image in images:
        assert image.get("role") == "img"
        assert image.find(f"{SVG}title").text == "Your route"
        assert image.find(f"{SVG}desc").text == "Six modules"
        assert image.get("aria-labelledby") == image.find(f"{SVG}title").get("id")
        assert image.get("aria-describedby") == image.find(f"{SVG}desc").get("id")
    ids = [element.get("id") for image in images for element in image.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 4


def test_a_wide_picture_can_be_scrolled_by_the_keyboard():
    assert 'class="app-route__wide app-scroll" tabindex="0" role="region" aria-label="A route"' in _picture("A")


def test_what_people_wrote_is_shown_as_text():
    nasty = "<script>\"&'{0}%s"
    markup = str(route_picture([RouteNode(nasty, nasty, RouteState.OPEN, nasty, nasty)], [], nasty, nasty))
    assert "<script" not in markup
    for image in _images(markup):
        assert image.find(f"{SVG}title").text == nasty


def test_a_picture_has_classes_only_and_no_style_of_its_own():
    assert not re.search(r"style|fill=|stroke=|onload", str(route_picture(STEPS, NEEDS, "t", "d")))


def test_the_picture_is_the_same_each_time():
    assert route_picture(STEPS, NEEDS, "t", "d") == route_picture(STEPS, tuple(reversed(NEEDS)), "t", "d")


@pytest.mark.parametrize("ranks", [1, 2, 3, 4])
def test_up_to_four_ranks_fit_a_page_and_any_route_fits_a_phone(ranks):
    steps = "ABCD"[:ranks]
    wide, tall = _images(_picture(*steps, edges=list(pairwise(steps))))
    assert int(wide.get("width")) <= PAGE
    assert int(tall.get("width")) == PHONE


def test_a_line_turns_green_only_when_all_that_is_needed_is_done():
    done, open_ = RouteState.DONE, RouteState.OPEN
    for states, met in [
        ((done, RouteState.RECOGNISED), True),
        ((done, open_), False),
        ((done, RouteState.BOOKED), False),
    ]:
        nodes = [
            *(RouteNode(key, key, state) for key, state in zip("AB", states, strict=True)),
            RouteNode("C", "C", open_),
        ]
        markup = str(route_picture(nodes, [("A", "C"), ("B", "C")], "t", "d"))
        assert ("app-route--met" in markup) is met


@st.composite
def routes(draw):
    """A few steps, each perhaps needing some that stand before it."""
    steps = "ABCDEFGHI"[: draw(st.integers(1, 9))]
    pairs = list(combinations(steps, 2))
    return steps, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


@STEADY
@given(routes())
def test_every_step_comes_after_all_that_it_needs(route):
    steps, edges = route
    layout = lay_out(steps, edges)
    rank = {place: number for number, places in enumerate(layout.ranks) for place in places}
    assert all(rank[first] < rank[then] for first, then in edges)
    assert sorted([*layout.apart, *(place for place in rank if isinstance(place, str))]) == list(steps)


@STEADY
@given(routes())
def test_the_lines_say_exactly_what_is_needed(route):
    steps, edges = route
    lines = {(need, to) for bundle in lay_out(steps, edges).bundles for need, to in product(bundle.needs, bundle.to)}
    assert _reached(steps, lines) == _reached(steps, edges)


def _reached(steps, edges):
    """Every (a, b) such that b needs a, at first hand or through others."""
    reached = set(edges)
    for middle, first, then in product(steps, steps, steps):
        if (first, middle) in reached and (middle, then) in reached:
            reached.add((first, then))
    return reached


@STEADY
@given(routes())
def test_no_box_covers_another_and_no_line_runs_behind_a_box(route):
    steps, edges = route
    layout = lay_out(steps, edges)
    across = Across(layout, {step: StepBox(step, "", "Done", RouteState.DONE) for step in steps})
    places = across.places_of_steps()
    for (x, y), (other_x, other_y) in combinations(places.values(), 2):
        assert abs(x - other_x) >= across.width or abs(y - other_y) >= across.height
    for place, middle in across.middles.items():
        if isinstance(place, Bypass):
            in_its_rank = [places[step] for step in layout.ranks[place.rank] if isinstance(step, str)]
            assert all(not y < middle < y + across.height for _, y in in_its_rank)


@STEADY
@given(routes())
def test_every_picture_is_well_formed_and_draws_each_step_once(route):
    for image in _images(_picture(*route[0], edges=route[1])):
        labels = [_words(text) for text in image.iter(f"{SVG}text") if text.get("class") == "app-step__label"]
        assert sorted(labels) == [f"Step {step}" for step in route[0]]


@STEADY
@given(st.text(), st.integers(20, 300))
def test_a_text_breaks_into_at_most_three_lines_that_fit(text, room):
    lines = broken(text, room, 14)
    assert len(lines) <= 3
    assert all(width_of(line, 14) <= room or line == "…" for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("Genograms", ["Genograms"]),
        ("Non-Violent Resistance", ["Non-Violent", "Resistance"]),
        ("Safeguardinginoneword", ["Safeguardinginone…"]),
        (
            "One two three four five six seven eight nine ten eleven twelve",
            ["One two three four", "five six seven eight", "nine ten eleven tw…"],
        ),
    ],
)
def test_words_stay_whole_where_they_can(text, lines):
    assert broken(text, 155, 14) == lines


@pytest.mark.parametrize(
    ("done", "ahead", "total", "parts"),
    [
        (2, 1, 6, ["done"] * 2 + ["ahead"] + ["left"] * 3),
        (0, 0, 3, ["left"] * 3),
        (6, 0, 6, ["done"] * 6),
        (5, 3, 6, ["done"] * 5 + ["ahead"]),
        (9, 9, 6, ["done"] * 6),
        (30, 10, 60, ["done", "ahead", "left"]),
        (0, 0, 0, []),
    ],
)
def test_a_bar_shows_what_is_done_what_is_ahead_and_what_is_left(done, ahead, total, parts):
    bar = str(progress_bar(done, ahead, total))
    assert re.findall(r"app-bar__part--(\w+)", bar) == parts
    ends = [float(x) + float(width) for x, width in re.findall(r'x="([\d.]+)%" y="1" width="([\d.]+)%"', bar)]
    assert ends == sorted(ends)
    assert not ends or ends[-1] == pytest.approx(100, abs=0.1)
