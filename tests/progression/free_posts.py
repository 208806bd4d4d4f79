"""The invented careers with a ceiling of two full-time equivalents on one step, and a step by way of a vacancy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.progression.vacancies import service
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken
from cpd.progression.vacancies.rules import VacancyWanted
from cpd.shared.database import db
from tests.progression import careers

CEILING = ("        appeal_within_days: 28\n", "        appeal_within_days: 28\n        ceiling_fte: 2\n")
VACANCY = (
    """        transition_mode: approval
        cites: [W-3]
        steps:
          - {step: approval, role: assistant_director}
""",
    """        transition_mode: vacancy
        cites: [W-3]
        steps:
""",
)
FTE = Decimal


def adopt(*changes):
    """Adopt the invented careers with a ceiling and a vacancy, and some of its text changed."""
    return careers.adopt(CEILING, VACANCY, *changes)


def higher(ceiling):
    """A newer version whose ceiling is another one."""
    return (("version: 2\n", "version: 3\n"), ("ceiling_fte: 2\n", f"ceiling_fte: {ceiling}\n"))


def step(organisation, code="new-able"):
    """A step of the scheme in force."""
    pack = catalogue.scheme_in_force(organisation.id).pack
    return next(each for pathway in pack.career_pathways for each in pathway.transitions if each.code == code)


def take(organisation, person, fte, *, request_id=None, code="new-able", vacancy_id=None):
    """Take room as an enactment does; each person has a request of her own."""
    number = request_id or person.id
    service.take_room(number, person.id, step(organisation, code), organisation.id, FTE(fte), vacancy_id)
    return number


def ceiling(organisation, code="new-able"):
    """What the database holds: ceiling, most and taken, in thousandths."""
    db.session.rollback()
    row = db.session.scalars(
        select(ProgressionCeiling).where(
            ProgressionCeiling.organisation_id == organisation.id, ProgressionCeiling.transition_code == code
        )
    ).one()
    return row.ceiling_thousandths, row.most_thousandths, row.taken_thousandths


def held():
    """Which requests hold how much."""
    db.session.rollback()
    wanted = select(RoomTaken).where(RoomTaken.given_back_at.is_(None)).order_by(RoomTaken.request_id)
    return {row.request_id: row.fte_thousandths for row in db.session.scalars(wanted)}


def wanted(**more):
    """A vacancy as HR writes it down."""
    usual = {
        "title": "Experienced social worker",
        "service": "Assessment Team 2",
        "career_level": "wise",
        "fte": FTE(1),
        "open_from": date(2019, 1, 1),
        "open_until": date(2019, 1, 31),
        "how_to_apply": "Ask to progress, and name this post.",
    }
    return VacancyWanted(**(usual | more))
