"""What a requirement names and how requirements lean on each other, without asking any record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from cpd.requirements.language import Branch, Completed, Credits, Leaf, Outcome, Requirement, YearsQualified


def leaves_of(requirement: Requirement) -> Iterator[Leaf]:
    """Go through the single lines of a requirement, in the order written."""
    if isinstance(requirement, Branch):
        for line in requirement.lines:
            yield from leaves_of(line)
    else:
        yield requirement


def modules_in(requirement: Requirement) -> tuple[str, ...]:
    """Return the code of every module whose completion is asked for, each once, in the order written."""
    return tuple(dict.fromkeys(leaf.module for leaf in leaves_of(requirement) if isinstance(leaf, Completed)))


def is_monotone(requirement: Requirement) -> bool:
    """Say whether a further fact can never undo it once it is met.

    A newer outcome can undo an older one, and a career break that is deducted can undo years; every other
    line only gains. The lapse of time may still undo a line, and within an award a further fact may make
    another line do the work, but never for a worse answer of the whole.
    """
    return not any(
        isinstance(leaf, Outcome) or (isinstance(leaf, YearsQualified) and leaf.deduct_breaks)
        for leaf in leaves_of(requirement)
    )


def cycles_in(prerequisites: Mapping[str, Requirement]) -> list[list[str]]:
    """Return the circles among modules as ways round: each needs the next, and the last needs the first.

    Every way round begins with its first code in the order of the alphabet. When circles share a step,
    one of them is named; with all that are named broken, none is left.
    """
    needs = _needs(prerequisites)
    circles = []
    while circle := _some_circle(needs):
        circles.append(circle)
        needs[circle[0]].remove(circle[1 % len(circle)])
    return circles


def needed_first(prerequisites: Mapping[str, Requirement]) -> tuple[str, ...]:
    """Return the modules in an order in which each comes after everything it needs.

    Raises graphlib.CycleError, a ValueError, when there is no such order.
    """
    return tuple(code for code in TopologicalSorter(_needs(prerequisites)).static_order() if code in prerequisites)


def _needs(prerequisites: Mapping[str, Requirement]) -> dict[str, list[str]]:
    """Return what each module needs directly: completions, and credits that other modules carry."""
    return {
        code: sorted({*modules_in(requirement), *_sources_in(requirement)})
        for code, requirement in sorted(prerequisites.items())
    }


def _sources_in(requirement: Requirement) -> Iterator[str]:
    for leaf in leaves_of(requirement):
        if isinstance(leaf, Credits):
            yield from leaf.sources


def _some_circle(needs: Mapping[str, list[str]]) -> list[str]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        way_round = error.args[1][:0:-1]  # backwards: each needs the next; the end repeats the beginning
        first = way_round.index(min(way_round))
        return [*way_round[first:], *way_round[:first]]
    return []
