"""Five councils in one demonstration: in each of them a person is taken from start to an enacted progression.

Everybody signs in by the form and uses the real pages in a real browser. Two of them are refused first and helped on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpd.shared.database import db
from tests.browser.five_councils.acts import (
    accept,
    approve,
    ask,
    day,
    decide_case,
    enact,
    give_meeting,
    give_seat,
    hand_in,
    hand_in_portfolio,
    person_of,
    plan_meeting,
    put_before,
    recommend,
    record_seen,
    see_the_end,
)
from tests.browser.five_councils.hands import Councils
from tests.browser.world import load_demonstration, make_world
from tests.pages import served

pytestmark = pytest.mark.browser


@pytest.fixture
def councils(sqlite_app, instance, browser) -> Iterator[Councils]:
    """The demonstration on 2 January 2019."""
    app = make_world(instance, "five_councils")
    load_demonstration(app, instance)
    with served(app) as url:
        app.config["BASE_URL"] = url
        councils = Councils(app, browser, url)
        yield councils
        councils.close()
    with app.app_context():
        db.engine.dispose()


def test_warwickshires_assessed_year_ends_with_a_panel_and_the_rest_follows_by_itself(councils):
    """W-1, W-7, W-11: the panel's pass is the human decision; the request raises itself; operations enact."""
    councils.at("2019-10-01")
    nell, officer = councils.hand("nqsw@warwickshire"), councils.hand("workforce@warwickshire")
    hand_in_portfolio(nell, "asye-portfolio", "2019-09-27")
    accept(councils.hand("assessor@warwickshire"), "/progression/evidence", "Nell Newstart", "Portfolio")
    give_seat(officer, "asye-moderation", "Pip Panel, panel member")
    plan_meeting(officer, "asye-moderation", "2019-10-10", "Pip Panel")
    case = put_before(officer, "asye-moderation", "Nell Newstart")
    nell.open("/my/panels").sees("10 October 2019")
    nell.open("/my/progress/ask/2-to-3a").sees("You cannot ask yet")

    councils.at("2019-10-10", hour=14)
    decide_case(officer, case, "pass", "The portfolio shows sound practice in all nine domains.")

    councils.hand("manager@warwickshire").open("/team/requests").sees("Nell Newstart")
    enact(councils.hand("operations@warwickshire"), "Nell Newstart", "2019-10-11")
    councils.at("2019-10-11")
    see_the_end(councils, "nqsw@warwickshire", level="Social worker in early professional development")
    assert councils.complaints() == []


def test_coventrys_worker_is_refused_the_day_before_three_years_and_both_panels_recommend_her_after(councils):
    """C-1, C-3, AMB-14: three years to the day; young people first, then managers; a ceiling of 50 FTE."""
    councils.at("2019-03-13")
    eden, officer = councils.hand("expected@coventry"), councils.hand("workforce@coventry")
    eden.open("/my/progress/ask/grade-7-to-8").sees("You cannot ask yet", "14 March 2019")
    assert eden.page.get_by_role("button", name="Ask to progress").count() == 0

    councils.at("2019-03-14")
    request = ask(eden, "grade-7-to-8", "I have wanted this for two years.")
    voice = councils.hand("panel@coventry")
    plan_meeting(officer, "young-people", "2019-03-20", "Parker Participation")
    young = give_meeting(officer, "young-people", "Eden Expected")
    councils.at("2019-03-20", hour=14)
    decide_case(
        voice, young, "recommended", "They felt listened to, and were told what happens next.", names_nobody=True
    )
    for who in ("Sasha Service, service manager", "Dana Director, assistant director"):
        give_seat(officer, "managers", who)
    plan_meeting(officer, "managers", "2019-03-27", "Sasha Service", "Dana Director")
    managers = give_meeting(officer, "managers", "Eden Expected")
    councils.at("2019-03-27", hour=14)
    for who in ("service@coventry", "director@coventry"):
        recommend(councils.hand(who), managers, "recommended", "Her analysis of risk is what the role asks for.")
    decide_case(officer, managers, "recommended", "Both recommend, and for the same reasons.")

    eden.open(request).sees("operations manager")
    enact(councils.hand("operations@coventry"), "Eden Expected", "2019-04-01")
    councils.hand("operations@coventry").open("/progression/ceilings").sees("2 of 50 FTE taken; 48 left")
    councils.at("2019-04-01")
    see_the_end(councils, "expected@coventry", level="Advanced social worker")
    assert councils.complaints() == []


def test_gatesheads_worker_hands_in_evidence_and_a_portfolio_and_is_interviewed_by_two_people(councils):
    """G-16, AMB-44: four kinds of evidence, a portfolio, then the Principal Social Worker and a Service Manager."""
    councils.at("2019-11-04")
    noor, officer = councils.hand("nqsw"), councils.hand("workforce")
    manager = councils.hand("manager")
    for kind, title in (("skills", "skills"), ("knowledge", "knowledge"), ("academic", "Academic")):
        hand_in(noor, kind, "2019-10-28", "How I worked with a family of three, and what I read for it.")
        accept(manager, "/team/evidence", "Noor Newstart", title)
    record_seen(
        manager, person_of(manager, "Noor Newstart"), "experience", "2019-10-30", "A core group, chaired calmly."
    )
    noor.open("/my/progress/ask/to-experienced").sees("You cannot ask yet")
    hand_in_portfolio(noor, "portfolio", "2019-11-01")
    accept(councils.hand("psw"), "/progression/evidence", "Noor Newstart", "Portfolio")
    ask(noor, "to-experienced")

    for who in ("Percy Principal, principal social worker", "Sage Service, service manager"):
        give_seat(officer, "experienced-interview", who)
    plan_meeting(officer, "experienced-interview", "2019-11-18", "Percy Principal", "Sage Service")
    case = give_meeting(officer, "experienced-interview", "Noor Newstart")
    noor.open("/my/panels").sees("18 November 2019")
    councils.at("2019-11-18", hour=14)
    decide_case(officer, case, "pass", "Clear on thresholds, and honest about what is still to learn.")

    enact(councils.hand("operations"), "Noor Newstart", "2019-12-02")
    councils.at("2019-12-02")
    see_the_end(councils, "nqsw", level="Experienced Child and Family Practitioner")
    assert councils.complaints() == []


def test_sloughs_worker_passes_the_year_and_the_module_and_the_head_of_service_approves(councils):
    """S-1, S-8, B3: the panel at the end of the year, the consolidation module, then the Head of Service."""
    councils.at("2019-10-07")
    nia, officer = councils.hand("nqsw@slough"), councils.hand("workforce@slough")
    nia.open("/my/progress/ask/to-social-worker").sees("You cannot ask yet", "Consolidation module")
    officer.open(f"/people/{person_of(councils.hand('manager@slough'), 'Nia Newstart')}/recognise")
    officer.fill(
        module="Consolidation module",
        title="Consolidation module at the university",
        happened_on=day("2019-07-12"),
        reason="The council funded it",
        words="Transcript of July 2019",
    ).press("Recognise it")
    give_seat(officer, "asye-panel", "Piper Panel, panel member")
    plan_meeting(officer, "asye-panel", "2019-10-14", "Piper Panel")
    case = put_before(officer, "asye-panel", "Nia Newstart")
    councils.at("2019-10-14", hour=14)
    decide_case(officer, case, "pass", "A good year: the reviews and the observations agree.")

    ask(nia, "to-social-worker")
    approve(councils.hand("service@slough"), "Nia Newstart", "She carries a full caseload well.")
    enact(councils.hand("operations@slough"), "Nia Newstart", "2019-11-01")
    councils.at("2019-11-01")
    see_the_end(councils, "nqsw@slough", level="Social Worker")
    assert councils.complaints() == []


def test_walsalls_worker_is_told_not_yet_with_a_plan_and_becomes_a_senior_social_worker_after_it(councils):
    """L-3, L-4, AMB-15: deferred with support and a day to look again; then recommended by the same panel."""
    councils.at("2019-02-04")
    toby, officer = councils.hand("two@walsall"), councils.hand("workforce@walsall")
    manager = councils.hand("manager@walsall")
    number = person_of(manager, "Toby Twoyears")
    record_seen(manager, number, "development-conversation", "2019-02-01", "Wants to lead on court work.")
    hand_in(toby, "senior-statement", "2019-01-30", "I lead reflective sessions and chair core groups.")
    accept(manager, "/team/evidence", "Toby Twoyears", "Written account")
    request = ask(toby, "to-senior-social-worker")
    judges = {"panel@walsall": "Perry Panel, panel member", "psw@walsall": "Prue Principal, principal social worker"}
    for who in judges.values():
        give_seat(officer, "progression-panel", who)

    plan_meeting(officer, "progression-panel", "2019-02-11", "Perry Panel", "Prue Principal")
    case = give_meeting(officer, "progression-panel", "Toby Twoyears")
    councils.at("2019-02-11", hour=14)
    for who in judges:
        recommend(councils.hand(who), case, "deferred_with_support", "Sound work; court work is still new to him.")
    decide_case(
        officer,
        case,
        "deferred_with_support",
        "Just short of the standard in court work.",
        support_plan="Two court reports with a Senior Social Worker beside you, by May.",
        review_on=day("2019-06-03"),
    )
    toby.open(request).sees("Just short of the standard", "Two court reports", "3 June 2019")

    councils.at("2019-06-03")
    ask(toby, "to-senior-social-worker")
    plan_meeting(officer, "progression-panel", "2019-06-10", "Perry Panel", "Prue Principal")
    case = give_meeting(officer, "progression-panel", "Toby Twoyears")
    councils.at("2019-06-10", hour=14)
    for who in judges:
        recommend(councils.hand(who), case, "pass", "Both reports stood up in court.")
    decide_case(officer, case, "pass", "What was missing is there now.")
    enact(councils.hand("operations@walsall"), "Toby Twoyears", "2019-07-01")
    councils.at("2019-07-01")
    see_the_end(councils, "two@walsall", level="Senior Social Worker")
    councils.hand("operations@walsall").open("/progression/retention").sees(
        "Toby Twoyears", "by a decision recorded here"
    )
    assert councils.complaints() == []
