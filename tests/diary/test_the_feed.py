"""A subscribed calendar asks for the feed again and again, knowing nothing but its secret address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from cpd.diary import service as diary
from cpd.people.models import Post
from cpd.shared.database import db
from tests.cast import london
from tests.diary.conftest import put, read, token_of, withdraw


@pytest.fixture
def ask(app, alice):
    """Ask for a feed (Alice's, unless it is said otherwise) as a calendar program does: nobody is signed in."""
    first = token_of(alice)

    def get(token: str = first, **how):
        return app.test_client().open(f"/calendar/{token}.ics", **how)

    return get


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return [event["title"] for event in read(answer.data)]


def said_by(answer) -> str:
    """All that a page says; only its nonce is another each time."""
    return re.sub(r'nonce="[^"]+"', "", answer.text)


def test_the_feed_shows_her_diary_and_nobody_elses(app, alice, bob, make_entry, ask):
    put(make_entry(alice, 2, title="Module 3"), make_entry(alice, 1), make_entry(bob, 1, title="Bob's own"))

    assert titles(ask()) == ["Module 2", "Module 3"]
    assert titles(ask(token_of(bob))) == ["Bob's own"]


def test_each_event_leads_to_its_page(app, alice, make_entry, ask):
    put(make_entry(alice, source_id=12), make_entry(alice, 2, path=""))

    assert [event["url"] for event in read(ask().data)] == ["http://127.0.0.1:5000/sessions/12", ""]


def test_the_answer_is_a_calendar_that_only_she_may_keep(app, alice, ask):
    answer = ask()

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert "Set-Cookie" not in answer.headers
    assert answer.get_etag()[0]


def test_what_has_not_changed_is_not_sent_again(app, alice, make_entry, ask, clock_at):
    put(make_entry(alice))
    etag, _weak = ask().get_etag()
    clock_at(2019, 1, 5, 9, 0)

    for known in (f'"{etag}"', f'W/"{etag}"', f'"other", "{etag}"'):
        again = ask(headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.get_etag()[0]) == (304, b"", etag)


@pytest.mark.parametrize("change", ["moved", "cancelled"])
def test_what_has_changed_is_sent_again(app, alice, make_entry, ask, change):
    put(make_entry(alice))
    etag, _weak = ask().get_etag()
    if change == "moved":
        put(make_entry(alice, location="Bewicks B"))
    else:
        withdraw(alice, 5)
    again = ask(headers={"If-None-Match": f'"{etag}"'})

    assert again.status_code == 200
    assert again.get_etag()[0] != etag


def test_asking_for_the_head_alone_gives_the_head_alone(app, alice, make_entry, ask):
    put(make_entry(alice))
    answer, head = ask(), ask(method="HEAD")

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == answer.headers[name]


def test_a_cancelled_event_stays_for_thirty_days(app, alice, make_entry, ask, clock_at):
    put(make_entry(alice, starts_at=london(2019, 3, 1, 9, 30)))
    withdraw(alice, 5)

    assert [event["status"] for event in read(ask().data)] == ["CANCELLED"]
    clock_at(2019, 2, 1, 8, 59)
    assert titles(ask()) == ["Cancelled: Module 2"]
    clock_at(2019, 2, 1, 9, 0)
    assert titles(ask()) == []


def test_what_is_over_stays_for_thirteen_months(app, alice, make_entry, ask, clock_at):
    entry = make_entry(alice)
    put(entry)
    app.extensions["frozen_clock"] = entry.ends_at + timedelta(days=395)
    assert titles(ask()) == ["Module 2"]
    app.extensions["frozen_clock"] = entry.ends_at + timedelta(days=396)
    assert titles(ask()) == []


def test_a_new_address_answers_and_the_old_one_is_as_if_it_had_never_been(app, alice, make_entry, ask):
    put(make_entry(alice))
    for _ in range(2):
        old = token_of(alice)
        diary.renew_feed(alice.id)
        assert titles(ask(token_of(alice))) == ["Module 2"]
        assert ask(old).status_code == 404
        assert said_by(ask(old)) == said_by(ask("never-given-out"))


def test_a_new_address_for_one_is_none_for_another(app, alice, bob, ask):
    hers = token_of(alice)
    diary.renew_feed(bob.id)

    assert token_of(alice) == hers
    assert ask(hers).status_code == 200


def test_addresses_that_were_never_given_out_lead_nowhere(app, alice, ask):
    token = token_of(alice)
    payload, _, signature = token.partition(".")
    foreign = URLSafeSerializer(app.config["SECRET_KEY"], salt="something else").dumps([alice.id, 1])

    for wrong in (
        "x",
        ".",
        payload,
        f"{payload}.",
        f".{signature}",
        token[:-1],
        f"{token}x",
        f"{token}.ics",
        foreign,
        "ŵ",
        "x" * 5000,
    ):
        assert ask(wrong).status_code == 404, wrong


def test_the_feed_of_somebody_who_has_left_ends(app, alice, make_entry, ask, clock_at):
    put(make_entry(alice))
    post = db.session.query(Post).filter_by(person_id=alice.id).one()
    post.ends_on = london(2019, 2, 1).date()
    db.session.commit()

    clock_at(2019, 1, 31, 23, 0)
    assert titles(ask()) == ["Module 2"]
    clock_at(2019, 2, 1, 0, 0)
    assert ask().status_code == 404


@pytest.mark.parametrize("many", [1, 200])
def test_a_feed_of_any_length_takes_three_queries(ask, alice, make_entry, queries, many):
    put(*(make_entry(alice, number) for number in range(many)))
    with queries() as sent:
        assert len(titles(ask())) == many

    assert len(sent) == 3
