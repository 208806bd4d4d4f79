"""One question put to one record: which of its facts count, and by when they must have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpd.requirements.language import Bounds
from cpd.requirements.months import months_after
from cpd.requirements.record import LONDON, Fact
from cpd.requirements.record_index import RecordIndex


@dataclass(frozen=True, slots=True)
class Question:
    """A person's facts, the day `on` which is asked, and the moment by which facts must have happened.

    `before` is the start of the session that somebody wants to book (AMB-23); None: no such moment.
    """

    facts: RecordIndex
    on: date
    before: datetime | None = None

    def __post_init__(self) -> None:
        if self.before is not None and self.before.tzinfo is None:
            raise ValueError(f"{self.before} names no time zone, so nobody knows which moment is meant")

    def counts(self, fact: Fact, bounds: Bounds) -> bool:
        """Say whether a fact happened when it had to, and still holds."""
        return self.holds(fact) and self.is_in_time(fact, bounds)

    def holds(self, fact: Fact) -> bool:
        """Say whether a fact is still valid on the day asked; `ends_on` is its first day without force."""
        return fact.ends_on is None or fact.ends_on > self.on

    def is_in_time(self, fact: Fact, bounds: Bounds) -> bool:
        """Say whether a fact lies within the bounds and, as far as asked, before the moment.

        What is done has happened by the day asked; what is ahead may lie on any day.
        """
        happened_on = fact.happened_on
        return (
            (happened_on <= self.on or fact.still_ahead)
            and (bounds.since is None or happened_on >= bounds.since)
            and (bounds.within_months is None or happened_on >= months_after(self.on, -bounds.within_months))
            and (bounds.before is None or happened_on <= bounds.before)
            and (self.before is None or self._is_over_by(fact, self.before))
        )

    def _is_over_by(self, fact: Fact, before: datetime) -> bool:
        """Say whether a fact has happened by the moment; ending exactly then is early enough (AMB-23).

        Without a time, something ahead counts from the next day on, since it may last until the evening,
        but something done counts on its own day: it is over, or it would not be in the record.
        """
        if fact.happened_at is None and not fact.still_ahead:
            return fact.happened_on <= before.astimezone(LONDON).date()
        return fact.moment <= before
