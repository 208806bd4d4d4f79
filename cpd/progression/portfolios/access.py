"""Whose evidence a page may show: her own, her staff's, and what somebody accepts (A7)."""

from __future__ import annotations

from collections.abc import Iterable

from cpd.people import service as people
from cpd.progression.portfolios.facts import PortfolioFacts
from cpd.progression.portfolios.rules import may_accept
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared.access import Viewer
from cpd.shared.roles import Role
from cpd.study.managers import manager_of


def may_read(portfolio: PortfolioFacts, viewer: Viewer) -> bool:
    """Say whether the viewer may read a portfolio with its pieces and files.

    Her own; else, within the organisation and once it was handed in, what she accepts by her role and what her staff
    have handed in. What a panel was given to judge it reads on the panel's own pages.
    """
    if portfolio.person_id == viewer.id:
        return True
    if portfolio.organisation_id != viewer.organisation_id or not portfolio.hand_ins:
        return False
    by_role = not set(portfolio.accepted_by).isdisjoint(viewer.roles)
    return by_role or manager_of(portfolio.person_id) == viewer.id


def may_see_evidence_of(person_id: int, viewer: Viewer, kinds: Iterable[EvidenceKind]) -> bool:
    """Say whether the viewer may see which evidence somebody has: her manager, and who accepts some kind of it."""
    if person_id == viewer.id or not people.works_for(person_id, viewer.organisation_id):
        return False
    named: set[Role] = {role for kind in kinds for role in kind.accepted_by}
    return not named.isdisjoint(viewer.roles) or manager_of(person_id) == viewer.id


def accepts(portfolio: PortfolioFacts, viewer: Viewer) -> bool:
    """Say whether the viewer is somebody who accepts this: as its scheme names the role, else as line manager."""
    manager_id = None if portfolio.accepted_by else manager_of(portfolio.person_id)
    return may_accept(
        portfolio.accepted_by,
        by=viewer.id,
        roles=viewer.roles,
        person_id=portfolio.person_id,
        manager_id=manager_id,
    )
