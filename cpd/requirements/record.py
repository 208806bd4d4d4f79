"""One person's record, as the evaluator reads it: frozen facts, done or still ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""Where the days of the field begin and end."""


class FactKind(StrEnum):
    """What kind of thing a fact says. The values are stored, so they stay as they are.

    `LEARNING` is learning from elsewhere that counts as no module: its subject is its title, and no requirement asks
    for it.
    """

    COMPLETED = "completed"
    RECOGNISED = "recognised"
    LEARNING = "learning"
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
    decision: it can put a line in hand but never meet it. A `PENDING` fact is always ahead: `subject`
    is what is decided on, `value` the kind of fact that it will be once it is decided favourably
    (`outcome`, `approval`, `credit`, `recognised` ...), `happened_on` when that is expected.
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

    def __post_init__(self) -> None:
        if self.happened_at is not None and self.happened_at.tzinfo is None:
            raise ValueError(f"{self.happened_at} names no time zone, so nobody knows which moment is meant")

    @property
    def still_ahead(self) -> bool:
        """Whether this has yet to happen: a booking, or a decision that is pending."""
        return self.ahead or self.kind is FactKind.PENDING

    @property
    def moment(self) -> datetime:
        """The moment by which it has happened for certain: without a time, when its day is over."""
        if self.happened_at is not None:
            return self.happened_at
        return datetime.combine(self.happened_on + timedelta(days=1), time.min, LONDON)


@dataclass(frozen=True, slots=True)
class Record:
    """All facts of one person that a requirement may ask about.

    Their order never matters, and facts that are alike in every field are one fact.
    """

    person_id: int
    facts: tuple[Fact, ...] = ()
