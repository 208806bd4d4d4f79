"""What is still ahead of people and can put a criterion in hand: bookings, expected credits, pending decisions.

Each source answers for any number of people in one query. The parts of progression above this one add theirs
(`add_source`): what is handed in and not yet looked at, and what a panel has yet to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import and_, bindparam, select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue.models import Module, Programme, ProgrammeElement
from cpd.requirements.record import Fact, FactKind
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.study.credits.service import expected_facts
from cpd.timetable.models import TrainingSession

Facts = Mapping[int, list[Fact]]


def facts_ahead(person_ids: Collection[int]) -> Facts:
    """Return what is ahead of people by person: as many queries as there are sources, whoever they are."""
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for source in SOURCES:
        for person_id, found in source(person_ids).items():
            if found:
                facts[person_id] += found
    return facts


def booked_facts(person_ids: Collection[int]) -> Facts:
    """Return the places that people have on sessions that are to come: done once they attend (AMB-23). One query.

    As `cpd.booking.facts.fact_ahead`, with the programme, so that a workshop that is booked counts as one of eight.
    """
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    rows = db.session.execute(_BOOKED, {"person_ids": list(person_ids)})
    for person_id, code, programme, booking_id, session_id, ends_at in rows:
        facts[person_id].append(
            Fact(
                FactKind.COMPLETED,
                code,
                in_london(ends_at).date(),
                happened_at=ends_at,
                programme=programme or "",
                ahead=True,
                reference=f"booking:{booking_id}",
                session_id=session_id,
            )
        )
    return facts


_PROGRAMME = (
    select(Programme.code)
    .join(ProgrammeElement, ProgrammeElement.programme_id == Programme.id)
    .where(ProgrammeElement.module_id == Module.id)
    .order_by(Programme.withdrawn_at.is_not(None), Programme.id)
    .limit(1)
    .correlate(Module)
    .scalar_subquery()
)
_BOOKED = (
    select(Booking.person_id, Module.code, _PROGRAMME, Booking.id, TrainingSession.id, TrainingSession.ends_at)
    .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
    .join(Module, Module.id == TrainingSession.module_id)
    .where(
        Booking.person_id.in_(bindparam("person_ids", expanding=True)),
        Booking.status == Status.CONFIRMED,
        and_(TrainingSession.status == "published", Booking.attended.is_(None)),
    )
)
"""Put together once: the places that count as in hand for every standing."""

SOURCES: list[Callable[[Collection[int]], Facts]] = [booked_facts, expected_facts]


def add_source(source: Callable[[Collection[int]], Facts]) -> Callable[[Collection[int]], Facts]:
    """Ask one more part of progression what is still ahead of people; for a decorator."""
    SOURCES.append(source)
    return source
