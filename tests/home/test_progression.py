"""What waits about other people's careers: the page that leads to all of it, the start page, my pages and my team's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cpd.home.account_pages import share_words
from cpd.home.progression import STATIONS
from cpd.people.models import Person
from cpd.progression.portfolios import service as portfolios
from cpd.progression.portfolios.rules import ONLY, Piece
from cpd.progression.requests import service as requests
from cpd.shared import clock
from cpd.shared.permissions import PERMISSIONS, Action
from cpd.shared.roles import Role
from tests.home.test_query_counts import queries
from tests.packs import adopt_text
from tests.progression.careers import PACK, completed, observed, put_on

BY_APPROVAL = "able-wise"
MOST_QUERIES = 26
"""A start page with every role at once: each queue asks for itself, whatever is in it."""

MOST_OF_MINE = 30


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt_text(PACK)


@pytest.fixture
def nell(make_person, manager) -> Person:
    return make_person("Nell Newly", career_level="new", manager=manager)


@pytest.fixture
def everything(make_person) -> Person:
    """Somebody who holds every role."""
    return make_person("Ever Rything", *Role)


def wrote(person):
    """Hand in an observation."""
    portfolios.add_piece(person.id, "observation", Piece(ONLY, "Seen", clock.today(), words="What I did."), None)
    return portfolios.hand_in(person.id, "observation")


def test_every_page_that_it_leads_to_is_there(app):
    adapter = app.url_map.bind("")
    actions = {each.path: app.view_functions[adapter.match(each.path)[0]].action for each in STATIONS}

    assert actions == {each.path: each.action for each in STATIONS}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_only_what_it_may_open(careers, make_person, sign_in, role):
    client = sign_in(make_person("Rae Role", role))
    page = client.get("/progression")

    if role not in PERMISSIONS[Action.SEE_PROGRESSION]:
        assert page.status_code == 403
        assert 'href="/progression"' not in client.get("/").text
        return
    assert 'href="/progression"' in client.get("/").text
    shown = [each.path for each in STATIONS if f'href="{each.path}"' in page.text]
    assert shown == [each.path for each in STATIONS if each.is_for({role})]
    for path in shown:
        assert client.get(path).status_code == 200, path


def test_what_was_handed_in_waits_on_the_line_managers_pages(careers, nell, manager, sign_in):
    put_on(nell)
    client = sign_in(manager)
    assert "Others wait for you" not in client.get("/").text
    wrote(nell)

    for path in ("/", "/team"):
        page = client.get(path).text
        assert 'href="/team/evidence"' in page
        assert "1 piece of evidence waits for you" in page
    mine = sign_in(nell).get("/my").text
    assert "1 handed in" in mine


def test_a_request_waits_for_whoever_decides_and_not_for_others(careers, make_person, nell, manager, sign_in):
    abel = make_person("Abel Able", career_level="able", manager=manager)
    put_on(abel)
    director = make_person("Dora Director", Role.ASSISTANT_DIRECTOR)
    operations = make_person("Opal Operations", Role.OPERATIONS_MANAGER)
    requests.ask(abel.id, BY_APPROVAL)

    waiting = {each.name: "1 decision waits for you" in sign_in(each).get("/").text for each in (director, operations)}

    assert sum(waiting.values()) == 1
    assert "To become" in sign_in(abel).get("/my").text


def test_somebody_with_no_part_in_it_is_asked_only_about_her_own(careers, nell, sign_in):
    client = sign_in(nell)
    client.get("/")
    with queries() as asked:
        client.get("/")

    about = [each for each in asked if "panel_case" in each or "portfolio" in each or "progression_" in each]
    assert len(about) == 3, "\n".join(about)  # her requests, her cases, her evidence


def test_the_pages_ask_as_often_however_much_waits(careers, everything, make_person, sign_in):
    client = sign_in(everything)

    def fill(count):
        for number in range(count):
            person = make_person(f"Person {number}", career_level="new", manager=everything)
            put_on(person)
            completed(person, "C1")
            observed(person)
            wrote(person)

    fill(3)
    client.get("/")
    counted = []
    for _ in range(2):
        for path in ("/", "/progression"):
            with queries() as asked:
                assert client.get(path).status_code == 200
            counted.append(len(asked))
        fill(6)

    assert counted[:2] == counted[2:]
    assert max(counted) <= MOST_QUERIES


def test_a_manager_sees_at_once_how_each_of_the_team_gets_on_and_reaches_all_of_it(careers, nell, manager, sign_in):
    put_on(nell)
    client = sign_in(manager)
    team, page = client.get("/team").text, client.get(f"/people/{nell.id}").text

    assert 'href="/team/progress">See who is ready' in team
    for words in ("To Social worker", f'href="/people/{nell.id}/progress"'):
        assert words in team
        assert words in page
    assert f'href="/people/{nell.id}/evidence"' in page


@pytest.mark.parametrize("as_manager", [True, False], ids=["line manager", "workforce development"])
def test_whoever_looks_at_somebody_reaches_what_was_asked_for(
    careers, make_person, manager, officer, sign_in, as_manager
):
    abel = make_person("Abel Able", career_level="able", manager=manager)
    put_on(abel)
    number = requests.ask(abel.id, BY_APPROVAL)
    client = sign_in(manager if as_manager else officer)
    address = f"/team/requests/{number}" if as_manager else f"/progression/requests/{number}"

    assert f'href="{address}"' in client.get(f"/people/{abel.id}").text
    assert client.get(address).status_code == 200


def test_the_account_says_career_level_and_share_in_words(careers, make_person, sign_in):
    page = sign_in(make_person("Nell Newly", career_level="new")).get("/account").text

    assert "Newly qualified" in page
    assert "Full time" in page


@pytest.mark.parametrize(("fte", "words"), [("1", "Full time"), ("0.6", "60%"), ("0.875", "87.5%"), (None, "None")])
def test_the_share_of_full_time_in_words(fte, words):
    assert share_words(Decimal(fte) if fte else None).removesuffix(" of full time") == words


def test_my_pages_ask_little_more_than_there_is_to_show(careers, nell, sign_in):
    put_on(nell)
    client = sign_in(nell)
    client.get("/my")
    with queries() as asked:
        client.get("/my")

    assert len(asked) <= MOST_OF_MINE, "\n".join(asked)
