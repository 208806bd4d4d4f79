"""Awards put together for a page: the figure first, then each line with what comes next, then what does not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import NamedTuple

from cpd.requirements.evaluator import Standing, State
from cpd.requirements.language import Credits, Requirement
from cpd.shared import clock
from cpd.study.awards.prior_learning import is_credit, source_of
from cpd.study.awards.reading import AwardsOf, AwardView
from cpd.study.awards.rules import USUAL, Counted, LeftOut, Status
from cpd.study.awards.stages import StagePlace
from cpd.study.awards.words import (
    STATUSES,
    educator_words,
    figure_words,
    left_out_words,
    line_label,
    line_title,
    line_words,
    stage_label,
    waits_words,
    ways_words,
)

CLAIMS = "/my/credits/prior-learning"
"""Where prior learning is claimed."""


class Link(NamedTuple):
    """Where to go on, and in which words."""

    href: str
    text: str


class Bar(NamedTuple):
    """How much of a bar is done, and how much expected: in credits, or in the parts of them that come out whole."""

    done: int
    ahead: int
    total: int


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: its title (else the requirement is put into words), how it stands, on what, and what comes next."""

    title: str
    requirement: Requirement
    label: tuple[str, str]
    words: Sequence[str]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class ShownAward:
    """One award as a page shows it."""

    code: str
    title: str
    academic_level: int
    view: AwardView
    label: tuple[str, str]
    figure: str
    bar: Bar | None
    lines: Sequence[ShownLine]
    ways: str
    waits: str
    is_stuck: bool
    left_out: Sequence[str]
    needs_proof: Sequence[tuple[str, str]]
    why_so: str
    assumptions: Sequence[str]
    is_of_older_rules: bool


@dataclass(frozen=True, slots=True)
class ShownStage:
    """One practice educator's stage as a page shows it."""

    title: str
    allows: str
    label: tuple[str, str]
    entry: Standing | None
    currency: Standing | None


@dataclass(frozen=True, slots=True)
class ShownAwards:
    """All awards of somebody, and her practice educator's stage in words."""

    awards: Sequence[ShownAward]
    educator: str
    stages: Sequence[ShownStage]
    titles: dict[str, str]
    assumptions: Sequence[str]

    @property
    def taken(self) -> list[ShownAward]:
        """Those that she is enrolled on or holds."""
        return [each for each in self.awards if each.view.enrolment]

    @property
    def others(self) -> list[ShownAward]:
        """Those that there are besides."""
        return [each for each in self.awards if not each.view.enrolment]

    def award(self, code: str) -> ShownAward | None:
        """Return one award, or None."""
        return next((each for each in self.awards if each.code == code), None)


def shown_awards(mine: AwardsOf, *, is_own: bool) -> ShownAwards:
    """Put all awards of somebody together; only on her own page lead links to her own pages."""
    terms = mine.terms
    cited = [cite for each in (terms.stages if terms else ()) for cite in each.cites]
    return ShownAwards(
        [shown_award(each, is_own=is_own, in_force=terms.scheme_version_id if terms else 0) for each in mine.views],
        educator_words(mine.educator),
        [_stage(each) for each in mine.educator.stages],
        dict(terms.titles) if terms else {},
        [terms.assumptions[cite] for cite in dict.fromkeys(cited) if cite in terms.assumptions] if terms else [],
    )


def shown_award(view: AwardView, *, is_own: bool, in_force: int) -> ShownAward:
    """Put one award together for a page."""
    titles, place = view.terms.titles, view.place
    ways = ways_words(view.ways, titles)
    outstanding = place is not None and place.standing.state is State.OUTSTANDING
    older = view.enrolment is not None and view.enrolment.scheme_version_id != in_force
    return ShownAward(
        view.award.code,
        view.award.title,
        view.award.academic_level,
        view,
        _label(view),
        figure_words(view),
        _bar(place.counted) if place else None,
        [_line(line, view, is_own=is_own) for line in place.lines] if place else [],
        ways,
        waits_words(place, clock.today()) if place else "",
        outstanding and not ways,
        left_out_words(place, titles) if place else [],
        _needs_proof(view),
        _why_so(view),
        [view.terms.assumptions[cite] for cite in _cites(view) if cite in view.terms.assumptions],
        older and view.enrolment is not None and view.enrolment.status is Status.ENROLLED,
    )


def _bar(counted: Counted) -> Bar:
    """Draw credits as the words say them: where there are fractions, in parts that are whole numbers."""
    amounts = counted.done, counted.in_hand, counted.total
    parts = lcm(*(amount.as_integer_ratio()[1] for amount in amounts))
    return Bar(*(int(amount * parts) for amount in amounts))


def _label(view: AwardView) -> tuple[str, str]:
    return STATUSES[view.enrolment.status] if view.enrolment else ("Not enrolled", "neutral")


def _line(line: Standing, view: AwardView, *, is_own: bool) -> ShownLine:
    """Show one line; what is still to do leads to where it can be done."""
    titles, modules = view.terms.titles, view.terms.modules
    asked, links = line.requirement, []
    if line.state is State.OUTSTANDING and isinstance(asked, Credits):
        had = {source_of(fact.subject) for fact in view.record.facts if is_credit(fact)}
        open_modules = [code for code in asked.sources if code in modules and code not in had]
        links = [Link(f"/modules/{code}", titles.get(code, code)) for code in open_modules]
        if is_own and any(source_of(code) not in modules for code in asked.sources):
            links.append(Link(CLAIMS, "Claim prior learning"))
    return ShownLine(line_title(line, titles), asked, line_label(line), line_words(line, titles), links)


def _needs_proof(view: AwardView) -> list[tuple[str, str]]:
    """List the prior learning that proof would let count: the activity, and what it is called."""
    left_out = view.place.left_out if view.place else ()
    learnt = (view.prior[fact.reference] for fact, why in left_out if why is LeftOut.TOO_OLD)
    return [(each.activity, each.title) for each in learnt]


def _why_so(view: AwardView) -> str:
    """Say why it is not made up in the usual way (AMB-42)."""
    return "" if view.composition.code == USUAL else view.composition.title


def _cites(view: AwardView) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*view.award.cites, *view.composition.cites)))


def _stage(place: StagePlace) -> ShownStage:
    """Show one stage; what is asked before it matters only until it is held."""
    entry = None if place.holds.is_met else place.entry
    return ShownStage(place.stage.title, place.stage.allows, stage_label(place), entry, place.currency)
