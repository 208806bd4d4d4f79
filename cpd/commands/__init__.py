"""The `flask …` commands."""

from __future__ import annotations

import click
from flask import Flask

from cpd.commands.bookings import bookings
from cpd.commands.completions import completions
from cpd.commands.demo.command import demo
from cpd.commands.doctor import doctor
from cpd.commands.document import document
from cpd.commands.people import people
from cpd.commands.route import route
from cpd.commands.schemes import schema_scheme, scheme
from cpd.commands.seal import seal
from cpd.commands.timetable import timetable
from cpd.commands.worker import worker


def register(app: Flask) -> None:
    """Add every command to the application."""
    importing = click.Group("import", help="Take a file: all of it, or nothing and every reason why.")
    for command in (scheme, people, timetable, completions, bookings):
        importing.add_command(command)
    schema = click.Group("schema", help="Print the schema of a kind of file.")
    schema.add_command(schema_scheme)
    for command in (importing, schema, route, demo, doctor, worker, seal, document):
        app.cli.add_command(command)
