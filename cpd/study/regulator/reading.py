"""Reading CPD records: one's own, and what was shared with somebody, in a fixed number of queries (B1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module
from cpd.people import service as people
from cpd.people.models import Person
from cpd.people.service import PersonFacts
from cpd.record.entries import said_of
from cpd.requirements.record import FactKind
from cpd.schemes.cpd_shape import CpdRules
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.study.regulator.models import CpdRecord, CpdSharing, PeerReflection
from cpd.study.regulator.rules import PeerTalk, Piece, PieceSaid, Standing, duty_in, standing_in, year_of, years_in

DRAFTED_FROM = (FactKind.COMPLETED, FactKind.LEARNING)


@dataclass(frozen=True, slots=True)
class Attended:
    """A completion on somebody's record from which no piece has been drafted yet."""

    fact_id: int
    title: str
    happened_on: date


@dataclass(frozen=True, slots=True)
class MyCpd:
    """All about somebody's CPD record: the years, the latest first, and the pieces of one of them.

    `rules` is None where the scheme names no regulator; `is_registered` says whether she is registered with one.
    """

    rules: CpdRules | None
    is_registered: bool
    years: tuple[Standing, ...]
    attended: tuple[Attended, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A piece that somebody has shared with her manager."""

    person: PersonFacts
    piece: Piece


@dataclass(frozen=True, slots=True)
class Version:
    """How a piece read before."""

    said: PieceSaid
    written_at: datetime


def rules_of(organisation_id: int) -> CpdRules | None:
    """Return the rule set of the regulator in the scheme in force; None where it has none. One query."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return scheme.pack.cpd_rules if scheme else None


def my_cpd(person_id: int) -> MyCpd:
    """Load somebody's CPD record, years and completions included: five queries."""
    person, today = people.get_person(person_id), clock.today()
    rules = rules_of(person.organisation_id)
    pieces = pieces_of([person_id])[person_id]
    years = years_in(pieces, today, rules) if rules else []
    return MyCpd(
        rules,
        is_registered=person.registered_on is not None and person.registered_on <= today,
        years=tuple(standing_in(year, duty_in(year, rules), pieces) for year in years) if rules else (),
        attended=tuple(attended_by(person_id, pieces)),
        pieces=tuple(pieces),
    )


def standing_now(person_id: int) -> Standing | None:
    """Return how somebody stands in this registration year; None for whom there is no rule. Three queries."""
    person, today = people.get_person(person_id), clock.today()
    rules = rules_of(person.organisation_id)
    if rules is None or person.registered_on is None or person.registered_on > today:
        return None
    year = year_of(today, rules)
    duty = duty_in(year, rules)
    return standing_in(year, duty, pieces_of([person_id])[person_id]) if duty else None


def find_piece(person_id: int, number: int) -> Piece | None:
    """Return one of somebody's own pieces, or None. One query."""
    found = _pieces(CpdRecord.person_id == person_id, CpdRecord.number == min(number, LARGEST_ID))
    return found[0][1] if found else None


def versions_of(person_id: int, number: int) -> list[Version]:
    """List how a piece read before, the latest first. One query."""
    wanted = (
        select(*SAID, CpdRecord.recorded_at)
        .where(CpdRecord.person_id == person_id, CpdRecord.number == number, CpdRecord.superseded_at.is_not(None))
        .order_by(CpdRecord.id.desc())
    )
    return [Version(PieceSaid(*row[:5]), row[5]) for row in db.session.execute(wanted)]


def shared_with(reader_id: int, organisation_id: int) -> list[Shared]:
    """List the pieces that those whom somebody manages today have shared with her, the latest first. Two queries.

    What was shared with a former manager stays with nobody until it is shared again.
    """
    team = {each.id: each for each in people.team_of(reader_id, organisation_id, clock.today())}
    found = _pieces(CpdRecord.person_id.in_(team), CpdSharing.shared_with_id == reader_id)
    shared = [Shared(team[person_id], piece) for person_id, piece in found]
    return sorted(shared, key=lambda each: (each.piece.said.happened_on, each.piece.number), reverse=True)


def find_shared(reader_id: int, organisation_id: int, person_id: int, number: int) -> Shared | None:
    """Return one piece that is shared with the reader, or None. Two queries."""
    found = shared_with(reader_id, organisation_id)
    return next((each for each in found if (each.person.id, each.piece.number) == (person_id, number)), None)


def pieces_of(person_ids: Collection[int], since: date = date.min) -> dict[int, list[Piece]]:
    """Read people's pieces from a day on, the latest first. One query."""
    found: dict[int, list[Piece]] = defaultdict(list)
    for person_id, piece in _pieces(CpdRecord.person_id.in_(person_ids), CpdRecord.happened_on >= since):
        found[person_id].append(piece)
    return found


def name_of(person_id: int | None) -> str:
    """Return the name of whoever a piece is shared with."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or "" if person_id else ""


SAID = (CpdRecord.cpd_type, CpdRecord.description, CpdRecord.happened_on, CpdRecord.learnt, CpdRecord.impact)


def _pieces(*conditions: ColumnElement[bool]) -> list[tuple[int, Piece]]:
    """Read pieces as they stand now, each with whose it is, the latest first. One query."""
    talk = aliased(PeerReflection)
    wanted = (
        select(
            CpdRecord.person_id,
            CpdRecord.number,
            CpdRecord.record_fact_id,
            CpdSharing.shared_with_id,
            *SAID,
            talk.peer,
            talk.discussed_on,
            talk.learnt,
            talk.with_whom,
        )
        .outerjoin(talk, and_(_same_piece(talk), talk.superseded_at.is_(None)))
        .outerjoin(CpdSharing, and_(_same_piece(CpdSharing), CpdSharing.superseded_at.is_(None)))
        .where(CpdRecord.superseded_at.is_(None), *conditions)
        .order_by(CpdRecord.happened_on.desc(), CpdRecord.number.desc())
    )
    return [
        (
            person_id,
            Piece(
                number,
                PieceSaid(*rest[:5]),
                PeerTalk(*rest[5:]) if rest[5] is not None else None,
                record_fact_id=fact_id,
                shared_with_id=shared_with_id,
            ),
        )
        for person_id, number, fact_id, shared_with_id, *rest in db.session.execute(wanted)
    ]


def _same_piece(table: type[PeerReflection | CpdSharing]) -> ColumnElement[bool]:
    return and_(table.person_id == CpdRecord.person_id, table.number == CpdRecord.number)


def attended_by(person_id: int, pieces: Collection[Piece]) -> list[Attended]:
    """List completions and learning from elsewhere on which no piece rests, the latest first. Two queries.

    A corrected one is still the same.
    """
    used = {piece.record_fact_id for piece in pieces}
    entries = [
        each.entry
        for each in said_of(person_id)
        if each.entry.kind in DRAFTED_FROM
        and each.entry.is_in_force
        and used.isdisjoint({each.entry.id, *(before.id for before in each.before)})
    ]
    titles = _titles({each.subject for each in entries if each.kind is FactKind.COMPLETED})
    return [Attended(each.id, titles.get(each.subject, each.subject), each.happened_on) for each in entries]


def _titles(codes: Collection[str]) -> dict[str, str]:
    """Read what modules are called, another council's too (W-18)."""
    wanted = select(Module.code, Module.number_label, Module.title).where(Module.code.in_(codes))
    rows = db.session.execute(wanted)
    return {code: ": ".join(part for part in (label, title) if part) or code for code, label, title in rows}
