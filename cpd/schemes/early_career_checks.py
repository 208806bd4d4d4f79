"""What early-career programmes ask of the rest of a pack, beside the codes that they use."""

from __future__ import annotations

from collections.abc import Iterator

from cpd.schemes.checks import Draft
from cpd.schemes.framework import frameworks
from cpd.schemes.pathway_shape import PanelKind
from cpd.schemes.problems import Problem
from cpd.schemes.reasons import did_you_mean


def early_career_problems(draft: Draft) -> list[Problem]:
    """List everything by which early-career programmes and the rest of a pack do not fit together."""
    return [*_unknown_frameworks(draft), *_panels_of_the_wrong_kind(draft)]


def _unknown_frameworks(draft: Draft) -> Iterator[Problem]:
    """A framework is one that comes with the product, in any version."""
    known = {each.code for each in frameworks()}
    for path, programme in draft.early_career.items():
        if programme.framework is not None and programme.framework not in known:
            reason = f"there is no framework {programme.framework!r}{did_you_mean(programme.framework, known)}"
            yield draft.problem((*path, "framework"), reason)


def _panels_of_the_wrong_kind(draft: Draft) -> Iterator[Problem]:
    """A programme ends with a panel that moderates; an interview is for a level, not for a year."""
    kinds = {panel.code: panel.panel_kind for panel in draft.panels.values()}
    for path, programme in draft.early_career.items():
        if programme.panel in kinds and kinds[programme.panel] is not PanelKind.MODERATION:
            yield draft.problem((*path, "panel"), f"{programme.panel} is no moderation panel")
