"""Who accepts somebody's evidence: a holder of a role that the scheme names, or the line manager (AMB-08)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cpd.people import service as people
from cpd.progression.early.reading import supports_of
from cpd.progression.portfolios.rules import accepts_as
from cpd.shared import clock
from cpd.shared.roles import Role
from cpd.study.managers import manager_of

Named = dict[int, frozenset[int]]


def assessors_named(person_ids: Collection[int], organisation_id: int) -> Named:
    """Return the assessors of people's early-career programmes who hold that role today, by person. Two queries."""
    today = clock.today()
    holders = {each.id for each in people.holders_of(organisation_id, Role.ASSESSOR)}
    supports = supports_of(person_ids)
    return {
        person_id: frozenset(
            each.supporter_id
            for each in supports.get(person_id, ())
            if each.kind.assesses and each.supporter_id in holders and each.holds_on(today)
        )
        for person_id in person_ids
    }


def role_of(
    accepted_by: Sequence[str], person_id: int, organisation_id: int, *, by: int, roles: Collection[Role]
) -> str | None:
    """Say in which role somebody accepts such evidence of another's today, or None. Two queries at most."""
    asks_assessor = Role.ASSESSOR in accepted_by and Role.ASSESSOR in roles
    named = assessors_named([person_id], organisation_id)[person_id] if asks_assessor else frozenset[int]()
    manager_id = None if accepted_by else manager_of(person_id)
    return accepts_as(accepted_by, by=by, roles=roles, person_id=person_id, manager_id=manager_id, named=named)


def acceptors_for(organisation_id: int, person_id: int, accepted_by: Collection[str]) -> list[int]:
    """List who accepts such evidence of somebody's, never herself; where assessors are named for her, of those them."""
    if not accepted_by:
        manager_id = manager_of(person_id)
        return [manager_id] if manager_id else []
    holders = {Role(each): {one.id for one in people.holders_of(organisation_id, Role(each))} for each in accepted_by}
    if Role.ASSESSOR in holders:
        named = assessors_named([person_id], organisation_id)[person_id]
        holders[Role.ASSESSOR] = set(named) or holders[Role.ASSESSOR]
    return sorted({each for some in holders.values() for each in some} - {person_id})
