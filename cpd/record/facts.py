"""What somebody says happened, and why it cannot be recorded so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cpd.requirements.record import FactKind

OF_MODULES = frozenset({FactKind.COMPLETED, FactKind.RECOGNISED})
"""The kinds of fact whose subject is a module."""


class Fault(StrEnum):
    """Why a fact is not recorded; the words for people stand where it is shown."""

    IN_THE_FUTURE = "in_the_future"
    NO_REASON = "no_reason"
    NOBODY_ACCEPTED_IT = "nobody_accepted_it"
    SAID_DIFFERENTLY = "said_differently"
    OF_SOMEBODY_ELSE = "of_somebody_else"
    NO_LONGER_IN_FORCE = "no_longer_in_force"


class FactRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A fact was not recorded; `faults` are all the reasons."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSaid:
    """A fact about one person as somebody says it: the parts of a `Fact`, and where it comes from.

    `source_kind` is import, register, hand and the like, and `source` the rest in words; `accepted_by_id` is
    who accepted learning done elsewhere (AMB-24). Without `happened_at` only the day is known.
    """

    person_id: int
    kind: FactKind
    subject: str
    happened_on: date
    happened_at: datetime | None = None
    ends_on: date | None = None
    value: str = ""
    amount: Decimal | None = None
    academic_level: int | None = None
    programme: str = ""
    source_kind: str
    source: str = ""
    accepted_by_id: int | None = None

    @property
    def key(self) -> FactKey:
        """What makes it one statement: the same source says such a thing once."""
        return self.person_id, str(self.kind), self.subject, self.happened_on, self.source_kind


FactKey = tuple[int, str, str, date, str]


def faults_of(said: FactSaid, now: datetime, today: date) -> tuple[Fault, ...]:
    """List what is wrong with a statement by itself.

    Nobody can know the future; learning is recognised by hand only for a reason and by somebody (AMB-24, AMB-25).
    """
    by_hand = said.kind is FactKind.RECOGNISED
    ahead = said.happened_on > today or (said.happened_at is not None and said.happened_at > now)
    faults = (
        (Fault.IN_THE_FUTURE, ahead),
        (Fault.NO_REASON, by_hand and not said.source.strip()),
        (Fault.NOBODY_ACCEPTED_IT, by_hand and said.accepted_by_id is None),
    )
    return tuple(fault for fault, holds in faults if holds)
