"""Keeping vacancies (W-8), and room under ceilings (C-3): what other parts of progression rely on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.progression.vacancies import rules
from cpd.progression.vacancies.models import ProgressionCeiling, Vacancy
from cpd.progression.vacancies.reading import (
    CeilingFacts,
    VacancyFacts,
    ceilings_of,
    find_vacancy,
    levels_with_vacancies,
    open_vacancies,
    vacancies_by_id,
)
from cpd.progression.vacancies.room import (
    NoRoom,
    give_room_back,
    hold_vacancy,
    remember_vacancy,
    room_of,
    settle_ceiling,
    take_room,
    transition_in_force,
    vacancy_terms,
)
from cpd.progression.vacancies.rules import (
    Room,
    RoomObjection,
    RoomReason,
    VacancyFault,
    VacancyStatus,
    VacancyWanted,
    as_fte,
    thousandths,
)
from cpd.schemes.pathway_shape import Transition
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction, publish

__all__ = [
    "CeilingFacts",
    "NoRoom",
    "Room",
    "RoomObjection",
    "RoomReason",
    "VacancyFacts",
    "VacancyRefused",
    "ceilings_of",
    "change_vacancy",
    "check_open",
    "close_vacancy",
    "find_vacancy",
    "give_room_back",
    "open_vacancies",
    "open_vacancy",
    "room_of",
    "take_room",
    "vacancies_by_id",
]

KEEPERS = (Role.HR, Role.OPERATIONS_MANAGER)
KEPT = ("title", "service", "career_level", "open_from", "open_until", "how_to_apply", "note")


class VacancyRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done about a vacancy; `faults` are all the reasons."""

    def __init__(self, faults: list[VacancyFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@one_transaction
def open_vacancy(organisation_id: int, wanted: VacancyWanted, *, by: int, form_key: str = "") -> int:
    """Open a vacancy and return its number; the same form with the same words again opens no second one.

    `form_key` names the form as it was given out. Whoever goes back to it and writes down another post opens that too.

    Raises:
        VacancyRefused: every reason against it.
    """
    people.lock_persons([by])
    if form_key and (earlier := _opened_by_form(organisation_id, form_key, wanted)):
        return earlier
    if faults := rules.against_opening(
        wanted, _levels(organisation_id), clock.today(), may_keep=_may_keep(by, organisation_id)
    ):
        raise VacancyRefused(faults)
    vacancy = Vacancy(
        organisation_id=organisation_id,
        fte_thousandths=thousandths(wanted.fte),
        status=VacancyStatus.OPEN,
        opened_at=clock.now(),
        opened_by_id=by,
        form_key=form_key or None,
        **{name: getattr(wanted, name) for name in KEPT},
    )
    db.session.add(vacancy)
    db.session.flush()
    remember_vacancy("opened", vacancy, by=by, after=_said(vacancy))
    return vacancy.id


@one_transaction
def change_vacancy(vacancy_id: int, organisation_id: int, wanted: VacancyWanted, *, by: int) -> None:
    """Let an open vacancy say something else; what it said before stands in its history.

    Raises:
        VacancyRefused: every reason against it.
        LookupError: the organisation has no such vacancy.
    """
    vacancy = hold_vacancy(vacancy_id, organisation_id)
    faults = rules.against_changing(VacancyStatus(vacancy.status)) + rules.against_opening(
        wanted, _levels(organisation_id), clock.today(), may_keep=_may_keep(by, organisation_id)
    )
    if faults:
        raise VacancyRefused(faults)
    before = _said(vacancy)
    vacancy.fte_thousandths = thousandths(wanted.fte)
    for name in KEPT:
        setattr(vacancy, name, getattr(wanted, name))
    if (after := _said(vacancy)) != before:
        remember_vacancy("changed", vacancy, by=by, before=before, after=after)


@one_transaction
def close_vacancy(vacancy_id: int, organisation_id: int, *, reason: str, by: int) -> None:
    """Close an open vacancy for a reason: nobody can be enacted into it any more.

    Raises:
        VacancyRefused: every reason against it.
        LookupError: the organisation has no such vacancy.
    """
    vacancy = hold_vacancy(vacancy_id, organisation_id)
    may_keep = _may_keep(by, organisation_id)
    if faults := rules.against_closing(VacancyStatus(vacancy.status), reason, may_keep=may_keep):
        raise VacancyRefused(faults)
    vacancy.status = VacancyStatus.CLOSED
    vacancy.closed_at, vacancy.closed_by_id, vacancy.closed_reason = clock.now(), by, reason
    remember_vacancy("closed", vacancy, by=by, reason=reason)
    publish("vacancy.gone", vacancy.id)


def check_open(vacancy_id: int, organisation_id: int, transition: Transition) -> None:
    """Make sure that somebody can apply for a vacancy by a step today; it is held until the act is over.

    Raises:
        NoRoom: every reason why she cannot.
        LookupError: the organisation has no such vacancy.
    """
    terms = vacancy_terms(hold_vacancy(vacancy_id, organisation_id))
    if reasons := rules.against_applying(terms, transition.to_level, clock.today()):
        raise NoRoom([RoomObjection(each) for each in reasons])


def follow_schemes(_session: Session, adopted: list[tuple[int, Any]]) -> None:
    """A new version of a scheme is in force: its ceilings are; nobody loses what she has (C-3)."""
    organisations = {organisation_id for organisation_id, _ in adopted}
    wanted = (
        select(ProgressionCeiling)
        .where(ProgressionCeiling.organisation_id.in_(organisations))
        .order_by(ProgressionCeiling.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    schemes = {each: catalogue.scheme_in_force(each) for each in sorted(organisations)}
    for ceiling in db.session.scalars(wanted):
        if found := transition_in_force(schemes[ceiling.organisation_id], ceiling.transition_code):
            settle_ceiling(ceiling, found)


def _opened_by_form(organisation_id: int, form_key: str, wanted: VacancyWanted) -> int | None:
    """Return the vacancy that this very form has opened with these words, or None."""
    words = {name: getattr(wanted, name) for name in KEPT}
    there = select(Vacancy.id).filter_by(
        organisation_id=organisation_id, form_key=form_key, fte_thousandths=thousandths(wanted.fte), **words
    )
    return db.session.scalar(there.limit(1))


def _levels(organisation_id: int) -> frozenset[str]:
    """Return the career levels of which there can be vacancies."""
    return frozenset(each.code for each in levels_with_vacancies(organisation_id))


def _may_keep(person_id: int, organisation_id: int) -> bool:
    """Say whether somebody keeps an organisation's vacancies: HR and the operations manager do."""
    return people.holds(person_id, organisation_id, *KEEPERS)


def _said(vacancy: Vacancy) -> dict[str, Any]:
    """Say what a vacancy says, for its history."""
    said: dict[str, Any] = {name: getattr(vacancy, name) for name in KEPT}
    days = {name: str(said[name]) for name in ("open_from", "open_until") if said[name] is not None}
    return said | {"open_until": None} | days | {"fte": str(as_fte(vacancy.fte_thousandths))}
