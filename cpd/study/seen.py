"""Whose something must be for a page to show it: hers, her team's or her organisation's; else it is not found."""

from __future__ import annotations

from typing import Protocol, TypeVar

from flask import abort

from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import viewer


class OfSomebody(Protocol):
    """Something of one person's, at the organisation that she works for."""

    @property
    def person_id(self) -> int:
        """Whose it is."""

    @property
    def organisation_id(self) -> int:
        """Who employs her."""


Found = TypeVar("Found", bound=OfSomebody)


def own_or_404(found: Found | None) -> Found:
    """Return what is the viewer's own."""
    if found is None or found.person_id != viewer.id:
        abort(404)
    return found


def team_or_404(found: Found | None) -> Found:
    """Return what is of somebody else whom the viewer manages today."""
    if found is None or found.person_id == viewer.id:
        abort(404)
    staff = people.team_of(viewer.id, viewer.organisation_id, clock.today())
    if found.person_id not in {each.id for each in staff}:
        abort(404)
    return found


def ours_or_404(found: Found | None) -> Found:
    """Return what is of somebody in the viewer's organisation."""
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    return found
