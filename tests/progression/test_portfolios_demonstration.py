"""The demonstration's evidence: by the rules, once, and for whoever is there."""

from __future__ import annotations

from cpd.commands.checks.portfolios import CHECKS
from cpd.commands.demo.progression_portfolios import STORY, load_portfolios
from cpd.people.models import Organisation
from cpd.progression.portfolios import reading
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.packs import adopt_text, pack_text

COUNCILS = {"": "gateshead"} | {f"{code}.": code for code in ("warwickshire", "coventry", "slough", "walsall")}


def test_the_story_speaks_of_evidence_that_the_packs_have():
    kinds = {
        code: {each.code for each in read_pack(PACKS / f"{code}.yaml").evidence_kinds} for code in COUNCILS.values()
    }

    for each in STORY:
        council = COUNCILS[each.who.partition("@")[2].removesuffix("demo.example")]
        assert each.evidence_kind in kinds[council], each


def test_it_is_loaded_once_and_the_doctor_finds_nothing_wrong(app, make_person):
    version = adopt_text(pack_text("warwickshire"))
    county = db.session.get(Organisation, version.organisation_id)
    manager = make_person("Minnie Manager", employer=county)
    make_person("Ashby Assessor", Role.ASSESSOR, employer=county)
    people = {
        f"{name}@warwickshire.demo.example": make_person(
            name, employer=county, manager=manager, career_level=career_level
        )
        for name, career_level in {
            "nqsw": "nqsw",
            "expected": "nqsw",
            "epd": "3a",
            "ready": "3a",
            "interview": "3b",
        }.items()
    }
    for _ in range(2):
        load_portfolios(people)

    found = reading.portfolios_of([each.id for each in people.values()])
    assert sorted((each.person, each.evidence_kind, str(each.status)) for each in found) == [
        ("epd", "epd-portfolio", "returned"),
        ("expected", "asye-portfolio", "handed_in"),
        ("interview", "case-file-audit", "accepted"),
        ("interview", "direct-observation", "accepted"),
        ("interview", "enhanced-practice-discussion", "accepted"),
        ("interview", "level-4-application", "accepted"),
        ("nqsw", "asye-portfolio", "preparing"),
        ("ready", "epd-portfolio", "accepted"),
    ]
    assert [fault for check in CHECKS for fault in check.faults()] == []
