"""Somebody chooses a password by a link: a newcomer's, or one that she asked for."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from cpd.people import links, passwords, signing_in
from cpd.people.models import PasswordLink, Person, Post
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.people.conftest import ALICE, GOOD_PASSWORD, MARY, error_on, messages, person, row, take

ANOTHER = "purple kettle sunday"


def ask(client, email: str, address: str = "10.0.0.1"):
    return client.post("/forgotten-password", data={"email": email}, environ_overrides={"REMOTE_ADDR": address})


def token_of(kind: str) -> str:
    """The token in the newest message of a kind."""
    return links.token_of(messages(kind)[-1].facts["nonce"])


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def newcomer(app, organisation, later) -> str:
    """The token of the link that a newcomer was sent."""
    take(MARY)
    return token_of("welcome")


def test_a_newcomer_chooses_her_password_and_is_signed_in(client, newcomer):
    page = client.get(f"/password/{newcomer}")
    assert page.status_code == 200
    assert "Choose your password" in page.text
    assert "mary@demo.example" in page.text

    answer = client.post(f"/password/{newcomer}", data={"password": GOOD_PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Mary Manager" in client.get("/account").text
    assert passwords.is_right(GOOD_PASSWORD, person("N1").password_hash)


def test_a_first_password_is_no_change_to_be_told(client, newcomer):
    client.post(f"/password/{newcomer}", data={"password": GOOD_PASSWORD})
    assert messages("password_changed") == []


def test_a_link_works_once(client, newcomer):
    client.post(f"/password/{newcomer}", data={"password": GOOD_PASSWORD})

    again = client.post(f"/password/{newcomer}", data={"password": ANOTHER})
    for answer in (client.get(f"/password/{newcomer}"), again):
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.text
    assert passwords.is_right(GOOD_PASSWORD, person("N1").password_hash)


def test_looking_at_a_link_does_not_use_it_up(client, newcomer):
    for _ in range(3):
        assert client.get(f"/password/{newcomer}").status_code == 200


def test_a_newcomers_link_works_for_seven_days(client, newcomer, later):
    later(days=6, hours=23)
    assert client.get(f"/password/{newcomer}").status_code == 200
    later(hours=1)
    assert client.get(f"/password/{newcomer}").status_code == 404


@pytest.mark.parametrize("token", ["x", "WzFd.abc", "%00", "é", "a" * 3000])
def test_a_made_up_link_is_not_found(client, newcomer, token):
    assert client.get(f"/password/{token}").status_code in (400, 404)
    assert client.post(f"/password/{token}", data={"password": GOOD_PASSWORD}).status_code in (400, 404)


def test_a_link_changed_in_one_letter_is_not_found(client, newcomer):
    changed = newcomer[:-1] + ("A" if newcomer[-1] != "A" else "B")
    assert client.get(f"/password/{changed}").status_code == 404


def test_the_database_does_not_hold_what_opens_a_link(app, newcomer):
    [link] = db.session.scalars(select(PasswordLink)).all()
    [message] = messages("welcome")

    assert newcomer not in repr((link.token_hash, message.facts, message.dedupe_key))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Enter a new password"),
        ("elevenchars", "Password must be 12 characters or more"),
        ("mary@demo.example", "Password must not be like your e-mail address"),
        ("demonstration", "Password is easy to guess. Three words that do not belong together make a good one"),
        ("x" * 201, "Your new password must be 200 characters or fewer"),
    ],
)
def test_a_password_that_is_not_good_enough_is_refused_and_the_link_stays(client, newcomer, password, said):
    answer = client.post(f"/password/{newcomer}", data={"password": password})

    assert (answer.status_code, error_on(answer)) == (422, said)
    assert client.post(f"/password/{newcomer}", data={"password": GOOD_PASSWORD}).status_code == 303


def test_accents_count_alike_on_every_keyboard(client, newcomer):
    client.post(f"/password/{newcomer}", data={"password": "cafe\u0301 tractor lemon"})
    assert passwords.is_right("caf\u00e9 tractor lemon", person("N1").password_hash)


def test_a_leavers_link_does_not_work(client, newcomer):
    db.session.scalars(select(Post)).one().ends_on = date(2019, 1, 2)
    db.session.commit()

    assert client.get(f"/password/{newcomer}").status_code == 404


def test_of_two_who_use_a_link_at_one_moment_only_one_is_served(both, organisation):
    take(MARY)
    token = token_of("welcome")
    ready, served, refused = threading.Barrier(8), [], []

    def use(number: int) -> None:
        with both.app_context():
            ready.wait()
            try:
                served.append(signing_in.choose_password(token, f"{GOOD_PASSWORD} {number}").id)
            except signing_in.LinkRefused:
                refused.append(number)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(served), len(refused)) == (1, 7)
    assert person("N1").session_version == 2


# A forgotten password


def test_whoever_asks_is_sent_a_link_that_lasts_two_hours(client, alice, with_password, later):
    with_password(alice)
    answer = ask(client, f" {alice.email.upper()} ")
    assert (answer.status_code, answer.location) == (303, "/forgotten-password/sent")
    token = token_of("password_reset")

    later(minutes=119)
    assert "Choose a new password" in client.get(f"/password/{token}").text
    later(minutes=1)
    assert client.get(f"/password/{token}").status_code == 404


def test_the_answer_is_the_same_whoever_is_asked_for(client, alice, later):
    db.session.scalars(select(Post).filter_by(person_id=alice.id)).one().ends_on = date(2018, 12, 31)
    db.session.commit()
    known, unknown = ask(client, alice.email), ask(client, "nobody@demo.example")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert client.get(known.location).status_code == 200
    assert messages("password_reset") == []  # one has left, the other never was


def test_at_most_three_links_are_sent_in_an_hour_and_the_answer_stays_the_same(client, alice, later):
    answers = {(answer.status_code, answer.location) for _ in range(5) for answer in [ask(client, alice.email)]}
    assert answers == {(303, "/forgotten-password/sent")}
    assert len(messages("password_reset")) == 3

    later(minutes=61)
    ask(client, alice.email)
    assert len(messages("password_reset")) == 4


def test_one_address_cannot_ask_for_everybody(client, organisation, later):
    for number in range(50):
        ask(client, f"nobody{number}@demo.example")
    answer = ask(client, "somebody@demo.example")

    assert answer.status_code == 429
    assert error_on(answer) == "There were too many tries. Wait 60 minutes, then try again"


def test_what_is_no_address_is_asked_for_again(client):
    answer = ask(client, "nobody")

    assert answer.status_code == 422
    assert error_on(answer) == "Enter an e-mail address in the correct format, like name@example.com"


def test_whoever_was_locked_out_gets_in_by_a_link(client, alice, with_password, later):
    with_password(alice)
    for _ in range(11):
        client.post("/sign-in", data={"email": alice.email, "password": "a wrong password"})
    ask(client, alice.email)
    client.post(f"/password/{token_of('password_reset')}", data={"password": ANOTHER})
    client.post("/sign-out")

    assert client.post("/sign-in", data={"email": alice.email, "password": ANOTHER}).status_code == 303


def test_a_new_password_makes_every_other_link_useless_and_is_told(client, alice, with_password, later):
    with_password(alice)
    ask(client, alice.email)
    first = token_of("password_reset")
    ask(client, alice.email)
    client.post(f"/password/{token_of('password_reset')}", data={"password": ANOTHER})

    assert client.get(f"/password/{first}").status_code == 404
    assert [message.person_id for message in messages("password_changed")] == [alice.id]


def test_history_keeps_who_chose_a_password_and_not_which(client, newcomer):
    client.post(f"/password/{newcomer}", data={"password": GOOD_PASSWORD})
    db.session.rollback()
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "chose_password")).all()

    mary = person("N1")
    assert (event.subject, event.subject_id, event.actor_id) == ("person", mary.id, mary.id)
    assert (event.before, event.after) == (None, None)


# One's own account


def test_the_account_shows_what_hr_says_and_whom_to_ask(app, organisation, signed_in):
    harriet = {"employee_number": "N3", "email": "harriet@demo.example", "name": "Harriet HR", "roles": "hr"}
    take(MARY, ALICE, row(MARY, **harriet))
    page = signed_in(app, person("N2")).get("/account").text

    dates = ("3 September 2018", "2 July 2018")
    for words in ("Alice Learner", "Assessment Team 1", "Mary Manager", "ASYE", "60% of full time", "Employee", *dates):
        assert words in page
    assert 'href="mailto:harriet@demo.example">Harriet HR</a>' in page
    assert "/my/calendar" in page


def test_changing_a_password_signs_out_everywhere_else(app, alice, with_password, signed_in):
    with_password(alice)
    here, elsewhere = signed_in(app, alice), signed_in(app, alice)
    answer = here.post("/account/password", data={"current": GOOD_PASSWORD, "password": ANOTHER})

    assert (answer.status_code, answer.location) == (303, "/account")
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("", ANOTHER, "Enter the password that you have now"),
        ("a wrong password", ANOTHER, "The password that you have now is not right"),
        (GOOD_PASSWORD, "short", "Password must be 12 characters or more"),
    ],
)
def test_a_change_is_refused(app, alice, with_password, signed_in, current, new, said):
    with_password(alice)
    answer = signed_in(app, alice).post("/account/password", data={"current": current, "password": new})

    assert (answer.status_code, error_on(answer)) == (422, said)
    db.session.refresh(alice)
    assert passwords.is_right(GOOD_PASSWORD, alice.password_hash)


def test_a_borrowed_screen_cannot_try_passwords_for_ever(app, alice, with_password, signed_in, later):
    with_password(alice)
    client = signed_in(app, alice)
    answers = [
        client.post("/account/password", data={"current": "a wrong password", "password": ANOTHER}).status_code
        for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_ten_wrong_passwords_at_one_moment_are_all_counted(both, make_person, with_password):
    """What is written down before it is judged cannot be outrun."""
    alice = with_password(make_person("Alice Learner"))
    ready, outcomes = threading.Barrier(16), []

    def guess() -> None:
        with both.app_context():
            ready.wait()
            try:
                signing_in.sign_in(alice.email, "a wrong password", "10.0.0.1")
            except Exception as refused:  # noqa: BLE001 - both refusals are counted
                outcomes.append(type(refused).__name__)
            finally:
                db.session.remove()

    email = alice.email
    assert email
    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 16
    assert outcomes.count("SignInRefused") <= 10
    assert db.session.scalars(select(Person).filter_by(id=alice.id)).unique().one().session_version == 1
