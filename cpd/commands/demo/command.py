"""`flask demo`: invented people around five councils' real schemes, to look at and to try out."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from cpd.booking.models import Booking
from cpd.commands.demo import council
from cpd.commands.demo.dates import weeks_until
from cpd.commands.demo.large import load_large
from cpd.commands.demo.small import load_small
from cpd.people.models import Organisation, Person
from cpd.people.passwords import hash_password
from cpd.shared import clock, demonstration
from cpd.shared.database import db
from cpd.timetable.models import TrainingSession

COUNTED = (("councils", Organisation), ("people", Person), ("sessions", TrainingSession), ("bookings", Booking))
COUNT = click.IntRange(1, 99_999)


@click.command("demo")
@click.option("--people", type=COUNT, help="Make a large one, with so many people.")
@click.option("--sessions", type=COUNT, help="Make a large one, with so many sessions.")
@with_appcontext
def demo(people: int | None, sessions: int | None) -> None:
    """Load the demonstration, once; never in production."""
    if (people is None) != (sessions is None):
        raise click.UsageError("--people and --sessions belong together")
    if current_app.config["PRODUCTION"]:
        print("The demonstration is never loaded in production: nothing was changed")
        sys.exit(1)
    mark = demonstration.begin(weeks_until(clock.today()), people, sessions)
    if (mark.people, mark.sessions) != (people, sessions):
        print("Another demonstration is here already: nothing was changed. Use an empty database")
        sys.exit(1)
    if mark.loaded_at is not None:
        print("The demonstration is here already: nothing was changed")
        return
    _load(mark.weeks, people, sessions)
    print("Loaded " + ", ".join(f"{_count(table)} {words}" for words, table in COUNTED))


def _load(weeks: int, people: int | None, sessions: int | None) -> None:
    """Load it step by step; what was broken off is taken up where it was left."""
    password_hash = hash_password(council.PASSWORD)
    council.take_schemes(weeks)
    council.take_people(weeks, password_hash)
    if people and sessions:
        load_large(people, sessions, password_hash)
    else:
        load_small(weeks)


def _count(table: type[Organisation | Person | TrainingSession | Booking]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0
