"""Somebody signs in, is taken where she was going, and signs out."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from cpd.people import passwords, signing_in
from cpd.people.models import Attempt, Post
from cpd.shared import clock
from cpd.shared.database import db
from tests.people.conftest import GOOD_PASSWORD, counted_queries, error_on

QUESTION = signing_in.question_of_each_request()
NOT_RIGHT = "The e-mail address or the password is not right"


def try_to_sign_in(client, email: str, password: str = GOOD_PASSWORD, address: str = "10.0.0.1", **more):
    fields = {"email": email, "password": password, **more}
    return client.post("/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": address})


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def learner(app, alice, with_password):
    return with_password(alice)


def _told(answer, email: str) -> str:
    """A page without what was typed and without what differs each time."""
    return re.sub(r'(nonce|value)="[^"]*"', "", answer.text.replace(email, ""))


def leave(somebody, on: date) -> None:
    db.session.scalars(select(Post).filter_by(person_id=somebody.id)).one().ends_on = on
    db.session.commit()


def test_the_right_password_signs_in_and_leads_to_the_start_page(client, learner):
    answer = try_to_sign_in(client, learner.email.upper())

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(("email", "password"), [("", "something"), ("name@demo.example", ""), ("name", "something")])
def test_what_is_missing_is_asked_for(client, email, password):
    answer = try_to_sign_in(client, email, password)

    assert answer.status_code == 422
    assert error_on(answer).startswith("Enter ")


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client, learner):
    wrong = try_to_sign_in(client, learner.email, "a wrong password")
    unknown = try_to_sign_in(client, "nobody@demo.example", "a wrong password")

    assert (wrong.status_code, error_on(wrong)) == (422, NOT_RIGHT)
    assert _told(wrong, learner.email) == _told(unknown, "nobody@demo.example")
    assert client.get("/account").status_code == 302


def test_an_unknown_account_costs_the_same_work(client, learner, bob, monkeypatch):
    compared = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(passwords.PasswordHasher, "verify", lambda *parts: compared.append(parts[1]) or verify(*parts))
    sent = []
    for email in ("nobody@demo.example", bob.email, learner.email):  # unknown, without a password, wrong password
        with counted_queries() as queries:
            try_to_sign_in(client, email, "a wrong password")
        sent.append(queries)

    cost = {each.rpartition("$")[0].split("$")[3] for each in compared}
    assert len(compared) == 3
    assert len(cost) == 1
    assert len({len(queries) for queries in sent}) == 1


def test_where_she_was_going_survives_signing_in(client, learner):
    asked = client.get("/timetable?view=month&module=M3")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'name="next" value="/timetable?view=month&amp;module=M3"' in page.text

    answer = try_to_sign_in(client, learner.email, next="/timetable?view=month&module=M3")
    assert answer.location == "/timetable?view=month&module=M3"


def test_where_she_was_going_survives_a_wrong_password(client, learner):
    answer = try_to_sign_in(client, learner.email, "a wrong password", next="/account")
    assert 'name="next" value="/account"' in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x",
        "javascript:alert(1)",
        "/sign-in",
        "/sign-out",
        "/no/such/page",
        "timetable",
        "/account\x00",
    ],
)
def test_signing_in_never_leads_elsewhere(client, learner, elsewhere):
    assert try_to_sign_in(client, learner.email, next=elsewhere).location == "/"


def test_whoever_is_signed_in_is_taken_on(client, learner):
    try_to_sign_in(client, learner.email)

    assert client.get("/sign-in?next=/account").location == "/account"


def test_a_cookie_prepared_by_somebody_else_is_thrown_away(client, learner):
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    try_to_sign_in(client, learner.email)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_signing_out_ends_it_here(client, learner):
    try_to_sign_in(client, learner.email)
    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "You have signed out." in client.get("/sign-in").text
    assert client.get("/account").status_code == 302


def test_looking_at_the_address_does_not_sign_out(client):
    assert client.get("/sign-out").status_code == 405


def test_whoever_has_left_is_told_so_after_the_right_password_only(client, learner):
    leave(learner, clock.today())

    assert error_on(try_to_sign_in(client, learner.email, "a wrong password")) == NOT_RIGHT
    answer = try_to_sign_in(client, learner.email)
    assert answer.status_code == 409
    assert "Your account is closed" in answer.text
    assert client.get("/account").status_code == 302


def test_signing_in_ends_on_the_day_after_the_last(client, learner, clock_at):
    leave(learner, date(2019, 1, 3))
    try_to_sign_in(client, learner.email)
    assert client.get("/account").status_code == 200

    clock_at(2019, 1, 3, 0, 1)
    assert client.get("/account").status_code == 302


def test_whoever_starts_later_can_sign_in_already(client, learner):
    post = db.session.scalars(select(Post).filter_by(person_id=learner.id)).one()
    post.starts_on = date(2019, 2, 1)
    db.session.commit()

    assert try_to_sign_in(client, learner.email).status_code == 303


@pytest.mark.parametrize("cookie_id", ["", "1", "1:", ":1", "one:1", "²:1", f"{2**31}:1", "9" * 5000 + ":1", "1:2"])
def test_a_cookie_that_names_nobody_is_nobody(app, learner, cookie_id):
    assert signing_in.load_signed_in(cookie_id, QUESTION) is None


def test_knowing_who_is_signed_in_is_one_query(app, learner):
    cookie_id = learner.get_id()
    db.session.remove()
    with counted_queries() as sent:
        assert signing_in.load_signed_in(cookie_id, QUESTION).name == "Alice Learner"
        assert signing_in.load_signed_in(cookie_id, QUESTION).roles == frozenset()
    assert len(sent) == 2


def test_a_hash_of_an_older_cost_is_replaced_on_signing_in(app, client, learner):
    before = learner.password_hash
    app.config["ARGON2_TIME_COST"] = 2
    try:
        assert try_to_sign_in(client, learner.email).status_code == 303
    finally:
        app.config["ARGON2_TIME_COST"] = 1
    db.session.refresh(learner)

    assert learner.password_hash != before
    assert "t=2" in learner.password_hash


# Limits, on real time


def test_the_eleventh_wrong_password_has_to_wait_whatever_it_is(client, learner, later):
    for _ in range(10):
        assert try_to_sign_in(client, learner.email, "a wrong password").status_code == 422
    later(minutes=3)

    answer = try_to_sign_in(client, learner.email)
    assert answer.status_code == 429
    assert error_on(answer) == "There were too many tries. Wait 12 minutes, then try again"


def test_an_unknown_account_has_to_wait_in_the_same_words(client, organisation, later):
    for _ in range(10):
        try_to_sign_in(client, "nobody@demo.example", "a wrong password")

    answer = try_to_sign_in(client, "Nobody@demo.example", "a wrong password")
    assert (answer.status_code, error_on(answer)) == (
        429,
        "There were too many tries. Wait 15 minutes, then try again",
    )


def test_nobody_is_locked_out_for_longer_however_often_she_tries(client, learner, later):
    for _ in range(10):
        try_to_sign_in(client, learner.email, "a wrong password")
    for _ in range(20):
        later(seconds=30)
        assert try_to_sign_in(client, learner.email).status_code == 429
    later(minutes=5, seconds=1)

    assert try_to_sign_in(client, learner.email).status_code == 303


def test_other_accounts_can_still_sign_in(client, learner, bob, with_password, later):
    with_password(bob)
    for _ in range(10):
        try_to_sign_in(client, learner.email, "a wrong password")

    assert try_to_sign_in(client, bob.email).status_code == 303


def test_one_address_cannot_try_many_accounts(client, learner, later):
    for number in range(50):
        try_to_sign_in(client, f"nobody{number}@demo.example", "a wrong password")

    assert try_to_sign_in(client, learner.email).status_code == 429
    assert try_to_sign_in(client, learner.email, address="10.0.0.2").status_code == 303


def test_the_right_password_clears_what_was_counted(client, learner, later):
    for _ in range(9):
        try_to_sign_in(client, learner.email, "a wrong password")
    assert try_to_sign_in(client, learner.email).status_code == 303
    for _ in range(9):
        try_to_sign_in(client, learner.email, "a wrong password")

    assert try_to_sign_in(client, learner.email).status_code == 303


def test_what_is_counted_names_nobody_and_goes_away(client, learner, later):
    try_to_sign_in(client, learner.email, "a wrong password")
    kept = db.session.scalars(select(Attempt)).one()
    assert learner.email not in (kept.account, kept.address)
    assert "10.0.0.1" not in (kept.account, kept.address)

    later(hours=2)
    try_to_sign_in(client, "nobody@demo.example")
    db.session.rollback()
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_nothing_typed_reaches_the_log(client, learner, caplog):
    caplog.set_level("DEBUG")
    try_to_sign_in(client, learner.email, "a wrong password")
    try_to_sign_in(client, learner.email)

    assert learner.email not in caplog.text
    assert "password lemon" not in caplog.text
