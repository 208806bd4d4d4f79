"""The way through a programme, what opens what, and what a search finds: as the councils' packs have it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module, SchemeVersion
from cpd.catalogue.rules import about_module, found_by, opened_by, route_of, texts_of
from cpd.people.models import Organisation
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import read_adopted, read_pack
from cpd.shared.database import db
from tests.catalogue.conftest import counted_queries


@pytest.fixture
def gateshead(app, adopt_real) -> int:
    return adopt_real("gateshead").organisation_id


def test_the_way_through_gatesheads_programme(gateshead):
    modules = catalogue.modules_of([gateshead])

    route = route_of(catalogue.programme_by_code("systemic"), modules)

    needs = {step.module.code: set(step.needs) for step in route.steps}
    assert needs == {
        "M1": set(),
        "M2": set(),
        "M3": {"M1", "M2"},
        "M4": {"M1", "M2"},
        "M5": {"M1", "M2"},
        "M6": {"M1", "M2", "M3", "M4", "M5"},
        "M7": set(),
    }
    assert [step.module.code for step in route.steps if not step.is_mandatory] == ["M7"]
    assert ("M5", "M6") in route.edges


@pytest.mark.parametrize(
    ("code", "opens"),
    [("M1", ["M3", "M4", "M5", "M6"]), ("M5", ["M6"]), ("M6", []), ("M7", [])],
)
def test_what_a_module_opens(gateshead, code, opens):
    modules = catalogue.modules_of([gateshead])

    assert [module.code for module in opened_by(code, modules.values())] == opens


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("genograms", ["M1", "PS-GENOGRAMS"]),
        ("GENO", ["M1", "PS-GENOGRAMS"]),
        ("module 4", ["M4"]),
        ("milan", ["M4"]),
        ("non-violent", ["M7", "PS-NVR"]),
        ("nvr", ["M7", "PS-NVR"]),
        ("signs safety", ["M5"]),
        ("ps-teen", ["PS-TEEN"]),
        ("een", []),
        ("jam", []),
    ],
)
def test_a_search_finds_by_words_and_by_other_words_for_the_same(gateshead, words, found):
    terms = catalogue.find_scheme(gateshead).terms
    modules = catalogue.modules_of([gateshead]).values()

    assert [module.code for module in modules if found_by(words, texts_of(module), terms)] == found


def test_the_practice_short_and_module_1_know_of_each_other(gateshead):
    equivalences = catalogue.equivalences_of([gateshead])

    for code in ("M1", "PS-GENOGRAMS"):
        (each,) = about_module(catalogue.module_by_code(code).id, equivalences)
        assert (each.module_code, each.other_module_code) == ("M1", "PS-GENOGRAMS")
    assert about_module(catalogue.module_by_code("M7").id, equivalences) == ()


@pytest.mark.parametrize(
    ("code", "length"),
    [("M1", "2 hours"), ("M2", "3 hours"), ("M6", "2 days, 14 hours together"), ("M7", "90 minutes"), ("CO-AIM", "")],
)
def test_a_module_says_how_long_it_is(gateshead, code, length):
    assert catalogue.module_by_code(code).length == length


def test_modules_two_to_five_have_a_number_and_no_title(gateshead):
    module = catalogue.module_by_code("M4")

    assert (module.full_title, module.title, module.covers) == ("Module 4", "", "Milan and questioning")


def test_the_source_of_a_scheme_can_be_looked_up(gateshead):
    scheme = catalogue.find_scheme(gateshead)

    assert scheme.source_title.startswith("Children and Families Social Work Recruitment and Retention")
    assert (scheme.source_published, scheme.version) == ("2019-03-07", 4)
    assert "AMB-23" in {each.ambiguity for each in scheme.assumptions}


def test_an_organisation_without_a_scheme_has_none(app, organisation):
    assert catalogue.find_scheme(organisation.id) is None
    assert catalogue.settings_of(organisation.id).booking_closes_days_before == 1


def test_each_question_about_the_catalogue_takes_one_query(both, adopt_real):
    for council in ("gateshead", "warwickshire", "slough"):
        adopt_real(council)
    ids = list(db.session.scalars(select(Organisation.id)))
    modules = list(db.session.scalars(select(Module.id)))
    questions = {
        "modules_of": lambda: catalogue.modules_of(ids),
        "modules_by_id": lambda: catalogue.modules_by_id(modules),
        "module_by_code": lambda: catalogue.module_by_code("M1"),
        "programmes_of": lambda: catalogue.programmes_of(ids),
        "equivalences_of": lambda: catalogue.equivalences_of(ids),
        "find_scheme": lambda: catalogue.find_scheme(ids[0]),
        "settings_of": lambda: catalogue.settings_of(ids[0]),
    }

    for name, ask in questions.items():
        with counted_queries() as sent:
            assert ask(), name
        assert len(sent) == 1, name


def test_a_module_read_twice_is_the_same_and_a_changed_one_is_read_anew(both, make_module):
    module = make_module("X", title="Before")
    first = catalogue.module_by_code("X")

    assert catalogue.module_by_code("X") is first
    module.title = "After"
    db.session.commit()
    assert catalogue.module_by_code("X").title == "After"


def test_a_version_stays_readable_though_a_check_born_later_would_refuse_it(gateshead):
    text = db.session.scalars(select(SchemeVersion.content).where(SchemeVersion.organisation_id == gateshead)).one()
    leading_nowhere = text.replace("default_venue: civic-centre", "default_venue: nowhere")
    assert leading_nowhere != text
    with pytest.raises(PackRefused):
        read_pack(leading_nowhere)

    assert read_adopted(leading_nowhere).version == read_pack(text).version
