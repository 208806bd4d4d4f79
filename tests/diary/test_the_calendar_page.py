"""Somebody finds the address of her feed, and makes a new one when another person has seen it."""

from __future__ import annotations

from html import unescape

import pytest

from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.diary.conftest import token_of

PAGE = "/my/calendar"


@pytest.fixture
def client(app, alice, signed_in):
    return signed_in(alice)


def test_the_page_shows_the_address_as_words_and_as_links(client, app, alice):
    path = f"127.0.0.1:5000/calendar/{token_of(alice)}.ics"
    page = unescape(client.get(PAGE).text)

    assert f">http://{path}</a>" in page
    assert f'href="http://{path}"' in page
    assert f'href="webcal://{path}"' in page


def test_the_address_on_the_page_answers_without_signing_in(client, app):
    address = unescape(client.get(PAGE).text).partition('href="http://127.0.0.1:5000')[2].partition('"')[0]

    assert app.test_client().get(address).status_code == 200


def test_looking_at_the_page_changes_nothing(client, alice):
    first = client.get(PAGE).text
    token = token_of(alice)

    assert token_of(alice) == token
    assert token in first


def test_a_new_address_replaces_the_old_one_and_is_said_so(client, app, alice):
    old = token_of(alice)
    answer = client.post(PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)

    page = client.get(PAGE).text
    assert "The old one has stopped working." in page
    assert old not in page
    assert token_of(alice) in page


def test_a_new_address_is_noted_without_its_secret(client, alice):
    client.post(PAGE)
    db.session.rollback()
    [event] = db.session.query(AuditEvent).filter_by(subject="feed_key").all()

    assert (event.verb, event.subject_id, event.actor_id) == ("renewed", alice.id, alice.id)
    assert (event.before, event.after) == (None, None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_asked_to_do_so(app, alice, method):
    token = token_of(alice)
    answer = getattr(app.test_client(), method)(PAGE)

    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert token_of(alice) == token
