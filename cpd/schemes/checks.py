"""What the parts of a pack ask of each other: every name leads somewhere, nothing goes in a circle.

The checks work on whatever parts are sound by themselves, so that one wrong length does not hide a
wrong prerequisite: a code counts as known as soon as it is written, even where its module has faults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from cpd.requirements.evaluator import cycles_in
from cpd.schemes.award_shape import Award, PracticeEducatorStage, award_leaves, prior_learning_too_much, stage_leaves
from cpd.schemes.early_career_shape import EarlyCareerProgramme, early_career_codes
from cpd.schemes.pathway_shape import CareerPathway, Panel, pathway_codes, pathway_leaves
from cpd.schemes.prior_learning_shape import PriorLearningKind
from cpd.schemes.problems import Problem
from cpd.schemes.protected_time_shape import ProtectedTimeAllowance
from cpd.schemes.reasons import called, did_you_mean
from cpd.schemes.requirement_shape import (
    AttendedShape,
    CompletedShape,
    CreditsShape,
    EvidenceShape,
    TimeInCareerLevelShape,
)
from cpd.schemes.shape import Equivalence, Module, Programme, Venue
from cpd.schemes.study_days_shape import StudyDayKind
from cpd.schemes.values import CITATION_PATTERN, Shape
from cpd.schemes.yaml_text import Document, Path

ShapeT = TypeVar("ShapeT", bound=Shape)

_KINDS = {
    "venues": "venue",
    "modules": "module",
    "programmes": "programme",
    "career_levels": "career level",
    "prior_learning": "kind of prior learning",
    "awards": "award",
    "study_days": "kind of study day",
    "career_pathways": "career pathway",
    "panels": "panel",
    "evidence_kinds": "kind of evidence",
    "early_career_programmes": "early-career programme",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The sound parts of a pack with the path to each, and every code that is written in it."""

    document: Document
    codes: dict[str, dict[Path, str]]
    venues: dict[Path, Venue]
    modules: dict[Path, Module]
    equivalences: dict[Path, Equivalence]
    programmes: dict[Path, Programme]
    prior_learning: dict[Path, PriorLearningKind]
    awards: dict[Path, Award]
    stages: dict[Path, PracticeEducatorStage]
    pathways: dict[Path, CareerPathway]
    panels: dict[Path, Panel]
    early_career: dict[Path, EarlyCareerProgramme]

    def problem(self, path: Path, reason: str) -> Problem:
        """Say what is wrong at the path."""
        return self.document.problem(path, f"{called(self.document.value, path)}: {reason}")

    def line(self, path: Path) -> int:
        """Give the line on which something stands."""
        return self.document.marks[path][0]


def draft_of(document: Document) -> Draft:
    """Take the parts that are sound by themselves."""
    return Draft(
        document,
        {section: _written(document, section, "code") for section in _KINDS},
        _sound(document, "venues", Venue),
        _sound(document, "modules", Module),
        _sound(document, "equivalences", Equivalence),
        _sound(document, "programmes", Programme),
        _sound(document, "prior_learning", PriorLearningKind),
        _sound(document, "awards", Award),
        _sound(document, "practice_educator_stages", PracticeEducatorStage),
        _sound(document, "career_pathways", CareerPathway),
        _sound(document, "panels", Panel),
        _sound(document, "early_career_programmes", EarlyCareerProgramme),
    )


def cross_problems(draft: Draft) -> list[Problem]:
    """List everything that is wrong between the parts of a pack."""
    checks = (
        _codes_given_twice,
        _venue_names_given_twice,
        _module_names_given_twice,
        _credit_sources_given_twice,
        _unknown_codes,
        _unknown_credit_sources,
        _counts_out_of_reach,
        _awards_out_of_reach,
        _stages_given_twice,
        _protected_time_given_twice,
        _circles,
        _chains,
        _modules_twice_in_a_programme,
        _rules_not_listed,
    )
    return [problem for check in checks for problem in check(draft)]


def _items(document: Document, section: str) -> list[Any]:
    found = document.value.get(section) if isinstance(document.value, dict) else None
    return found if isinstance(found, list) else []


def _written(document: Document, section: str, key: str) -> dict[Path, str]:
    """Every text under the key in a section's items, whether or not the item is sound."""
    items = enumerate(_items(document, section))
    texts = {(section, place, key): item.get(key) for place, item in items if isinstance(item, dict)}
    return {path: text for path, text in texts.items() if isinstance(text, str)}


def _sound(document: Document, section: str, shape: type[ShapeT]) -> dict[Path, ShapeT]:
    sound: dict[Path, ShapeT] = {}
    for place, item in enumerate(_items(document, section)):
        try:
            sound[section, place] = shape.model_validate_json(json.dumps(item))
        except ValidationError:
            continue
    return sound


def _same(name: str) -> str:
    """Reduce a name to what is left when capitals and spacing say nothing."""
    return " ".join(name.casefold().split())


def given_twice(draft: Draft, names: Iterable[tuple[Path, Path, str]]) -> Iterator[Problem]:
    """Find names, each given as owner, place and name, that belong to more than one owner."""
    first: dict[str, tuple[Path, Path]] = {}
    for owner, place, name in names:
        first_owner, first_place = first.setdefault(_same(name), (owner, place))
        if first_owner != owner:
            yield draft.problem(place, f"{name!r} is given twice: first in line {draft.line(first_place)}")


def _codes_given_twice(draft: Draft) -> Iterator[Problem]:
    """Codes are unique in their section whatever their capitals, rooms within their venue."""
    others = (("assumptions", "id"), ("award_places", "award"))
    for codes in (*draft.codes.values(), *(_written(draft.document, *each) for each in others)):
        yield from given_twice(draft, ((path[:-1], path, code) for path, code in codes.items()))
    for path, venue in draft.venues.items():
        places = ((*path, "rooms", place) for place in range(len(venue.rooms)))
        rooms = zip(places, venue.rooms, strict=True)
        yield from given_twice(draft, ((place, (*place, "code"), room.code) for place, room in rooms))


def _names_at(path: Path, named: Shape, keys: Iterable[str]) -> Iterator[tuple[Path, Path, str]]:
    """Every name of one thing, with the thing and the place of the name."""
    for key in keys:
        names = getattr(named, key)
        if isinstance(names, str):
            yield path, (*path, key), names
        for place, name in enumerate(names if isinstance(names, tuple) else ()):
            yield path, (*path, key, place), name


def _venue_names_given_twice(draft: Draft) -> Iterator[Problem]:
    """Find names by which a timetable would lead to two venues, or to two rooms of one (AMB-28)."""
    keys = ("name", "other_names")
    venues = draft.venues.items()
    yield from given_twice(draft, (found for path, venue in venues for found in _names_at(path, venue, keys)))
    for path, venue in venues:
        rooms = (((*path, "rooms", place), room) for place, room in enumerate(venue.rooms))
        yield from given_twice(draft, (found for place, room in rooms for found in _names_at(place, room, keys)))


def _module_names_given_twice(draft: Draft) -> Iterator[Problem]:
    """Find numbers, titles and other names by which a timetable would lead to two modules of a programme."""
    paths = {module.code: path for path, module in draft.modules.items()}
    for programme in draft.programmes.values():
        elements = [paths[element.module] for element in programme.elements if element.module in paths]
        names = (_names_at(path, draft.modules[path], ("number_label", "title", "other_names")) for path in elements)
        yield from given_twice(draft, (name for names_of_one in names for name in names_of_one))


def _credit_sources_given_twice(draft: Draft) -> Iterator[Problem]:
    """Find codes that are a module's and a prior learning's: credits name only the one code that they come from."""
    codes = (*draft.codes["modules"].items(), *draft.codes["prior_learning"].items())
    sections: dict[str, Path] = {}
    for path, code in codes:
        first = sections.setdefault(_same(code), path)
        if first[0] != path[0]:
            yield draft.problem(path, f"{code!r} is a module too, in line {draft.line(first)}")


def _unknown_credit_sources(draft: Draft) -> Iterator[Problem]:
    """Credits come from a module or from prior learning that the pack has (AMB-01)."""
    known = {*draft.codes["modules"].values(), *draft.codes["prior_learning"].values()}
    for path, leaf in leaves_asked(draft):
        for place, code in enumerate(leaf.sources if isinstance(leaf, CreditsShape) else ()):
            if code not in known:
                reason = f"there is no module and no prior learning {code!r}{did_you_mean(code, known)}"
                yield draft.problem((*path, "sources", place), reason)


def _unknown_codes(draft: Draft) -> Iterator[Problem]:
    """Every code that is used must be one that is given."""
    for section, path, code in _codes_used(draft):
        known = set(draft.codes[section].values())
        if code not in known:
            yield draft.problem(path, f"there is no {_KINDS[section]} {code!r}{did_you_mean(code, known)}")


def _codes_used(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, module in draft.modules.items():
        if module.default_venue:
            yield "venues", (*path, "default_venue"), module.default_venue
    yield from _codes_asked_for(draft)
    for path, equivalence in draft.equivalences.items():
        yield "modules", (*path, "module"), equivalence.module
        yield "modules", (*path, "other"), equivalence.other
    for path, programme in draft.programmes.items():
        for place, element in enumerate(programme.elements):
            yield "modules", (*path, "elements", place, "module"), element.module
    yield from _levels_of_awards(draft)
    yield from _levels_of_study_days(draft)
    yield from _levels_with_protected_time(draft)
    for path, award in _written(draft.document, "award_places", "award").items():
        yield "awards", path, award
    yield from _conversation_at_the_retention_point(draft)
    for path, pathway in draft.pathways.items():
        yield from ((section, path + way, code) for section, way, code in pathway_codes(pathway))
    for path, early in draft.early_career.items():
        yield from ((section, path + way, code) for section, way, code in early_career_codes(early))


def _codes_asked_for(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, leaf in leaves_asked(draft):
        if isinstance(leaf, CompletedShape):
            yield "modules", (*path, "module"), leaf.module
        if isinstance(leaf, AttendedShape):
            yield "programmes", (*path, "programme"), leaf.programme
        if isinstance(leaf, EvidenceShape):
            yield "evidence_kinds", (*path, "kind"), leaf.kind
        if isinstance(leaf, TimeInCareerLevelShape):
            yield "career_levels", (*path, "career_level"), leaf.career_level


def _conversation_at_the_retention_point(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    point = draft.document.value.get("retention_point")
    if isinstance(point, dict) and isinstance(code := point.get("conversation"), str):
        yield "evidence_kinds", ("retention_point", "conversation"), code


def _levels_of_study_days(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, kind in _sound(draft.document, "study_days", StudyDayKind).items():
        for place, entitlement in enumerate(kind.entitlements):
            for number, career_level in enumerate(entitlement.career_levels):
                yield "career_levels", (*path, "entitlements", place, "career_levels", number), career_level


def _levels_with_protected_time(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, promised in _sound(draft.document, "protected_time", ProtectedTimeAllowance).items():
        for place, career_level in enumerate(promised.career_levels):
            yield "career_levels", (*path, "career_levels", place), career_level


def _protected_time_given_twice(draft: Draft) -> Iterator[Problem]:
    """A career level has one share of its hours as protected time (S-1)."""
    levels = ((path[:2], path, career_level) for _, path, career_level in _levels_with_protected_time(draft))
    yield from given_twice(draft, levels)


def _levels_of_awards(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, award in draft.awards.items():
        for place, instead in enumerate(award.instead):
            yield "career_levels", (*path, "instead", place, "above"), instead.above


def leaves_asked(draft: Draft) -> Iterator[tuple[Path, Shape]]:
    """Every leaf of every requirement in a pack, with its place."""
    for path, module in draft.modules.items():
        if module.prerequisites:
            yield from module.prerequisites.leaves((*path, "prerequisites"))
    for path, kind in draft.prior_learning.items():
        if kind.needs:
            yield from kind.needs.leaves((*path, "needs"))
    for path, award in draft.awards.items():
        yield from ((path + way, leaf) for way, leaf in award_leaves(award))
    for path, stage in draft.stages.items():
        yield from ((path + way, leaf) for way, leaf in stage_leaves(stage))
    for path, pathway in draft.pathways.items():
        yield from ((path + way, leaf) for way, leaf in pathway_leaves(pathway))


def _counts_out_of_reach(draft: Draft) -> Iterator[Problem]:
    """Nobody can attend more of a programme than there is (AMB-36)."""
    sizes = {programme.code: len(programme.elements) for programme in draft.programmes.values()}
    for path, leaf in leaves_asked(draft):
        if isinstance(leaf, AttendedShape) and leaf.count > sizes.get(leaf.programme, leaf.count):
            reason = f"asks for {leaf.count} modules of {leaf.programme}, which has {sizes[leaf.programme]}"
            yield draft.problem((*path, "count"), reason)


def _awards_out_of_reach(draft: Draft) -> Iterator[Problem]:
    """No award may ask for more prior learning than it lets count, nor have two compositions of one name (AMB-01)."""
    modules = set(draft.codes["modules"].values())
    for path, award in draft.awards.items():
        for way, reason in prior_learning_too_much(award, modules):
            yield draft.problem(path + way, reason)
        codes = (((*path, "instead", place), each.code) for place, each in enumerate(award.instead))
        yield from given_twice(draft, ((place, (*place, "code"), code) for place, code in codes))


def _stages_given_twice(draft: Draft) -> Iterator[Problem]:
    """There is one way to hold each stage of the standards for practice educators."""
    stages = ((path, (*path, "stage"), str(stage.stage)) for path, stage in draft.stages.items())
    yield from given_twice(draft, stages)


def _circles(draft: Draft) -> Iterator[Problem]:
    """No module may need itself, however long the way round."""
    paths = {module.code: path for path, module in draft.modules.items()}
    for circle in cycles_in({module.code: module.requirement for module in draft.modules.values()}):
        way = ", which needs ".join([*circle[1:], circle[0]])
        yield draft.problem((*paths[circle[0]], "prerequisites"), f"goes in a circle: {circle[0]} needs {way}")


def _chains(draft: Draft) -> Iterator[Problem]:
    """Find equivalences that lead on to another: A counts as B, and B as C."""
    counted_as = {equivalence.module: path for path, equivalence in draft.equivalences.items()}
    for path, equivalence in draft.equivalences.items():
        if chained := counted_as.get(equivalence.other):
            reason = f"is a chain: something else counts as {equivalence.other} already, in line {draft.line(chained)}"
            yield draft.problem((*path, "other"), reason)


def _modules_twice_in_a_programme(draft: Draft) -> Iterator[Problem]:
    for path, programme in draft.programmes.items():
        places = ((*path, "elements", place) for place in range(len(programme.elements)))
        elements = zip(places, programme.elements, strict=True)
        yield from given_twice(draft, ((place, (*place, "module"), element.module) for place, element in elements))


def _rules_not_listed(draft: Draft) -> Iterator[Problem]:
    """Find cited rules that stand neither under source nor under assumptions, where people look them up."""
    value = draft.document.value
    source = value.get("source") if isinstance(value, dict) else None
    listed = source.get("cites") if isinstance(source, dict) else None
    if not isinstance(listed, list):
        return
    known = {*map(str, listed), *_written(draft.document, "assumptions", "id").values()}
    for path, citation in _cited(value, ()):
        if path[0] != "source" and citation not in known:
            yield draft.problem(path, f"cites {citation}, which stands neither under source nor under assumptions")


def _cited(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _cited(part, (*path, key))
    if isinstance(value, list):
        for place, part in enumerate(value):
            if path[-1:] == ("cites",) and isinstance(part, str) and re.fullmatch(CITATION_PATTERN, part):
                yield (*path, place), part
            yield from _cited(part, (*path, place))
