"""The outbox shows what people were told: to whoever may see it, and in the demonstration to everybody."""

from __future__ import annotations

import re

import pytest

from cpd.people import links
from cpd.shared import outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from tests.messages.test_words import FACTS
from tests.people.conftest import counted_queries


def tell(somebody, kind: str = "booked", key: str = "1", **facts) -> None:
    with unit_of_work():
        outbox.tell(somebody.organisation_id, somebody.id, kind, key, FACTS[kind] | facts)


def subjects(answer) -> list[str]:
    return re.findall(r'<h2 class="govuk-heading-m" id="message-\d+-subject">(.*?)</h2>', answer.text)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def as_officer(app, officer):
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = officer.get_id()
    return client


@pytest.fixture
def demonstration(app):
    app.extensions["demonstration"] = True


def test_an_officer_sees_her_organisations_messages_the_newest_first(as_officer, alice, stranger):
    tell(alice, module="Module 2")
    tell(alice, "session_cancelled", module="Module 3")
    tell(stranger, module="Module 4")

    assert subjects(as_officer.get("/outbox")) == [
        "A session will not take place: Module 3, Tuesday 15 January",
        "You have a place: Module 2, Tuesday 15 January",
    ]


def test_others_do_not_see_it(app, client, alice):
    assert client.get("/outbox").location.startswith("/sign-in?next=")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = alice.get_id()
    assert client.get("/outbox").status_code == 403


def test_an_officer_does_not_see_what_would_let_her_in_as_somebody_else(as_officer, alice):
    tell(alice, "password_reset", nonce="n0nce")
    page = as_officer.get("/outbox").text

    assert "/password/" not in page
    assert "n0nce" not in page
    assert "(a link that only the person herself is shown)" in page


def test_in_the_demonstration_a_newcomer_finds_her_link_without_signing_in(client, alice, demonstration):
    tell(alice, "welcome", nonce="n0nce")
    address = f"http://127.0.0.1:5000/password/{links.token_of('n0nce')}"

    assert f'<a class="govuk-link" href="{address}">{address}</a>' in client.get("/outbox").text


def test_production_is_never_taken_for_the_demonstration(app, client, demonstration):
    app.config["PRODUCTION"] = True
    try:
        assert client.get("/outbox").status_code == 302
    finally:
        app.config["PRODUCTION"] = False


def test_many_messages_are_shown_page_by_page_in_a_fixed_number_of_queries(as_officer, alice, bob):
    for number in range(60):
        tell(alice if number % 2 else bob, key=str(number), module=f"Module {number}")
    db.session.remove()
    with counted_queries() as sent:
        first = as_officer.get("/outbox")
    last = as_officer.get("/outbox?page=3")

    assert len(sent) <= 7
    assert subjects(first)[0] == "You have a place: Module 59, Tuesday 15 January"
    assert len(subjects(first)) == 25
    assert len(subjects(last)) == 10
    assert 'aria-label="Page 2"' in first.text


@pytest.mark.parametrize("number", ["0", "-1", "99", "999999999", "9" * 40, "two", "²", ""])
def test_a_page_that_is_not_there_is_the_nearest_one(as_officer, alice, number):
    tell(alice)
    answer = as_officer.get("/outbox", query_string={"page": number})

    assert answer.status_code in (200, 422)
    assert subjects(answer) == ["You have a place: Module 2, Tuesday 15 January"]


def test_the_messages_to_one_person_can_be_picked_out(as_officer, alice, bob):
    tell(alice)
    tell(bob)

    assert len(subjects(as_officer.get("/outbox", query_string={"to": f" {alice.email.upper()}"}))) == 1
    assert len(subjects(as_officer.get("/outbox?to=@demo"))) == 2
    assert "No messages to that address" in as_officer.get("/outbox?to=%25").text


def test_an_empty_outbox_says_so(as_officer):
    assert "No messages" in as_officer.get("/outbox").text


def test_what_people_typed_is_shown_as_text(as_officer, alice):
    tell(alice, "cancelled", reason="<script>alert(1)</script>")
    page = as_officer.get("/outbox").text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
