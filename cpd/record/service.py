"""People's records: what is known of them on a day, and saying, correcting and withdrawing a fact."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select, update

from cpd.people import service as people
from cpd.people.models import Person
from cpd.record.facts import FactKey, FactRefused, FactSaid, Fault, faults_of
from cpd.record.loading import records_of
from cpd.record.models import RecordFact
from cpd.record.rules import BY_RULE
from cpd.requirements.record import FactKind
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction, publish

__all__ = [
    "BY_RULE",
    "FactRefused",
    "FactSaid",
    "Fault",
    "add_fact",
    "add_facts",
    "correct_fact",
    "correct_facts",
    "fact_said",
    "records_of",
    "said_by",
    "withdraw_fact",
    "withdraw_facts",
]

SAID_PARTS = tuple(part.name for part in fields(FactSaid))


@one_transaction
def add_fact(said: FactSaid, *, by: int | None) -> int:
    """Record a fact and return its id; the same said again by the same source changes nothing.

    Raises:
        FactRefused: see `Fault`; every reason.
        LookupError: there is no such person.
    """
    return add_facts([said], by=by)[0]


@one_transaction
def add_facts(all_said: Sequence[FactSaid], *, by: int | None) -> list[int]:
    """Record any number of facts, all or none, asking the database as often as for one; raises as `add_fact` does."""
    if not all_said:
        return []
    for said in all_said:
        if faults := faults_of(said, clock.now(), clock.today()):
            raise FactRefused(*faults)
    employers = _lock({said.person_id for said in all_said})
    there = _said_already(all_said)
    for said in all_said:
        if said.key not in there:
            there[said.key] = _row(said, employers[said.person_id], by)
        elif _as_said(there[said.key]) != said:
            raise FactRefused(Fault.SAID_DIFFERENTLY)
    fresh = {id(row): row for row in there.values() if row.id is None}.values()
    db.session.add_all(fresh)
    db.session.flush()
    for row in fresh:
        _remember("recorded", row, by)
    return [there[said.key].id for said in all_said]


@one_transaction
def correct_fact(fact_id: int, said: FactSaid, *, by: int | None, reason: str) -> int:
    """Put a fact right: the old one is superseded and stays, the new one is returned by its id.

    Raises:
        FactRefused: see `Fault`; every reason.
        LookupError: there is no such fact.
    """
    return correct_facts([(fact_id, said)], by=by, reason=reason)[0]


@one_transaction
def correct_facts(corrections: Sequence[tuple[int, FactSaid]], *, by: int | None, reason: str) -> list[int]:
    """Put any number of facts right, all or none; raises as `correct_fact` does."""
    if not corrections:
        return []
    old = _end([fact_id for fact_id, _ in corrections], by, reason)
    if any(row.person_id != said.person_id for row, (_, said) in zip(old, corrections, strict=True)):
        raise FactRefused(Fault.OF_SOMEBODY_ELSE)
    for row in old:
        _remember("superseded", row, by, reason=reason)
    ids = add_facts([said for _, said in corrections], by=by)
    for fact_id, ended in zip(ids, old, strict=True):
        _link(fact_id, ended)
    return ids


@one_transaction
def withdraw_fact(fact_id: int, *, by: int | None, reason: str) -> None:
    """Take a fact back because it never was so; it stays as something that was once believed.

    Raises:
        FactRefused: there is no reason, or the fact is no longer in force.
        LookupError: there is no such fact.
    """
    withdraw_facts([fact_id], by=by, reason=reason)


@one_transaction
def withdraw_facts(fact_ids: Sequence[int], *, by: int | None, reason: str) -> None:
    """Take any number of facts back, all or none; raises as `withdraw_fact` does."""
    for row in _end(fact_ids, by, reason) if fact_ids else ():
        _remember("withdrawn", row, by, reason=reason)


def fact_said(fact_id: int) -> FactSaid:
    """Return a fact as it was said, in force or not. Raises LookupError where there is none."""
    row = db.session.get(RecordFact, fact_id) if 0 < fact_id <= LARGEST_ID else None
    if row is None:
        raise LookupError(f"There is no fact {fact_id}")
    return _as_said(row)


def said_by(source_kind: str, module_code: str) -> dict[int, tuple[int, FactSaid]]:
    """Return what one source says of who completed a module, by person, each with the fact's id: one query."""
    wanted = select(RecordFact).where(
        RecordFact.subject == module_code,
        RecordFact.kind == FactKind.COMPLETED,
        RecordFact.source_kind == source_kind,
        RecordFact.superseded_at.is_(None),
    )
    return {row.person_id: (row.id, _as_said(row)) for row in db.session.scalars(wanted)}


def _end(fact_ids: Sequence[int], by: int | None, reason: str) -> list[RecordFact]:
    """End facts that are in force, under their people's locks, and return them in the order given."""
    possible = [each for each in fact_ids if 0 < each <= LARGEST_ID]
    found = {row.id: row for row in db.session.scalars(select(RecordFact).where(RecordFact.id.in_(possible)))}
    if missing := set(fact_ids) - found.keys():
        raise LookupError(f"There is no fact {min(missing)}")
    if not reason.strip():
        raise FactRefused(Fault.NO_REASON)
    people.lock_persons({row.person_id for row in found.values()})
    ended = db.session.execute(
        update(RecordFact)
        .where(RecordFact.id.in_(found), RecordFact.superseded_at.is_(None))
        .values(superseded_at=clock.real_now(), superseded_by_id=by, supersede_reason=reason)
        .returning(RecordFact.id)
    ).all()
    if len(ended) < len(found):
        raise FactRefused(Fault.NO_LONGER_IN_FORCE)
    return [found[each] for each in fact_ids]


def _link(fact_id: int, ended: RecordFact) -> None:
    """Say what a fact puts right; what was said before, by the same source, is no correction."""
    fact = db.session.get_one(RecordFact, fact_id)  # just written, so nothing is asked of the database
    if fact.id > ended.id and fact.corrects_id is None:
        fact.corrects_id = ended.id


def _lock(person_ids: Collection[int]) -> dict[int, int]:
    """Hold people's bookings, which rest on their records, and return for whom each works.

    Raises LookupError where there is no such person.
    """
    people.lock_persons(person_ids)
    wanted = select(Person.id, Person.organisation_id).where(Person.id.in_(person_ids))
    employers = {row[0]: row[1] for row in db.session.execute(wanted)}
    if missing := set(person_ids) - employers.keys():
        raise LookupError(f"There is no person {min(missing)}")
    return employers


def _said_already(all_said: Collection[FactSaid]) -> dict[FactKey, RecordFact]:
    """Read what the same sources say already of the same things: one query."""
    wanted = select(RecordFact).where(
        RecordFact.person_id.in_({said.person_id for said in all_said}),
        RecordFact.subject.in_({said.subject for said in all_said}),
        RecordFact.superseded_at.is_(None),
    )
    keys = {said.key for said in all_said}
    return {said.key: row for row in db.session.scalars(wanted) if (said := _as_said(row)).key in keys}


def _as_said(row: RecordFact) -> FactSaid:
    """Give a row back as it was said."""
    parts: dict[str, Any] = {name: getattr(row, name) for name in SAID_PARTS}
    return FactSaid(**{**parts, "kind": FactKind(row.kind)})


def _row(said: FactSaid, organisation_id: int, by: int | None) -> RecordFact:
    """Make a new row of what was said."""
    parts = {name: getattr(said, name) for name in SAID_PARTS}
    return RecordFact(**parts, organisation_id=organisation_id, recorded_at=clock.real_now(), recorded_by_id=by)


def _remember(verb: str, row: RecordFact, by: int | None, *, reason: str | None = None) -> None:
    """Write the history of a fact, and tell the floors above whose record changed."""
    history.note(
        verb,
        "record_fact",
        row.id,
        actor_id=by,
        organisation_id=row.organisation_id,
        reason=reason,
        after=_in_history(row),
    )
    publish("record.changed", row.person_id)


def _in_history(row: RecordFact) -> dict[str, Any]:
    """Say what a fact says, without names (B8)."""
    return {
        "person_id": row.person_id,
        "kind": str(row.kind),
        "subject": row.subject,
        "happened_on": row.happened_on.isoformat(),
        "value": row.value,
        "source_kind": row.source_kind,
    }
