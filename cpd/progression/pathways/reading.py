"""Who is on which pathway and where everybody stands, in a fixed number of queries whatever the people."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import SchemeVersion
from cpd.people import service as people
from cpd.people.away import AwayKind, away_between
from cpd.people.models import Person
from cpd.people.service import PersonFacts, PostFacts
from cpd.progression.pathways.ahead import facts_ahead
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.pathways.rules import WORST_FIRST, Compared, Enrolment, Readiness, compared, readiness
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.record.service import records_of
from cpd.requirements.evaluator import RecordIndex
from cpd.requirements.record import Fact, FactKind, Record
from cpd.shared import clock
from cpd.shared.database import db


def readiness_of(person_ids: Collection[int], on: date) -> dict[int, Readiness]:
    """Say where people stand on their pathways on a day: a fixed number of queries, linear in people.

    Each is read by the version of the rules that she is enrolled under, and without an enrolment by that in force.
    """
    with one_sweep_later():
        look = Look(person_ids, on)
        return {person_id: look.readiness(person_id) for person_id in person_ids}


def everybody(organisation_id: int) -> tuple[list[tuple[PersonFacts, str]], dict[int, Readiness]]:
    """List who works for an organisation, each with her team, by name; and where they all stand today."""
    today = clock.today()
    found = people.everybody_with_team(organisation_id, today)
    return found, readiness_of([each.id for each, _ in found], today)


def under_other_rules(organisation_id: int) -> list[Compared]:
    """Say of everybody who is under an older version what that in force would mean: who loses first, then by name."""
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return []
    enrolments = enrolments_where(
        PathwayEnrolment.organisation_id == organisation_id, PathwayEnrolment.scheme_version_id != scheme.id
    )
    look = Look([each.person_id for each in enrolments], clock.today())
    newest = terms_of(scheme)
    both = ((look.readiness(each.person_id), look.readiness(each.person_id, newest)) for each in enrolments)
    rows = [compared(now, then) for now, then in both if now.post is not None]  # who has left stays as she was
    return sorted(rows, key=_by_change_and_name)


def _by_change_and_name(row: Compared) -> tuple[int, str, int]:
    return WORST_FIRST.index(row.change), row.now.post.person_name if row.now.post else "", row.now.person_id


def newest_version(organisation_id: int) -> int:
    """Return the id of the version now in force at an organisation; 0 where there is none. One query."""
    wanted = select(func.max(SchemeVersion.id)).where(SchemeVersion.organisation_id == organisation_id)
    return db.session.scalar(wanted) or 0


def count_under_other_rules(organisation_id: int) -> int:
    """Count who is on a pathway under an older version of the scheme: one query."""
    newest = select(func.max(SchemeVersion.id)).where(SchemeVersion.organisation_id == organisation_id)
    wanted = select(func.count()).where(
        PathwayEnrolment.organisation_id == organisation_id,
        PathwayEnrolment.superseded_at.is_(None),
        PathwayEnrolment.scheme_version_id != newest.scalar_subquery(),
    )
    return db.session.scalar(wanted) or 0


def enrolments_where(*conditions: ColumnElement[bool]) -> list[Enrolment]:
    """List the enrolments in force, by person: one query."""
    wanted = (
        select(
            PathwayEnrolment.id,
            PathwayEnrolment.organisation_id,
            PathwayEnrolment.person_id,
            PathwayEnrolment.pathway_code,
            PathwayEnrolment.scheme_version_id,
            PathwayEnrolment.enrolled_on,
        )
        .where(PathwayEnrolment.superseded_at.is_(None), *conditions)
        .order_by(PathwayEnrolment.person_id)
    )
    return [Enrolment(*row) for row in db.session.execute(wanted)]


@contextmanager
def one_sweep_later() -> Iterator[None]:
    """Put off the search for unused objects while many are made that all stay in use.

    Else it would look through all of them again and again: for ten thousand people that is half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Look:
    """People's posts, enrolments and records with what is ahead of them, and the rules of some versions."""

    def __init__(self, person_ids: Collection[int], on: date) -> None:
        self.on = on
        self.posts: Mapping[int, PostFacts] = people.posts_on(person_ids, on)
        self.enrolments = {
            each.person_id: each for each in enrolments_where(PathwayEnrolment.person_id.in_(person_ids))
        }
        self.terms = versions_of(self.enrolments.values())
        self._employers = _employers(person_ids)
        self.in_force = terms_in_force(set(self._employers.values()))
        self._records = _records(person_ids, on)

    def readiness(self, person_id: int, by: Terms | None = None) -> Readiness:
        """Say where somebody stands, by her own rules or by others."""
        enrolment = self.enrolments.get(person_id)
        own = self.terms[enrolment.scheme_version_id] if enrolment else None
        terms = by or own or self.in_force.get(self._employers.get(person_id, 0))
        index = RecordIndex(self._records[person_id])  # not kept: of ten thousand people it would only be in the way
        return readiness(person_id, self.posts.get(person_id), enrolment, terms, index, self.on)

    def record(self, person_id: int) -> Record:
        """Return somebody's record with what is ahead of her."""
        return self._records[person_id]


def versions_of(enrolments: Iterable[Enrolment]) -> dict[int, Terms]:
    """Return the rules that people are enrolled under, by the version's id: one query."""
    versions = catalogue.schemes_by_id({each.scheme_version_id for each in enrolments})
    return {number: terms_of(each) for number, each in versions.items()}


def terms_in_force(organisation_ids: Iterable[int]) -> dict[int, Terms]:
    """Return the rules now in force at organisations: one query for each of them."""
    schemes = ((each, catalogue.scheme_in_force(each)) for each in sorted(organisation_ids))
    return {each: terms_of(scheme) for each, scheme in schemes if scheme}


def _records(person_ids: Collection[int], on: date) -> dict[int, Record]:
    """Load what people have done, what is ahead of them, and their career breaks (AMB-40)."""
    ahead, breaks = facts_ahead(person_ids), _breaks(person_ids, on)
    return {
        person_id: replace(record, facts=(*record.facts, *ahead.get(person_id, ()), *breaks.get(person_id, ())))
        if person_id in ahead or person_id in breaks
        else record
        for person_id, record in records_of(person_ids, on).items()
    }


def _breaks(person_ids: Collection[int], on: date) -> Mapping[int, list[Fact]]:
    """Return people's career breaks that began by a day, as facts whose end is the first day back. One query."""
    breaks: defaultdict[int, list[Fact]] = defaultdict(list)
    for person_id, times in away_between(person_ids, date.min, on).items():
        for each in times:
            if each.kind is AwayKind.CAREER_BREAK:
                back_on = each.last_day + timedelta(days=1) if each.last_day else None
                fact = Fact(FactKind.CAREER_BREAK, "", each.first_day, ends_on=back_on, reference=f"away:{each.id}")
                breaks[person_id].append(fact)
    return breaks


def _employers(person_ids: Collection[int]) -> dict[int, int]:
    """Return for whom people work: one query."""
    rows = db.session.execute(select(Person.id, Person.organisation_id).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}
