"""Pages of evidence: what she sees and does, what her manager and those who accept it do, and who gets nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from cpd.progression.portfolios import service
from cpd.progression.portfolios.rules import Fault
from cpd.progression.portfolios.wording import FAULTS
from cpd.shared.roles import Role
from tests.home.test_query_counts import queries
from tests.progression.careers import completed
from tests.progression.evidence import (
    ALL,
    FIRST,
    NAMED,
    PDF,
    SEEN,
    accepted,
    adopt_with_a_portfolio,
    facts_of,
    handed_in,
    items,
    portfolio_of,
    status_of,
)

FIRST_TYPED = {
    "item_kind": "seen",
    "title": "A first visit",
    "happened_on": ["5", "11", "2018"],
    "words": "How I listened",
    "statements": ["PCF-1", "PQS-2"],
}
SEEN_TYPED = {"happened_on": ["3", "12", "2018"], "words": "A visit, calm and clear", "statements": ["PCF-7"]}


@pytest.fixture(autouse=True)
def folders(app, organisation):
    """The invented careers with a portfolio are in force."""
    return adopt_with_a_portfolio()


@pytest.fixture
def assessor(make_person):
    return make_person("Asta Assessor", Role.ASSESSOR)


def test_what_her_next_step_asks_stands_first_with_the_next_thing_to_do(app, nell, sign_in):
    page = sign_in(nell).get("/my/evidence").text

    asked, other = page.split("Evidence that is not asked for now (1)")
    assert all(f'data-kind="{code}"' in asked for code in ("folder", "observation"))
    assert 'data-kind="essay"' in other
    assert "Asked for: Social worker. Accepted by the assessor." in asked
    assert "Accepted by the line manager." in asked
    assert "Begin with a piece, or hand in a whole file." in asked
    assert "no names, addresses, dates of birth or numbers" in asked


def test_my_progress_leads_to_where_evidence_is_handed_in(app, nell, sign_in):
    assert 'href="/my/evidence/folder">Hand in: Portfolio of the year</a>' in sign_in(nell).get("/my/progress").text


def test_whoever_is_on_no_pathway_is_told_why(app, make_person, sign_in):
    browser = sign_in(make_person("Gil Goahead", career_level="new", staff_type="agency"))

    assert "Career progression here is for the council&#39;s own employees" in browser.get("/my/evidence").text
    assert browser.get("/my/evidence/folder").status_code == 404


def test_she_builds_a_portfolio_up_and_hands_it_in(app, nell, sign_in):
    browser = sign_in(nell)
    assert browser.get("/my/evidence/folder/add").status_code == 200
    sent = FIRST_TYPED | {"document": (io.BytesIO(PDF.content), "visit.pdf")}
    answer = browser.post("/my/evidence/folder/add", data=sent)
    assert (answer.status_code, answer.location) == (303, "/my/evidence/folder")
    page = browser.get("/my/evidence/folder").text
    assert all(words in page for words in ("A first visit", "How I listened", "PCF 1: Professionalism", "1 of 2"))
    (item,) = items(portfolio_of(nell).id)
    assert browser.get(f"/my/evidence/items/{item.id}/file").data == PDF.content

    check = browser.get("/my/evidence/folder/hand-in").text
    assert "Not everything is there. You can hand it in all the same." in check
    assert browser.post("/my/evidence/folder/hand-in").status_code == 303

    page = browser.get("/my/evidence/folder").text
    assert "It is locked. The assessor has not opened it yet." in page
    assert "Take it back" in page
    assert f'href="/my/evidence/items/{item.id}"' not in page
    again = browser.post("/my/evidence/folder/hand-in")
    assert (again.status_code, FAULTS[Fault.HANDED_IN_ALREADY] in again.text) == (409, True)
    assert browser.post("/my/evidence/folder/take-back").status_code == 303
    assert status_of(nell) == "preparing"
    assert browser.post("/my/evidence/folder/take-back").status_code == 409


def test_she_gives_a_whole_portfolio_by_a_link_with_what_is_in_it_ticked(app, nell, sign_in):
    browser = sign_in(nell)
    typed = {"happened_on": ["20", "12", "2018"], "link": ALL.link, "ticked": ["seen", "reflection"]}
    assert "Direct observation, 2 times" in browser.get("/my/evidence/folder/whole").text
    assert browser.post("/my/evidence/folder/whole", data=typed).status_code == 303

    page = browser.get("/my/evidence/folder").text
    assert page.count("Ticked: it is in the file") == 2
    (item,) = items(portfolio_of(nell).id)
    form = browser.get(f"/my/evidence/items/{item.id}").text
    assert form.count("checked") == 2
    assert browser.post(f"/my/evidence/items/{item.id}", data=typed | {"ticked": ["seen"]}).status_code == 303
    assert portfolio_of(nell).ticked == ["seen"]
    assert "Not everything is there" in browser.get("/my/evidence/folder/hand-in").text


def test_a_single_piece_is_written_and_handed_in(app, nell, sign_in):
    browser = sign_in(nell)
    assert browser.post("/my/evidence/observation/add", data=SEEN_TYPED).status_code == 303
    assert browser.post("/my/evidence/observation/hand-in").status_code == 303

    assert status_of(nell, "observation") == "handed_in"
    assert browser.get("/my/evidence/observation/whole").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"item_kind": ""}, "Choose what it is"),
        ({"title": ""}, "Enter what you call it"),
        ({"happened_on": ""}, "Enter when it was"),
        ({"happened_on": ["3", "1", "2019"]}, FAULTS[Fault.IN_THE_FUTURE]),
        ({"words": ""}, FAULTS[Fault.NOTHING_IN_IT]),
        ({"link": "http://store.example"}, FAULTS[Fault.NO_SAFE_LINK]),
        ({"statements": ["ECS-1"]}, FAULTS[Fault.NOT_VALID_THEN]),
        ({"document": (io.BytesIO(b"MZ\x00"), "x.exe")}, "The file must be a PDF"),
    ],
)
def test_what_is_wrong_stands_beside_the_box(app, nell, sign_in, typed, words):
    answer = sign_in(nell).post("/my/evidence/folder/add", data=FIRST_TYPED | typed)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert portfolio_of(nell) is None


def test_the_standards_of_the_day_that_was_typed_are_offered(app, nell, sign_in, clock_at):
    clock_at(2027, 6, 1, 9)
    browser = sign_in(nell)
    assert "ECS 1: Anti-discriminatory practice" in browser.get("/my/evidence/folder/add").text

    answer = browser.post(
        "/my/evidence/folder/add", data=FIRST_TYPED | {"happened_on": ["31", "3", "2027"], "title": ""}
    )

    assert "PQS 2: Listening and being understood" in answer.text
    assert "ECS 1" not in answer.text


def test_what_may_tell_who_somebody_is_is_shown_and_answered(app, nell, sign_in):
    browser = sign_in(nell)
    answer = browser.post("/my/evidence/folder/add", data=FIRST_TYPED | {"words": NAMED.words})
    (item,) = items(portfolio_of(nell).id)
    path = f"/my/evidence/items/{item.id}/identifiers"
    assert answer.location == path
    page = browser.get(path).text
    assert page.count("data-found") == 2
    assert all(words in page for words in ("A name", "Mrs Havisham", "A postcode", "NE8 1HH", "what you wrote"))
    again = browser.get("/my/evidence/folder/hand-in").text
    assert all(words in again for words in ("First look at these again", "Mrs Havisham"))
    refused = browser.post("/my/evidence/folder/hand-in")
    assert (refused.status_code, FAULTS[Fault.UNANSWERED] in refused.text) == (409, True)
    assert browser.post(path, data={"answer": ""}).status_code == 422

    assert browser.post(path, data={"answer": "A character in a book"}).status_code == 303
    assert browser.post("/my/evidence/folder/hand-in").status_code == 303


def test_a_piece_is_changed_and_taken_out_and_a_second_window_is_told(app, nell, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    (item,) = items(portfolio_of(nell).id)
    browser = sign_in(nell)
    form = browser.get(f"/my/evidence/items/{item.id}").text
    assert all(words in form for words in ("How I listened", "visit.pdf", 'value="11"'))

    changed = browser.post(f"/my/evidence/items/{item.id}", data=FIRST_TYPED | {"words": "Changed"})
    assert changed.status_code == 303
    assert browser.post(f"/my/evidence/items/{item.id}", data=FIRST_TYPED).status_code == 404
    newest = items(portfolio_of(nell).id)[-1]
    assert "Take out" in browser.get(f"/my/evidence/items/{newest.id}/remove").text
    assert browser.post(f"/my/evidence/items/{newest.id}/remove").status_code == 303
    assert "There is nothing in it yet" in browser.get("/my/evidence/folder/hand-in").text


def test_the_assessor_opens_reads_and_returns_and_then_accepts(app, nell, assessor, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id = handed_in(nell)
    browser, path = sign_in(assessor), f"/progression/evidence/{portfolio_id}"
    assert "Nell Newly" in browser.get("/progression/evidence").text
    assert "How I listened" not in browser.get(path).text
    assert browser.post(f"{path}/open").status_code == 303
    page = browser.get(path).text
    assert "How I listened" in page
    (item,) = items(portfolio_id)
    assert browser.get(f"{path}/items/{item.id}/file").data == PDF.content
    assert sign_in(nell).post("/my/evidence/folder/take-back").status_code == 409

    assert browser.post(f"{path}/decide", data={"seen": "1"}).status_code == 422
    none = browser.post(f"{path}/decide", data={"seen": "1", "decision": "return"})
    assert (none.status_code, FAULTS[Fault.NO_COMMENTS] in none.text) == (409, True)
    returned = browser.post(
        f"{path}/decide", data={"seen": "1", "decision": "return", "comments": "What did you learn?"}
    )
    assert (returned.status_code, returned.location) == (303, "/progression/evidence")
    assert "It is being changed now" in browser.get(path).text
    assert browser.get(f"{path}/items/{item.id}/file").status_code == 404
    hers = sign_in(nell).get("/my/evidence/folder").text
    assert "What to change" in hers
    assert "What did you learn?" in hers

    service.hand_in(nell.id, "folder")
    browser.post(f"{path}/open")
    stale = browser.post(f"{path}/decide", data={"seen": "1", "decision": "accept"})
    assert (stale.status_code, FAULTS[Fault.CHANGED_MEANWHILE] in stale.text) == (409, True)
    assert browser.post(f"{path}/decide", data={"seen": "2", "decision": "accept"}).status_code == 303
    assert facts_of(nell) == [("folder", "2019-01-02", True)]
    assert "Accepted by Asta Assessor on 2 January 2019" in sign_in(nell).get("/my/evidence/folder").text
    assert "Nothing waits for you" in browser.get("/progression/evidence").text


def test_an_acceptance_is_taken_back_for_a_reason(app, nell, manager, bob, sign_in):
    portfolio_id = accepted(nell, manager, SEEN, kind="observation")
    browser, path = sign_in(manager), f"/progression/evidence/{portfolio_id}/reopen"
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"reason": ""}).status_code == 422
    assert browser.post(path, data={"reason": "It was another person's"}).status_code == 303
    assert browser.post(path, data={"reason": "Again"}).status_code == 409
    assert sign_in(bob).get(path).status_code == 404


def test_her_manager_sees_her_team_and_records_an_observation(app, nell, manager, sign_in):
    handed_in(nell, replace(SEEN, happened_on=SEEN.happened_on - timedelta(days=9)), kind="observation")
    browser = sign_in(manager)
    team = browser.get("/team/evidence").text
    assert all(words in team for words in ("Waits for you: 1", "1 handed in"))
    page = browser.get(f"/people/{nell.id}/evidence").text
    assert f'href="/people/{nell.id}/evidence/record/observation"' in page
    assert f"/people/{nell.id}/evidence/record/folder" not in page
    path = f"/people/{nell.id}/evidence/record/observation"
    assert "Record: Direct observation" in browser.get(path).text
    assert browser.post(path, data=SEEN_TYPED | {"words": ""}).status_code == 422
    named = browser.post(path, data=SEEN_TYPED | {"words": "A visit to Mrs Havisham"})
    assert named.status_code == 422
    assert all(words in named.text for words in ("a name in what you wrote: Mrs Havisham", FAULTS[Fault.NO_ANSWER]))

    assert browser.post(path, data=SEEN_TYPED).location == f"/people/{nell.id}/evidence"
    assert ("observation", "2018-12-03", True) in facts_of(nell)
    assert browser.post(path, data=SEEN_TYPED).status_code == 409


def test_her_manager_reads_what_was_handed_in_and_not_what_is_being_prepared(app, nell, manager, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id, browser = portfolio_of(nell).id, sign_in(manager)
    assert browser.get(f"/progression/evidence/{portfolio_id}").status_code == 404
    assert "Being prepared" in browser.get(f"/people/{nell.id}/evidence").text

    service.hand_in(nell.id, "folder")
    assert "How I listened" in browser.get(f"/progression/evidence/{portfolio_id}").text
    assert browser.post(f"/progression/evidence/{portfolio_id}/open").status_code == 409


def test_nobody_else_sees_anything(app, nell, bob, officer, stranger, make_person, make_organisation, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id = handed_in(nell)
    (item,) = items(portfolio_id)
    coventry = make_organisation("coventry", "Coventry City Council")
    elsewhere = make_person("Else Where", Role.ASSESSOR, employer=coventry)
    principal = make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)
    review = f"/progression/evidence/{portfolio_id}"
    for who in (bob, officer, stranger, elsewhere):
        browser = sign_in(who)
        for path in (review, f"{review}/items/{item.id}/file", f"/people/{nell.id}/evidence"):
            assert browser.get(path).status_code == 404, (who.name, path)
        assert browser.get(f"/people/{nell.id}/evidence/coverage").status_code == 404
        assert browser.get(f"/people/{nell.id}/evidence/record/observation").status_code == 404
        assert browser.get(f"/my/evidence/items/{item.id}/file").status_code == 404
        for act in ("open", "decide"):
            assert browser.post(f"{review}/{act}", data={"seen": "1", "decision": "accept"}).status_code == 404
    assert "Nell Newly" not in sign_in(elsewhere).get("/progression/evidence").text
    assert sign_in(principal).get(review).status_code == 404  # she accepts essays, and no portfolios
    assert sign_in(principal).get(f"/people/{nell.id}/evidence").status_code == 200
    assert sign_in(nell).get(f"/people/{nell.id}/evidence").location == "/my/evidence"
    assert sign_in(nell).get(review).status_code == 404


def test_the_map_says_what_is_shown_and_what_not(app, nell, manager, sign_in):
    accepted(nell, manager, SEEN, kind="observation")
    service.add_piece(nell.id, "folder", FIRST, None)
    completed(nell, "C1")
    page = sign_in(nell).get("/my/evidence/coverage").text
    assert "2 of 9 statements shown, 1 more by what is not accepted yet" in page
    assert 'data-statement="PCF-7" data-covered="yes"' in page
    assert 'data-statement="PCF-1" data-covered="ahead"' in page
    assert 'data-statement="PCF-2" data-covered="no"' in page
    assert page.index('data-statement="PCF-2"') < page.index('data-statement="PCF-1"')
    assert "Court skills" in page
    assert "The titles are the demonstration&#39;s own" in page
    managers = sign_in(manager).get(f"/people/{nell.id}/evidence/coverage").text
    assert 'data-statement="PCF-7" data-covered="yes"' in managers
    assert "A first visit" not in managers  # she is still preparing it


def test_deferred_by_a_panel_it_is_hers_again(app, nell, assessor, sign_in):
    accepted(nell, assessor, FIRST)
    service.return_after_panel(nell.id, "folder", comments="More on assessment", by=assessor.id)
    page = sign_in(nell).get("/my/evidence/folder").text

    assert all(words in page for words in ("More on assessment", "Returned after a panel", "Look once more"))


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("nell", "/my/evidence", 16),
        ("nell", "/my/evidence/folder", 6),
        ("nell", "/my/evidence/coverage", 9),
        ("manager", "/people/{nell}/evidence", 19),
        ("assessor", "/progression/evidence", 5),
        ("manager", "/team/evidence", 6),
    ],
)
def test_each_page_asks_as_often_for_many_as_for_few(
    app, nell, manager, assessor, make_person, sign_in, who, path, most
):
    people = {"nell": nell, "manager": manager, "assessor": assessor}
    browser, path = sign_in(people[who]), path.format(nell=nell.id)

    def fill(number):
        for _ in range(number):
            service.add_piece(nell.id, "folder", FIRST, None)
            other = make_person("Some Body", career_level="new", manager=manager)
            handed_in(other, FIRST)
            handed_in(other, SEEN, kind="observation")

    fill(1)
    browser.get(path)
    with queries() as for_few:
        assert browser.get(path).status_code == 200
    fill(8)
    with queries() as for_many:
        browser.get(path)

    assert len(for_many) == len(for_few), "\n".join(for_many)
    assert len(for_many) <= most, "\n".join(for_many)


def test_another_assessor_sees_that_it_is_there_and_reads_nothing(app, nell, assessor, make_person, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id = handed_in(nell)
    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=1, comments="Well seen", by=assessor.id)
    other, review = sign_in(make_person("Otto Other", Role.ASSESSOR)), f"/progression/evidence/{portfolio_id}"
    page = other.get(review).text
    assert all(words in page for words in ("Accepted", "Take the acceptance back", "whoever decided on it"))
    assert not any(words in page for words in ("How I listened", "Well seen", "visit.pdf"))
    (item,) = items(portfolio_id)
    assert other.get(f"{review}/items/{item.id}/file").status_code == 404
    assert "A first visit" not in other.get(f"/people/{nell.id}/evidence/coverage").text
    seen = other.get(f"/people/{nell.id}/evidence").text
    assert 'data-kind="folder"' in seen
    assert 'data-kind="observation"' not in seen  # her line manager accepts that

    decider = sign_in(assessor)
    assert all(words in decider.get(review).text for words in ("How I listened", "Well seen"))
    assert "A first visit" in decider.get(f"/people/{nell.id}/evidence/coverage").text


def test_whoever_decides_reads_it_only_once_it_is_opened(app, nell, assessor, sign_in):
    service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id = handed_in(nell)
    (item,) = items(portfolio_id)
    browser, review = sign_in(assessor), f"/progression/evidence/{portfolio_id}"
    assert browser.get(f"{review}/items/{item.id}/file").status_code == 404
    assert "How I listened" not in browser.get(review).text

    browser.post(f"{review}/open")
    assert browser.get(f"{review}/items/{item.id}/file").status_code == 200
    assert "We could not look for names and numbers in it" in browser.get(review).text


def test_a_reviewer_who_names_somebody_is_shown_where_and_says_that_she_has_checked(app, nell, assessor, sign_in):
    portfolio_id = handed_in(nell, FIRST)
    service.open_it(portfolio_id, by=assessor.id)
    browser, review = sign_in(assessor), f"/progression/evidence/{portfolio_id}"
    typed = {"seen": "1", "decision": "return", "comments": "Say more of Mrs Havisham"}
    assert 'name="checked"' not in browser.get(review).text
    again = browser.post(f"{review}/decide", data=typed)
    assert again.status_code == 409
    assert all(words in again.text for words in ("a name in your comments: Mrs Havisham", 'name="checked"'))

    assert browser.post(f"{review}/decide", data=typed | {"checked": "y"}).status_code == 303
    assert status_of(nell) == "returned"


def test_files_that_nobody_can_search_are_said_after_saving_and_before_handing_in(app, nell, sign_in):
    browser = sign_in(nell)
    sent = FIRST_TYPED | {"document": (io.BytesIO(PDF.content), "visit.pdf")}
    page = browser.post("/my/evidence/folder/add", data=sent, follow_redirects=True).text
    assert "We could not look through all of the file" in page
    assert "Look through these files yourself" in browser.get("/my/evidence/folder/hand-in").text


def test_a_file_that_is_far_too_large_is_refused_with_the_limit_of_this_page(app, nell, sign_in):
    part = b'--x\r\nContent-Disposition: form-data; name="document"; filename="visit.pdf"\r\n\r\n'
    body = part + bytes(11 * 1024 * 1024) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    refused = sign_in(nell).post("/my/evidence/folder/add", data=body, content_type=kind)

    assert refused.status_code == 413
    assert "At most 10 MB can be taken at once. Nothing was changed." in refused.text
