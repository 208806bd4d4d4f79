"""What became of what somebody asked for, was judged on or handed in: one answer for every page that says so."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.progression.pathways.under_way import Course, Now, _still_holding, under_way
from cpd.progression.pathways.words import course_label, course_words
from cpd.progression.portfolios import service as portfolios
from tests.home.test_progression import wrote
from tests.progression import careers, requesting
from tests.progression.requesting import ask, panel

ON, THEN = date(2026, 11, 22), date(2027, 1, 22)


def course(now, *, of="step", on=ON, then=THEN, plan=""):
    return Course(of, now, on, "/there", 1, title="Social worker", who="the young people's panel", then=then, plan=plan)


@pytest.mark.parametrize(
    ("now", "label", "words"),
    [
        (
            Now.ASKED,
            "With the young people's panel, 22 January 2027",
            "It is with the young people's panel: the meeting is on 22 January 2027.",
        ),
        (Now.AGREED, "Agreed: from 22 January 2027", "Agreed: you are Social worker from 22 January 2027."),
        (
            Now.NOT_YET,
            "Not yet, with support: looked at again on 22 January 2027",
            "Not yet, with support (22 November 2026). It is looked at again on 22 January 2027.",
        ),
        (
            Now.REFUSED,
            "Not agreed on 22 November 2026",
            "Not agreed on 22 November 2026. You can read why, and ask again.",
        ),
        (
            Now.RETURNED,
            "Returned with comments",
            "Returned on 22 November 2026 with comments. Read them, change it, hand it in again.",
        ),
    ],
)
def test_each_way_in_which_something_stands_has_its_words(now, label, words):
    assert course_label(course(now))[0] == label
    assert course_words(course(now), is_own=True)[0] == words


def test_a_plan_is_said_with_the_refusal():
    assert "Your support plan: Two visits." in course_words(course(Now.NOT_YET, plan="Two visits."), is_own=True)


def test_what_was_put_off_holds_until_something_newer_is_asked_for():
    before, since = course(Now.NOT_YET, of="panel"), course(Now.ASKED, on=THEN)

    assert set(_still_holding({"panel": before})) == {"panel"}
    assert set(_still_holding({"panel": before, "step": since})) == {"step"}
    assert set(_still_holding({"panel": course(Now.NOT_YET, of="panel", on=THEN), "step": course(Now.ASKED)})) == {
        "panel",
        "step",
    }


@pytest.fixture
def refused(app_in_use, organisation, make_person, manager):
    """Abel has asked and was told: not yet, with a plan."""
    requesting.adopt()
    abel = make_person("Abel Able", career_level="able", manager=manager)
    careers.put_on(abel)
    careers.observed(abel)
    panel(ask(abel, "able-wise"), "young", "deferred_with_support", plan="Lead two visits.", review_on=date(2019, 3, 4))
    return abel


def test_not_yet_stands_on_every_page_that_says_how_somebody_is_doing(refused, manager, officer, sign_in):
    mine, above = sign_in(refused), sign_in(manager)

    for page in (mine.get("/my/progress").text, mine.get("/").text, above.get(f"/people/{refused.id}/progress").text):
        assert "Not yet, with support (" in page
        assert "support plan: Lead two visits." in page
        assert "4 March 2019" in page
    for client, path in ((mine, "/my"), (above, "/team"), (above, "/team/progress"), (above, f"/people/{refused.id}")):
        assert "ot yet, with support: looked at again on 4 March 2019" in client.get(path).text
    row = f'data-person="{refused.id}" data-status="not_yet"'
    assert row in sign_in(officer).get("/workforce/progress?status=not_yet").text
    assert row not in sign_in(officer).get("/workforce/progress?status=ready").text


def test_what_was_returned_says_so_where_it_was_still_to_do(app_in_use, organisation, make_person, manager, sign_in):
    careers.adopt()
    nell = make_person("Nell Newly", career_level="new", manager=manager)
    careers.put_on(nell)
    number = wrote(nell)
    assert "The line manager has not opened it yet." in sign_in(nell).get("/my/progress").text
    portfolios.open_it(number, by=manager.id)
    portfolios.give_back(number, seen=1, comments="Say what changed.", by=manager.id)

    assert under_way([nell.id])[nell.id]["observation"].now is Now.RETURNED
    client = sign_in(nell)
    assert "Next: read the comments on your direct observation" in client.get("/my/progress").text
    assert "Returned on" in client.get("/").text
    assert "Returned</strong>" in sign_in(manager).get("/team/progress").text
