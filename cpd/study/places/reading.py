"""Reading award places for pages, as plain values and in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person
from cpd.record import service as record
from cpd.requirements.record import FactKind
from cpd.schemes.award_places_shape import AwardPlaces
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import (
    LIVE,
    OPEN,
    AwardYear,
    PlaceDecision,
    PlaceFault,
    PlaceStatus,
    against_applying,
    choices_for,
    decides,
    may_hold,
    window_of,
    years_shown,
)
from cpd.study.places.settling import terms_of
from cpd.study.places.wording import STATES, credit_words, year_words


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """One application: whose, for what, what was said of it, and how it stands.

    `position` is her place on the waiting list, 0 where she is not on it.
    """

    id: int
    organisation_id: int
    person_id: int
    person: str
    award: str
    title: str
    first_day: date
    last_day: date
    free: int
    status: PlaceStatus
    statement: str
    applied_at: datetime
    manager_comment: str
    manager_supports: bool | None
    commented_at: datetime | None
    commented_by: str
    decision: str
    decided_at: datetime | None
    decided_by: str
    position: int
    waiting_number: int | None
    selected_at: datetime | None
    ended_at: datetime | None
    ended_reason: str

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return STATES[self.status]

    @property
    def year(self) -> str:
        """`1 April 2018 to 31 March 2019`."""
        return year_words(self.first_day, self.last_day)

    @property
    def is_live(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.status in LIVE

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status in OPEN

    @property
    def passed_on(self) -> bool:
        """Whether the place came from the waiting list."""
        return self.selected_at is not None and self.waiting_number is not None

    @property
    def choices(self) -> tuple[PlaceDecision, ...]:
        """What can be decided now."""
        return choices_for(self.status, self.free)


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The places on an award in one year: how many there are, are taken, are waited for, and are to be decided."""

    award: str
    title: str
    first_day: date
    last_day: date
    places: int
    taken: int
    waiting: int
    undecided: int

    @property
    def year(self) -> str:
        """`1 April 2018 to 31 March 2019`."""
        return year_words(self.first_day, self.last_day)

    @property
    def free(self) -> int:
        """How many places nobody holds."""
        return self.places - self.taken


@dataclass(frozen=True, slots=True)
class Offer:
    """The places of a year as somebody sees them who may apply: her application, or every reason why she cannot."""

    places: YearFacts
    opens_on: date
    closes_on: date
    mine: ApplicationFacts | None
    faults: list[PlaceFault]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application beside the others: where the person works, whether she may hold a place, what she has already."""

    application: ApplicationFacts
    team: str
    may_hold: bool
    holds: list[str]


def offers_for(person_id: int, organisation_id: int) -> list[Offer]:
    """List the places for which somebody can apply, or could. Four queries, five the first time."""
    today = clock.today()
    terms = terms_of(organisation_id)
    years = _years(organisation_id)
    post = people.posts_on([person_id], today).get(person_id)
    staff_type = post.staff_type if post else None
    mine = {(each.award, each.first_day): each for each in applications_of(person_id) if each.is_live}
    found = []
    for each in terms.values():
        for year in years_shown(each, today):
            application = mine.get((each.award, year.first_day))
            faults = against_applying(each, year, today, staff_type, "…", has_applied=application is not None)
            found.append(Offer(_year(each, year, years), *window_of(each, year), application, faults))
    return found


def find_offer(person_id: int, organisation_id: int, award: str, first_day: date) -> Offer | None:
    """Return one of the offers, or None."""
    offers = offers_for(person_id, organisation_id)
    return next((each for each in offers if (each.places.award, each.places.first_day) == (award, first_day)), None)


def applications_of(person_id: int) -> list[ApplicationFacts]:
    """List somebody's applications, the latest first. One query."""
    return _applications(AwardPlaceApplication.person_id == person_id)[::-1]


def find_application(application_id: int) -> ApplicationFacts | None:
    """Return an application, or None."""
    found = _applications(AwardPlaceApplication.id == min(application_id, LARGEST_ID))
    return found[0] if found else None


def team_applications(person_ids: Collection[int]) -> list[ApplicationFacts]:
    """List the applications of a team for years not yet over, those without a comment first. One query."""
    found = _applications(AwardPlaceApplication.person_id.in_(person_ids), AwardPlaceQuota.last_day >= clock.today())
    return sorted(found, key=lambda each: (each.status is not PlaceStatus.APPLIED, each.id))


def uncommented_of(person_ids: Collection[int]) -> ScalarSelect[int]:
    """Count in a query of somebody else's how many applications of these people wait for a comment."""
    wanted = select(func.count(AwardPlaceApplication.id)).join(
        AwardPlaceQuota, AwardPlaceQuota.id == AwardPlaceApplication.quota_id
    )
    return wanted.where(
        AwardPlaceApplication.person_id.in_(person_ids),
        AwardPlaceApplication.status == PlaceStatus.APPLIED,
        AwardPlaceQuota.last_day >= clock.today(),
    ).scalar_subquery()


def years_to_decide(organisation_id: int, roles: Collection[Role]) -> list[YearFacts]:
    """List the years of the awards on which a holder of these roles decides, the newest first. Three queries."""
    hers = {each.award: each for each in terms_of(organisation_id).values() if decides(each, roles)}
    known = _years(organisation_id)
    shown = {key: each for key, each in known.items() if each.award in hers}
    for each in hers.values():
        for year in years_shown(each, clock.today()):
            shown[each.award, year.first_day] = _year(each, year, known)
    return sorted(shown.values(), key=lambda each: (-each.first_day.toordinal(), each.title))


def find_year_to_decide(organisation_id: int, roles: Collection[Role], award: str, first_day: date) -> YearFacts | None:
    """Return one of those years, or None."""
    years = years_to_decide(organisation_id, roles)
    return next((each for each in years if (each.award, each.first_day) == (award, first_day)), None)


def may_decide(organisation_id: int, roles: Collection[Role], award: str) -> bool:
    """Say whether a holder of these roles decides on an award."""
    return decides(_terms(organisation_id, award), roles)


def candidates_for(organisation_id: int, award: str, first_day: date) -> list[Candidate]:
    """List the applications of a year side by side: first to be decided, then waiting in order. Seven queries."""
    found = _applications(
        AwardPlaceQuota.organisation_id == organisation_id,
        AwardPlaceQuota.award == award,
        AwardPlaceQuota.first_day == first_day,
    )
    order = [*OPEN, PlaceStatus.WAITING, PlaceStatus.SELECTED, PlaceStatus.DECLINED, PlaceStatus.WITHDRAWN]
    ranks = {status: max(number, 1) for number, status in enumerate(order)}
    return _beside(sorted(found, key=lambda each: (ranks[each.status], each.position, each.id)))


def candidate(application: ApplicationFacts) -> Candidate:
    """Say of one application what the list says of all."""
    return _beside([application])[0]


def _beside(applications: list[ApplicationFacts]) -> list[Candidate]:
    """Add to applications what is known of their people."""
    if not applications:
        return []
    person_ids = {each.person_id for each in applications}
    first = applications[0]
    terms = _terms(first.organisation_id, first.award)
    posts = people.posts_on(person_ids, clock.today())
    holds = _held_by(person_ids, first.organisation_id)
    return [
        Candidate(
            application=each,
            team=posts[each.person_id].team_name if each.person_id in posts else "",
            may_hold=each.person_id in posts and may_hold(terms, posts[each.person_id].staff_type),
            holds=[words for of, words in holds[each.person_id] if of != (each.award, each.first_day)],
        )
        for each in applications
    ]


def _terms(organisation_id: int, award: str) -> AwardPlaces:
    """Return the terms of an award; what the scheme offers no more is as an award usually is."""
    return terms_of(organisation_id).get(award) or AwardPlaces(award=award, title=award, places=1)


def _held_by(person_ids: Collection[int], organisation_id: int) -> dict[int, list[tuple[Any, str]]]:
    """Say in words what people have already: credits, and places that they were given. Five queries."""
    modules = catalogue.modules_of([organisation_id], withdrawn_too=True).values()
    titles = {each.code: each.full_title for each in modules}
    held: dict[int, list[tuple[Any, str]]] = {each: [] for each in person_ids}
    for person_id, known in record.records_of(person_ids, clock.today()).items():
        earned = (each for each in known.facts if each.kind is FactKind.CREDIT)
        for fact in sorted(earned, key=lambda each: each.happened_on):
            held[person_id].append((None, credit_words(titles.get(fact.subject, fact.subject), fact)))
    for each in _applications(
        AwardPlaceApplication.person_id.in_(person_ids), AwardPlaceApplication.status == PlaceStatus.SELECTED
    ):
        held[each.person_id].append(((each.award, each.first_day), f"A place on {each.title}, {each.year}"))
    return held


def _years(organisation_id: int) -> dict[tuple[str, date], YearFacts]:
    """Read the years of an organisation's places that somebody has applied for. One query."""
    counts = [
        func.count(case((AwardPlaceApplication.status.in_(wanted), 1)))
        for wanted in ([PlaceStatus.WAITING], list(OPEN))
    ]
    parts = (
        AwardPlaceQuota.award,
        AwardPlaceQuota.title,
        AwardPlaceQuota.first_day,
        AwardPlaceQuota.last_day,
        AwardPlaceQuota.places,
        AwardPlaceQuota.taken,
    )
    wanted = (
        select(*parts, *counts)
        .outerjoin(AwardPlaceApplication, AwardPlaceApplication.quota_id == AwardPlaceQuota.id)
        .where(AwardPlaceQuota.organisation_id == organisation_id)
        .group_by(AwardPlaceQuota.id, *parts)
    )
    rows: Iterable[Any] = db.session.execute(wanted)
    return {(row[0], row[2]): YearFacts(*row) for row in rows}


def _year(terms: AwardPlaces, year: AwardYear, known: dict[tuple[str, date], YearFacts]) -> YearFacts:
    """Return a year's places; where nobody has applied yet, as the scheme has them."""
    fresh = YearFacts(terms.award, terms.title, year.first_day, year.last_day, terms.places, 0, 0, 0)
    return known.get((terms.award, year.first_day), fresh)


def _applications(*conditions: ColumnElement[bool]) -> list[ApplicationFacts]:
    """Read applications, the first first. One query."""
    rows = db.session.execute(_WANTED.where(*conditions).order_by(AwardPlaceApplication.id))
    return [_application(row) for row in rows]


def _application(row: Any) -> ApplicationFacts:
    """Make plain values of a row."""
    said = dict(row._mapping)  # noqa: SLF001 - a public name of SQLAlchemy's, in spite of its looks
    said["status"] = status = PlaceStatus(said["status"])
    said |= {name: said[name] or "" for name in ("commented_by", "decided_by")}
    said["position"] = said["ahead"] + 1 if status is PlaceStatus.WAITING else 0
    del said["ahead"]
    return ApplicationFacts(**said)


_other = aliased(AwardPlaceApplication)
_commenter, _decider = aliased(Person), aliased(Person)
_ahead = (
    select(func.count(_other.id))
    .where(
        _other.quota_id == AwardPlaceApplication.quota_id,
        _other.status == PlaceStatus.WAITING,
        _other.waiting_number < AwardPlaceApplication.waiting_number,
    )
    .scalar_subquery()
)
_WANTED: Select[*tuple[Any, ...]] = (
    select(
        AwardPlaceApplication.id,
        AwardPlaceApplication.organisation_id,
        AwardPlaceApplication.person_id,
        Person.name.label("person"),
        AwardPlaceQuota.award,
        AwardPlaceQuota.title,
        AwardPlaceQuota.first_day,
        AwardPlaceQuota.last_day,
        (AwardPlaceQuota.places - AwardPlaceQuota.taken).label("free"),
        AwardPlaceApplication.status,
        AwardPlaceApplication.statement,
        AwardPlaceApplication.applied_at,
        AwardPlaceApplication.manager_comment,
        AwardPlaceApplication.manager_supports,
        AwardPlaceApplication.commented_at,
        _commenter.name.label("commented_by"),
        AwardPlaceApplication.decision,
        AwardPlaceApplication.decided_at,
        _decider.name.label("decided_by"),
        _ahead.label("ahead"),
        AwardPlaceApplication.waiting_number,
        AwardPlaceApplication.selected_at,
        AwardPlaceApplication.ended_at,
        AwardPlaceApplication.ended_reason,
    )
    .join(AwardPlaceQuota, AwardPlaceQuota.id == AwardPlaceApplication.quota_id)
    .join(Person, Person.id == AwardPlaceApplication.person_id)
    .outerjoin(_commenter, _commenter.id == AwardPlaceApplication.commented_by_id)
    .outerjoin(_decider, _decider.id == AwardPlaceApplication.decided_by_id)
)
