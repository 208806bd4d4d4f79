"""A pathway as a picture and as a list that says the same: every level, the routes beside them, and how it is read."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from cpd.people.rules import PostFacts
from cpd.progression.pathways.route import APART, route_of
from cpd.progression.pathways.rules import readiness
from cpd.progression.pathways.terms import terms_of
from cpd.requirements.evaluator import RecordIndex
from cpd.requirements.record import Record
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.pictures import route_picture

ON = date(2019, 3, 1)
COUNCILS = ["coventry", "gateshead", "slough", "walsall", "warwickshire"]


@pytest.mark.parametrize("council", COUNCILS)
def test_picture_and_list_name_the_same_levels_and_routes(council):
    route = somebodys_route(council)

    assert [each.key for each in route.nodes] == [each.code for each in route.steps]
    assert all(each.ways for each in route.steps)


def test_specialist_routes_stand_in_the_picture_under_their_own_words():
    """C-5, W-24: systemic practitioner, independent reviewing officer and practice educator are routes too."""
    route = somebodys_route("warwickshire")
    picture = route_picture(route.nodes, route.edges, route.title, route.description, route.apart)

    for title in ("Systemic", "Independent", "Practice"):
        assert title in picture
    assert picture.count(APART) == 2  # a wide picture and a narrow one
    educator = route.steps[-1]
    assert (educator.title, educator.href) == ("Practice educator", "/my/awards")
    assert educator.ways[0].startswith("Practice educator, stage one: supervise, teach and assess students")


def test_nobodys_route_in_particular_has_no_stages_of_anybody():
    pathway, terms, _ = read("warwickshire")

    assert "Practice educator" not in [each.title for each in route_of(pathway, terms, None, is_own=True).steps]


@pytest.mark.parametrize(
    ("council", "said"),
    [
        ("warwickshire", "What they did before that is not known here, and is never shown as still to do."),
        ("gateshead", "Staff in post were assimilated to the four levels."),
        ("walsall", "A move to another service is a move and no promotion."),
        ("slough", "A team has one Consultant Practitioner and one Practice Manager"),
        ("coventry", "Employees progress."),
    ],
)
def test_what_is_assumed_of_the_pathway_as_a_whole_is_said(council, said):
    """W-6, W-17, G-21, L-2, S-9, B8: no single step cites these."""
    assert any(said in each for each in somebodys_route(council).assumptions)


def read(council):
    pack = read_pack(PACKS / f"{council}.yaml")
    (pathway,) = pack.career_pathways
    return pathway, terms_of(SimpleNamespace(id=1, pack=pack)), pathway.levels[0]


def somebodys_route(council):
    pathway, terms, lowest = read(council)
    post = PostFacts(1, 1, "employee", lowest, 7, "North Team", None)
    found = readiness(1, post, None, terms, RecordIndex(Record(1)), ON)
    return route_of(pathway, terms, found, is_own=True)
