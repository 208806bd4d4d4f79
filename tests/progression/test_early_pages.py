"""Pages of early-career programmes: what each of those concerned sees and does, and who gets nothing."""

from __future__ import annotations

import pytest

from cpd.people.models import Person, Post
from cpd.progression.early import learning_sets, reviews, service
from cpd.progression.early.holding import assessors_of
from cpd.progression.early.models import EarlyCareerEnrolment, EnrolmentTerms
from cpd.progression.early.reading import waiting_count
from cpd.progression.early.rules import Outcome, RelationshipKind
from cpd.progression.early.supporting import support
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.cast import LONG_AGO, london, saved
from tests.home.test_query_counts import FEW, MANY, asks_as_often, queries
from tests.progression.careers import say
from tests.progression.early_fixtures import assessor, first_years, mentor, ned, nell, year
from tests.progression.early_years import day, due, live, paused, put_on, state, told

__all__ = ["asks_as_often", "assessor", "first_years", "mentor", "ned", "nell", "year"]

AGREED = {"workload": "Nine of ten", "supervision": "Weekly first", "learning": "Court work"}


def at(year_, *more):
    return "/".join([f"/progression/early-career/{year_.id}", *more])


def on(text):
    return {"held_on": text}


def leave(person, last_day):
    """Let somebody leave on a day."""
    db.session.query(Post).filter_by(person_id=person.id).update({"ends_on": last_day})
    db.session.commit()


def test_my_programme_says_what_is_next_first(app, year, nell, sign_in):
    page = sign_in(nell).get("/my/early-career").text

    assert page.index('data-next="agreement"') < page.index("Reviews and self-assessments")
    assert 'data-point="agreement" data-state="late"' in page
    assert 'data-point="three" data-state="late"' in page
    assert 'data-point="six" data-state="ahead"' in page
    assert "1 October 2019" in page
    assert page.count('role="img"') == 2  # for a wide page and a narrow one
    assert "7 points: 3 late, 4 ahead. The list says each with its day." in page
    assert "0 of 3 workshops attended" in page


def test_whoever_is_on_none_is_told_what_there_is(app, first_years, alice, sign_in):
    page = sign_in(alice).get("/my/early-career").text

    assert "You are on no early-career programme" in page
    assert "The first year; The second year; The national programme" in page


def test_workshops_are_counted_and_never_in_the_way(app, year, nell, sign_in):
    say(nell, FactKind.COMPLETED, "W2", "2018-12-03")

    assert "1 of 3 workshops attended" in sign_in(nell).get("/my/early-career").text


def test_the_assessor_sees_hers_with_what_is_late_longest_first(app, year, ned, assessor, officer, sign_in):
    support(ned.id, assessor.id, RelationshipKind.PRINCIPAL_PRACTITIONER, day("2018-12-01"), by=officer.id)
    put_on(ned, by=officer, starts_on="2018-12-01")
    page = sign_in(assessor).get("/progression/early-career").text

    assert page.index("Nell Newly") < page.index("Ned Newly")
    assert "3 late" in page
    assert "of them yours to do" in page
    assert "2 people, 2 with something late" in page


def test_a_manager_sees_hers_and_others_see_nobody(app, year, manager, alice, sign_in):
    assert "Nell Newly" in sign_in(manager).get("/team/early-career").text
    assert "Nell Newly" not in sign_in(alice).get("/team/early-career").text
    assert "You support nobody at the moment" in sign_in(alice).get("/progression/early-career").text


def test_a_mentor_sees_name_programme_and_dates_only(app, year, nell, mentor, officer, sign_in):
    support(nell.id, mentor.id, RelationshipKind.MENTOR, day("2018-10-01"), by=officer.id)
    reviews.hold_review(year.id, "three", day("2019-01-02"), summary="Doing well", actions="", shown="", by=officer.id)
    browser = sign_in(mentor)
    page = browser.get(at(year)).text

    assert "The first year" in page
    assert "1 October 2018" in page
    assert "Doing well" not in page
    assert "data-point" not in page
    assert "Nell Newly" in browser.get("/progression/early-career").text
    assert browser.get(at(year, "reviews", "three")).status_code == 404


def test_strangers_get_nothing(app, year, alice, bob, make_person, sign_in, make_organisation):
    elsewhere = make_organisation("slough", "Slough Borough Council")
    stranger = make_person("Olga Elsewhere", Role.WORKFORCE_DEVELOPMENT, employer=elsewhere)
    for person in (alice, stranger):
        browser = sign_in(person)
        for page in ("", "/reviews/three", "/agreement", "/self-assessments/self-start", "/supervision"):
            assert browser.get(at(year) + page).status_code == 404, page
    for page in ("/pause", "/rejoin", "/extend", "/terms", "/end", "/reopen", "/support"):
        assert sign_in(alice).get(at(year) + page).status_code == 403
        assert sign_in(stranger).get(at(year) + page).status_code == 404


def test_a_review_is_written_down_with_what_it_looked_at(app, year, nell, assessor, sign_in):
    browser = sign_in(assessor)
    form = browser.get(at(year, "reviews", "three")).text
    assert "0 of 3 attended" in form
    assert "Held in 0 of 9 periods, missed in 9" in form

    said = {"held_on": "2019-01-02", "summary": "She is doing well", "actions": "Shadow a court day"}
    assert browser.post(at(year, "reviews", "three"), data=said).status_code == 303
    page = sign_in(nell).get("/my/early-career").text
    assert 'data-point="three" data-state="done"' in page
    assert "She is doing well" in page
    assert "Looked at: Workshops: 0 of 3 attended" in page
    assert told(nell)[-1] == "early_review_held"


def test_a_review_is_put_right_and_the_first_words_stay_superseded(app, year, nell, assessor, sign_in):
    browser = sign_in(assessor)
    for words in ("First", "Second"):
        browser.post(at(year, "reviews", "three"), data=on("2019-01-02") | {"summary": words})

    assert "Second" in browser.get(at(year)).text
    assert "First" not in browser.get(at(year)).text
    db.session.rollback()
    assert [row.summary for row in db.session.query(reviews.ReviewPoint).order_by("id")] == ["First", "Second"]


@pytest.mark.parametrize(
    ("held_on", "words"),
    [
        ("2019-01-03", "That day is still ahead."),
        ("2018-09-30", "That is before the programme began."),
        ("2018-11-15", "It is too early for this one."),
        ("2018-12-15", "That day lies in a pause."),
    ],
)
def test_a_review_on_an_impossible_day_is_refused_and_what_was_typed_stays(
    app, year, assessor, officer, sign_in, held_on, words
):
    paused(year, "2018-12-14", "2018-12-17", by=officer)
    answer = sign_in(assessor).post(at(year, "reviews", "three"), data=on(held_on) | {"summary": "Kept words"})

    assert answer.status_code == 409
    assert words in answer.text
    assert "Kept words" in answer.text


def test_nobody_reviews_herself(app, year, nell, sign_in):
    assert sign_in(nell).get(at(year, "reviews", "three")).status_code == 404


def test_three_sign_the_agreement_and_then_it_is_done(app, year, nell, assessor, manager, sign_in):
    assert sign_in(assessor).post(at(year, "agreement"), data=AGREED).status_code == 303
    for person in (nell, assessor, manager):
        assert state(year, "agreement") == "late"
        page = sign_in(person).get(at(year), follow_redirects=True).text
        assert "Sign this agreement" in page
        sign_in(person).post(at(year, "agreement", "sign"), data={"version": "1"})

    assert state(year, "agreement") == "done"
    page = sign_in(nell).get("/my/early-career").text
    assert "Sign this agreement" not in page
    assert "The line manager: Mary Manager, 2 January 2019" in page
    assert told(nell) == ["early_support", "early_enrolled", "early_agreement_to_sign"]


def test_an_agreement_written_anew_is_signed_anew(app, year, nell, assessor, manager, sign_in):
    sign_in(assessor).post(at(year, "agreement"), data=AGREED)
    sign_in(nell).post(at(year, "agreement", "sign"), data={"version": "1"})
    sign_in(manager).post(at(year, "agreement"), data=AGREED | {"workload": "Eight of ten"})

    late = sign_in(assessor).post(at(year, "agreement", "sign"), data={"version": "1"})
    assert late.status_code == 409
    assert "written anew in the meantime" in late.text
    assert "Nobody has signed it yet" in sign_in(nell).get("/my/early-career").text


def test_nobody_signs_twice(app, year, nell, assessor, sign_in):
    sign_in(assessor).post(at(year, "agreement"), data=AGREED)
    browser = sign_in(nell)
    browser.post(at(year, "agreement", "sign"), data={"version": "1"})

    assert "signed this agreement already" in browser.post(at(year, "agreement", "sign"), data={"version": "1"}).text


def test_a_self_assessment_is_for_three_people(app, year, nell, assessor, manager, officer, sign_in):
    page = at(year, "self-assessments", "self-start")
    browser = sign_in(nell)
    assert browser.get(page).text.count('class="govuk-radios__input"') == 9 * 4  # the nine domains of the PCF
    some = {f"statement_{number}": "2" for number in range(8)}
    assert browser.post(page, data=some).status_code == 422
    whole = some | {"statement_8": "4", "words": "More court work"}
    assert browser.post(page, data=whole).status_code == 303

    for person in (nell, assessor, manager):
        read = sign_in(person).get(page).text
        assert "More court work" in read
        assert "Professional leadership" in read
        assert "Confidently: on my own" in read
    assert sign_in(officer).get(page).status_code == 404
    assert sign_in(assessor).post(page, data=whole).status_code == 404
    assert state(year, "self-start") == "done"


def test_a_self_assessment_can_be_written_anew(app, year, nell, sign_in):
    page = at(year, "self-assessments", "self-start")
    browser = sign_in(nell)
    browser.post(page, data={f"statement_{number}": "2" for number in range(9)})
    browser.post(page, data={f"statement_{number}": "3" for number in range(9)})

    assert "Mostly: with some support" in browser.get(page).text
    assert "checked" in browser.get(page + "?change=yes").text


def test_a_self_assessment_far_ahead_is_too_early(app, year, nell, sign_in):
    page = at(year, "self-assessments", "self-end")
    answer = sign_in(nell).post(page, data={f"statement_{number}": "2" for number in range(9)})

    assert answer.status_code == 409
    assert "It is too early" in answer.text


def test_supervision_is_kept_by_day_and_taken_back(app, year, nell, assessor, sign_in):
    browser = sign_in(nell)
    said = {"kind": "manager", "held_on": "2018-10-03", "with_whom": "Mary"}
    assert browser.post(at(year, "supervision"), data=said).status_code == 303
    shown = sign_in(assessor).get(at(year)).text
    assert all(words in shown for words in ("3 October 2018, Mary", "With Mary Manager.", "With a practice educator."))
    assert browser.post(at(year, "supervision"), data=said).status_code == 409

    assert browser.post(at(year, "supervision", "1", "remove")).status_code == 303
    assert "3 October 2018, Mary" not in browser.get("/my/early-career").text
    assert browser.post(at(year, "supervision", "1", "remove")).status_code == 404


def test_the_desk_enrols_several_into_a_cohort(app, first_years, nell, ned, alice, officer, sign_in):
    browser = sign_in(officer)
    cohort = {"programme": "asye", "title": "October 2018", "starts_on": "2018-10-01"}
    assert browser.post("/progression/early-career/cohorts/new", data=cohort).status_code == 303
    form = browser.get("/progression/early-career/enrol/asye").text
    assert "Nell Newly" in form
    assert "Alice Learner" not in form
    said = {"people": [nell.id, ned.id], "cohort": "1", "starts_on": "2018-10-01"}
    assert browser.post("/progression/early-career/enrol/asye", data=said).status_code == 303

    page = browser.get("/progression/early-career/everybody?cohort=1").text
    assert "This cohort: 2, 2 with something late" in page
    assert live(nell).cohort == "October 2018"


def test_nobody_left_to_enrol_is_said(app, first_years, officer, sign_in):
    assert "Nobody could start it today" in sign_in(officer).get("/progression/early-career/enrol/asye").text


def test_a_refused_enrolment_names_who_and_why(app, first_years, nell, ned, officer, sign_in):
    said = {"people": [nell.id], "starts_on": "2018-10-01"}
    answer = sign_in(officer).post("/progression/early-career/enrol/ecdp", data=said)

    assert answer.status_code == 409
    assert "Nell Newly: The programme is not offered on that day." in answer.text


def test_the_desk_pauses_lets_her_back_and_extends(app, year, nell, officer, sign_in, clock_at):
    browser = sign_in(officer)
    answer = browser.post(at(year, "pause"), data={"kind": "leave", "first_day": "2018-12-10"})
    assert answer.status_code == 303
    assert "This programme is paused" in browser.get(at(year)).text
    assert "Your programme is paused" in sign_in(nell).get("/my/early-career").text
    clock_at(2019, 2, 1, 9)
    browser = sign_in(officer)
    assert browser.post(at(year, "rejoin"), data={"back_on": "2019-01-20"}).status_code == 303
    assert due(year, "three") == "2019-02-11"  # 41 days
    more = {"weeks": "4", "agreed_on": "2019-02-01", "reason": "She works part-time"}
    assert browser.post(at(year, "extend"), data=more).status_code == 303
    assert "4 weeks longer, agreed on 1 February 2019: She works part-time" in browser.get(at(year)).text
    assert due(year, "final") == "2019-12-09"


def test_the_desk_names_an_assessor_and_a_buddy(app, first_years, nell, assessor, mentor, officer, sign_in):
    [enrolled] = put_on(nell, by=officer)
    browser = sign_in(officer)
    for who, kind in ((assessor, "assessor"), (mentor, "buddy")):
        said = {"who": who.email, "kind": kind, "first_day": "2018-10-01"}
        assert browser.post(at(enrolled, "support"), data=said).status_code == 303
    page = browser.get(at(enrolled)).text

    assert "Asa Assessor, Assessor, since 1 October 2018" in page
    assert "Mo Mentor, Buddy, since 1 October 2018" in page
    nobody = browser.post(
        at(enrolled, "support"), data={"who": "x@y.example", "kind": "buddy", "first_day": "2018-10-01"}
    )
    assert nobody.status_code == 422
    assert browser.post(at(enrolled, "support", "2", "end"), data={"last_day": "2019-01-01"}).status_code == 303
    assert "Mo Mentor" not in browser.get(at(enrolled)).text


def test_where_there_is_a_panel_only_withdrawn_can_be_recorded(app, year, officer, sign_in):
    browser = sign_in(officer)
    assert "Not passed" not in browser.get(at(year, "end")).text
    said = {"outcome": "passed", "ended_on": "2019-01-02", "reason": "x"}

    assert browser.post(at(year, "end"), data=said).status_code == 422
    assert browser.post(at(year, "end"), data=said | {"outcome": "withdrawn"}).status_code == 303
    assert "Withdrawn, 2 January 2019" in browser.get(at(year)).text


def test_those_who_completed_in_a_period_are_a_table_for_the_ceremony(app, year, nell, officer, sign_in, clock_at):
    clock_at(2019, 11, 1, 9)
    say(nell, FactKind.OUTCOME, "moderation", "2019-10-15", value="pass")
    browser = sign_in(officer)
    address = "/progression/early-career/completed.csv?since=2019-10-15&until="
    table = browser.get(address + "2019-10-15")

    assert table.text.splitlines() == [
        "name,e_mail,programme,began_on,completed_on,cohort",
        f"Nell Newly,{nell.email},The first year,2018-10-01,2019-10-15,",
    ]
    assert len(browser.get(address.replace("10-15", "10-16") + "2019-12-31").text.splitlines()) == 1
    assert browser.get("/progression/early-career/completed.csv").status_code == 400


def test_a_learning_set_meets_in_its_members_diaries(app, year, nell, ned, assessor, officer, sign_in, clock_at):
    put_on(ned, by=officer)
    browser = sign_in(officer)
    sets = "/progression/early-career/learning-sets"
    made = browser.post(sets + "/new", data={"title": "Set North", "led_by": assessor.email})
    assert made.headers["Location"] == f"{sets}/1/members"
    assert browser.post(f"{sets}/1/members", data={"people": [nell.id, ned.id]}).status_code == 303
    meeting = {"on": "2019-01-10", "time": "9:30am to 11am", "place": "Room 2"}
    assert sign_in(assessor).post(f"{sets}/1/meetings/new", data=meeting).status_code == 303
    assert told(nell)[-1] == "learning_set_meeting"
    calendar = sign_in(nell).get("/my/bookings").status_code
    assert calendar == 200
    assert "Set North" in sign_in(nell).get("/my/early-career").text
    assert "Thursday 10 January 2019, 9:30am to 11am" in sign_in(nell).get(f"{sets}/1").text
    assert sign_in(nell).get(f"{sets}/1/meetings/new").status_code == 404

    early = sign_in(assessor).post(f"{sets}/1/meetings/1/attendance", data={"people": [nell.id]})
    assert early.status_code == 409
    clock_at(2019, 1, 10, 12)
    said = sign_in(assessor).post(f"{sets}/1/meetings/1/attendance", data={"people": [nell.id]})
    assert said.status_code == 303
    assert "1 of 2" in sign_in(assessor).get(f"{sets}/1").text
    db.session.rollback()
    assert learning_sets.find_set(1).meetings[0].attended == {nell.id: True, ned.id: False}


def test_a_meeting_that_is_cancelled_leaves_the_diaries(app, year, nell, assessor, officer, sign_in):
    number = learning_sets.make_set(nell.organisation_id, "Set South", assessor.id, by=officer.id)
    learning_sets.set_members(number, [nell.id], by=officer.id)
    times = (london(2019, 1, 10, 9, 30), london(2019, 1, 10, 11))
    meeting = learning_sets.arrange_meeting(number, *times, "Room 1", by=officer.id)
    address = f"/progression/early-career/learning-sets/{number}/meetings/{meeting}/cancel"

    assert sign_in(assessor).post(address).status_code == 303
    assert sign_in(assessor).post(address).status_code == 404
    db.session.rollback()
    assert learning_sets.find_set(number).meetings == ()
    assert told(nell)[-2:] == ["learning_set_meeting"] * 2


@pytest.fixture
def crowd(organisation, first_years, officer, manager, assessor):
    """Enrol people numbered so, all of one manager and one assessor."""

    def fill(numbers):
        for number in numbers:
            about = {"organisation_id": organisation.id, "employee_number": f"Q{number}", "created_at": LONG_AGO}
            person = saved(Person(**about, name=f"Newly {number:03}", email=f"q{number}@demo.example"))
            post = {"starts_on": day("2018-10-01"), "career_level": "new", "recorded_at": LONG_AGO}
            saved(Post(organisation_id=organisation.id, person_id=person.id, manager_id=manager.id, **post))
            enrolment = saved(
                EarlyCareerEnrolment(
                    organisation_id=organisation.id,
                    person_id=person.id,
                    programme_code="asye",
                    scheme_version_id=first_years.id,
                    recorded_at=LONG_AGO,
                )
            )
            saved(EnrolmentTerms(enrolment_id=enrolment.id, starts_on=day("2018-10-01"), recorded_at=LONG_AGO))
            support(person.id, assessor.id, RelationshipKind.ASSESSOR, day("2018-10-01"), by=officer.id)

    return fill


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("assessor", "/progression/early-career"),
        ("manager", "/team/early-career"),
        ("officer", "/progression/early-career/everybody"),
    ],
)
def test_a_list_asks_as_often_for_many_as_for_few(app, crowd, sign_in, request, who, address):
    browser = sign_in(request.getfixturevalue(who))
    crowd(range(FEW))
    browser.get(address)
    with queries() as for_few:
        browser.get(address)
    crowd(range(FEW, MANY // 2))
    with queries() as for_many:
        page = browser.get(address)

    assert page.text.count("data-person=") == 50
    assert len(for_many) == len(for_few) <= 12, "\n".join(for_many)


@pytest.mark.parametrize("who", ["officer", "assessor", "nell"])
def test_more_learning_sets_take_no_more_queries(app, nell, ned, assessor, officer, asks_as_often, request, who):
    def fill(numbers):
        for number in numbers:
            set_id = learning_sets.make_set(nell.organisation_id, f"Set {number:03}", assessor.id, by=officer.id)
            learning_sets.set_members(set_id, [nell.id, ned.id], by=officer.id)

    asks_as_often(request.getfixturevalue(who), "/progression/early-career/learning-sets", fill)


def test_one_page_asks_a_fixed_number_of_times(app, year, nell, sign_in):
    browser = sign_in(nell)
    browser.get("/my/early-career")
    with queries() as before:
        browser.get("/my/early-career")
    for number in range(9):
        reviews.record_supervision(year.id, "manager", day(f"2018-10-{10 + number}"), "Mary", by=nell.id)
    with queries() as after:
        browser.get("/my/early-career")

    assert len(after) == len(before) <= 30, "\n".join(after)


def test_ended_programmes_can_still_be_read(app, year, nell, officer, sign_in):
    service.end(year.id, service.Outcome.WITHDRAWN, day("2019-01-02"), reason="Left", by=officer.id)
    page = sign_in(nell).get("/my/early-career").text

    assert "Withdrawn, 2 January 2019" in page
    assert "Not needed any more" in page


def test_of_whoever_has_left_nothing_is_late_and_the_desk_is_asked_how_it_ended(
    app, year, nell, assessor, officer, sign_in, clock_at
):
    clock_at(2019, 3, 20, 9)
    assert waiting_count(assessor.id, nell.organisation_id, ()) > 0
    leave(nell, day("2019-03-01"))
    assert waiting_count(assessor.id, nell.organisation_id, ()) == 0
    desk = sign_in(officer).get("/progression/early-career/everybody").text
    assert all(words in desk for words in ("Has left", "Write down how it ended"))
    assert 'data-late="0"' in desk
    assert (
        f'href="/progression/early-career/{year.id}/end"'
        in sign_in(officer).get(f"/progression/early-career/{year.id}").text
    )

    service.end(year.id, Outcome.WITHDRAWN, day("2019-03-01"), reason="Left", by=officer.id)
    page = sign_in(officer).get(f"/progression/early-career/{year.id}").text
    assert "It has not ended: take that back" in page
    reopened = sign_in(officer).post(f"/progression/early-career/{year.id}/reopen", data={"reason": "A slip"})
    assert reopened.status_code == 303
    assert sign_in(officer).get(f"/progression/early-career/{year.id}/reopen").status_code == 404


def test_after_a_change_of_assessor_the_agreement_is_gone_through_again(
    app, year, nell, assessor, manager, mentor, officer, sign_in
):
    reviews.write_agreement(year.id, *AGREED.values(), by=assessor.id)
    for each in (nell, assessor, manager):
        reviews.sign_agreement(year.id, 1, by=each.id)
    assert "Go through it again" not in sign_in(nell).get("/my/early-career").text

    support(nell.id, mentor.id, RelationshipKind.ASSESSOR, day("2019-01-02"), by=officer.id)
    assert "There is a new assessor since it was signed" in sign_in(nell).get("/my/early-career").text


def test_an_assessor_who_has_left_assesses_nobody(app, year, nell, assessor, manager, sign_in, clock_at):
    leave(assessor, day("2019-01-01"))
    assert "Nobody is named yet" in sign_in(nell).get("/my/early-career").text
    assert assessors_of(nell.id) == []


def test_a_cohort_in_which_nobody_ever_was_is_taken_away(app, first_years, nell, officer, organisation, sign_in):
    empty, used = (
        service.make_cohort(organisation.id, "asye", title, day("2018-10-01"), by=officer.id)
        for title in ("Spetember", "September")
    )
    [enrolled] = put_on(nell, by=officer, cohort_id=used)
    service.change_terms(enrolled.id, day("2018-10-01"), None, reason="Another", by=officer.id)
    browser, path = sign_in(officer), "/progression/early-career/cohorts/{}/remove"
    page = browser.get("/progression/early-career/everybody").text
    assert path.format(empty) in page
    assert path.format(used) not in page
    refused = browser.post(path.format(used))
    assert (refused.status_code, "is or was in this cohort" in refused.text) == (409, True)

    assert browser.post(path.format(empty)).status_code == 303
    assert "Spetember" not in browser.get("/progression/early-career/everybody").text
    assert browser.post(path.format(empty)).status_code == 404
