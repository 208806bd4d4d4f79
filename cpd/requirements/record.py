"""One person's record, as the evaluator reads it: frozen facts, done or still ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class FactKind(StrEnum):
    """What kind of thing a fact says. The values are stored, so they stay as they are."""

    COMPLETED = "completed"
    RECOGNISED = "recognised"
    CREDIT = "credit"
    OUTCOME = "outcome"
    EVIDENCE = "evidence"
    CAREER_LEVEL = "career_level"
    CAREER_BREAK = "career_break"
    QUALIFIED = "qualified"
    REGISTERED = "registered"
    APPROVAL = "approval"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact about one person.

    `subject` is the code of what the fact is about (module, panel, evidence kind, career level,
    role). `happened_at` is an aware moment for things that end at a time of day, so that a morning's
    session can open the afternoon's (AMB-23); without it the whole day of `happened_on` counts.
    `ends_on` is the first day on which the fact no longer holds (a lapsed certificate, the end of a
    spell in a level); None means it still holds. A fact with `ahead` is a booking or a pending
    decision: it can put a line in hand but never meet it.
    """

    kind: FactKind
    subject: str
    happened_on: date
    happened_at: datetime | None = None
    ends_on: date | None = None
    value: str = ""  # the outcome given, and the like
    amount: Decimal | None = None  # credits
    academic_level: int | None = None
    programme: str = ""
    ahead: bool = False
    reference: str = ""  # which row this is: "booking:17", "fact:204"
    session_id: int | None = None  # the session that a booking ahead rests on


@dataclass(frozen=True, slots=True)
class Record:
    """All facts of one person that a requirement may ask about. Their order never matters."""

    person_id: int
    facts: tuple[Fact, ...] = ()
