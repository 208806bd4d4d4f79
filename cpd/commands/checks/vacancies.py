"""Vacancies and ceilings: what is taken is what enacted requests hold, and a filled vacancy is filled by one (C-3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import case, exists, func, select

from cpd.commands.checks.check import Check, rows_in
from cpd.progression.requests.models import Enactment
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken, Vacancy
from cpd.progression.vacancies.rules import THOUSAND, VacancyStatus
from cpd.shared.database import db


def miscounted_room() -> Iterator[str]:
    """Find ceilings of which something else is taken than enacted requests hold, or more than may be."""
    held = func.coalesce(func.sum(case((RoomTaken.given_back_at.is_(None), RoomTaken.fte_thousandths), else_=0)), 0)
    wanted = (
        select(
            ProgressionCeiling.id,
            ProgressionCeiling.most_thousandths,
            ProgressionCeiling.taken_thousandths,
            held,
        )
        .outerjoin(RoomTaken, RoomTaken.ceiling_id == ProgressionCeiling.id)
        .group_by(ProgressionCeiling.id, ProgressionCeiling.most_thousandths, ProgressionCeiling.taken_thousandths)
        .order_by(ProgressionCeiling.id)
    )
    for number, most, taken, sum_held in db.session.execute(wanted):
        if taken != sum_held or taken < 0 or (most is not None and taken > most):
            yield f"ceiling {number}: {taken} thousandths of an FTE are taken, and requests hold {sum_held}"


def room_without_a_change() -> Iterator[str]:
    """Find room that is held for a request without its change, or for more or less than its change says."""
    back = exists().where(RoomTaken.request_id == Enactment.request_id)
    wanted = (
        select(RoomTaken.id, RoomTaken.request_id, RoomTaken.fte_thousandths, Enactment.fte)
        .outerjoin(Enactment, Enactment.request_id == RoomTaken.request_id)
        .where(RoomTaken.given_back_at.is_(None))
        .order_by(RoomTaken.id)
    )
    for number, request_id, thousandths, made in db.session.execute(wanted):
        fte: Decimal | None = made  # none where nothing was changed
        if fte is None:
            yield f"room {number} is held for request {request_id}, which changed nothing"
        elif fte * THOUSAND != thousandths:
            yield f"room {number} is held for {thousandths} thousandths, and the change was of {fte} FTE"
    changes = select(Enactment.id).where(Enactment.reverses_id.is_(None), ~back).order_by(Enactment.id)
    for number in db.session.scalars(changes):
        yield f"change {number} takes no room"


def misfilled_vacancies() -> Iterator[str]:
    """Find vacancies that are filled by nobody, or held by somebody and not filled, or another organisation's."""
    wanted = (
        select(Vacancy.id, Vacancy.status, Vacancy.organisation_id, RoomTaken.id, RoomTaken.organisation_id)
        .outerjoin(RoomTaken, (RoomTaken.vacancy_id == Vacancy.id) & RoomTaken.given_back_at.is_(None))
        .order_by(Vacancy.id)
    )
    for number, status, ours, room, theirs in db.session.execute(wanted):
        if (status == VacancyStatus.FILLED) != (room is not None):
            yield f"vacancy {number} is {status}, and {'somebody' if room else 'nobody'} has it"
        elif room is not None and ours != theirs:
            yield f"vacancy {number} of organisation {ours} is filled by organisation {theirs}"


CHECKS = (
    Check("room under ceilings", miscounted_room, rows_in(ProgressionCeiling), "ceilings"),
    Check("room of changes", room_without_a_change, rows_in(RoomTaken), "takings"),
    Check("vacancies", misfilled_vacancies, rows_in(Vacancy), "vacancies"),
)
