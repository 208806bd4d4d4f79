"""Evidence and portfolios: how one stands, who may do what with it, and what it lacks (W-1, W-2, W-9, G-16, B3).

Somebody prepares it, hands it in, and from then on it is locked for everybody; until somebody looks at it she can take
it back. It is accepted, or returned with comments and then open to her again. What was accepted stays locked until a
panel defers it or the acceptance is taken back. Plain Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cpd.schemes.pathway_shape import EvidenceKind, EvidencePart
from cpd.shared.links import is_safe_link
from cpd.shared.roles import Role

WHOLE = "whole"
"""The kind of piece that is a portfolio as one completed file, or a link to it."""

ONLY = "only"
"""The kind of piece of which evidence consists that is no portfolio: there is just one."""

OTHER = "other"
"""A piece of a portfolio that is none of what its list names."""

LINE_MANAGER = "line_manager"
"""Who accepts where the scheme names no role."""

LOOKED_AT_WITHIN = timedelta(days=28)
"""When something handed in is expected to be decided on, where nobody says: for a date in prospect, never a limit."""


class PortfolioStatus(StrEnum):
    """How a portfolio, or a single piece of evidence, stands. Only what is `ACCEPTED` counts."""

    PREPARING = "preparing"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    """Was accepted, and the acceptance was taken back while she was preparing the next one already."""


OPEN = frozenset({PortfolioStatus.PREPARING, PortfolioStatus.HANDED_IN, PortfolioStatus.RETURNED})
"""Not accepted; of each kind somebody has one such at a time."""

UNLOCKED = frozenset({PortfolioStatus.PREPARING, PortfolioStatus.RETURNED})
"""Hers to change."""

LOCKED = frozenset({PortfolioStatus.HANDED_IN, PortfolioStatus.ACCEPTED})
"""Nobody changes it: whoever looks at it reads what was handed in."""


class Happening(StrEnum):
    """What is done with it, for its history."""

    HANDED_IN = "handed_in"
    TAKEN_BACK = "taken_back"
    OPENED = "opened"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    RECORDED = "recorded"
    """Somebody who accepts it wrote it down herself: accepted at once."""
    DEFERRED = "deferred"
    """By a panel: it is open again (C-2)."""
    REOPENED = "reopened"
    """The acceptance was a mistake and is taken back."""


class Fault(StrEnum):
    """Why nothing was done; the words stand in `wording`."""

    NOT_ON_A_WAY = "not_on_a_way"
    NO_SUCH_KIND = "no_such_kind"
    LOCKED = "locked"
    FULL = "full"
    NOTHING_IN_IT = "nothing_in_it"
    NO_FILE_OR_LINK = "no_file_or_link"
    NO_TITLE = "no_title"
    IN_THE_FUTURE = "in_the_future"
    NO_SAFE_LINK = "no_safe_link"
    NO_SUCH_PART = "no_such_part"
    NOT_VALID_THEN = "not_valid_then"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NO_ANSWER = "no_answer"
    NOT_CHECKED = "not_checked"
    EMPTY = "empty"
    UNANSWERED = "unanswered"
    SAME_DAY = "same_day"
    HANDED_IN_ALREADY = "handed_in_already"
    NOT_HANDED_IN = "not_handed_in"
    OPENED_ALREADY = "opened_already"
    NOT_OPENED = "not_opened"
    DECIDED_ALREADY = "decided_already"
    NOT_ACCEPTED = "not_accepted"
    NO_COMMENTS = "no_comments"
    NOT_WHO_ACCEPTS = "not_who_accepts"
    OWN = "own"
    IS_A_PORTFOLIO = "is_a_portfolio"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as somebody describes it.

    `item_kind` is a part's code, `WHOLE`, `ONLY` or `OTHER`; `statements` are names such as `PCF-6`. What is shown by
    it stands in `words`, in a file, or behind a link.
    """

    item_kind: str
    title: str
    happened_on: date
    words: str = ""
    link: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One line of what has to be in it: how many there are of how many, or whether she ticked it."""

    part: EvidencePart
    there: int
    is_ticked: bool

    @property
    def is_there(self) -> bool:
        """Whether nothing of it is missing."""
        return self.is_ticked or self.there >= self.part.count


def faults_of_piece(
    piece: Piece, kind: EvidenceKind, *, has_file: bool, today: date, valid_then: Collection[str]
) -> list[Fault]:
    """List what is wrong with a piece by itself; `valid_then` are the statements in force on its day (B2)."""
    is_whole = piece.item_kind == WHOLE
    faults = (
        (Fault.NO_SUCH_PART, piece.item_kind not in kinds_of_piece(kind)),
        (Fault.NO_TITLE, not piece.title.strip()),
        (Fault.IN_THE_FUTURE, piece.happened_on > today),
        (Fault.NOTHING_IN_IT, not is_whole and not (has_file or piece.words.strip() or piece.link)),
        (Fault.NO_FILE_OR_LINK, is_whole and not (has_file or piece.link)),
        (Fault.NO_SAFE_LINK, bool(piece.link) and not is_safe_link(piece.link)),
        (Fault.NOT_VALID_THEN, not set(piece.statements) <= set(valid_then)),
    )
    return [fault for fault, holds in faults if holds]


def kinds_of_piece(kind: EvidenceKind) -> tuple[str, ...]:
    """Return of what evidence of a kind can consist: one piece only, or a portfolio's parts, others, or a whole."""
    return (*(each.code for each in kind.contents), OTHER, WHOLE) if kind.is_portfolio else (ONLY,)


def against_adding(status: PortfolioStatus | None, item_kind: str, there: Collection[str]) -> list[Fault]:
    """Say why a piece cannot be added: it is locked, or there is room for one only; `there` are the kinds it has."""
    if status in LOCKED:
        return [Fault.LOCKED]
    return [Fault.FULL] if item_kind in (WHOLE, ONLY) and item_kind in there else []


def against_handing_in(
    status: PortfolioStatus | None, items: int, unanswered: int, days: Collection[date], accepted_days: Collection[date]
) -> list[Fault]:
    """List every reason against handing in. What is missing from the list of parts is none: it only warns.

    `days` is the day of a single piece of evidence, which is on the record once for each kind and day.
    """
    if status in LOCKED:
        return [Fault.HANDED_IN_ALREADY]
    faults = (
        (Fault.EMPTY, not items),
        (Fault.UNANSWERED, bool(unanswered)),
        (Fault.SAME_DAY, not set(days).isdisjoint(accepted_days)),
    )
    return [fault for fault, holds in faults if holds]


def against_taking_back(status: PortfolioStatus, *, is_opened: bool) -> list[Fault]:
    """Say why she cannot take it back: it is not there, or somebody looks at it already."""
    if status is not PortfolioStatus.HANDED_IN:
        return [Fault.NOT_HANDED_IN]
    return [Fault.OPENED_ALREADY] if is_opened else []


def accepts_as(
    accepted_by: Sequence[str],
    *,
    by: int,
    roles: Collection[Role],
    person_id: int,
    manager_id: int | None,
    named: Collection[int],
) -> str | None:
    """Say in which role somebody accepts evidence: one that the scheme names, else as line manager; None: not at all.

    Nobody accepts her own. `named` are the person's own assessors, as far as they hold that role: where there are any,
    only they accept as assessor, so that nobody else's work lies open to all assessors of the council (B8).
    """
    if by == person_id:
        return None
    if not accepted_by:
        return LINE_MANAGER if manager_id == by else None
    fitting = (each for each in accepted_by if each in roles)
    return next((each for each in fitting if each != Role.ASSESSOR or not named or by in named), None)


class Sight(StrEnum):
    """How much of what somebody has handed in another person sees (B8)."""

    NOTHING = "nothing"
    OUTLINE = "outline"
    """That it is there, how it stands, and when what was done with it."""
    ALL = "all"


def sight_of(status: PortfolioStatus, hand_ins: int, *, manages: bool, accepts: bool, has_dealt: bool) -> Sight:
    """Say how much somebody sees of what another has handed in.

    Who accepts such evidence reads what waits to be decided on, and then only what she has dealt with herself; a line
    manager reads what her staff have handed in. What is being prepared or changed only its owner reads.
    """
    if not hand_ins or not (manages or accepts):
        return Sight.NOTHING
    if status not in LOCKED:
        return Sight.OUTLINE
    waits = accepts and status is PortfolioStatus.HANDED_IN
    return Sight.ALL if manages or waits or has_dealt else Sight.OUTLINE


def against_judging(status: PortfolioStatus, person_id: int, by: int, *, may: bool) -> list[Fault]:
    """List every reason against opening something that was handed in."""
    faults = (
        (Fault.OWN, person_id == by),
        (Fault.NOT_WHO_ACCEPTS, person_id != by and not may),
        (Fault.DECIDED_ALREADY, status is PortfolioStatus.ACCEPTED),
        (Fault.NOT_HANDED_IN, status in UNLOCKED),
    )
    return [fault for fault, holds in faults if holds]


def against_deciding(
    status: PortfolioStatus,
    person_id: int,
    by: int,
    *,
    may: bool,
    is_opened: bool,
    is_as_read: bool,
    accepts: bool,
    comments: str,
    tells_who: bool = False,
) -> list[Fault]:
    """List every reason against accepting or returning: it is open, is as it was read, and is returned for reasons.

    `tells_who`: the comments seem to tell who somebody is, and whoever wrote them has not said that they do not (B8).
    """
    if status is PortfolioStatus.RETURNED:
        return [Fault.DECIDED_ALREADY]
    faults = against_judging(status, person_id, by, may=may)
    if faults:
        return faults
    more = (
        (Fault.NOT_OPENED, not is_opened),
        (Fault.CHANGED_MEANWHILE, not is_as_read),
        (Fault.NO_COMMENTS, not accepts and not comments.strip()),
        (Fault.NOT_CHECKED, tells_who),
    )
    return [fault for fault, holds in more if holds]


def against_reopening(
    status: PortfolioStatus, person_id: int, by: int, reason: str, *, may: bool, tells_who: bool = False
) -> list[Fault]:
    """List every reason against taking an acceptance back; `tells_who` as in `against_deciding`."""
    faults = (
        (Fault.OWN, person_id == by),
        (Fault.NOT_WHO_ACCEPTS, person_id != by and not may),
        (Fault.NOT_ACCEPTED, status is not PortfolioStatus.ACCEPTED),
        (Fault.NO_COMMENTS, not reason.strip()),
        (Fault.NOT_CHECKED, tells_who),
    )
    return [fault for fault, holds in faults if holds]


def parts_of(kind: EvidenceKind, item_kinds: Iterable[str], ticked: Collection[str]) -> list[PartStanding]:
    """Say of each part that has to be in it how often it is there, or that she ticked it (B3)."""
    there = list(item_kinds)
    return [PartStanding(each, there.count(each.code), each.code in ticked) for each in kind.contents]


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that shows statements of the standards: what, on which day, how it stands, and which statements."""

    title: str
    happened_on: date
    status: PortfolioStatus | None
    """None: a module that was completed."""
    statements: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement of a framework and what shows it."""

    ref: str
    title: str
    shown_by: tuple[Shown, ...]

    @property
    def is_covered(self) -> bool:
        """Whether something that counts shows it: accepted evidence or a completed module."""
        return any(each.status in (None, PortfolioStatus.ACCEPTED) for each in self.shown_by)


def coverage_of(statements: Mapping[str, str], shown: Sequence[Shown]) -> list[Covered]:
    """Say of each statement what shows it; what nothing shows stands first, then what is not accepted yet."""
    found = [
        Covered(ref, title, tuple(each for each in shown if ref in each.statements))
        for ref, title in statements.items()
    ]
    return sorted(found, key=lambda each: (each.is_covered, bool(each.shown_by)))


def expected_on(handed_in_on: date, today: date) -> date:
    """Say when something handed in is expected to be decided on: within four weeks, and not before today."""
    return max(handed_in_on + LOOKED_AT_WITHIN, today)
