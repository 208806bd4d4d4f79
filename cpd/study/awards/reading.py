"""Who is enrolled on which award and where everybody stands, in a fixed number of queries whatever the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import SchemeVersion
from cpd.people.models import Person
from cpd.record.service import records_of
from cpd.requirements.record import Fact, Record
from cpd.schemes.award_shape import Award
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.study.awards.models import AwardEnrolment
from cpd.study.awards.prior_learning import facts_too_old, source_of, told_apart
from cpd.study.awards.rules import (
    USUAL,
    Composition,
    Offer,
    Place,
    Status,
    composition_for,
    composition_of,
    place_of,
    requirement_of,
    ways_left,
)
from cpd.study.awards.stages import PracticeEducatorStatus, status_of
from cpd.study.awards.terms import Terms, terms_of
from cpd.study.credits import service as credit_ledger
from cpd.study.credits.rules import PriorLearning

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An enrolment, and whose it is."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    award_code: str
    scheme_version_id: int
    composition: str
    enrolled_on: date
    status: Status
    completed_on: date | None
    record_fact_id: int | None
    reason: str


@dataclass(frozen=True)
class AwardView:
    """One award as it stands to one person: by which composition, and where she stands.

    `enrolment` is None where she is not enrolled: then it is how she would stand. `place` is None where the report
    does not say what the award is made of, so that it is recorded once the university has given it. `record` is hers
    without what is `too_old` to count, and with what was earned by `prior` learning told apart.
    """

    award: Award
    terms: Terms
    composition: Composition
    enrolment: Enrolment | None
    place: Place | None
    record: Record
    too_old: frozenset[Fact]
    prior: Mapping[str, PriorLearning]
    on: date

    @cached_property
    def ways(self) -> Sequence[tuple[Offer, ...]]:
        """The shortest ways left; what she has already and is too old is not to be earned again, but proved current."""
        if self.place is None:
            return []
        requirement = requirement_of(self.award, self.composition, self.terms.modules, self.record)
        again = {source_of(fact.subject) for fact in self.too_old}
        offers = [each for each in self.terms.offers_for(requirement) if not (each.once and each.code in again)]
        return ways_left(requirement, self.record, self.on, offers)


@dataclass(frozen=True, slots=True)
class AwardsOf:
    """All awards of somebody's council as they stand to her, those that she is enrolled on first, and her stage."""

    person_id: int
    views: Sequence[AwardView]
    educator: PracticeEducatorStatus
    terms: Terms | None

    def view(self, award_code: str) -> AwardView | None:
        """Return one of the awards, or None."""
        return next((each for each in self.views if each.award.code == award_code), None)


@dataclass(frozen=True, slots=True)
class EnrolmentPage:
    """One page of enrolments with where each stands."""

    views: Sequence[AwardView]
    page: int
    pages: int


def awards_of(person_id: int, organisation_id: int) -> AwardsOf:
    """Say where somebody stands on each award: a fixed number of queries."""
    today = clock.today()
    scheme = catalogue.scheme_in_force(organisation_id)
    enrolments = enrolments_where(AwardEnrolment.person_id == person_id, AwardEnrolment.status != Status.WITHDRAWN)
    look = _Look([person_id], {each.scheme_version_id for each in enrolments}, today)
    views = look.views(enrolments)
    terms = terms_of(scheme) if scheme else None
    taken = {each.award_code for each in enrolments}
    if terms:
        views += [
            look.without_enrolment(person_id, each, terms) for each in terms.awards.values() if each.code not in taken
        ]
    status = status_of(terms.stages if terms else (), look.record(person_id), today)
    return AwardsOf(person_id, views, status, terms)


def view_of(enrolment: Enrolment) -> AwardView:
    """Say where somebody stands on the award that she is enrolled on; raises LookupError where it has no rules."""
    views = views_of([enrolment], clock.today())
    if not views:
        raise LookupError(f"No version of the scheme has the award {enrolment.award_code}")
    return views[0]


def views_of(enrolments: Sequence[Enrolment], on: date) -> list[AwardView]:
    """Say where people stand on the awards that they are enrolled on: as many queries as for one."""
    versions = {each.scheme_version_id for each in enrolments}
    return _Look({each.person_id for each in enrolments}, versions, on).views(enrolments)


def enrolment_page(organisation_id: int, page: int, award_code: str = "", status: str = "") -> EnrolmentPage:
    """Show who of an organisation is enrolled on what, by name, and where each stands."""
    wanted: list[ColumnElement[bool]] = [AwardEnrolment.organisation_id == organisation_id]
    wanted += [AwardEnrolment.award_code == award_code] if award_code else []
    wanted += [AwardEnrolment.status == status] if status in tuple(Status) else []
    number = db.session.scalar(select(func.count()).select_from(AwardEnrolment).where(*wanted)) or 0
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = _enrolments(_WANTED.where(*wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return EnrolmentPage(views_of(rows, clock.today()), page, pages)


def under_other_rules(organisation_id: int) -> list[tuple[AwardView, AwardView | None]]:
    """Say of everybody enrolled under an older version where she stands by it, and where by that now in force.

    None stands where the version in force has no such award. Whoever holds her award keeps it, so she is left out.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return []
    enrolments = enrolments_where(
        AwardEnrolment.organisation_id == organisation_id,
        AwardEnrolment.status == Status.ENROLLED,
        AwardEnrolment.scheme_version_id != scheme.id,
    )
    people, terms = {each.person_id for each in enrolments}, terms_of(scheme)
    look = _Look(people, {scheme.id, *(each.scheme_version_id for each in enrolments)}, clock.today())
    moved = look.views([moved_to(each, terms) for each in enrolments])
    by_enrolment = {each.enrolment.id: each for each in moved if each.enrolment}
    return [(each, by_enrolment.get(each.enrolment.id)) for each in look.views(enrolments) if each.enrolment]


def count_under_other_rules(organisation_id: int) -> int:
    """Count who is enrolled under an older version of the scheme: one query."""
    newest = select(func.max(SchemeVersion.id)).where(SchemeVersion.organisation_id == organisation_id)
    wanted = select(func.count()).where(
        AwardEnrolment.organisation_id == organisation_id,
        AwardEnrolment.status == Status.ENROLLED,
        AwardEnrolment.scheme_version_id != newest.scalar_subquery(),
    )
    return db.session.scalar(wanted) or 0


def moved_to(enrolment: Enrolment, terms: Terms) -> Enrolment:
    """Return an enrolment as it would be under other rules; where they lack her composition, it is the usual one."""
    award = terms.awards.get(enrolment.award_code)
    kept = award is not None and composition_of(award, enrolment.composition) is not None
    composition = enrolment.composition if kept else USUAL
    return replace(enrolment, scheme_version_id=terms.scheme_version_id, composition=composition)


def enrolments_where(*conditions: ColumnElement[bool]) -> list[Enrolment]:
    """List enrolments, by name: one query."""
    return _enrolments(_WANTED.where(*conditions))


def find_enrolment(enrolment_id: int, organisation_id: int) -> Enrolment | None:
    """Return an enrolment of an organisation, or None."""
    number = enrolment_id if 0 < enrolment_id <= LARGEST_ID else 0
    found = enrolments_where(AwardEnrolment.id == number, AwardEnrolment.organisation_id == organisation_id)
    return found[0] if found else None


class _Look:
    """People's records and the rules of some versions, loaded once."""

    def __init__(self, person_ids: Collection[int], versions: Collection[int], on: date) -> None:
        self.on = on
        self.terms = {number: terms_of(each) for number, each in catalogue.schemes_by_id(versions).items()}
        self._prior = credit_ledger.prior_learning_of(person_ids)
        expected = credit_ledger.expected_facts(person_ids)
        self._records = {
            each.person_id: Record(each.person_id, (*each.facts, *expected.get(each.person_id, ())))
            for each in records_of(person_ids, on).values()
        }

    def record(self, person_id: int) -> Record:
        """Return somebody's record with the credits that she expects."""
        return self._records[person_id]

    def views(self, enrolments: Iterable[Enrolment]) -> list[AwardView]:
        """Say where people stand; an enrolment on an award that its version does not have is left out."""
        return [view for each in enrolments if (view := self._view(each))]

    def without_enrolment(self, person_id: int, award: Award, terms: Terms) -> AwardView:
        """Say how somebody would stand who is not enrolled."""
        code = composition_for(award, self.record(person_id), terms.career_levels)
        return self._stand(person_id, award, terms, code, None)

    def _view(self, enrolment: Enrolment) -> AwardView | None:
        terms = self.terms[enrolment.scheme_version_id]
        award = terms.awards.get(enrolment.award_code)
        if award is None:
            return None
        return self._stand(enrolment.person_id, award, terms, enrolment.composition, enrolment)

    def _stand(self, person_id: int, award: Award, terms: Terms, code: str, enrolment: Enrolment | None) -> AwardView:
        composition = composition_of(award, code)
        if composition is None:
            raise LookupError(f"{award.code} has no composition {code}")
        record = told_apart(self.record(person_id), self._prior, terms.modules)
        since = enrolment.enrolled_on if enrolment else self.on
        too_old = facts_too_old(award, record, self._prior, since)
        place = place_of(award, composition, record, self.on, terms.modules, too_old) if composition.lines else None
        counting = Record(person_id, tuple(fact for fact in record.facts if fact not in too_old))
        return AwardView(award, terms, composition, enrolment, place, counting, too_old, self._prior, self.on)


def _enrolments(wanted: Select[*tuple[Any, ...]]) -> list[Enrolment]:
    rows = db.session.execute(wanted.execution_options(populate_existing=True))
    return [Enrolment(**{**row._asdict(), "status": Status(row.status)}) for row in rows]


_WANTED = (
    select(
        AwardEnrolment.id,
        AwardEnrolment.organisation_id,
        AwardEnrolment.person_id,
        Person.name.label("person"),
        AwardEnrolment.award_code,
        AwardEnrolment.scheme_version_id,
        AwardEnrolment.composition,
        AwardEnrolment.enrolled_on,
        AwardEnrolment.status,
        AwardEnrolment.completed_on,
        AwardEnrolment.record_fact_id,
        AwardEnrolment.reason,
    )
    .join(Person, Person.id == AwardEnrolment.person_id)
    .order_by(Person.name, Person.id, AwardEnrolment.id)
)
