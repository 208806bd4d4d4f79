"""Loading people's records, for one person or ten thousand, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Numeric,
    Select,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from cpd.catalogue.models import Equivalence, Module, Programme, ProgrammeElement
from cpd.people.models import Person, Post
from cpd.record.facts import OF_MODULES
from cpd.record.models import RecordFact
from cpd.record.rules import ModuleTerms, Window, on_terms, recognised
from cpd.requirements.record import Fact, FactKind, Record
from cpd.shared.asked_once import once_per_page
from cpd.shared.database import UtcDateTime, db
from cpd.shared.superseding import Superseded


def records_of(person_ids: Collection[int], on: date, *, known_at: datetime | None = None) -> dict[int, Record]:
    """Load what had happened to people by a day, in two queries whatever their number; nobody is left out.

    When somebody qualified and was registered, and her time in each career level, come from her posts (AMB-10).

    What counts as a module by rule is among the facts, recognised and with the value `BY_RULE` (AMB-24). With
    `known_at`, as it was known at that moment: later corrections and later equivalences are left out.
    """
    return dict(_records_of(tuple(person_ids), on, known_at))


@once_per_page
def _records_of(person_ids: tuple[int, ...], on: date, known_at: datetime | None) -> dict[int, Record]:
    """Load records; a page that asks for the same people twice shares them."""
    asked = {"person_ids": list(person_ids), "on": on} | ({"known_at": known_at} if known_at else {})
    rows = db.session.execute(_FACTS[known_at is None], asked)
    all_terms = _terms_of_modules(known_at)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for person_id, table, number, kind, *parts in rows:
        values: list[Any] = [_KINDS[kind], *parts, False, f"{table}:{number}"]
        fact = Fact(*values)
        terms = all_terms.get(fact.subject) if fact.kind in OF_MODULES else None
        facts[person_id].append(on_terms(fact, terms) if terms else fact)
    with_windows = [terms for terms in all_terms.values() if terms.windows]
    return {each: Record(each, (*facts[each], *recognised(facts[each], with_windows))) for each in person_ids}


@once_per_page
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


def _in_force(table: type[Superseded], *, now: bool) -> ColumnElement[bool]:
    """Choose the rows that are in force as we know it now, or were as it was known at `known_at`."""
    if now:
        return table.superseded_at.is_(None)
    known_at = bindparam("known_at", type_=UtcDateTime())
    return and_(table.recorded_at <= known_at, or_(table.superseded_at.is_(None), table.superseded_at > known_at))


def _facts_wanted(*, now: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Ask for what had happened to `person_ids` by the day `on`: what was said of them, and what their posts say."""
    said = select(
        RecordFact.person_id,
        literal("fact").label("table"),
        RecordFact.id.label("number"),
        RecordFact.kind,
        RecordFact.subject,
        RecordFact.happened_on.label("happened_on"),
        RecordFact.happened_at,
        RecordFact.ends_on,
        RecordFact.value,
        RecordFact.amount,
        RecordFact.academic_level,
        RecordFact.programme,
    ).where(RecordFact.person_id.in_(_PERSON_IDS), RecordFact.happened_on <= _ON, _in_force(RecordFact, now=now))
    since = (
        _dated("person", Person.id, Person.id, kind, literal(""), day).where(Person.id.in_(_PERSON_IDS), day <= _ON)
        for kind, day in ((FactKind.QUALIFIED, Person.qualified_on), (FactKind.REGISTERED, Person.registered_on))
    )
    spells = _dated(
        "post", Post.person_id, Post.id, FactKind.CAREER_LEVEL, Post.career_level, Post.starts_on, Post.ends_on
    ).where(Post.person_id.in_(_PERSON_IDS), Post.career_level != "", Post.starts_on <= _ON, _in_force(Post, now=now))
    return union_all(said, *since, spells).order_by("happened_on", "table", "number")


def _dated(
    table: str, person: Any, number: Any, kind: FactKind, subject: Any, since: Any, until: Any = None
) -> Select[*tuple[Any, ...]]:
    """Ask for days that people's own rows hold, in the form of facts."""
    return select(
        person,
        literal(table),
        number,
        literal(str(kind)),
        subject,
        since,
        cast(null(), UtcDateTime),
        cast(null(), Date) if until is None else until,
        literal(""),
        cast(null(), Numeric(8, 2)),
        cast(null(), Integer),
        literal(""),
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


_KINDS = {kind.value: kind for kind in FactKind}
_PERSON_IDS: BindParameter[list[int]] = bindparam("person_ids", expanding=True)
_ON = bindparam("on", type_=Date)
_FACTS = {now: _facts_wanted(now=now) for now in (True, False)}
_TERMS = {now: _terms_wanted(now=now) for now in (True, False)}
"""Put together once, since every booking and every page asks them; one as known now, one as known at a moment."""
