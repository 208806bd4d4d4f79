"""Do the packs say what the five councils' reports say?"""

from datetime import date

import pytest

from cpd.requirements.language import NOTHING, AllOf, Completed
from cpd.schemes.prior_learning_shape import ClaimType
from cpd.schemes.reading import PACKS, pack_schema, read_pack
from cpd.schemes.shape import Audience, BookingMode, Colour, Module, ModuleFormat, ModuleKind, Pack

COUNCILS = ["coventry", "gateshead", "slough", "walsall", "warwickshire"]


def needs(*codes):
    return AllOf(tuple(Completed(code) for code in codes))


def is_invented(module: Module) -> bool:
    return (module.note or "").startswith("Invented for the demonstration")


def module(pack: Pack, code: str) -> Module:
    return next(module for module in pack.modules if module.code == code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("M1", NOTHING, id="G-1: Module 1 needs nothing, so it can come before Module 2"),
        pytest.param("M2", NOTHING, id="G-1: Module 2 needs nothing, so it can come before Module 1"),
        pytest.param("M3", needs("M1", "M2"), id="G-2: Module 3 needs Modules 1 and 2"),
        pytest.param("M4", needs("M1", "M2"), id="G-2: Module 4 needs Modules 1 and 2, but not 3"),
        pytest.param("M5", needs("M1", "M2"), id="G-2: Module 5 needs Modules 1 and 2, but not 3 or 4"),
        pytest.param("M6", needs("M1", "M2", "M3", "M4", "M5"), id="G-3: Module 6 needs the first five"),
        pytest.param("M7", NOTHING, id="G-4: Module 7 needs nothing"),
        pytest.param("PS-NVR", NOTHING, id="G-14: a Practice Short needs nothing"),
    ],
)
def test_gateshead_asks_this_before_a_module(gateshead, code, expected):
    assert module(gateshead, code).requirement == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("M1", ("Module 1", "Genograms", 120, 1, BookingMode.DROP_IN, "civic-centre")),
        ("M2", ("Module 2", None, 180, 1, BookingMode.REQUIRED, "dryden")),
        ("M3", ("Module 3", None, 180, 1, BookingMode.REQUIRED, "dryden")),
        ("M4", ("Module 4", None, 180, 1, BookingMode.REQUIRED, "dryden")),
        ("M5", ("Module 5", None, 180, 1, BookingMode.REQUIRED, "dryden")),
        ("M6", ("Module 6", "Practical Simulation", 840, 2, BookingMode.REQUIRED, "coach-lane")),
        ("M7", ("Module 7", "Non-Violent Resistance (NVR)", 90, 1, BookingMode.DROP_IN, "civic-centre")),
    ],
)
def test_gateshead_prints_this_of_a_module(gateshead, code, expected):
    printed = module(gateshead, code)

    named = (printed.number_label, printed.title, printed.length_minutes, printed.length_days)
    assert (*named, printed.booking_mode, printed.default_venue) == expected
    assert printed.module_kind is ModuleKind.IN_HOUSE
    assert printed.audience == Audience(
        job_roles=("Social Worker", "Practice Supervisor"), words="Social Workers and Practice Supervisors"
    )


def test_modules_1_to_6_take_28_hours(gateshead):
    assert sum(module(gateshead, f"M{number}").length_minutes for number in range(1, 7)) == 28 * 60


def test_a_module_without_a_title_says_what_it_covers(gateshead):
    untitled = [module for module in gateshead.modules if module.title is None]

    assert [module.number_label for module in untitled] == ["Module 2", "Module 3", "Module 4", "Module 5"]
    assert all(module.covers for module in untitled)


def test_modules_1_to_6_are_mandatory_and_7_is_not(gateshead):
    (programme,) = gateshead.programmes

    assert programme.code == "systemic"
    assert [(element.module, element.is_mandatory) for element in programme.elements] == [
        *((f"M{number}", True) for number in range(1, 7)),
        ("M7", False),
    ]


def test_only_the_genograms_practice_short_of_november_and_december_2018_counts_as_module_1(gateshead):
    (equivalence,) = gateshead.equivalences  # so there is none for Non-Violent Resistance (AMB-25)

    assert (equivalence.module, equivalence.other) == ("M1", "PS-GENOGRAMS")
    assert (equivalence.valid_from, equivalence.valid_to) == (date(2018, 11, 1), date(2018, 12, 31))


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Civic Centre", "civic-centre"),
        ("CIVIC CENTRE", "civic-centre"),
        ("Dryden Road PDC", "dryden"),
        ("Dryden", "dryden"),
        ("UNN", "coach-lane"),
        ("UNN, Coach Lane Campus", "coach-lane"),
        ("University of Northumbria, Coach Lane Campus", "coach-lane"),
        ("Northumbria University, Coach Lane Campus", "coach-lane"),
    ],
)
def test_every_printed_name_of_a_venue_is_known(gateshead, printed, code):
    assert [venue.code for venue in gateshead.venues if printed in (venue.name, *venue.other_names)] == [code]


@pytest.mark.parametrize(
    ("venue", "rooms"),
    [
        ("civic-centre", {"Bridges Room", "Bewicks B", "Lamesley Room"}),
        ("dryden", {"Room 2", "Room 3", "Emily Davis"}),
        ("coach-lane", set()),
    ],
)
def test_every_printed_room_is_known(gateshead, venue, rooms):
    assert [{room.name for room in known.rooms} for known in gateshead.venues if known.code == venue] == [rooms]


@pytest.mark.parametrize("council", COUNCILS)
def test_every_detail_that_no_report_gives_is_called_invented(packs, council):
    for venue in packs[council].venues:
        given = {detail for detail in ("address", "parking", "access") if getattr(venue, detail)}
        assert given == set(venue.invented)


@pytest.mark.parametrize(
    ("module_format", "count"),
    [(ModuleFormat.PRACTICE_SHORT, 8), (ModuleFormat.CONFERENCE, 1), (ModuleFormat.TAUGHT, 7 + 9)],
)
def test_gateshead_names_its_practice_shorts_and_courses(gateshead, module_format, count):
    named = [module for module in gateshead.modules if not is_invented(module)]
    assert sum(module.module_format is module_format for module in named) == count


def test_what_gateshead_does_not_name_says_that_it_is_invented(gateshead):
    (invented,) = [module for module in gateshead.modules if not module.cites]
    assert is_invented(invented)
    assert (invented.validity_months, invented.completion_after_evaluation) == (36, True)


def test_warwickshire_has_eight_workshop_days_that_block_nothing(packs):
    warwickshire = packs["warwickshire"]
    (programme,) = warwickshire.programmes
    workshops = [module(warwickshire, element.module) for element in programme.elements]

    assert programme.code == "asye-workshops"
    assert [workshop.number_label for workshop in workshops] == [f"Workshop {number}" for number in range(1, 9)]
    assert {workshop.length_days for workshop in workshops} == {1}
    assert not any(element.is_mandatory for element in programme.elements)
    assert {module.requirement for module in warwickshire.modules} == {NOTHING}


def test_warwickshire_names_its_other_training(packs):
    in_house = [each for each in packs["warwickshire"].modules if each.module_kind is ModuleKind.IN_HOUSE]

    assert [module.title for module in in_house if module.title] == [
        "Restorative methodologies",
        "Achieving Best Evidence",
        "Trauma Informed Practice",
        "Non-Violent Resistance",
        "First line manager development programme",
    ]


@pytest.mark.parametrize(
    ("module_format", "code"),
    [
        (ModuleFormat.PRACTICE_WORKSHOP, "SL-WORKSHOP"),
        (ModuleFormat.SEMINAR, "SL-SEMINAR"),
        (ModuleFormat.E_LEARNING, "SL-E-LEARNING"),
        (ModuleFormat.CONFERENCE, "SL-CONFERENCE"),
    ],
)
def test_slough_names_this_kind_of_training(packs, module_format, code):
    assert [module.code for module in packs["slough"].modules if module.module_format is module_format] == [code]


def test_only_these_modules_are_a_universitys_and_only_they_carry_credits(packs):
    """W-5 gives Warwickshire's three 20 credits each at level 7; Slough's report gives no number (AMB-32)."""
    every_module = [module for council in COUNCILS for module in packs[council].modules]
    universitys = [each for each in every_module if each.module_kind is ModuleKind.UNIVERSITY]

    assert [(each.code, each.title, each.credits, each.academic_level) for each in universitys] == [
        ("SL-CONSOLIDATION", "Consolidation module", None, None),
        ("WA-PE-1", "Practice Educator stage one", 20, 7),
        ("WA-PE-2", "Practice Educator stage two", 20, 7),
        ("WA-RESEARCH", "Research Module", 20, 7),
    ]
    assert [each.code for each in every_module if each.credits and each not in universitys] == []


def test_warwickshires_portfolio_of_the_assessed_year_is_prior_learning_of_20_credits(packs):
    """W-1, W-5, AMB-37; no other council's report has prior learning."""
    portfolio, elsewhere = packs["warwickshire"].prior_learning

    assert (portfolio.claim_type, portfolio.credits, portfolio.academic_level, portfolio.only_once) == (
        ClaimType.APEL,
        20,
        7,
        True,
    )
    assert (elsewhere.claim_type, elsewhere.credits, elsewhere.academic_level, elsewhere.only_once) == (
        ClaimType.APCL,
        None,
        None,
        False,
    )
    assert [council for council in COUNCILS if packs[council].prior_learning] == ["warwickshire"]


def test_coventrys_practice_improvement_forum_is_open_to_all(packs):
    (forum,) = packs["coventry"].modules

    assert (forum.module_format, forum.booking_mode) == (ModuleFormat.OPEN_FORUM, BookingMode.DROP_IN)
    assert forum.audience == Audience(words="All staff")


def test_walsall_plans_three_programmes(packs):
    assert [module.code for module in packs["walsall"].modules] == [
        "WL-CORE",
        "WL-PRACTICE-SUPERVISOR",
        "WL-TEAM-MANAGER",
    ]


@pytest.mark.parametrize("council", COUNCILS)
def test_a_pack_names_its_council_its_report_and_every_rule_it_follows(packs, council):
    pack = packs[council]

    assert pack.organisation.code == council
    assert pack.source.title
    assert all(module.cites or is_invented(module) for module in pack.modules)
    assert all(part.cites for part in (*pack.programmes, *pack.equivalences, *pack.terms))
    assert {"AMB-34", "AMB-35"} <= {assumption.id for assumption in pack.assumptions}


@pytest.mark.parametrize("council", COUNCILS)
def test_nobodys_approval_is_needed_and_nothing_lapses(packs, council):
    named = [module for module in packs[council].modules if not is_invented(module)]
    assert not any(module.approval_needed or module.validity_months for module in named)
    assert not any(module.completion_after_evaluation or module.completion_minutes for module in named)


def test_each_council_has_a_colour_of_its_own(packs):
    assert {pack.organisation.colour for pack in packs.values()} < set(Colour)
    assert len({pack.organisation.colour for pack in packs.values()}) == len(packs)


@pytest.mark.parametrize("section", ["modules", "venues", "programmes"])
def test_codes_are_unique_in_an_installation_of_all_five(packs, section):
    codes = [part.code.casefold() for pack in packs.values() for part in getattr(pack, section)]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("council", COUNCILS)
def test_a_pack_survives_being_kept_as_json(packs, council):
    assert Pack.model_validate_json(packs[council].model_dump_json()) == packs[council]


def test_the_five_packs_are_all_there_are():
    assert sorted(path.stem for path in PACKS.iterdir()) == COUNCILS


def test_the_schema_for_editors_knows_the_sections_and_refuses_others():
    schema = pack_schema()

    assert schema["required"] == ["organisation", "version", "source"]
    assert set(schema["properties"]) == set(Pack.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["RequirementShape"]["maxProperties"] == 1
    assert {"type": "string"} in schema["$defs"]["RequirementShape"]["properties"]["completed"]["anyOf"]


@pytest.fixture(scope="module")
def packs():
    return {council: read_pack(PACKS / f"{council}.yaml") for council in COUNCILS}


@pytest.fixture
def gateshead(packs):
    return packs["gateshead"]
