"""How somebody stood when her request was raised, kept with it, and whether it still stands so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.progression.panels.models import PanelDecision
from cpd.progression.pathways.reading import Look
from cpd.progression.pathways.rules import LineStanding, Readiness, TransitionStanding
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.pathways.words import facts_words, flag_words, line_label
from cpd.progression.requests.models import ProgressionRequest, ProgressionStep
from cpd.progression.requests.rules import ACT_OF, ENDS, RequestKind, StepStatus, fallen
from cpd.requirements.evaluator import State
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared.clock import in_london
from cpd.shared.database import db


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One criterion as it stood: its title, its state with a tone, and what it rested on in sentences."""

    code: str
    title: str
    state: str
    label: tuple[str, str]
    words: tuple[str, ...]
    is_flag: bool
    is_invented: bool

    @property
    def is_met(self) -> bool:
        """Whether it was met."""
        return self.state == State.MET


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """What of a request's grounds is there no longer: the titles of lines, and whether she still has the level."""

    fallen: tuple[str, ...] = ()
    still_at_level: bool = True

    @property
    def stands(self) -> bool:
        """Whether all that it rests on is still there."""
        return not self.fallen and self.still_at_level


class RestsOnAStanding(Protocol):
    """A request, as far as its grounds are looked at again."""

    @property
    def person_id(self) -> int:
        """Whose it is."""

    @property
    def request_kind(self) -> str:
        """Whether it goes on, or takes a change back."""

    @property
    def transition_code(self) -> str:
        """By which step."""

    @property
    def from_level(self) -> str:
        """From which career level."""

    @property
    def scheme_version_id(self) -> int:
        """By which version of the rules."""

    @property
    def requested_at(self) -> datetime:
        """When it was raised."""

    @property
    def again_of_id(self) -> int | None:
        """Which request it takes up again after an appeal."""


def freeze(found: TransitionStanding, terms: Terms) -> list[dict[str, Any]]:
    """Keep how somebody stands, line by line and the flags apart, as JSON can hold it."""
    lines = [_line(line, terms, is_flag=False) for line in found.lines]
    return lines + [_line(line, terms, is_flag=True) for line in found.flags]


def lines_of(standing: Iterable[dict[str, Any]]) -> tuple[FrozenLine, ...]:
    """Give the lines back that were kept."""
    return tuple(
        FrozenLine(
            each["code"],
            each["title"],
            each["state"],
            (each["label"][0], each["label"][1]),
            tuple(each["words"]),
            each["is_flag"],
            each["is_invented"],
        )
        for each in standing
    )


def look_again(request: RestsOnAStanding, lines: Sequence[FrozenLine], on: date) -> LookedAgain:
    """Look on a day whether all that was met when a request was raised is met still, by its own version of the rules.

    What only time has run out of since does not count against her: a line stands where it is met on that day, or was
    on the day of the request by what is known now. One that takes another up again after an appeal rests on what
    panels recommended before the step at which that one ended. Taking a change back rests on no criteria.
    """
    if request.request_kind == RequestKind.REVERSAL:
        return LookedAgain()
    terms = terms_of(catalogue.schemes_by_id([request.scheme_version_id])[request.scheme_version_id])
    now = Look([request.person_id], on).readiness(request.person_id, terms)
    if now.to(request.transition_code) is None or now.career_level != request.from_level:
        return LookedAgain(still_at_level=False)
    met = _met(now, request.transition_code)
    asked_on = _asked_on(request)
    if asked_on < on and fallen(_before(lines), met):
        then = _met(Look([request.person_id], asked_on).readiness(request.person_id, terms), request.transition_code)
        met = {code: met.get(code, False) or then.get(code, False) for code in {*met, *then}}
    titles = {line.code: line.title for line in lines}
    gone = [titles[code] for code in fallen(_before(lines), met)]
    return LookedAgain((*gone, *_panels_against(request.again_of_id, terms)))


def _panels_against(request_id: int | None, terms: Terms) -> list[str]:
    """List by title which panels a request and those before it in its line had passed, and are now against it."""
    against = []
    while request_id is not None:
        wanted = (
            select(ProgressionStep.panel_code, PanelDecision.outcome)
            .join(PanelDecision, PanelDecision.case_id == ProgressionStep.case_id)
            .where(
                ProgressionStep.request_id == request_id,
                ProgressionStep.status == StepStatus.DONE,
                PanelDecision.superseded_at.is_(None),
            )
        )
        decided = db.session.execute(wanted.order_by(ProgressionStep.place))
        against += [terms.title(code or "") for code, outcome in decided if ACT_OF[PanelOutcome(outcome)] in ENDS]
        earlier = select(ProgressionRequest.again_of_id).where(ProgressionRequest.id == request_id)
        request_id = db.session.scalar(earlier)
    return against


def _asked_on(request: RestsOnAStanding) -> date:
    """Return the day of how she stood: one that takes another up again after an appeal rests on the first one's."""
    asked_at, before = request.requested_at, request.again_of_id
    while before is not None:
        wanted = select(ProgressionRequest.requested_at, ProgressionRequest.again_of_id)
        asked_at, before = db.session.execute(wanted.where(ProgressionRequest.id == before)).one()
    return in_london(asked_at).date()


def _before(lines: Iterable[FrozenLine]) -> list[tuple[str, bool]]:
    """Return the lines that count, by code, and whether each was met."""
    return [(line.code, line.is_met) for line in lines if not line.is_flag]


def _met(found: Readiness, transition_code: str) -> dict[str, bool]:
    """Say of each line, by code, whether it is met."""
    standing = found.to(transition_code)
    lines = standing.lines if standing else ()
    return {line.criterion.code: line.standing.state is State.MET for line in lines}


def _line(line: LineStanding, terms: Terms, *, is_flag: bool) -> dict[str, Any]:
    """Keep one line."""
    label = (flag_words(line), "neutral") if is_flag else line_label(line)
    return {
        "code": line.criterion.code,
        "title": line.criterion.title,
        "state": str(line.standing.state),
        "label": list(label),
        "words": _words(line, terms),
        "is_flag": is_flag,
        "is_invented": line.criterion.is_invented,
    }


def _words(line: LineStanding, terms: Terms) -> list[str]:
    """Say on what a line rests; where it joins several, what each of those that are met rests on."""
    leaves = [each for each in line.standing.leaves() if each.state is State.MET] or [line.standing]
    return [words for leaf in leaves for words in facts_words(leaf, terms)]
