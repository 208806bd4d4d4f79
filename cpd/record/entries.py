"""Everything that was ever said of a person, corrections too: what her record page shows of where facts come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cpd.people.models import Person
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared.database import db


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as somebody said it, who accepted it, and who ended it and why, if anybody did."""

    id: int
    kind: FactKind
    subject: str
    happened_on: date
    ends_on: date | None
    value: str
    amount: Decimal | None
    academic_level: int | None
    source_kind: str
    source: str
    accepted_by: str
    recorded_at: datetime
    superseded_at: datetime | None
    superseded_by: str
    supersede_reason: str
    corrects_id: int | None

    @property
    def is_in_force(self) -> bool:
        """Whether it still stands."""
        return self.superseded_at is None


@dataclass(frozen=True, slots=True)
class Said:
    """What stands, or was withdrawn, with what it said before, the latest first."""

    entry: Entry
    before: tuple[Entry, ...]


def said_of(person_id: int) -> list[Said]:
    """Tell what is known of somebody, the latest first, each with its corrections; what was withdrawn is among it.

    One query.
    """
    entries = {each.id: each for each in _entries_of(person_id)}
    corrected = {each.corrects_id for each in entries.values()}
    said = [Said(each, tuple(_before(each, entries))) for each in entries.values() if each.id not in corrected]
    return sorted(said, key=lambda each: (each.entry.happened_on, each.entry.id), reverse=True)


def _before(entry: Entry, entries: Mapping[int, Entry]) -> Iterator[Entry]:
    """Go through what an entry said before, the latest first."""
    while before := entries.get(entry.corrects_id or 0):
        yield before
        entry = before


def _entries_of(person_id: int) -> list[Entry]:
    """Read every fact about somebody, in the order in which they were written down."""
    accepted, superseded = aliased(Person), aliased(Person)
    wanted = (
        select(
            RecordFact.id,
            RecordFact.kind,
            RecordFact.subject,
            RecordFact.happened_on,
            RecordFact.ends_on,
            RecordFact.value,
            RecordFact.amount,
            RecordFact.academic_level,
            RecordFact.source_kind,
            RecordFact.source,
            accepted.name,
            RecordFact.recorded_at,
            RecordFact.superseded_at,
            superseded.name,
            RecordFact.supersede_reason,
            RecordFact.corrects_id,
        )
        .outerjoin(accepted, accepted.id == RecordFact.accepted_by_id)
        .outerjoin(superseded, superseded.id == RecordFact.superseded_by_id)
        .where(RecordFact.person_id == person_id)
        .order_by(RecordFact.id)
    )
    return [_entry(*row) for row in db.session.execute(wanted)]


def _entry(number: int, kind: str, *parts: Any) -> Entry:
    """Make an entry of a row; who accepted or ended it may be nobody."""
    *said, accepted_by, recorded_at, superseded_at, superseded_by, reason, corrects_id = parts
    said += [accepted_by or "", recorded_at, superseded_at, superseded_by or "", reason or "", corrects_id]
    return Entry(number, FactKind(kind), *said)
