"""People's records: what is known of them on a day, and saying, correcting and withdrawing a fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import aliased

from cpd.catalogue.models import Equivalence, Module, Programme, ProgrammeElement
from cpd.people import service as people
from cpd.people.models import Person
from cpd.record.facts import OF_MODULES, FactKey, FactRefused, FactSaid, Fault, faults_of
from cpd.record.models import RecordFact
from cpd.record.rules import BY_RULE, ModuleTerms, Window, on_terms, recognised
from cpd.requirements.record import Fact, FactKind, Record
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, UtcDateTime, db
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

FACT_COLUMNS = (
    RecordFact.person_id,
    RecordFact.id,
    RecordFact.kind,
    RecordFact.subject,
    RecordFact.happened_on,
    RecordFact.happened_at,
    RecordFact.ends_on,
    RecordFact.value,
    RecordFact.amount,
    RecordFact.academic_level,
    RecordFact.programme,
)
SAID_PARTS = tuple(part.name for part in fields(FactSaid))


def records_of(person_ids: Collection[int], on: date, *, known_at: datetime | None = None) -> dict[int, Record]:
    """Load what had happened to people by a day, in two queries whatever their number; nobody is left out.

    What counts as a module by rule is among the facts, recognised and with the value `BY_RULE` (AMB-24). With
    `known_at`, as it was known at that moment: later corrections and later equivalences are left out.
    """
    asked = {"person_ids": list(person_ids), "on": on} | ({"known_at": known_at} if known_at else {})
    rows = db.session.execute(_FACTS[known_at is None], asked)
    all_terms = _terms_of_modules(known_at)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for person_id, reference, kind, *parts in rows:
        values: list[Any] = [FactKind(kind), *parts, False, f"fact:{reference}"]
        fact = Fact(*values)
        terms = all_terms.get(fact.subject) if fact.kind in OF_MODULES else None
        facts[person_id].append(on_terms(fact, terms) if terms else fact)
    with_windows = [terms for terms in all_terms.values() if terms.windows]
    return {each: Record(each, (*facts[each], *recognised(facts[each], with_windows))) for each in person_ids}


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
    return add_facts([said for _, said in corrections], by=by)


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


def _terms_of_modules(known_at: datetime | None) -> dict[str, ModuleTerms]:
    """Read what the schemes say of having done a module, where they say anything: one query."""
    about: dict[tuple[str, int | None, str], list[Window]] = defaultdict(list)
    rows = db.session.execute(_TERMS[known_at is None], {"known_at": known_at} if known_at else {})
    for code, validity_months, programme, other_code, valid_from, valid_to in rows:
        windows = about[code, validity_months, programme or ""]
        if other_code is not None:
            windows.append(Window(other_code, valid_from, valid_to))
    return {
        code: ModuleTerms(code, validity_months, programme, tuple(windows))
        for (code, validity_months, programme), windows in about.items()
    }


def _in_force(table: type[RecordFact | Equivalence], *, now: bool) -> ColumnElement[bool]:
    """Choose the rows that are in force as we know it now, or were as it was known at `known_at`."""
    if now:
        return table.superseded_at.is_(None)
    known_at = bindparam("known_at", type_=UtcDateTime())
    return and_(table.recorded_at <= known_at, or_(table.superseded_at.is_(None), table.superseded_at > known_at))


def _facts_wanted(*, now: bool) -> Select[*tuple[Any, ...]]:
    """Ask for what had happened to `person_ids` by the day `on`."""
    return (
        select(*FACT_COLUMNS)
        .where(
            RecordFact.person_id.in_(bindparam("person_ids", expanding=True)),
            RecordFact.happened_on <= bindparam("on"),
            _in_force(RecordFact, now=now),
        )
        .order_by(RecordFact.happened_on, RecordFact.id)
    )


def _terms_wanted(*, now: bool) -> Select[*tuple[Any, ...]]:
    """Ask for modules with their validity, one programme that they belong to, and what counts as them."""
    other = aliased(Module)
    programme = (
        select(Programme.code)
        .join(ProgrammeElement, ProgrammeElement.programme_id == Programme.id)
        .where(ProgrammeElement.module_id == Module.id)
        .order_by(Programme.withdrawn_at.is_not(None), Programme.id)
        .limit(1)
        .correlate(Module)
        .scalar_subquery()
    )
    return (
        select(Module.code, Module.validity_months, programme, other.code, Equivalence.valid_from, Equivalence.valid_to)
        .outerjoin(Equivalence, and_(Equivalence.module_id == Module.id, _in_force(Equivalence, now=now)))
        .outerjoin(other, other.id == Equivalence.other_module_id)
        .where(or_(Module.validity_months.is_not(None), Equivalence.id.is_not(None), programme.is_not(None)))
        .order_by(Module.id, Equivalence.id)
    )


_FACTS = {now: _facts_wanted(now=now) for now in (True, False)}
_TERMS = {now: _terms_wanted(now=now) for now in (True, False)}
"""Put together once, since every booking and every page asks them; one as known now, one as known at a moment."""
