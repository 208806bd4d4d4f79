"""`flask worker`: the jobs that are due, in the background or once."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from cpd.booking.places import settle_what_was_asked
from cpd.booking.service import erase_access_needs
from cpd.shared.database import db

SECONDS_BETWEEN = 5


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Erase what was kept for a while only, and give the places that somebody has become able to take."""
    while True:
        done = _do_what_is_due()
        if done or once:
            print(done or "nothing was due", flush=True)
        if once:
            return
        time.sleep(SECONDS_BETWEEN)


def _do_what_is_due() -> str:
    """Do each job, and say in words what was done; nothing is an empty text."""
    jobs = (("access needs erased", erase_access_needs), ("sessions settled", settle_what_was_asked))
    counts = [(words, job()) for words, job in jobs]
    db.session.remove()  # between two rounds nothing is kept open
    return "; ".join(f"{count} {words}" for words, count in counts if count)
