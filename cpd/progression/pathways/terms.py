"""What one version of a scheme says of careers, in the form in which standing is asked and shown. Plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cpd.catalogue.facts import Scheme
from cpd.requirements.language import NOTHING, AllOf, Requirement
from cpd.schemes.award_shape import PracticeEducatorStage
from cpd.schemes.pathway_shape import CareerPathway, Criterion, EvidenceKind, Panel, Transition
from cpd.schemes.shape import CareerLevel, Pack

PathwayAndLevel = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """A transition in the form in which it is asked: the lines that must be met, and flags that are only shown.

    `requirement` is all lines together; each of its lines is that of the criterion at the same place.
    """

    transition: Transition
    requirement: Requirement
    criteria: tuple[Criterion, ...]
    flags: tuple[Criterion, ...]
    flags_asked: tuple[Requirement, ...]

    @property
    def is_published(self) -> bool:
        """Whether the report says what it takes (AMB-43)."""
        return self.requirement != NOTHING


@dataclass(frozen=True, slots=True)
class Terms:
    """A version's pathways and levels by code, what leads on from each level, and everything's title by its code."""

    scheme_version_id: int
    version: int
    pathways: Mapping[str, CareerPathway]
    levels: Mapping[str, CareerLevel]
    panels: Mapping[str, Panel]
    evidence: Mapping[str, EvidenceKind]
    ways: Mapping[PathwayAndLevel, tuple[Way, ...]]
    titles: Mapping[str, str]
    modules: frozenset[str]
    programmes: frozenset[str]
    awards: frozenset[str]
    assumptions: Mapping[str, str]
    practice_educator: tuple[PracticeEducatorStage, ...]

    def pathway_for(self, staff_type: str, career_level: str) -> CareerPathway | None:
        """Return the first pathway that is for such staff and has the career level, or None (W-17)."""
        found = (
            each
            for each in self.pathways.values()
            if staff_type in each.staff_types and career_level in (*each.levels, *each.beside)
        )
        return next(found, None)

    def has_level(self, pathway_code: str, career_level: str) -> bool:
        """Say whether a pathway of this version has a career level."""
        pathway = self.pathways.get(pathway_code)
        return pathway is not None and career_level in (*pathway.levels, *pathway.beside)

    def title(self, code: str) -> str:
        """Name something by its code; what has no title here keeps its code."""
        return self.titles.get(code, code)

    def level_title(self, code: str) -> str:
        """`Experienced social worker`."""
        return self.levels[code].title if code in self.levels else code


def terms_of(scheme: Scheme) -> Terms:
    """Take what a version says of careers."""
    pack = scheme.pack
    ways: defaultdict[PathwayAndLevel, list[Way]] = defaultdict(list)
    for pathway in pack.career_pathways:
        for transition in pathway.transitions:
            ways[pathway.code, transition.from_level].append(_way(transition))
    return Terms(
        scheme.id,
        pack.version,
        {each.code: each for each in pack.career_pathways},
        {each.code: each for each in pack.career_levels},
        {each.code: each for each in pack.panels},
        {each.code: each for each in pack.evidence_kinds},
        {key: tuple(each) for key, each in ways.items()},
        _titles(pack),
        frozenset(each.code for each in pack.modules),
        frozenset(each.code for each in pack.programmes),
        frozenset(each.code for each in pack.awards),
        {each.id: each.sentence for each in pack.assumptions},
        pack.practice_educator_stages,
    )


def _way(transition: Transition) -> Way:
    """Put a transition into the evaluator's language once, for everybody who is asked."""
    criteria = tuple(each for each in transition.criteria if not each.is_flag)
    flags = tuple(each for each in transition.criteria if each.is_flag)
    requirement = AllOf(tuple(each.asked for each in criteria)) if criteria else NOTHING
    return Way(transition, requirement, criteria, flags, tuple(each.asked for each in flags))


def _titles(pack: Pack) -> dict[str, str]:
    """Name everything that a criterion may speak of."""
    modules = {each.code: ": ".join(filter(None, (each.number_label, each.title))) for each in pack.modules}
    levels = {each.code: each.title for each in pack.career_levels}
    programmes = {each.code: each.title for each in pack.programmes}
    judged = {each.code: each.title for each in pack.panels} | {each.code: each.title for each in pack.evidence_kinds}
    earned = {each.code: each.title for each in pack.prior_learning} | {each.code: each.title for each in pack.awards}
    return levels | programmes | judged | earned | modules


def cited(cites: Iterable[str], terms: Terms) -> list[str]:
    """Return the assumptions behind some citations, each once, in a sentence for people."""
    return [terms.assumptions[cite] for cite in dict.fromkeys(cites) if cite in terms.assumptions]
