"""Vacancies as somebody meets them: whether her own next step leads there, and what each step asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.progression.pathways.terms import terms_of
from cpd.progression.pathways.words import steps_words
from cpd.progression.vacancies.reading import steps_into
from cpd.schemes.pathway_shape import TransitionMode
from cpd.shared import clock


@dataclass(frozen=True, slots=True)
class MyPart:
    """Into which career levels the next step of somebody leads by way of a vacancy, and whether she progresses here."""

    steps: Mapping[str, str]
    """By career level, the code of the step that leads there from hers."""
    progresses: bool

    def leads_to(self, career_level: str) -> bool:
        """Say whether one step leads from her career level into a vacancy's."""
        return career_level in self.steps


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step into a vacancy's level: from where, what it asks line by line, who decides, and what else to know."""

    title: str
    from_title: str
    criteria: tuple[str, ...]
    decides: tuple[str, ...]
    note: str


def my_part(person_id: int, organisation_id: int) -> MyPart:
    """Say into which levels somebody's next step leads, by the scheme in force. Two queries."""
    scheme = catalogue.scheme_in_force(organisation_id)
    post = people.posts_on([person_id], clock.today()).get(person_id)
    if scheme is None or post is None:
        return MyPart({}, progresses=False)
    pathway = terms_of(scheme).pathway_for(post.staff_type, post.career_level)
    steps = {
        each.to_level: each.code
        for each in (pathway.transitions if pathway else ())
        if each.transition_mode is TransitionMode.VACANCY and each.from_level == post.career_level
    }
    return MyPart(steps, progresses=pathway is not None)


def steps_shown(organisation_id: int, career_level: str) -> list[StepShown]:
    """Say what each step into a career level by way of a vacancy asks, by the scheme in force."""
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return []
    terms = terms_of(scheme)
    return [
        StepShown(
            title=each.title,
            from_title=terms.level_title(each.from_level),
            criteria=tuple(criterion.title for criterion in each.criteria if not criterion.is_flag),
            decides=tuple(steps_words(each, terms)),
            note=each.note or "",
        )
        for each in steps_into(scheme.pack, career_level)
    ]
