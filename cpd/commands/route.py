"""`flask route PROGRAMME --from DATE [--person E-MAIL]`: the earliest way to finish a programme."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NoReturn

import click
from flask.cli import with_appcontext

from cpd.booking.planning import Asked, needed_for, route_of_a_timetable
from cpd.booking.prospects import prospects_of
from cpd.booking.route import NoRoute, Route
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.home.catalogue_words import short_name
from cpd.home.route_words import last_words
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.wording import and_words, date_words, day_words, span_words
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.service import Wanted

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: the route or none, the sessions looked at, and the last day on which a module was done before."""

    found: Route | NoRoute
    sessions: Sequence[SessionFacts]
    done_on: date | None = None


@click.command("route")
@click.argument("code", metavar="PROGRAMME")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="The first day, as 2019-01-02; else today.")
@click.option("--person", "email", help="Whose way it is: what she has done and booked counts, and what is full.")
@with_appcontext
def route(code: str, since: datetime | None, email: str | None) -> None:
    """Print the earliest route through a programme, a line for each session.

    Without a person it is the route that the timetable makes possible for anybody who begins, drafts
    included; places and dates of booking are left aside.
    """
    programme = catalogue.programme_by_code(code)
    if programme is None:
        _refuse(f"there is no programme {code}; `flask import scheme` brings programmes.")
    on = since.date() if since else clock.today()
    answer = _for_person(programme, on, email) if email else _for_anybody(programme, on)
    modules = {module.code: module for module in catalogue.modules_of([programme.organisation_id]).values()}
    if isinstance(answer.found, NoRoute):
        click.echo(f"No route: {_why(answer.found, modules[answer.found.module], answer.sessions, on)}")
        return
    by_id = {each.id: each for each in answer.sessions}
    for stop in answer.found.stops:
        click.echo(_line(by_id[stop.session_id], modules[stop.module]))
    if answer.found.stops:
        click.echo(f"Finished on {date_words(answer.found.finishes_at)}")
    elif answer.done_on:
        click.echo(f"Finished on {date_words(answer.done_on)}")
    else:
        click.echo("No route: the programme has no modules.")


def _for_anybody(programme: ProgrammeFacts, on: date) -> Answer:
    """Find the route that the timetable makes possible from a day on."""
    modules = {module.code: module for module in catalogue.modules_of([programme.organisation_id]).values()}
    needed = [modules[each] for each in needed_for(programme.duties, modules)]
    begin = datetime.combine(on, time.min, LONDON)
    ids = [each.id for each in needed]
    found = timetable.list_sessions(Wanted(programme.organisation_id, ids, since=begin - A_YEAR, drafts=True))
    sessions = [each for each in found if each.status != "cancelled"]
    return Answer(route_of_a_timetable(needed, [each for each in sessions if each.starts_at >= begin]), sessions)


def _for_person(programme: ProgrammeFacts, on: date, email: str) -> Answer:
    """Find somebody's route from a day on."""
    person = people.find_by_email(email)
    if person is None:
        _refuse(f"nobody has the e-mail address {email}.")
    prospects = prospects_of([person.id], person.organisation_id, programme.duties, back=A_YEAR, on=on)
    outlook = prospects.outlook(person.id, programme.duties)
    done_on = max((fact.happened_on for fact in outlook.done.values()), default=None)
    return Answer(outlook.best(Asked()), prospects.sessions, done_on)


def _line(session: SessionFacts, module: ModuleFacts) -> str:
    """`Thursday 10 January 2019, midday to 2pm: Module 1: Genograms, Bridges Room, Civic Centre`."""
    first = session.days[0]
    days = and_words(day_words(day.starts_at, year=True) for day in session.days)
    place = f", {first.place}" if first.place else ""
    return f"{days}, {span_words(first.starts_at, first.ends_at)}: {module.full_title}{place}"


def _why(stopped: NoRoute, module: ModuleFacts, sessions: Sequence[SessionFacts], on: date) -> str:
    """Say which module stops it, and when it was held for the last time."""
    name = short_name(module)
    if stopped.clashing:
        return f"the dates of {name} clash with those of the modules before it."
    held = [each for each in sessions if each.module_id == module.id]
    last = held[-1] if held else None
    is_over = last is not None and last.starts_at < datetime.combine(on, time.min, LONDON)
    return last_words(name, last, is_over=is_over)


def _refuse(reason: str) -> NoReturn:
    """Say why nothing was looked for."""
    click.echo(f"No route: {reason}")
    sys.exit(1)
