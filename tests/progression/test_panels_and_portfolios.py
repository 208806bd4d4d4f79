"""What members read of a portfolio, who of them gets its files, and that "not yet" gives it back to be worked on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from cpd.commands.checks.portfolios import CHECKS
from cpd.progression.panels import service
from cpd.progression.panels.ready import ready_for
from cpd.progression.portfolios import service as portfolios
from cpd.progression.portfolios.rules import WHOLE, Piece
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import day
from tests.progression.evidence import PDF, items
from tests.progression.evidence import status_of as portfolio_status
from tests.progression.judging import NOT_YET, adopt_panels, case_for, kinds_told, meet, said, sit


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels()


@pytest.fixture
def pat(make_person):
    return make_person("Pat Panel", Role.PANEL_MEMBER)


@pytest.fixture
def accepted(version, nell, manager):
    """Nell's portfolio is handed in as one file, and her manager has accepted it."""
    piece = Piece(WHOLE, "My year", day("2018-12-10"), words="Two reviews and a court report")
    portfolios.add_piece(nell.id, "portfolio", piece, PDF)
    portfolio_id = portfolios.hand_in(nell.id, "portfolio")
    portfolios.open_it(portfolio_id, by=manager.id)
    portfolios.accept(portfolio_id, seen=1, comments="", by=manager.id)
    return portfolio_id


@pytest.fixture
def before_panel(accepted, version, nell, pat, officer, clock_at):
    sit("moderation", pat)
    case_id = case_for(nell, "moderation", version, meeting_id=meet("moderation", pat, by=officer), by=officer)
    clock_at(2019, 1, 15, 10)
    return case_id


def test_members_read_the_portfolio_and_get_its_files_and_nobody_else_does(
    both, before_panel, nell, pat, manager, alice, officer, sign_in
):
    address = f"/progression/cases/{before_panel}"
    page = sign_in(pat).get(address).text
    assert "Two reviews and a court report" in page
    assert f'href="{address}/items/1/file"' in page
    assert sign_in(pat).get(f"{address}/items/1/file").data.startswith(b"%PDF")
    assert sign_in(officer).get(f"{address}/items/1/file").status_code == 200
    assert sign_in(pat).get(f"{address}/items/99/file").status_code == 404
    for other in (nell, manager, alice):
        assert sign_in(other).get(f"{address}/items/1/file").status_code == 404

    service.declare_interest(before_panel, pat.id, "A cousin", by=pat.id)
    assert sign_in(pat).get(f"{address}/items/1/file").status_code == 404


def test_not_yet_gives_the_portfolio_back_and_she_is_ready_again_once_it_is_accepted_anew(
    both, before_panel, accepted, nell, pat, manager, officer, clock_at
):
    service.decide(before_panel, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    assert portfolio_status(nell, "portfolio") == "returned"
    assert "panel_decided" in kinds_told(nell)
    assert ready_for("moderation", officer.organisation_id) == []

    clock_at(2019, 5, 20, 9)
    portfolios.hand_in(nell.id, "portfolio")
    portfolios.open_it(accepted, by=manager.id)
    portfolios.accept(accepted, seen=2, comments="", by=manager.id)
    (again,) = ready_for("moderation", officer.organisation_id)
    assert (again.person_id, again.before, again.before_on) == (
        nell.id,
        "deferred_with_support",
        day("2019-01-15"),
    )


def test_not_yet_in_other_words_leaves_what_she_has_handed_in_since(both, before_panel, nell, pat, officer):
    service.decide(before_panel, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    portfolios.hand_in(nell.id, "portfolio")
    anew = said("deferred_with_support", pat, **NOT_YET, because="The plan was cut off")
    service.decide_anew(before_panel, anew, by=officer.id)

    assert portfolio_status(nell, "portfolio") == "handed_in"


def test_where_not_yet_was_a_slip_the_portfolio_counts_as_before(both, before_panel, accepted, nell, pat, officer):
    service.decide(before_panel, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    service.decide_anew(before_panel, said("pass", pat, because="Written down for somebody else"), by=officer.id)

    assert portfolio_status(nell, "portfolio") == "accepted"
    facts = select(RecordFact.happened_on, RecordFact.source, RecordFact.superseded_at.is_(None))
    of_portfolio = facts.where(RecordFact.subject == "portfolio").order_by(RecordFact.id)
    first, now = db.session.execute(of_portfolio).all()
    assert (first[:2], first[2], now[2]) == (now[:2], False, True)
    assert [fault for check in CHECKS for fault in check.faults()] == []


def test_what_she_has_changed_since_is_to_be_handed_in_anew(before_panel, accepted, nell, pat, officer):
    service.decide(before_panel, said("deferred_with_support", pat, **NOT_YET), by=officer.id)
    (item,) = items(accepted)
    piece = Piece(WHOLE, "My year, with a second report", day("2018-12-10"), words="Three reports")
    portfolios.change_piece(item.id, piece, None, by=nell.id)
    service.decide_anew(before_panel, said("pass", pat, because="Written down for somebody else"), by=officer.id)

    assert portfolio_status(nell, "portfolio") == "returned"


def test_a_pass_leaves_the_portfolio_locked(before_panel, nell, pat, officer):
    service.decide(before_panel, said("pass", pat), by=officer.id)

    assert portfolio_status(nell, "portfolio") == "accepted"


@pytest.mark.parametrize("by_whom", ["the panel", "whoever accepted it"])
def test_given_back_by_a_slip_it_can_be_given_back_again(
    both, before_panel, accepted, nell, pat, officer, manager, by_whom
):
    not_yet = said("deferred_with_support", pat, **NOT_YET)
    service.decide(before_panel, not_yet, by=officer.id)
    service.decide_anew(before_panel, said("fail", pat, because="The wrong box"), by=officer.id)
    if by_whom == "the panel":
        service.decide_anew(before_panel, replace(not_yet, because="It was right"), by=officer.id)
    else:
        portfolios.reopen(accepted, reason="A page is missing", by=manager.id)

    assert portfolio_status(nell, "portfolio") == "returned"
