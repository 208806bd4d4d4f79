"""What could not be sent is listed with its reason, for people who can act on it."""

from __future__ import annotations

import re

import pytest

from cpd.messages import service
from cpd.shared import outbox
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.unit_of_work import unit_of_work
from tests.messages.conftest import messages_of, send
from tests.messages.test_words import FACTS
from tests.people.conftest import counted_queries

NO_MAILBOX = "550 5.1.1 <b>No such mailbox</b>"


@pytest.fixture
def refused(app, alice, mailbox):
    """Alice was told two things in one act, and the mail server knows no such address."""
    mailbox.answers[alice.email] = NO_MAILBOX
    with unit_of_work():
        for kind in ("booked", "waiting"):
            outbox.tell(alice.organisation_id, alice.id, kind, "1", FACTS[kind])
    send()
    return messages_of(alice)[0]


def failed_count(person) -> int:
    db.session.rollback()
    return service.failed_count(person.organisation_id)


def headings(answer) -> list[str]:
    return re.findall(r'<h2 class="govuk-heading-m" id="message-\d+-subject">(.*?)</h2>', answer.text)


def test_it_stands_on_the_list_with_the_reason(refused, alice, officer, sign_in):
    page = sign_in(officer).get("/workforce/messages")

    assert headings(page) == ["You have a place: Module 2, Tuesday 15 January, and 1 more"]
    assert alice.email in page.text
    assert "The mail server answered 550 5.1.1 &lt;b&gt;No such mailbox&lt;/b&gt;." in page.text
    assert "/cancel/" not in page.text


def test_it_is_counted_as_one_mail_and_for_its_organisation_only(refused, officer, stranger):
    assert failed_count(officer) == 1
    assert failed_count(stranger) == 0


def test_it_is_sent_again_when_somebody_asks_for_it(refused, alice, officer, sign_in, mailbox):
    mailbox.answers.clear()
    answer = sign_in(officer).post(f"/workforce/messages/{refused.id}/again")

    assert (answer.status_code, answer.location) == (303, "/workforce/messages")
    assert send().mails == 1
    assert mailbox.mails[0]["Message-ID"] == refused.mail_id
    assert failed_count(officer) == 0
    noted = db.session.query(AuditEvent).filter_by(verb="tried_again").all()
    assert {(each.actor_id, each.subject_id) for each in noted} == {
        (officer.id, each.id) for each in messages_of(alice)
    }


def test_it_comes_back_to_the_list_where_it_fails_again(refused, officer, sign_in):
    sign_in(officer).post(f"/workforce/messages/{refused.id}/again")

    assert failed_count(officer) == 0
    assert send().failed == 1
    assert failed_count(officer) == 1


def test_all_can_be_sent_again_at_once(refused, bob, officer, sign_in, mailbox):
    mailbox.answers[bob.email] = NO_MAILBOX
    with unit_of_work():
        outbox.tell(bob.organisation_id, bob.id, "booked", "1", FACTS["booked"])
    send()
    client = sign_in(officer)
    assert "Try all 2 again" in client.get("/workforce/messages").text
    mailbox.answers.clear()
    client.post("/workforce/messages/again")

    assert send().mails == 2
    assert "Every message was sent, or is about to be" in client.get("/workforce/messages").text


def test_only_what_failed_here_can_be_sent_again(refused, alice, bob, stranger, officer, sign_in, mailbox):
    with unit_of_work():
        for person in (bob, stranger):
            outbox.tell(person.organisation_id, person.id, "booked", "1", FACTS["booked"])
    mailbox.answers[stranger.email] = NO_MAILBOX
    send()
    client = sign_in(officer)
    for person in (bob, stranger):
        assert client.post(f"/workforce/messages/{messages_of(person)[0].id}/again").status_code == 404
    assert client.post("/workforce/messages/2147483647/again").status_code == 404
    client.post("/workforce/messages/again")

    assert messages_of(stranger)[0].failed_at is not None
    assert messages_of(alice)[0].failed_at is None


def test_others_see_no_list_and_send_nothing_again(refused, alice, sign_in, app):
    client = sign_in(alice)

    assert client.get("/workforce/messages").status_code == 403
    assert client.post("/workforce/messages/again").status_code == 403
    assert app.test_client().get("/workforce/messages").location.startswith("/sign-in?next=")
    assert messages_of(alice)[0].failed_at is not None


def test_the_page_says_how_many_wait_and_whether_there_is_a_mail_server(app, alice, officer, sign_in):
    with unit_of_work():
        outbox.tell(alice.organisation_id, alice.id, "booked", "1", FACTS["booked"])
    page = sign_in(officer).get("/workforce/messages").text

    assert "No mail server is set, so messages wait." in page
    assert "1 message is still to be sent." in page


def test_a_long_list_takes_a_fixed_number_of_queries(app, alice, officer, sign_in, mailbox):
    mailbox.answers[alice.email] = NO_MAILBOX
    for number in range(30):
        with unit_of_work():
            outbox.tell(alice.organisation_id, alice.id, "booked", str(number), FACTS["booked"])
    send()
    client = sign_in(officer)
    with counted_queries() as sent:
        page = client.get("/workforce/messages")

    assert len(sent) <= 8
    assert len(headings(page)) == 25
    assert len(headings(client.get("/workforce/messages?page=2"))) == 5
    assert len(headings(client.get("/workforce/messages?page=²"))) == 25


def test_the_outbox_says_what_became_of_each_mail(refused, bob, officer, sign_in, mailbox):
    with unit_of_work():
        outbox.tell(bob.organisation_id, bob.id, "booked", "1", FACTS["booked"])
    client = sign_in(officer)
    assert "About to be sent" in client.get("/outbox").text
    send()
    page = client.get("/outbox").text

    assert re.search(r"Sent \w+ \d+ \w+, ", page)
    assert "Could not be sent" in page
