"""`flask doctor`: is everything as it must be? It looks, and changes nothing."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from cpd.commands.checks import (
    afterwards,
    appeals,
    attendance,
    bookings,
    database,
    decided,
    diaries,
    documents,
    early_career,
    learning,
    noted,
    panels,
    pathways,
    people,
    portfolios,
    requests,
    schemes,
    seals,
    signed,
    study_awards,
    study_cpd,
    study_credits,
    study_days,
    study_places,
    study_protected,
    vacancies,
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
    *panels.CHECKS,
    *early_career.CHECKS,
    *portfolios.CHECKS,
    *requests.CHECKS,
    *decided.CHECKS,
    *vacancies.CHECKS,
    *appeals.CHECKS,
    *documents.CHECKS,
    *signed.CHECKS,
    *noted.CHECKS,
    *people.CHECKS,
    *schemes.CHECKS,
    *database.CHECKS,
    *seals.CHECKS,
)


@click.command("doctor")
@click.option("--seal", "kept", metavar="NUMBER:HASH", help="A seal of the history that was kept elsewhere.")
@with_appcontext
def doctor(kept: str | None) -> None:
    """Check every invariant; exit 1 with the rows that break one, each on a line."""
    if _examine(database.MIGRATIONS):  # nothing else can be asked of other tables than these
        sys.exit(1)
    checks = (*CHECKS, *([_of_kept_seal(kept)] if kept else []))
    wrong = sum(_examine(check) for check in checks)
    print(f"{len(checks) + 1} checks; {wrong or 'nothing'} wrong")
    sys.exit(1 if wrong else 0)


def _of_kept_seal(said: str) -> Check:
    """Make the check of a seal that was kept elsewhere."""
    try:
        return seals.kept_seal(said)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _examine(check: Check) -> int:
    """Run one check, say what it found, and return how many faults there are."""
    faults = list(check.faults())
    for fault in faults:
        print(f"{check.name}: {fault}")
    if not faults:
        print(f"{check.name}: {check.count()} {check.of}")
    return len(faults)
