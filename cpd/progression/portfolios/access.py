"""Whose evidence a page may show: her own, her staff's, and what somebody accepts (A7, B8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cpd.people import service as people
from cpd.progression.portfolios.accepting import assessors_named
from cpd.progression.portfolios.facts import PortfolioFacts
from cpd.progression.portfolios.rules import Sight, accepts_as, sight_of
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared.access import Viewer
from cpd.shared.roles import Role
from cpd.study.managers import manager_of


class Beside:
    """How the viewer stands to somebody else of the same organisation, for evidence. Five queries at most."""

    def __init__(self, person_id: int, viewer: Viewer) -> None:
        self.person_id, self._viewer = person_id, viewer
        self.is_here = person_id != viewer.id and people.works_for(person_id, viewer.organisation_id)
        self._manager_id = manager_of(person_id) if self.is_here else None
        asks = self.is_here and Role.ASSESSOR in viewer.roles
        self._named = assessors_named([person_id], viewer.organisation_id)[person_id] if asks else frozenset[int]()

    @property
    def manages(self) -> bool:
        """Whether the viewer is the line manager."""
        return self._manager_id == self._viewer.id

    def accepts(self, accepted_by: Collection[str]) -> bool:
        """Say whether the viewer accepts such evidence: by a role that the scheme names, else as line manager."""
        as_what = accepts_as(
            [str(each) for each in accepted_by],
            by=self._viewer.id,
            roles=self._viewer.roles,
            person_id=self.person_id,
            manager_id=self._manager_id,
            named=self._named,
        )
        return self.is_here and as_what is not None

    def sight_of(self, portfolio: PortfolioFacts) -> Sight:
        """Say how much of it the viewer sees; what a panel was given to judge it reads on the panel's own pages."""
        return sight_of(
            portfolio.status,
            portfolio.hand_ins if self.is_here else 0,
            manages=self.manages,
            accepts=self.accepts(portfolio.accepted_by),
            has_dealt=self._viewer.id in (portfolio.opened_by_id, portfolio.decided_by_id),
        )

    def kinds_seen(self, kinds: Iterable[EvidenceKind]) -> set[str]:
        """Say of which kinds the viewer may see how they stand: as manager of all, else of what she accepts."""
        return {each.code for each in kinds if self.manages or self.accepts(each.accepted_by)}

    def kinds_recorded(self, kinds: Iterable[EvidenceKind]) -> set[str]:
        """Say which kinds the viewer accepts and so can record herself; nobody hands in another's portfolio."""
        return {each.code for each in kinds if not each.is_portfolio and self.accepts(each.accepted_by)}
