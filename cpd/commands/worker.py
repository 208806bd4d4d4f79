"""`flask worker`: the jobs that are due and the mails to send, in the background or once."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from cpd.attendance.chasing import chase_open_registers
from cpd.attendance.evaluation.asking import ask_for_evaluations, ask_whether_used
from cpd.attendance.materials.telling import tell_of_materials
from cpd.booking.needs import erase_access_needs
from cpd.booking.places import settle_what_was_asked
from cpd.booking.releasing import release_due
from cpd.booking.requests import expire_requests, remind_of_requests
from cpd.desk.uploads import erase_old_uploads
from cpd.messages.invitations import write_invitations
from cpd.messages.reminders import write_reminders
from cpd.messages.sending import Sent, send_what_is_due
from cpd.messages.transport import parse_mail_url
from cpd.messages.validity import write_validity
from cpd.people.links import erase_expired_links
from cpd.progression.appeals.service import remind_of_appeals
from cpd.progression.early.reminding import remind_of_reviews
from cpd.progression.panels.service import remind_of_panel_reviews
from cpd.progression.pathways.service import enrol_whose_posts_began
from cpd.progression.requests.reminding import remind_of_decisions
from cpd.progression.requests.service import raise_what_time_made_ready
from cpd.shared.database import db
from cpd.shared.lost_files import erase_lost_files
from cpd.shared.sealing import seal_history
from cpd.shared.wording import counted
from cpd.study.places.settling import settle_award_places
from cpd.study.regulator.reminding import remind_of_cpd

SECONDS_BETWEEN = 5

JOBS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("access needs erased", erase_access_needs),
    ("expired links erased", erase_expired_links),
    ("forgotten files erased", erase_old_uploads),
    ("places released", release_due),
    ("requests ended", expire_requests),
    ("reminders of requests", remind_of_requests),
    ("sessions settled", settle_what_was_asked),
    ("award places passed on", settle_award_places),
    ("people put on their pathways", enrol_whose_posts_began),
    ("requests to progress raised or ended by time", raise_what_time_made_ready),
    ("decisions on progress reminded of", remind_of_decisions),
    ("appeals reminded of", remind_of_appeals),
    ("days of review reminded of", remind_of_panel_reviews),
    ("reminders written", write_reminders),
    ("notices of training that runs out written", write_validity),
    ("reminders of reviews written", remind_of_reviews),
    ("reminders of the CPD record written", remind_of_cpd),
    ("registers chased", chase_open_registers),
    ("evaluations asked for", ask_for_evaluations),
    ("questions about programmes asked", ask_whether_used),
    ("people told of materials", tell_of_materials),
    ("kept files erased that nothing names", erase_lost_files),
    ("invitations written", write_invitations),
    ("entries of the history sealed", seal_history),
)
"""What is due from time to time, in this order; then what is to be sent is sent."""


class Ending:
    """Whether somebody has asked the worker to end: it finishes the mail that it has in hand."""

    def __init__(self) -> None:
        self.is_asked_for = False

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.is_asked_for = True


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do what is due again and again: settle sessions, remind and invite people, send mails, erase what is over."""
    _check_mail_url()
    with _ending_politely() as ending:
        while True:
            done, is_well = _do_what_is_due(ending)
            if done or once:
                print(done or "nothing was due", flush=True)
            if once:
                sys.exit(0 if is_well else 1)
            for _ in range(SECONDS_BETWEEN):
                if ending.is_asked_for:
                    return
                time.sleep(1)


def _do_what_is_due(ending: Ending) -> tuple[str, bool]:
    """Do each job and send mails; say in words what was done (an empty text: nothing), and whether all went well."""
    counts, is_well = [], True
    for words, job in JOBS:
        try:
            counts.append((words, job()))
        except Exception:
            is_well = False
            current_app.logger.exception("A job of the worker has failed and is tried again: %s", words)
        db.session.remove()  # between two jobs nothing is kept open
    said = [f"{count} {words}" for words, count in counts if count]
    try:
        sent = send_what_is_due(lambda: ending.is_asked_for)
    except Exception:
        current_app.logger.exception("Sending has failed, and is tried again")
        return "; ".join(said), False
    finally:
        db.session.remove()
    return "; ".join(said + _say(sent)), is_well


def _say(sent: Sent) -> list[str]:
    """Put a round of sending into words."""
    said = [f"{counted(sent.mails, 'mail')} sent"] if sent.mails else []
    said += [f"{counted(sent.put_off, 'mail')} put off"] if sent.put_off else []
    said += [f"{counted(sent.failed, 'mail')} failed"] if sent.failed else []
    return said + ([sent.unreachable] if sent.unreachable else [])


def _check_mail_url() -> None:
    """End at once, and plainly, where MAIL_URL cannot be understood."""
    if url := current_app.config["MAIL_URL"]:
        try:
            parse_mail_url(url)
        except ValueError as wrong:
            print(wrong)
            sys.exit(1)


@contextmanager
def _ending_politely() -> Iterator[Ending]:
    """Let SIGTERM end the worker between two mails instead of within one."""
    ending = Ending()
    before = signal.signal(signal.SIGTERM, ending.ask)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)
