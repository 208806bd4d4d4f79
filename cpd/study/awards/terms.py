"""What one version of a scheme says of awards, in the form in which standing is asked and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cpd.catalogue.service import Scheme
from cpd.requirements.language import Credits, Requirement
from cpd.requirements.structure import leaves_of
from cpd.schemes.award_shape import Award, PracticeEducatorStage
from cpd.schemes.prior_learning_shape import PriorLearningKind
from cpd.schemes.shape import CareerLevel, Pack, Programme
from cpd.study.awards.rules import Offer

Titled = PriorLearningKind | CareerLevel | Award | Programme


@dataclass(frozen=True, slots=True)
class Terms:
    """A version's awards and stages, its modules' codes, its career levels from the lowest on, and titles by code.

    `with_places` are the awards of which there are so many places a year, for which one applies (S-5).
    """

    scheme_version_id: int
    version: int
    awards: Mapping[str, Award]
    stages: tuple[PracticeEducatorStage, ...]
    modules: frozenset[str]
    career_levels: tuple[str, ...]
    titles: Mapping[str, str]
    with_places: frozenset[str]
    assumptions: Mapping[str, str]
    _pack: Pack

    def offers_for(self, requirement: Requirement) -> list[Offer]:
        """List what can bring credits for a requirement, in the order of the pack.

        What does not say how many it brings is taken to bring what the line asks.
        """
        asked = [leaf for leaf in leaves_of(requirement) if isinstance(leaf, Credits)]
        offers = [
            *((each.code, each.credits, each.academic_level, True) for each in self._pack.modules),
            *((each.code, each.credits, each.academic_level, each.only_once) for each in self._pack.prior_learning),
        ]
        return [
            Offer(code, brings or _most_asked(code, asked), academic_level or _level_asked(code, asked), once)
            for code, brings, academic_level, once in offers
            if any(code in leaf.sources for leaf in asked)
        ]


def terms_of(scheme: Scheme) -> Terms:
    """Take what a version says of awards."""
    pack = scheme.pack
    modules = {each.code: ": ".join(filter(None, (each.number_label, each.title))) for each in pack.modules}
    named = (pack.prior_learning, pack.career_levels, pack.awards, pack.programmes)
    others = {code: title for part in named for code, title in _titles(part)}
    return Terms(
        scheme.id,
        pack.version,
        {each.code: each for each in pack.awards},
        pack.practice_educator_stages,
        frozenset(modules),
        tuple(each.code for each in pack.career_levels),
        others | modules,
        frozenset(each.award for each in pack.award_places),
        {each.id: each.sentence for each in pack.assumptions},
        pack,
    )


def _titles(part: Iterable[Titled]) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in part]


def _most_asked(code: str, asked: list[Credits]) -> Decimal:
    return max(leaf.credits for leaf in asked if code in leaf.sources)


def _level_asked(code: str, asked: list[Credits]) -> int:
    return max(leaf.academic_level for leaf in asked if code in leaf.sources)
