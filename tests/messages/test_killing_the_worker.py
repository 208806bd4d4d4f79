"""A worker may be killed at any moment: nothing is lost, and a repeat has the same Message-ID and SEQUENCE.

The workers are real processes, killed without warning while the mail server has their mail.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from cpd.booking.service import book_places
from cpd.diary import service as diary
from cpd.shared.database import db
from tests.cast import london
from tests.databases import stricter_first
from tests.messages.conftest import by_icalendar, calendars_in, let_leases_end, messages_of, send

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def start_worker(app_in_use):
    """Start `flask worker` as a process of its own."""
    started = []

    def start(*words: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "DATABASE_URL": app_in_use.config["SQLALCHEMY_DATABASE_URI"],
            "CPD_INSTANCE": str(app_in_use.config["CPD_INSTANCE"]),
            "CPD_NOW": "2019-01-02T09:00",
            "SECRET_KEY": app_in_use.config["SECRET_KEY"],
            "MAIL_URL": app_in_use.config["MAIL_URL"],
        }
        command = [sys.executable, "-m", "flask", "--app", "app", "worker", *words]
        process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def killer(mailbox, worker: list[subprocess.Popen[str]], after: int):
    """Kill the latest worker when the mail server has so many mails, before it can say anything."""

    def kill(*_mail) -> None:
        if len(mailbox.mails) == after and worker[-1].poll() is None:
            os.kill(worker[-1].pid, signal.SIGKILL)
            worker[-1].wait()

    return kill


def kept(message_id: str, mailbox) -> list:
    """The mails that the server took under one Message-ID."""
    return [mail for mail in mailbox.mails if mail["Message-ID"] == message_id]


@pytest.fixture
def told(app_in_use, make_person, make_session) -> list:
    """People with one place each; every other one wants invitations."""
    people = [make_person(f"Person {number}") for number in range(6)]
    session = make_session(starts_at=london(2019, 1, 15, 9, 30))
    for number, person in enumerate(people):
        if number % 2:
            diary.choose_invitations(person.id, wanted=True)
        book_places(person.id, [session.id], by=person.id)
    db.session.rollback()
    return people


@stricter_first
@pytest.mark.lengthy
def test_what_a_killed_worker_had_in_hand_is_sent_by_the_next_one(both, told, mailbox, start_worker):
    worker: list = []
    mailbox.on_asked = killer(mailbox, worker, after=2)  # between two mails: one written down, one not yet taken
    worker.append(start_worker())
    assert worker[0].wait(timeout=120) == -signal.SIGKILL
    assert len(mailbox.mails) == 2
    let_leases_end()
    db.session.rollback()

    mailbox.on_asked, mailbox.on_taken = (lambda: None), killer(mailbox, worker, after=8)  # taken, not yet written down
    worker.append(start_worker())
    assert worker[1].wait(timeout=120) == -signal.SIGKILL
    in_hand = mailbox.mails[-1]["Message-ID"]
    assert [message.done_at for person in told for message in messages_of(person) if message.mail_id == in_hand] == [
        None
    ]
    let_leases_end()
    db.session.rollback()

    following = start_worker("--once")
    while following.poll() is None:  # and here is another worker beside it
        send()
        time.sleep(0.05)
    assert following.returncode == 0, following.stdout.read()

    messages = [message for person in told for message in messages_of(person)]
    sent = Counter(mail["Message-ID"] for mail in mailbox.mails)
    assert sent == Counter([message.mail_id for message in messages] + [in_hand])
    assert all(message.done_at for message in messages)
    assert len(messages) == 9
    first, second = kept(in_hand, mailbox)
    assert [by_icalendar(each) for each in calendars_in(first)] == [by_icalendar(each) for each in calendars_in(second)]
    assert calendars_in(first), "it is an invitation, which has a SEQUENCE"


@pytest.mark.lengthy
def test_a_worker_that_is_asked_to_end_finishes_the_mail_in_hand(app, told, mailbox, start_worker):
    worker: list = []

    def ask(_mail) -> None:
        if len(mailbox.mails) == 2:
            os.kill(worker[0].pid, signal.SIGTERM)

    mailbox.on_taken = ask
    worker.append(start_worker())

    assert worker[0].wait(timeout=120) == 0
    assert len(mailbox.mails) == 2
    assert sum(message.done_at is not None for person in told for message in messages_of(person)) == 2
    assert not any(message.leased_until for person in told for message in messages_of(person))


@pytest.mark.parametrize("mail_url", ["http://mail.example", "smtp://h:none"])
def test_an_address_of_a_mail_server_that_is_none_is_told_at_once(app, mail_url):
    app.config["MAIL_URL"], before = mail_url, app.config["MAIL_URL"]
    try:
        result = app.test_cli_runner().invoke(args=["worker"])
    finally:
        app.config["MAIL_URL"] = before

    assert result.exit_code == 1
    assert result.output.startswith("MAIL_URL ")
