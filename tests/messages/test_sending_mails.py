"""Mails really sent: a real mail server takes them, and what it took is read as a person's program reads it."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import timedelta
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from cpd.booking.service import book_places, cancel_booking
from cpd.messages.rules import MOST_TRIES, PAUSES
from cpd.messages.transport import parse_mail_url
from cpd.requirements.language import Completed
from cpd.shared import outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from tests.cast import london, saved
from tests.messages.conftest import Mailbox, let_leases_end, messages_of, send, words_in
from tests.messages.test_words import FACTS

from cpd.timetable.models import Venue  # isort: skip

NUMBERS = count(1)
CERTIFICATE = Path(__file__).parent / "localhost.pem"


def tell(person, /, *kinds: str, **facts) -> None:
    """Tell somebody these things in one act."""
    with unit_of_work():
        for kind in kinds:
            outbox.tell(person.organisation_id, person.id, kind, str(next(NUMBERS)), FACTS[kind] | facts)


@pytest.mark.parametrize("kind", sorted(FACTS.keys() - {"invitation"}))
def test_a_message_of_every_kind_arrives_with_the_same_words_as_text_and_as_html(app, alice, mailbox, kind):
    tell(alice, kind)

    assert send().mails == 1
    (mail,) = mailbox.to(alice)
    assert mail["Subject"]
    assert mail["To"].addresses[0].display_name == "Alice Learner"
    assert mail["From"] == "Training and CPD <no-reply@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == messages_of(alice)[0].mail_id
    text, html = words_in(mail), mail.get_body(("html",)).get_content()
    read = unescape(re.sub(r"<[^>]+>", " ", html.partition("</head>")[2]))
    assert read.split() == text.split()
    assert text.startswith("Hello Alice Learner,")
    assert mail.defects == []
    assert not re.search(r"<(img|script|link|style)|src=", html)


def test_what_was_sent_is_not_sent_again(app, alice, mailbox):
    tell(alice, "booked")

    assert [send().mails, send().mails] == [1, 0]
    assert len(mailbox.mails) == 1
    assert messages_of(alice)[0].done_at is not None


def test_without_a_mail_server_nothing_is_taken(app, alice):
    tell(alice, "booked")

    assert send().mails == 0
    (message,) = messages_of(alice)
    assert (message.attempts, message.leased_until, message.done_at) == (0, None, None)


def test_booking_a_whole_route_is_one_mail_to_her_and_one_to_her_manager(
    both, alice, manager, mailbox, make_module, make_session
):
    first = make_module("M1", title="Module 1")
    second = make_module("M2", title="Module 2", needs=Completed("M1"), what_to_bring="A pen")
    full = make_session(make_module("M3", title="Module 3"), london(2019, 1, 18, 9, 30), places=0)
    sessions = [make_session(first, london(2019, 1, 15, 9, 30)), make_session(second, london(2019, 1, 16, 9, 30)), full]
    book_places(alice.id, [each.id for each in sessions], by=alice.id)

    assert send().mails == 2
    (mail,), (informed,) = mailbox.to(alice), mailbox.to(manager)
    assert mail["Subject"] == "You have a place: Module 1, Tuesday 15 January, and 2 more"
    text = words_in(mail)
    assert re.findall(r"^\d\. .*$", text, re.MULTILINE) == [
        "1. You have a place: Module 1, Tuesday 15 January",
        "2. You have a place on condition: Module 2, Wednesday 16 January",
        "3. You are on the waiting list: Module 3, Friday 18 January",
    ]
    assert "Bring: A pen" in text
    assert text.count("/cancel/") == 3
    assert words_in(informed).count("Alice Learner has a place") == 2
    assert "/cancel/" not in words_in(informed)


def test_two_acts_are_two_mails_in_their_order(both, alice, mailbox, make_session):
    (booked,) = book_places(alice.id, [make_session(starts_at=london(2019, 1, 15, 9, 30)).id], by=alice.id)
    cancel_booking(booked.booking_id, by=alice.id, reason="Court")
    send()

    assert [mail["Subject"].partition(":")[0] for mail in mailbox.to(alice)] == [
        "You have a place",
        "Your booking is cancelled",
    ]
    assert "/cancel/" not in words_in(mailbox.to(alice)[0])  # there is nothing to give back any more


def test_a_mail_says_where_to_go_and_shows_it_on_a_map(app, alice, mailbox, make_session, organisation):
    for name, address in (("Civic Centre", "1 Example Square, Gateshead"), ("Centre", "Elsewhere")):
        saved(Venue(organisation_id=organisation.id, code=name, name=name, other_names=[], address=address))
    session = make_session(starts_at=london(2019, 1, 15, 9, 30))
    session.days[0].venue = db.session.query(Venue).filter_by(name="Civic Centre").one()
    db.session.commit()
    book_places(alice.id, [session.id], by=alice.id)
    send()

    text = words_in(mailbox.to(alice)[0])
    assert "9:30am to 12:30pm, Civic Centre\n" in text
    assert (
        "Civic Centre: 1 Example Square, Gateshead\n"
        "https://www.openstreetmap.org/search?query=1%20Example%20Square%2C%20Gateshead\n"
    ) in text
    assert "Elsewhere" not in text


def test_nobody_can_put_headers_into_a_mail(app, alice, make_person, mailbox):
    eve = make_person("Eve\r\nBcc: all@demo.example")
    tell(eve, "cancelled", module="M\r\nBcc: all@demo.example\r\n\r\nAnd a body", reason="\nBcc: all@demo.example")
    tell(alice, "manager_informed", person='"Bob"\nX-Evil: yes')
    assert send().mails == 2

    for mail, raw in zip(mailbox.mails, mailbox.raw, strict=True):
        head = raw.partition(b"\r\n\r\n")[0]
        assert re.findall(rb"^([\w-]+):", head, re.MULTILINE) == [
            *(b"Message-ID", b"Date", b"From", b"To", b"Subject", b"Auto-Submitted"),
            *(b"MIME-Version", b"Content-Type", b"X-Peer", b"X-MailFrom", b"X-RcptTo")[:2],
        ]
        assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Zoë Ŵyn-Łukasz", None), ('Mary "Moll" O\'Neil, MSc', None), ("x" * 300, None), ("", "")],
)
def test_names_arrive_as_they_are(app, make_person, mailbox, name, shown):
    person = make_person(name or "Nobody")
    if not name:
        person.name = ""
        db.session.commit()
    tell(person, "booked", module="Module “Ŵ”: " + "long words " * 30)
    assert send().mails == 1

    (mail,) = mailbox.mails
    assert mail["To"].addresses[0].display_name == (name if shown is None else shown)
    assert "Module “Ŵ”: long words" in mail["Subject"]
    assert max(len(line) for line in mailbox.raw[0].split(b"\r\n")) <= 998


def test_an_address_that_the_server_refuses_is_given_up_at_once_with_its_reason(both, alice, bob, mailbox):
    mailbox.answers[alice.email] = "550 5.1.1 No such mailbox"
    tell(alice, "booked")
    tell(bob, "booked")
    sent = send()

    assert (sent.mails, sent.failed, sent.put_off) == (1, 1, 0)
    (message,) = messages_of(alice)
    assert message.failed_at is not None
    assert message.last_error == "The mail server answered 550 5.1.1 No such mailbox"
    assert mailbox.to(bob)
    assert send().failed == 0


@pytest.mark.parametrize("email", ["not an address", "@demo.example", "a@" + "x" * 70 + ".example", "ä@demo.example"])
def test_what_is_no_address_for_this_server_is_given_up(app, alice, bob, mailbox, email):
    alice.email = email
    db.session.commit()
    tell(alice, "booked")
    tell(bob, "booked")

    assert (send().failed, len(mailbox.to(bob))) == (1, 1)
    assert messages_of(alice)[0].last_error


def test_a_domain_with_accents_is_written_as_mail_servers_know_it(app, alice, mailbox):
    alice.email = "alice@büro.example"
    db.session.commit()
    tell(alice, "booked")

    assert send().mails == 1
    assert mailbox.mails[0]["To"].addresses[0].addr_spec == "alice@xn--bro-hoa.example"


def test_a_mail_that_cannot_be_taken_now_is_tried_again_and_again_and_then_left_to_people(
    both, alice, mailbox, real_clock
):
    mailbox.answers[alice.email] = "451 4.7.1 Try again later"
    tell(alice, "booked")
    for pause in PAUSES:
        assert send().put_off == 1
        assert send().put_off == 0
        real_clock(seconds=pause.total_seconds() - 5)
        assert send().put_off == 0
        real_clock(seconds=6)
    assert send().failed == 1

    (message,) = messages_of(alice)
    assert (message.attempts, message.done_at) == (MOST_TRIES, None)
    assert message.last_error == "The mail server answered 451 4.7.1 Try again later"
    real_clock(days=30)
    assert send().failed == 0
    assert mailbox.mails == []


def test_after_a_while_it_is_taken_with_the_message_id_that_it_always_had(app, alice, mailbox, real_clock):
    mailbox.answers[alice.email] = "451 4.7.1 Try again later"
    tell(alice, "booked")
    mail_id = messages_of(alice)[0].mail_id
    send()
    app.config["BASE_URL"], before = "https://elsewhere.example", app.config["BASE_URL"]
    mailbox.answers.clear()
    real_clock(minutes=1, seconds=1)
    try:
        assert send().mails == 1
    finally:
        app.config["BASE_URL"] = before

    assert mailbox.mails[0]["Message-ID"] == mail_id
    assert messages_of(alice)[0].last_error is None


def test_while_the_server_is_away_one_mail_waits_a_minute_and_the_others_stay_due(app, alice, bob, serve_mail):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        app.config["MAIL_URL"], before = f"smtp://127.0.0.1:{free.getsockname()[1]}", app.config["MAIL_URL"]
        tell(alice, "booked")
        tell(bob, "booked")
        try:
            sent = send()
        finally:
            app.config["MAIL_URL"] = before

    assert (sent.put_off, sent.unreachable) == (1, "The mail server does not let us in: ConnectionRefusedError")
    assert [messages_of(each)[0].attempts for each in (alice, bob)] == [1, 0]


def test_a_server_that_hangs_up_on_one_mail_still_gets_the_others(app, alice, bob, serve_mail):
    class HangsUp(Mailbox):
        async def handle_MAIL(self, server, _session, envelope, address, _options):  # noqa: N802
            if not self.raw:
                self.raw.append(b"")
                server.transport.close()
            envelope.mail_from = address
            return "250 OK"

    handler = HangsUp()
    serve_mail(handler)
    tell(alice, "booked")
    tell(bob, "booked")
    sent = send()

    assert (sent.mails, sent.put_off) == (1, 1)
    assert [mail["To"].addresses[0].addr_spec for mail in handler.mails] == [bob.email]
    assert messages_of(alice)[0].last_error == "The mail server broke off: SMTPServerDisconnected"


def test_a_message_that_has_no_words_stops_no_other(app, alice, bob, mailbox, caplog):
    with unit_of_work():
        outbox.tell(alice.organisation_id, alice.id, "birthday", "1", {})
    tell(bob, "booked")

    assert (send().failed, len(mailbox.to(bob))) == (1, 1)
    assert messages_of(alice)[0].last_error == "It could not be put into a mail: LookupError"
    assert alice.email not in caplog.text


def test_a_worker_that_was_too_slow_does_not_undo_what_another_did(both, alice, mailbox, real_clock):
    def another_takes_over(_mail) -> None:
        mailbox.on_taken = lambda _mail: None
        with both.app_context():
            let_leases_end()
            assert send().mails == 1

    mailbox.on_taken = another_takes_over
    mailbox.answers.clear()
    tell(alice, "booked")
    assert send().mails == 1

    first, second = mailbox.to(alice)
    assert first["Message-ID"] == second["Message-ID"]
    (message,) = messages_of(alice)
    assert (message.attempts, message.failed_at, message.leased_until) == (2, None, None)
    assert message.done_at is not None


def test_what_broke_off_at_every_try_is_left_to_people(app, alice, mailbox):
    tell(alice, "booked")
    (message,) = messages_of(alice)
    message.attempts = MOST_TRIES
    db.session.commit()

    assert send().mails == 0
    assert messages_of(alice)[0].last_error == "Sending broke off again and again"


def test_nobody_gets_two_mails_at_one_time(both, alice, mailbox):
    others = []

    def look(_mail) -> None:
        with both.app_context():
            others.append(send().mails)

    mailbox.on_taken = look
    tell(alice, "booked")
    tell(alice, "cancelled")

    assert send().mails == 2
    assert others == [0, 0]


def test_a_round_ends_when_it_is_asked_to(app, alice, bob, mailbox):
    from cpd.messages.sending import send_what_is_due

    tell(alice, "booked")
    tell(bob, "booked")

    assert send_what_is_due(lambda: bool(mailbox.mails)).mails == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("smtp", "mail.example", 25, "", "")),
        ("smtp://mail.example:2525", ("smtp", "mail.example", 2525, "", "")),
        ("starttls://me%40x:p%2Fw%3A@mail.example", ("starttls", "mail.example", 587, "me@x", "p/w:")),
        ("smtps://mail.example", ("smtps", "mail.example", 465, "", "")),
    ],
)
def test_the_address_of_the_mail_server_is_understood(url, expected):
    address = parse_mail_url(url)

    assert (address.scheme, address.host, address.port, address.user, address.password) == expected


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://mail.example", "smtp://", "smtp://user:secret@h:none", "smtp://h:99999"]
)
def test_an_address_that_is_none_is_refused_and_its_password_not_told(url):
    with pytest.raises(ValueError, match="MAIL_URL") as refused:
        parse_mail_url(url)
    assert "secret" not in str(refused.value)


@pytest.fixture
def certificate(monkeypatch) -> ssl.SSLContext:
    """What a server shows; this machine trusts it as long as the test runs."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def signs_in(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"council", b"p@ss"), handled=False)


def test_it_speaks_encrypted_where_it_is_told_to_and_signs_in(app, alice, serve_mail, certificate):
    handler = Mailbox()
    serve_mail(
        handler,
        "starttls",
        "council:p%40ss@",
        tls_context=certificate,
        require_starttls=True,
        authenticator=signs_in,
        auth_required=True,
    )
    tell(alice, "booked")

    assert send().mails == 1


def test_it_speaks_encrypted_from_the_start_where_it_is_told_to(app, alice, serve_mail, certificate):
    handler = Mailbox()
    serve_mail(handler, "smtps", ssl_context=certificate)
    tell(alice, "booked")

    assert send().mails == 1
    assert handler.to(alice)


def test_it_hands_nothing_to_a_server_that_it_cannot_trust(app, alice, serve_mail, certificate, monkeypatch):
    handler = Mailbox()
    serve_mail(handler, "starttls", tls_context=certificate, require_starttls=True)
    monkeypatch.delenv("SSL_CERT_FILE")
    tell(alice, "booked")

    assert send().unreachable == "The mail server does not let us in: SSLCertVerificationError"
    assert handler.mails == []


def test_a_wrong_password_is_told_as_such(app, alice, serve_mail, certificate):
    handler = Mailbox()
    serve_mail(handler, "starttls", "council:no@", tls_context=certificate, authenticator=signs_in, auth_required=True)
    tell(alice, "booked")

    assert send().unreachable == "The mail server does not let us in: 535"


def test_who_writes_is_what_mail_from_says(app, alice, mailbox):
    app.config["MAIL_FROM"] = "Workforce Development <training@gateshead.example>"
    tell(alice, "booked")
    try:
        send()
    finally:
        app.config["MAIL_FROM"] = ""

    assert mailbox.mails[0]["From"] == "Workforce Development <training@gateshead.example>"


def test_a_mail_is_dated_by_the_real_clock(app, alice, mailbox, real_clock):
    tell(alice, "booked")
    real_clock(days=400)
    send()

    assert abs(mailbox.mails[0]["Date"].datetime - messages_of(alice)[0].done_at) < timedelta(minutes=5)
