"""Protected time: one answer for each week that has begun, and never more than such a week can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import func, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.database import db
from cpd.study.protected.models import ProtectedTimeEntry
from cpd.study.protected.rules import monday_of
from cpd.study.protected.service import allowances_in

IN_FORCE = ProtectedTimeEntry.superseded_at.is_(None)


def answers_given_twice() -> Iterator[str]:
    """Find weeks of which two answers of one person are in force."""
    answers = func.count()
    rows = db.session.execute(
        select(ProtectedTimeEntry.person_id, ProtectedTimeEntry.week_of, answers)
        .where(IN_FORCE)
        .group_by(ProtectedTimeEntry.person_id, ProtectedTimeEntry.week_of)
        .having(answers > 1)
        .order_by(ProtectedTimeEntry.person_id, ProtectedTimeEntry.week_of)
    )
    for person_id, week_of, number in rows:
        yield f"person {person_id} has {number} answers for the week of {week_of}"


def answers_about_no_week() -> Iterator[str]:
    """Find answers about a week that has not begun or does not begin on a Monday, and those of another organisation."""
    today = clock.today()
    owner = ProtectedTimeEntry.organisation_id
    rows = db.session.execute(
        select(ProtectedTimeEntry.id, ProtectedTimeEntry.week_of, owner, Person.organisation_id)
        .join(Person, Person.id == ProtectedTimeEntry.person_id)
        .where(IN_FORCE)
        .order_by(ProtectedTimeEntry.id)
    )
    for entry_id, week_of, organisation_id, employer_id in rows:
        if fault := _fault_of(week_of, today):
            yield f"answer {entry_id} is about the week of {week_of}, which {fault}"
        if organisation_id != employer_id:
            yield f"answer {entry_id} is organisation {organisation_id}'s, and its person is {employer_id}'s"


def answers_beyond_the_week() -> Iterator[str]:
    """Find parts that are longer than protected time was in any week by any version of the organisation's scheme."""
    rows = db.session.execute(
        select(ProtectedTimeEntry.id, ProtectedTimeEntry.minutes, ProtectedTimeEntry.organisation_id)
        .where(IN_FORCE, ProtectedTimeEntry.minutes.is_not(None))
        .order_by(ProtectedTimeEntry.id)
    ).all()
    most = _most_by_organisation({organisation_id for *_, organisation_id in rows})
    for entry_id, minutes, organisation_id in rows:
        if (minutes or 0) > most[organisation_id]:
            yield f"answer {entry_id} says {minutes} minutes, and a whole week has {most[organisation_id]}"


def _fault_of(week_of: date, today: date) -> str:
    if week_of != monday_of(week_of):
        return "does not begin on a Monday"
    return "has not begun" if week_of > today else ""


def _most_by_organisation(organisation_ids: Collection[int]) -> dict[int, int]:
    """Return how many minutes a full-time week has had at most, for each of these organisations."""
    wanted = select(SchemeVersion.id, SchemeVersion.organisation_id)
    rows = db.session.execute(wanted.where(SchemeVersion.organisation_id.in_(organisation_ids)))
    versions = {row.id: row.organisation_id for row in rows}
    most: dict[int, int] = defaultdict(int)
    for version_id, scheme in catalogue.schemes_by_id(versions).items():
        owner = versions[version_id]
        most[owner] = max([most[owner], *(allowance.most_minutes for allowance in allowances_in(scheme))])
    return most


CHECKS = (
    Check("protected weeks", answers_given_twice, rows_in(ProtectedTimeEntry), "answers"),
    Check("protected days", answers_about_no_week, rows_in(ProtectedTimeEntry), "answers"),
    Check("protected minutes", answers_beyond_the_week, rows_in(ProtectedTimeEntry), "answers"),
)
