"""Room under a step's ceiling, and the vacancy that goes with it: held, taken and given back under locks (C-3, W-8).

Whoever changes what is taken holds the step's row first and then the vacancy's; so the last half of a full-time
equivalent goes to one of two, whoever comes first.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError

from cpd.catalogue import service as catalogue
from cpd.catalogue.facts import Scheme
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken, Vacancy
from cpd.progression.vacancies.rules import (
    Room,
    RoomObjection,
    VacancyStatus,
    VacancyTerms,
    against_taking,
    as_fte,
    ceiling_held,
    thousandths,
)
from cpd.progression.vacancies.wording import say_room
from cpd.schemes.pathway_shape import Transition
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction, publish


class NoRoom(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nobody can be enacted by this step now; `objections` are all the reasons, `reasons` the same as sentences."""

    def __init__(self, objections: list[RoomObjection]) -> None:
        super().__init__(", ".join(each.reason for each in objections))
        self.objections = objections
        self.reasons = [say_room(each) for each in objections]


@one_transaction
def take_room(
    request_id: int,
    person_id: int,
    transition: Transition,
    organisation_id: int,
    fte: Decimal,
    vacancy_id: int | None,
    *,
    by: int | None = None,
) -> None:
    """Take room for an enactment, and its vacancy where it has one; part of the enactment's own transaction.

    The ceiling is that of the scheme in force, whatever version she is enrolled under: it is the council's money. What
    was taken stays what it was when her hours change afterwards.

    Raises:
        NoRoom: every reason why nobody can be enacted by this step now.
        LookupError: there is no such vacancy in the organisation.
    """
    ceiling = _hold_ceiling(organisation_id, transition)
    vacancy = None if vacancy_id is None else hold_vacancy(vacancy_id, organisation_id)
    terms = None if vacancy is None else vacancy_terms(vacancy)
    has_room = db.session.scalar(_held_by(request_id)) is not None
    if objections := against_taking(transition, _room(ceiling), fte, terms, has_room=has_room):
        raise NoRoom(objections)
    ceiling.taken_thousandths += thousandths(fte)
    if vacancy is not None:
        vacancy.status = VacancyStatus.FILLED
    taken = RoomTaken(
        organisation_id=organisation_id,
        ceiling_id=ceiling.id,
        request_id=request_id,
        person_id=person_id,
        vacancy_id=vacancy_id,
        fte_thousandths=thousandths(fte),
        taken_at=clock.now(),
    )
    db.session.add(taken)
    db.session.flush()
    _remember("room_taken", ceiling, taken, by)
    if vacancy is not None:
        remember_vacancy("filled", vacancy, by=by, after={"request_id": request_id})
        publish("vacancy.gone", vacancy.id)


@one_transaction
def give_room_back(request_id: int, *, by: int | None = None) -> bool:
    """Give back what an enacted request took: its enactment is reversed. Returns whether there was anything.

    A vacancy that it filled is open again; whether it still is wanted HR says.
    """
    ceiling_id = db.session.scalar(select(RoomTaken.ceiling_id).where(*_is_held_by(request_id)))
    if ceiling_id is None:
        return False
    ceiling = db.session.get_one(ProgressionCeiling, ceiling_id, with_for_update=True, populate_existing=True)
    taken = db.session.scalars(_held_by(request_id).execution_options(populate_existing=True)).one_or_none()
    if taken is None:  # somebody else was the first
        return False
    taken.given_back_at = clock.now()
    ceiling.taken_thousandths -= taken.fte_thousandths
    ceiling.most_thousandths = ceiling_held(ceiling.ceiling_thousandths, ceiling.taken_thousandths)
    if taken.vacancy_id is not None:
        vacancy = hold_vacancy(taken.vacancy_id, taken.organisation_id)
        vacancy.status = VacancyStatus.OPEN
        remember_vacancy("free_again", vacancy, by=by, after={"request_id": request_id})
    db.session.flush()
    _remember("room_given_back", ceiling, taken, by)
    return True


def room_of(organisation_id: int, transition: Transition) -> Room:
    """Say how much of a step's ceiling is taken and how much is left, by the scheme in force. Two queries."""
    taken = db.session.scalar(
        select(ProgressionCeiling.taken_thousandths).where(
            ProgressionCeiling.organisation_id == organisation_id,
            ProgressionCeiling.transition_code == transition.code,
        )
    )
    ceiling = _in_force(organisation_id, transition).ceiling_fte
    return Room(None if ceiling is None else as_fte(thousandths(ceiling)), as_fte(taken or 0))


def transition_in_force(scheme: Scheme | None, transition_code: str) -> Transition | None:
    """Return a step as the scheme in force has it, or None where it has it no more."""
    pathways = scheme.pack.career_pathways if scheme else ()
    found = (each for pathway in pathways for each in pathway.transitions if each.code == transition_code)
    return next(found, None)


def hold_vacancy(vacancy_id: int, organisation_id: int) -> Vacancy:
    """Hold a vacancy until the act is over. Raises LookupError where the organisation has none such."""
    wanted = select(Vacancy).where(
        Vacancy.id == min(vacancy_id, LARGEST_ID), Vacancy.organisation_id == organisation_id
    )
    vacancy = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if vacancy is None:
        raise LookupError(f"There is no vacancy {vacancy_id} here")
    return vacancy


def vacancy_terms(vacancy: Vacancy) -> VacancyTerms:
    """Give a vacancy as the rules ask for it."""
    return VacancyTerms(VacancyStatus(vacancy.status), vacancy.career_level, vacancy.open_from, vacancy.open_until)


def remember_vacancy(
    verb: str,
    vacancy: Vacancy,
    *,
    by: int | None,
    reason: str | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Write the history of a vacancy."""
    history.note(
        verb,
        "vacancy",
        vacancy.id,
        actor_id=by,
        organisation_id=vacancy.organisation_id,
        reason=reason,
        before=before,
        after=after,
    )


def settle_ceiling(ceiling: ProgressionCeiling, transition: Transition) -> None:
    """Let a held ceiling be what a step of the scheme in force says. Nobody loses what she has."""
    wanted = None if transition.ceiling_fte is None else thousandths(transition.ceiling_fte)
    most = ceiling_held(wanted, ceiling.taken_thousandths)
    ceiling.title = transition.title
    if (ceiling.ceiling_thousandths, ceiling.most_thousandths) != (wanted, most):
        ceiling.ceiling_thousandths, ceiling.most_thousandths = wanted, most
        db.session.flush()  # what may be taken stands in the database before anything is


def _hold_ceiling(organisation_id: int, transition: Transition) -> ProgressionCeiling:
    """Hold a step's ceiling until the act is over; the first who asks for it writes it down."""
    wanted = select(ProgressionCeiling).where(
        ProgressionCeiling.organisation_id == organisation_id, ProgressionCeiling.transition_code == transition.code
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    ceiling = db.session.scalars(held).one_or_none()
    if ceiling is None:
        ceiling = ProgressionCeiling(
            organisation_id=organisation_id,
            transition_code=transition.code,
            title=transition.title,
            taken_thousandths=0,
        )
        try:
            with db.session.begin_nested():
                db.session.add(ceiling)
        except IntegrityError:  # somebody else was the first
            ceiling = db.session.scalars(held).one()
    settle_ceiling(ceiling, _in_force(organisation_id, transition))
    return ceiling


def _in_force(organisation_id: int, transition: Transition) -> Transition:
    """Return a step as the scheme in force has it; one that it has no more stays as she was enrolled by it."""
    return transition_in_force(catalogue.scheme_in_force(organisation_id), transition.code) or transition


def _room(ceiling: ProgressionCeiling) -> Room:
    """Give a held ceiling as the rules ask for it."""
    most = ceiling.ceiling_thousandths
    return Room(None if most is None else as_fte(most), as_fte(ceiling.taken_thousandths))


def _is_held_by(request_id: int) -> tuple[ColumnElement[bool], ...]:
    """Say, as conditions, what a request holds now."""
    return (RoomTaken.request_id == request_id, RoomTaken.given_back_at.is_(None))


def _held_by(request_id: int) -> Select[RoomTaken]:
    """Ask for what a request holds now."""
    return select(RoomTaken).where(*_is_held_by(request_id))


def _remember(verb: str, ceiling: ProgressionCeiling, taken: RoomTaken, by: int | None) -> None:
    """Write the history of a ceiling, without names (B8)."""
    history.note(
        verb,
        "progression_ceiling",
        ceiling.id,
        actor_id=by,
        organisation_id=ceiling.organisation_id,
        after={
            "request_id": taken.request_id,
            "fte_thousandths": taken.fte_thousandths,
            "taken_thousandths": ceiling.taken_thousandths,
        },
    )
