"""Whom a timetable means by a facilitator: an account, by its e-mail address or exactly by its name, or only a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from cpd.people import service as people
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable.reading import ReadSession

_BETWEEN = re.compile(r"(\s*(?:[;,/&+]|\band\b)\s*)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a cell says: the names to show, the accounts to link, their e-mail addresses, and what is not clear."""

    names: str
    ids: frozenset[int] = frozenset()
    linked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who could be meant."""

    id: int
    email: str
    name: str


class Accounts:
    """Who could be meant by the facilitators of a timetable."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        """Take the accounts that have one of the addresses or names."""
        self._by_email = {each.email: each for each in accounts}
        self._by_name: defaultdict[str, list[Account]] = defaultdict(list)
        for each in accounts:
            self._by_name[each.name].append(each)

    def named(self, cell: str) -> Named:
        """Say whom a cell means. What is nobody's account, or two people's, stays a name."""
        shown, linked, notes = [], [], []
        for part in parts_of(cell):
            found = [self._by_email[part.lower()]] if part.lower() in self._by_email else self._by_name.get(part, [])
            shown.append(found[0].name if len(found) == 1 else part)
            linked += found if len(found) == 1 else []
            notes += list(_unclear(part, len(found)))
        emails = tuple(each.email for each in linked)
        return Named("".join(shown), frozenset(each.id for each in linked), emails, tuple(notes))


def parts_of(cell: str) -> list[str]:
    """Part the names in a cell; what stands between them is kept, so that together they are the cell again."""
    return _BETWEEN.split(cell)


def named_in(organisation_id: int, sessions: Sequence[ReadSession]) -> Mapping[int, Named]:
    """Say by row whom a timetable names as facilitators; rows that name nobody are left out. One query."""
    cells = {each.row: each.facilitator for each in sessions if each.facilitator}
    if not cells:
        return {}
    parts = {part for cell in cells.values() for part in parts_of(cell)}
    wanted = select(Person.id, Person.email, Person.name).where(
        Person.organisation_id == organisation_id,
        people.still_here(clock.today()),
        or_(Person.email.in_({part.lower() for part in parts}), Person.name.in_(parts)),
    )
    accounts = Accounts([Account(*row) for row in db.session.execute(wanted)])
    return {row: accounts.named(cell) for row, cell in cells.items()}


def _unclear(part: str, accounts: int) -> list[str]:
    """Say what nobody can be linked by."""
    if accounts > 1:
        return [f"{accounts} people here are called {part}: nobody is linked. Give the e-mail address"]
    if not accounts and "@" in part:
        return [f"nobody here has the e-mail address {part}: it is kept as a name, and nobody is linked"]
    return []
