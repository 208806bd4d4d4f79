"""Evidence as plain values: what somebody prepares and has handed in, its pieces, and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpd.progression.portfolios.rules import Happening, PortfolioStatus
from cpd.progression.portfolios.texts import FileRead


@dataclass(frozen=True, slots=True)
class PortfolioFacts:
    """Evidence of one kind, a whole portfolio or a single piece: whose, and how it stands."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    scheme_version_id: int
    evidence_kind: str
    title: str
    is_portfolio: bool
    accepted_by: list[str]
    ticked: list[str]
    status: PortfolioStatus
    hand_ins: int
    handed_in_at: datetime | None
    opened_at: datetime | None
    opened_by_id: int | None
    opened_by: str
    decided_at: datetime | None
    decided_by_id: int | None
    decided_by: str
    accepted_as: str | None

    @property
    def is_open_to_her(self) -> bool:
        """Whether it is hers to change."""
        return self.status in (PortfolioStatus.PREPARING, PortfolioStatus.RETURNED)

    @property
    def can_be_taken_back(self) -> bool:
        """Whether nobody has opened it since it was handed in."""
        return self.status is PortfolioStatus.HANDED_IN and self.opened_at is None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One piece of evidence as it is now; `found` are kinds of identifier with their place (`kind:where`)."""

    id: int
    portfolio_id: int
    item_number: int
    item_kind: str
    title: str
    happened_on: date
    words: str
    link: str
    statements: list[str]
    stored_as: str | None
    filename: str | None
    media_type: str | None
    file_read: str | None
    found: list[str]
    answer: str

    @property
    def is_looked_into(self) -> bool:
        """Whether no part of it is a file that could not be looked into, or not to its end."""
        return self.stored_as is None or self.file_read == FileRead.ALL

    @property
    def is_unanswered(self) -> bool:
        """Whether something was found in it of which nobody has said why it is none."""
        return bool(self.found) and not self.answer


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What was done with it, when, by whom, and in which words."""

    happening: Happening
    happened_at: datetime
    by: str
    comments: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Something that lies before those who judge, or was accepted; `href` leads those there who may read it."""

    id: int
    evidence_kind: str
    title: str
    is_portfolio: bool
    status: PortfolioStatus
    handed_in_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One accepted piece, for a document: what, when, which statements in words, and by which role it was accepted."""

    title: str
    evidence_kind: str
    happened_on: date
    statements: tuple[str, ...]
    accepted_by_role: str
    accepted_on: date
