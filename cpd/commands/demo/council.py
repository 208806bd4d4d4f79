"""What every demonstration begins with: the five councils' schemes, and people who can sign in."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select, update

from cpd.catalogue import service as catalogue
from cpd.commands.demo.dates import FIRST_SESSION, WINDOW, shift_dates
from cpd.people.importing import import_people
from cpd.people.models import PasswordLink, Person, RoleGrant
from cpd.people.reading import read_people
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

COUNCILS = ("gateshead", "warwickshire", "coventry", "slough", "walsall")
ADOPTED_BEFORE = 26
"""So many weeks before the first session the schemes were adopted."""

NINE = time(9)
PASSWORD = "demonstration"  # noqa: S105 - it stands in the banner of every page
BEFORE, PEOPLE = (Path(__file__).with_name(name) for name in ("people_before.csv", "people.csv"))
"""HR's file, and one of earlier years for the few whose earlier posts are known; of everybody else they are not."""

NEWCOMER = "una@demo.example"
"""Somebody who has not chosen a password yet: her link stands on the page of messages."""


def take_schemes(weeks: int) -> None:
    """Adopt the schemes of all five councils some time ago, so that they hold for invented sessions of earlier weeks.

    What counts as something else counts as many weeks later (G-5).
    """
    with clock.set_back_to(_adopted_at(weeks)):
        for council in COUNCILS:
            text = shift_dates((PACKS / f"{council}.yaml").read_text(), weeks, WINDOW)
            catalogue.adopt_pack(read_pack(text, f"{council}.yaml"), text, by=None)


def take_people(weeks: int, password_hash: str) -> None:
    """Take the councils' people from files as HR would send them, and give them the demonstration's password."""
    for file in (BEFORE, PEOPLE):
        outcome = import_people(read_people(file.name, shift_dates(file.read_text(), weeks).encode()), by=None)
        if outcome.refused:
            raise RuntimeError(f"The demonstration's people are refused: {outcome.refused[0]}")
    _give_password(password_hash)
    _have_their_roles_since(_adopted_at(weeks))


def _adopted_at(weeks: int) -> datetime:
    """Return when the schemes were adopted."""
    return datetime.combine(FIRST_SESSION + timedelta(weeks=weeks - ADOPTED_BEFORE), NINE, LONDON)


@one_transaction
def _have_their_roles_since(moment: datetime) -> None:
    """Let people have had their roles for some time, so that they could decide what is invented of earlier weeks."""
    earlier = update(RoleGrant).where(RoleGrant.granted_at > moment).values(granted_at=moment)
    db.session.execute(earlier.execution_options(synchronize_session=False))


@one_transaction
def _give_password(password_hash: str) -> None:
    """Give everybody but the newcomer the password, in place of the link with which she would choose one."""
    theirs = (Person.password_hash.is_(None), Person.email != NEWCOMER)
    links = PasswordLink.person_id.in_(select(Person.id).where(*theirs))
    for change in (
        update(PasswordLink).where(links, PasswordLink.used_at.is_(None)).values(used_at=clock.real_now()),
        update(Person).where(*theirs).values(password_hash=password_hash),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
