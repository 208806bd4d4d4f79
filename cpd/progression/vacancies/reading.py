"""Vacancies and ceilings as pages show them, in a fixed number of queries whatever the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.facts import Scheme
from cpd.people.models import Person
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken, Vacancy
from cpd.progression.vacancies.rules import Room, VacancyStatus, VacancyTerms, as_fte, thousandths
from cpd.progression.vacancies.wording import STATES, days_words, fte_words, room_words
from cpd.schemes.pathway_shape import Transition, TransitionMode
from cpd.schemes.shape import CareerLevel, Pack
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db

ASIDE = 100
"""So many vacancies that are filled or closed are listed, the latest first."""


@dataclass(frozen=True, slots=True)
class VacancyFacts:
    """A vacancy with the words of its level and grade as the scheme in force has them; both days are within it."""

    id: int
    organisation_id: int
    title: str
    service: str
    career_level: str
    career_level_title: str
    grade: str
    fte: Decimal
    open_from: date
    open_until: date | None
    how_to_apply: str
    note: str
    status: VacancyStatus
    closed_reason: str
    filled_by: str
    """Who fills it, where somebody does: for those who keep vacancies only."""

    @property
    def terms(self) -> VacancyTerms:
        """The vacancy as the rules ask for it."""
        return VacancyTerms(self.status, self.career_level, self.open_from, self.open_until)

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        if self.status is VacancyStatus.OPEN and self.open_until and self.open_until < clock.today():
            return "Last day has passed", "waiting"
        if self.is_ahead:
            return "Not open yet", "waiting"
        return STATES[self.status]

    @property
    def is_ahead(self) -> bool:
        """Whether its first day is still to come."""
        return self.status is VacancyStatus.OPEN and self.open_from > clock.today()

    @property
    def takes_applications(self) -> bool:
        """Whether today is one of the days on which people apply."""
        today = clock.today()
        begun = self.open_from <= today
        return self.status is VacancyStatus.OPEN and begun and (self.open_until is None or today <= self.open_until)

    @property
    def fte_words(self) -> str:
        """`0.6`."""
        return fte_words(self.fte)

    @property
    def days(self) -> str:
        """The days of applying, in words."""
        return days_words(self.open_from, self.open_until)

    @property
    def level_and_grade(self) -> str:
        """`Advanced social worker, grade M`."""
        return f"{self.career_level_title}, grade {self.grade}" if self.grade else self.career_level_title


@dataclass(frozen=True, slots=True)
class CeilingFacts:
    """A step with a ceiling, or one by which anything was taken."""

    transition_code: str
    title: str
    room: Room
    is_in_force: bool
    """Whether the scheme in force still has the step."""

    @property
    def words(self) -> str:
        """`31.4 of 50 FTE taken; 18.6 left`."""
        return room_words(self.room)

    @property
    def done(self) -> int:
        """How far the bar reaches, in thousandths."""
        return thousandths(min(self.room.taken, self.room.ceiling or self.room.taken))

    @property
    def whole(self) -> int:
        """How long the bar is, in thousandths."""
        return thousandths(self.room.ceiling or Decimal(1))


def open_vacancies(organisation_id: int, career_level: str | None = None) -> list[VacancyFacts]:
    """List the vacancies for which people can apply today, of one career level or of all: two queries."""
    today = clock.today()
    conditions = [
        Vacancy.organisation_id == organisation_id,
        Vacancy.status == VacancyStatus.OPEN,
        Vacancy.open_from <= today,
        or_(Vacancy.open_until.is_(None), Vacancy.open_until >= today),
    ]
    if career_level is not None:
        conditions.append(Vacancy.career_level == career_level)
    return _vacancies(organisation_id, conditions)


def kept_vacancies(organisation_id: int) -> tuple[list[VacancyFacts], list[VacancyFacts]]:
    """List every open vacancy, and the latest of those that are filled or closed, for whoever keeps them."""
    ours, is_open = Vacancy.organisation_id == organisation_id, Vacancy.status == VacancyStatus.OPEN
    return _vacancies(organisation_id, [ours, is_open]), _vacancies(organisation_id, [ours, ~is_open], latest=ASIDE)


def find_vacancy(vacancy_id: int, organisation_id: int) -> VacancyFacts | None:
    """Return a vacancy of an organisation, or None."""
    conditions = [Vacancy.id == min(vacancy_id, LARGEST_ID), Vacancy.organisation_id == organisation_id]
    return next(iter(_vacancies(organisation_id, conditions)), None)


def vacancies_by_id(organisation_id: int, vacancy_ids: Collection[int]) -> dict[int, VacancyFacts]:
    """Return these vacancies of an organisation by id, whatever became of them: two queries."""
    found = _vacancies(organisation_id, [Vacancy.organisation_id == organisation_id, Vacancy.id.in_(vacancy_ids)])
    return {each.id: each for each in found}


def ceilings_of(organisation_id: int) -> list[CeilingFacts]:
    """List the steps that have a ceiling, or by which anything was taken: two queries."""
    return _ceilings(organisation_id, catalogue.scheme_in_force(organisation_id))


def levels_with_vacancies(organisation_id: int) -> list[CareerLevel]:
    """List the career levels to which a step of the scheme in force leads by way of a vacancy, in its order."""
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return []
    into = {
        each.to_level for each in _transitions(scheme.pack).values() if each.transition_mode is TransitionMode.VACANCY
    }
    return [each for each in scheme.pack.career_levels if each.code in into]


def steps_into(pack: Pack, career_level: str) -> list[Transition]:
    """List the steps that lead into a career level by way of a vacancy."""
    return [
        each
        for each in _transitions(pack).values()
        if each.transition_mode is TransitionMode.VACANCY and each.to_level == career_level
    ]


def _ceilings(organisation_id: int, scheme: Scheme | None) -> list[CeilingFacts]:
    """List steps with a ceiling or with anything taken; the scheme's in its order, then those that it has no more."""
    wanted = select(
        ProgressionCeiling.transition_code,
        ProgressionCeiling.title,
        ProgressionCeiling.ceiling_thousandths,
        ProgressionCeiling.taken_thousandths,
    ).where(ProgressionCeiling.organisation_id == organisation_id)
    kept = {row.transition_code: row for row in db.session.execute(wanted.order_by(ProgressionCeiling.id))}
    steps: Mapping[str, Transition] = _transitions(scheme.pack) if scheme else {}
    found = []
    for code, step in steps.items():
        taken = kept[code].taken_thousandths if code in kept else 0
        if step.ceiling_fte is not None or taken:
            ceiling = None if step.ceiling_fte is None else as_fte(thousandths(step.ceiling_fte))
            found.append(CeilingFacts(code, step.title, Room(ceiling, as_fte(taken)), is_in_force=True))
    for code, row in kept.items():
        if code not in steps and (row.taken_thousandths or row.ceiling_thousandths is not None):
            ceiling = None if row.ceiling_thousandths is None else as_fte(row.ceiling_thousandths)
            room = Room(ceiling, as_fte(row.taken_thousandths))
            found.append(CeilingFacts(code, row.title, room, is_in_force=False))
    return found


def _vacancies(
    organisation_id: int, conditions: Iterable[ColumnElement[bool]], latest: int | None = None
) -> list[VacancyFacts]:
    """Read vacancies, those that end soonest first, or so many of the latest ones. Two queries, or one without any."""
    wanted = (
        select(Vacancy, Person.name)
        .outerjoin(RoomTaken, (RoomTaken.vacancy_id == Vacancy.id) & RoomTaken.given_back_at.is_(None))
        .outerjoin(Person, Person.id == RoomTaken.person_id)
        .where(*conditions)
    )
    soonest = (Vacancy.open_until.is_(None), Vacancy.open_until, Vacancy.id)
    wanted = wanted.order_by(Vacancy.id.desc()).limit(latest) if latest else wanted.order_by(*soonest)
    rows = db.session.execute(wanted).all()
    scheme = catalogue.scheme_in_force(organisation_id) if rows else None
    levels = {each.code: each for each in scheme.pack.career_levels} if scheme else {}
    return [_facts(vacancy, levels, name or "") for vacancy, name in rows]


def _facts(row: Vacancy, levels: Mapping[str, CareerLevel], filled_by: str) -> VacancyFacts:
    known = levels.get(row.career_level)
    return VacancyFacts(
        id=row.id,
        organisation_id=row.organisation_id,
        title=row.title,
        service=row.service,
        career_level=row.career_level,
        career_level_title=known.title if known else row.career_level,
        grade=(known.grade or "") if known else "",
        fte=as_fte(row.fte_thousandths),
        open_from=row.open_from,
        open_until=row.open_until,
        how_to_apply=row.how_to_apply,
        note=row.note,
        status=VacancyStatus(row.status),
        closed_reason=row.closed_reason,
        filled_by=filled_by,
    )


def _transitions(pack: Pack) -> dict[str, Transition]:
    """Return every step of a pack by its code, in its order."""
    return {each.code: each for pathway in pack.career_pathways for each in pathway.transitions}
