"""A portfolio put together for a page: how it stands, what is in it and what is missing, and its history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cpd.progression.pathways.rules import Readiness
from cpd.progression.pathways.terms import Terms
from cpd.progression.portfolios.facts import EventFacts, ItemFacts, PortfolioFacts
from cpd.progression.portfolios.rules import WHOLE, PartStanding, PortfolioStatus, parts_of
from cpd.progression.portfolios.texts import FileRead
from cpd.progression.portfolios.wording import (
    FILES_READ,
    HAPPENINGS,
    NOT_BEGUN,
    STATES,
    STATES_OF_SOMEBODY,
    Label,
    accepted_by_words,
    found_words,
    kind_words,
    statement_words,
)
from cpd.requirements.evaluator import State
from cpd.requirements.language import Evidence
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared.clock import in_london
from cpd.shared.wording import counted, date_words, time_words


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One line of what has to be in it: `2 of 3`, `ticked`, and whether that is all."""

    code: str
    title: str
    words: str
    is_there: bool
    is_invented: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One piece as a page shows it; `warning` says what in it may tell who somebody is."""

    id: int
    item_kind: str
    kind: str
    title: str
    on: str
    words: str
    link: str
    filename: str
    file_read: str
    """What to know of its file: empty where there is none, or all of it was looked through."""
    statements: Sequence[str]
    warning: str
    answer: str
    is_unanswered: bool


@dataclass(frozen=True, slots=True)
class ShownPortfolio:
    """A portfolio, or a single piece of evidence, as a page shows it."""

    portfolio: PortfolioFacts
    kind: EvidenceKind
    label: Label
    label_of_somebody: Label
    acceptor: str
    parts: Sequence[ShownPart]
    items: Sequence[ShownItem]
    events: Sequence[Mapping[str, Any]]
    comments: str
    """Of the latest return, while it is hers to change."""

    @property
    def missing(self) -> list[ShownPart]:
        """What is not there of what has to be in it: pointed out, and in nobody's way."""
        return [each for each in self.parts if not each.is_there]

    @property
    def unanswered(self) -> list[ShownItem]:
        """What has to be answered before it is handed in."""
        return [each for each in self.items if each.is_unanswered]

    @property
    def unread(self) -> list[ShownItem]:
        """The pieces with a file into which nobody but the person can look for names."""
        return [each for each in self.items if each.file_read]

    def without_comments(self) -> ShownPortfolio:
        """Return the same for those who see how it stands, and not what somebody wrote of it (B8)."""
        return replace(self, comments="", events=[{**each, "text": ""} for each in self.events])

    @property
    def has_whole(self) -> bool:
        """Whether it is there as one file or link."""
        return any(each.item_kind == WHOLE for each in self.items)


@dataclass(frozen=True, slots=True)
class KindShown:
    """One kind of evidence in a list: what it is for, how it stands, and the next thing to do."""

    code: str
    title: str
    covers: str
    acceptor: str
    label: Label
    next_step: str
    is_portfolio: bool
    is_invented: bool
    asked_for: Sequence[str]
    """For which next levels it is asked; none: for none that is next."""
    accepted: Sequence[str]
    """The days for which it counts."""
    portfolio_id: int | None
    is_handed_in: bool
    """Whether it was ever handed in, so that others can have read it."""


def shown(
    portfolio: PortfolioFacts, kind: EvidenceKind, items: Sequence[ItemFacts], events: Sequence[EventFacts]
) -> ShownPortfolio:
    """Put a portfolio together."""
    parts = parts_of(kind, (each.item_kind for each in items), portfolio.ticked)
    comments = next((each.comments for each in reversed(events) if each.comments), "")
    return ShownPortfolio(
        portfolio,
        kind,
        STATES[portfolio.status],
        STATES_OF_SOMEBODY[portfolio.status],
        accepted_by_words(portfolio.accepted_by),
        [_part(each) for each in parts],
        [_item(each, kind) for each in items],
        [_event(each) for each in events],
        comments if portfolio.status is PortfolioStatus.RETURNED else "",
    )


def kinds_shown(found: Readiness, portfolios: Sequence[PortfolioFacts], pieces: Mapping[int, int]) -> list[KindShown]:
    """List the kinds of evidence of somebody's scheme: first what her next steps ask and she lacks, then the others.

    `pieces` are how many pieces each portfolio has, by its id.
    """
    if found.terms is None:
        return []
    asked = asked_kinds(found)
    rows = [_kind_shown(kind, found.terms, asked.get(kind.code), portfolios, pieces) for kind in _kinds(found.terms)]
    return sorted(rows, key=lambda row: (not row.asked_for, bool(row.accepted)))


def asked_kinds(found: Readiness) -> dict[str, list[str]]:
    """Return which kinds of evidence somebody's next steps ask for, each with the levels to which they lead."""
    asked: dict[str, list[str]] = {}
    if found.terms is None:
        return asked
    for each in found.transitions:
        title = found.terms.level_title(each.transition.to_level)
        for line in (*each.lines, *each.flags):
            for leaf in line.standing.leaves():
                if isinstance(leaf.requirement, Evidence) and not _is_beside_the_point(line.standing.state, leaf.state):
                    titles = asked.setdefault(leaf.requirement.kind, [])
                    titles += [title] if title not in titles else []
    return asked


def _is_beside_the_point(line: State, leaf: State) -> bool:
    """Say whether a line is met without this: who has passed the panel needs to show no portfolio (W-1)."""
    return line is State.MET and leaf is not State.MET


def _kinds(terms: Terms) -> Iterable[EvidenceKind]:
    return terms.evidence.values()


def _kind_shown(
    kind: EvidenceKind,
    terms: Terms,
    asked_for: Collection[str] | None,
    portfolios: Sequence[PortfolioFacts],
    pieces: Mapping[int, int],
) -> KindShown:
    """Put one kind together."""
    hers = [each for each in portfolios if each.evidence_kind == kind.code]
    accepted = [each for each in hers if each.status is PortfolioStatus.ACCEPTED]
    current = next(
        (each for each in hers if each.status not in (PortfolioStatus.ACCEPTED, PortfolioStatus.SET_ASIDE)), None
    )
    newest = current or next(iter(accepted), None)
    days = [date_words(each.decided_at) for each in accepted if each.decided_at]
    return KindShown(
        kind.code,
        terms.title(kind.code),
        kind.covers or "",
        accepted_by_words(kind.accepted_by),
        STATES[newest.status] if newest else NOT_BEGUN,
        _next_step(kind, newest, pieces.get(newest.id, 0) if newest else 0),
        kind.is_portfolio,
        kind.is_invented,
        list(asked_for or ()),
        days,
        newest.id if newest else None,
        newest is not None and newest.hand_ins > 0,
    )


def _next_step(kind: EvidenceKind, newest: PortfolioFacts | None, pieces: int) -> str:
    """Say the next thing to do about a kind."""
    if newest is None:
        return "Begin with a piece, or hand in a whole file." if kind.is_portfolio else "Write it and hand it in."
    match newest.status:
        case PortfolioStatus.PREPARING:
            return f"{counted(pieces, 'piece')} in it. Go on, or hand it in." if pieces else "Nothing is in it yet."
        case PortfolioStatus.RETURNED:
            return "Read the comments, change it, and hand it in again."
        case PortfolioStatus.HANDED_IN:
            who = accepted_by_words(newest.accepted_by)
            return f"{who[:1].upper()}{who[1:]} {'is looking' if newest.opened_at else 'will look'} at it."
        case _:
            return "Nothing to do."


def _part(each: PartStanding) -> ShownPart:
    """`2 of 3`, `There, as you ticked`."""
    part = each.part
    title = part.title if part.count == 1 else f"{part.title}, {part.count} times"
    if each.is_ticked and each.there < part.count:
        words = "Ticked: it is in the file"
    else:
        words = f"{each.there} of {part.count}"
    return ShownPart(part.code, title, words, each.is_there, part.is_invented)


def _item(each: ItemFacts, kind: EvidenceKind) -> ShownItem:
    return ShownItem(
        each.id,
        each.item_kind,
        kind_words(each.item_kind, kind),
        each.title,
        date_words(each.happened_on),
        each.words,
        each.link,
        each.filename or "",
        FILES_READ[FileRead(each.file_read)] if each.file_read else "",
        [statement_words(ref, each.happened_on) for ref in each.statements],
        found_words(each.found) if each.found else "",
        each.answer,
        each.is_unanswered,
    )


def _event(each: EventFacts) -> dict[str, Any]:
    """Put something that happened into the form of a timeline."""
    at = in_london(each.happened_at)
    return {
        "title": HAPPENINGS[each.happening],
        "by": each.by,
        "at": at.isoformat(timespec="minutes"),
        "when": f"{date_words(at)}, {time_words(at)}",
        "text": each.comments,
    }
