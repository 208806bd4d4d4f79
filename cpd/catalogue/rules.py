"""What follows from a scheme by itself: the way through a programme, what opens what, what a search finds.

Plain Python on frozen facts; nothing here knows any person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cpd.catalogue.facts import EquivalenceFacts, ModuleFacts, ProgrammeFacts
from cpd.requirements.evaluator import modules_in


@dataclass(frozen=True, slots=True)
class Step:
    """A module in its programme; `needs` are the codes of the programme's modules that it asks for."""

    module: ModuleFacts
    is_mandatory: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A programme as a way to go: its steps in their order. An edge (a, b) says that b needs a (G-1 to G-4)."""

    programme: ProgrammeFacts
    steps: tuple[Step, ...]

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Every need between the programme's own modules."""
        return tuple((need, step.module.code) for step in self.steps for need in step.needs)


def route_of(programme: ProgrammeFacts, modules: Mapping[int, ModuleFacts]) -> Route:
    """Lay a programme out as steps; what a module needs from elsewhere is no step of it."""
    own = {element.module_code for element in programme.elements}
    steps = []
    for element in programme.elements:
        module = modules[element.module_id]
        needs = tuple(code for code in modules_in(module.requirement) if code in own)
        steps.append(Step(module, element.is_mandatory, needs))
    return Route(programme, tuple(steps))


def opened_by(code: str, modules: Iterable[ModuleFacts]) -> tuple[ModuleFacts, ...]:
    """List the modules that ask for this one."""
    return tuple(module for module in modules if code in modules_in(module.requirement))


def about_module(module_id: int, equivalences: Iterable[EquivalenceFacts]) -> tuple[EquivalenceFacts, ...]:
    """List what counts as a module and what it counts as (G-5)."""
    return tuple(each for each in equivalences if module_id in (each.module_id, each.other_module_id))


def found_by(words: str, texts: Iterable[str], terms: Collection[tuple[str, ...]]) -> bool:
    """Say whether every word searched for begins a word of the texts.

    Words that mean one thing find each other: "non-violent" finds what is only called NVR.
    """
    said = f" {_plain(' '.join(texts))} "
    for meaning in terms:
        if any(f" {_plain(term)} " in said for term in meaning):
            said += f"{_plain(' '.join(meaning))} "
    return all(f" {word}" in said for word in _plain(words).split())


def texts_of(module: ModuleFacts) -> tuple[str, ...]:
    """Give the texts by which a module is found."""
    return (module.code, module.number_label, module.title, *module.other_names, module.covers, module.audience.words)


def _plain(text: str) -> str:
    """Reduce a text to its words: letters and figures in lower case, with single spaces."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
