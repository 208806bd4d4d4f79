"""`flask doctor`: is everything as it must be? It looks, and changes nothing."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from cpd.commands.checks import (
    afterwards,
    attendance,
    bookings,
    database,
    diaries,
    learning,
    pathways,
    people,
    schemes,
    study_awards,
    study_cpd,
    study_credits,
    study_days,
    study_places,
    study_protected,
)
from cpd.commands.checks.check import Check

CHECKS = (
    *bookings.CHECKS,
    *attendance.CHECKS,
    *afterwards.CHECKS,
    *learning.CHECKS,
    *study_credits.CHECKS,
    *study_places.CHECKS,
    *diaries.CHECKS,
    *study_awards.CHECKS,
    *study_days.CHECKS,
    *study_protected.CHECKS,
    *study_cpd.CHECKS,
    *pathways.CHECKS,
    *people.CHECKS,
    *schemes.CHECKS,
    *database.CHECKS,
)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check every invariant; exit 1 with the rows that break one, each on a line."""
    if _examine(database.MIGRATIONS):  # nothing else can be asked of other tables than these
        sys.exit(1)
    wrong = sum(_examine(check) for check in CHECKS)
    print(f"{len(CHECKS) + 1} checks; {wrong or 'nothing'} wrong")
    sys.exit(1 if wrong else 0)


def _examine(check: Check) -> int:
    """Run one check, say what it found, and return how many faults there are."""
    faults = list(check.faults())
    for fault in faults:
        print(f"{check.name}: {fault}")
    if not faults:
        print(f"{check.name}: {check.count()} {check.of}")
    return len(faults)
