"""The page on who tends to leave with nothing planned: who sees it, what it says, and in how many queries."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.home.test_query_counts import asks_as_often
from tests.packs import adopt_text
from tests.progression.careers import PACK, observed, post_of

__all__ = ["asks_as_often"]

PAGE = "/progression/retention"
MOST_QUERIES = 21
"""Everything that a standing rests on, with the posts, the requests and the managers."""

WITH_POINT = PACK.replace("version: 2", "version: 3") + (
    "retention_point: {months: [24, 36], conversation: observation, cites: [W-1]}\n"
)


@pytest.fixture
def point(app_in_use, organisation):
    return adopt_text(WITH_POINT)


@pytest.fixture
def workforce(app_in_use, make_person):
    return make_person("Olive Officer", Role.WORKFORCE_DEVELOPMENT)


def stayer(make_person, name, since, **more):
    """Somebody whose post began on a day."""
    person = make_person(name, career_level="able", **more)
    post_of(person).starts_on = date.fromisoformat(since)
    db.session.commit()
    return person


def names_of(page, lacks):
    """Read the names of one of the lists."""
    return re.findall(rf'data-lacks="{lacks}">.*?<a class="govuk-link"[^>]*>([^<]+)</a>', page.replace("\n", ""))


def test_whoever_has_nothing_planned_stands_first(point, make_person, workforce, sign_in):
    stayer(make_person, "Tao Twoyears", "2016-11-01")
    stayer(make_person, "Nia Nearly", "2017-05-01")
    spoken = stayer(make_person, "Sam Spoken", "2016-06-01")
    stayer(make_person, "Lena Long", "2013-01-01")
    stayer(make_person, "Newt New", "2018-10-01")
    stayer(make_person, "Aggie Agency", "2016-10-01", staff_type="agency")
    observed(spoken, "2018-06-01")

    page = sign_in(workforce).get(PAGE).text

    assert names_of(page, "yes") == ["Tao Twoyears", "Nia Nearly"]
    assert names_of(page, "no") == ["Sam Spoken"]
    assert "2 people are between 2 and 3 years with the council, and 1 will be within 6 months." in page
    assert "2 years 2 months" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.WORKFORCE_DEVELOPMENT, 200),
        (Role.PRINCIPAL_SOCIAL_WORKER, 200),
        (Role.OPERATIONS_MANAGER, 200),
        (Role.ASSISTANT_DIRECTOR, 200),
        (Role.HR, 403),
        (Role.AUDITOR, 403),
        (Role.PANEL_MEMBER, 403),
    ],
)
def test_these_see_it_and_nobody_else(point, make_person, sign_in, role, status):
    assert sign_in(make_person("Rae Role", role)).get(PAGE).status_code == status


def test_a_council_without_such_a_point_is_told_so_and_sees_its_moves(careers, workforce, sign_in):
    page = sign_in(workforce).get(PAGE).text

    assert "scheme names no such point" in page
    assert "<strong>0</strong> advanced" in page


def test_nobody_of_another_council_is_on_it(point, make_person, make_organisation, workforce, sign_in):
    stayer(make_person, "Elsie Elsewhere", "2016-11-01", employer=make_organisation("slough", "Slough"))

    assert "Elsie Elsewhere" not in sign_in(workforce).get(PAGE).text


def test_it_asks_as_often_for_many_as_for_few(point, make_person, workforce, asks_as_often):
    def fill(numbers):
        for number in numbers:
            stayer(make_person, f"Person {number}", "2016-11-01", manager=workforce)

    asks_as_often(workforce, PAGE, fill, MOST_QUERIES)


def test_days_that_cannot_be_are_the_last_twelve_months(point, workforce, sign_in):
    client = sign_in(workforce)

    for query in ("since=x", "since=2019-05-01&until=2019-01-01", "since=1990-01-01", ""):
        page = client.get(f"{PAGE}?{query}")
        assert page.status_code == 200
        assert "to " in page.text
    assert "From 1 February 2018 to 2 January 2019" in client.get(PAGE).text
