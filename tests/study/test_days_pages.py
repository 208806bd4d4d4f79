"""The pages of study days: mine, my team's, and one person's with the answers (W-2, W-12, AMB-06)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from cpd.people.away import record_away
from cpd.people.models import Post
from cpd.people.rules import Away, AwayKind
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.study.days import reading, service
from cpd.study.days.rules import AskedFor, DayPart, DayStatus, Fault
from cpd.timetable.models import SessionOpening
from tests.cast import london, saved
from tests.home.test_query_counts import queries

DAY = {"kind": "study", "on": ["7", "1", "2019"], "part": "whole", "purpose": "Portfolio"}
SAID = {
    Fault.NO_ALLOWANCE: "There is no rule for days of this kind on that day",
    Fault.AWAY: "recorded as away on that day",
    Fault.TOO_LONG_AGO: "up to 28 days afterwards",
    Fault.TOO_FAR_AHEAD: "up to a year ahead",
    Fault.CLASH: "It clashes with",
    Fault.STUDY_DAY_THEN: "There is an approved module 2 on Monday already",
    Fault.ASKED_ALREADY: "take that request back",
    Fault.DAY_OFF: "That day is Module 2.",
    Fault.BEYOND: "That is more than is left",
    Fault.DECIDED: "answered or taken back already",
    Fault.OWN: "Nobody decides on her own days",
    Fault.NOT_THEIRS: "The line manager decides on it",
    Fault.ENDED: "nothing to cancel any more",
}


@pytest.fixture
def epd(make_person, county, county_manager):
    """A social worker in Early Professional Development: 3.5 study days (W-2)."""
    return make_person("Edie Early", employer=county, manager=county_manager, career_level="3a")


@pytest.fixture
def asked(epd) -> int:
    return service.ask(epd.id, AskedFor("study", date(2019, 1, 7), DayPart.WHOLE, "Portfolio"))


def words_of(answer) -> str:
    """What somebody reads on a page."""
    main = answer.text[answer.text.index("<main") : answer.text.index("</main")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def use_up(epd, county_manager) -> None:
    for day in (21, 22, 23):
        number = service.ask(epd.id, AskedFor("study", date(2019, 1, day), DayPart.WHOLE))
        service.approve(number, by=county_manager.id)


def test_my_page_says_first_what_is_left_and_each_figure_opens_onto_its_days(app, epd, county_manager, sign_in, asked):
    service.approve(asked, by=county_manager.id)
    service.ask(epd.id, AskedFor("study", date(2019, 1, 8), DayPart.MORNING, "Reading"))

    answer = sign_in(epd).get("/my/study-days")
    words = words_of(answer)

    assert "Study day: 2.5 days left of 3.5 days" in words
    assert "No days taken, 1 day approved and still to come." in words
    assert "Wellbeing day: 1 day left of 1 day" in words
    for figure in ("Entitled: 3.5 days", "Asked for: half a day", "Approved: 1 day", "Taken: no days"):
        assert figure in words
    approved = answer.text[answer.text.index('data-figure="approved"') :]
    approved = approved[: approved.index("</details>")]
    assert "Monday 7 January 2019, the whole day" in approved
    assert "Approved by Minnie Manager on 2 January 2019" in approved
    assert f"/my/study-days/{asked}/end" in approved
    rule = "3.5 days for the whole stage (Social worker in early professional development), since 1 January 2018."
    assert rule in words


def test_where_no_number_is_set_the_page_says_so(app, make_person, county, county_manager, sign_in):
    person = make_person("Ex Perienced", employer=county, manager=county_manager, career_level="3b")
    words = words_of(sign_in(person).get("/my/study-days"))

    assert "Study day: the number of days is not set" in words
    assert "Entitled: not set" in words
    assert "no number is set. A day can be asked for, and each is decided on by itself." in words


def test_where_a_council_has_no_rule_the_page_says_what_to_do(app, alice, sign_in):
    browser = sign_in(alice)

    assert "There are no study days to ask for" in words_of(browser.get("/my/study-days"))
    assert "Your council has no rule for study days" in words_of(browser.get("/my/study-days/ask"))
    assert browser.post("/my/study-days/ask", data=DAY).status_code == 422


def test_a_day_is_asked_for_answered_and_cancelled_through_the_pages(app, epd, county_manager, sign_in):
    hers, his = sign_in(epd), sign_in(county_manager)
    assert hers.post("/my/study-days/ask", data=DAY).status_code == 303
    db.session.remove()
    number = reading.waiting_in(epd.organisation_id)[0].id
    assert "Edie Early" in words_of(his.get("/team/study-days"))
    page = f"/people/{epd.id}/study-days/{number}"
    assert "For: Portfolio" in words_of(his.get(page))

    assert his.post(f"{page}/approve").status_code == 303
    assert "Approved" in words_of(hers.get("/my/study-days"))
    assert "Cancel this day?" in words_of(hers.get(f"/my/study-days/{number}/end"))
    assert hers.post(f"/my/study-days/{number}/end", data={"ending_reason": ""}).status_code == 303

    db.session.remove()
    assert reading.find_day(number).status is DayStatus.CANCELLED
    assert "Declined, cancelled or not taken" in words_of(hers.get("/my/study-days"))
    assert "There is nothing to cancel any more" in words_of(hers.get(f"/my/study-days/{number}/end"))


@pytest.mark.parametrize("missing", ["kind", "on", "part"])
def test_what_is_missing_is_said_beside_its_field(app, epd, sign_in, missing):
    answer = sign_in(epd).post("/my/study-days/ask", data={name: DAY[name] for name in DAY if name != missing})

    assert answer.status_code == 422
    assert "There is a problem" in words_of(answer)


def test_asking_beyond_what_is_left_is_refused_and_can_be_asked_all_the_same(app, epd, county_manager, sign_in):
    use_up(epd, county_manager)
    hers, his = sign_in(epd), sign_in(county_manager)

    refused = hers.post("/my/study-days/ask", data=DAY)
    assert refused.status_code == 409
    assert "That is more than is left (half a day). Ask for less, or ask all the same" in words_of(refused)
    assert hers.post("/my/study-days/ask", data=DAY | {"all_the_same": "y"}).status_code == 303

    db.session.remove()
    number = reading.waiting_in(epd.organisation_id)[0].id
    page = f"/people/{epd.id}/study-days/{number}"
    assert "Approve it all the same" in words_of(his.get(page))
    refused = his.post(f"{page}/approve")
    assert (refused.status_code, "Nothing was changed" in words_of(refused)) == (409, True)
    assert his.post(f"{page}/approve", data={"override_reason": "The portfolio is due"}).status_code == 303
    words = words_of(hers.get("/my/study-days"))
    assert "Study day: half a day more than 3.5 days" in words
    assert "beyond what was left: The portfolio is due" in words


def test_every_refusal_is_a_sentence_with_a_next_step(app):
    template = app.jinja_env.get_template("study/days/objections.html")
    with app.test_request_context():
        for fault in Fault:
            shown = {"fault": str(fault), "title": "Module 2", "when": "Monday", "left": "1 day", "status": "declined"}
            for mine in (True, False):
                words = re.sub(r"<[^>]+>", "", str(template.module.say(shown, mine=mine)))
                assert SAID[fault] in words
                assert words.strip().endswith(".")


def test_what_cannot_be_approved_now_has_no_button_for_it(app, epd, county_manager, sign_in, asked):
    page = f"/people/{epd.id}/study-days/{asked}"
    his = sign_in(county_manager)
    assert "Approve it" in words_of(his.get(page))
    record_away(epd.id, Away(AwayKind.LEAVE, date(2019, 1, 7), date(2019, 1, 8)), by=county_manager.id)

    words = words_of(his.get(page))

    assert "Before you answer The person is recorded as away on that day." in words
    assert "Approve it" not in words
    assert his.post(f"{page}/approve").status_code == 409


def test_declining_needs_a_reason(app, epd, county_manager, sign_in, asked):
    page = f"/people/{epd.id}/study-days/{asked}/decline"
    his = sign_in(county_manager)

    assert his.post(page, data={"reason": " "}).status_code == 422
    assert his.post(page, data={"reason": "Court that day"}).status_code == 303
    assert "Declined by Minnie Manager on 2 January 2019: Court that day" in words_of(
        sign_in(epd).get("/my/study-days")
    )


def test_whoever_answers_second_is_told_how_it_stands(app, epd, county_manager, sign_in, asked):
    his = sign_in(county_manager)
    page = f"/people/{epd.id}/study-days/{asked}"
    assert his.post(f"{page}/approve").status_code == 303

    second = his.post(f"{page}/decline", data={"reason": "Court"})

    assert second.status_code == 409
    assert "It has been answered or taken back already. It stands as: approved." in words_of(second)


def test_a_manager_cancels_an_approved_day_for_a_reason(app, epd, county_manager, sign_in, asked):
    service.approve(asked, by=county_manager.id)
    his = sign_in(county_manager)
    page = f"/people/{epd.id}/study-days/{asked}"

    assert "Cancel this day" in words_of(his.get(page))
    assert his.post(f"{page}/call-off", data={"ending_reason": ""}).status_code == 422
    assert his.post(f"{page}/call-off", data={"ending_reason": "An emergency"}).status_code == 303
    assert reading.find_day(asked).status is DayStatus.CANCELLED


def test_nobody_else_sees_a_persons_study_days(app, epd, wanda, stranger, county_officer, sign_in, asked):
    page = f"/people/{epd.id}/study-days"
    for other in (wanda, stranger):
        browser = sign_in(other)
        assert browser.get(page).status_code == 404
        for path in ("", "/approve", "/decline", "/call-off"):
            ask = browser.post if path else browser.get
            assert ask(f"{page}/{asked}{path}", data={"reason": "x", "ending_reason": "x"}).status_code == 404
        assert browser.get(f"/my/study-days/{asked}/end").status_code == 404
        assert browser.post(f"/my/study-days/{asked}/end").status_code == 404
        assert "Edie Early" not in browser.get("/team/study-days").text

    officer = sign_in(county_officer)
    assert "Minnie Manager decides on it, as line manager." in words_of(officer.get(f"{page}/{asked}"))
    assert officer.post(f"{page}/{asked}/approve").status_code == 409
    assert sign_in(epd).get(page).headers["Location"] == "/my/study-days"
    assert sign_in(epd).post(f"{page}/{asked}/approve").status_code == 409


def test_a_day_of_one_person_is_not_found_under_another(app, epd, wanda, county_manager, sign_in, asked):
    assert sign_in(county_manager).get(f"/people/{wanda.id}/study-days/{asked}").status_code == 404


def test_workforce_development_finds_those_without_a_manager(app, make_person, county, county_officer, sign_in):
    alone = make_person("Lone Worker", employer=county, career_level="3a")
    service.ask(alone.id, AskedFor("study", date(2019, 1, 7), DayPart.WHOLE))

    assert "Lone Worker" in words_of(sign_in(county_officer).get("/team/study-days"))


def test_booking_on_a_study_day_says_that_it_clashes_with_it(app, epd, county_manager, sign_in, asked, make_session):
    service.approve(asked, by=county_manager.id)
    session = make_session(starts_at=london(2019, 1, 7, 13, 30))
    saved(SessionOpening(training_session_id=session.id, organisation_id=epd.organisation_id))
    browser = sign_in(epd)

    words = words_of(browser.post(f"/sessions/{session.id}/book"))

    assert "It clashes with your study day in your diary on Monday 7 January at 9am." in words
    assert "Clashes with your study day" in words_of(browser.get("/timetable"))


def test_the_pages_ask_as_often_for_many_days_as_for_one(app, epd, county, county_manager, make_person, sign_in):
    browsers = {sign_in(epd): "/my/study-days", sign_in(county_manager): "/team/study-days"}

    def asked_for():
        found = []
        for browser, path in browsers.items():
            with queries() as statements:
                assert browser.get(path).status_code == 200
            found.append(len(statements))
        return found

    service.ask(epd.id, AskedFor("study", date(2019, 1, 7), DayPart.MORNING))
    asked_for()
    before = asked_for()
    for day in (8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23):
        service.ask(epd.id, AskedFor("wellbeing", date(2019, 1, day), DayPart.MORNING))
        member = make_person(employer=county, manager=county_manager, career_level="3a")
        service.ask(member.id, AskedFor("study", date(2019, 1, day), DayPart.WHOLE))

    assert asked_for() == before
    assert max(before) <= 13


def test_what_a_day_is_for_does_not_stand_in_the_mail_to_anybody_but_the_one_who_decides(app, epd, asked):
    rows = db.session.execute(select(OutboxMessage.person_id, OutboxMessage.facts)).all()
    manager_id = db.session.scalar(select(Post.manager_id).where(Post.person_id == epd.id))

    assert [(row.person_id, row.facts["purpose"]) for row in rows] == [(manager_id, "Portfolio")]


def test_what_is_taken_and_to_come_is_seen_also_where_no_allowance_is_left_for_it(
    app, epd, county_manager, sign_in, clock_at
):
    taken, to_come = (service.ask(epd.id, AskedFor("study", date(2019, 1, day), DayPart.WHOLE)) for day in (7, 10))
    for number in (taken, to_come):
        service.approve(number, by=county_manager.id)
    clock_at(2019, 1, 8, 9)
    db.session.execute(update(Post).where(Post.person_id == epd.id).values(starts_on=date(2019, 2, 1)))
    db.session.commit()

    page = sign_in(epd).get("/my/study-days")

    assert "There are no study days to ask for" in page.text
    assert sorted(map(int, re.findall(r'data-study-day="(\d+)"', page.text))) == sorted((taken, to_come))
    assert "Taken, and counted against no allowance now" in words_of(page)
    assert f"/my/study-days/{to_come}/end" in page.text


def test_a_day_off_is_asked_for_and_approved_all_the_same(app, epd, county_manager, sign_in):
    hers, his = sign_in(epd), sign_in(county_manager)
    sunday = DAY | {"on": ["13", "1", "2019"]}

    refused = hers.post("/my/study-days/ask", data=sunday)
    assert refused.status_code == 409
    assert "That day is a Sunday. If you do not work then, it would use up days for nothing." in words_of(refused)
    assert 'name="all_the_same"' in refused.text
    assert hers.post("/my/study-days/ask", data=sunday | {"all_the_same": "y"}).status_code == 303

    db.session.remove()
    page = f"/people/{epd.id}/study-days/{reading.waiting_in(epd.organisation_id)[0].id}"
    words = words_of(his.get(page))
    assert "Before you answer That day is a Sunday." in words
    assert "Approve it all the same" in words
    assert his.post(f"{page}/approve").status_code == 409
    assert his.post(f"{page}/approve", data={"override_reason": "A conference"}).status_code == 303
    assert "Approved by Minnie Manager on 2 January 2019: A conference" in words_of(hers.get("/my/study-days"))


def test_the_page_says_that_workforce_development_stands_in_for_a_manager_who_is_away(
    app, epd, county_manager, county_officer, sign_in, asked
):
    page = f"/people/{epd.id}/study-days/{asked}"
    officer = sign_in(county_officer)
    assert "Edie Early" not in words_of(officer.get("/team/study-days"))
    record_away(county_manager.id, Away(AwayKind.LEAVE, date(2019, 1, 2), date(2019, 1, 4)), by=county_officer.id)

    assert "Edie Early" in words_of(officer.get("/team/study-days"))
    assert "Minnie Manager, the line manager, is recorded as away today." in words_of(officer.get(page))
    assert "recorded as away" not in words_of(sign_in(county_manager).get(page))
    assert officer.post(f"{page}/approve").status_code == 303
