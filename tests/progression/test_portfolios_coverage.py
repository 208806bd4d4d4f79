"""Which standards hold on which day, and which of them somebody's evidence and modules show (G-15, B2, B4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cpd.progression.portfolios import service
from cpd.progression.portfolios.coverage import coverage
from cpd.progression.portfolios.rules import Fault, PortfolioStatus, Shown, coverage_of
from cpd.progression.portfolios.wording import TITLES, statement_words
from cpd.schemes.framework import Titles, framework_on, frameworks, frameworks_on
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.roles import Role
from tests.progression.careers import completed
from tests.progression.evidence import (
    FIRST,
    SEEN,
    accepted,
    adopt_with_a_portfolio,
    handed_in,
    portfolio_of,
    refused,
)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2014-12-31", []),
        ("2015-01-01", ["PQS"]),
        ("2018-01-01", ["PCF", "PQS"]),
        ("2027-03-31", ["PCF", "PQS"]),
        ("2027-04-01", ["ECS", "PCF"]),
        ("2028-09-01", ["ECS", "PCF"]),
    ],
)
def test_these_standards_hold_on_this_day(day, codes):
    assert [each.code for each in frameworks_on(date.fromisoformat(day))] == codes


def test_what_is_invented_or_proposed_is_said_to_be():
    assert {each.code: each.titles for each in frameworks()} == {
        "PCF": Titles.PUBLISHED,
        "PQS": Titles.INVENTED,
        "ECS": Titles.PROPOSED,
    }
    assert set(TITLES) == set(Titles)


def test_the_early_career_standards_have_the_six_domains_as_proposed():
    assert [each.title for each in framework_on("ECS", date(2027, 4, 1)).statements] == [
        "Anti-discriminatory practice",
        "Relationships and communication",
        "Assessment and planning",
        "Intervention",
        "Reflection and learning",
        "Leadership and management",
    ]


def test_a_statement_is_named_by_the_standards_of_its_day_and_an_unknown_one_keeps_its_name():
    assert statement_words("PCF-6", date(2019, 1, 2)) == "PCF 6: Critical reflection and analysis"
    assert statement_words("PQS-2", date(2027, 5, 1)) == "PQS 2: Listening and being understood"
    assert statement_words("XYZ-1", date(2019, 1, 2)) == "XYZ-1"


@pytest.mark.parametrize(
    ("day", "statement", "faults"),
    [
        ("2027-03-31", "PQS-1", []),
        ("2027-04-01", "PQS-1", [Fault.NOT_VALID_THEN]),
        ("2027-03-31", "ECS-1", [Fault.NOT_VALID_THEN]),
        ("2027-04-01", "ECS-1", []),
        ("2027-04-01", "PCF-1", []),
    ],
)
def test_a_piece_shows_the_standards_of_its_own_day(app, organisation, nell, clock_at, day, statement, faults):
    adopt_with_a_portfolio()
    clock_at(2027, 6, 1, 9)
    piece = replace(FIRST, happened_on=date.fromisoformat(day), statements=(statement,))

    assert refused(service.add_piece, nell.id, "folder", piece, None) == faults


def test_what_nothing_shows_stands_first():
    shown = [
        Shown("Accepted", date(2019, 1, 1), PortfolioStatus.ACCEPTED, ("B",)),
        Shown("Handed in", date(2019, 1, 1), PortfolioStatus.HANDED_IN, ("A", "B")),
    ]
    found = coverage_of({"A": "One", "B": "Two", "C": "Three", "D": "Four"}, shown)

    assert [(each.ref, each.is_covered, len(each.shown_by)) for each in found] == [
        ("C", False, 0),
        ("D", False, 0),
        ("A", False, 1),
        ("B", True, 2),
    ]


def test_accepted_evidence_and_completed_modules_cover(app, organisation, nell, manager, make_person):
    adopt_with_a_portfolio()
    accepted(nell, manager, SEEN, kind="observation")
    handed_in(nell, FIRST)
    completed(nell, "C1")

    pcf, pqs = coverage(nell.id, nell.organisation_id)

    assert (pcf.code, pcf.figure) == ("PCF", "2 of 9 statements shown, 1 more by what is not accepted yet")
    assert (pqs.code, pqs.figure) == ("PQS", "1 of 10 statements shown, 1 more by what is not accepted yet")
    shown = {each.ref: [one.title for one in each.shown_by] for each in pcf.statements if each.shown_by}
    assert shown == {
        "PCF-1": ["A first visit"],
        "PCF-7": ["Direct observation"],
        "PCF-8": ["Court skills"],
    }


def test_earlier_standards_stay_on_the_map_while_something_shows_them(app, organisation, nell, make_person, clock_at):
    adopt_with_a_portfolio()
    assessor = make_person("Asta Assessor", Role.ASSESSOR)
    accepted(nell, assessor, FIRST)
    clock_at(2027, 6, 1, 9)

    assert [each.code for each in coverage(nell.id, nell.organisation_id)] == ["ECS", "PCF", "PQS"]


def test_what_is_set_aside_shows_nothing(app, organisation, nell, manager):
    adopt_with_a_portfolio()
    portfolio_id = accepted(nell, manager, SEEN, kind="observation")
    service.add_piece(nell.id, "observation", replace(SEEN, statements=()), None)
    service.reopen(portfolio_id, reason="A mistake", by=manager.id)

    assert portfolio_of(nell, "observation").status == "preparing"
    assert [each.figure for each in coverage(nell.id, nell.organisation_id)] == [
        "0 of 9 statements shown",
        "0 of 10 statements shown",
    ]


def test_the_assessed_year_s_portfolio_has_what_the_national_framework_names():
    pack = read_pack(PACKS / "warwickshire.yaml")
    (kind,) = [each for each in pack.evidence_kinds if each.code == "asye-portfolio"]

    assert [(each.title, each.count, each.cites) for each in kind.contents] == [
        ("Direct observation", 3, ("B3",)),
        ("Feedback from children or young people", 3, ("B3",)),
        ("Feedback from other professionals", 3, ("B3",)),
        ("Assessed written report", 3, ("B3",)),
        ("Critical reflection at 6 months", 1, ("B3",)),
        ("Critical reflection at 12 months", 1, ("B3",)),
    ]


def test_gatesheads_modules_say_what_they_show_and_that_it_is_ours():
    pack = read_pack(PACKS / "gateshead.yaml")

    assert all(each.shows for each in pack.modules if each.code.startswith("M") and each.code[1:].isdigit())
    assert any("own choice" in each.sentence for each in pack.assumptions if each.id == "G-15")
